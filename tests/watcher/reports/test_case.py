"""`watch case`: the story of an entity as text, as JSON and as a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from state.model import Event, EventKind, Mention
from state.storage.discussion import case_subject, change_subject
from state.store import Store
from tests.storing import add_event

Watch = Callable[..., Any]

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
CONFIG = """
timezone = "Europe/Lisbon"
[entities.corvane]
names = ["Corvane Shipping", "Корвейн"]
[entities.ulmus]
names = ["Ulmus"]
[sources.list]
kind = "table"
url = "https://list.example/"
key = "Name"
"""
LABELS = {"list": ("Treasury list", "record"), "wire": ("Tagus Wire", "report"), "daily": ("Harbour Daily", "report"),
          "house": ("Press office", "statement")}  # fmt: skip
LEAD = "The Treasury put the shipping company Corvane on its list of blocked persons on Monday, its notice showed."


@pytest.fixture(autouse=True)
def configured(configure: Callable[..., Path]) -> None:
    configure(CONFIG)


@pytest.fixture
def put(store: Store) -> Callable[..., Event]:
    """Puts an event about Corvane into the log, so many minutes after noon."""

    def event(source: str, minutes: float, data: dict[str, Any], kind: EventKind = EventKind.CHANGE) -> Event:
        at, mention = NOON + timedelta(minutes=minutes), Mention("corvane", "Corvane Shipping", "Corvane", "title")
        label, authority = LABELS[source]
        checked = None if kind is EventKind.BASELINE else at - timedelta(minutes=5)
        return add_event(store, Event(kind, source, label, authority, at, checked, data, [mention]), (), at)

    return event


@pytest.fixture
def change(put: Callable[..., Event]) -> Callable[..., Event]:
    def event(source: str, minutes: float, what: str, title: str, **said: Any) -> Event:
        sides = {name: {"before": old, "after": new} for name, (old, new) in said.pop("fields", {}).items()}
        plain = {"change": what, "key": title, "title": title, "url": None, "published": None, "entry": {}}
        return put(source, minutes, {**plain, **said, "fields": sides})

    return event


@pytest.fixture
def case(put: Callable[..., Event], change: Callable[..., Event]) -> None:
    """A register's row, its change, a report with a copy and an edit, and a denial."""
    row = {"key": "7", "title": "CORVANE SA", "url": None, "published": None, "entities": ["corvane"]}
    put("list", -600, {"entries": 9, "mentioning": 1, "mentioned": [row]}, EventKind.BASELINE)
    change("list", 0, "changed", "CORVANE SA", key="7", fields={"status": ("clear", "blocked")})
    told = {"url": "https://wire.example/1", "key": "1", "text": LEAD}
    change("wire", 65, "added", "Treasury blocks Corvane", published="2025-03-03T13:02:00+00:00", **told)
    change(
        "daily",
        70,
        "added",
        "Shipper blocked",
        url="https://daily.example/1",
        text=f"WASHINGTON - {LEAD}",
    )
    change(
        "wire",
        90,
        "changed",
        "Treasury blacklists Corvane",
        key="1",
        fields={"title": ("Treasury blocks Corvane", "Treasury blacklists Corvane")},
    )
    change("house", 200, "added", "We are on no list", url="https://house.example/1")


def test_the_story_is_told_from_the_beginning_with_whose_word_each_part_is(watch: Watch, case: None) -> None:
    assert watch("case", "corvane").out.splitlines() == [
        "corvane: Corvane Shipping, Корвейн",
        "",
        "2025-03-03 02:00  RECORD already there when the watch began: CORVANE SA",
        "    Treasury list (the authority itself)",
        "    https://list.example/",
        "    first seen 02:00 WET",
        "",
        "2025-03-03 12:00  RECORD changed: CORVANE SA",
        "    Treasury list (the authority itself)",
        "    status: clear → blocked",
        "    https://list.example/",
        "    first seen 12:00 WET, last good reading 11:55 WET",
        "",
        "2025-03-03 13:02  REPORT added: Treasury blocks Corvane",
        "    Tagus Wire (press report)",
        "    The Treasury put the shipping company Corvane on its list of blocked",
        "    persons on Monday, its notice showed.",
        "    https://wire.example/1",
        "    published 13:02 WET, first seen 13:05 WET, last good reading 13:00 WET",
        "    later:",
        "      2025-03-03 13:30  changed",
        "          title: Treasury blocks Corvane → Treasury blacklists Corvane",
        "    the same report:",
        "      2025-03-03 13:10  Harbour Daily: Shipper blocked",
        "          https://daily.example/1",
        "",
        "2025-03-03 15:20  STATEMENT added: We are on no list",
        "    Press office (a party speaking)",
        "    https://house.example/1",
        "    first seen 15:20 WET, last good reading 15:15 WET",
        "",
        "4 items from 4 sources, 1 copy; times in Europe/Lisbon",
    ]


@pytest.mark.parametrize("what", ["added", "removed", "reappeared"])
def test_an_entry_that_came_or_went_shows_its_fields(
    watch: Watch, change: Callable[..., Event], tmp_path: Path, what: str
) -> None:
    change("list", 0, what, "CORVANE SA", key="7", entry={"Name": "CORVANE SA", "Flag": "Panama", "Measure": "ban"})
    said = watch("case", "corvane").out.splitlines()
    assert said[4:6] == ["    Flag: Panama", "    Measure: ban"]
    page = tmp_path / "case.html"
    assert watch("case", "corvane", "--html", str(page)).code == 0
    text = page.read_text("utf-8")
    assert ">Flag<" in text
    assert ">Panama<" in text


def test_for_programs_it_is_one_object_with_its_items(watch: Watch, case: None) -> None:
    said = json.loads(watch("case", "corvane", "--json").out)
    assert (said["entity"], said["names"], said["since"]) == ("corvane", ["Corvane Shipping", "Корвейн"], None)
    standing, record, report, denial = said["items"]
    marks = {"handled": None, "assigned": None, "importance": "normal", "comments": [], "comment_count": 0}
    assert record == marks | {
        "at": "2025-03-03T12:00:00+00:00",
        "authority": "record",
        "source": "list",
        "label": "Treasury list",
        "id": 2,
        "change": "changed",
        "key": "7",
        "title": "CORVANE SA",
        "url": None,
        "published": None,
        "first_seen": "2025-03-03T12:00:00+00:00",
        "last_checked": "2025-03-03T11:55:00+00:00",
        "fields": {"status": {"before": "clear", "after": "blocked"}},
        "text": None,
        "mentions": [{"entity": "corvane", "name": "Corvane Shipping", "words": "Corvane", "field": "title"}],
        "edits": [],
        "copies": [],
    }
    assert (standing["change"], standing["last_checked"], denial["authority"]) == ("standing", None, "statement")
    assert (report["text"], [edit["id"] for edit in report["edits"]]) == (LEAD, [5])
    assert [(copy["source"], copy["first_seen"][11:16]) for copy in report["copies"]] == [("daily", "13:10")]


def test_only_what_was_seen_since_then_is_told(watch: Watch, case: None, change: Callable[..., Event]) -> None:
    change("wire", (datetime.now(UTC) - NOON).total_seconds() / 60 - 60, "added", "Corvane again")
    assert [item["title"] for item in json.loads(watch("case", "corvane", "--since", "7d", "--json").out)["items"]] == [
        "Corvane again"
    ]
    assert watch("case", "corvane", "--since", "2025-03-03").out.count("already there") == 1
    assert (
        watch("case", "corvane", "--since", "2025-03-03T12:30")
        .out.splitlines()[-1]
        .startswith("3 items from 3 sources")
    )
    assert (
        watch("case", "corvane", "--since", "2031-01-01").out.splitlines()[-1]
        == "nothing mentions it since 2031-01-01 00:00"
    )


def test_a_length_of_time_or_a_date_is_wanted(watch: Watch, case: None) -> None:
    ran = watch("case", "corvane", "--since", "lately")
    assert (ran.code, ran.err) == (
        2,
        '--since: "lately" is neither a length of time (12h, 7d) nor a date (2025-07-14)\n',
    )


def test_an_entity_that_nobody_knows_is_told_with_what_is_near(watch: Watch, case: None) -> None:
    ran = watch("case", "corvan")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        'there is no entity "corvan"; did you mean "corvane"?\n',
    )


def test_an_entity_of_which_nothing_is_known_says_so(watch: Watch, folder: Path) -> None:
    assert watch("case", "ulmus") == (0, "ulmus: Ulmus\n\nnothing mentions it yet\n", "")
    assert json.loads(watch("case", "ulmus", "--json").out)["items"] == []
    assert not (folder / "state.db").exists()


def test_an_entity_that_left_the_configuration_keeps_its_story(watch: Watch, case: None, configure: Any) -> None:
    configure("")
    ran = watch("case", "corvane")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "corvane: not configured any more")
    assert json.loads(watch("case", "corvane", "--json").out)["names"] is None
    assert watch("case", "corvane", "--since", "2031-01-01").code == 0


def test_the_page_is_one_file_for_the_owner_and_his_group_and_may_be_written_again(
    watch: Watch, case: None, folder: Path
) -> None:
    ran = watch("case", "corvane", "--html", "case.html")
    assert (ran.code, ran.out) == (0, "wrote case.html: 4 items from 4 sources\n")
    assert (folder / "case.html").stat().st_mode & 0o777 == 0o640
    assert "We are on no list" in (folder / "case.html").read_text("utf-8")
    assert watch("case", "corvane", "--html", "case.html").code == 0
    assert sorted(path.name for path in folder.iterdir() if "state" not in path.name) == ["case.html", "watch.toml"]


def test_a_file_that_is_no_such_page_is_left_as_it_is(watch: Watch, case: None, folder: Path) -> None:
    before = (folder / "watch.toml").read_bytes()
    ran = watch("case", "corvane", "--html", "watch.toml")
    assert (ran.code, ran.err) == (
        2,
        "watch.toml: already there, and no page of a case, so it is left as it is; name another file\n",
    )
    assert (folder / "watch.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("file", "why"), [(".", "is a folder"), ("nowhere/case.html", "the folder nowhere is missing")]
)
def test_a_page_that_has_no_place_is_a_mistake_in_one_line(watch: Watch, case: None, file: str, why: str) -> None:
    ran = watch("case", "corvane", "--html", file)
    assert ran.code == 2
    assert f"{file}: {why}" in ran.err
    assert ran.err.count("\n") == 1


def test_what_a_source_wrote_steers_no_terminal(watch: Watch, change: Callable[..., Event]) -> None:
    change("wire", 0, "added", "Corvane \x1b[2J\u202egnp", url="https://wire.example/\x1b]0;x\x07")
    out = watch("case", "corvane").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_what_people_made_of_a_case_and_of_its_changes_is_told(
    watch: Watch, change: Callable[..., Event], store: Store
) -> None:
    event, at = change("list", 0, "added", "Corvane Shipping"), NOON + timedelta(hours=1)
    store.discussion.mark(case_subject("corvane"), "assigned", "ada", "bob", at)
    store.discussion.comment(case_subject("corvane"), "ada", "Mine", [], at)
    store.discussion.mark(change_subject(event.id), "importance", "high", "ada", at)
    text = watch("case", "corvane").out
    assert "assigned to ada" in text
    assert "2025-03-03 13:00  ada: Mine" in text
    assert "high importance" in text
    told = json.loads(watch("case", "corvane", "--json").out)
    [item] = told["items"]
    assert (told["assigned"], told["importance"], told["comment_count"]) == ("ada", "normal", 1)
    assert told["comments"] == [{"who": "ada", "at": at.isoformat(), "text": "Mine"}]
    assert (item["assigned"], item["importance"], item["comments"]) == (None, "high", [])


def test_a_page_to_send_has_no_comment(
    watch: Watch, change: Callable[..., Event], store: Store, tmp_path: Path
) -> None:
    change("list", 0, "added", "Corvane Shipping")
    store.discussion.comment(case_subject("corvane"), "ada", "Between us", [], NOON)
    assert watch("case", "corvane", "--html", str(tmp_path / "case.html")).code == 0
    assert "Between us" not in (tmp_path / "case.html").read_text("utf-8")


def test_what_others_saw_stands_in_its_place_of_the_story_and_counts_nowhere(
    seen_before: Callable[..., None], watch: Watch, folder: Path
) -> None:
    kept = {
        "2019-02-01": {"A": "Active", "Sable": "Applied"},
        "2019-04-13": {"A": "Active", "Sable": "Active"},
        "2019-04-20": {"A": "Active"},
        "2019-05-20": {"A": "Active", "Sable": "Active"},
    }
    seen_before(kept, {"A": "Active", "Sable": "Suspended"})
    story = json.loads(watch("case", "sable", "--json").out)
    assert [each["change"] for each in story["items"]] == ["standing"]
    *before, joined = story["past"]
    assert {each["id"] for each in story["past"]} == {None}
    assert joined["fields"] == {"status": {"before": "Active", "after": "Suspended"}}
    assert [(each["change"], each["at"][:10], each["witness"]["kind"]) for each in before] == [
        ("first", "2019-02-01", "folder"),
        ("changed", "2019-04-13", "folder"),
        ("removed", "2019-04-20", "folder"),
        ("reappeared", "2019-05-20", "folder"),
    ]
    text = watch("case", "sable").out
    assert "between 2019-04-20 00:00 UTC and 2019-05-20 00:00 UTC (a folder of saved pages)" in " ".join(text.split())
    assert "\n1 item from 1 source" in text
    watch("case", "sable", "--html", "case.html")
    page = BeautifulSoup((folder / "case.html").read_text(), "html.parser")
    assert [each.b.text for each in page.select(".others .head")] == [
        "first",
        "changed",
        "removed",
        "reappeared",
        "changed",
    ]
    assert [each.b.text for each in page.select(".item:not(.others) .head")] == ["already there when the watch began"]
