"""What a fault costs the program: memory, how long it keeps other threads waiting, and how often they get their turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY = 0.005  # seconds


class Cost:
    """By how many MB the process grew at most, and the longest that another thread waited for its turn, in seconds."""

    def __init__(self) -> None:
        self.memory = 0.0
        self.stall = 0.0
        self.turns = 0  # that another thread got


@contextmanager
def cost() -> Iterator[Cost]:
    """Measures while it lasts."""
    seen, done, first = Cost(), threading.Event(), resident()

    def look() -> None:
        last = time.monotonic()
        while not done.wait(_EVERY):
            now = time.monotonic()
            seen.stall, last = max(seen.stall, now - last - _EVERY), now
            seen.turns += 1
            seen.memory = max(seen.memory, resident() - first)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def resident() -> float:
    """MB of memory in use."""
    with Path("/proc/self/statm").open() as told:
        return int(told.read().split()[1]) * 4096 / 1e6
