"""The budget in the program: real state on each database, a site that is fake, a clock that a test moves."""

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
from sources.http.session import Validators
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.store import Store
from watcher.check.outcome import Result
from watcher.check.schedule import Timing
from watcher.check.unread import longest_rest
from watcher.config.load import Config
from watcher.config.schedule_options import ScheduleOptions
from watcher.cycle import Cycle
from watcher.rhythm.learner import LONGEST_PACKED
from watcher.rhythm.lessons import recall
from watcher.tools.schedule.schedule_report import report
from watcher.tools.schedule.why_due import Explainer
from watcher.tools.sync_cycle import SyncCycle, sync_cycle

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
        self.config = config_of(budget, sources or {"list": Numbers(every="15m")})
        self._url, self._processes = url, processes
        self.begin()

    def begin(self) -> None:
        self.stack = ExitStack()
        self.stores = [self.stack.enter_context(Store.open(self._url)) for _ in range(self._processes)]
        self.cycles: list[SyncCycle] = []
        for store in self.stores:
            cycle = Cycle(self.config, store, self, lambda: self.now)
            cycle._rhythms.turn()
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
        return Page(
            get, get.url, 200, {"etag": etag, "content-type": "application/json"}, json.dumps(number).encode(), self.now
        )

    def check(self, name: str = "list") -> Result:
        """Check a source at its due time, in one process after the other."""
        due = self.stores[0].source(name).due
        cycle = self.cycles[len(self.checks) % len(self.cycles)]
        while self.books and due and due - self.now > 5 * MINUTE:
            self.now += 5 * MINUTE
            cycle.cycle._rhythms.turn()
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


@pytest.mark.parametrize("processes", [1, 2])
def test_the_promise_is_kept_at_every_step_also_over_restarts(on_each: Callable[..., World], processes: int) -> None:
    played = on_each(processes)
    played.changes = in_office_hours
    intervals = list[timedelta]()
    for day in range(1, 3):
        intervals += played.until(MONDAY + timedelta(days=day))
        played.restart()
    assert max(intervals) <= EVERY + timedelta(seconds=1)
    assert min(intervals) >= timedelta(seconds=199)
    assert len(intervals) > 1.2 * 2 * 96


def test_without_a_budget_nothing_is_learned_and_each_interval_is_the_same(world: Callable[..., World]) -> None:
    played = world(budget=None)
    played.changes = in_office_hours
    assert set(played.until(MONDAY + timedelta(hours=14))) == {EVERY}
    assert played.stores[0].rhythms.packed(["list"]) == {}
    assert played.why() == "it is checked every 15m"


def test_what_is_learned_is_stored_small_and_survives_a_restart_and_an_edit(on_each: Callable[..., World]) -> None:
    played = on_each()
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=1, hours=12))
    packed = played.stores[0].rhythms.packed(["list"])["list"][1]
    played.config = config_of("2x", {"list": Numbers(every="10m")})
    played.restart()
    played.check()
    curve = recall(played.stores[0].rhythms.packed(["list"])["list"][1])
    assert curve is not None
    assert len(packed) <= LONGEST_PACKED
    assert curve.changed == pytest.approx(played.now.timestamp() - 3600, abs=3600)
    assert curve.mean > 3


def test_a_missing_rhythm_is_made_anew_from_the_log(world: Callable[..., World]) -> None:
    played = world(budget=None)
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=8))
    played.config = config_of("1.5x", dict(played.config.sources))
    played.restart()
    played.check()
    curve = recall(played.stores[0].rhythms.packed(["list"])["list"][1])
    assert curve is not None
    assert curve.times(10 * 12) > 3 * curve.times(3 * 12)


def test_status_says_that_the_hour_is_the_reason(world: Callable[..., World]) -> None:
    played = world()
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=1, hours=10, minutes=20))
    assert "times as often as on average" in played.why()


def test_status_says_that_the_promise_is_the_reason(world: Callable[..., World]) -> None:
    played = world(budget="1x")
    played.until(MONDAY + timedelta(hours=2))
    assert played.why().startswith("the promise: never longer than 15 min; ")


def test_after_a_week_of_outage_the_promise_holds_again_and_nothing_was_learned_of_it(
    world: Callable[..., World],
) -> None:
    played = world()
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=2))
    before = recall(played.stores[0].rhythms.packed(["list"])["list"][1])
    played.now += timedelta(days=7)
    result = played.check()
    after = recall(played.stores[0].rhythms.packed(["list"])["list"][1])
    assert before is not None
    assert after is not None
    assert result.due is not None
    assert after.mean == pytest.approx(before.mean, rel=0.1)
    assert played.now < result.due <= played.now + EVERY
    assert played.why().endswith("that something is new")


def test_a_clock_that_is_moved_back_makes_the_source_due_at_once_and_the_promise_holds(
    world: Callable[..., World],
) -> None:
    played = world()
    played.until(MONDAY + timedelta(hours=5))
    played.now -= timedelta(hours=3)
    cycle = played.cycles[0]
    cycle.start("list")
    results = list[Result]()
    while not results:
        results += cycle.step(1)
    assert results[0].due is not None
    assert played.now < results[0].due <= played.now + EVERY
    assert max(played.until(played.now + timedelta(hours=2))) <= EVERY + timedelta(seconds=1)


def test_a_source_that_changes_at_every_look_stays_at_every(world: Callable[..., World]) -> None:
    played = world()
    played.changes = lambda now: int((now - MONDAY) / timedelta(minutes=1))
    played.until(MONDAY + timedelta(hours=16))
    assert played.why() == "it changes at every look: every 15 min"
    assert set(played.until(MONDAY + timedelta(hours=18))) == {EVERY}


def test_while_a_source_fails_it_is_asked_as_without_a_budget(world: Callable[..., World]) -> None:
    played = world()
    played.until(MONDAY + timedelta(hours=3))
    played.down = True
    played.check()
    assert set(played.until(played.now + timedelta(hours=1))) == {EVERY}
    assert "checks failed in a row" in played.why()
    played.down = False
    result = played.check()
    assert result.due is not None
    assert result.due - played.now <= EVERY


def test_a_new_source_beside_old_ones_is_looked_at_as_often_as_they_are(world: Callable[..., World]) -> None:
    played = world(old=Numbers(every="15m"))
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=3), "old")
    played.config = config_of("1.5x", {"old": Numbers(every="15m"), "new": Numbers(every="15m")})
    played.restart()
    intervals = played.until(MONDAY + timedelta(days=3, hours=6), "new")
    assert timedelta(minutes=5) < max(intervals) <= EVERY + timedelta(seconds=1)
    assert "as often as on average" in played.why("new") or "the promise" in played.why("new")


def test_a_fixed_source_takes_no_part(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", schedule="fixed"))
    played.changes = in_office_hours
    assert set(played.until(MONDAY + timedelta(hours=14))) == {EVERY}
    assert report(played.config, played.stores[0], played.now).known == []


def test_the_requests_of_a_day_are_booked(world: Callable[..., World]) -> None:
    played = world()
    played.changes, played.books = in_office_hours, True
    played.until(MONDAY + timedelta(days=2))
    found = report(played.config, played.stores[0], played.now)
    assert found.used == pytest.approx(6.0, rel=0.15)  # an hour
    assert found.forecasts[1.5].delay < found.forecasts[1.0].delay == pytest.approx(450)


def test_a_source_with_hours_rests_outside_of_them_and_opens_with_a_check(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", hours="mon-fri 08:00-20:00"))
    played.now = MONDAY + timedelta(hours=9)
    played.check()
    played.until(MONDAY + timedelta(hours=20))
    assert played.stores[0].source("list").due == MONDAY + timedelta(days=1, hours=8)
    played.now = MONDAY + timedelta(hours=21)
    assert played.why() == "it rests until 2025-07-15 08:00, when its hours begin"


def test_a_night_in_which_a_source_rests_is_no_gap_in_what_is_known_of_it(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", hours="08:00-20:00"))
    played.now = MONDAY + timedelta(hours=18)
    played.check()
    played.until(MONDAY + timedelta(days=1, hours=9))
    timing = Timing.of(played.config.sources["list"], played.config.schedule.terms, ZoneInfo("UTC"))
    rest = longest_rest(timing, played.now, played.now)
    history = played.stores[0].history
    assert history.gaps("list", MONDAY + timedelta(hours=19), played.now, now=played.now, rest=rest) == []


def test_hours_follow_their_clock_when_summer_time_begins(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", hours="08:00-20:00", zone="Europe/Berlin"))
    played.now = datetime(2025, 3, 29, 18, 50, tzinfo=UTC)
    result = played.check()
    assert result.due == datetime(2025, 3, 30, 6, tzinfo=UTC)  # the day before it was 7 in UTC
    played.now = datetime(2025, 3, 29, 22, tzinfo=UTC)
    assert played.why() == "it rests until 2025-03-30 06:00, when its hours begin"


def test_a_source_with_times_is_checked_at_them_and_soon_again_when_it_failed(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", at="0 9 * * 1-5"))
    played.now = MONDAY + timedelta(hours=9)
    result = played.check()
    assert result.due == MONDAY + timedelta(days=1, hours=9)
    assert played.why() == "the next of its times: at = '0 9 * * 1-5'"
    played.down = True
    result = played.check()
    assert result.due == MONDAY + timedelta(days=1, hours=9, minutes=15)
