"""The interface between a daemon and its schedule: which sources are due, and when to look again.

There are two schedules: timetable.py for a daemon alone, shared_schedule.py for one worker among several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.scheduling.host_pacing import RateLimiter
from watcher.scheduling.write_batch import LONGEST

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
    """A daemon's vital signs: the number of deliveries sent, and the pauses of its event loop (`Pauses.summary`)."""

    sent: int
    pauses: dict[str, Any]


class Checks(Protocol):
    """The checks under way: the daemon's cycle, as its schedule sees it."""

    def checking(self, name: str) -> bool:
        """Whether a check of the source is under way."""
        ...

    def busy_hosts(self) -> dict[str, int]:
        """The number of requests under way for each host."""
        ...

    def wake(self) -> None:
        """Have the daemon call `claim` soon; may be called from any thread."""
        ...


class Schedule(Protocol):
    """Decides when each source is checked. Called in the thread of the daemon's event loop."""

    @property
    def terms(self) -> Terms:
        """What the daemon must respect with this schedule."""
        ...

    def plan(self, config: Config, checks: Checks) -> None:
        """Check these sources from now on; one under way is scheduled when its check is done. Raises StateError."""
        ...

    def start(self, checks: Checks, vitals: Callable[[], Vitals]) -> None:
        """Start: sources become due. Raises StateError."""
        ...

    def claim(self) -> Iterable[Due]:
        """The sources to check now. Each ends with `done`, unless its check is dropped."""
        ...

    def done(self, result: Result) -> None:
        """A check has ended; its result says when the source is due next."""
        ...

    def next_wake(self, longest: float) -> float:
        """Seconds until there is something to claim, at most `longest`."""
        ...

    def upkeep(self) -> None:
        """Called after each turn of the loop, for schedules that share something with others."""
        ...

    def is_sound(self) -> bool:
        """Whether sources still become due. If not, the daemon should be restarted."""
        ...

    def status(self, waiting: int) -> str:
        """The status in one line; `waiting` is the number of pending deliveries."""
        ...

    def stop(self) -> None:
        """Let no more sources become due."""
        ...

    def is_busy(self) -> bool:
        """Whether, after `stop`, a claimed source is not yet done."""
        ...

    def release(self) -> None:
        """The daemon ends: release the claims of sources that were not checked."""
        ...

    def __len__(self) -> int:
        """The number of scheduled sources."""
        ...
