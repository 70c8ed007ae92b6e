"""A daemon reports the longest pauses of its event loop: in the state, in status, and to systemd."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.storage.daemons import DaemonSeen
from state.store import Store
from watcher.config.load import load
from watcher.errors import UsageError
from watcher.runtime import event_loop
from watcher.runtime.event_loop import SPAN, Pause, Pauses
from watcher.service import presence
from watcher.service.daemon import alone
from watcher.service.presence import CheckCounts, Presence

NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)


def pauses(*turns: tuple[float, float, float]) -> Pauses:
    """Those of turns: seconds of processor time, in all, and how many spans after the start each ended."""
    found = Pauses()
    begins = found._ends - SPAN
    for cpu, wall, spans in turns:
        found.add(cpu, wall, begins + spans * SPAN)
    return found


def test_the_longest_of_the_hour_of_the_day_and_since_the_start() -> None:
    found = pauses((3.0, 3.0, 0.5), (0.2, 0.9, 290.5), (0.3, 0.4, 310.5), (0.1, 0.1, 320.5))
    assert found.summary() == {
        "hour": {"cpu": 0.3, "wall": 0.4},
        "day": {"cpu": 0.3, "wall": 0.9},
        "start": {"cpu": 3.0, "wall": 3.0},
    }


@pytest.mark.parametrize(
    ("turns", "hour"),
    [
        ([], Pause(0.0, 0.0)),
        ([(0.5, 0.5, 0.5), (0.1, 0.1, 11.5)], Pause(0.5, 0.5)),
        ([(0.5, 0.5, 0.5), (0.1, 0.1, 12.5)], Pause(0.1, 0.1)),
        ([(0.5, 0.5, 0.5), (0.1, 0.1, 1e9)], Pause(0.1, 0.1)),  # as when the machine slept
    ],
)
def test_an_hour_is_its_last_twelve_spans(turns: list[tuple[float, float, float]], hour: Pause) -> None:
    assert pauses(*turns).lately(event_loop.SPANS_AN_HOUR) == hour


@pytest.fixture
def there(store: Store, configure: Callable[..., Path]) -> Presence:
    configure('[sources.a]\nkind = "feed"\nurl = "https://a.example/"')
    told = Presence(store, lambda: datetime.now(UTC))
    told.report(pauses((0.25, 0.5, 0.5)), CheckCounts(0))
    return told


def test_status_shows_what_a_daemon_told(there: Presence, watch: Callable[..., Any]) -> None:
    (told,) = json.loads(watch("status", "--json").out)["daemons"]
    assert (told["there"], told["pauses"]["hour"], told["pauses"]["start"]) == (
        True,
        {"cpu": 0.25, "wall": 0.5},
        {"cpu": 0.25, "wall": 0.5},
    )
    assert "the event loop paused" not in watch("status").out  # a short pause is nothing to people
    there.end()
    assert json.loads(watch("status", "--json").out)["daemons"] == []


def test_it_tells_once_a_minute(there: Presence, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    there.report(pauses((9.0, 9.0, 0.5)), CheckCounts(0))
    assert store.daemons.all()[0].state["pauses"]["start"]["cpu"] == 0.25
    monkeypatch.setattr(presence, "EVERY", 0.0)
    there._next = 0.0
    there.report(pauses((9.0, 9.0, 0.5)), CheckCounts(0))
    assert [each.state["pauses"]["start"]["cpu"] for each in store.daemons.all()] == [9.0]


def test_a_long_pause_is_told_to_the_service_manager(store: Store, configure: Callable[..., Path]) -> None:
    daemon = alone(load(configure('[sources.a]\nkind = "feed"\nurl = "https://a.example/"')), store)
    daemon._pauses.add(0.4, 0.6)
    assert "paused" not in daemon._standing()
    daemon._pauses.add(0.7, 0.9)
    assert daemon._standing().endswith("; the event loop paused for 0.7 s within the hour")


def test_a_worker_of_an_earlier_version_tells_nothing_of_it() -> None:
    assert presence._paused({"in_hand": 3}) == ""
    assert presence._paused({"pauses": {"hour": {"cpu": 0.71}}}) == "; the event loop paused for 0.7 s within the hour"


def test_a_daemon_that_was_killed_is_not_there_and_then_forgotten(
    store: Store, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    configure("")
    now = datetime.now(UTC)
    store.daemons.note(DaemonSeen("killed", "here", now - timedelta(days=3), now - timedelta(minutes=10), {}))
    assert [each["there"] for each in json.loads(watch("status", "--json").out)["daemons"]] == [False]
    assert "daemon killed: not seen for 10 min" in " ".join(watch("status").out.split())
    store.daemons.note(DaemonSeen("another", "here", now, now + timedelta(days=2), {}))
    assert [each.name for each in store.daemons.all()] == ["another"]


@pytest.fixture
def other(store: Store) -> Callable[..., None]:
    """Puts another daemon into the state."""

    def put(process: int, host: str, ago: timedelta = timedelta(seconds=30)) -> None:
        store.daemons.note(DaemonSeen(f"{host}:{process}:abc", host, NOON, NOON - ago, {}))

    return put


def test_a_second_daemon_on_a_file_is_refused_and_told_of_the_first(store: Store, other: Callable[..., None]) -> None:
    other(1, socket.gethostname())  # there always is a process 1
    with pytest.raises(UsageError, match=r"^state\.db: .* process 1 on .*, since 2025-07-14"):
        Presence(store, lambda: NOON).enter(store, "state.db")
    assert len(store.daemons.all()) == 1


def test_a_daemon_goes_on_where_the_first_was_killed_or_is_not_heard_of(
    store: Store, other: Callable[..., None]
) -> None:
    other(2**22 + 1, socket.gethostname())  # above the ids that a system gives
    other(os.getpid(), socket.gethostname())
    other(1, "elsewhere", timedelta(minutes=4))
    Presence(store, lambda: NOON).enter(store, "state.db")
    assert len(store.daemons.all()) == 4
    other(1, "elsewhere")
    with pytest.raises(UsageError, match="process 1 on elsewhere"):
        Presence(store, lambda: NOON).enter(store, "state.db")
