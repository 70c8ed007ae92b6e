"""A lease in the database: a lock that one process holds, and loses unless it renews it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, text

from state.errors import StateError

log = logging.getLogger(__name__)

SPAN = 30.0  # seconds that a lease is valid after a renewal
RENEW = 1.0  # seconds between two renewals
_PAUSE = 0.2  # seconds between two attempts to acquire it
_MARGIN = 2.0  # seconds before its end from which it no longer counts as safe

_SILENT = 3 * RENEW  # seconds after which a holder without a connection counts as dead, as after a kill
_GRACE = 8.0  # seconds for holders to come back after a restart of the server, which closed all connections
_SETTLED = 60.0  # seconds after the server's start from which a holder that has not come back counts as dead

_LOOK = text(
    """
    SELECT holder, renewed, session IS NULL AS free, renewed < pg_postmaster_start_time() AS restarted,
           clock_timestamp() > pg_postmaster_start_time() + make_interval(secs => :settled) AS settled,
           until < clock_timestamp() AS over, renewed < clock_timestamp() - make_interval(secs => :silent) AS silent,
           EXISTS (SELECT FROM pg_stat_activity AS there
                    WHERE there.pid = leases.session AND there.backend_start = leases.began) AS connected
      FROM leases WHERE name = :name
    """
)
_MAKE = text(
    """
    INSERT INTO leases (name, holder, renewed, until)
    VALUES (:name, '', clock_timestamp(), clock_timestamp()) ON CONFLICT DO NOTHING
    """
)
_TAKE = text(
    """
    UPDATE leases
       SET holder = :holder, renewed = clock_timestamp(), until = clock_timestamp() + make_interval(secs => :span),
           session = pid, began = backend_start
      FROM pg_stat_activity
     WHERE pid = pg_backend_pid() AND name = :name AND holder = :before AND renewed = :seen
    RETURNING holder
    """
)
_RENEW = text(
    """
    UPDATE leases
       SET renewed = clock_timestamp(), until = clock_timestamp() + make_interval(secs => :span),
           session = pid, began = backend_start
      FROM pg_stat_activity
     WHERE pid = pg_backend_pid() AND name = :name AND holder = :holder
    RETURNING holder
    """
)
_FREE = text("UPDATE leases SET session = NULL, until = clock_timestamp() WHERE name = :name AND holder = :holder")
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the clock that includes the machine's sleep

Connect = Callable[[], AbstractContextManager[Connection]]


class Lease:
    """One lease as seen by this process. Its threads exclude each other, and a forked child does not hold it.

    `connect` opens a connection in autocommit mode.
    """

    def __init__(self, name: str, connect: Connect) -> None:
        self._name, self._connect = name, connect
        self._begin()

    def _begin(self) -> None:
        self._lock, self._holding, self._ends = threading.Lock(), False, 0.0
        self._holder, self._process = uuid4().hex, os.getpid()
        self._seen: tuple[Any, float] = (None, 0.0)  # the last row of another holder, and since when it is unchanged

    def is_sure(self) -> bool:
        """Whether the holder in this process may rely on it for some more seconds. True without a holder."""
        return not self._holding or _now() < self._ends - _MARGIN

    @contextmanager
    def held(self, timeout: float) -> Iterator[bool]:
        """Acquire the lease within `timeout` seconds; yields whether it was acquired. Raises StateError."""
        if self._process != os.getpid():  # a forked child starts without the parent's locks
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
            while not self._taken(connection):
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_PAUSE)
        return True

    def _taken(self, connection: Connection) -> bool:
        """Acquire it if it is free or ours, or its holder is dead; returns whether it was acquired."""
        row = connection.execute(_LOOK, {"name": self._name, "silent": _SILENT, "settled": _SETTLED}).first()
        if row is None:
            connection.execute(_MAKE, {"name": self._name})
            return self._taken(connection)
        if not (row.free or row.holder == self._holder or self._is_gone(row)):
            return False
        began = _now()
        values = {"name": self._name, "holder": self._holder, "span": SPAN, "before": row.holder, "seen": row.renewed}
        return self._is_ours(connection.execute(_TAKE, values).first(), began)

    def _is_gone(self, row: Any) -> bool:
        """Whether the holder has not renewed it for too long.

        After a restart of the server the times in its table are not reliable: then this process observes the row
        itself.
        """
        stands = (row.holder, row.renewed)
        if self._seen[0] != stands:
            self._seen = (stands, time.monotonic())
        if row.restarted and not row.settled:
            return time.monotonic() - self._seen[1] > _GRACE
        return bool(row.over or (row.silent and not row.connected))

    def _is_ours(self, row: Any, began: float) -> bool:
        if row is not None:
            self._ends = began + SPAN
        return row is not None

    @contextmanager
    def _renewed(self) -> Iterator[None]:
        """Renew it in a thread: sending one message may take longer than a lease is valid."""
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
                        values, began = {"name": self._name, "holder": self._holder, "span": SPAN}, _now()
                        if not self._is_ours(connection.execute(_RENEW, values).first(), began):
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
