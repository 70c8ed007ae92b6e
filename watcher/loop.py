"""The program's one event loop, and how long it was ever kept from turning."""

from __future__ import annotations

import asyncio
import logging
import selectors
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

LONG = 0.5  # seconds of processor time after which a pause is told of


@dataclass(slots=True)
class Pauses:
    """The longest time between two turns of an event loop, in seconds: of its thread's processor time, and in all.

    Between two turns nothing else moves: no request, no deadline, no signal.
    """

    longest: float = 0.0
    longest_wall: float = 0.0

    def add(self, cpu: float, wall: float) -> None:
        """One more turn."""
        if cpu > self.longest:
            self.longest = cpu
            if cpu > LONG:
                log.warning("the event loop paused for %.2f s of processor time (%.2f s in all)", cpu, wall)
        self.longest_wall = max(self.longest_wall, wall)

    def __str__(self) -> str:
        return f"{self.longest:.3f} s of processor time, {self.longest_wall:.3f} s in all"


class _MeasuringSelector(selectors.DefaultSelector):
    """An event loop calls `select` once a turn: what is between two calls is the turn."""

    def __init__(self, pauses: Pauses) -> None:
        super().__init__()
        self._pauses = pauses
        self._cpu, self._wall = time.thread_time(), time.monotonic()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As the selector's own."""
        self._pauses.add(time.thread_time() - self._cpu, time.monotonic() - self._wall)
        try:
            return super().select(timeout)
        finally:
            self._cpu, self._wall = time.thread_time(), time.monotonic()


def measured(pauses: Pauses) -> asyncio.Runner:
    """A runner of an event loop whose pauses are measured."""
    return asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_MeasuringSelector(pauses)))


def run(main: Callable[[Pauses], Coroutine[None, None, T]]) -> T:
    """The result of a coroutine, in an event loop whose pauses are measured."""
    pauses = Pauses()
    with measured(pauses) as runner:
        try:
            return runner.run(main(pauses))
        finally:
            log.debug("the event loop's longest pause: %s", pauses)
