"""The pages about changes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from state.errors import StateError
from state.model import Event
from tests.watcher.web.conftest import csrf
from watcher.web.desk import Desk

Changed = Callable[..., Event]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>"


def test_today_shows_what_is_new_and_whom_it_mentions(browser: TestClient, changed: Changed) -> None:
    changed("Sable Capital")
    changed("Another Ltd")
    page = BeautifulSoup(browser.get("/").text, "lxml")
    first, second = (part.get_text() for part in page.select("section")[:2])
    assert ("Sable Capital" in first, "Sable Capital" in second) == (True, False)
    assert "Another" not in first
    assert "Another" in second
    assert "Revoked" in second


def test_today_shows_the_last_changes_where_nothing_is_new(browser: TestClient, changed: Changed) -> None:
    for days in range(8, 18):
        changed(f"Firm {days}", hours=24 * days)
    page = BeautifulSoup(browser.get("/").text, "lxml")
    assert [a.text for a in page.select("main a.title")] == [f"Firm {days}" for days in range(8, 13)]
    changed("Another Ltd")
    page = BeautifulSoup(browser.get("/").text, "lxml")
    assert [a.text for a in page.select("main a.title")] == ["Another Ltd"]


def test_an_entry_that_came_with_its_name_alone_has_a_page(browser: TestClient, changed: Changed) -> None:
    event = changed("Another Ltd", change="added", fields={})
    assert "Another Ltd" in browser.get(f"/changes/{event.id}").text


def test_what_was_added_or_removed_is_shown_with_its_fields(browser: TestClient, changed: Changed) -> None:
    for change in ("added", "removed"):
        event = changed(f"{change} Ltd", change=change, fields={}, entry={"Permit": f"{change} 912"})
        for place in ("/", "/changes", f"/changes/{event.id}"):
            text = " ".join(BeautifulSoup(browser.get(place).text, "lxml").get_text(" ").split())
            assert re.search(f"Permit:? {change} 912", text), place


def test_a_change_that_stands_for_many_says_so_wherever_it_is_listed(browser: TestClient, changed: Changed) -> None:
    more = {"count": 389_999, "titles": ["B Ltd"], "fields": []}
    event = changed("A Ltd", change="added", fields={}, more=more)
    said = "and 389,999 more like it"
    assert [said in browser.get(place).text for place in ("/", "/changes")] == [True, True]
    assert "Shown is the first of 390,000 changes of its kind." in browser.get(f"/changes/{event.id}").text


def test_the_filters_narrow_the_log(browser: TestClient, changed: Changed) -> None:
    changed("Sable Capital", hours=30)
    changed("Another Ltd")

    def shown(query: str) -> list[str]:
        return [a.text for a in BeautifulSoup(browser.get(f"/changes?{query}").text, "lxml").select(".title")]

    assert shown("") == ["Another Ltd", "Sable Capital"]
    assert shown("entity=sable") == shown("title=sAbLe") == shown("before=2025-07-14") == ["Sable Capital"]
    assert shown("after=2025-07-14T00:00") == ["Another Ltd"]
    assert shown("change=added") == shown("source=nothing") == shown("authority=report") == []


def test_older_changes_are_a_page_away(browser: TestClient, changed: Changed) -> None:
    for number in range(120):
        changed(f"Firm {number}", hours=number)
    titles, address = [], "/changes"
    while address:
        page = BeautifulSoup(browser.get(address).text, "lxml")
        titles += [a.text for a in page.select(".title")]
        more = page.select_one("a[rel=next]")
        address = more["href"] if more else ""
    assert titles == [f"Firm {number}" for number in range(120)]


def test_a_change_is_handled_by_somebody(browser: TestClient, changed: Changed, desk: Desk) -> None:
    event = changed()
    page = browser.get(f"/changes/{event.id}")
    assert browser.post(f"/changes/{event.id}/handled", data={"csrf": csrf(page.text)}).status_code == 303
    assert "Handled by token" in browser.get(f"/changes/{event.id}").text
    assert len(desk.store.browse.changes().events) == 1
    assert [(action.who, action.what) for action in desk.store.desk.actions()] == [("token", "handled")]


def test_an_entry_without_a_link_has_a_page(browser: TestClient, changed: Changed) -> None:
    assert browser.get(f"/changes/{changed(url=None).id}").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/changes?after=yesterday", 400),
        ("/changes?below=nonsense", 400),
        ("/changes?below=2025-07-14~99999999999999999999", 400),
        ("/changes/999", 404),
        ("/changes/99999999999999999999", 404),
        ("/changes/abc", 422),
        ("/nothing", 404),
    ],
)
def test_a_bad_address_is_a_plain_page(browser: TestClient, address: str, status: int) -> None:
    answer = browser.get(address)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "<h1>" in answer.text


def test_text_from_a_source_is_text(browser: TestClient, changed: Changed) -> None:
    event = changed(HOSTILE, before=HOSTILE, after=HOSTILE, url="javascript:alert(1)", key=HOSTILE)
    for address in ("/", "/changes", f"/changes/{event.id}"):
        page = BeautifulSoup(browser.get(address).text, "lxml")
        assert len(page.select("script")) == 1
        assert not page.select("img, [onerror]")
        assert not [a for a in page.select("a[href]") if a["href"].startswith("javascript:")]


def test_a_state_that_is_locked_is_busy(browser: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise StateError("state.db: locked")

    monkeypatch.setattr(desk.store.browse, "changes", locked)
    answer = browser.get("/changes")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "state.db" not in answer.text


def test_the_desk_shows_the_words_of_a_text_that_changed_and_folds_the_rest(
    browser: TestClient, changed: Changed
) -> None:
    text = "Statement on supervision\n" + "Whoever doubts an entry may ask the registry.\n" * 50
    fields = {"text": {"before": text, "after": text.replace("supervision", "oversight") + "The licence is withdrawn."}}
    event = changed(fields=fields)
    page = BeautifulSoup(browser.get(f"/changes/{event.id}").text, "lxml")
    assert [each.text for each in page.select("del b, ins b")] == [
        "supervision",
        "oversight",
        "The licence is withdrawn.",
    ]
    assert [each.text for each in page.select("table.fields del")] == ["Statement on supervision"]
    page.select_one("details p.whole").extract()
    assert "Whoever doubts" not in page.select_one("table.fields").text
    for address in ("/", "/changes"):
        listed = BeautifulSoup(browser.get(address).text, "lxml").select_one(".change .fields").text
        assert ("oversight" in listed, "withdrawn" in listed, "Whoever" in listed) == (True, True, False)


def test_the_desk_shows_a_paragraph_that_was_moved_as_moved(browser: TestClient, changed: Changed) -> None:
    event = changed(fields={"text": {"before": "Fees.\nTerms.\nScope.", "after": "Terms.\nScope.\nFees."}})
    page = BeautifulSoup(browser.get(f"/changes/{event.id}").text, "lxml").select_one("table.fields td")
    assert not page.select("del, ins")
    assert "moved in the text: Fees." in page.text


def test_who_looks_at_an_added_entry_reads_its_fields_its_text_and_where_it_stands(
    browser: TestClient, changed: Changed
) -> None:
    about = {"change": "added", "fields": {}, "entry": {"Licence": "No. 7"}, "text": "It may take deposits."}
    event = changed(**about, register="https://fca.example/list")
    page = browser.get(f"/changes/{event.id}").text
    for said in ("Licence", "No. 7", "It may take deposits.", 'href="https://fca.example/list"'):
        assert said in page
    assert "Licence: No. 7" in browser.get("/changes").text


FOREIGN = {"title": "<b>Licence revoked</b>", "fields": {}, "text": None, "engine": "LibreTranslate"}


def test_a_translation_is_folded_beside_the_original_for_its_readers(
    browser: TestClient, desk: Desk, changed: Changed
) -> None:
    event = changed("Лицензия отозвана")
    desk.store.translations.tell({event.id: FOREIGN}, "en")
    page = BeautifulSoup(browser.get(f"/changes/{event.id}").text, "lxml")
    folded = page.select_one("details.machine")
    assert folded is not None
    assert folded.get("open") is None
    assert "machine translation (LibreTranslate): <b>Licence revoked</b>" in folded.text
    assert "Лицензия отозвана" in page.select_one("h1").text  # type: ignore[union-attr] - a page has one
    german = browser.get(f"/changes/{event.id}", headers={"Accept-Language": "de"}).text
    assert "LibreTranslate" not in german


def test_a_summary_is_told_by_whom_at_the_desk_and_to_programs(
    browser: TestClient, desk: Desk, changed: Changed
) -> None:
    event, said = changed("Terms"), {"text": "Fees <i>rise</i>.", "engine": "small-7b"}
    desk.store.translations.sum_up({event.id: said}, "en")
    folded = BeautifulSoup(browser.get(f"/changes/{event.id}").text, "lxml").select_one("details.machine")
    assert folded is not None
    assert "summary by small-7b: Fees <i>rise</i>." in folded.text
    (found,) = browser.get("/api/v1/changes").json()["items"]
    assert (found["summary"], "translations" in found) == (said, False)


def test_changes_are_found_by_words_of_their_translation(browser: TestClient, desk: Desk, changed: Changed) -> None:
    event = changed("Лицензия отозвана")
    changed("Другая запись")
    desk.store.translations.tell({event.id: FOREIGN}, "en")
    assert "отозвана" in browser.get("/changes?title=licence+REVOKED").text
    assert "Другая" not in browser.get("/changes?title=licence+revoked").text
    assert "отозвана" not in browser.get("/changes?title=licence+100%25").text
    (found,) = browser.get("/api/v1/changes?title=licence").json()["items"]
    assert found["translations"] == {"en": FOREIGN}
    assert browser.get(f"/api/v1/changes/{event.id}").json()["translations"] == {"en": FOREIGN}
