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
from typing import TYPE_CHECKING

from sources import Get, Source, SourceError
from state.store import Store
from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.errors import LASTING

if TYPE_CHECKING:
    from state.storage.workers import Claims

log = logging.getLogger(__name__)

BETWEEN = 30.0  # least seconds between two pings, after a failed one too
PING_TIMEOUT, _LONGEST_ANSWER = timedelta(seconds=10), 10_000_000  # bytes: it may be a page


class Heartbeat:
    """Pings after each full round: every source that is not disabled or paused was checked, and no delivery is overdue.

    A failed source counts as checked, as health alerts report it. A source whose result could not be stored does not. A
    round does not wait for sources that are checked by a calendar, or pushed. With `claims` it is one of all workers:
    the database tells one of them when it is complete.
    """

    def __init__(
        self, config: Config, store: Store, clock: Callable[[], datetime], claims: Claims | None = None
    ) -> None:
        self._store, self._clock, self._claims = store, clock, claims
        self._next = 0.0
        self._pinging = threading.Lock()
        self._all, self._left = set[str](), set[str]()
        self.use(config)

    def use(self, config: Config) -> None:
        """Go on with another configuration, in the same round: sources checked so far count."""
        rest = {name for name, source in config.polled.items() if source.hours or source.at or source.holidays}
        self._config, self._resting = config, rest if len(rest) < len(config.polled) else set[str]()
        known, self._all = self._all - self._left, config.polled.keys() - self._resting
        self._left = self._all - known

    def record(self, result: Result) -> bool:
        """Record a check that has ended. Returns whether it completed the round."""
        if self._claims or result.due is None or result.name not in self._left:
            return False
        self._left.discard(result.name)
        return not self._left

    def beat(self, *, wait: bool = False) -> None:
        """Ping if it is time; in a thread, so that no alert waits for its host, or else `wait`. Raises StateError."""
        url = self._config.heartbeat
        if not url or time.monotonic() < self._next or self._store.outbox.overdue(self._clock()):
            return
        if not self._claims:
            complete = bool(self._config.checked) and not self._left
        else:
            complete = self._claims.round_done(timedelta(seconds=BETWEEN), self._resting)
        if complete and wait:
            self.ping(url)
        elif complete and not self._pinging.locked():
            threading.Thread(target=self.ping, args=(url,), name="heartbeat", daemon=True).start()

    def ping(self, url: str) -> None:
        """Fetch the URL. If that works, begin a new round."""
        from sources.http.session import Fetcher  # noqa: PLC0415 - rarely configured

        with self._pinging:
            self._next = time.monotonic() + BETWEEN

            async def fetch() -> None:
                async with aclosing(Fetcher(self._config.http, clock=self._clock)) as fetcher:
                    await fetcher.session(Source(timeout=PING_TIMEOUT, max_bytes=_LONGEST_ANSWER)).fetch(Get(url))

            try:
                asyncio.run(fetch())
            except SourceError as error:
                log.warning("heartbeat: %s", self._config.secrets.hide(error.message), extra=LASTING)
            else:
                self._left = set(self._all)
                log.debug("heartbeat sent")
