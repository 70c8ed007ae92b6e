"""What readers follow, their addresses, their browsers."""

from datetime import UTC, datetime, timedelta

import pytest

from state.model import Event, EventKind
from state.storage.readers import Interest
from state.store import Store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _event(store: Store) -> int:
    data = {"key": "a", "title": "A", "change": "added", "fields": {}, "changed": {}}
    return store.log.add_alert((Event(EventKind.CHANGE, "fca", "FCA", "FCA", NOW, None, data), [])).id


def test_a_follow_counts_from_the_event_after_it(store: Store) -> None:
    last = _event(store)
    number = store.readers.follow("ann", Interest(["telegram"], ["fca"], "bank", "atom", "daily"), NOW)
    (follow,) = store.readers.follows("ann")
    assert (follow.id, follow.who, follow.at, follow.after) == (number, "ann", NOW, last)
    assert follow.interest == Interest(["telegram"], ["fca"], "bank", "atom", "daily")


def test_the_same_follow_a_second_time_is_one(store: Store) -> None:
    first = store.readers.follow("ann", Interest(sources=("fca",)), NOW)
    assert store.readers.follow("ann", Interest(sources=["fca"]), NOW) == first
    assert store.readers.follow("bob", Interest(sources=["fca"]), NOW) != first
    assert [follow.who for follow in store.readers.follows()] == ["ann", "bob"]


def test_a_follow_that_comes_as_soon_as_another_time_is_still_one(store: Store) -> None:
    first = store.readers.follow("ann", Interest(sources=["fca"]), NOW)
    last = _event(store)
    assert store.readers.follow("ann", Interest(sources=["fca"], when="daily"), NOW) == first
    (follow,) = store.readers.follows("ann")
    assert (follow.interest.when, follow.after) == ("daily", last)
    assert store.readers.follow("ann", Interest(sources=["fca"], by="atom"), NOW) != first


def test_the_number_of_a_follow_that_has_ended_is_no_other_one_s(store: Store) -> None:
    first = store.readers.follow("ann", Interest(["telegram"]), NOW)  # a mail may have a link that ends this one
    store.readers.unfollow(first, "ann")
    assert store.readers.follow("ann", Interest(["onyx"]), NOW) > first


def test_only_its_reader_ends_a_follow(store: Store) -> None:
    number = store.readers.follow("ann", Interest(["telegram"]), NOW)
    assert not store.readers.unfollow(number, "bob")
    assert store.readers.unfollow(number, "ann")
    assert not store.readers.unfollow(number, "ann")
    assert store.readers.follows() == []


def test_an_address_is_verified_while_it_is_the_readers(store: Store) -> None:
    assert store.readers.reader("ann") is None
    store.readers.set_role("ann", "editor", NOW)
    store.readers.set_mail("ann", "ann@example.org")
    store.readers.set_mail("ann", "ann@example.com")
    assert not store.readers.verify("ann", "ann@example.org", NOW)
    assert store.readers.verify("ann", "ann@example.com", NOW)
    reader = store.readers.all()["ann"]
    assert (reader.role, reader.vouched, reader.mail, reader.verified) == ("editor", NOW, "ann@example.com", NOW)


@pytest.mark.parametrize("who", [None, "ann"])
def test_a_browser_belongs_to_whoever_subscribed_last(store: Store, who: str | None) -> None:
    store.readers.subscribe_push("bob", "https://push.example/1", "key", "auth", NOW)
    store.readers.subscribe_push("ann", "https://push.example/1", "key2", "auth2", NOW + timedelta(hours=1))
    assert store.readers.pushes("bob") == []
    (push,) = store.readers.pushes(who)
    assert (push.who, push.p256dh, push.auth) == ("ann", "key2", "auth2")
    assert not store.readers.drop_push("https://push.example/1", "bob")
    assert store.readers.drop_push("https://push.example/1", who)
    assert store.readers.pushes() == []
