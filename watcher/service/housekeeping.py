"""Once a day: delete what is older than `keep` and old evidence, and return free space in the database file.

It works in short transactions, so that checks and deliveries continue, and for a limited time; the rest waits for the
next day.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from state.storage.retention import Expired
from state.store import Store
from watcher.runtime.background import Periodic
from watcher.terminal.words import count, megabytes

log = logging.getLogger(__name__)

FIRST_AFTER = 300.0  # seconds after the start, so that it does not slow down the first checks
EVERY = 86400.0
LONGEST = 60.0  # seconds a day
ROWS_AT_ONCE = 200  # some milliseconds for each transaction
PAGES_AT_ONCE = 500
PAUSE = 0.05  # seconds in which others may write


def tidy(
    store: Store, keep: timedelta, now: datetime, seconds: float, rest: Callable[[float], bool] = lambda _: False
) -> Expired:
    """Delete what is older than `keep`, for about `seconds` seconds at most. Returns what was deleted.

    `rest` is called between two transactions with the seconds to pause; it returns whether to stop. Raises StateError.
    """
    until, before, all_in_all = time.monotonic() + seconds, now - keep, Expired()
    if store.keeps_evidence:
        _remove_pages(store, now)
    is_any_old = store.retention.may_expire(before, ROWS_AT_ONCE)  # nearly always not: then one look is enough
    if is_any_old:
        store.pushed.expire(before)
    while is_any_old and (some := store.retention.expire(before, ROWS_AT_ONCE)) != Expired():
        all_in_all = Expired(*map(sum, zip(all_in_all, some, strict=True)))
        if time.monotonic() >= until or rest(PAUSE):
            return all_in_all
    while store.outbox.serves_readers() and store.letters.expire(before, ROWS_AT_ONCE):
        if time.monotonic() >= until or rest(PAUSE):
            return all_in_all
    while is_any_old and store.chats.expire(before, ROWS_AT_ONCE):
        if time.monotonic() >= until or rest(PAUSE):
            return all_in_all
    while store.retention.delete_pieces():
        if time.monotonic() >= until or rest(PAUSE):
            return all_in_all
    while store.database.shrink(PAGES_AT_ONCE) and time.monotonic() < until and not rest(PAUSE):
        pass
    return all_in_all


def _remove_pages(store: Store, now: datetime) -> None:
    """Remove the files of evidence beyond their age or the size limit. Raises StateError."""
    try:
        gone = store.evidence.expire(now)
    except OSError as error:
        log.warning("evidence: old files stay for now: %s", error)
        return
    if gone.old:
        log.info("evidence: %s removed as too old", count(len(gone.old), "file"))
    if gone.many:
        size, until = megabytes(sum(file.size for file in gone.many)), gone.many[-1].day
        mentions = sum(file.mentions for file in gone.many)
        beside = f", {mentions} of them with mentions" if mentions else ""
        what = count(len(gone.many), "file")
        log.warning("evidence: %s (%s%s) removed for want of room, up to %s: max_size", what, size, beside, until)


class Housekeeper(Periodic[[timedelta]]):
    """Runs `tidy` once a day; the daemon's loop calls `turn`."""

    def __init__(self, store: Store, clock: Callable[[], datetime], first_after: float = FIRST_AFTER) -> None:
        self._store, self._clock, self._stop = store, clock, threading.Event()
        super().__init__("housekeeper", self._tidy, "housekeeping waits", every=EVERY, first_after=first_after)

    def stop(self) -> None:
        """Stop after the transaction under way."""
        self._stop.set()
        self.join(5)

    def _tidy(self, keep: timedelta) -> None:
        done = tidy(self._store, keep, self._clock(), LONGEST, self._stop.wait)
        what = f"{count(done.events, 'event')}, {done.entries} entries that left, {done.held} held snapshots"
        log.info("housekeeping: forgot %s; the state takes %s", what, megabytes(self._store.database.size()))
