"""Old rows are deleted, and none that is still needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, text, update

from sources import Entry, Get, Page
from state.compare.reader_fingerprints import body_fingerprint
from state.db.tables.core import CHAT_PRESSES, ENTRIES, PUSHED, TALLIES, UNDOS, UNREAD
from state.model import Acceptance, Commit, Difference, Event, Standing, StoredPage
from state.storage.readers import Round
from state.storage.retention import Expired
from state.store import Store
from tests.storing import add_event, came

NOW = datetime(2026, 9, 1, tzinfo=UTC)
OLD = NOW - timedelta(days=401)
BEFORE = NOW - timedelta(days=400)


def told(store: Store, at: datetime, *to: str) -> Event:
    return add_event(store, came("a", at, "telegram"), to, at)


def sent(store: Store, at: datetime, *to: str) -> Event:
    event = told(store, at, *to)
    for channel in to:
        [delivery] = [one for one in store.outbox.due(at) if one.channel == channel]
        message = store.outbox.compose(channel, f"{channel}{at}", "title", "text", "html", [delivery.id], at)
        assert message
        store.outbox.sent(message, at)
    return event


def count(store: Store, table: str) -> int:
    with store._database.reading() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def page(body: bytes, fetched: datetime) -> StoredPage:
    return StoredPage(Page(get=Get("https://a.example/"), url="https://a.example/", status=200, headers={}, content=body, fetched=fetched), body_fingerprint(body), None, None)  # fmt: skip


def snapshot(store: Store, at: datetime, present: list[Entry], stand: dict[int, Standing]) -> None:
    new = [(entry.key.encode(), entry) for entry in present]
    difference = Difference((), new, {}, stand, b"d", len(present), ())
    store.commit(
        "list",
        lambda before: Commit(
            replace(before, tried=at, accepted=at), Acceptance(difference, [page(b"body", at)], "", "")
        ),
    )


def test_an_old_event_goes_with_its_mentions_deliveries_and_message(store: Store) -> None:
    sent(store, OLD, "desk", "chat")
    young = sent(store, NOW, "desk")
    assert store.retention.expire(BEFORE, 100) == Expired(events=1)
    assert [event.id for event in store.log.events()] == [young.id]
    assert [count(store, table) for table in ("mentions", "deliveries", "messages")] == [1, 1, 1]
    assert store.retention.expire(BEFORE, 100) == Expired()


def test_a_message_that_tells_of_a_younger_event_too_stays(store: Store) -> None:
    told(store, OLD, "desk")
    told(store, NOW, "desk")
    both = [delivery.id for delivery in store.outbox.due(NOW)]
    message = store.outbox.compose("desk", "key", "title", "text", "html", both, NOW)
    assert message
    store.outbox.sent(message, NOW)
    assert store.retention.expire(BEFORE, 100).events == 1
    assert count(store, "messages") == 1


def test_an_old_event_that_waits_to_be_delivered_stays(store: Store) -> None:
    told(store, OLD, "desk")
    assert store.retention.expire(BEFORE, 100) == Expired()
    store.outbox.mark_channels_dead([], "gone")
    assert store.retention.expire(BEFORE, 100) == Expired(events=1)


def test_what_left_long_ago_is_forgotten_and_what_is_present_never(store: Store) -> None:
    snapshot(store, OLD, [Entry("a"), Entry("b"), Entry("c")], {})
    snapshot(store, OLD, [], {1: Standing.SCROLLED, 2: Standing.REMOVED})
    revision = store.source("list").revision
    assert store.retention.expire(BEFORE, 100) == Expired(entries=2, undos=2)
    assert [mark.key for mark in dict(store.known("list").rows()).values()] == ["c"]
    assert store.source("list").revision == revision + 1
    assert [stored.page.body for stored in store.pages("list")] == [b"body"]


def test_an_entry_that_came_back_is_not_forgotten(store: Store) -> None:
    snapshot(store, OLD, [Entry("a")], {})
    snapshot(store, OLD, [], {1: Standing.SCROLLED})
    snapshot(store, NOW, [], {1: Standing.PRESENT})
    assert store.retention.expire(BEFORE, 100).entries == 0


def test_a_suspicious_snapshot_that_nobody_accepted_is_forgotten(store: Store) -> None:
    snapshot(store, OLD, [Entry("a")], {})
    held = [page(b"odd", OLD)]
    store.commit("list", lambda before: Commit(replace(before, held=held[0].body_hash), held=held))
    assert store.retention.expire(BEFORE, 100) == Expired(held=1, undos=1)
    assert (store.pages("list", held=True), store.source("list").held) == ([], b"")
    assert [stored.page.body for stored in store.pages("list")] == [b"body"]
    assert count(store, "bodies") == 1


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (PUSHED, {"source": "list", "key": "1", "body": b"", "at": OLD}),
        (CHAT_PRESSES, {"bot": "b", "press": "1", "at": OLD, "who": "", "what": "", "message_key": "", "answer": ""}),
        (TALLIES, {"source_id": 1, "month": f"{OLD - timedelta(days=40):%Y-%m}", "days": ""}),
        (UNDOS, {"source_id": 1, "at": OLD, "kind": "check", "packed": b""}),
        (UNREAD, {"source_id": 1, "since": OLD, "until": OLD, "why": "", "reason": ""}),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_whatever_is_old_alone_has_them_look(store: Store, table: Table, row: dict[str, Any]) -> None:
    snapshot(store, NOW, [Entry("telegram", "Telegram")], {})
    assert not store.retention.may_expire(BEFORE, 100)
    with store._database.writing() as connection:
        connection.execute(insert(table).values(row))
    assert store.retention.may_expire(BEFORE, 100)
    assert not store.retention.may_expire(OLD - timedelta(days=80), 100)


def test_an_old_event_alone_has_them_look(store: Store) -> None:
    told(store, OLD)
    assert store.retention.may_expire(BEFORE, 100)


def test_a_suspicious_snapshot_or_an_entry_that_left_long_ago_alone_has_them_look(store: Store) -> None:
    snapshot(store, NOW, [Entry("telegram", "Telegram")], {})
    held = [page(b"odd", OLD)]
    store.commit("list", lambda before: Commit(replace(before, held=held[0].body_hash), held=held))
    assert store.retention.may_expire(BEFORE, 100)
    store.retention.expire(BEFORE, 100)
    assert not store.retention.may_expire(BEFORE, 100)
    with store._database.writing() as connection:
        connection.execute(update(ENTRIES).values(left=OLD))
    assert store.retention.may_expire(BEFORE, 100)


def test_no_more_than_asked_for_goes_at_once(store: Store) -> None:
    for _ in range(5):
        told(store, OLD)
    assert [store.retention.expire(BEFORE, 2).events for _ in range(4)] == [2, 2, 1, 0]


def test_the_file_gives_back_what_was_forgotten(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/state.db")
    snapshot(store, OLD, [Entry(str(number), "x" * 4000) for number in range(500)], {})
    snapshot(store, OLD, [], dict.fromkeys(range(1, 501), Standing.REMOVED))
    while store.retention.expire(BEFORE, 100) != Expired():
        pass
    while store.database.shrink(50):
        pass
    assert count(store, "pragma_freelist_count JOIN pragma_page_count ON freelist_count > 0") == 0
    assert store.database.shrink(50) is False
    store.close()
    assert (tmp_path / "state.db").stat().st_size < 570_000


def test_the_last_event_stays_while_readers_follow_as_its_number_would_be_given_again(store):
    now = datetime(2025, 7, 14, tzinfo=UTC)
    add_event(store, came("One", now), [], now)
    last = add_event(store, came("Two", now), [], now)
    store.letters.write_round("at once", None, Round(last.id, now), [], now)
    assert store.retention.expire(now + timedelta(days=1), 10).events == 1
    assert [event.id for event in store.log.events()] == [last.id]
