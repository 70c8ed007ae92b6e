"""New state files at little cost: their schema at once, in place of a migration after the other, and without waiting for a disk.

The schema is what the migrations have made, once in each process of the suite. The processes that tests start know nothing
of this.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from state.db import migrate, sqlite

by_migrations, by_the_book, make_shrinkable = migrate.upgrade, sqlite._prepare, sqlite._make_shrinkable


def use(patch: pytest.MonkeyPatch) -> None:
    """From now on nothing that this process writes has to survive a power cut, as on the tests' own PostgreSQL server."""
    patch.setattr(migrate, "upgrade", upgrade)
    patch.setattr(sqlite, "_make_shrinkable", lambda path: path.write_bytes(empty()))
    patch.setattr(sqlite, "_prepare", prepare)
    patch.setattr(os, "fsync", lambda _: None)


def upgrade(connection: Connection, version: str | None, name: str) -> None:
    """In place of `migrate.upgrade`: an older state, and one on a server, are left to it."""
    if version is not None or connection.dialect.name != "sqlite":
        by_migrations(connection, version, name)
        return
    for statement in schema():
        connection.exec_driver_sql(statement)


def prepare(connection: sqlite3.Connection, record: Any) -> None:
    """In place of `sqlite._prepare`."""
    by_the_book(connection, record)
    connection.execute("PRAGMA synchronous = OFF")


@cache
def empty() -> bytes:
    """A new file before it has a table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "state.db")
        make_shrinkable(file)
        return file.read_bytes()


@cache
def schema() -> tuple[str, ...]:
    """The statements that make a new file as the migrations leave it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "state.db")
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            by_migrations(connection, None, str(file))
        engine.dispose()
        _begin, *statements, _commit = dump(file)
    return tuple(statements)


def dump(file: Path) -> list[str]:
    """All that stands in a file, as statements."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())
