"""Commits, one at a time. Small ones are written in the event loop thread: to switch threads would take longer than
most of them. Large ones are written in steps in a worker thread; other commits run between the steps, or on a server
beside them. Unchanged checks, which change only timestamps, are written in batches: if the process dies first, only
these timestamps are lost.
"""

import asyncio
import time
from contextlib import nullcontext
from typing import NamedTuple

from state.commits import Decide, Steps
from state.model import CheckTimes, Event
from state.store import Store
from watcher.check.context import CheckTarget
from watcher.check.outcome import Accepted, Checked, Found, Suspicious, Unchanged

LONGEST = 1.0  # seconds that a check waits for others
MOST = 500
MOST_BYTES = 8_000_000  # bytes of pages in a batch

_MOST_ROWS = 2_000  # rows written in the loop's thread: about 50 ms
_MOST_BYTES = 1_000_000  # bytes of pages compressed there: about 50 ms


class Waiting(NamedTuple):
    """A check that waits to be written."""

    passed: CheckTimes
    target: CheckTarget
    checked: Checked


class WriteBatch:
    """The unchanged checks that wait, at most `longest` seconds; with `patience` even if no check is under way."""

    def __init__(self, *, patience: bool, longest: float = LONGEST) -> None:
        self._patience, self._longest = patience, longest
        self._waiting: list[Waiting] = []
        self._due, self._bytes = float("inf"), 0

    def add(self, waiting: Waiting) -> None:
        """Add a check."""
        if not self._waiting:
            self._due = time.monotonic() + self._longest
        self._waiting.append(waiting)
        self._bytes += sum(len(stored.page.content) for stored in waiting.passed.pages or ())

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


class TakesLong(Exception):
    """The commit cannot be written at once, as a large commit of its source was interrupted: use `in_steps`."""


class CommitQueue:
    """Writes to a store, for callers in one event loop. `turn` is locked while others have to wait for a write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.turn, self._large = asyncio.Lock(), asyncio.Lock()

    async def at_once(self, name: str, decide: Decide) -> list[Event] | None:
        """Like `Store.commit`, in this thread. Also raises TakesLong; then nothing is written."""
        async with self.turn:
            steps = self._store.committing(name, decide)
            wait, events = _step(steps)
            steps.close()
        if wait is not None:
            raise TakesLong
        return events

    async def in_steps(self, name: str, decide: Decide) -> list[Event] | None:
        """Like `Store.commit`, in worker threads; what needs no transaction is made before the first."""
        async with self._large:
            prepared = await asyncio.to_thread(self._store.prepare, name, decide)
            steps = self._store.committing(name, decide, prepared)
            while True:
                async with self.turn if self._store.in_turn else nullcontext():
                    wait, events = await asyncio.to_thread(_step, steps)
                if wait is None:
                    return events
                await asyncio.sleep(wait)


def is_large(found: Found) -> bool:
    """Whether writing an outcome may take so long that it must be done `in_steps`."""
    if not isinstance(found, Accepted | Suspicious | Unchanged):
        return False
    if isinstance(found, Accepted):
        written = (found.difference.insert, found.difference.update, found.difference.stand, found.news.alone)
        if sum(map(len, written)) > _MOST_ROWS:
            return True
    pages = found.validators or () if isinstance(found, Unchanged) else found.pages
    return sum(len(stored.page.content) for stored in pages) > _MOST_BYTES


def _step(steps: Steps) -> tuple[float | None, list[Event] | None]:
    """Run the next step. Returns the seconds to wait before the one after it, or None and the events at the end."""
    try:
        return next(steps), None
    except StopIteration as end:  # a future cannot carry StopIteration
        return None, end.value
