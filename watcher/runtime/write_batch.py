"""Batches the commits of unchanged checks, which change only timestamps.

If the process dies first, only these timestamps are lost, and no alert.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from state.model import UnchangedCheck
from watcher.check.context import CheckTarget
from watcher.check.outcome import Checked

LONGEST = 1.0  # seconds that a check waits for others
MOST = 500
MOST_BYTES = 8_000_000  # bytes of pages in a batch


class Waiting(NamedTuple):
    """A check that waits to be written."""

    passed: UnchangedCheck
    target: CheckTarget
    checked: Checked


class WriteBatch:
    """The unchanged checks that wait, for at most `longest` seconds. With `patience`, a check waits even if no other is
    under way.
    """

    def __init__(self, *, patience: bool, longest: float = LONGEST) -> None:
        self._patience, self._longest = patience, longest
        self._waiting: list[Waiting] = []
        self._due, self._bytes = float("inf"), 0

    def add(self, waiting: Waiting) -> None:
        """Add a check."""
        if not self._waiting:
            self._due = time.monotonic() + self._longest
        self._waiting.append(waiting)
        self._bytes += sum(len(stored.page.body) for stored in waiting.passed.pages or ())

    def seconds(self, most: float) -> float:
        """How many seconds the caller may wait for something else, at most `most`."""
        return min(most, max(0.0, self._due - time.monotonic()))

    def is_due(self, *, idle: bool) -> bool:
        """Whether to write the batch now. `idle` says that no other check is under way."""
        lone = idle and not self._patience
        full = len(self._waiting) >= MOST or self._bytes >= MOST_BYTES
        return lone or full or self._due <= time.monotonic()

    def take(self) -> list[Waiting]:
        """Remove and return all of them."""
        waiting, self._waiting, self._due, self._bytes = self._waiting, [], float("inf"), 0
        return waiting
