"""Deletes what is old, in short transactions: events with their deliveries, removed entries, suspicious pages, history.

A source's present entries and its accepted pages are never deleted. A removed entry goes no earlier than the undo of
its removal, so that the history can answer for all times from its horizon on.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, delete, exists, or_, select, text, update

from state.db.repository import Repository, directly, time_binder
from state.db.tables.core import BODIES, DELIVERIES, ENTRIES, EVENTS, MESSAGES, PAGES, SOURCES, TALLIES, UNDOS, UNREAD
from state.model import DeliveryState
from state.storage.pages import delete_pieces, find_pieces

# Where somebody follows something: SQLite would give the number of the last event to another one.
_NUMBER_STAYS = text("(events.id < (SELECT max(id) FROM events) OR NOT EXISTS (SELECT 1 FROM rounds))")
# Whether anything may be old, of the history among its oldest rows: they are in the order of time, without an index.
_ANY_OLD = """
SELECT 1 WHERE EXISTS (SELECT 1 FROM events WHERE at < ?) OR EXISTS (SELECT 1 FROM entries WHERE "left" < ?)
OR EXISTS (SELECT 1 FROM pages WHERE held AND fetched < ?) OR EXISTS (SELECT 1 FROM pushed_requests WHERE at < ?)
OR EXISTS (SELECT 1 FROM chat_presses WHERE at < ?) OR EXISTS (SELECT 1 FROM tallies WHERE month < ?)
OR EXISTS (SELECT 1 FROM (SELECT at FROM undos ORDER BY id LIMIT ?) AS oldest WHERE at < ?)
OR EXISTS (SELECT 1 FROM (SELECT until FROM unread ORDER BY id LIMIT ?) AS oldest WHERE until < ?)
"""
RETENTION = "retention"  # why the history of a source answers for later times only


class Expired(NamedTuple):
    """The number of deleted rows."""

    events: int = 0
    entries: int = 0
    held: int = 0  # sources whose suspicious snapshot was deleted
    undos: int = 0  # what undid changes


class Retention(Repository):
    """The part of the Store that deletes what is old."""

    def may_expire(self, before: datetime, most: int) -> bool:
        """Whether anything is older than a moment that this, or the stores of pushes and chats, may delete."""
        with self._database.reading() as connection:
            at = time_binder(connection.dialect)(before)
            values = (*[at] * 5, f"{before:%Y-%m}", most, at, most, at)
            return directly(connection, _ANY_OLD, values).scalar() is not None

    def expire(self, before: datetime, most: int) -> Expired:
        """Delete at most `most` events and as many entries and undos that are older than a moment; returns the numbers.

        Call it until they are zero. An event with a pending delivery is kept.
        """
        waits = exists().where(DELIVERIES.c.event_id == EVENTS.c.id, DELIVERIES.c.state == DeliveryState.PENDING.value)
        old_events = (
            select(EVENTS.c.id).where(EVENTS.c.at < before, ~waits, _NUMBER_STAYS).order_by(EVENTS.c.at).limit(most)
        )
        old_entries = select(ENTRIES.c.id, ENTRIES.c.source_id).where(ENTRIES.c.left < before).limit(most)
        long_held = select(PAGES.c.source_id).where(PAGES.c.held, PAGES.c.fetched < before).distinct()
        old_tallies = select(TALLIES.c.source_id).where(TALLIES.c.month < f"{before:%Y-%m}")
        wanted = (old_events, old_entries, long_held, _old(UNDOS, before, most))
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            others = (_old(UNREAD, before, most), old_tallies)
            if not any(connection.execute(some.limit(1)).first() for some in (*wanted, *others)):
                return Expired()
        with self._database.writing() as connection:
            events, entries, held, undos = (connection.execute(some).all() for some in wanted)
            # With an event go its mentions and deliveries, and messages without other members.
            ids = [row.id for row in events]
            affected = (DELIVERIES.c.event_id.in_(ids), DELIVERIES.c.message_id.is_not(None))
            messages = connection.scalars(select(DELIVERIES.c.message_id).where(*affected).distinct()).all()
            from state.db.tables.seldom import TRANSLATED_TEXTS  # noqa: PLC0415 - nearly always nothing is old
            from state.storage.discussion import forget_subjects  # noqa: PLC0415 - as above

            forget_subjects(connection, ids, before)
            connection.execute(delete(TRANSLATED_TEXTS).where(TRANSLATED_TEXTS.c.at < before))
            connection.execute(delete(EVENTS).where(EVENTS.c.id.in_(ids)))
            used = exists().where(DELIVERIES.c.message_id == MESSAGES.c.id)
            connection.execute(delete(MESSAGES).where(MESSAGES.c.id.in_(messages), ~used))
            # A check in progress that knows these entries sees another revision, and compares again.
            connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_([row.id for row in entries])))
            left = update(SOURCES).where(SOURCES.c.id.in_({row.source_id for row in entries}))
            connection.execute(left.values(revision=SOURCES.c.revision + 1))
            sources = [row.source_id for row in held]
            connection.execute(delete(PAGES).where(PAGES.c.source_id.in_(sources), PAGES.c.held))
            shown = exists().where(PAGES.c.source_id == BODIES.c.source_id, PAGES.c.body_hash == BODIES.c.hash)
            connection.execute(delete(BODIES).where(BODIES.c.source_id.in_(sources), ~shown))
            connection.execute(update(SOURCES).where(SOURCES.c.id.in_(sources)).values(held=b""))
            # From now on the history of these sources answers for later times only.
            connection.execute(delete(UNDOS).where(UNDOS.c.id.in_([row.id for row in undos])))
            earlier = or_(SOURCES.c.history_from.is_(None), SOURCES.c.history_from < before)
            mine = update(SOURCES).where(SOURCES.c.id.in_({row.source_id for row in (*undos, *entries)}), earlier)
            connection.execute(mine.values(history_from=before, history_why=RETENTION))
            connection.execute(delete(UNREAD).where(UNREAD.c.until < before))
            connection.execute(delete(TALLIES).where(TALLIES.c.month < f"{before:%Y-%m}"))
            return Expired(len(events), len(entries), len(held), len(undos))

    def delete_pieces(self) -> int:
        """Delete some pieces of large bodies that no page has; returns how many. Call it until there are none."""
        with self._database.reading() as connection:  # nearly always none, as above
            if not find_pieces(connection, most=1):
                return 0
        with self._database.writing() as connection:
            return delete_pieces(connection)


def _old(table: Table, before: datetime, most: int) -> Select[Any]:
    """Among the oldest rows of the history, by their numbers: the times need no index."""
    end = table.c.at if "at" in table.c else table.c.until
    oldest = select(table.c.id, table.c.source_id, end.label("end")).order_by(table.c.id).limit(most).subquery()
    return select(oldest).where(oldest.c.end < before)
