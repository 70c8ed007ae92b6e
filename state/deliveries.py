"""The outbox: deliveries that wait, the messages composed of them, and what became of both.

A delivery is one event for one channel. Those due together to one channel become one message, which is stored
before it is sent, so that a retry is the very same message. A message waits as long as one of its deliveries does;
if it loses a member by hand it is taken apart, and the others are composed anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from state.database import Database
from state.lock import exclusive
from state.log import read_events
from state.model import Delivery, DeliveryState, Message
from state.rows import chunks
from state.tables import DELIVERIES, EVENTS, MESSAGES
from state.veil import Veil

_PENDING = DELIVERIES.c.state == DeliveryState.PENDING.value
_UNSENT = MESSAGES.c.sent.is_(None)


class Outbox:
    """The part of the Store that knows deliveries."""

    _database: Database
    _veil: Veil

    def sending_lock(self, timeout: float) -> AbstractContextManager[bool]:
        """The right to send, which one process has at a time; yields whether it was had within `timeout` seconds."""
        return exclusive(self._database.path.with_name(f"{self._database.path.name}.lock"), timeout)

    def due(self, now: datetime, channels: Collection[str] | None = None) -> list[Delivery]:
        """Deliveries that are due and not yet part of a message, the oldest first."""
        wanted = select(DELIVERIES).where(_PENDING, DELIVERIES.c.message_id.is_(None), DELIVERIES.c.due <= now)
        if channels is not None:
            wanted = wanted.where(DELIVERIES.c.channel.in_(channels))
        with self._database.reading() as connection:
            return _deliveries(connection, wanted.order_by(DELIVERIES.c.due, DELIVERIES.c.id))

    def compose(
        self, channel: str, key: str, title: str, text: str, html: str, delivery_ids: Sequence[int], now: datetime
    ) -> Message | None:
        """Store a message made of these deliveries; None when one of them no longer waits: ask `due` again."""
        title, text, html = map(self._veil.hide, (title, text, html))
        texts = {"key": key, "channel": channel, "title": title, "text": text, "html": html}
        row = {"created": now, "attempts": 0, "next_try": now, **texts}
        free = (_PENDING, DELIVERIES.c.message_id.is_(None), DELIVERIES.c.channel == channel)
        with self._database.writing() as connection:
            connection.execute(insert(MESSAGES), row)
            new: int = connection.scalars(select(MESSAGES.c.id).where(MESSAGES.c.key == key)).one()
            if _update(connection, delivery_ids, *free, message_id=new) < len(delivery_ids):
                connection.rollback()
                return None
            return Message(new, key, channel, title, text, html, tuple(delivery_ids), now)

    def unsent(self, now: datetime) -> list[Message]:
        """Composed messages that are to be tried now, the oldest first."""
        members = select(DELIVERIES.c.message_id).where(_PENDING, DELIVERIES.c.message_id.is_not(None))
        wanted = select(MESSAGES).where(_UNSENT, MESSAGES.c.next_try <= now, MESSAGES.c.id.in_(members))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(MESSAGES.c.id)).all()
            return [_message(row, _members(connection, row.id)) for row in rows]

    def sent(self, message: Message, now: datetime) -> None:
        """A message has gone out, and its deliveries with it."""
        with self._database.writing() as connection:
            connection.execute(_this(message).values(sent=now, tried=now, attempts=MESSAGES.c.attempts + 1))
            done = {"state": DeliveryState.SENT.value, "error": None, "attempts": DELIVERIES.c.attempts + 1}
            _update(connection, message.deliveries, _PENDING, **done)

    def failed(self, message: Message, error: str, next_try: datetime, now: datetime) -> None:
        """A message was not sent; `error` is what the server said, and is kept on its deliveries."""
        with self._database.writing() as connection:
            again = {"tried": now, "next_try": next_try, "attempts": MESSAGES.c.attempts + 1}
            connection.execute(_this(message).values(again))
            said = {"error": self._veil.hide(error), "attempts": DELIVERIES.c.attempts + 1}
            _update(connection, message.deliveries, _PENDING, **said)

    def bury(self, what: Message | Collection[int], reason: str) -> int:
        """Give a message's deliveries up, or single ones; returns how many were waiting."""
        ids = what.deliveries if isinstance(what, Message) else what
        with self._database.writing() as connection:
            return bury(connection, ids, self._veil.hide(reason))

    def bury_channels(self, known: Collection[str], reason: str) -> int:
        """Give up what waits for channels other than these; returns how many deliveries that were."""
        gone = select(DELIVERIES.c.id).where(_PENDING, DELIVERIES.c.channel.not_in(list(known)))
        with self._database.reading() as connection:  # nearly always none: no need to lock anybody out
            if not connection.scalars(gone.limit(1)).all():
                return 0
        with self._database.writing() as connection:
            return bury(connection, connection.scalars(gone).all(), reason)

    def drop(self, delivery_id: int) -> bool:
        """Give one waiting delivery up by hand; whether there was such."""
        return bool(self.bury([delivery_id], "dropped"))

    def retry(self, delivery_id: int, now: datetime | None = None) -> bool:
        """Make a waiting or dead delivery due now, with the message it belongs to; whether there was such."""
        now = now or datetime.now(UTC)
        with self._database.writing() as connection:
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
        """All deliveries, or those in one state, the newest first."""
        wanted = select(DELIVERIES).order_by(DELIVERIES.c.id.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(DELIVERIES.c.state == state.value)
        with self._database.reading() as connection:
            return _deliveries(connection, wanted)

    def counts(self) -> dict[str, int]:
        """How many deliveries are `pending`, `sent` and `dead`."""
        with self._database.reading() as connection:
            rows = connection.execute(select(DELIVERIES.c.state, func.count()).group_by(DELIVERIES.c.state))
            return {state.value: 0 for state in DeliveryState} | {row[0]: row[1] for row in rows}


def bury(connection: Connection, ids: Iterable[int], reason: str) -> int:
    """Turn the waiting ones of these deliveries dead. Messages that keep other waiting members are taken apart."""
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


def bury_source(connection: Connection, name: str, reason: str) -> None:
    """Turn all dead that waits to tell of a source."""
    wanted = select(DELIVERIES.c.id).join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
    bury(connection, connection.scalars(wanted.where(_PENDING, EVENTS.c.source == name)).all(), reason)


def _this(message: Message) -> Any:
    """An update of a message; its key tells it from a later one that got the number of one taken apart."""
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
    """The deliveries of a message that wait, or all of them."""
    wanted = select(DELIVERIES.c.id).where(DELIVERIES.c.message_id == message_id).order_by(DELIVERIES.c.id)
    return tuple(connection.scalars(wanted.where(_PENDING) if waiting else wanted))


def _message(row: Row[Any], deliveries: tuple[int, ...]) -> Message:
    names = ("id", "key", "channel", "title", "text", "html", "created", "attempts")
    return Message(deliveries=deliveries, **{name: getattr(row, name) for name in names})


def _deliveries(connection: Connection, wanted: Select[Any]) -> list[Delivery]:
    rows = connection.execute(wanted).all()
    events = {}
    for ids in chunks(sorted({row.event_id for row in rows})):
        events.update(
            {event.id: event for event in read_events(connection, select(EVENTS).where(EVENTS.c.id.in_(ids)))}
        )
    names = ("id", "channel", "created", "due", "attempts", "error")
    return [
        Delivery(
            event=events[row.event_id],
            state=DeliveryState(row.state),
            message=row.message_id,
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]
