"""The watched entities whose stored entries were alerted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from sources import Entry
from state.db.part import Part
from state.db.row_mapping import stored_entry
from state.db.tables.core import ENTITIES, ENTRIES, SOURCES
from state.model import Alert, Standing
from state.parts.events import write_events
from state.parts.staging import VALID

_MARK = ""  # an id that no entity has: marks that definitions were stored, even if there were none
_ROWS = 1000


class Entities(Part):
    """The part of the Store for entities."""

    def known(self) -> dict[str, str] | None:
        """The stored definitions by id; None if this state never stored any."""
        with self._database.reading() as connection:
            return _entities(connection)

    def keep(
        self, known: Mapping[str, str] | None, definitions: Mapping[str, str], alerts: Sequence[Alert] = ()
    ) -> bool:
        """Replace the `known` definitions, and store the alerts about new ones; returns False if another process did
        first.
        """
        with self._database.writing() as connection:
            if _entities(connection) != known:
                return False
            connection.execute(delete(ENTITIES))
            rows = [{"id": id_, "definition": text} for id_, text in {_MARK: "", **definitions}.items()]
            connection.execute(insert(ENTITIES), rows)
            write_events(connection, alerts, self._redactor)
            return True

    def stored_entries(self, name: str) -> Iterator[Entry]:
        """The entries of a source that were not removed; a few per transaction."""
        source = select(SOURCES.c.id).where(SOURCES.c.name == name).scalar_subquery()
        wanted = select(ENTRIES).where(ENTRIES.c.source_id == source, ENTRIES.c.standing != Standing.REMOVED.value)
        wanted = wanted.where(VALID)
        last = 0
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(wanted.where(ENTRIES.c.id > last).order_by(ENTRIES.c.id).limit(_ROWS)).all()
            yield from map(stored_entry, rows)
            if len(rows) < _ROWS:
                return
            last = rows[-1].id


def _entities(connection: Connection) -> dict[str, str] | None:
    found = {row.id: row.definition for row in connection.execute(select(ENTITIES))}
    return found if found.pop(_MARK, None) is not None else None
