"""The state on a PostgreSQL server: everything specific to PostgreSQL."""

import logging
import os
import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self
from uuid import uuid4
from weakref import WeakSet

from sqlalchemy import Connection, Engine, TextClause, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from state.db.backend import OUTBOX, Database
from state.db.rows import json_text
from state.errors import StateError

log = logging.getLogger(__name__)

_PATIENCE = 15  # seconds to wait for another process's lock
_IDLE = 10  # seconds after which the server ends an idle transaction, which would block others
_CONNECTIONS = 16  # connections of one process, at most

# Sent with every connection. TCP keep-alives end what a machine without power or network had begun.
_SETTINGS = {
    "lock_timeout": f"{_PATIENCE}s",
    "TimeZone": "UTC",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_WIRE = {
    "application_name": "registry-watch",
    "client_encoding": "utf8",
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}

# Two keys of advisory locks: the whole state, shared by transactions on a part of it, and the parts.
_WHOLE, _PART = 0x52570000, 0x52570001
_PATIENT = f"set_config('idle_in_transaction_session_timeout', '{_IDLE}s', true)"

_UNREACHABLE = "the database cannot be reached; nothing of this was stored; see that it runs, and that it lets us in"
_MEANING = {
    "28": "the database does not let this user in; see the user, the password and pg_hba.conf",
    "3D": "the database is missing; create it, or set `state` to another one",
    "3F": "the schema is missing; create it, or set `state` to another one",
    "42501": "this user may not do that; give it the right to create and write tables in this database",
    "25006": "it is read-only, perhaps a standby; nothing of this was stored",
    "53100": "no space is left on its disk; nothing of this was stored; free some and try again",
    "53300": "it takes no more connections; nothing of this was stored; raise max_connections, or run fewer workers",
    "53": "it has run out of something; nothing of this was stored",
    "55P03": f"another process has kept it locked for {_PATIENCE} s; nothing of this was stored",
    "25P03": f"this process stood still for {_IDLE} s in the middle of writing; nothing of this was stored",
    "40": "another process was in the way; nothing of this was stored; try again",
    "57": _UNREACHABLE,
    "08": _UNREACHABLE,
    "58": "its disk cannot be read or written",
    "XX": "it is damaged, or has a fault; see the log of the server",
}


class PostgreSQL(Database):
    """An open PostgreSQL database."""

    one_writer = False

    def __init__(self, url: URL) -> None:
        self.url, self.name = url, url.set(drivername="postgresql").render_as_string(hide_password=True)
        self._engine = _engine(url)
        # Each statement sees what was committed before it: a transaction locks first, then reads.
        self._writer = self._engine.execution_options(isolation_level="READ COMMITTED")
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._lease = Lease("sending", self.autocommit)

    @classmethod
    def at(cls, url: str) -> Self:
        """The database at a URL. Raises StateError when the URL is wrong, or psycopg is not installed."""
        try:
            parts = make_url(url)
        except (ArgumentError, ValueError):
            raise StateError("state: not a URL; it looks like postgresql+psycopg://user@host/name") from None
        return cls(parts.set(drivername="postgresql+psycopg"))

    def before_use(self) -> None:
        """Refuse a database that cannot hold every text, as a server has it that was set up without a locale."""
        with self.reading() as connection:
            encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            how = "CREATE DATABASE name TEMPLATE template0 ENCODING 'UTF8'"
            raise StateError(f"{self.name}: its encoding is {encoding}, and it has to be UTF8: {how}")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction with one consistent view. Raises StateError."""
        with self._explained(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *parts: str) -> Iterator[Connection]:
        """A write transaction. It excludes those on one of the same `parts`, and those on the whole state (no `parts`).

        Raises StateError.
        """
        # In sorted order against deadlocks.
        ordered = sorted(set(parts), key=lambda part: (part == OUTBOX, _number(part)))
        whole = f"pg_advisory_xact_lock_shared({_WHOLE}, 0)" if parts else f"pg_advisory_xact_lock({_WHOLE}, 0)"
        locks = ", ".join([_PATIENT, whole, *[f"pg_advisory_xact_lock({_PART}, %s)"] * len(ordered)])
        with self._explained(), self._writer.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SELECT {locks}", tuple(map(_number, ordered)))
            yield connection

    def lock_further(self, connection: Connection, part: str) -> None:
        """Acquire another part's lock within a write transaction. In one order (the outbox last), else deadlocks."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PART}, %s)", (_number(part),))

    def insert_rows(
        self, connection: Connection, table: str, same: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """By COPY, within the transaction."""
        import psycopg  # noqa: PLC0415 - part of the extra `postgres`

        names = ", ".join(f'"{name}"' for name in (*same, *columns))
        statement, own = f"COPY {table} ({names}) FROM STDIN", tuple(same.values())
        driver: Any = connection.connection.driver_connection
        try:
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in zip(*columns.values(), strict=True):
                    copy.write_row(own + row)
        except psycopg.Error as error:  # as of any other statement
            raise DBAPIError(statement, None, error) from error

    def sending_lock(self, timeout: float) -> AbstractContextManager[bool]:
        """A lease: its holder loses it unless it renews it. Raises StateError."""
        return self._lease.held(timeout)

    def may_send(self) -> bool:
        """Whether a held lease is still valid."""
        return self._lease.is_sure()

    def size(self) -> int:
        """The size of the whole database in bytes."""
        with self.reading() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)

    def backup(self, file: Path) -> None:
        """Raises StateError: the server has better tools."""
        how = f"pg_dump --format=custom --file={file} {self.name}"
        raise StateError(f"{self.name}: a PostgreSQL database is backed up with its own tools, such as: {how}")

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """A connection in autocommit mode. Raises StateError."""
        with self._explained(), self._engine.connect() as plain:
            yield plain.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Translate the database's errors to StateErrors, which say what to do."""
        try:
            yield
        except NoConnectionError as error:
            raise StateError(f"{self.name}: all its connections are in use; nothing of this was stored") from error
        except DBAPIError as error:
            import psycopg  # noqa: PLC0415 - part of the extra `postgres`

            state, lost = getattr(error.orig, "sqlstate", None), psycopg.OperationalError | psycopg.InterfaceError
            meaning = _MEANING.get(state) or _MEANING.get(state[:2]) if state else None
            if state is None and isinstance(error.orig, lost):
                meaning = _UNREACHABLE
            elif state is None and error.statement is None:  # not even connected
                meaning = "its address has an option that cannot be used; correct `state`"
            if meaning is None:  # an error of the program
                raise
            cause = str(error.orig).strip().splitlines() or [""]
            raise StateError(f"{self.name}: {meaning} ({cause[0]})") from error


def _number(part: str) -> int:
    """The key of a part's lock. A collision only makes two parts wait for each other."""
    return int.from_bytes(blake2b(part.encode(), digest_size=4).digest(), signed=True)


_engines: WeakSet[Engine] = WeakSet()


def _forget_connections() -> None:
    """A forked child must not use its parent's connections."""
    for engine in list(_engines):
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_connections)


def _engine(url: URL) -> Engine:
    # The arguments for every connection: the URL's own take precedence.
    wire = {name: value for name, value in _WIRE.items() if name not in url.query}
    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    options = " ".join((settings, *url.normalized_query.get("options", ())))
    try:
        engine = create_engine(
            url.difference_update_query(["options"]),
            connect_args=wire | {"options": options},
            pool_size=_CONNECTIONS // 2,
            max_overflow=_CONNECTIONS // 2,
            json_serializer=json_text,
        )
    except ModuleNotFoundError as error:
        how = 'install the extra "postgres": pip install "registry-watch[postgres]"'
        raise StateError(f"state: PostgreSQL needs {error.name}; {how}") from error
    event.listen(engine, "checkout", _still_there)
    _engines.add(engine)
    return engine


def _still_there(connection: Any, _record: Any, _proxy: Any) -> None:
    """Make the pool replace a connection that the server has closed: data on an idle one means its end."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if connection.closed or poll.poll(0):
        raise DisconnectionError


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
_HOLD = """
    UPDATE leases
       SET holder = :holder, renewed = clock_timestamp(), until = clock_timestamp() + make_interval(secs => :span),
           session = pid, began = backend_start
      FROM pg_stat_activity
     WHERE pid = pg_backend_pid() AND name = :name AND {}
    RETURNING holder
    """
_TAKE, _RENEW = text(_HOLD.format("holder = :before AND renewed = :seen")), text(_HOLD.format("holder = :holder"))
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
            with self._connect() as connection:
                connection.execute(_MAKE, {"name": self._name})
                while not (taken := self._taken(connection)) and time.monotonic() < deadline:
                    time.sleep(_PAUSE)
            with self._renewed() if taken else nullcontext():
                yield taken
        finally:
            self._lock.release()

    def _taken(self, connection: Connection) -> bool:
        """Acquire it if it is free or ours, or its holder is dead; returns whether it was acquired."""
        row = connection.execute(_LOOK, {"name": self._name, "silent": _SILENT, "settled": _SETTLED}).one()
        if not (row.free or row.holder == self._holder or self._is_gone(row)):
            return False
        return self._hold(connection, _TAKE, before=row.holder, seen=row.renewed)

    def _hold(self, connection: Connection, statement: TextClause, **more: object) -> bool:
        """Begin another span of it; returns whether it is ours."""
        began = _now()
        values = {"name": self._name, "holder": self._holder, "span": SPAN, **more}
        ours = connection.execute(statement, values).first() is not None
        self._ends = began + SPAN if ours else self._ends
        return ours

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
            try:
                with self._connect() as connection:
                    connection.execute(_FREE, {"name": self._name, "holder": self._holder})
            except StateError as error:
                log.debug("the lease %s runs out by itself: %s", self._name, error)

    def _renew(self, done: threading.Event) -> None:
        while not done.is_set():
            try:
                with self._connect() as connection:
                    while not done.wait(RENEW):
                        if not self._hold(connection, _RENEW):
                            log.warning("another process goes on with %s, as this one stood still", self._name)
                            self._ends = 0.0
                            return
            except StateError as error:
                log.debug("the lease %s is not renewed: %s", self._name, error)
                done.wait(RENEW)


def _now() -> float:
    return time.clock_gettime(_CLOCK)
