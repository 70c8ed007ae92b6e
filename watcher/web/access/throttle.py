"""Sign-in attempts: after a few failures each further one has to wait, twice as long each time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

FREE = 5  # failures that cost nothing
LONGEST = 900.0  # seconds of waiting at most
FORGOTTEN = 3600.0  # seconds after which failures are forgotten
MOST = 10_000  # addresses that are remembered
EVERYBODY = "*"  # all addresses together: an attack from many
FREE_TOGETHER = 50


class Failures(NamedTuple):
    """How often it failed in a row, and when it may be tried again."""

    number: int
    until: float


class Throttle:
    """Counts failures by address, and of all together. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures: OrderedDict[str, Failures] = OrderedDict()

    def wait(self, address: str, *, together: bool = True) -> float:
        """Seconds until this address may try; 0 if it may now. `together` counts the failures of all addresses, too."""
        with self._lock:
            now, names = self._clock(), (address, EVERYBODY) if together else (address,)
            return max(0.0, *(self._of(name, now).until - now for name in names))

    def failed(self, address: str) -> None:
        """An attempt has failed."""
        with self._lock:
            now = self._clock()
            for name, free in ((address, FREE), (EVERYBODY, FREE_TOGETHER)):
                number = self._of(name, now).number + 1
                pause = min(LONGEST, 2.0 ** min(number - free, 20)) if number >= free else 0.0
                self._failures[name] = Failures(number, now + pause)
                self._failures.move_to_end(name)
            while len(self._failures) > MOST:
                self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Somebody signed in from there: its failures are forgotten."""
        with self._lock:
            self._failures.pop(address, None)

    def _of(self, name: str, now: float) -> Failures:
        failures = self._failures.get(name)
        if failures is None or now - failures.until > FORGOTTEN:
            return Failures(0, now)
        return failures
