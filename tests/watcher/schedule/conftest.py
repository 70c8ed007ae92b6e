"""The program with a budget: real state on each database, a site that is fake, a clock that a test moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sources import Entry, Get, Page, Source, Unreachable
from sources.http.exchange import Validators
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.model import Commit, Rhythm
from state.store import Store
from tests.sync_cycle import SyncCycle, sync_cycle
from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.cycle import Cycle
from watcher.reports.schedule import Explainer
from watcher.schedule.budget import ScheduleOptions, quantiles
from watcher.schedule.learning import recall

MONDAY = datetime(2025, 7, 14, tzinfo=UTC)
EVERY = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


class Numbers(Source):
    """A register that grows: the page is a number, and each number up to it is an entry."""

    url: str = "http://register.test/"
    authority: str = "report"  # type: ignore[assignment]

    def parse(self, page: Page) -> Iterator[Entry]:
        for number in range(page.json() + 1):
            yield Entry(number)


class World:
    """Processes that share a state: each with a cycle of its own. The clock stands until a test moves it."""

    def __init__(self, url: str, processes: int = 1, budget: str | None = "1.5x", **sources: Source) -> None:
        self.now, self.checks = MONDAY, list[tuple[datetime, str]]()
        self.down = self.books = False
        self.changes: Callable[[datetime], int] = lambda _: 0
        self.document: Callable[[int], bytes] = lambda number: json.dumps(number).encode()
        self.headers = {"content-type": "application/json"}
        self.config = config_of(budget, sources or {"list": Numbers(every="15m")})
        self._url, self._processes = url, processes
        self.begin()

    def begin(self) -> None:
        self.stack = ExitStack()
        self.stores = [self.stack.enter_context(Store.open(self._url)) for _ in range(self._processes)]
        self.cycles: list[SyncCycle] = []
        for store in self.stores:
            cycle = Cycle(self.config, store, self, lambda: self.now)
            cycle._pacemaker.turn()
            self.cycles.append(self.stack.enter_context(sync_cycle(cycle)))

    def restart(self) -> None:
        self.stack.close()
        self.begin()

    def session(self, _source: Source) -> World:
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        if self.down:
            raise Unreachable("nobody answers")
        number = self.changes(self.now)
        etag = f'"{number}"'
        if validators and validators.etag == etag:
            return Page(get, get.url, 304, {"etag": etag}, b"", self.now)
        return Page(get, get.url, 200, {"etag": etag, **self.headers}, self.document(number), self.now)

    def check(self, name: str = "list") -> Result:
        """Check a source at its due time, in one process after the other."""
        due = self.stores[0].source(name).due
        cycle = self.cycles[len(self.checks) % len(self.cycles)]
        while self.books and due and due - self.now > 5 * MINUTE:
            self.now += 5 * MINUTE
            cycle.cycle._pacemaker.turn()
        self.now = max(self.now, due or self.now)
        cycle.start(name, due)
        results = list[Result]()
        while not results:
            results += cycle.step(1)
        self.checks.append((self.now, name))
        return results[0]

    def until(self, end: datetime, name: str = "list") -> list[timedelta]:
        """Check a source until a time; the intervals."""
        begin = len(self.checks)
        while (self.stores[0].source(name).due or self.now) < end:
            self.check(name)
        times = [at for at, each in self.checks[begin:] if each == name]
        return [later - earlier for earlier, later in pairwise(times)]

    def knows(self, name: str, other: str) -> None:
        """Let a source know what another one has learned."""
        packed = self.stores[0].rhythms.read_packed([other])[other][1]
        curve = recall(packed)
        assert curve is not None
        learned = Rhythm(packed, curve.mean, quantiles(curve))
        self.stores[0].commit(name, lambda state: Commit(state, rhythm=learned))

    def why(self, name: str = "list") -> str:
        return Explainer(self.config, self.stores[0], self.now).why(self.stores[0].source(name))


def config_of(budget: str | None, sources: dict[str, Source], **options: str) -> Config:
    schedule = ScheduleOptions.model_validate({"budget": budget, **options} if budget else options)
    made = Config(None, "", ZoneInfo("UTC"), HttpOptions(spacing="0s"), sources, {}, {}, (), Secrets(), ())
    return replace(made, schedule=schedule)


def in_office_hours(now: datetime) -> int:
    """Ten changes between 10 and 11 of each working day."""
    days = sum((MONDAY + timedelta(days=day)).weekday() < 5 for day in range((now - MONDAY).days))
    today = min(10, max(0, (now - now.replace(hour=10, minute=0)) // timedelta(minutes=6))) if now.weekday() < 5 else 0
    return days * 10 + today


def making(url: str) -> Iterator[Callable[..., World]]:
    worlds = list[World]()

    def make(processes: int = 1, budget: str | None = "1.5x", **sources: Source) -> World:
        worlds.append(World(url, processes, budget, **sources))
        return worlds[-1]

    yield make
    for each in worlds:
        each.stack.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    yield from making(f"sqlite:///{tmp_path}/state.db")


@pytest.fixture
def on_each(state_url: str) -> Iterator[Callable[..., World]]:
    """The same on each database."""
    yield from making(state_url)
