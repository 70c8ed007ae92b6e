"""The outbox: pending deliveries, the messages composed of them, and the results of both.

A delivery is one event for one channel. Those due together for one channel become one message, which is stored before
it is sent, so that a retry is identical. A message is pending as long as one of its deliveries is; if one of them is
removed by hand, the message is deleted and the others are composed again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, or_, select, update

from state.db.backend import OUTBOX
from state.db.repository import Repository, directly, time_binder
from state.db.tables.core import CHANNELS, DELIVERIES, MESSAGES
from state.errors import StateError
from state.failpoint import reach
from state.model import Alert, Approval, ChannelTrouble, Delivery, DeliveryState, Message, Past
from state.storage.delivery_rows import (
    APPROVED,
    PENDING,
    UNAPPROVED,
    UNSENT,
    count_deliveries,
    count_lost,
    is_due,
    mark_dead,
    members_of,
    message_of,
    read_deliveries,
    revive,
    this_message,
    thread_of,
    update_deliveries,
)
from state.storage.events import write_events

if TYPE_CHECKING:
    from state.storage.people import Ask

Tell = Callable[[str, int], Alert]  # makes the alert that so many deliveries to a channel became dead

_WAITS = "SELECT 1 WHERE EXISTS (SELECT 1 FROM approvals WHERE state = 'waiting') OR EXISTS (SELECT 1 FROM escalations)"
_ADDRESSED = "SELECT channel FROM deliveries WHERE state = 'pending' UNION SELECT name FROM channels"
_SERVES = "SELECT 1 WHERE EXISTS (SELECT 1 FROM follows) OR EXISTS (SELECT 1 FROM letters)"
_RESTING = """
SELECT DISTINCT channel FROM messages WHERE sent IS NULL AND wait_until > ? AND tried <= ?
AND EXISTS (SELECT 1 FROM deliveries WHERE message_id = messages.id AND state = 'pending')"""

_NOW: BindParameter[datetime] = bindparam("its_now")
_MEMBERS = select(DELIVERIES.c.message_id).where(PENDING, DELIVERIES.c.message_id.is_not(None))
# An attempt, or a composition, in the future: the clock was moved back.
_AGAIN = or_(MESSAGES.c.next_try <= _NOW, MESSAGES.c.tried > _NOW, MESSAGES.c.created > _NOW)
_TO_SEND = select(MESSAGES).where(UNSENT, ~MESSAGES.c.held, _AGAIN, MESSAGES.c.id.in_(_MEMBERS)).order_by(MESSAGES.c.id)


class Outbox(Repository):
    """The part of the Store for deliveries."""

    def must_send(self) -> None:
        """Raise StateError if the lock for sending was lost, as a lease expires in a suspended process."""
        if not self._database.may_send():
            raise StateError(
                f"{self._database.name}: another process has gone on with sending, as this one stood still"
            )

    def due(self, now: datetime, channels: Collection[str] | None = None) -> list[Delivery]:
        """Deliveries that are due and not yet part of a message, the oldest first."""
        wanted = select(DELIVERIES).where(PENDING, DELIVERIES.c.message_id.is_(None), is_due(now))
        if channels is not None:
            wanted = wanted.where(DELIVERIES.c.channel.in_(channels))
        return self._ask(read_deliveries, wanted.order_by(DELIVERIES.c.due, DELIVERIES.c.id))

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
        *,
        is_json: bool = False,
        approval: Approval | None = None,
        ask: Ask | None = None,
    ) -> Message | None:
        """Store a message of these deliveries; None if one of them is no longer pending: call `due` again.

        `attached` are the events whose proof is attached. `is_json` says that the text is JSON without secrets: another
        replacement could make it something else. With `approval` the message is held, and `ask` makes the alert to
        those who approve, which is stored in the same transaction.
        """
        text = text if is_json else self._redactor.hide(text)
        title, html = map(self._redactor.hide, (title, html))
        texts = {"key": key, "channel": channel, "title": title, "text": text, "html": html}
        lists = {"thread": list(thread), "attached": list(attached)}
        row = {"created": now, "attempts": 0, "next_try": now, "held": approval is not None, **texts, **lists}
        free = (PENDING, DELIVERIES.c.message_id.is_(None), DELIVERIES.c.channel == channel)
        with self._database.writing(OUTBOX) as connection:
            new: int = connection.scalars(insert(MESSAGES).returning(MESSAGES.c.id), [row]).one()
            if update_deliveries(connection, delivery_ids, *free, message_id=new) < len(delivery_ids):
                connection.rollback()
                return None
            if approval and ask:
                from state.storage.people import ask as hold  # noqa: PLC0415 - few messages have to be approved

                hold(connection, new, approval, now, ask, self._redactor)
                reach("holding")
            members = tuple(delivery_ids)
            return Message(new, key, channel, title, text, html, members, now, thread=thread, attached=tuple(attached))

    def thread(self, channel: str, entities: Sequence[str], entries: Sequence[tuple[str, str]]) -> list[str]:
        """The keys of the messages whose thread a message about a case continues, the earliest first.

        They are the first messages to this channel whose changes all mention one of these entities, or are all of one
        of these entries, each given by source and key.
        """
        hidden = [(source, self._redactor.hide(key)) for source, key in entries]
        return self._ask(thread_of, channel, entities, hidden)

    def unsent(self, now: datetime) -> list[Message]:
        """Composed messages whose next attempt is due, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_TO_SEND, {"its_now": now}).all()
            return [message_of(row, members_of(connection, row.id)) for row in rows]

    def overdue(self, now: datetime, late: timedelta = timedelta()) -> int:
        """The number of deliveries that have been due for a time, and are not sent."""
        due = DELIVERIES.c.due <= now - late if late else is_due(now)
        return self._ask(count_deliveries, PENDING, due, APPROVED)

    def waiting_since(self, now: datetime) -> dict[str, datetime]:
        """Since when the oldest `pending` delivery has been due, and since when the oldest `held` one has existed."""
        pending = select(func.min(DELIVERIES.c.due)).where(PENDING, is_due(now), APPROVED)
        held = select(func.min(DELIVERIES.c.created)).where(PENDING, ~is_due(now), DELIVERIES.c.message_id.is_(None))
        with self._database.reading() as connection:
            found = {"pending": connection.scalar(pending), "held": connection.scalar(held)}
        return {state: at for state, at in found.items() if at is not None}

    def past(self, channel: str, since: datetime, now: datetime) -> Past:
        """The messages to a channel that were sent after a time, and those that wait."""
        sent = (MESSAGES.c.channel == channel, MESSAGES.c.sent > since, MESSAGES.c.sent <= now)
        times = select(MESSAGES.c.sent).where(*sent).order_by(MESSAGES.c.sent)
        composed = (PENDING, DELIVERIES.c.channel == channel, ~UNAPPROVED)
        waiting = select(func.count(DELIVERIES.c.message_id.distinct())).where(*composed)
        with self._database.reading() as connection:
            return Past(connection.scalars(times).all(), connection.scalar(waiting) or 0)

    def defer(self, delivery_ids: Collection[int], until: datetime) -> None:
        """Let deliveries wait that are not part of a message, as their channel has no room."""
        with self._database.writing(OUTBOX) as connection:
            update_deliveries(connection, delivery_ids, PENDING, DELIVERIES.c.message_id.is_(None), due=until)

    def trying(self, message: Message, now: datetime) -> None:
        """Record an attempt before it begins. Raises StateError: what cannot be marked as sent must not be sent."""
        self.must_send()
        self._change(OUTBOX, this_message(message).values(tried=now))

    def sent(self, message: Message, now: datetime) -> None:
        """Mark a message and its deliveries as sent."""
        with self._database.writing(OUTBOX) as connection:
            connection.execute(this_message(message).values(sent=now, tried=now, attempts=MESSAGES.c.attempts + 1))
            done = {"state": DeliveryState.SENT.value, "error": None, "attempts": DELIVERIES.c.attempts + 1}
            update_deliveries(connection, message.deliveries, PENDING, **done)

    def waits_for_people(self) -> bool:
        """Whether a message has to be approved, or a change acknowledged. Loads no tables for that."""
        with self._database.reading() as connection:
            return directly(connection, _WAITS, ()).scalar() is not None

    def serves_readers(self) -> bool:
        """Whether somebody follows something, or there are letters. Loads no tables for that."""
        with self._database.reading() as connection:
            return directly(connection, _SERVES, ()).scalar() is not None

    def waiting_channels(self, now: datetime) -> set[str]:
        """The channels whose service asked to be left alone for a while (Retry-After), and not because of the clock."""
        with self._database.reading() as connection:
            at = time_binder(connection.dialect)(now)
            return set(directly(connection, _RESTING, (at, at)).scalars())

    def note_failure(
        self, message: Message, error: str, next_try: datetime, now: datetime, wait_until: datetime | None = None
    ) -> None:
        """Record a failed attempt; `error` is the server's answer, which is stored with the deliveries.

        `wait_until` is when the service allows the next message.
        """
        with self._database.writing(OUTBOX) as connection:
            again = {"tried": now, "next_try": next_try, "attempts": MESSAGES.c.attempts + 1, "wait_until": wait_until}
            connection.execute(this_message(message).values(again))
            failure = {"error": self._redactor.hide(error), "attempts": DELIVERIES.c.attempts + 1}
            update_deliveries(connection, message.deliveries, PENDING, **failure)

    def retry_now(self, channel: str, now: datetime) -> None:
        """Make everything pending for a channel due now: it works again."""
        with self._database.writing(OUTBOX) as connection:
            waits = (UNSENT, MESSAGES.c.channel == channel, MESSAGES.c.next_try > now)
            connection.execute(update(MESSAGES).where(*waits).values(next_try=now, wait_until=None))

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
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            if set(directly(connection, _ADDRESSED, ()).scalars()) <= set(known):
                return 0
        gone = select(DELIVERIES.c.id).where(PENDING, DELIVERIES.c.channel.not_in(list(known)))
        gone = gone.where(DELIVERIES.c.created <= before) if before else gone
        with self._database.writing(OUTBOX) as connection:
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name.not_in(list(known))))
            return self._give_up(connection, connection.scalars(gone).all(), reason, tell)

    def _give_up(self, connection: Connection, ids: Collection[int], reason: str, tell: Tell | None) -> int:
        alerts = [tell(channel, count) for channel, count in count_lost(connection, ids).items()] if tell else []
        write_events(connection, alerts, self._redactor)
        return mark_dead(connection, ids, reason)

    def drop(self, delivery_id: int) -> bool:
        """Mark one pending delivery as dead, by hand; returns whether it was pending."""
        return bool(self.mark_dead([delivery_id], "dropped"))

    def retry(self, delivery_id: int, now: datetime | None = None) -> bool:
        """Make a pending or dead delivery due now, with its message; returns whether there is one.

        One that waits to be approved is none. One that was not approved is composed, and asked for, once more. The
        channel is not left alone any longer, whatever its service asked for.
        """
        now = now or datetime.now(UTC)
        with self._database.writing(OUTBOX) as connection:
            row = connection.execute(select(DELIVERIES).where(DELIVERIES.c.id == delivery_id)).one_or_none()
            if row is None or row.state == DeliveryState.SENT.value:
                return False
            if connection.scalar(select(MESSAGES.c.held).where(MESSAGES.c.id == row.message_id)):
                if row.state == DeliveryState.DEAD.value:  # it was not approved
                    members = members_of(connection, row.message_id, waiting=False)
                    update_deliveries(connection, members, message_id=None, **revive(now))
                    connection.execute(delete(MESSAGES).where(MESSAGES.c.id == row.message_id))
                return bool(row.state == DeliveryState.DEAD.value)
            unsent = update(MESSAGES).where(UNSENT)
            connection.execute(unsent.where(MESSAGES.c.channel == row.channel).values(wait_until=None))
            fresh = {"created": now, "next_try": now, "attempts": 0}
            message = unsent.where(MESSAGES.c.id == row.message_id).values(fresh)
            if connection.execute(message).rowcount:
                update_deliveries(connection, members_of(connection, row.message_id, waiting=False), **revive(now))
            else:
                update_deliveries(connection, [delivery_id], message_id=None, **revive(now))
            return True

    def has(self, delivery_id: int) -> bool:
        """Whether there is a delivery with this number."""
        return bool(self._rows(select(DELIVERIES.c.id).where(DELIVERIES.c.id == delivery_id)))

    def deliveries(
        self, state: DeliveryState | None = None, limit: int | None = None, below: int | None = None
    ) -> list[Delivery]:
        """Deliveries, all or those in one state, the newest first, with ids below a given one."""
        wanted = select(DELIVERIES).order_by(DELIVERIES.c.id.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(DELIVERIES.c.state == state.value)
        if below is not None:
            wanted = wanted.where(DELIVERIES.c.id < below)
        return self._ask(read_deliveries, wanted)

    def counts(self, now: datetime | None = None) -> dict[str, int]:
        """The number of deliveries that are `held` (deferred), `unapproved` (somebody has to approve them), `pending`
        (due, and not sent), `sent` and `dead`.
        """
        now = now or datetime.now(UTC)
        with self._database.reading() as connection:
            rows = directly(connection, "SELECT state, count(*) FROM deliveries GROUP BY state", ())
            counts = {state.value: 0 for state in DeliveryState} | {row[0]: row[1] for row in rows}
            some, is_free = counts["pending"], DELIVERIES.c.message_id.is_(None)
            later = some and count_deliveries(connection, PENDING, is_free, ~is_due(now))
            asked = some and count_deliveries(connection, PENDING, UNAPPROVED)
        return {**counts, "held": later, "unapproved": asked, "pending": some - later - asked}

    def of_event(self, event_id: int) -> list[Delivery]:
        """The deliveries of one event, in the order of their creation."""
        wanted = select(DELIVERIES).where(DELIVERIES.c.event_id == event_id).order_by(DELIVERIES.c.id)
        return self._ask(read_deliveries, wanted)


class Channels(Repository):
    """The part of the Store for channels."""

    def note_failure(self, channel: str, now: datetime) -> ChannelTrouble:
        """Record a failed attempt; returns the trouble that it starts or continues."""
        with self._database.writing(OUTBOX) as connection:
            trouble = _trouble(connection, channel)
            if trouble and trouble.since <= now:
                return trouble
            # A time in the future: the clock was moved back since.
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name == channel))
            alerted = bool(trouble and trouble.told)
            connection.execute(insert(CHANNELS), {"name": channel, "since": now, "told": alerted})
            return ChannelTrouble(channel, now, alerted)

    def note_alert(self, channel: str, alert: Alert | None = None) -> None:
        """Record that the operator was alerted about a failing channel, and store that alert, if given."""
        with self._database.writing(OUTBOX) as connection:
            connection.execute(update(CHANNELS).where(CHANNELS.c.name == channel).values(told=True))
            if alert:
                write_events(connection, [alert], self._redactor)

    def note_recovery(
        self, channel: str, tell: Callable[[ChannelTrouble], Alert] | None = None
    ) -> ChannelTrouble | None:
        """Record a successful attempt; returns the trouble that it ends, if any.

        If the trouble was alerted, `tell` makes the alert about the recovery.
        """
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            if _trouble(connection, channel) is None:
                return None
        with self._database.writing(OUTBOX) as connection:
            trouble = _trouble(connection, channel)
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name == channel))
            if trouble and trouble.told and tell:
                alert = tell(trouble)
                write_events(connection, [alert], self._redactor)
            return trouble

    def troubles(self) -> list[ChannelTrouble]:
        """All failing channels, the longest failing first."""
        rows = self._rows(select(CHANNELS).order_by(CHANNELS.c.since, CHANNELS.c.name))
        return [ChannelTrouble(row.name, row.since, row.told) for row in rows]


def _trouble(connection: Connection, channel: str) -> ChannelTrouble | None:
    row = connection.execute(select(CHANNELS).where(CHANNELS.c.name == channel)).one_or_none()
    return None if row is None else ChannelTrouble(row.name, row.since, row.told)
