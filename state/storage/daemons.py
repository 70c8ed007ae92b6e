"""The daemons on this state, with the status that only they know (such as pauses of their event loop)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, select

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
        with self._database.writing(_DAEMONS) as connection:
            _write(connection, daemon)

    def enter(self, daemon: DaemonSeen, is_there: Callable[[DaemonSeen], bool]) -> DaemonSeen | None:
        """Record a daemon unless another one is there, which is returned: of two that start at once, one is first."""
        with self._database.writing(_DAEMONS) as connection:
            others = connection.execute(select(WORKERS).where(WORKERS.c.name.startswith(PREFIX))).all()
            if other := next(filter(is_there, map(_seen, others)), None):
                return other
            _write(connection, daemon)
            return None

    def gone(self, name: str) -> None:
        """Delete a daemon that ends."""
        self._change(_DAEMONS, delete(WORKERS).where(WORKERS.c.name == PREFIX + name))

    def all(self, *, workers: bool = False) -> list[DaemonSeen]:
        """The recently seen daemons, and with `workers` these too, by name."""
        which = () if workers else (WORKERS.c.name.startswith(PREFIX),)
        return list(map(_seen, self._rows(select(WORKERS).where(*which).order_by(WORKERS.c.name))))


def _write(connection: Connection, daemon: DaemonSeen) -> None:
    old = WORKERS.c.seen < daemon.seen - _FORGOTTEN
    mine = WORKERS.c.name == PREFIX + daemon.name
    connection.execute(delete(WORKERS).where(WORKERS.c.name.startswith(PREFIX), mine | old))
    connection.execute(insert(WORKERS), daemon._asdict() | {"name": PREFIX + daemon.name})


def _seen(row: Row[Any]) -> DaemonSeen:
    return DaemonSeen(row.name.removeprefix(PREFIX), row.host, row.started, row.seen, row.state)
