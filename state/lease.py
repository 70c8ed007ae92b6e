"""A lease in the database: the right to do something, had by one process at a time and lost when it is not renewed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import uuid4

from sqlalchemy import Connection, TextClause, text

from state.errors import StateError

log = logging.getLogger(__name__)

SPAN = 30.0  # seconds that a lease holds without being renewed
RENEW = 1.0  # seconds between two renewals
_PAUSE = 0.2  # seconds between two tries to get it
_MARGIN = 2.0  # seconds before its end from which we do not count on it

# Times are the server's. The row changes hands when its holder has let go of it, when it was not renewed in time, or
# when the holder's connection is gone and was not made anew within some seconds, as when it was killed. Where the
# server itself has just started every connection is gone, and holders that live must be able to come back first.
_TAKE = text(
    """
    INSERT INTO leases (name, holder, renewed, until, session, began)
    SELECT :name, :holder, clock_timestamp(), clock_timestamp() + make_interval(secs => :span), pid, backend_start
      FROM pg_stat_activity WHERE pid = pg_backend_pid()
    ON CONFLICT (name) DO UPDATE
       SET holder = excluded.holder, renewed = excluded.renewed, until = excluded.until,
           session = excluded.session, began = excluded.began
     WHERE leases.holder = excluded.holder
        OR leases.session IS NULL
        OR (clock_timestamp() > pg_postmaster_start_time() + make_interval(secs => :grace)
            AND (leases.until < clock_timestamp()
                 OR (leases.renewed < clock_timestamp() - make_interval(secs => :silent)
                     AND NOT EXISTS (SELECT FROM pg_stat_activity AS there
                                      WHERE there.pid = leases.session AND there.backend_start = leases.began))))
    RETURNING holder
    """
)
_RENEW = text(
    """
    UPDATE leases
       SET renewed = clock_timestamp(), until = clock_timestamp() + make_interval(secs => :span),
           session = pid, began = backend_start
      FROM pg_stat_activity WHERE pid = pg_backend_pid() AND name = :name AND holder = :holder
    RETURNING holder
    """
)
_FREE = text("UPDATE leases SET session = NULL, until = clock_timestamp() WHERE name = :name AND holder = :holder")
_GRACE = 10.0
_SILENT = 3 * RENEW
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the one that goes on while the machine sleeps

Connect = Callable[[], AbstractContextManager[Connection]]


class Lease:
    """One lease as this process sees it. Its threads exclude each other, and a forked child holds nothing.

    `connect` opens a connection whose statements are each a transaction.
    """

    def __init__(self, name: str, connect: Connect) -> None:
        self._name, self._connect = name, connect
        self._begin()

    def _begin(self) -> None:
        self._lock, self._holding, self._ends = threading.Lock(), False, 0.0
        self._holder, self._process = uuid4().hex, os.getpid()

    def is_sure(self) -> bool:
        """Whether whoever holds it here may count on it for some seconds yet. True when nobody does."""
        return not self._holding or _now() < self._ends - _MARGIN

    @contextmanager
    def held(self, timeout: float) -> Iterator[bool]:
        """Hold the lease if it can be had within `timeout` seconds; yields whether it is held. Raises StateError."""
        if self._process != os.getpid():  # what the parent holds, and waits for, is not this child's
            self._begin()
        deadline = time.monotonic() + timeout
        if not self._lock.acquire(timeout=max(timeout, 0)):
            yield False
            return
        try:
            if self._got(deadline):
                with self._renewed():
                    yield True
            else:
                yield False
        finally:
            self._lock.release()

    def _got(self, deadline: float) -> bool:
        with self._connect() as connection:
            while not self._extended(connection, _TAKE):
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_PAUSE)
        return True

    def _extended(self, connection: Connection, how: TextClause) -> bool:
        """Take it or renew it; whether it is ours for another while."""
        began = _now()
        values = {"name": self._name, "holder": self._holder, "span": SPAN, "grace": _GRACE, "silent": _SILENT}
        if connection.execute(how, {name: values[name] for name in how.compile().params}).first() is None:
            return False
        self._ends = began + SPAN
        return True

    @contextmanager
    def _renewed(self) -> Iterator[None]:
        """Renew it from a thread of its own: sending one message may take longer than a lease."""
        done = threading.Event()
        thread = threading.Thread(target=self._renew, args=(done,), name=f"lease-{self._name}", daemon=True)
        self._holding = True
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self._holding = False
            self._free()

    def _renew(self, done: threading.Event) -> None:
        while not done.is_set():
            try:
                with self._connect() as connection:
                    while not done.wait(RENEW):
                        if not self._extended(connection, _RENEW):
                            log.warning("another process goes on with %s, as this one stood still", self._name)
                            self._ends = 0.0
                            return
            except StateError as error:
                log.debug("the lease %s is not renewed: %s", self._name, error)
                done.wait(RENEW)

    def _free(self) -> None:
        try:
            with self._connect() as connection:
                connection.execute(_FREE, {"name": self._name, "holder": self._holder})
        except StateError as error:
            log.debug("the lease %s runs out by itself: %s", self._name, error)


def _now() -> float:
    return time.clock_gettime(_CLOCK)
