"""The pages about entries."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.watcher.web.conftest import read
from watcher.web.desk import Desk

Looking = Callable[[], TestClient]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>\u202e\u200bevil"


def _titles(browser: TestClient, address: str) -> list[str]:
    return [link.text for link in read(browser, address).select("a.title")]


def test_entries_are_searched_over_all_sources(kept: Any, looking: Looking) -> None:
    kept.configure(more=f'[sources.other]\nkind = "json"\nurl = "{kept.site.url("/other")}"\nitems = "@"\nkey = "name"')
    kept.site.page("/other", [{"name": "Telegram FZ-LLC", "city": "Dubai"}])
    kept.check("--source", "list")  # first: entries stand in the order in which they were stored
    kept.check()
    browser = looking()
    assert _titles(browser, "/entries") == ["Telegram FZ-LLC", "Telegram"]
    assert _titles(browser, "/entries?find=telegram") == ["Telegram FZ-LLC", "Telegram"]
    assert _titles(browser, "/entries?find=TELEGR+dub") == ["Telegram FZ-LLC"]
    assert _titles(browser, "/entries?find=telegram&source=list") == ["Telegram"]
    assert _titles(browser, "/entries?find=nothing") == _titles(browser, "/entries?source=nothing") == []


def test_more_entries_are_a_page_away(kept: Any, looking: Looking) -> None:
    kept.show("A", *(f"Firm {number}" for number in range(119)))
    kept.check()
    browser = looking()
    for address in ("/entries", "/entries?source=list", "/entries?find=none&present=1"):
        titles, there = list[str](), address
        while there:
            page = read(browser, there)
            titles += [link.text for link in page.select("a.title")]
            more = page.select_one("a[rel=next]")
            there = more["href"] if more else ""
        assert len(titles) == len(set(titles)) >= 119


def test_an_entry_is_shown_with_its_history(kept: Any, looking: Looking) -> None:
    for branch in ("A", "B", "C"):
        kept.show(branch)
        kept.check()
    browser = looking()
    link = read(browser, "/entries").select_one("a.title")["href"]
    page = read(browser, link)
    assert [each.text for each in page.select("del")] == ["B", "A"]
    assert [each.text for each in page.select("ins")] == ["C", "B"]
    change = read(browser, page.select_one(".changes a.title")["href"])
    assert len(read(browser, change.select_one("dd code + a")["href"]).select(".change")) == 2


def test_text_from_a_source_is_text(kept: Any, looking: Looking) -> None:
    kept.site.page("/list", [{"name": HOSTILE, HOSTILE: HOSTILE, "long": "x" * 10_000}])
    kept.check()
    browser = looking()
    link = read(browser, "/entries").select_one("a.title")["href"]
    for address in ("/entries", "/entries?find=evil", link):
        page = read(browser, address)
        assert len(page.select("script")) == 1
        assert not page.select("img, [onerror]")
        assert "\u202e" not in str(page)
    assert len(str(read(browser, "/entries"))) < 10_000


@pytest.mark.parametrize("text", ["x" * 500, "«»", "\u202e\u200b", "%00", '"', "' OR 1=1", "🙂"])
def test_odd_words_are_looked_for(kept: Any, looking: Looking, text: str) -> None:
    kept.check()
    assert looking().get("/entries", params={"find": text}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/entries/999", 404),
        ("/entries/99999999999999999999", 422),
        ("/entries/abc", 422),
        ("/entries?below=-1", 422),
        (f"/entries?find={'x' * 10_000}", 400),
    ],
)
def test_a_bad_address_is_a_plain_page(browser: TestClient, address: str, status: int) -> None:
    answer = browser.get(address)
    assert (answer.status_code, "<h1>" in answer.text, "Traceback" in answer.text) == (status, True, False)


def test_until_the_index_is_ready_the_page_says_so(kept: Any, looking: Looking) -> None:
    kept.check()
    browser = looking()
    desk: Desk = browser.app.state.desk  # type: ignore[attr-defined]
    assert desk.search is not None
    desk.search.is_ready = False
    assert "is being built: 1 entry so far" in read(browser, "/entries").get_text()


def test_a_server_without_an_index_says_so(browser: TestClient) -> None:
    assert "keeps no index" in read(browser, "/entries?find=x").get_text()


def test_an_entry_has_a_line_of_time_with_what_others_saw_and_what_nobody_knows(
    kept: Any, looking: Looking, folder: Path
) -> None:
    (folder / "pages").mkdir()
    for name, branch in (("2019-04-13", "A"), ("2020-06-01", "B"), ("b-2020-06-01", "C")):
        (folder / "pages" / f"{name}.json").write_text(json.dumps([{"name": "Telegram", "branch": branch}]))
    assert kept.run("past", "list", "--folder", "pages").code == 0
    kept.show("D")
    kept.check()
    kept.site.page("/list", "", status=500)
    kept.check()
    browser = looking()
    line = read(browser, read(browser, "/entries").select_one("a.title")["href"]).select("ol.life > li")
    assert [each["class"] for each in line] == [
        ["change", "first", "others"],
        ["change", "changed", "others"],
        ["change", "changed", "others"],
        ["change", "first"],
        ["change", "unknown"],
    ]
    assert "seen by others: a folder of saved pages 2020-06-01.json" in line[1].text
    assert [place for place, each in enumerate(line) if "another witness says otherwise" in each.text] == [2]
    then = read(browser, "/sources/list/past?at=2020-07-01")
    assert ["otherwise" in each.text for each in then.select(".change.others")].count(True) == 1


def test_an_own_first_value_that_others_had_seen_does_not_date_from_after_them(
    kept: Any, looking: Looking, folder: Path
) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "2019-04-13.json").write_text(json.dumps([{"name": "Telegram", "branch": "A"}]))
    assert kept.run("past", "list", "--folder", "pages").code == 0
    kept.show("A")
    kept.check()
    browser = looking()
    others, own = read(browser, read(browser, "/entries").select_one("a.title")["href"]).select("ol.life > li")
    assert ("or before" in others.text, "or before" in own.text, "between" in own.text) == (True, True, False)
