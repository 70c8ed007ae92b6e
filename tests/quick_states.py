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
from sqlalchemy import create_engine

from state.db import migrate, sqlite

by_the_book, make_shrinkable = sqlite._prepare, sqlite._make_shrinkable


def use(patch: pytest.MonkeyPatch) -> None:
    """From now on nothing that this process writes has to survive a power cut, as on the tests' own PostgreSQL server."""
    patch.setattr(sqlite, "_make_shrinkable", lambda path: path.write_bytes(ready()))
    patch.setattr(sqlite, "_prepare", prepare)
    patch.setattr(os, "fsync", lambda _: None)


def prepare(connection: sqlite3.Connection, record: Any) -> None:
    """In place of `sqlite._prepare`."""
    by_the_book(connection, record)
    connection.execute("PRAGMA synchronous = OFF")


@cache
def ready() -> bytes:
    """A new file with its tables."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "state.db")
        make_shrinkable(file)
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            migrate.upgrade(connection, None, str(file))
        engine.dispose()  # the last connection writes all that is in the log into the file
        return file.read_bytes()


def dump(file: Path) -> list[str]:
    """All that stands in a file, as statements."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())
