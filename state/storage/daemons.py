"""The daemons on this state, with the status that only they know (such as pauses of their event loop)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, insert, select

from state.db.repository import Repository
from state.db.tables.core import WORKERS

PREFIX = "daemon "  # prefix of their names: workers are in the same table
_DAEMONS = "daemons"  # a lock's name
_FORGOTTEN = timedelta(days=1)


class DaemonSeen(NamedTuple):
    """A daemon, and its status when last seen."""

    name: str
    host: str
    started: datetime
    seen: datetime
    state: Mapping[str, Any]


class Daemons(Repository):
    """The part of the Store for daemons."""

    def note(self, daemon: DaemonSeen) -> None:
        """Record a daemon's status; delete those not seen for a day."""
        old = WORKERS.c.seen < daemon.seen - _FORGOTTEN
        mine = WORKERS.c.name == PREFIX + daemon.name
        with self._database.writing(_DAEMONS) as connection:
            connection.execute(delete(WORKERS).where(WORKERS.c.name.startswith(PREFIX), mine | old))
            connection.execute(insert(WORKERS), daemon._asdict() | {"name": PREFIX + daemon.name})

    def gone(self, name: str) -> None:
        """Delete a daemon that ends."""
        with self._database.writing(_DAEMONS) as connection:
            connection.execute(delete(WORKERS).where(WORKERS.c.name == PREFIX + name))

    def all(self) -> list[DaemonSeen]:
        """The recently seen daemons, by name."""
        return self._read(WORKERS.c.name.startswith(PREFIX))

    def with_workers(self) -> list[DaemonSeen]:
        """The recently seen daemons and workers, by name."""
        return self._read()

    def _read(self, *which: ColumnElement[bool]) -> list[DaemonSeen]:
        rows = self._rows(select(WORKERS).where(*which).order_by(WORKERS.c.name))
        return [DaemonSeen(row.name.removeprefix(PREFIX), row.host, row.started, row.seen, row.state) for row in rows]
