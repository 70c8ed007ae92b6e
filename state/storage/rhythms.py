"""When sources change, as learned from their checks, and the budget of requests that they share."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from state.db.repository import Repository, directly
from state.db.tables.core import BUDGET, EVENTS, RHYTHMS, SOURCES
from state.model import EventKind, Rhythm
from state.model.changes import Budget, Summary

_OF_SOURCES = RHYTHMS.join(SOURCES, SOURCES.c.id == RHYTHMS.c.source_id)
_PART = "budget"  # a part of the state, for its lock
_OLD = "DELETE FROM rhythms WHERE source_id = ?"
_NEW = "INSERT INTO rhythms (source_id, packed, mean, levels) VALUES (?, ?, ?, ?)"


class Rhythms(Repository):
    """The part of the Store for rhythms."""

    def read_packed(self, names: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """The revision of these sources, and what was learned of each, packed; those of which nothing is known are left
        out.
        """
        wanted = select(SOURCES.c.name, SOURCES.c.revision, RHYTHMS.c.packed).select_from(_OF_SOURCES)
        rows = self._rows_in(wanted, SOURCES.c.name, names)
        return {row.name: (row.revision, row.packed) for row in rows}

    def summaries(self) -> list[Summary]:
        """What was learned of all sources, in short."""
        wanted = select(SOURCES.c.name, RHYTHMS.c.mean, RHYTHMS.c.levels).select_from(_OF_SOURCES)
        return list(map(Summary._make, self._rows(wanted)))

    def read_log(
        self, name: str, since: datetime
    ) -> tuple[datetime | None, Sequence[tuple[datetime | None, datetime]]]:
        """What the log says of a source since a time: when its first event was, and of each check with changes the one
        before and its time, the earliest first.
        """
        of_source = (EVENTS.c.source == name, EVENTS.c.at >= since)
        change = EVENTS.c.kind == EventKind.CHANGE.value
        wanted = select(EVENTS.c.previous, EVENTS.c.at).where(*of_source, change).distinct().order_by(EVENTS.c.at)
        with self._database.reading() as connection:
            first = connection.execute(select(func.min(EVENTS.c.at)).where(*of_source)).scalar()
            return first, [(previous, at) for previous, at in connection.execute(wanted)]

    def has_changed(self, name: str, times: int) -> bool:
        """Whether the log has changes of a source at so many checks, or more."""
        changes = (EVENTS.c.source == name, EVENTS.c.kind == EventKind.CHANGE.value)
        return len(self._rows(select(EVENTS.c.at).where(*changes).distinct().limit(times))) >= times

    def budget(self) -> Budget | None:
        """The budget, if there was one."""
        return self._ask(_budget)

    def turn(self, change: Callable[[Budget | None], Budget]) -> Budget:
        """Replace the budget by what `change` makes of it."""
        with self._database.writing(_PART) as connection:
            after = change(_budget(connection))
            connection.execute(delete(BUDGET))
            connection.execute(insert(BUDGET), [{"id": 1, **after._asdict()}])
            return after


def write_rhythm(connection: Connection, source_id: int, rhythm: Rhythm) -> None:
    """Replace what was learned of a source."""
    directly(connection, _OLD, (source_id,))
    directly(connection, _NEW, [(source_id, *rhythm)])


def _budget(connection: Connection) -> Budget | None:
    row = connection.execute(select(*(BUDGET.c[name] for name in Budget._fields))).first()
    return Budget._make(row) if row else None
