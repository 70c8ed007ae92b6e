"""What people look at in the state: entries over all sources, changes by day, whom the log mentions, an event's alerts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sources import Entry
from state.model import Event, EventKind, Mention, Standing
from state.storage.browsing import ChangeFilter, Daily, EntityMentions, EntryFingerprint
from state.store import Store
from tests.storing import add_event


def _entries(*names: str) -> list[Entry]:
    return [Entry(key=name, title=name.title(), text="x" * 50) for name in names]


def _all(store: Store, source: int, limit: int) -> Iterator[EntryFingerprint]:
    after = 0
    while some := store.entries.fingerprints(source, after, limit):
        yield from some
        after = some[-1].id


def test_entries_of_all_sources_are_shown_the_newest_first(desk: Any, store: Store) -> None:
    desk.check("one", _entries("a", "b"))
    desk.check("two", _entries("c"))
    newest = store.entries.newest(limit=2, longest=10)
    assert [(seen.source, seen.entry.title, len(seen.entry.text)) for seen in newest] == [
        ("two", "C", 10),
        ("one", "B", 10),
    ]
    assert [seen.entry.key for seen in store.entries.newest(below=newest[-1].id)] == ["a"]
    seen = store.entries.entries([newest[0].id]).get(newest[0].id)
    assert seen is not None
    assert (seen.entry.key, len(seen.entry.text), seen.standing) == ("c", 50, Standing.PRESENT)
    assert store.entries.entries([99]) == {}


def test_fingerprints_are_read_in_parts_and_change_with_the_entry(desk: Any, store: Store) -> None:
    desk.check("one", _entries(*map(str, range(25))))
    desk.check("two", _entries("other"))
    (stamp, _) = store.entries.stamps()
    before = list(_all(store, stamp.id, 10))
    assert len({each.id for each in before}) == 25
    assert before == list(_all(store, stamp.id, 1))
    desk.check(
        "one",
        [replace(entry, title="Moved") if entry.key == "7" else entry for entry in _entries(*map(str, range(24)))],
    )
    assert store.entries.stamps()[0] != stamp
    after = list(_all(store, stamp.id, 10))
    assert len(set(after) - set(before)) == 2
    assert max(each.standing for each in after) == "removed"


def _change(at: datetime, change: str, key: str = "k", **data: Any) -> Event:
    about = {"change": change, "key": key, "title": "t", "url": None, "published": None, "fields": {}, "entry": {}}
    mentions = [Mention("sable", "Sable", "Sable", "title"), Mention("sable", "Sable", "Sable", "Name")]
    return Event(EventKind.CHANGE, "register", "The register", "record", at, None, about | data, mentions)


def test_changes_are_counted_by_day_and_kind(store: Store, noon: datetime) -> None:
    add_event(store, _change(noon - timedelta(days=9), "added"), [], noon)
    add_event(store, _change(noon - timedelta(days=1), "added"), [], noon)
    add_event(store, _change(noon, "removed", more={"count": 41, "titles": [], "fields": []}), [], noon)
    add_event(store, _change(noon, "removed"), [], noon)
    assert store.browse.daily("register", noon - timedelta(days=2)) == [
        Daily(date(2025, 7, 13), "added", 1),
        Daily(date(2025, 7, 14), "removed", 43),
    ]
    assert store.browse.daily("other", noon - timedelta(days=2)) == []


def test_whom_the_log_mentions_is_counted_once_an_event(store: Store, noon: datetime) -> None:
    assert store.browse.count_mentions() == []
    for hour in (1, 2):
        add_event(store, _change(noon + timedelta(hours=hour), "added"), [], noon)
    assert store.browse.count_mentions() == [EntityMentions("sable", 2, noon + timedelta(hours=2))]


def test_the_changes_of_one_entry_are_found_by_its_key(store: Store, noon: datetime) -> None:
    for key in ("k", "other", "k"):
        add_event(store, _change(noon, "changed", key), [], noon)
    found = store.browse.changes(ChangeFilter(source="register", key="k")).events
    assert [event.id for event in found] == [3, 1]


def test_the_deliveries_of_an_event_say_when_they_were_sent(desk: Any, store: Store, noon: datetime) -> None:
    event = desk.alert("mail", "chat", change="added", key="k", title="t")
    desk.alert("mail", change="added", key="other", title="t")
    first = store.outbox.of_event(event.id)[0]
    store.outbox.sent(desk.compose(first), noon)
    assert [(each.channel, each.sent) for each in store.outbox.of_event(event.id)] == [("mail", noon), ("chat", None)]
    assert [each.id for each in store.outbox.deliveries(below=3)] == [2, 1]


def test_a_feed_is_told_its_value_and_the_number_of_the_last_change(state_url: str, noon: datetime) -> None:
    with Store.open(state_url) as store:
        assert store.feed_keys.stand("changes") == (None, 0)
        value = store.feed_keys.value_or_new("changes")
        about = {"change": "added", "key": "a", "title": "A", "fields": {}, "entry": {}}
        first = add_event(store, Event(EventKind.CHANGE, "s", "S", "record", noon, None, about), [], noon)
        add_event(store, Event(EventKind.HEALTH, "s", "S", "record", noon, None, {}), [], noon)
        assert store.feed_keys.stand("changes") == (value, first.id)
        assert store.feed_keys.stand("sources/s") == (None, first.id)


def test_a_page_of_large_changes_has_fewer_and_says_where_it_ends(
    store: Store, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        add_event(store, _change(noon + timedelta(minutes=number), "changed", text="x" * 40_000), (), noon)
    monkeypatch.setattr("state.storage.browsing.MOST_BYTES", 100_000)
    seen, place = list[int](), None
    while True:
        page = store.browse.changes(below=place, limit=4)
        seen.append(len(page.events))
        place = page.next
        if place is None:
            break
    assert seen == [2, 2, 1]
    monkeypatch.setattr("state.storage.browsing.MOST_BYTES", 10)
    assert len(store.browse.changes(limit=4).events) == 1
