"""The daemon over an hour of fake time: each source keeps the rhythm of its due times to the end.

Time passes only when the program waits. Only the sites are fake.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources import Get, Page, Source
from sources.http.exchange import Validators
from state.store import Store
from tests.storing import set_due
from tests.sync_cycle import sync_cycle
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.runtime import event_loop
from watcher.service.daemon import Daemon
from watcher.service.heartbeat import Heartbeat
from watcher.service.presence import Presence
from watcher.service.timetable import OwnTimetable

HOUR = 3600.0
EVERY = 300.0


def source(number: int, url: str) -> str:
    return f'[sources.s{number}]\nkind = "json"\nurl = "{url}"\nitems = "@"\nkey = "name"\nevery = "5m"\n'


class MovedTime:
    """What the clocks show; `stop` is called when the hour is over."""

    def __init__(self) -> None:
        self.began, self._monotonic, self.passed = datetime.now(UTC), time.monotonic(), 0.0
        self.stop: Callable[[], None] = lambda: None

    def clock(self) -> datetime:
        return self.began + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self._monotonic + self.passed

    def wait(self, seconds: float) -> None:
        self.passed += max(seconds, 0.001)
        if self.passed > HOUR:
            self.stop()


class Sites:
    """Fetches for all sources: an answer takes `seconds`, and is "not modified" to whoever has been here."""

    def __init__(self, moved: MovedTime, seconds: Callable[[], float]) -> None:
        self.moved, self.seconds = moved, seconds
        self.asked = defaultdict[str, list[float]](list)

    def session(self, source: Source) -> Any:
        return self

    async def aclose(self) -> None:
        return

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        self.asked[get.url].append(self.moved.passed)
        await asyncio.sleep(self.seconds())
        body = b"" if validators else b'[{"name": "Telegram"}]'
        return Page(get, get.url, 304 if validators else 200, {"etag": '"1"'}, body, self.moved.clock())


class MovedDaemon(Daemon):
    sites: Sites

    def _new_fetcher(self, _config: Config) -> Any:
        return self.sites


@pytest.fixture
def hour(configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, list[float]]]:
    """Runs sources at these addresses, each due first after so many seconds, for an hour; when each was late by how
    much, in the order of its checks.
    """

    def run(due: dict[str, float], spacing: str, seconds: Callable[[], float]) -> dict[str, list[float]]:
        said = "".join(map(source, range(len(due)), due))
        at_once, config = (load(configure(f'[http]\nspacing = "{each}"\n{said}')) for each in ("0s", spacing))
        moved = MovedTime()
        known = Sites(moved, lambda: 0.0)
        with Store.open(config.state) as store:
            with sync_cycle(Cycle(at_once, store, known, moved.clock)) as cycle:
                for name in config.sources:
                    cycle.start(name)
                while len(cycle):
                    cycle.step(0.1)
            set_due(store, {f"s{at}": moved.began + timedelta(seconds=first) for at, first in enumerate(due.values())})
            MovedDaemon.sites = Sites(moved, seconds)
            monkeypatch.setattr(time, "monotonic", moved.monotonic)
            monkeypatch.setattr(event_loop._MeasuringSelector, "select", passing(moved))
            clock = moved.clock
            beside = Presence(store, clock), Heartbeat(config, store, clock)
            daemon = MovedDaemon(config, store, OwnTimetable(store, clock), *beside, clock)
            moved.stop = daemon.stop
            daemon.run()
        return {
            url: [at - due[url] - EVERY * turn for turn, at in enumerate(times)]
            for url, times in MovedDaemon.sites.asked.items()
        }

    return run


def passing(moved: MovedTime) -> Callable[..., list[Any]]:
    """Waiting in the event loop, where nothing ever comes from outside: the time passes instead."""
    real = event_loop._MeasuringSelector.select

    def select(selector: Any, timeout: float | None = None) -> list[Any]:
        if timeout is None or timeout > 0:
            moved.wait(timeout or 0)
        return real(selector, 0)

    return select


def test_due_times_of_many_sources_do_not_drift_over_an_hour(hour: Callable[..., dict[str, list[float]]]) -> None:
    chance = random.Random(7)
    due = {f"http://host{number}.test/list": 1 + number * EVERY / 60 for number in range(60)}
    late = hour(due, "1s", lambda: chance.uniform(0.05, 0.8))
    assert {len(each) for each in late.values()} == {12}
    assert min(min(each) for each in late.values()) > -0.001
    assert max(max(each) for each in late.values()) < 0.1


def test_those_that_wait_for_each_other_at_a_host_keep_their_rhythm_too(
    hour: Callable[..., dict[str, list[float]]],
) -> None:
    late = hour({f"http://host.test/{number}": 5.0 for number in range(20)}, "1s", lambda: 0.3)
    assert {len(each) for each in late.values()} == {12}
    assert max(max(each) for each in late.values()) < 20 + 0.1
    assert sorted(round(each[-1]) for each in late.values()) == list(range(20))
