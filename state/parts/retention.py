"""Forgetting what is old, in short transactions: events with their deliveries, entries that left, pages that were held.

The state of a source is never old: its present entries and its last accepted pages stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, exists, select, update

from state.db.part import Part
from state.db.tables import BODIES, DELIVERIES, ENTRIES, EVENTS, MESSAGES, PAGES, SOURCES
from state.model import DeliveryState


class Expired(NamedTuple):
    """How many rows were forgotten."""

    events: int = 0
    entries: int = 0
    held: int = 0  # sources whose suspicious snapshot was forgotten

    def plus(self, other: Expired) -> Expired:
        """Both together."""
        return Expired(*(mine + others for mine, others in zip(self, other, strict=True)))


class Retention(Part):
    """The part of the Store that forgets."""

    def expire(self, before: datetime, most: int) -> Expired:
        """Forget at most `most` events and as many entries from before a moment; nothing when nothing is that old.

        Call it until it returns nothing. An event that still waits to be delivered stays.
        """
        wanted = (_old_events(before, most), _old_entries(before, most), _held_long(before))
        with self._database.reading() as connection:  # nearly always none: no need to lock anybody out
            if not any(connection.execute(some.limit(1)).first() for some in wanted):
                return Expired()
        with self._database.writing() as connection:
            events, entries, held = (connection.execute(some).all() for some in wanted)
            _forget_events(connection, [row.id for row in events])
            _forget_entries(connection, entries)
            _forget_held(connection, [row.source_id for row in held])
            return Expired(len(events), len(entries), len(held))

    def size(self) -> int:
        """Bytes that the state takes on its disk."""
        return self._database.size()

    def shrink(self, pages: int) -> bool:
        """Give at most `pages` unused pages of the file back to its disk; whether there are more."""
        return self._database.shrink(pages)


def _old_events(before: datetime, most: int) -> Select[Any]:
    waiting = exists().where(DELIVERIES.c.event_id == EVENTS.c.id, DELIVERIES.c.state == DeliveryState.PENDING.value)
    return select(EVENTS.c.id).where(EVENTS.c.at < before, ~waiting).order_by(EVENTS.c.at).limit(most)


def _old_entries(before: datetime, most: int) -> Select[Any]:
    return select(ENTRIES.c.id, ENTRIES.c.source_id).where(ENTRIES.c.left < before).limit(most)


def _held_long(before: datetime) -> Select[Any]:
    return select(PAGES.c.source_id).where(PAGES.c.held, PAGES.c.fetched < before).distinct()


def _forget_events(connection: Connection, ids: Sequence[int]) -> None:
    """Their mentions and deliveries go with them, and the messages that only told of them."""
    told = select(DELIVERIES.c.message_id).where(DELIVERIES.c.event_id.in_(ids), DELIVERIES.c.message_id.is_not(None))
    messages = connection.scalars(told.distinct()).all()
    connection.execute(delete(EVENTS).where(EVENTS.c.id.in_(ids)))
    used = exists().where(DELIVERIES.c.message_id == MESSAGES.c.id)
    connection.execute(delete(MESSAGES).where(MESSAGES.c.id.in_(messages), ~used))


def _forget_entries(connection: Connection, rows: Sequence[Any]) -> None:
    """A check under way that knows one of these compares again: its source's revision moves on."""
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_([row.id for row in rows])))
    moved = update(SOURCES).where(SOURCES.c.id.in_({row.source_id for row in rows}))
    connection.execute(moved.values(revision=SOURCES.c.revision + 1))


def _forget_held(connection: Connection, sources: Sequence[int]) -> None:
    connection.execute(delete(PAGES).where(PAGES.c.source_id.in_(sources), PAGES.c.held))
    used = exists().where(PAGES.c.source_id == BODIES.c.source_id, PAGES.c.body_hash == BODIES.c.hash)
    connection.execute(delete(BODIES).where(BODIES.c.source_id.in_(sources), ~used))
    connection.execute(update(SOURCES).where(SOURCES.c.id.in_(sources)).values(held=b""))
