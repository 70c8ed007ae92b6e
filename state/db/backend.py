"""The interface of the state's database: opening, schema, transactions.

`sqlite.py` and `postgres.py` implement it; `connect.py` knows which of them is meant by a URL.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import copy
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, event, inspect, text

from state.db.migrate import SCHEMA, upgrade
from state.errors import StateError
from state.failpoint import reach

# Names of locks.
PASSING = "passing"  # the times of unchanged sources
OUTBOX = "outbox"  # deliveries, their messages, and failing channels
RECORD = "actions"  # the record of actions, whose rows are linked
EVIDENCE = "evidence"  # the hash chain, and its files


def lock_of(source: str) -> str:
    """The lock's name for a source."""
    return f"source {source}"


class Database(ABC):
    """An open database. Its connections may be used from any thread.

    `name` identifies it without a password: errors begin with it.
    """

    name: str
    one_writer = True  # whether a transaction that writes keeps all others from it
    _engine: Engine
    _reader: Engine

    def rewriting(self, rewrite: Callable[[str], str]) -> Self:
        """The same database to whose readers each statement is put in other words."""
        reader = self._reader.execution_options()  # to events an engine of its own, with the same connections

        @event.listens_for(reader, "before_cursor_execute", retval=True)
        def put(_connection: Any, _cursor: Any, statement: str, values: Any, *_: object) -> tuple[str, Any]:
            return rewrite(statement), values

        made = copy(self)
        made._reader = reader  # noqa: SLF001 - it is one of this class
        return made

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A read transaction with one consistent view. Raises StateError."""

    @abstractmethod
    def writing(self, *parts: str) -> AbstractContextManager[Connection]:
        """A write transaction, rolled back if it ends with an exception. Raises StateError.

        It excludes other write transactions, so what it reads stays valid until its end. If `parts` of the state are
        named, only transactions that name one of them, or none, are excluded, where the database supports that.
        """

    def lock_further(self, connection: Connection, part: str) -> None:  # noqa: B027 - a single writer needs no more
        """Acquire another part's lock within a write transaction. Order: sources, then the outbox, then the record of
        actions, then evidence.
        """

    @abstractmethod
    def insert_rows(
        self, connection: Connection, table: str, same: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """Insert rows, of which there may be many: `same` are the values that all have, `columns` those that differ, by
        the names of the table's columns. Values are the driver's own.
        """

    @abstractmethod
    def sending_lock(self, timeout: float) -> AbstractContextManager[bool]:
        """The lock for sending, held by one process at a time; yields whether it was acquired within `timeout`
        seconds.
        """

    def may_send(self) -> bool:
        """Whether a held lock for sending is still valid: a lease may have expired."""
        return True

    def problems(self) -> list[str]:
        """The problems that the database itself finds. Reads all of it. A server is checked with its own tools."""
        return []

    @abstractmethod
    def size(self) -> int:
        """Its size in bytes."""

    def shrink(self, pages: int) -> bool:  # noqa: ARG002 - a server does it by itself
        """Release at most `pages` unused pages; returns whether there are more. Blocks other writers meanwhile."""
        return False

    @abstractmethod
    def backup(self, file: Path) -> None:
        """Copy the database at this moment to a file; blocks nobody. Raises StateError."""

    def schema(self) -> str | None:
        """The current schema, or None if it is empty. Raises StateError when it belongs to another program."""
        with self.reading() as connection:
            return _version(connection, self.name)

    def before_use(self) -> None:
        """Configure a database that is ours or empty; never changes a byte of another program's."""
        return

    def settle(self) -> None:
        """Create or upgrade the schema; of several processes, one does."""
        version = self.schema()
        self.before_use()
        if version == SCHEMA:
            return
        with self.writing() as connection:
            version = _version(connection, self.name)
            if version != SCHEMA:
                upgrade(connection, version, self.name)
                reach("during_migration")


def _version(connection: Connection, name: str) -> str | None:
    """The schema of the state, or None if there is none."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if not {"alembic_version", "deliveries"} <= tables:
        raise StateError(f"{name}: this is the database of another program; set `state` to another one")
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
