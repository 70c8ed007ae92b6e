"""The dead man's switch: a URL that is fetched while all sources are checked and all alerts are delivered.

A monitoring service that misses these requests reports what no channel can: that the daemon hangs, its disk is full, or
no channel works.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime, timedelta

from sources import Get, Source, SourceError
from sources.http.session import Fetcher
from state.store import Store
from watcher.check.outcome import Result
from watcher.config.load import Config

log = logging.getLogger(__name__)

BETWEEN = 30.0  # least seconds between two pings, after a failed one too
TIMEOUT = timedelta(seconds=10)


def resting(config: Config) -> frozenset[str]:
    """The enabled sources for which no round waits, as they rest for hours or days: but for all, if all do."""
    enabled = {name: source for name, source in config.sources.items() if source.enabled}
    found = frozenset(name for name, source in enabled.items() if source.hours or source.at or source.holidays)
    return found if len(found) < len(enabled) else frozenset()


class Round:
    """One check of every enabled source, by a process that checks all of them alone.

    A failed source counts as checked, as health alerts report it. A source whose result could not be stored does not.
    A round does not wait for sources that are checked by a calendar.
    """

    def __init__(self, config: Config) -> None:
        self._all = frozenset(name for name, source in config.sources.items() if source.enabled) - resting(config)
        self._left = set(self._all)

    def using(self, config: Config) -> Round:
        """The same round with another configuration: sources checked so far count."""
        other = Round(config)
        other._left -= self._all - self._left
        return other

    def record(self, result: Result) -> bool:
        """Record a check. Returns whether it was the last one of the round."""
        if result.due is None or result.name not in self._left:
            return False
        self._left.discard(result.name)
        return not self._left

    def is_complete(self) -> bool:
        """Whether every source was checked. Raises StateError."""
        return bool(self._all) and not self._left

    def begin(self) -> None:
        """Begin the next round, with all sources."""
        self._left |= self._all


class Heartbeat:
    """Pings after each full round: every enabled source was checked, and no delivery is overdue."""

    def __init__(
        self, config: Config, store: Store, clock: Callable[[], datetime], round_: Round | None = None
    ) -> None:
        self._config, self._store, self._clock = config, store, clock
        self._round = round_ or Round(config)
        self._next = 0.0
        self._pinging = threading.Lock()

    def using(self, config: Config) -> Heartbeat:
        """A heartbeat with another configuration, in the same round."""
        other = Heartbeat(config, self._store, self._clock, self._round.using(config))
        other._next = self._next
        return other

    def record(self, result: Result) -> bool:
        """Record a check that has ended. Returns whether it completed the round."""
        return self._round.record(result)

    def beat(self) -> None:
        """Ping in a thread if it is time, so that a host that hangs delays no alert. Raises StateError."""
        if self._is_time() and not self._pinging.locked():
            threading.Thread(target=self.ping, name="heartbeat", daemon=True).start()

    def beat_and_wait(self) -> None:
        """Ping in this thread if it is time. Raises StateError."""
        if self._is_time():
            self.ping()

    def _is_time(self) -> bool:
        if not self._config.heartbeat or time.monotonic() < self._next or self._store.outbox.overdue(self._clock()):
            return False
        return self._round.is_complete()

    def ping(self) -> None:
        """Fetch the URL. If that works, begin a new round."""
        url = self._config.heartbeat
        with self._pinging:
            self._next = time.monotonic() + BETWEEN
            if url is None:
                return

            async def fetch() -> None:
                async with aclosing(Fetcher(self._config.http, clock=self._clock)) as fetcher:
                    await fetcher.session(Source(timeout=TIMEOUT)).fetch(Get(url))

            try:
                asyncio.run(fetch())
            except SourceError as error:
                log.warning("heartbeat: %s", self._config.secrets.hide(error.message))
            else:
                self._round.begin()
                log.debug("heartbeat sent")
