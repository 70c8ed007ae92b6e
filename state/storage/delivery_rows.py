"""The rows of deliveries and of messages: read, changed together, and given up (dead letters)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, or_, select, update

from state.db.repository import chunks, rows_in
from state.db.rows import approval_of
from state.db.tables.core import DELIVERIES, EVENTS, MENTIONS, MESSAGES
from state.model import Delivery, DeliveryState, EventKind, Message
from state.storage.events import events_by_id

PENDING = DELIVERIES.c.state == DeliveryState.PENDING.value
UNSENT = MESSAGES.c.sent.is_(None)
# Whether somebody has to approve the message of a delivery first.
UNAPPROVED = DELIVERIES.c.message_id.in_(select(MESSAGES.c.id).where(MESSAGES.c.held))
APPROVED = or_(DELIVERIES.c.message_id.is_(None), ~UNAPPROVED)
_MOST_THREADS = 5  # the most cases, and the most entries, whose threads one message continues


def withdraw_held(connection: Connection, source: str) -> None:
    """Delete what waits to tell of held changes of a source, and is part of no message: nothing of it is held now."""
    held = select(EVENTS.c.id).where(EVENTS.c.source == source, EVENTS.c.kind == EventKind.HELD.value)
    free = (PENDING, DELIVERIES.c.message_id.is_(None))
    connection.execute(delete(DELIVERIES).where(*free, DELIVERIES.c.event_id.in_(held)))


def mark_dead(connection: Connection, ids: Iterable[int], reason: str) -> int:
    """Mark the pending ones of these deliveries as dead. Messages with other pending members are deleted."""
    ids = list(ids)
    composed = select(DELIVERIES.c.message_id).where(PENDING, DELIVERIES.c.message_id.is_not(None)).distinct()
    messages = {row.message_id for row in rows_in(connection, composed, DELIVERIES.c.id, ids)}
    buried = update_deliveries(connection, ids, PENDING, state=DeliveryState.DEAD.value, error=reason)
    for message in messages:
        if members_of(connection, message):
            connection.execute(update(DELIVERIES).where(DELIVERIES.c.message_id == message).values(message_id=None))
            connection.execute(delete(MESSAGES).where(MESSAGES.c.id == message))
    return buried


def mark_source_dead(connection: Connection, name: str, reason: str) -> None:
    """Mark as dead all pending deliveries about a source."""
    wanted = select(DELIVERIES.c.id).join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
    mark_dead(connection, connection.scalars(wanted.where(PENDING, EVENTS.c.source == name)).all(), reason)


def is_due(now: datetime) -> ColumnElement[bool]:
    """A creation time in the future means that the clock was moved back: also due."""
    return or_(DELIVERIES.c.due <= now, DELIVERIES.c.created > now)


def count_deliveries(connection: Connection, *where: ColumnElement[bool]) -> int:
    """How many deliveries a condition holds for."""
    return connection.scalar(select(func.count()).select_from(DELIVERIES).where(*where)) or 0


def count_lost(connection: Connection, ids: Iterable[int]) -> dict[str, int]:
    """The number of pending ones among these deliveries, by channel. Those about channels do not count: two dead
    channels would alert about each other for ever.
    """
    lost: dict[str, int] = {}
    for some in chunks(ids):
        wanted = select(DELIVERIES.c.channel, func.count()).join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        wanted = wanted.where(DELIVERIES.c.id.in_(some), PENDING, EVENTS.c.source != "")
        for channel, count in connection.execute(wanted.group_by(DELIVERIES.c.channel)):
            lost[channel] = lost.get(channel, 0) + count
    return lost


def this_message(message: Message) -> Any:
    """An update of a message, identified by its key too: SQLite may reuse the id of a deleted one."""
    return update(MESSAGES).where(MESSAGES.c.id == message.id, MESSAGES.c.key == message.key)


def revive(now: datetime) -> dict[str, Any]:
    """The columns of a delivery that waits once more."""
    return {"state": DeliveryState.PENDING.value, "due": now, "error": None}


def update_deliveries(connection: Connection, ids: Iterable[int], *where: ColumnElement[bool], **values: Any) -> int:
    """Set columns of those of the deliveries that a condition holds for; how many those are."""
    changed = 0
    for some in chunks(ids):
        changed += connection.execute(
            update(DELIVERIES).where(DELIVERIES.c.id.in_(some), *where).values(values)
        ).rowcount
    return changed


def members_of(connection: Connection, message_id: int, *, waiting: bool = True) -> tuple[int, ...]:
    """The pending deliveries of a message, or all of them."""
    wanted = select(DELIVERIES.c.id).where(DELIVERIES.c.message_id == message_id).order_by(DELIVERIES.c.id)
    return tuple(connection.scalars(wanted.where(PENDING) if waiting else wanted))


def message_of(row: Row[Any], deliveries: tuple[int, ...]) -> Message:
    """A row of `messages` with the deliveries that wait in it."""
    names = ("id", "key", "channel", "title", "text", "html", "created", "attempts")
    values = {name: getattr(row, name) for name in names}
    return Message(deliveries=deliveries, thread=row.thread or (), attached=tuple(row.attached), **values)


def thread_of(
    connection: Connection, channel: str, entities: Sequence[str], entries: Sequence[tuple[str, str]]
) -> list[str]:
    """The keys of the first messages to a channel about one of these entities, or one of these entries (source and
    key), the earliest first.
    """
    of_case = select(MENTIONS.c.event_id)
    firsts: list[ColumnElement[bool]]
    firsts = [EVENTS.c.id.in_(of_case.where(MENTIONS.c.entity == entity)) for entity in entities[:_MOST_THREADS]]
    firsts += [and_(EVENTS.c.source == source, EVENTS.c.entry_key == key) for source, key in entries[:_MOST_THREADS]]
    found = [connection.execute(_first_about(channel, select(EVENTS.c.id).where(first))).first() for first in firsts]
    return [key for _, key in sorted({(row.id, row.key) for row in found if row})]


def _first_about(channel: str, events: Select[tuple[int]]) -> Select[tuple[int, str]]:
    """The first message to a channel in which there are changes, each of them among these events."""
    joined = MESSAGES.join(DELIVERIES, DELIVERIES.c.message_id == MESSAGES.c.id)
    changes = joined.join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
    change = EVENTS.c.kind == EventKind.CHANGE.value
    holds = select(MESSAGES.c.id).select_from(changes).where(MESSAGES.c.channel == channel, change)
    others = (
        select(DELIVERIES.c.id)
        .join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        .where(DELIVERIES.c.message_id == MESSAGES.c.id, change, EVENTS.c.id.not_in(events))
    )
    about = select(MESSAGES.c.id, MESSAGES.c.key).where(MESSAGES.c.id.in_(holds.where(EVENTS.c.id.in_(events))))
    return about.where(~others.correlate(MESSAGES).exists()).order_by(MESSAGES.c.id).limit(1)


def read_deliveries(connection: Connection, wanted: Select[Any]) -> list[Delivery]:
    """The deliveries that a query selects, each with its event."""
    joined = wanted.outerjoin(MESSAGES, MESSAGES.c.id == DELIVERIES.c.message_id)
    rows = connection.execute(joined.add_columns(MESSAGES.c.next_try, MESSAGES.c.sent, MESSAGES.c.held)).all()
    events = events_by_id(connection, (row.event_id for row in rows))
    names = ("id", "channel", "created", "due", "attempts", "error", "digest")
    return [
        Delivery(
            event=events[row.event_id],
            state=DeliveryState(row.state),
            message=row.message_id,
            next_try=row.next_try or row.due if row.state == DeliveryState.PENDING.value else None,
            sent=row.sent if row.state == DeliveryState.SENT.value else None,
            approval=approval_of(row.approval),
            unapproved=bool(row.held and row.state == DeliveryState.PENDING.value),
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]
