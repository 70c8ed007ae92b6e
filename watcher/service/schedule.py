"""The interface between a daemon and its schedule: which sources are due, and when to look again.

There are two schedules: timetable.py for a daemon alone, shared_schedule.py for one worker among several.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.cycle import Cycle
from watcher.runtime.host_pacing import RateLimiter
from watcher.runtime.write_batch import LONGEST

TRY_AGAIN = timedelta(seconds=60)  # until the next check after a fault of the program


class Terms(NamedTuple):
    """What the daemon must respect because others share the state; times in seconds.

    `batch_wait` is how long an unchanged check waits to be written with others, `sender_wait` how long the sender waits
    for another process that is sending, `last_checks` the time for checks under way when the daemon is stopped.
    """

    batch_wait: float = LONGEST
    sender_wait: float = 0.0
    last_checks: float = 3.0
    rate_limiter: RateLimiter | None = None


class Due(NamedTuple):
    """A source that is due. With a `slot` it was claimed for that due time, and must be checked for no other."""

    name: str
    slot: datetime | None = None


class Vitals(NamedTuple):
    """A daemon's vital signs: deliveries sent, pauses of its event loop (`Pauses.summary`), and checks
    by outcome (`Outcomes.told`).
    """

    sent: int
    pauses: dict[str, Any]
    outcomes: dict[str, Any]


class Schedule(ABC):
    """Decides when each source is checked. Called in the thread of the daemon's event loop.

    What only a schedule needs that shares something with others does nothing here.
    """

    terms = Terms()
    """What the daemon must respect with this schedule."""

    @abstractmethod
    def plan(self, config: Config, cycle: Cycle) -> None:
        """Check these sources from now on; one under way is scheduled when its check is done. Raises StateError."""

    def start(self, vitals: Callable[[], Vitals]) -> None:  # noqa: B027 - due times may pass by themselves
        """Start: sources become due. Raises StateError."""

    @abstractmethod
    def claim(self) -> Iterable[Due]:
        """The sources to check now. Each ends with `done`, unless its check is dropped."""

    @abstractmethod
    def done(self, result: Result) -> None:
        """A check has ended; its result says when the source is due next."""

    @abstractmethod
    def next_wake(self, longest: float) -> float:
        """Seconds until there is something to claim, at most `longest`."""

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
