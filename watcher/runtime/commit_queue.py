"""Commits, one at a time. Small ones are written in the event loop's thread: to switch threads would take longer than
most of them. Large ones are written in steps in a worker thread; other commits run between the steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from state.commits import Steps
from state.model import Event, StoredPage
from state.store import Store
from watcher.check.decide import Decision
from watcher.check.outcome import Accepted, Found, Suspicious, Unchanged

_MOST_ROWS = 2_000  # rows written in the loop's thread: about 50 ms
_MOST_BYTES = 1_000_000  # bytes of pages compressed there: about 50 ms
MOST_LARGE = 4  # large commits under way, at which no other check begins: each may take some hundred MB of memory


class TakesLong(Exception):
    """The commit cannot be written at once, as a large commit of its source was interrupted: use `in_steps`."""


class CommitQueue:
    """Writes to a store, for callers in one event loop. `turn` is locked during each write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.turn, self._large = asyncio.Lock(), asyncio.Lock()

    async def at_once(self, name: str, decide: Decision) -> list[Event] | None:
        """Like `Store.commit`, in this thread. Also raises TakesLong; then nothing is written."""
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
        """Like `Store.commit`, in worker threads."""
        async with self._large:
            steps = self._store.committing(name, decide)
            while True:
                async with self.turn:
                    wait, events = await asyncio.to_thread(_step, steps)
                if wait is None:
                    return events
                await asyncio.sleep(wait)


def is_large(found: Found) -> bool:
    """Whether writing an outcome may take so long that it must be done `in_steps`."""
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
    """Run the next step. Returns the seconds to wait before the one after it, or None and the events at the end."""
    try:
        return next(steps), None
    except StopIteration as end:  # a future cannot carry StopIteration
        return None, end.value
