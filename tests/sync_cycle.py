"""A cycle for callers without an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sources.browser.fetcher import PageFetcher
from sources.http.session import Fetcher
from watcher.check.outcome import Result
from watcher.cycle import Cycle
from watcher.runtime.event_loop import Pauses, make_runner


class SyncCycle:
    """A cycle for callers without an event loop. `pauses` are those of its loop."""

    def __init__(self, cycle: Cycle, runner: asyncio.Runner, pauses: Pauses) -> None:
        self.cycle, self._runner, self.pauses = cycle, runner, pauses

    def __len__(self) -> int:
        """The number of checks under way."""
        return len(self.cycle)

    def start(self, name: str, slot: datetime | None = None) -> None:
        """Check a source."""
        self.cycle.start(name, slot)

    def step(self, wait: float) -> list[Result]:
        """Run the checks for at most `wait` seconds; commit those that have ended and return their results."""
        return self._runner.run(self._step(wait))

    async def _step(self, wait: float) -> list[Result]:
        return [result async for result in self.cycle.step(wait)]


@contextmanager
def sync_cycle(cycle: Cycle, fetcher: Fetcher | PageFetcher | None = None) -> Iterator[SyncCycle]:
    """Let code that is not async step a cycle; at the end, close it and the connections of its fetcher."""
    pauses = Pauses()
    with make_runner(pauses) as runner:
        try:
            yield SyncCycle(cycle, runner, pauses)
        finally:
            runner.run(cycle.aclose())
            if fetcher:
                runner.run(fetcher.aclose())
