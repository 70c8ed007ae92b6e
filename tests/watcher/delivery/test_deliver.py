"""The outbox is drained with a fake clock: retries, giving up, failing channels."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts import send as sending
from alerts.timing import retry_wait
from state.errors import StateError
from state.model import DeliveryState, Event, EventKind
from state.store import Store
from tests.storing import add_event, came
from watcher.config.load import Config, load
from watcher.delivery.deliver import Deliverer

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)


class Outbox:
    """A state, its configuration and a clock that is moved by hand."""

    def __init__(self, config: Config, store: Store) -> None:
        self.config, self.store, self.now = config, store, NOON

    def put(self, title: str, *channels: str) -> None:
        add_event(self.store, came(title, self.now), channels, self.now)

    def drain(self) -> tuple[int, int, int]:
        drained = Deliverer(self.config, self.store, lambda: self.now).drain()
        return drained.sent, drained.failed, drained.dead


@pytest.fixture
def outbox(site: Any, configure: Callable[..., Any], state_url: str) -> Iterator[Outbox]:
    """Two channels, desk and ops; ops hears of health."""
    hook = site.url("").replace("http", "json")
    channels = "".join(f"[channels.{name}]\nurl = '{hook}/{name}'\n" for name in ("desk", "ops"))
    rules = "[[alerts]]\nto = ['desk']\n[[alerts]]\nhealth = true\nto = ['ops', 'desk']\n"
    config = load(configure(f"state = '{state_url}'\n[entities.x]\nnames = ['x']\n{channels}{rules}"))
    for name in ("desk", "ops"):
        site.page(f"/{name}")
    with Store.open(config.state) as store:
        yield Outbox(config, store)


def full_disk(*_: Any) -> None:
    raise StateError("no space is left on its disk")


def titles(site: Any, path: str) -> list[str]:
    return [told["title"] for told in site.sent(path)]


def test_what_is_due_together_goes_as_one_message(outbox: Outbox, site: Any) -> None:
    outbox.put("one", "desk")
    outbox.put("two", "desk")
    assert outbox.drain() == (2, 0, 0)
    assert titles(site, "/desk") == ["one: added (list) +1"]
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


def test_when_a_channel_works_again_all_that_waits_goes_at_once_and_in_order(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=503)
    for title in ("one", "two"):
        outbox.put(title, "desk")
        for _ in range(12):
            outbox.drain()
            outbox.now += timedelta(minutes=5)
    site.page("/desk")
    before = len(site.requests)
    outbox.put("three", "desk")
    assert outbox.drain() == (3 + 1, 0, 0)  # and that it works again, to ops
    taken = [json.loads(asked.body)["title"] for asked in site.requests[before:] if asked.path == "/desk"]
    assert taken == [f"{title}: added (list)" for title in ("one", "two", "three")]


def test_nothing_overtakes_a_message_while_its_service_asks_to_wait(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=429, headers={"Retry-After": "40"})
    outbox.put("as it was changed", "desk")
    assert outbox.drain() == (0, 1, 0)
    outbox.put("as it was changed back", "desk", "ops")
    outbox.now += timedelta(seconds=10)
    assert outbox.drain() == (1, 0, 0)  # to ops
    site.page("/desk")
    outbox.now += timedelta(seconds=29)  # later than the first retry of a message that was refused
    assert outbox.drain() == (0, 0, 0)
    outbox.now += timedelta(seconds=2)
    assert outbox.drain() == (2, 0, 0)
    assert titles(site, "/desk")[1:] == ["as it was changed: added (list)", "as it was changed back: added (list)"]


def test_nothing_overtakes_a_message_while_its_service_asks_to_wait_without_saying_how_long(
    outbox: Outbox, site: Any
) -> None:
    site.page("/desk", status=429)
    outbox.put("one", "desk")
    for _ in range(4):  # each time it waits for longer
        outbox.drain()
        outbox.now += timedelta(seconds=10)
    asked = len(titles(site, "/desk"))
    site.page("/desk")
    outbox.put("two", "desk")
    outbox.now -= timedelta(seconds=9)
    assert outbox.drain() == (0, 0, 0)
    outbox.now += timedelta(seconds=9)
    assert outbox.drain() == (2, 0, 0)
    assert titles(site, "/desk")[asked:] == ["one: added (list)", "two: added (list)"]


def test_a_message_that_a_service_refuses_for_good_keeps_no_other_from_being_told(outbox: Outbox, site: Any) -> None:
    def answer(asked: Any) -> Any:
        return site.Reply("", 400 if b"too long" in asked.body else 200, {"Retry-After": "600"})

    site.page("/desk", answer)
    outbox.put("too long", "desk")
    assert outbox.drain() == (0, 1, 0)
    outbox.put("one", "desk")
    assert outbox.drain() == (1, 0, 0)


def test_one_channel_that_fails_keeps_no_other_from_being_told(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=500)
    outbox.put("one", "desk", "ops")
    assert outbox.drain() == (1, 1, 0)
    assert titles(site, "/ops") == ["one: added (list)"]


def test_after_three_days_a_message_is_given_up_with_what_the_server_said(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=404)
    outbox.put("one", "desk")
    outbox.drain()
    outbox.now += timedelta(days=3)
    assert outbox.drain()[2] == 1
    (dead,) = outbox.store.outbox.deliveries(DeliveryState.DEAD)
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


def test_a_channel_that_is_gone_from_the_configuration_turns_its_deliveries_dead_and_says_so(
    outbox: Outbox, site: Any
) -> None:
    outbox.put("one", "chat")
    assert outbox.drain() == (2, 0, 1)
    (dead,) = outbox.store.outbox.deliveries(DeliveryState.DEAD)
    assert dead.error == "the channel is gone from the configuration"
    assert titles(site, "/ops") == titles(site, "/desk")
    assert titles(site, "/ops") == ["GIVEN UP: channel chat: 1 alert will not be delivered: the channel is gone fr…"]


def test_what_is_given_up_is_told_through_another_channel(outbox: Outbox, site: Any) -> None:
    site.page("/desk", status=404)
    outbox.put("one", "desk")
    outbox.put("two", "desk")
    outbox.drain()
    outbox.now += timedelta(days=3)
    outbox.drain()
    (told,) = [told["message"] for told in site.sent("/ops")]
    assert "FAILING: channel desk" in told
    assert "2 alerts will not be delivered: the server answered 404 Not Found" in told


def test_two_channels_that_are_both_dead_do_not_tell_of_each_other_for_ever(outbox: Outbox, site: Any) -> None:
    for path in ("/desk", "/ops"):
        site.page(path, status=410)
    outbox.put("one", "desk")
    for _ in range(40):
        outbox.drain()
        outbox.now += timedelta(days=1)
    kinds = [event.data["status"] for event in outbox.store.log.events(kind=EventKind.HEALTH)]
    assert sorted(kinds) == ["failing", "failing", "given up"]
    assert outbox.store.outbox.counts()["pending"] == 0


def test_a_server_that_hangs_does_not_hold_up_the_next_alert_to_another(
    outbox: Outbox, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerts.send.SECONDS", 600)
    site.silent("/desk")
    outbox.put("one", "desk")
    drain = threading.Thread(target=outbox.drain)
    drain.start()
    while not titles(site, "/desk"):
        time.sleep(0.01)
    outbox.put("two", "ops")
    while not titles(site, "/ops"):
        time.sleep(0.01)
    assert drain.is_alive(), "the server that hangs still does"
    site.closing.set()
    drain.join()


def test_when_told_to_finish_no_further_message_is_begun(outbox: Outbox, site: Any) -> None:
    deliverer = Deliverer(outbox.config, outbox.store, lambda: outbox.now)
    site.page("/desk", status=503)
    for title in ("one", "two", "three"):
        outbox.put(title, "desk")
        deliverer.drain()
    outbox.now += timedelta(hours=1)
    site.page("/desk", lambda asked: deliverer.finish(0) or "")
    assert deliverer.drain().sent == 1
    assert outbox.store.outbox.counts()["pending"] == 2


def test_a_message_that_was_taken_but_could_not_be_marked_is_not_sent_again(
    outbox: Outbox, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliverer = Deliverer(outbox.config, outbox.store, lambda: outbox.now)
    outbox.put("one", "desk")
    monkeypatch.setattr(outbox.store.outbox, "sent", full_disk)
    with pytest.raises(StateError):
        deliverer.drain()
    monkeypatch.undo()
    assert deliverer.using(outbox.config).drain().sent == 1
    assert (len(titles(site, "/desk")), outbox.store.outbox.counts()["sent"]) == (1, 1)


def test_nothing_is_sent_while_the_state_cannot_be_written(
    outbox: Outbox, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("/desk", status=503)
    outbox.put("one", "desk")
    outbox.drain()
    monkeypatch.setattr(outbox.store.outbox, "trying", full_disk)
    outbox.now += timedelta(hours=1)
    with pytest.raises(StateError):
        outbox.drain()
    assert len(titles(site, "/desk")) == 1


def test_an_event_that_no_message_can_be_made_of_keeps_no_other_from_being_told(outbox: Outbox, site: Any) -> None:
    outbox.put("one", "desk")
    add_event(outbox.store, Event(EventKind.CHANGE, "list", "list", "record", NOON, None, {}), ["desk"], NOON)
    outbox.put("two", "desk")
    outbox.drain()
    assert sorted(titles(site, "/desk")) == ["one: added (list)", "two: added (list)"]
    (dead,) = outbox.store.outbox.deliveries(DeliveryState.DEAD)
    assert dead.error is not None
    assert dead.error.startswith("no message can be made of it")
    assert len(titles(site, "/ops")) == 1


def test_a_clock_that_was_a_day_ahead_holds_nothing_up_when_it_is_set_right(outbox: Outbox, site: Any) -> None:
    outbox.now += timedelta(days=1)
    site.page("/desk", status=503)
    outbox.put("tried", "desk")
    outbox.drain()
    outbox.put("new", "ops")
    outbox.now -= timedelta(days=1)
    site.page("/desk")
    assert outbox.drain() == (2, 0, 0)


def test_a_channel_that_is_gone_is_no_longer_in_trouble(outbox: Outbox) -> None:
    outbox.store.channels.note_failure("chat", NOON)
    outbox.drain()
    assert outbox.store.channels.troubles() == []


def test_waits_double_up_to_an_hour() -> None:
    waits = [retry_wait(attempts).total_seconds() for attempts in (0, 1, 2, 5, 20)]
    assert all(0.9 * most <= wait <= most for wait, most in zip(waits, (30, 60, 120, 960, 3600), strict=True))


def test_while_another_process_sends_nothing_is_sent_twice(outbox: Outbox, site: Any) -> None:
    outbox.put("one", "desk")
    with outbox.store.database.sending_lock(0) as ours:
        assert ours
        assert Deliverer(outbox.config, outbox.store, lambda: outbox.now).drain().locked
    assert site.requests == []


def test_a_daemon_that_does_not_know_a_new_channel_yet_leaves_its_deliveries_alone(outbox: Outbox) -> None:
    daemon = Deliverer(outbox.config, outbox.store, lambda: outbox.now)
    outbox.now += timedelta(seconds=1)
    outbox.put("one", "new")  # by `watch --once`, after an edit that the daemon has not been told to read
    assert daemon.drain().dead == 0
    assert [delivery.channel for delivery in outbox.store.outbox.deliveries(DeliveryState.PENDING)] == ["new"]
    assert outbox.drain()[2] == 1  # a configuration loaded since then, without that channel


@pytest.mark.parametrize("at", ["9999-12-31T23:30:00+00:00", "0001-01-01T00:30:00+00:00"])
def test_a_date_at_the_end_of_time_keeps_nobody_from_being_told(outbox: Outbox, site: Any, at: str) -> None:
    """As an earlier build may have stored it."""
    outbox.config = replace(outbox.config, timezone=ZoneInfo("Pacific/Kiritimati" if at > "5" else "Etc/GMT+12"))
    add_event(outbox.store, came("odd", NOON, key="1", published=at), ["desk"], NOON)
    outbox.put("sound", "desk")
    assert outbox.drain() == (2, 0, 0)
    assert len(titles(site, "/desk")) == 1


def test_a_fault_of_ours_in_one_message_keeps_no_other_channel_from_being_told(
    outbox: Outbox, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(url: str, *_: Any) -> str | None:
        if url.endswith("/desk"):
            raise RecursionError(f"too deep for {url}")
        return real(url, *_)

    real = sending.send
    monkeypatch.setattr(sending, "send", send)
    outbox.put("one", "desk", "ops")
    assert outbox.drain() == (1, 1, 0)
    assert len(titles(site, "/ops")) == 1
    (waiting,) = outbox.store.outbox.deliveries(DeliveryState.PENDING)
    assert (waiting.error or "").startswith("unexpected fault: RecursionError: too deep for ")
    assert "/desk" not in (waiting.error or "")  # a channel's url holds its secrets


def limited(outbox: Outbox, **options: Any) -> None:
    channel = outbox.config.channels["desk"]
    desk = type(channel).model_validate({**channel.model_dump(exclude_none=True), **options})
    outbox.config = replace(outbox.config, channels={**outbox.config.channels, "desk": desk})


@pytest.mark.parametrize(
    ("column", "row", "after"),
    [
        ("messages.text", "channel = 'desk'", [True]),
        ("messages.thread", "channel = 'desk'", [True]),
        ("events.data", "id = 1", []),
        ("channels.since", "name = 'desk'", [True]),
    ],
)
def test_a_damaged_row_of_what_is_sent_keeps_nobody_else_from_being_told(
    outbox: Outbox, site: Any, state_url: str, column: str, row: str, after: list[bool]
) -> None:
    if not state_url.startswith("sqlite"):
        pytest.skip("a server refuses what is no text")
    site.page("/desk", status=500)
    outbox.put("one", "desk", "ops")
    assert outbox.drain() == (1, 1, 0)  # the message to the desk waits
    site.page("/desk")
    site.requests.clear()
    table, name = column.split(".")
    damaged = "'{'" if name == "thread" else "CAST(x'ff' AS TEXT)"
    if table == "events":  # read when a message is composed
        execute(state_url, "UPDATE deliveries SET message_id = NULL WHERE channel = 'desk'")
    execute(state_url, f"UPDATE {table} SET {name} = {damaged} WHERE {row}")
    outbox.now += timedelta(hours=1)
    outbox.put("two", "ops")
    outbox.drain()
    told = [titles(site, f"/{channel}") for channel in ("desk", "ops")]
    assert ["one" in title for title in told[0]] == after
    assert "two" in told[1][0]
    assert outbox.drain()[:2] == (0, 0)


def test_a_damaged_channel_is_mended_where_nothing_waits(outbox: Outbox, site: Any, state_url: str) -> None:
    if not state_url.startswith("sqlite"):
        pytest.skip("a server refuses what is no text")
    site.page("/desk", status=500)
    outbox.put("one", "desk")
    outbox.drain()
    execute(state_url, "UPDATE deliveries SET state = 'sent'")
    execute(state_url, "UPDATE channels SET since = CAST(x'ff' AS TEXT)")
    outbox.store.damage.mend_outbox()
    with closing(sqlite3.connect(state_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("SELECT count(*) FROM channels").fetchall() == [(0,)]


def execute(state_url: str, statement: str) -> None:
    with closing(sqlite3.connect(state_url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute(statement)


def test_no_more_messages_than_a_channel_takes_and_the_rest_in_one(outbox: Outbox, site: Any) -> None:
    limited(outbox, at_most="2/hour")
    for number in range(6):
        outbox.put(f"change {number}", "desk")
        outbox.drain()
        outbox.now += timedelta(minutes=1)
    assert titles(site, "/desk") == ["change 0: added (list)", "change 1: added (list)"]
    assert outbox.store.outbox.counts(outbox.now)["held"] == 4
    assert outbox.store.outbox.overdue(outbox.now) == 0
    outbox.now = NOON + timedelta(hours=1, seconds=1)
    assert outbox.drain() == (4, 0, 0)
    assert titles(site, "/desk")[2:] == ["change 2: added (list) +3"]


def test_a_template_that_fails_is_told_to_operators_once(outbox: Outbox, site: Any) -> None:
    limited(outbox, text="{{ title + 1 }}")
    for title in ("one", "two"):
        outbox.put(title, "desk")
        outbox.drain()
    outbox.drain()
    told = titles(site, "/ops")
    assert [title.partition(":")[0] for title in told] == ["FAILING"]
    assert "the template of channel desk cannot be used" in told[0]
    changes = [title for title in titles(site, "/desk") if "FAILING" not in title]
    assert changes == ["one: added (list)", "two: added (list)"]
