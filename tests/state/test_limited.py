"""The state as a limited reader finds it: what is counted, joined, ordered and paged is his part of it alone."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sources import Entry
from state.db.limited import VisibleNames
from state.db.tables import readers
from state.db.tables.core import CHANNELS, METADATA
from state.model import Event
from state.storage.browsing import ChangeFilter
from state.store import Store
from tests.storing import add_event, came

ONE = VisibleNames(("one",))
SABLE = VisibleNames(("one", "two"), ("sable",), cases=True)


@pytest.fixture
def events(store: Store, desk: Any, noon: datetime) -> list[Event]:
    """Two sources with two entries each, and a change of each; one of them stands for others."""
    for source in ("one", "two"):
        desk.check(source, [Entry(key=f"{source} {name}", title=name) for name in ("Sable", "Other")])
    made = []
    for hour, (source, entities) in enumerate(
        [("one", ["sable"]), ("one", ["other"]), ("two", ["sable", "other"]), ("two", [])]
    ):
        title = entities[0].title() if entities else "nobody"
        event = came(
            title, noon + timedelta(hours=hour), *entities, source=source, more={"count": 3, "titles": ["Secret"]}
        )
        event = dataclasses.replace(event, data={**event.data, "key": f"{source} {title}"})
        made.append(add_event(store, event, ["mail"], noon))
    return made


def test_pages_and_counts_have_only_what_may_be_seen(store: Store, events: list[Event]) -> None:
    limited = store.limited(ONE)
    first = limited.browse.changes(limit=1)
    assert [event.id for event in first.events] == [events[1].id]
    assert [event.id for event in limited.browse.changes(below=first.next, limit=1).events] == [events[0].id]
    assert limited.browse.changes(below=first.next, limit=1).next is None
    assert [each.name for each in limited.source_statuses()] == ["one"]
    assert {each.entity: each.events for each in limited.browse.count_mentions()} == {"sable": 1, "other": 1}
    assert [each.entry.key for each in limited.entries.newest()] == ["one Other", "one Sable"]
    assert limited.outbox.counts()["pending"] == 2
    assert limited.feed_keys.stand("changes") == (None, events[1].id)
    assert len(store.browse.changes().events) == 4


def test_who_is_limited_to_entities_sees_their_changes_and_entries_alone(store: Store, events: list[Event]) -> None:
    limited = store.limited(SABLE)
    seen = limited.browse.changes().events
    assert [event.id for event in seen] == [events[2].id, events[0].id]
    assert [event.entities for event in seen] == [["sable"], ["sable"]]
    assert all("more" not in event.data for event in seen)
    assert limited.browse.changes(ChangeFilter(entity="other")).events == []
    assert [each.entry.key for each in limited.entries.newest()] == ["two Sable", "one Sable"]
    assert [each.entries for each in limited.sources()] == [1, 1]
    horizon = limited.history.horizon("one")
    assert horizon is not None
    assert horizon.since is None


@pytest.mark.parametrize("names", [ONE, SABLE])
def test_what_may_not_be_seen_is_not_there(store: Store, events: list[Event], names: VisibleNames) -> None:
    limited, foreign = store.limited(names), events[3].id
    assert limited.log.event(foreign) is None
    assert limited.outbox.of_event(foreign) == []
    assert (
        limited.entries.page("three").entries == limited.entries.page("two" if names is ONE else "three").entries == []
    )


def test_a_message_with_a_part_that_may_not_be_seen_is_not_there(
    store: Store, desk: Any, events: list[Event], noon: datetime
) -> None:
    due = store.outbox.due(noon)
    desk.compose(*due[:1], key="mine")
    desk.compose(*due[1:3], key="mixed")
    limited = store.limited(ONE)
    assert [each.id for each in limited.outbox.deliveries()] == [due[0].id]
    assert len(store.outbox.deliveries()) == 4


def test_a_table_without_a_rule_is_empty_and_what_is_said_of_a_subject_goes_with_it(
    store: Store, events: list[Event], noon: datetime
) -> None:
    said = [
        f"change {events[0].id}",
        f"change {events[1].id}",
        f"change {events[3].id}",
        "case sable",
        "case other",
        "snapshot 0123456789ab of source one",
        "snapshot 0123456789ab of source two of source one",
    ]
    with store._database.writing() as connection:
        connection.execute(CHANNELS.insert(), [{"name": "mail", "since": noon, "told": False}])
        rows = [{"subject": each, "who": "ann", "at": noon, "text": "x", "mentions": []} for each in said]
        connection.execute(readers.COMMENTS.insert(), rows)
    assert store.channels.troubles()
    for names, seen in ((ONE, [*said[:2], said[5]]), (SABLE, [said[0], said[3]])):
        limited = store.limited(names)
        assert limited.channels.troubles() == []
        assert limited._rows(select(readers.COMMENTS.c.subject).order_by(readers.COMMENTS.c.id)) == [
            (each,) for each in seen
        ]


@pytest.mark.parametrize("names", [ONE, SABLE, VisibleNames((), ())])
def test_each_table_can_be_read(store: Store, names: VisibleNames) -> None:
    limited = store.limited(names)
    for table in METADATA.sorted_tables:
        assert limited._rows(select(table)) == []


def test_a_name_with_any_character_is_only_a_name(store: Store, desk: Any, events: list[Event]) -> None:
    odd = "it's 100% \\ \"odd\" :x ? ') OR 1=1 --"
    desk.check(odd, [Entry(key="k", title="t")])
    assert [each.name for each in store.limited(VisibleNames((odd,))).source_statuses()] == [odd]
    assert store.limited(VisibleNames((odd,), (odd,))).browse.changes().events == []
