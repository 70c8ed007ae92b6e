"""New state files at little cost: copies of a file in place of migrations, and without waiting for a disk.

The migrations have made that file, once in each process of the suite. The processes that tests start know nothing of this.
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
from sqlalchemy import URL, Engine, create_engine, make_url

from state.db import migrate, sqlite
from state.db import postgres as on_server
from state.db.rows import json_text
from tests import postgres

by_the_book, make_shrinkable, new_engine = sqlite._prepare, sqlite._make_shrinkable, sqlite._engine
new_server_engine = on_server._engine


def use(patch: pytest.MonkeyPatch) -> None:
    """From now on nothing that this process writes has to survive a power cut, as on the tests' own PostgreSQL server."""
    patch.setattr(sqlite, "_make_shrinkable", lambda path: path.write_bytes(ready()))
    patch.setattr(sqlite, "_prepare", prepare)
    patch.setattr(sqlite, "_engine", engine)
    patch.setattr(on_server, "_engine", server_engine)
    patch.setattr(os, "fsync", lambda _: None)


def prepare(connection: sqlite3.Connection, record: Any) -> None:
    """In place of `sqlite._prepare`."""
    by_the_book(connection, record)
    connection.execute("PRAGMA synchronous = OFF")


def engine(path: Path) -> Engine:
    """In place of `sqlite._engine`: what is said to one file is not compiled again for the next."""
    made, first = new_engine(path), first_engine()
    made.dialect, made._compiled_cache = first.dialect, first._compiled_cache
    return made


@cache
def first_engine() -> Engine:
    made = create_engine("sqlite://", json_serializer=json_text, query_cache_size=5000)
    made.connect().close()  # asks SQLite what it can do
    return made


def server_engine(url: URL) -> Engine:
    """In place of `postgres._engine`: the same, for all databases of the server that the tests share."""
    made = new_server_engine(url)
    if postgres.is_shared(url):
        first = first_server_engine()
        made.dialect, made._compiled_cache = first.dialect, first._compiled_cache
    return made


@cache
def first_server_engine() -> Engine:
    server = postgres.shared()
    made = new_server_engine(make_url(server.url("postgres")))
    made.connect().close()  # asks the server what it can do
    made.dispose()
    return made


@cache
def ready() -> bytes:
    """A new file with its tables."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "state.db")
        make_shrinkable(file)
        maker = create_engine(f"sqlite:///{file}")
        with maker.begin() as connection:
            migrate.upgrade(connection, None, str(file))
        maker.dispose()  # the last connection writes all that is in the log into the file
        return file.read_bytes()


def dump(file: Path) -> list[str]:
    """All that stands in a file, as statements."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())
