"""A case as a story: its order, its groups, and the entries of first snapshots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.case.story import STANDING, StoryItem, items_of
from state.model import Event, EventKind, Mention

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
OURS = [Mention("corvane", "Corvane Shipping", "Corvane", "title"), Mention("ulmus", "Ulmus", "Ulmus", "text")]
LIST = ("list", "Treasury list", "record")
GAZETTE = ("gazette", "Gazette", "record")
WIRE = ("wire", "Tagus Wire", "report")
DAILY = ("daily", "Harbour Daily", "report")
HOUSE = ("house", "Press office", "statement")
LEAD = "The Treasury put the shipping company Corvane on its list of blocked persons on Monday, its notice showed."


@pytest.fixture
def step(change):
    """A change so many minutes after noon; ids rise with the time."""

    def make(what, title, source, minutes, **said):
        said = {"mentions": OURS, "at": NOON + timedelta(minutes=minutes), "id": 1000 + int(minutes), **said}
        return change(what, title, source=source, **said)

    return make


def stood(source, minutes, *items, kind=EventKind.BASELINE):
    data = {"entries": 9, "mentioning": len(items), "mentioned": list(items)}
    return Event(kind, *source, NOON + timedelta(minutes=minutes), None, data, OURS, 1)


def told(items: list[StoryItem]) -> list[tuple[str, str]]:
    return [(item.change, item.title) for item in items]


def test_all_sources_stand_in_one_order_of_time_the_oldest_first(step):
    denial = step("added", "Denial", HOUSE, 30)
    report = step("added", "Report", WIRE, 20, published=(NOON - timedelta(minutes=5)).isoformat())
    record = step("changed", "Row", LIST, 0, fields={"status": ("a", "b")})
    items = items_of("corvane", [denial, record, report])
    assert told(items) == [("added", "Report"), ("changed", "Row"), ("added", "Denial")]
    assert items[0].at == NOON - timedelta(minutes=5)
    assert (items[0].seen, items[0].checked) == (NOON + timedelta(minutes=20), NOON + timedelta(minutes=19))


def test_a_registers_change_stands_where_it_was_seen_whatever_date_it_bears(step):
    record = step("added", "Row", LIST, 10, published="2019-01-01T09:00:00+00:00")
    assert told(items_of("corvane", [step("added", "Report", WIRE, 5), record])) == [
        ("added", "Report"),
        ("added", "Row"),
    ]


def test_later_edits_of_a_report_stand_under_it(step):
    first = step("added", "Corvane listed", WIRE, 0, key="1")
    edit = step("changed", "Corvane blocked", WIRE, 9, key="1", fields={"title": ("Corvane listed", "Corvane blocked")})
    (item, other) = items_of("corvane", [first, step("added", "Other", HOUSE, 5), edit])
    assert told(item.edits) == [("changed", "Corvane blocked")]
    assert (other.title, other.edits) == ("Other", ())


def test_a_registers_change_after_something_else_is_a_step_of_its_own(step):
    first = step("changed", "Row", LIST, 0, key="7", fields={"status": ("a", "b")})
    again = step("changed", "Row", LIST, 9, key="7", fields={"status": ("b", "c")})
    (alone,) = items_of("corvane", [first, again])
    assert len(alone.edits) == 1
    assert len(items_of("corvane", [first, step("added", "Report", WIRE, 5), again])) == 3


def test_an_entry_that_a_register_takes_out_is_a_step_of_its_own(step):
    first = step("changed", "Row", LIST, 0, key="7", fields={"status": ("a", "b")})
    assert told(items_of("corvane", [first, step("removed", "Row", LIST, 9, key="7")])) == [
        ("changed", "Row"), ("removed", "Row"),
    ]  # fmt: skip


def test_wire_copies_stand_under_the_first_with_their_own_edits(step):
    first = step("added", "Corvane blocked", WIRE, 0, text=LEAD)
    copy = step("added", "Treasury blocks shipper", DAILY, 4, key="d", text=f"WASHINGTON - {LEAD}")
    edit = step("changed", "Treasury blocks", DAILY, 6, key="d", fields={"title": ("Treasury blocks shipper", "x")})
    (item,) = items_of("corvane", [first, copy, edit])
    assert [(each.label, len(each.edits)) for each in item.copies] == [("Harbour Daily", 1)]
    assert [each.id for each in item.all] == [first.id, copy.id, edit.id]


def test_a_statement_in_a_reports_words_is_no_copy_of_it(step):
    report = step("added", "Corvane blocked", WIRE, 0, text=LEAD)
    assert len(items_of("corvane", [report, step("added", "Ours", HOUSE, 4, text=LEAD)])) == 2


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Corvane blocked.\nThe Treasury\n  said so", "The Treasury said so"),
        ("abcdefghijklmnopqrst", "abcdefghijklmnopqrst"),
        ("abcdefghijklmnopqrs\nt", "abcdefghijklmnopqrs…"),
        ("abcdefghijklmnopqrst\nu", "abcdefghijklmnopqrs…"),
        ("", ""),
    ],
)
def test_the_lead_is_the_begin_of_the_text_without_the_title(step, text, lead):
    (item,) = items_of("corvane", [step("added", "Corvane blocked", WIRE, 0, text=text)])
    assert item.lead(20) == lead


def test_what_was_there_when_the_watch_began_is_told_of_this_entity_alone():
    ours = {"key": "7", "title": "Corvane Shipping", "url": "https://list.example/7", "entities": ["corvane"]}
    (item,) = items_of("corvane", [stood(LIST, 0, {"key": "8", "title": "Ulmus", "entities": ["ulmus"]}, ours)])
    assert (item.change, item.title, item.url, item.key) == (
        STANDING,
        "Corvane Shipping",
        "https://list.example/7",
        "7",
    )
    assert (item.at, item.checked) == (NOON, None)


def test_a_report_that_was_there_already_stands_where_it_was_published():
    old = {"key": "1", "title": "Old", "url": None, "published": "2024-05-01T10:00:00+00:00", "entities": ["corvane"]}
    assert items_of("corvane", [stood(WIRE, 0, old)])[0].at == datetime(2024, 5, 1, 10, tzinfo=UTC)


def test_an_address_that_is_read_anew_tells_nothing_twice(step):
    row = {"key": "7", "title": "Row", "url": None, "entities": ["corvane"]}
    events = [stood(LIST, 0, row), step("changed", "Row", LIST, 5, key="7"), stood(LIST, 9, row)]
    assert told(items_of("corvane", events)) == [(STANDING, "Row"), ("changed", "Row")]


def test_a_summary_that_names_no_entry_of_it_is_told_all_the_same():
    (item,) = items_of("corvane", [stood(LIST, 0)])
    assert (item.change, item.title, item.label) == (STANDING, "", "Treasury list")


def test_the_health_of_a_source_is_no_part_of_a_story():
    row = {"key": "7", "title": "Row", "url": None, "entities": ["corvane"]}
    assert items_of("corvane", [stood(LIST, 0, row, kind=EventKind.HEALTH)]) == []


def test_only_the_words_of_this_entity_are_kept(step):
    (item,) = items_of("corvane", [step("added", "Report", WIRE, 0)])
    assert [mention.words for mention in item.mentions] == ["Corvane"]


def test_two_registers_keep_their_entries_apart(step):
    events = [
        step("changed", "Row", LIST, 0, key="7", fields={"s": ("a", "b")}),
        step("changed", "Row", GAZETTE, 1, key="7", fields={"s": ("a", "b")}),
    ]
    assert [(item.source, len(item.edits)) for item in items_of("corvane", events)] == [("list", 0), ("gazette", 0)]
