"""The program's one event loop, and the measurement of its longest pauses."""

import asyncio
import logging
import selectors
import time
from asyncio import selector_events, sslproto
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import NamedTuple, ParamSpec, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

LONG = 0.5  # seconds of processor time above which a pause is logged
SPAN = 300.0  # seconds of one interval of the history
SPANS_AN_HOUR, _SPANS_A_DAY = 12, 288
# Bytes that one connection passes on in an iteration. With asyncio's 256 KiB all others wait 0.15 s for chunks of one
# byte to be parsed, and each connection with TLS keeps a buffer of that size.
_PIECE = 32_768


class Pause(NamedTuple):
    """The longest pauses of an interval, in seconds: by processor time, and by wall time. They may be two pauses."""

    cpu: float = 0.0
    wall: float = 0.0


@dataclass(slots=True)
class Pauses:
    """The longest time between two iterations of an event loop, in seconds: by its thread's processor time, and by wall
    time.

    Between two iterations nothing else runs: no request, no deadline, no signal handler.
    """

    longest: float = 0.0
    longest_wall: float = 0.0
    _past: deque[Pause] = field(default_factory=lambda: deque(maxlen=_SPANS_A_DAY - 1))  # past intervals, latest last
    _cpu: float = 0.0  # of the current interval
    _wall: float = 0.0
    _ends: float = field(default_factory=lambda: time.monotonic() + SPAN)

    def add(self, cpu: float, wall: float, now: float = 0.0) -> None:
        """Record one iteration, which ended at the monotonic time `now`."""
        if cpu > self.longest:
            self.longest = cpu
            if cpu > LONG:
                log.warning("the event loop paused for %.2f s of processor time (%.2f s in all)", cpu, wall)
        self.longest_wall = max(self.longest_wall, wall)
        if now >= self._ends:
            # begin the interval of `now`; those in between had no pause that ended in them
            passed = 1 + int((now - self._ends) // SPAN)
            self._past.append(Pause(self._cpu, self._wall))
            self._past.extend([Pause()] * min(passed - 1, _SPANS_A_DAY))
            self._cpu = self._wall = 0.0
            self._ends += passed * SPAN
        self._cpu, self._wall = max(self._cpu, cpu), max(self._wall, wall)

    def lately(self, spans: int) -> Pause:
        """The longest pauses of the last `spans` intervals, the current one included."""
        counted = [*list(self._past)[max(0, len(self._past) - spans + 1) :], Pause(self._cpu, self._wall)]
        return Pause(max(each.cpu for each in counted), max(each.wall for each in counted))

    def summary(self) -> dict[str, dict[str, float]]:
        """The longest pauses of the last hour, of the last day, and since the start: for the state and `--json`."""
        since = {"hour": self.lately(SPANS_AN_HOUR), "day": self.lately(_SPANS_A_DAY)}
        since["start"] = Pause(self.longest, self.longest_wall)
        return {name: {"cpu": round(each.cpu, 3), "wall": round(each.wall, 3)} for name, each in since.items()}

    def __str__(self) -> str:
        return f"{self.longest:.3f} s of processor time, {self.longest_wall:.3f} s in all"


class _MeasuringSelector(selectors.DefaultSelector):
    """Measures the time between two calls of `select`, which the event loop calls once an iteration."""

    def __init__(self, pauses: Pauses) -> None:
        super().__init__()
        self._pauses = pauses
        self._cpu, self._wall = time.thread_time(), time.monotonic()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Like the base class."""
        now = time.monotonic()
        self._pauses.add(time.thread_time() - self._cpu, now - self._wall, now)
        try:
            return super().select(timeout)
        finally:
            self._cpu, self._wall = time.thread_time(), time.monotonic()


def make_runner(pauses: Pauses) -> asyncio.Runner:
    """A runner of an event loop whose pauses are measured, and in which no connection takes long turns."""
    selector_events._SelectorSocketTransport.max_size = _PIECE  # type: ignore[attr-defined] # noqa: SLF001 - no parameter
    sslproto.SSLProtocol.max_size = _PIECE
    return asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_MeasuringSelector(pauses)))


def run(main: Callable[[Pauses], Coroutine[None, None, T]]) -> T:
    """The result of a coroutine, in an event loop whose pauses are measured."""
    pauses = Pauses()
    with make_runner(pauses) as runner:
        try:
            return runner.run(main(pauses))
        finally:
            log.debug("the event loop's longest pause: %s", pauses)
