"""The schedule of a daemon that checks all sources alone: due times in memory, loaded from the state."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from state.store import Store
from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.cycle import Cycle
from watcher.schedule.due_times import Timing, planned
from watcher.service.check_requests import LOOK, CheckRequests
from watcher.service.schedule import TRY_AGAIN, Due, Schedule
from watcher.service.status_counters import Standing


class Timetable(Schedule):
    """A heap of due times by the monotonic clock, which cannot be set back."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._config: Config | None = None
        self._due: list[tuple[float, str]] = []
        self._standing = Standing()
        self._requests = CheckRequests(store, clock)
        self._cycle: Cycle

    def plan(self, config: Config, cycle: Cycle) -> None:
        """Schedule every enabled source that is not under way. First checks are spread. Raises StateError."""
        now, monotonic = self._clock(), time.monotonic()
        known = {state.name: state for state in self._store.sources()}
        enabled = {name: source for name, source in config.sources.items() if source.enabled}
        self._config, self._cycle = config, cycle
        self._standing.watch(enabled, {name: state.health.status.value for name, state in known.items()})
        self._due = []
        for name, source in enabled.items():
            if not cycle.checking(name):
                timing = Timing.of(source, config.schedule.terms, config.timezone)
                due = planned(known.get(name), now, name, timing, len(enabled))
                self._due.append((monotonic + (due - now).total_seconds(), name))
        heapq.heapify(self._due)

    def claim(self) -> Iterator[Due]:
        """Those whose time has come, and those that people ask for."""
        while self._due and self._due[0][0] <= time.monotonic():
            yield Due(heapq.heappop(self._due)[1])
        for name in self._requests.wanted(self._config, self._cycle.checking) if self._config else ():
            self._due = [each for each in self._due if each[1] != name]
            heapq.heapify(self._due)
            yield Due(name)

    def done(self, result: Result) -> None:
        """Schedule the next check of a source."""
        self._standing.add(result)
        self._requests.done(result.name)
        source = self._config.sources.get(result.name) if self._config else None
        if source and source.enabled:
            ahead = (result.due - self._clock()) if result.due else TRY_AGAIN
            heapq.heappush(self._due, (time.monotonic() + ahead.total_seconds(), result.name))

    def next_wake(self, longest: float) -> float:
        """Seconds until the next one is due, or until the next look for what people ask for."""
        longest = min(longest, LOOK)
        return min(longest, max(0.0, self._due[0][0] - time.monotonic())) if self._due else longest

    def status(self, waiting: int) -> str:
        """The health of the sources, and which one is next."""
        if not self._due or self._config is None:
            return self._standing.line(waiting, None, "")
        ahead = timedelta(seconds=max(0.0, self._due[0][0] - time.monotonic()))
        due = (self._clock() + ahead).astimezone(self._config.timezone)
        return self._standing.line(waiting, due, self._due[0][1])

    def stop(self) -> None:
        """Let no more sources become due."""
        self._config, self._due = None, []

    def __len__(self) -> int:
        return len(self._due)
