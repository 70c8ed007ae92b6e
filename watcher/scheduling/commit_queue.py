"""Commits, one at a time. Small ones are written in the event loop's thread, as a hop to another one takes longer than
most of them do; large ones in steps in a worker thread, and whoever else has something to write goes on between two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from state.commits import Steps
from state.model import Event, StoredPage
from state.store import Store
from watcher.check.decide import Decision
from watcher.check.outcome import Accepted, Found, Suspicious, Unchanged

_MOST_ROWS = 2_000  # written in the loop's thread: some 50 ms
_MOST_BYTES = 1_000_000  # of pages that are compressed there: some 50 ms
MOST_LARGE = 4  # commits that wait for their turn before no other check begins: each may hold some hundred MB


class TakesLong(Exception):
    """It cannot be written at once, as a large commit of its source was broken off: take it up `in_steps`."""


class CommitQueue:
    """Writes to a store, for callers in one event loop. `turn` is held by whoever writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.turn, self._large = asyncio.Lock(), asyncio.Lock()

    async def at_once(self, name: str, decide: Decision) -> list[Event] | None:
        """As `Store.commit`, in this thread. Raises TakesLong as well; then nothing is written."""
        async with self.turn:
            steps = self._store.committing(name, decide)
            try:
                next(steps)
            except StopIteration as end:
                events: list[Event] | None = end.value
                return events
            steps.close()
        raise TakesLong

    async def in_steps(self, name: str, decide: Decision) -> list[Event] | None:
        """As `Store.commit`, in worker threads."""
        async with self._large:
            steps = self._store.committing(name, decide)
            while True:
                async with self.turn:
                    wait, events = await asyncio.to_thread(_step, steps)
                if wait is None:
                    return events
                await asyncio.sleep(wait)


def is_large(found: Found) -> bool:
    """Whether writing a finding may take so long that it has to be done `in_steps`."""
    match found:
        case Accepted(difference=difference, pages=pages, news=news):
            written = (difference.insert, difference.update, difference.stand, news.alone)
            return sum(map(len, written)) > _MOST_ROWS or _size(pages) > _MOST_BYTES
        case Suspicious(pages=pages):
            return _size(pages) > _MOST_BYTES
        case Unchanged(validators=pages):
            return pages is not None and _size(pages) > _MOST_BYTES
    return False


def _size(pages: Sequence[StoredPage]) -> int:
    return sum(len(stored.page.body) for stored in pages)


def _step(steps: Steps) -> tuple[float | None, list[Event] | None]:
    """The next step: the seconds until the one after it, or None and what came of them all."""
    try:
        return next(steps), None
    except StopIteration as end:  # which no future takes
        return None, end.value
