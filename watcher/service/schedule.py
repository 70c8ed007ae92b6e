"""What a daemon asks of its schedule: which sources are due, and when to look again.

There are two: timetable.py is that of a daemon alone, shared_schedule.py that of one worker among several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.scheduling.host_pacing import RateLimiter
from watcher.scheduling.write_batch import LONGEST

TRY_AGAIN = timedelta(seconds=60)  # until the next check after a fault that is not the source's


class Terms(NamedTuple):
    """What a daemon has to heed because of those that it shares the state with; times in seconds.

    `batch_wait` is how long an unchanged check waits to be written with others, `sender_wait` how long the sender waits
    for another process that sends, `last_checks` how long checks under way get to end when the daemon is stopped.
    """

    batch_wait: float = LONGEST
    sender_wait: float = 0.0
    last_checks: float = 3.0
    rate_limiter: RateLimiter | None = None


class Due(NamedTuple):
    """A source that is due. With a `slot` it was claimed for that due time, and is checked for no other."""

    name: str
    slot: datetime | None = None


class Vitals(NamedTuple):
    """How a daemon fares: the deliveries that it has sent, the pauses of its event loop (`Pauses.told`), and its checks
    by outcome (`Outcomes.told`).
    """

    sent: int
    pauses: dict[str, Any]
    outcomes: dict[str, Any]


class Checks(Protocol):
    """The checks under way: the daemon's cycle, as its schedule sees it."""

    def checking(self, name: str) -> bool:
        """Whether a check of the source is under way."""
        ...

    def busy_hosts(self) -> dict[str, int]:
        """How many requests to each host are under way."""
        ...

    def wake(self) -> None:
        """Have the daemon ask what is due; may be called from any thread."""
        ...


class Schedule(Protocol):
    """When each source is checked. Called in the thread of the daemon's event loop."""

    @property
    def terms(self) -> Terms:
        """How the daemon has to work with this schedule."""
        ...

    def plan(self, config: Config, checks: Checks) -> None:
        """Check these sources from now on; one under way is planned when it is done. Raises StateError."""
        ...

    def start(self, checks: Checks, vitals: Callable[[], Vitals]) -> None:
        """Begin: sources become due. Raises StateError."""
        ...

    def claim(self) -> Iterable[Due]:
        """The sources to check now; each is `done` later, or is no longer under way."""
        ...

    def done(self, result: Result) -> None:
        """A check has ended; its result says when the source is due next."""
        ...

    def next_wake(self, longest: float) -> float:
        """Seconds until there is something to claim, `longest` at most."""
        ...

    def upkeep(self) -> None:
        """Called after each turn of the loop: for what is shared with others."""
        ...

    def is_sound(self) -> bool:
        """Whether sources still become due: else the daemon is better started again."""
        ...

    def status(self, waiting: int) -> str:
        """How all stands, in one line; `waiting` is the number of deliveries that wait."""
        ...

    def stop(self) -> None:
        """Have nothing more become due."""
        ...

    def is_busy(self) -> bool:
        """Whether, after `stop`, something that was claimed is not yet done."""
        ...

    def release(self) -> None:
        """The daemon ends: give back what was claimed and not checked."""
        ...

    def __len__(self) -> int:
        """The number of sources that are planned."""
        ...
