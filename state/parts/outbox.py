"""The outbox: pending deliveries, the messages composed of them, and the results of both.

A delivery is one event for one channel. Those due together for one channel become one message, which is stored before
it is sent, so that a retry is identical. A message is pending as long as one of its deliveries is; if one of them is
removed by hand, the message is deleted and the others are composed again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select, update

from state.db.backend import OUTBOX
from state.db.part import Part
from state.db.row_mapping import chunks
from state.db.tables import CHANNELS, DELIVERIES, EVENTS, MENTIONS, MESSAGES
from state.errors import StateError
from state.model import Alert, Delivery, DeliveryState, Event, EventKind, Message
from state.parts.events import read_events, write_events

Tell = Callable[[str, int], Alert]  # makes the alert that so many deliveries to a channel became dead

_MOST_THREADS = 5  # the most cases, and the most entries, whose threads one message continues

_PENDING = DELIVERIES.c.state == DeliveryState.PENDING.value
_UNSENT = MESSAGES.c.sent.is_(None)


class Outbox(Part):
    """The part of the Store for deliveries."""

    def sending_lock(self, timeout: float) -> AbstractContextManager[bool]:
        """The lock for sending, held by one process at a time; yields whether it was acquired within `timeout`
        seconds.
        """
        return self._database.sending_lock(timeout)

    def must_send(self) -> None:
        """Raise StateError if the lock for sending was lost, as a lease expires in a suspended process."""
        if not self._database.may_send():
            raise StateError(
                f"{self._database.name}: another process has gone on with sending, as this one stood still"
            )

    def due(self, now: datetime, channels: Collection[str] | None = None) -> list[Delivery]:
        """Deliveries that are due and not yet part of a message, the oldest first."""
        wanted = select(DELIVERIES).where(_PENDING, DELIVERIES.c.message_id.is_(None), _is_due(now))
        if channels is not None:
            wanted = wanted.where(DELIVERIES.c.channel.in_(channels))
        with self._database.reading() as connection:
            return _deliveries(connection, wanted.order_by(DELIVERIES.c.due, DELIVERIES.c.id))

    def compose(
        self,
        channel: str,
        key: str,
        title: str,
        text: str,
        html: str,
        delivery_ids: Sequence[int],
        now: datetime,
        thread: Sequence[str] = (),
        attached: Sequence[int] = (),
    ) -> Message | None:
        """Store a message of these deliveries; None if one of them is no longer pending: call `due` again.

        `attached` are the events whose proof is attached.
        """
        title, text, html = map(self._redactor.hide, (title, text, html))
        texts = {"key": key, "channel": channel, "title": title, "text": text, "html": html}
        lists = {"thread": list(thread), "attached": list(attached)}
        row = {"created": now, "attempts": 0, "next_try": now, **texts, **lists}
        free = (_PENDING, DELIVERIES.c.message_id.is_(None), DELIVERIES.c.channel == channel)
        with self._database.writing(OUTBOX) as connection:
            connection.execute(insert(MESSAGES), row)
            new: int = connection.scalars(select(MESSAGES.c.id).where(MESSAGES.c.key == key)).one()
            if _update(connection, delivery_ids, *free, message_id=new) < len(delivery_ids):
                connection.rollback()
                return None
            members = tuple(delivery_ids)
            return Message(new, key, channel, title, text, html, members, now, thread=thread, attached=tuple(attached))

    def thread(self, channel: str, events: Sequence[Event]) -> list[str]:
        """The keys of the messages whose thread a message about these events continues, the earliest first.

        They are the first messages to this channel about the same case, and about the same entry.
        """
        entities = list(dict.fromkeys(entity for event in events for entity in event.entities))[:_MOST_THREADS]
        entries = list(
            dict.fromkeys((event.source, self._redactor.hide(event.data["key"])) for event in _changes(events))
        )
        cases = select(MENTIONS.c.event_id)
        firsts: list[ColumnElement[bool]] = [
            EVENTS.c.id.in_(cases.where(MENTIONS.c.entity == entity)) for entity in entities
        ]
        firsts += [and_(EVENTS.c.source == name, EVENTS.c.entry_key == key) for name, key in entries[:_MOST_THREADS]]
        alerted = select(MESSAGES.c.id, MESSAGES.c.key).join(DELIVERIES, DELIVERIES.c.message_id == MESSAGES.c.id)
        alerted = alerted.join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        alerted = alerted.where(MESSAGES.c.channel == channel, EVENTS.c.kind == EventKind.CHANGE.value)
        with self._database.reading() as connection:
            found = [
                connection.execute(alerted.where(first).order_by(MESSAGES.c.id).limit(1)).first() for first in firsts
            ]
        return [key for _, key in sorted({(row.id, row.key) for row in found if row})]

    def unsent(self, now: datetime) -> list[Message]:
        """Composed messages whose next attempt is due, the oldest first."""
        members = select(DELIVERIES.c.message_id).where(_PENDING, DELIVERIES.c.message_id.is_not(None))
        # An attempt, or a composition, in the future: the clock was moved back.
        again = or_(MESSAGES.c.next_try <= now, MESSAGES.c.tried > now, MESSAGES.c.created > now)
        wanted = select(MESSAGES).where(_UNSENT, again, MESSAGES.c.id.in_(members))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(MESSAGES.c.id)).all()
            return [_message(row, _members(connection, row.id)) for row in rows]

    def overdue(self, now: datetime) -> int:
        """The number of deliveries that are due, and not sent."""
        with self._database.reading() as connection:
            wanted = select(func.count()).select_from(DELIVERIES).where(_PENDING, _is_due(now))
            return connection.scalar(wanted) or 0

    def trying(self, message: Message, now: datetime) -> None:
        """Record an attempt before it begins. Raises StateError: what cannot be marked as sent must not be sent."""
        self.must_send()
        with self._database.writing(OUTBOX) as connection:
            connection.execute(_this(message).values(tried=now))

    def sent(self, message: Message, now: datetime) -> None:
        """Mark a message and its deliveries as sent."""
        with self._database.writing(OUTBOX) as connection:
            connection.execute(_this(message).values(sent=now, tried=now, attempts=MESSAGES.c.attempts + 1))
            done = {"state": DeliveryState.SENT.value, "error": None, "attempts": DELIVERIES.c.attempts + 1}
            _update(connection, message.deliveries, _PENDING, **done)

    def failed(self, message: Message, error: str, next_try: datetime, now: datetime) -> None:
        """Record a failed attempt; `error` is the server's answer, which is stored with the deliveries."""
        with self._database.writing(OUTBOX) as connection:
            again = {"tried": now, "next_try": next_try, "attempts": MESSAGES.c.attempts + 1}
            connection.execute(_this(message).values(again))
            failure = {"error": self._redactor.hide(error), "attempts": DELIVERIES.c.attempts + 1}
            _update(connection, message.deliveries, _PENDING, **failure)

    def retry_now(self, channel: str, now: datetime) -> None:
        """Make everything pending for a channel due now: it works again."""
        with self._database.writing(OUTBOX) as connection:
            waits = (_UNSENT, MESSAGES.c.channel == channel, MESSAGES.c.next_try > now)
            connection.execute(update(MESSAGES).where(*waits).values(next_try=now))

    def mark_dead(self, what: Message | Collection[int], reason: str, tell: Tell | None = None) -> int:
        """Mark a message's deliveries, or single ones, as dead; returns how many were pending.

        `tell` makes the alert about it, which is stored in the same transaction.
        """
        ids = what.deliveries if isinstance(what, Message) else what
        with self._database.writing(OUTBOX) as connection:
            return self._give_up(connection, ids, self._redactor.hide(reason), tell)

    def mark_channels_dead(
        self, known: Collection[str], reason: str, before: datetime | None = None, tell: Tell | None = None
    ) -> int:
        """Mark as dead what is pending for channels other than `known`, and delete their troubles; returns the number
        of deliveries.

        Deliveries created after `before` are kept: another process may know newer channels.
        """
        gone = select(DELIVERIES.c.id).where(_PENDING, DELIVERIES.c.channel.not_in(list(known)))
        gone = gone.where(DELIVERIES.c.created <= before) if before else gone
        troubled = CHANNELS.c.name.not_in(list(known))
        either = select(gone.exists() | select(CHANNELS.c.name).where(troubled).exists())
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            if not connection.scalar(either):
                return 0
        with self._database.writing(OUTBOX) as connection:
            connection.execute(delete(CHANNELS).where(troubled))
            return self._give_up(connection, connection.scalars(gone).all(), reason, tell)

    def _give_up(self, connection: Connection, ids: Collection[int], reason: str, tell: Tell | None) -> int:
        alerts = [tell(channel, count) for channel, count in _lost(connection, ids).items()] if tell else []
        for alert in alerts:
            write_events(connection, [alert], self._redactor)
        return mark_dead(connection, ids, reason)

    def drop(self, delivery_id: int) -> bool:
        """Mark one pending delivery as dead, by hand; returns whether it was pending."""
        return bool(self.mark_dead([delivery_id], "dropped"))

    def retry(self, delivery_id: int, now: datetime | None = None) -> bool:
        """Make a pending or dead delivery due now, with its message; returns whether there is one."""
        now = now or datetime.now(UTC)
        with self._database.writing(OUTBOX) as connection:
            row = connection.execute(select(DELIVERIES).where(DELIVERIES.c.id == delivery_id)).one_or_none()
            if row is None or row.state == DeliveryState.SENT.value:
                return False
            fresh = {"created": now, "next_try": now, "attempts": 0}
            message = update(MESSAGES).where(MESSAGES.c.id == row.message_id, _UNSENT).values(fresh)
            if connection.execute(message).rowcount:
                _update(connection, _members(connection, row.message_id, waiting=False), **_revived(now))
            else:
                _update(connection, [delivery_id], message_id=None, **_revived(now))
            return True

    def deliveries(self, state: DeliveryState | None = None, limit: int | None = None) -> list[Delivery]:
        """Deliveries, all or those in one state, the newest first."""
        wanted = select(DELIVERIES).order_by(DELIVERIES.c.id.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(DELIVERIES.c.state == state.value)
        with self._database.reading() as connection:
            return _deliveries(connection, wanted)

    def counts(self, now: datetime | None = None) -> dict[str, int]:
        """The number of deliveries that are `held` (deferred), `pending` (due, and not sent), `sent` and `dead`."""
        now = now or datetime.now(UTC)
        held = (
            select(func.count())
            .select_from(DELIVERIES)
            .where(_PENDING, DELIVERIES.c.message_id.is_(None), ~_is_due(now))
        )
        with self._database.reading() as connection:
            rows = connection.execute(select(DELIVERIES.c.state, func.count()).group_by(DELIVERIES.c.state))
            counts = {state.value: 0 for state in DeliveryState} | {row[0]: row[1] for row in rows}
            later = connection.scalar(held) or 0
        return {**counts, "held": later, "pending": counts["pending"] - later}


def mark_dead(connection: Connection, ids: Iterable[int], reason: str) -> int:
    """Mark the pending ones of these deliveries as dead. Messages with other pending members are deleted."""
    ids = list(ids)
    messages: set[int] = set()
    for some in chunks(ids):
        found = select(DELIVERIES.c.message_id).where(DELIVERIES.c.id.in_(some), _PENDING)
        messages.update(message for message in connection.scalars(found) if message is not None)
    buried = _update(connection, ids, _PENDING, state=DeliveryState.DEAD.value, error=reason)
    for message in messages:
        if _members(connection, message):
            connection.execute(update(DELIVERIES).where(DELIVERIES.c.message_id == message).values(message_id=None))
            connection.execute(delete(MESSAGES).where(MESSAGES.c.id == message))
    return buried


def mark_source_dead(connection: Connection, name: str, reason: str) -> None:
    """Mark as dead all pending deliveries about a source."""
    wanted = select(DELIVERIES.c.id).join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
    mark_dead(connection, connection.scalars(wanted.where(_PENDING, EVENTS.c.source == name)).all(), reason)


def _changes(events: Iterable[Event]) -> Iterator[Event]:
    return (event for event in events if event.kind is EventKind.CHANGE and "key" in event.data)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """A creation time in the future means that the clock was moved back: also due."""
    return or_(DELIVERIES.c.due <= now, DELIVERIES.c.created > now)


def _lost(connection: Connection, ids: Iterable[int]) -> dict[str, int]:
    """The number of pending ones among these deliveries, by channel. Those about channels do not count: two dead
    channels would alert about each other for ever.
    """
    lost: dict[str, int] = {}
    for some in chunks(ids):
        wanted = select(DELIVERIES.c.channel, func.count()).join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        wanted = wanted.where(DELIVERIES.c.id.in_(some), _PENDING, EVENTS.c.source != "")
        for channel, count in connection.execute(wanted.group_by(DELIVERIES.c.channel)):
            lost[channel] = lost.get(channel, 0) + count
    return lost


def _this(message: Message) -> Any:
    """An update of a message, identified by its key too: SQLite may reuse the id of a deleted one."""
    return update(MESSAGES).where(MESSAGES.c.id == message.id, MESSAGES.c.key == message.key)


def _revived(now: datetime) -> dict[str, Any]:
    return {"state": DeliveryState.PENDING.value, "due": now, "error": None}


def _update(connection: Connection, ids: Iterable[int], *where: ColumnElement[bool], **values: Any) -> int:
    changed = 0
    for some in chunks(ids):
        changed += connection.execute(
            update(DELIVERIES).where(DELIVERIES.c.id.in_(some), *where).values(values)
        ).rowcount
    return changed


def _members(connection: Connection, message_id: int, *, waiting: bool = True) -> tuple[int, ...]:
    """The pending deliveries of a message, or all of them."""
    wanted = select(DELIVERIES.c.id).where(DELIVERIES.c.message_id == message_id).order_by(DELIVERIES.c.id)
    return tuple(connection.scalars(wanted.where(_PENDING) if waiting else wanted))


def _message(row: Row[Any], deliveries: tuple[int, ...]) -> Message:
    names = ("id", "key", "channel", "title", "text", "html", "created", "attempts")
    values = {name: getattr(row, name) for name in names}
    return Message(deliveries=deliveries, thread=row.thread or (), attached=tuple(row.attached), **values)


def _deliveries(connection: Connection, wanted: Select[Any]) -> list[Delivery]:
    rows = connection.execute(wanted).all()
    events = {}
    for ids in chunks(sorted({row.event_id for row in rows})):
        events.update(
            {event.id: event for event in read_events(connection, select(EVENTS).where(EVENTS.c.id.in_(ids)))}
        )
    tries = dict[int, datetime]()
    for ids in chunks(sorted({row.message_id for row in rows if row.message_id is not None})):
        found = connection.execute(select(MESSAGES.c.id, MESSAGES.c.next_try).where(MESSAGES.c.id.in_(ids)))
        tries |= {row.id: row.next_try for row in found}
    names = ("id", "channel", "created", "due", "attempts", "error", "digest")
    return [
        Delivery(
            event=events[row.event_id],
            state=DeliveryState(row.state),
            message=row.message_id,
            next_try=tries.get(row.message_id, row.due) if row.state == DeliveryState.PENDING.value else None,
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]
