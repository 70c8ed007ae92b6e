"""Copies a state from one database to another, such as from a file to a server: completely, or not at all.

The rows read and written are counted and fingerprinted per table before the copy is committed.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, Table, func, insert, inspect, select, text

from sources.reading.entry_fingerprints import Digest, text_fingerprint
from state.db.backend import Database
from state.db.connect import connect, open_database
from state.db.files import is_there
from state.db.migrate import SCHEMA, all_tables, say_unknown
from state.db.sqlite import SQLite, path_of
from state.db.tables.core import BODY_PIECES, HOSTS, LEASES, WORKERS
from state.db.tables.seldom import NAME_KEYS, SCREENED_NAMES, SCREENED_SOURCES
from state.errors import StateError

_ROWS, _LARGE_ROWS = 500, 20
_INDEX = {NAME_KEYS, SCREENED_NAMES, SCREENED_SOURCES}  # made again by whoever screens
_FLEETING = _INDEX | {LEASES, HOSTS, WORKERS}  # short-lived data of running processes


class Copied(NamedTuple):
    """A copied table: the number of its rows, and their fingerprint in any order."""

    table: str
    rows: int
    mark: str


def copy_state(source: str, target: str, on_copied: Callable[[Copied], None] = lambda _: None) -> list[Copied]:
    """Copy the state at one URL to another, which must be empty; `on_copied` is called after each table.

    The source is only read; writes to it are blocked meanwhile. Raises StateError when there is nothing to copy, the
    target is not empty, or the rows written differ from those read: then the target stays empty.
    """
    with suppress(PermissionError):  # which who opens it tells
        if source.startswith("sqlite:") and not is_there(path_of(source)):
            raise StateError(f"{path_of(source)}: the file is missing")
    with closing(connect(source)) as original, TemporaryDirectory(prefix="registry-watch-") as folder:
        if original.schema() is None:
            raise StateError(f"{original.name}: there is nothing in it to copy")
        _must_be_free(target)  # before its schema is created
        with original.writing() as still:
            _may_take_long(still)
            readable = _readable(original, Path(folder))
            with readable as here, closing(open_database(target)) as new, new.writing() as there:
                _may_take_long(there)
                copied = [_copy(table, here, there, on_copied) for table in _tables()]
                _advance_sequences(there)
                _must_be_the_same(copied, there, new.name)
                return copied


def _must_be_free(url: str) -> None:
    with closing(connect(url)) as database:
        if database.schema() is None:
            return
        with database.reading() as connection:
            for name in inspect(connection).get_table_names():
                if name != "alembic_version" and connection.execute(select(text("1")).select_from(text(name))).first():
                    raise StateError(f"{database.name}: it holds a state already, and was left as it is")


def _may_take_long(connection: Connection) -> None:
    """Disable the server's timeout for idle transactions: while one side works, the other is idle."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def _readable(original: Database, folder: Path) -> Iterator[Connection]:
    """The source at this schema. An older file is upgraded as a copy, so that the original stays usable by an older
    version.
    """
    if isinstance(original, SQLite):
        original.backup(folder / "state.db")
        with closing(open_database(f"sqlite:///{folder}/state.db")) as upgraded, upgraded.reading() as connection:
            yield connection
        return
    if (version := original.schema() or "") != SCHEMA:
        older = "it is of an older version; open it once with this one, as `watch status` does"
        raise StateError(f"{original.name}: {older if version < SCHEMA else say_unknown(version)}")
    with original.reading() as connection:
        yield connection


def _tables() -> Sequence[Table]:
    """The tables, parents before children."""
    return [table for table in all_tables().sorted_tables if table not in _FLEETING]


def _copy(table: Table, here: Connection, there: Connection, on_copied: Callable[[Copied], None]) -> Copied:
    copied = _read(table, here, lambda some: there.execute(insert(table), [dict(row) for row in some]))
    on_copied(copied)
    return copied


def _must_be_the_same(copied: Iterable[Copied], there: Connection, name: str) -> None:
    for table, each in zip(_tables(), copied, strict=True):
        if _read(table, there) != each:
            raise StateError(f"{name}: {each.table} is not what was read; nothing was stored")


def _read(
    table: Table, connection: Connection, take: Callable[[Sequence[RowMapping]], object] = lambda _: None
) -> Copied:
    """Read a table, some rows at a time; their fingerprints do not depend on the database."""
    digest = Digest()
    most = _LARGE_ROWS if table is BODY_PIECES else _ROWS
    found = connection.execution_options(stream_results=True, yield_per=most).execute(select(table))
    for some in found.mappings().partitions(most):
        take(some)
        for row in map(dict[Any, Any], some):
            named = [[name, row[name]] for name in sorted(row)]
            digest.add(text_fingerprint(json.dumps(named, default=_plain, sort_keys=True, ensure_ascii=False)))
    return Copied(table.name, digest.count, digest.value().hex())


def _plain(value: Any) -> str:
    """Bytes and times as JSON, equal for both databases."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else bytes(value).hex()


def _advance_sequences(there: Connection) -> None:
    """Set the sequences of row numbers behind the copied rows."""
    if there.dialect.name != "postgresql":
        return
    for table in _tables():
        sequence = "id" in table.c and there.scalar(
            text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}
        )
        if sequence:
            last = there.scalar(select(func.max(table.c.id))) or 0
            there.execute(text("SELECT setval(:sequence, :next, false)"), {"sequence": sequence, "next": last + 1})
