"""A source is added at the desk, from a page on loopback."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.shells import serve
from tests.watcher.web.conftest import csrf, press, read
from watcher.config.load import load

Looking = Callable[[], TestClient]
ROWS = [{"licence": f"L-{number}", "holder": f"Firm {number}", "status": "active"} for number in range(12)]


@pytest.fixture
def register(kept: Any) -> str:
    """The address of a register on loopback."""
    kept.check()
    kept.site.page("/register", ROWS)
    return str(kept.site.url("/register"))


def test_a_source_is_proposed_and_written(register: str, looking: Looking, folder: Path) -> None:
    browser = looking()
    shown = press(browser, "/add", "/add", url=register)
    assert "Firm 3" in shown.text
    assert "licence" in shown.text
    form = shown.text.partition('action="/add/')[2].partition('"')[0]
    answer = browser.post(f"/add/{form}", data={"csrf": csrf(shown.text)})
    assert answer.status_code == 303
    assert load(folder / "watch.toml").sources["register"].url == register
    assert read(browser, answer.headers["location"]).select_one("h1").text == "register"
    assert browser.post(f"/add/{form}", data={"csrf": csrf(shown.text)}).status_code == 409


def test_the_address_guard_holds(register: str, kept: Any, looking: Looking, folder: Path) -> None:
    file = folder / "watch.toml"
    file.write_text(file.read_text().replace('"allow"', '"refuse"'))
    asked = len(kept.site.requests)
    answer = press(looking(), "/add", "/add", url=register)
    assert answer.status_code == 400
    assert "private" in answer.text
    assert len(kept.site.requests) == asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "/etc/passwd",
        "javascript:alert(1)",
        "http://[",
        "x" * 3000,
        "http://a\0b/",
        "http://127.0.0.1:1/",
    ],
)
def test_what_is_no_address_is_refused(kept: Any, looking: Looking, url: str) -> None:
    kept.check()
    answer = press(looking(), "/add", "/add", url=url)
    assert (answer.status_code, "root:" in answer.text) == (400, False)
    assert 'role="alert"' in answer.text


def test_a_page_that_a_script_fills_is_not_offered_as_the_word_loading(
    kept: Any, looking: Looking, folder: Path
) -> None:
    kept.check()
    file = folder / "watch.toml"
    file.write_text(file.read_text() + '[browser]\ncommand = "there-is-none"\n')
    shown = press(looking(), "/add", "/add", url=serve(kept.site, "header and root", "/shell"))
    assert "only JavaScript would fill" in shown.text
    assert 'action="/add/' not in shown.text


def test_a_text_that_moves_at_each_look_is_shown_with_what_moved_and_not_written(kept: Any, looking: Looking) -> None:
    kept.check()
    looks = count()
    kept.site.page("/quotes", lambda _: f"<h1>Quote of the minute</h1><p>{'abcdefgh'[next(looks)] * 60}</p>")
    shown = press(looking(), "/add", "/add", url=kept.site.url("/quotes"))
    assert f"“{'a' * 60}” → “{'b' * 60}”" in shown.text
    assert "It would change at each check, so it is not written from here" in shown.text
    assert 'action="/add/' not in shown.text


def test_a_page_without_entries_says_so(kept: Any, looking: Looking) -> None:
    kept.check()
    kept.site.page("/empty", b"", headers={"Content-Type": "text/plain"})
    assert 'role="alert"' in press(looking(), "/add", "/add", url=kept.site.url("/empty")).text


def test_a_file_that_may_not_be_written_is_left_as_it_is(
    register: str, looking: Looking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.web.pages.add._may_write", lambda _: False)
    before, shown = (folder / "watch.toml").read_bytes(), press(looking(), "/add", "/add", url=register)
    assert "copy the lines" in shown.text
    assert 'action="/add/' not in shown.text
    assert (folder / "watch.toml").read_bytes() == before


def test_a_site_that_does_not_answer_is_given_up(
    kept: Any, looking: Looking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.check()
    kept.site.silent("/register")
    monkeypatch.setattr("watcher.web.pages.add.LONGEST", 0.5)
    answer = press(looking(), "/add", "/add", url=kept.site.url("/register"))
    assert answer.status_code == 400
    assert "took more than 0.5 s" in answer.text


def test_a_page_is_proposed_where_the_time_for_further_ones_is_over(
    register: str, kept: Any, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_: Any) -> Any:
        asked.append("")
        return ROWS if len(asked) == 1 else kept.site.closing.wait(5) or ROWS

    kept.site.page("/register", answer)
    monkeypatch.setattr("watcher.web.pages.add.LONGEST", 2)
    assert "Firm 3" in press(looking(), "/add", "/add", url=register).text
    assert len(asked) > 1


def test_a_form_to_search_is_asked_for_what_is_said_at_the_desk(kept: Any, looking: Looking) -> None:
    kept.check()
    kept.site.page("/search", "<h1>Search</h1><form action=/found><input name=q title='Name of the firm'></form>")
    kept.site.page("/found", lambda asked: ROWS if asked.query == {"q": "firm"} else "nothing")
    browser = looking()
    without = press(browser, "/add", "/add", url=kept.site.url("/search"))
    assert "is a form to search (Name of the firm): say what for" in without.text
    shown = press(browser, "/add", "/add", url=kept.site.url("/search"), search=" firm ")
    assert "/found?q=firm" in shown.text
    assert "Firm 3" in shown.text
