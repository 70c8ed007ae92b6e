"""Which sources are due, and when to look again: what a daemon asks, and the answer of one that checks all sources
alone.

Its due times are in memory, loaded from the state. Those of a worker among several are in the database:
worker.py.
"""

import heapq
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from state.store import Store
from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.cycle import Cycle
from watcher.runtime.committer import BATCH_WAIT
from watcher.runtime.host_pacing import RateLimiter
from watcher.schedule.due_times import Timing, plan_due
from watcher.service.check_requests import RequestedChecks
from watcher.service.presence import SourcesHealth

TRY_AGAIN = timedelta(seconds=60)  # until the next check after a fault of the program


class Timetable(ABC):
    """Decides when each source is checked. Called in the thread of the daemon's event loop.

    What only a schedule needs that shares something with others does nothing here. Of the daemon it asks, in seconds:
    an unchanged check waits for others to be written with for `batch_wait`, the sender for another process that sends
    for `sender_wait`, and checks under way get `last_checks` when the daemon is stopped.
    """

    batch_wait, sender_wait, last_checks = BATCH_WAIT, 0.0, 3.0
    rate_limiter: RateLimiter | None = None

    @abstractmethod
    def plan(self, config: Config, cycle: Cycle) -> None:
        """Check these sources from now on; one under way is scheduled when its check is done. Raises StateError."""

    def start(self, vitals: Callable[[], dict[str, Any]]) -> None:  # noqa: B027 - due times may pass by themselves
        """Start: sources become due. `vitals` are a daemon's: deliveries `sent`, `pauses` of its event loop, `outcomes`
        of its checks. Raises StateError.
        """

    @abstractmethod
    def claim(self) -> Iterable[tuple[str, datetime | None]]:
        """The sources to check now, each with the due time for which it was claimed, and must be checked for no other;
        None: for any. Each ends with `done`, unless its check is dropped.
        """

    @abstractmethod
    def done(self, result: Result) -> None:
        """A check has ended; its result says when the source is due next."""

    def next_wake(self, longest: float) -> float:
        """Seconds until there is something to claim, at most `longest`; a new claim wakes the daemon by itself."""
        return longest

    def upkeep(self) -> None:  # noqa: B027 - nothing is shared
        """Called after each turn of the loop, for schedules that share something with others."""

    def is_sound(self) -> bool:
        """Whether sources still become due. If not, the daemon should be restarted."""
        return True

    @abstractmethod
    def status(self, waiting: int) -> str:
        """The status in one line; `waiting` is the number of pending deliveries."""

    @abstractmethod
    def stop(self) -> None:
        """Let no more sources become due."""

    def is_busy(self) -> bool:
        """Whether, after `stop`, a claimed source is not yet done."""
        return False

    def release(self) -> None:  # noqa: B027 - nothing is claimed
        """The daemon ends: release the claims of sources that were not checked."""

    @abstractmethod
    def __len__(self) -> int:
        """The number of scheduled sources."""


class OwnTimetable(Timetable):
    """A heap of due times by the monotonic clock, which cannot be set back."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._config: Config | None = None
        self._due: list[tuple[float, str]] = []
        self._health = SourcesHealth()
        self._requests = RequestedChecks(store, clock)
        self._cycle: Cycle

    def plan(self, config: Config, cycle: Cycle) -> None:
        """Schedule every source that is polled and not under way. First checks are spread. Raises StateError."""
        now, monotonic, checked = self._clock(), time.monotonic(), config.polled
        known = {state.name: state for state in self._store.sources()}
        self._config, self._cycle, self._due = config, cycle, []
        self._health.watch(checked, {name: state.health.status.value for name, state in known.items()})
        for name, source in checked.items():
            if not cycle.checking(name):
                timing = Timing.of(source, config.schedule.terms, config.timezone)
                due = plan_due(known.get(name), now, name, timing, len(checked))
                self._due.append((monotonic + (due - now).total_seconds(), name))
        heapq.heapify(self._due)

    def claim(self) -> Iterator[tuple[str, None]]:
        """Those whose time has come, and those that people ask for."""
        while self._due and self._due[0][0] <= time.monotonic():
            yield heapq.heappop(self._due)[1], None
        for name in self._requests.take(self._config, self._cycle.checking) if self._config else ():
            self._due = [each for each in self._due if each[1] != name]
            heapq.heapify(self._due)
            yield name, None

    def done(self, result: Result) -> None:
        """Schedule the next check of a source."""
        self._health.add(result)
        self._requests.done(result.name)
        if self._config and result.name in self._config.polled:
            ahead = (result.due - self._clock()) if result.due else TRY_AGAIN
            heapq.heappush(self._due, (time.monotonic() + ahead.total_seconds(), result.name))

    def next_wake(self, longest: float) -> float:
        """Seconds until the next one is due."""
        return min(longest, max(0.0, self._due[0][0] - time.monotonic())) if self._due else longest

    def status(self, waiting: int) -> str:
        """The health of the sources, and which one is next."""
        if not self._due or self._config is None:
            return self._health.line(waiting, None, "")
        ahead = timedelta(seconds=max(0.0, self._due[0][0] - time.monotonic()))
        due = (self._clock() + ahead).astimezone(self._config.timezone)
        return self._health.line(waiting, due, self._due[0][1])

    def stop(self) -> None:
        """Let no more sources become due."""
        self._config, self._due = None, []

    def __len__(self) -> int:
        return len(self._due)
