"""Daemons in the state, on either database."""

from __future__ import annotations

from datetime import datetime, timedelta

from state.storage.daemons import DaemonSeen
from state.store import Store


def test_a_daemon_is_known_by_what_it_told_last_until_it_ends(store: Store, noon: datetime) -> None:
    first = DaemonSeen("one", "here", noon, noon, {"pauses": {}})
    later = first._replace(seen=noon + timedelta(minutes=1), state={"pauses": {"hour": {"cpu": 0.1, "wall": 0.2}}})
    other = first._replace(name="two")
    for each in (first, other, later):
        store.daemons.note(each)
    assert store.daemons.all() == [later, other]
    store.daemons.gone("one")
    assert store.daemons.all() == [other]


def test_one_that_was_not_seen_for_a_day_is_forgotten_when_another_one_tells(store: Store, noon: datetime) -> None:
    store.daemons.note(DaemonSeen("killed", "here", noon, noon, {}))
    other = DaemonSeen("two", "here", noon, noon + timedelta(hours=25), {})
    store.daemons.note(other)
    assert store.daemons.all() == [other]


def test_a_daemon_is_no_worker(store: Store, noon: datetime, state_url: str) -> None:
    store.daemons.note(DaemonSeen("one", "here", noon, noon, {}))
    if state_url.startswith("postgresql"):
        assert store.claims().workers() == []
    assert [each.name for each in store.daemons.all()] == ["one"]
