"""The database that holds the state, whichever it is: opening it, its schema, transactions.

`sqlite.py` and `postgres.py` hold all that only one of them understands.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from state.errors import StateError
from state.failpoint import reached

SCHEMA = "0009"  # the newest migration: a state that is at it is used without loading alembic

PASSING = "passing"  # another one: the times of sources that were found as they were
OUTBOX = "outbox"  # a part of the state: deliveries, their messages, and the troubles of channels

EVIDENCE = "evidence"  # a part of the state: the chain of hashes, and the files that it is about


def part_of(source: str) -> str:
    """The part of the state that a source is."""
    return f"source {source}"


class Database(ABC):
    """An open database. Its connections may be used from any thread.

    `name` says where it is, without a password: what errors begin with.
    """

    name: str

    @abstractmethod
    def close(self) -> None:
        """Close all connections."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent view of the state. Raises StateError."""

    @abstractmethod
    def writing(self, *parts: str) -> AbstractContextManager[Connection]:
        """One transaction: all of it is stored, or nothing if it ends with an exception. Raises StateError.

        No other transaction that writes goes on beside it: what it reads, nobody alters before it ends. One that names
        the `parts` of the state that it is about lets those go on that are about other parts, where the database can.
        """

    def lock_further(self, connection: Connection, part: str) -> None:  # noqa: B027 - where there is one writer, he has it all
        """Take another part into a transaction that writes to some: first sources, then the outbox, evidence last."""

    def room(self, connection: Connection, rows: int) -> AbstractContextManager[None]:  # noqa: ARG002
        """While so many new rows are written, whatever makes that quicker."""
        return nullcontext()

    @abstractmethod
    def sending_lock(self, timeout: float) -> AbstractContextManager[bool]:
        """The right to send, which one process has at a time; yields whether it was had within `timeout` seconds."""

    def may_send(self) -> bool:
        """Whether the right to send is still had by who got it: it is only lost where processes may be far apart."""
        return True

    @abstractmethod
    def problems(self) -> list[str]:
        """What is wrong with it, in its own words. Reads all of it."""

    @abstractmethod
    def size(self) -> int:
        """Bytes that it takes."""

    @abstractmethod
    def shrink(self, pages: int) -> bool:
        """Give at most `pages` unused pages back; whether there are more. Other writers wait meanwhile."""

    @abstractmethod
    def backup(self, file: Path) -> None:
        """Copy all of it, as it is now, to a file of its own. Raises StateError."""

    def schema(self) -> str | None:
        """The schema that it is at, or None if it is empty. Raises StateError when it is another program's."""
        with self.reading() as connection:
            return _version(connection, self.name)

    def before_use(self) -> None:
        """Set what is ours, or still empty, up for use; not a byte of another program's is altered."""
        return

    def settle(self) -> None:
        """Bring a new or an older state to this program's schema; of several processes, one does."""
        version = self.schema()
        self.before_use()
        if version == SCHEMA:
            return
        with self.writing() as connection:
            version = _version(connection, self.name)
            if version != SCHEMA:
                from state.db.migrate import upgrade  # noqa: PLC0415 - alembic is slow to load, and seldom needed

                upgrade(connection, version, self.name)
                reached("during_migration")


def _version(connection: Connection, name: str) -> str | None:
    """The schema that the state is at, or None if there is none."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if not {"alembic_version", "deliveries"} <= tables:
        raise StateError(f"{name}: this is the database of another program; set `state` to another one")
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
