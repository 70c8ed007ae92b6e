"""Citations: the last changes in registers, the latest reports, and the present entries about an entity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sources import Entry
from state.model import Acceptance, Commit, Difference, Event, EventKind, Mention, SourceState
from state.store import Store
from tests.storing import add_event

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
WEEK = timedelta(days=7)

Put = Callable[..., int]


@pytest.fixture
def put(store: Store) -> Put:
    """Puts an event into the log, so many hours after noon; returns its id."""

    def event(source: str, authority: str, hours: float, *entities: str, kind: EventKind = EventKind.CHANGE) -> int:
        mentions = [Mention(entity, entity, entity, field) for entity in entities for field in ("title", "text")]
        what = Event(kind, source, source, authority, NOON + timedelta(hours=hours), None, {}, mentions)
        return add_event(store, what, (), NOON).id

    return event


def ids(events: list[Event]) -> list[int]:
    return [event.id for event in events]


def test_of_each_register_its_last_changes_and_summaries_are_known_however_old(store: Store, put: Put) -> None:
    stood = [put("licences", "record", hours, "quillon", kind=EventKind.BASELINE) for hours in (-9900, -9800, -9700)]
    changed = [put("licences", "record", hours, "quillon") for hours in (-9000, -8000, -7000)]
    other = put("fines", "record", -5000, "quillon")
    known = [other, *reversed(changed[1:]), *reversed(stood[1:])]
    assert ids(store.entities.earlier(["quillon"], NOON - WEEK, 2)) == known


def test_of_reports_and_of_statements_the_latest_few_of_the_last_days_are_known(store: Store, put: Put) -> None:
    reports = [put("wire", "report", hours, "quillon") for hours in (-900, -4, -3, -2, -1)]
    statement = put("house", "statement", -5, "quillon")
    assert ids(store.entities.earlier(["quillon"], NOON - WEEK, 3)) == [*reversed(reports[2:]), statement]


def test_other_entities_and_the_health_of_sources_are_no_part_of_it(store: Store, put: Put) -> None:
    put("licences", "record", 0, "brightwater")
    put("licences", "record", 0, "quillon", kind=EventKind.HEALTH)
    assert store.entities.earlier(["quillon"], NOON - WEEK, 3) == []


def test_several_entities_are_asked_for_at_once_and_an_event_about_both_comes_once(store: Store, put: Put) -> None:
    both, one = put("wire", "report", -2, "quillon", "brightwater"), put("licences", "record", -1, "brightwater")
    found = store.entities.earlier(["quillon", "brightwater"], NOON - WEEK, 3)
    assert (ids(found), found[1].entities) == ([one, both], ["quillon", "brightwater"])


def test_the_entries_that_stand_in_some_sources_are_counted_and_read(store: Store) -> None:
    for name in ("licences", "wire"):
        new = [(bytes([number]), Entry(number, f"{name} {number}", {"a": "b"})) for number in range(3)]
        accepted = Acceptance(Difference((), new, {}, {}, b"", 3, ()), (), "", "", fresh=True)
        store.commit(name, lambda _, name=name, accepted=accepted: Commit(SourceState(name), accepted))  # type: ignore[misc]
    assert store.entities.count_present(["licences", "nowhere"]) == 3
    found = list(store.entities.present(["licences"]))
    assert [(name, entry.title, entry.fields) for name, entry in found][1] == ("licences", "licences 1", {"a": "b"})
