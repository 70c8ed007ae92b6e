"""Where the programs that are tortured have their state: in files of SQLite, or on the tests' own PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests import postgres
from tests.postgres import Server

_server: Server | None = None


def use_server() -> None:
    """From now on every state is a database of its own on one PostgreSQL server."""
    global _server  # noqa: PLW0603 - one for all threads, until the end
    _server = postgres.shared()


def on_server() -> bool:
    return _server is not None


class Place(NamedTuple):
    """Where one state is: its URL; its database on the server, where it is on one."""

    url: str
    server: Server | None = None
    database: str = ""

    def close(self) -> None:
        if self.server:
            self.server.drop(self.database)


def new_place(folder: Path, *, empty: bool = False) -> Place:
    """A place for a state: `state.db` in the folder, or a database, which has the schema unless it is to be `empty`."""
    if _server is None:
        return Place(f"sqlite:///{folder}/state.db")
    name = _server.new("template0" if empty else "state")
    return Place(_server.url(name), _server, name)


@contextmanager
def place_in(folder: Path) -> Iterator[Place]:
    """A place for a state, as long as it is needed."""
    place = new_place(folder)
    try:
        yield place
    finally:
        place.close()
