"""Rows that cannot be read: a disk gave back other bytes than it was given."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from state.db.backend import OUTBOX, lock_of
from state.db.repository import Repository, chunks
from state.db.rows import UNREADABLE, source_row, source_state
from state.db.tables.core import CHANNELS, DELIVERIES, EVENTS, MESSAGES, SOURCES
from state.model import DAMAGED, Health, SourceState, Status
from state.storage.delivery_rows import PENDING, mark_dead
from state.storage.events import read_events

log = logging.getLogger(__name__)

_KEPT = ("name", "revision", "place", "reading", "watched")  # as far as they can be read


class Damage(Repository):
    """Makes it possible to go on with a state in which rows are damaged."""

    def mend(self) -> None:
        """Make damaged rows of sources anew, as failing: their next check says so. Their entries and pages stay, and
        are compared with as before. A row whose name is damaged is deleted, with what belongs to it.
        """
        with self._database.writing("sources") as connection:
            for number in find_unreadable(connection, SOURCES):
                mine, kept = SOURCES.c.id == number, dict[str, Any]()
                for name in _KEPT:
                    with suppress(*UNREADABLE):
                        kept[name] = connection.scalar(select(SOURCES.c[name]).where(mine))
                if "name" in kept:
                    health = Health(Status.FAILING, DAMAGED, "its row was damaged", datetime.now(UTC))
                    anew = source_row(SourceState(kept["name"], 1, health), self._redactor)
                    none = dict.fromkeys(("lease", "holder", "history_from", "history_why"))
                    connection.execute(update(SOURCES).where(mine).values({**anew, **none, "watched": True, **kept}))
                else:
                    log.error("the name of a source is damaged: what is stored of it is dropped")
                    connection.execute(delete(SOURCES).where(mine))

    def mend_outbox(self) -> None:
        """Put damaged rows out of the way of what is sent: a message that waits is composed again, an event that cannot
        be read is given up, and a channel that failed is tried as if it had not.
        """
        with self._database.writing(OUTBOX) as connection:
            events, messages = (
                connection.scalars(select(column).distinct().where(PENDING, column.is_not(None))).all()
                for column in (DELIVERIES.c.event_id, DELIVERIES.c.message_id)
            )
            for message in find_unreadable(connection, MESSAGES, messages):
                connection.execute(update(DELIVERIES).where(DELIVERIES.c.message_id == message).values(message_id=None))
                connection.execute(delete(MESSAGES).where(MESSAGES.c.id == message))
            for event in find_unreadable(connection, EVENTS, events):
                given_up = connection.scalars(select(DELIVERIES.c.id).where(DELIVERIES.c.event_id == event)).all()
                mark_dead(connection, given_up, "what it tells is damaged in the state")
            damaged = list(find_unreadable(connection, CHANNELS))
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name.in_(damaged)))

    def start_anew(self, name: str) -> None:
        """Drop what is stored of a source but its health, so that its next check makes a baseline. Its events stay in
        the log; those that cannot be read are no longer found by the key of their entry.
        """
        with self._database.reading() as connection:
            its_events = connection.scalars(select(EVENTS.c.id).where(EVENTS.c.source == name)).all()
            damaged = list(find_unreadable(connection, EVENTS, its_events))
        with self._database.writing(lock_of(name)) as connection:
            health = source_state(connection.execute(select(SOURCES).where(SOURCES.c.name == name)).one()).health
            connection.execute(delete(SOURCES).where(SOURCES.c.name == name))
            connection.execute(insert(SOURCES), source_row(SourceState(name, health=health), self._redactor))
            for some in chunks(damaged):
                connection.execute(update(EVENTS).where(EVENTS.c.id.in_(some)).values(entry_key=None))


def find_unreadable(connection: Connection, table: Table, keys: Sequence[Any] | None = None) -> Iterator[Any]:
    """The keys of the rows of a table (all of them, or of those with these keys) of which a value cannot be read."""
    key = next(iter(table.primary_key.columns))

    def look(some: Sequence[Any]) -> Iterator[Any]:
        wanted = select(table).where(key.in_(some))
        try:
            if table is EVENTS:
                read_events(connection, wanted)
            else:
                rows = connection.execute(wanted).all()
                list(map(source_state, rows if table is SOURCES else ()))
        except UNREADABLE:
            yield from some if len(some) == 1 else chain.from_iterable(look([one]) for one in some)

    for some in chunks(connection.scalars(select(key).order_by(key)).all() if keys is None else keys):
        yield from look(some)
