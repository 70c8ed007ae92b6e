"""The log: filters and order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from state.model import Event, EventKind, Mention
from state.store import Store
from tests.storing import add_event

NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)


def mention(entity: str, words: str = "Телеграм") -> Mention:
    return Mention(entity, entity.title(), words, "title")


@pytest.fixture
def log(store: Store) -> Store:
    """Two events of a register, one of which is a test; an earlier one of a newspaper, which mentions both."""
    told = [
        Event(
            EventKind.CHANGE,
            "register",
            "Register",
            "record",
            NOON,
            NOON - timedelta(1),
            {"n": 1},
            [mention("telegram")],
        ),
        Event(EventKind.TEST, "register", "Register", "record", NOON, None, {"n": 2}),
        Event(
            EventKind.CHANGE,
            "paper",
            "Paper",
            "report",
            NOON - timedelta(hours=1),
            None,
            {"n": 3},
            [mention("max"), mention("telegram")],
        ),
    ]
    for event in told:
        add_event(store, event, [], NOON)
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [2, 1, 3]),
        ({"source": "register"}, [2, 1]),
        ({"source": "nowhere"}, []),
        ({"entity": "telegram"}, [1, 3]),
        ({"entity": "max"}, [3]),
        ({"kind": EventKind.TEST}, [2]),
        ({"after": NOON - timedelta(minutes=1)}, [2, 1]),
        ({"after": NOON}, []),
        ({"limit": 2}, [2, 1]),
        ({"entity": "telegram", "source": "register", "kind": EventKind.CHANGE, "limit": None}, [1]),
    ],
)
def test_events_are_found_by_what_is_asked_newest_first(log: Store, wanted: dict[str, Any], found: list[int]) -> None:
    assert [event.data["n"] for event in log.log.events(**wanted)] == found


def test_an_event_comes_back_as_it_was_stored(store: Store) -> None:
    data = {"fields": {"филиал": {"before": None, "after": "в стадии согласования"}}, "url": None, "count": 3}
    event = Event(
        EventKind.CHANGE, "register", "Реестр", "record", NOON, NOON, data, [mention("telegram"), mention("max")]
    )
    stored = add_event(store, event, ["desk"], NOON)
    assert store.log.event(stored.id) == stored
    assert (stored.id, stored.data, list(stored.mentions)) == (1, data, list(event.mentions))


def test_a_thousand_mentions_are_read(store: Store) -> None:
    for number in range(30):
        mentions = [mention("telegram", f"words {number}-{each}") for each in range(40)]
        add_event(store, Event(EventKind.CHANGE, "r", "R", "record", NOON, None, {}, mentions), [], NOON)
    events = store.log.events(limit=None)
    assert {len(event.mentions) for event in events} == {40}
    assert events[0].mentions[39].words == "words 29-39"
