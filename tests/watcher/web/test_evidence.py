"""Evidence at the desk: the chain, verifying it, a change's pages in frames, and its proof."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.watcher.web.conftest import press, read

Looking = Callable[[], TestClient]


@pytest.fixture
def proven(kept: Any) -> Any:
    """A baseline, and a change (#2) whose pages are kept."""
    kept.check()
    kept.show("<script>alert(1)</script>")
    kept.check()
    return kept


def test_the_evidence_is_verified_on_demand(proven: Any, looking: Looking) -> None:
    browser = looking()
    assert press(browser, "/evidence", "/evidence/verify").status_code == 303
    page = " ".join(read(browser, "/evidence").get_text().split())
    assert "Yes: all is as it was written. 7 records, 1 file" in page
    assert "token verify evidence" in page


def test_evidence_that_was_edited_is_named(proven: Any, looking: Looking) -> None:
    file = proven.files[0]
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    browser = looking()
    press(browser, "/evidence", "/evidence/verify")
    page = read(browser, "/evidence").get_text()
    assert "No: 1 problem" in page
    assert file.name in page


def test_more_evidence_than_a_page_may_wait_for_is_left_to_the_command(
    proven: Any, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = looking()
    form = {"csrf": read(browser, "/").select_one("input[name=csrf]")["value"]}
    monkeypatch.setattr("watcher.web.pages.evidence.MOST_BYTES", 10)
    assert "run watch verify" in read(browser, "/evidence").get_text()
    assert browser.post("/evidence/verify", data=form).status_code == 400


def test_the_pages_of_a_change_are_text_in_frames_without_scripts(proven: Any, looking: Looking) -> None:
    browser = looking()
    frames = read(browser, "/changes/2").select("iframe")
    assert [list(frame["sandbox"]) for frame in frames] == [[], []]
    before, after = (browser.get(frame["src"]) for frame in frames)
    assert '"branch": "A"' in before.text
    assert "<script>alert(1)</script>" in after.text
    for answer in (before, after):
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def turn_pages(kept: Any, branch: str) -> None:
    """A table on three pages; the row of Telegram stands on the last one."""
    for page in range(3):
        rows = [f"<tr><td>Firm {page}{number}<td>none" for number in range(30)]
        rows += [f"<tr><td>Telegram<td>{branch}<tr><td>Telegram Desk<td>none"] if page == 2 else []
        following = f'<a class="next" href="/list-{page + 1}">next</a>' if page < 2 else ""
        body = f"<p>Telegram is not on this page<table><tr><th>name<th>branch{''.join(rows)}</table>{following}"
        kept.site.page("/list" if not page else f"/list-{page}", body, type="text/html")


def test_the_page_of_the_row_that_changed_comes_first_and_the_row_is_marked(
    kept: Any, looking: Looking, watch: Callable[..., Any], folder: Path
) -> None:
    kept._configure(
        f'[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[sources.list]\nkind = "table"\n'
        f'key = "name"\nnext = "a.next"\nurl = "{kept.site.url("/list")}"\n'
    )
    for branch in ("not met", "under approval"):
        turn_pages(kept, branch)
        assert kept.check()["status"] in {"baseline", "ok"}
    browser = looking()
    for side, branch in (("before", "not met"), ("after", "under approval")):
        said = browser.get(f"/changes/2/page/{side}").text.splitlines()
        assert said[0] == kept.site.url("/list-2")
        assert [line.split() for line in said if line.startswith(">>> ")] == [[">>>", "Telegram", *branch.split()]]
    assert watch("evidence", "2", "--out", "proof").code == 0
    proof = folder / "proof"
    assert ">>> Telegram" in (proof / "page-after-1.txt").read_text("utf-8-sig")
    assert b"under approval" in (proof / "page-after-1.html.txt").read_bytes()
    page = (proof / "proof.html").read_text()
    assert page.index("page-after-1.txt") < page.index("page-after-2.txt")
    assert watch("verify", "proof").code == 0


def test_a_row_far_down_a_page_is_shown(kept: Any, looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.web.pages.changes.LONGEST", 1_000)
    kept.check()
    more = [f"Firm {number}" for number in range(100)]
    for branch in ("A", "B"):
        kept.site.page(
            "/list", [*({"name": name, "branch": ""} for name in more), {"name": "Telegram", "branch": branch}]
        )
        kept.check()
    said = looking().get("/changes/102/page/after").text
    assert '>>>   "name": "Telegram"' in said


def test_a_proof_is_downloaded(proven: Any, looking: Looking, watch: Callable[..., Any], folder: Path) -> None:
    answer = looking().get("/changes/2/proof.zip")
    assert answer.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"proof-2/proof.html", "proof-2/pages.warc.gz", "proof-2/chain.jsonl"} <= set(names)
    (folder / "proof.zip").write_bytes(answer.content)
    assert watch("verify", "proof.zip").code == 0


def test_a_page_in_another_encoding_is_read(kept: Any, looking: Looking) -> None:
    kept.configure(source='encoding = "windows-1251"')
    kept.check()
    body = '[{"name": "Telegram", "branch": "согласовано"}]'.encode("windows-1251")
    kept.site.page("/list", body, headers={"Content-Type": "application/json; charset=windows-1251"})
    kept.check()
    assert "согласовано" in looking().get("/changes/2/page/after").text


def test_a_page_that_is_too_large_for_a_frame_is_left_to_the_proof(
    proven: Any, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.web.pages.changes.MOST_SHOWN", 10)
    assert "too large" in looking().get("/changes/2/page/after").text
    monkeypatch.setattr("watcher.web.pages.evidence.MOST_PACKED", 10)
    assert looking().get("/changes/2/proof.zip").status_code == 413


def test_one_proof_is_packed_at_once_and_none_of_pages_that_unpack_to_too_much(
    proven: Any, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = looking()
    turns = browser.app.state.desk.proof_turns  # type: ignore[attr-defined]  # of the application
    monkeypatch.setattr("watcher.web.desk._WAIT", 0.01)
    with turns:
        for path in ("/changes/2/proof.zip", "/api/v1/changes/2/proof.zip"):
            assert browser.get(path).status_code == 503
    assert browser.get("/changes/2/proof.zip").status_code == 200
    records = 20_000
    monkeypatch.setattr("watcher.web.pages.evidence.MOST_PACKED", records)
    proven.site.page("/list", [{"name": "Telegram", "branch": "a" * 2 * records}])
    proven.check()
    assert browser.get("/changes/3/proof.zip").status_code == 413
    assert browser.get("/api/v1/changes/3/proof.zip").status_code == 413


def test_a_page_that_is_gone_is_said_to_be(proven: Any, looking: Looking) -> None:
    browser = looking()
    proven.files[0].unlink()
    assert "missing" in browser.get("/changes/2/page/after").text
    assert browser.get("/changes/2/proof.zip").status_code == 409


@pytest.mark.parametrize("address", ["/changes/9/page/after", "/changes/9/proof.zip", "/changes/1/proof.zip"])
def test_what_has_no_proof_is_not_found(proven: Any, looking: Looking, address: str) -> None:
    assert looking().get(address).status_code == 404


def test_a_state_without_evidence_says_so(browser: TestClient) -> None:
    assert "no table [evidence]" in read(browser, "/evidence").get_text()
