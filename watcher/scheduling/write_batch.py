"""Checks that found everything as it was: they move on a source's times and nothing else, and are written together.

A process that dies in between loses that it looked, and no alert.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from state.model import UnchangedCheck
from watcher.check.context import Watched
from watcher.check.outcome import Checked

LONGEST = 1.0  # seconds that one of them waits for others
MOST = 500
MOST_BYTES = 8_000_000  # of pages that are written with them


class Waiting(NamedTuple):
    """A check that waits to be written."""

    passed: UnchangedCheck
    watched: Watched
    checked: Checked


class WriteBatch:
    """Those that wait, `longest` seconds at most. With `patience` one waits for others even when no other check is
    under way.
    """

    def __init__(self, *, patience: bool, longest: float = LONGEST) -> None:
        self._patience, self._longest = patience, longest
        self._waiting: list[Waiting] = []
        self._due, self._bytes = float("inf"), 0

    def add(self, waiting: Waiting) -> None:
        """Have one more wait."""
        if not self._waiting:
            self._due = time.monotonic() + self._longest
        self._waiting.append(waiting)
        self._bytes += sum(len(stored.page.body) for stored in waiting.passed.pages or ())

    def seconds(self, most: float) -> float:
        """How long may be waited for something else, `most` seconds at most."""
        return min(most, max(0.0, self._due - time.monotonic()))

    def is_due(self, *, idle: bool) -> bool:
        """Whether to write them now; `idle` says that no other check is under way."""
        lone = idle and not self._patience
        full = len(self._waiting) >= MOST or self._bytes >= MOST_BYTES
        return lone or full or self._due <= time.monotonic()

    def take(self) -> list[Waiting]:
        """All of them, which wait no longer."""
        waiting, self._waiting, self._due, self._bytes = self._waiting, [], float("inf"), 0
        return waiting
