"""Which pages are kept as evidence, and with which facts."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import ssl
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import self_signed


def kinds(kept: Any) -> list[str]:
    return [head["WARC-Type"] for head, _, _ in kept.records()]


CAPTURE = ["response", "request", "metadata"]


def test_without_the_table_nothing_is_kept(kept: Any) -> None:
    kept.configure(evidence="")
    kept.check()
    kept.show("B")
    assert kept.check()["status"] == "ok"
    assert not kept.folder.exists()


def test_a_baseline_and_each_change_are_kept_and_nothing_else(kept: Any) -> None:
    assert [kept.check()["status"], kept.check()["status"]] == ["baseline", "unchanged"]
    assert kinds(kept) == ["warcinfo", *CAPTURE]
    kept.show("B")
    kept.check()
    kept.site.page(
        "/list", '[ {"name": "Telegram",  "branch": "B"} ]', type="application/json"
    )  # other bytes, same entries
    assert kept.check()["status"] == "unchanged"
    assert kinds(kept) == ["warcinfo", *CAPTURE, *CAPTURE]


def test_a_capture_holds_the_very_bytes_and_says_what_changed(kept: Any) -> None:
    kept.check()
    kept.show("B", headers={"X-Odd-Spelling": "as it CAME"})
    (change,) = kept.check()["changes"]
    head, http, body = kept.records("response")[-1]
    assert body == b'[{"name": "Telegram", "branch": "B"}]'
    assert http.startswith("HTTP/1.1 200 OK\r\n")
    assert "X-Odd-Spelling: as it CAME" in http
    assert head["WARC-Payload-Digest"] == f"sha256:{sha256(body).hexdigest()}"
    assert head["WARC-IP-Address"] == "127.0.0.1"
    told = kept.told()[-1]
    (said,) = told["changes"]
    assert (said["id"], said["fields"]) == (change["id"], {"branch": {"before": "A", "after": "B"}})


def test_a_capture_says_what_the_check_before_it_showed(kept: Any) -> None:
    kept.check()
    kept.check()
    first, _, _ = kept.records("response")[0]
    kept.show("B")
    kept.check()
    before = kept.told()[-1]["before"]
    assert (before["entries"], before["pages"][0]["record"]) == (1, first["WARC-Record-ID"])
    assert before["checked"] > before["pages"][0]["fetched"]  # the second check found the first one's page again


def test_the_page_before_is_kept_where_it_was_not_yet(kept: Any) -> None:
    kept.configure(evidence="")
    kept.check()
    kept.configure()
    kept.show("B")
    kept.check()
    ((head, _, body),) = kept.records("resource")
    assert b'"branch": "A"' in body
    assert kept.told()[-1]["before"]["pages"][0]["record"] == head["WARC-Record-ID"]


def test_a_page_that_comes_again_is_a_revisit(kept: Any) -> None:
    for branch in "ABA":
        kept.show(branch)
        kept.check()
    assert kinds(kept) == ["warcinfo", *CAPTURE, *CAPTURE, "revisit", "request", "metadata"]
    first, _, _ = kept.records("response")[0]
    revisit, http, body = kept.records("revisit")[0]
    assert (revisit["WARC-Refers-To"], body) == (first["WARC-Record-ID"], b"")
    assert http.startswith("HTTP/1.1 200 OK")


def test_a_packed_body_stays_packed(kept: Any) -> None:
    packed = gzip.compress(b'[{"name": "Telegram", "branch": "A"}]')
    kept.site.page("/list", packed, type="application/json", headers={"Content-Encoding": "gzip"})
    kept.check()
    ((_, http, body),) = kept.records("response")
    assert (body, "Content-Encoding: gzip" in http) == (packed, True)
    assert kept.told()[0]["pages"][0]["sha256"] == sha256(gzip.decompress(packed)).hexdigest()


def test_chunks_are_joined_and_that_is_said(kept: Any) -> None:
    body = b'[{"name": "Telegram", "branch": "A"}]'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    kept.site.raw("/list", head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
    kept.check()
    ((_, http, found),) = kept.records("response")
    assert (found, "X-Archive-Orig-Transfer-Encoding: chunked" in http) == (body, True)
    assert "Transfer-Encoding" in kept.told()[0]["pages"][0]["altered"][0]


def test_a_page_that_is_not_believed_is_kept_with_the_reason(kept: Any) -> None:
    kept.show("A", *(f"Company {number}" for number in range(30)))
    kept.check()
    kept.show("A")
    assert kept.check()["status"] == "suspicious"
    told = kept.told()[-1]
    assert (told["kind"], told["doubt"]["reason"], told["changes"]) == ("suspicious", "mass_loss", [])
    kept.check()  # the very same page: it is held already
    assert len(kept.told()) == 2


def test_an_accepted_snapshot_says_which_capture_was_its_own(kept: Any) -> None:
    kept.show("A", *(f"Company {number}" for number in range(30)))
    kept.check()
    kept.show("A")
    kept.check()
    assert kept.run("accept", "list", "--yes", kept.held()).code == 0
    told = kept.told()[-1]
    assert (told["kind"], told["same_as"], len(told["changes"])) == ("changed", 2, 30)
    assert told["pages"][0]["record"] == kept.records("response")[-1][0]["WARC-Record-ID"]


def test_those_that_mention_an_entity_are_in_files_of_their_own(kept: Any) -> None:
    kept.configure(more='[entities.telegram]\nnames = ["Telegram"]')
    kept.check()
    kept.show("A", "Other")
    kept.check()
    assert [re.sub(r"[0-9a-f]{8}", "…", file.name[11:]) for file in kept.files] == ["…-mentions.warc.gz", "….warc.gz"]
    assert b'"Other"' in kept.records("response")[-1][2]
    assert b'"Telegram"' in kept.records("resource")[-1][2]  # the page before: each file can be read alone


def test_no_secret_is_written(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2hunter2")
    kept.configure(source='headers = {"X-Api-Key" = "${TOKEN}", "X-Plain" = "seen"}\nauth = "desk:${TOKEN}"')
    body = gzip.compress(b'[{"name": "Telegram", "branch": "you sent hunter2hunter2"}]')
    page = {"Content-Encoding": "gzip", "Set-Cookie": "session=12345", "X-Echo": "hunter2hunter2"}
    kept.site.page("/list", body, type="application/json", headers=page)
    kept.check()
    whole = b"".join(gzip.decompress(file.read_bytes()) for file in kept.files)
    assert b"hunter2" not in whole
    assert b"session=12345" not in whole
    assert b"X-Plain: seen" in whole
    assert [b"you sent ${TOKEN}" in payload for _, _, payload in kept.records("response")] == [True]
    assert len(kept.told()[0]["pages"][0]["altered"]) >= 4


@pytest.fixture
def certified(tmp_path: Path) -> Path:
    """A self-signed certificate for localhost, with its key in the same file."""
    made = self_signed(tmp_path, "/CN=localhost/O=The Register")
    if made is None:
        pytest.skip("the openssl command is not installed")
    return made


def test_the_certificates_are_kept_once_a_day(kept: Any, new_site: Callable[..., Any], certified: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certified)
    kept.site = new_site(context)
    url = kept.site.url("/list").replace("127.0.0.1", "localhost")
    kept.configure(source=f'ca_file = "{certified}"')
    text = Path("watch.toml").read_text()
    Path("watch.toml").write_text(text.replace(kept.site.url("/list"), url))
    for branch in "AB":
        kept.show(branch)
        kept.check()
    pem = [(head, body) for head, _, body in kept.records("metadata") if "pem" in head["Content-Type"]]
    ((head, body),) = pem
    assert (
        body.decode().strip()
        == re.search(r"-----BEGIN CERT.*?END CERTIFICATE-----", certified.read_text(), re.DOTALL)[0]
    )
    tls = [told["pages"][0]["tls"] for told in kept.told()]
    assert [each["certificates"] for each in tls] == [head["WARC-Record-ID"]] * 2
    assert tls[0]["version"].startswith("TLS")


def test_what_it_says_of_redirects(kept: Any) -> None:
    kept.site.redirect("/old", "/list")
    kept.configure(source="")
    text = Path("watch.toml").read_text()
    Path("watch.toml").write_text(text.replace('/list"', '/old"'))
    kept.check()
    (page,) = kept.told()[0]["pages"]
    assert (page["url"], page["redirects"]) == (kept.site.url("/list"), [{"url": kept.site.url("/old"), "status": 302}])


def test_where_nothing_can_be_written_the_alert_goes_out_without_a_proof(kept: Any) -> None:
    kept.check()
    shutil.rmtree(kept.folder)
    kept.folder.write_text("in the way")
    kept.show("B")
    ran = kept.run("--once", "--json")
    assert ran.code == 0
    assert '"before": "A"' in ran.out
    assert "evidence cannot be kept" in ran.err


def test_the_operator_is_told_once_that_nothing_can_be_kept_and_when_it_can_be_again(kept: Any) -> None:
    hook = kept.site.url("/ops").replace("http", "json")
    kept.site.page("/ops")
    kept.configure(more=f'[channels.ops]\nurl = "{hook}"\n[[alerts]]\nhealth = true\nto = ["ops"]')
    kept.check()
    shutil.rmtree(kept.folder)
    kept.folder.write_text("in the way")
    for branch in "BC":
        kept.show(branch)
        kept.check()
    kept.folder.unlink()
    kept.show("D")
    kept.check()
    told = [json.loads(each.body) for each in kept.site.requests if each.path == "/ops"]
    titles = [each["title"].partition(" after ")[0] for each in told]
    assert titles[0].startswith("FAILING: evidence cannot be kept: ")
    assert titles[1:] == ["RECOVERED: evidence can be kept again"]
    assert f"{kept.folder}: File exists" in told[0]["message"]
    assert "Changes are alerted all the same, without a proof." in told[0]["message"]


def test_where_no_folder_is_named_it_is_beside_the_state(
    configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    from watcher.config.load import load

    (folder / "elsewhere").mkdir()
    configure(f'state = "sqlite:///{folder}/elsewhere/state.db"\n[evidence]\n', "conf/watch.toml")
    evidence = load(folder / "conf" / "watch.toml").evidence
    assert evidence is not None
    assert evidence.path == folder / "elsewhere" / "evidence"
    configure('[evidence]\nfolder = "pages"\n', "conf/watch.toml")
    evidence = load(folder / "conf" / "watch.toml").evidence
    assert evidence is not None
    assert evidence.path == folder / "conf" / "pages"


def test_a_rule_that_attaches_what_is_not_kept_is_warned_of(kept: Any) -> None:
    rule = '[channels.ops]\nurl = "json://127.0.0.1:1/"\n[[alerts]]\nto = ["ops"]\nattach = true\n[[alerts]]\nhealth = true\nto = ["ops"]'
    kept.configure(evidence="", more=rule)
    assert "alerts #1.attach: nothing is kept that could be attached" in kept.run("check-config").err
    kept.configure(more=rule)
    assert "attach" not in kept.run("check-config").err
    kept.configure(evidence='[evidence]\nkeep = "1h"\nmax_sise = 1')
    err = kept.run("check-config").err
    assert 'evidence.keep: has to be at least "1d"' in err
    assert 'evidence.max_sise: is not an option here; did you mean "max_size"?' in err
