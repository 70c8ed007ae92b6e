"""The outbox drained with a moved clock: retries, giving up, channels in trouble."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from state.model import DeliveryState, Event, EventKind
from state.store import Store
from watcher.config import Config, load
from watcher.deliver import Deliverer, retry_wait

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)


class Outbox:
    """A state, its configuration and a clock that is moved by hand."""

    def __init__(self, config: Config, store: Store) -> None:
        self.config, self.store, self.now = config, store, NOON

    def put(self, title: str, *channels: str) -> None:
        data = {
            "change": "added",
            "key": title,
            "title": title,
            "url": None,
            "published": None,
            "fields": {},
            "entry": {},
        }
        event = Event(EventKind.CHANGE, "list", "list", "record", self.now, None, data)
        self.store.add_event(event, channels, self.now)

    def drain(self) -> tuple[int, int, int]:
        drained = Deliverer(self.config, self.store, lambda: self.now).drain()
        return drained.sent, drained.failed, drained.dead


@pytest.fixture
def outbox(site: Any, configure: Callable[..., Any]) -> Iterator[Outbox]:
    """Two channels, desk and ops; ops hears of health."""
    hook = site.url("").replace("http", "json")
    channels = "".join(f"[channels.{name}]\nurl = '{hook}/{name}'\n" for name in ("desk", "ops"))
    rules = "[[alerts]]\nto = ['desk']\n[[alerts]]\nhealth = true\nto = ['ops', 'desk']\n"
    config = load(configure(f"[entities.x]\nnames = ['x']\n{channels}{rules}"))
    for name in ("desk", "ops"):
        site.page(f"/{name}")
    with Store.open(config.state) as store:
        yield Outbox(config, store)


def titles(site: Any, path: str) -> list[str]:
    return [json.loads(asked.body)["title"] for asked in site.requests if asked.path == path]


def test_what_is_due_together_goes_as_one_message(outbox: Outbox, site: Any) -> None:
    outbox.put("one", "desk")
    outbox.put("two", "desk")
    assert outbox.drain() == (2, 0, 0)
    assert titles(site, "/desk") == ["RECORD added: one (+1 more)"]
    assert outbox.drain() == (0, 0, 0)


def test_a_failed_message_waits_longer_each_time_and_is_the_very_same(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=503)
    outbox.put("one", "desk")
    assert outbox.drain() == (0, 1, 0)
    assert outbox.drain() == (0, 0, 0)
    outbox.put("two", "desk")
    outbox.now += timedelta(seconds=31)
    assert outbox.drain() == (0, 2, 0)
    site.page("/desk")
    outbox.now += timedelta(hours=1)
    assert outbox.drain() == (2, 0, 0)
    keys = [asked.headers["idempotency-key"] for asked in site.requests]
    assert (len(keys), len(set(keys))) == (5, 2)


def test_one_channel_that_fails_keeps_no_other_from_being_told(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=500)
    outbox.put("one", "desk", "ops")
    assert outbox.drain() == (1, 1, 0)
    assert titles(site, "/ops") == ["RECORD added: one (list)"]


def test_after_three_days_a_message_is_given_up_with_what_the_server_said(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=404)
    outbox.put("one", "desk")
    outbox.drain()
    outbox.now += timedelta(days=3)
    assert outbox.drain()[2] == 1
    (dead,) = outbox.store.deliveries(DeliveryState.DEAD)
    assert dead.error is not None
    assert "404" in dead.error


def test_a_channel_that_fails_for_an_hour_is_told_about_once_through_another_and_when_it_is_well_again(
    outbox: Outbox, site: Any
) -> None:
    site.page("/desk", status=503)
    outbox.put("one", "desk")
    for _ in range(6):
        outbox.drain()
        outbox.now += timedelta(minutes=30)
    site.page("/desk")
    outbox.now += timedelta(hours=1)
    outbox.drain()
    outbox.drain()
    assert [title.partition(":")[0] for title in titles(site, "/ops")] == ["FAILING", "RECOVERED"]
    assert "channel desk" in titles(site, "/ops")[0]


def test_a_channel_that_is_gone_from_the_configuration_turns_its_deliveries_dead(outbox: Outbox) -> None:
    outbox.put("one", "chat")
    assert outbox.drain() == (0, 0, 1)
    (dead,) = outbox.store.deliveries(DeliveryState.DEAD)
    assert dead.error == "the channel is gone from the configuration"


def test_waits_double_up_to_an_hour() -> None:
    waits = [retry_wait(attempts).total_seconds() for attempts in (0, 1, 2, 5, 20)]
    assert all(0.9 * most <= wait <= most for wait, most in zip(waits, (30, 60, 120, 960, 3600), strict=True))


def test_while_another_process_sends_nothing_is_sent_twice(outbox: Outbox, site: Any) -> None:
    outbox.put("one", "desk")
    with outbox.store.sending_lock(0) as ours:
        assert ours
        assert Deliverer(outbox.config, outbox.store, lambda: outbox.now).drain().locked
    assert site.requests == []
