"""What the state knows of watched entities: their definitions, earlier events about them, entries that may name them.

Bounded for a log of any length.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select

from sources import Entry
from state.db.repository import Repository, chunks, directly
from state.db.rows import read_stored_entry
from state.db.tables.core import ENTITIES, ENTRIES, EVENTS, MENTIONS, SOURCES
from state.model import Alert, Clearing, Event, EventKind, Standing
from state.storage.events import events_by_id, write_events
from state.storage.staging import VALID

_MARK = ""  # an id that no entity has: marks that definitions were stored, even if there were none
_ROWS = 1000
_CITABLE = [EventKind.CHANGE.value, EventKind.BASELINE.value]


class Entities(Repository):
    """The part of the Store for entities."""

    def read_definitions(self) -> dict[str, str] | None:
        """The stored definitions by id; None if this state never stored any."""
        return self._ask(_entities)

    def keep(
        self,
        known: Mapping[str, str] | None,
        definitions: Mapping[str, str],
        alerts: Sequence[Alert] = (),
        clearings: Sequence[Clearing] = (),
    ) -> bool:
        """Replace the `known` definitions, and store the alerts about new ones, with the `clearings` that they end;
        returns False if another process did first.
        """
        with self._database.writing() as connection:
            if _entities(connection) != known:
                return False
            connection.execute(delete(ENTITIES))
            rows = [{"id": id_, "definition": text} for id_, text in {_MARK: "", **definitions}.items()]
            connection.execute(insert(ENTITIES), rows)
            write_events(connection, alerts, self._redactor)
            if clearings:
                from state.storage.clearings import write_outcome  # noqa: PLC0415 - few entries were cleared

                write_outcome(connection, clearings)
            return True

    def read_stored(self, name: str) -> Iterator[Entry]:
        """The entries of a source that were not removed; a few per transaction."""
        source = select(SOURCES.c.id).where(SOURCES.c.name == name).scalar_subquery()
        wanted = select(ENTRIES).where(ENTRIES.c.source_id == source, ENTRIES.c.standing != Standing.REMOVED.value)
        wanted = wanted.where(VALID)
        last = 0
        while True:
            rows = self._rows(wanted.where(ENTRIES.c.id > last).order_by(ENTRIES.c.id).limit(_ROWS))
            yield from map(read_stored_entry, rows)
            if len(rows) < _ROWS:
                return
            last = rows[-1].id

    def earlier(self, entities: Collection[str], since: datetime, most: int) -> list[Event]:
        """Earlier events about each entity, for an alert to cite, the newest first.

        For each register, the last `most` changes that mention it, and as many summaries of a baseline; of reports, and
        of statements, the last `most` after `since`.
        """
        ids: set[int] = set()
        with self._database.reading() as connection:
            for some in chunks(entities):
                records = _mentioning(some).where(EVENTS.c.authority == "record")
                others = _mentioning(some).where(EVENTS.c.authority != "record", EVENTS.c.at > since)
                for found, whose in ((records.subquery(), "source"), (others.subquery(), "authority")):
                    # The newest in each group.
                    alike = [found.c[whose], found.c.kind, found.c.entity]
                    order = (found.c.at.desc(), found.c.id.desc())
                    place = func.row_number().over(partition_by=alike, order_by=order).label("place")
                    ranked = select(found.c.id, place).subquery()
                    ids.update(connection.scalars(select(ranked.c.id).where(ranked.c.place <= most)))
            events = events_by_id(connection, ids)
        return sorted(events.values(), key=lambda event: (event.at, event.id), reverse=True)

    def count_present(self, sources: Collection[str]) -> int:
        """The number of present entries of these sources."""
        return int(self._rows(select(func.count()).select_from(_present(sources).subquery()))[0][0])

    def present(self, sources: Collection[str]) -> Iterator[tuple[str, Entry]]:
        """The present entries of these sources, each with its source's name."""
        with self._database.reading() as connection:
            for row in connection.execute(_present(sources)):
                yield row.source, read_stored_entry(row)


def _entities(connection: Connection) -> dict[str, str] | None:
    found = {row.id: row.definition for row in directly(connection, "SELECT id, definition FROM entities", ())}
    return found if found.pop(_MARK, None) is not None else None


def _present(sources: Collection[str]) -> Select[Any]:
    joined = select(SOURCES.c.name.label("source"), ENTRIES).join(SOURCES, SOURCES.c.id == ENTRIES.c.source_id)
    return joined.where(SOURCES.c.name.in_(list(sources)), ENTRIES.c.standing == Standing.PRESENT.value, VALID)


def _mentioning(entities: Collection[str]) -> Select[Any]:
    """The events that mention an entity, one row for each entity."""
    columns = (EVENTS.c.id, EVENTS.c.at, EVENTS.c.source, EVENTS.c.kind, EVENTS.c.authority, MENTIONS.c.entity)
    joined = select(*columns).join(MENTIONS, MENTIONS.c.event_id == EVENTS.c.id)
    return joined.where(MENTIONS.c.entity.in_(list(entities)), EVENTS.c.kind.in_(_CITABLE)).distinct()
