"""The checks that people ask for, by `watch check` and at the desk: how they ask, and how a daemon alone takes them up.

A request stands in the state until its check is done, so one that a daemon did not get to is taken up by the next.
Workers take them up in the database: state/storage/workers.py.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from sources.text import listing
from state.store import Store
from watcher.config.load import Config
from watcher.errors import UsageError
from watcher.runtime.background import put_off
from watcher.service.presence import SILENT
from watcher.terminal.words import moment

LOOK = 2.0  # seconds between two looks into the state
OLD = timedelta(hours=1)  # after which nobody waits for a check any more


def request_check(store: Store, config: Config, name: str, now: datetime) -> bool:
    """Have a configured source checked as soon as its host has room; whether a daemon runs that will do it.

    Raises UsageError for a source that must not be checked now, and StateError.
    """
    if not config.sources[name].enabled:
        raise UsageError(f"{name}: it is not checked, as it has enabled = false in {config.path}")
    check_polled(config, [name])
    until = store.source(name).wait_until
    if until is not None and until > now:
        raise UsageError(f"{name}: its server asked to be left alone until {moment(until, config.timezone)}")
    store.requests.add(name, now)
    return is_alive(store, now)


def check_polled(config: Config, names: Iterable[str]) -> None:
    """Raise UsageError for a source that programs push, of which nothing can be requested."""
    if pushed := [name for name in names if not config.sources[name].polled]:
        whither = f"POST /api/v1/sources/{pushed[0]}/entries"
        raise UsageError(f"{listing(pushed)}: programs push its entries ({whither}); there is nothing to request")


def is_alive(store: Store, now: datetime) -> bool:
    """Whether a daemon or a worker reported lately. Raises StateError."""
    return any(now - each.seen < SILENT for each in store.daemons.all(workers=True))


class RequestedChecks:
    """Those of one daemon."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._next = 0.0
        self._taken: dict[str, datetime] = {}

    def take(self, config: Config, checking: Callable[[str], bool]) -> Iterator[str]:
        """The sources to check now, at most once in LOOK seconds. A state that cannot be read is asked again later.

        `checking` says whether a source is being checked.
        """
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LOOK
        with put_off("checks that people ask for wait"):
            for name, at in self._store.requests.pending().items():
                if checking(name):  # that check may have begun before
                    continue
                source, now = config.sources.get(name), self._clock()
                until = self._store.source(name).wait_until
                waits = until is not None and until > now
                if source is None or not (source.enabled and source.polled) or now - at > OLD or waits:
                    self._store.requests.done(name, at)
                else:
                    self._taken[name] = at
                    yield name

    def done(self, name: str) -> None:
        """A check has ended."""
        at = self._taken.pop(name, None)
        if at is not None:
            with put_off(f"{name}: the request for a check stands"):
                self._store.requests.done(name, at)
