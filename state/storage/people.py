"""What waits for people: messages that somebody has to approve, and changes that somebody has to acknowledge.

A message is decided once, by whoever is first. Channels are reminded of a change until it is acknowledged, which is
when it is marked as handled (`state/storage/desk.py`).
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, delete, exists, insert, or_, select, update

from sources.options import format_duration
from state.db.backend import OUTBOX, Database
from state.db.redaction import Redactor
from state.db.repository import Repository, rows_in
from state.db.tables.core import DELIVERIES, EVENTS, MESSAGES
from state.db.tables.people import APPROVALS, ESCALATIONS, HANDLED
from state.failpoint import reach
from state.model import Alert, Approval, ApprovalState, Event, EventKind, Handled, HeldMessage
from state.storage.delivery_rows import PENDING, mark_dead, members_of, update_deliveries
from state.storage.desk import DESK, Action, record_action
from state.storage.events import events_by_id, write_events

log = logging.getLogger(__name__)

Note = Callable[[Connection, Mapping[str, Any], datetime], None]
Ask = Callable[[int], Alert]  # makes the alert to those who approve, about the approval with this number
_MOST_TOLD, _MOST_LATER = 100, 20  # changes in a message that are looked up, and later ones that are found
BY_TIME = "approve_within"  # who decided where nobody did


class Approvals(Repository):
    """The part of the Store for messages that have to be approved. `note` writes a decision into the evidence."""

    def __init__(self, database: Database, redactor: Redactor, note: Note) -> None:
        super().__init__(database, redactor)
        self._note = note

    def find(self, number: int) -> HeldMessage | None:
        """An approval by its number."""
        return self._ask(_one, _held().where(APPROVALS.c.id == number))

    def of_delivery(self, delivery: int) -> HeldMessage | None:
        """The last approval of a delivery's message."""
        mine = select(DELIVERIES.c.message_id).where(DELIVERIES.c.id == delivery)
        return self._ask(_one, _held().where(APPROVALS.c.message_id.in_(mine)).order_by(APPROVALS.c.id.desc()))

    def waiting(self) -> list[HeldMessage]:
        """The messages that wait to be approved, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_held().where(_WAITING).order_by(APPROVALS.c.id)).all()
            found = [_message(row, members_of(connection, row.message_id)) for row in rows]
            return [each for each in found if each.deliveries]

    def events(self, deliveries: Sequence[int]) -> list[Event]:
        """What these deliveries are about, the earliest first."""
        rows = self._rows_in(select(DELIVERIES.c.event_id), DELIVERIES.c.id, deliveries)
        return list(self._ask(events_by_id, [row.event_id for row in rows]).values())

    def later(self, deliveries: Sequence[int]) -> list[Event]:
        """What has become since of the entries that these deliveries are about, as `_later`."""
        rows = self._rows_in(select(DELIVERIES.c.event_id), DELIVERIES.c.id, deliveries)
        return self._ask(_later, [row.event_id for row in rows])

    def decide(self, number: int, *, approve: bool, who: str, now: datetime) -> bool:
        """Approve or reject a message; False if it was decided already, or nothing of it waits any more.

        Who did it, and when, is in the record of actions.
        """
        with self._database.writing(OUTBOX) as connection:
            done = self._decide(connection, number, approve=approve, who=who, now=now)
            reach("deciding")
        reach("decided")
        return done

    def expire(self, now: datetime) -> list[HeldMessage]:
        """Send or drop, as each says, the messages that nobody decided in time; returns them.

        One that was asked for in the future is not judged: the clock was moved back.
        """
        over = _held().where(_WAITING, APPROVALS.c.until <= now, APPROVALS.c.asked <= now)
        if not self._rows(over.limit(1)):  # nearly always none: avoids the write lock
            return []
        with self._database.writing(OUTBOX) as connection:
            found = [_message(row, members_of(connection, row.message_id)) for row in connection.execute(over).all()]
            for each in found:
                if not self._decide(connection, each.id, approve=each.then == "send", who=BY_TIME, now=now):
                    gone = {"state": ApprovalState.EXPIRED.value, "decided": now}  # its deliveries were dropped
                    connection.execute(update(APPROVALS).where(APPROVALS.c.id == each.id).values(gone))
            return [each for each in found if each.deliveries]

    def _decide(self, connection: Connection, number: int, *, approve: bool, who: str, now: datetime) -> bool:
        held = _one(connection, _held().where(APPROVALS.c.id == number, _WAITING))
        if held is None or not held.deliveries:
            return False
        late = who == BY_TIME
        state = ApprovalState.APPROVED if approve else ApprovalState.EXPIRED if late else ApprovalState.REJECTED
        decided = {"state": state.value, "who": who, "decided": now}
        connection.execute(update(APPROVALS).where(APPROVALS.c.id == number).values(decided))
        message = connection.scalar(select(APPROVALS.c.message_id).where(APPROVALS.c.id == number))
        if approve:
            free = {"held": False, "created": now, "next_try": now}
            connection.execute(update(MESSAGES).where(MESSAGES.c.id == message).values(free))
            update_deliveries(connection, held.deliveries, PENDING, due=now)  # until now it was not late
        else:
            span = (held.until or held.asked) - held.asked
            within = f"within {format_duration(span)}"
            mark_dead(connection, held.deliveries, f"not approved {within}" if late else f"rejected by {who}")
        verb = "approve" if approve else "drop" if late else "reject"
        subject = f"message {number} to channel {held.channel}: {held.title}"
        record_action(self._database, connection, Action(now, who, verb, subject))
        log.info("message %d to %s: %s by %s: %s", number, held.channel, state.value, who, held.title)
        # A decision, as the evidence has it: of which exact text, by its hash, about which changes.
        events = select(DELIVERIES.c.event_id).where(DELIVERIES.c.id.in_(held.deliveries))
        about = {
            "decision": state.value,
            "who": who,
            "at": now.isoformat(),
            "asked": held.asked.isoformat(),
            "message": held.id,
            "channel": held.channel,
            "title": held.title,
            "text_sha256": sha256(held.text.encode("utf-8", "replace")).hexdigest(),
            "changes": sorted(connection.scalars(events)),
        }
        self._note(connection, about, now)
        return True


def _later(connection: Connection, told: Collection[int]) -> list[Event]:
    """The last changes of the entries that these are about, and that are not among them, the earliest first: what has
    become of the entries since.
    """
    about, found = select(EVENTS.c.id, EVENTS.c.source, EVENTS.c.entry_key), dict[int, Event]()
    for row in list(rows_in(connection, about, EVENTS.c.id, told))[:_MOST_TOLD]:
        same = (EVENTS.c.source == row.source, EVENTS.c.entry_key == row.entry_key, EVENTS.c.id > row.id)
        wanted = select(EVENTS.c.id).where(*same, EVENTS.c.kind == EventKind.CHANGE.value)
        ids = connection.scalars(wanted.order_by(EVENTS.c.id.desc()).limit(_MOST_LATER))
        found |= events_by_id(connection, (each for each in ids if each not in told))
    return [found[number] for number in sorted(found)[-_MOST_LATER:]]


_WAITING = APPROVALS.c.state == ApprovalState.WAITING.value


def ask(connection: Connection, message: int, approval: Approval, now: datetime, tell: Ask, redactor: Redactor) -> None:
    """Hold a message until it is approved, and store the alert to those who approve: in the caller's transaction."""
    row = {
        "message_id": message,
        "asked": now,
        "until": now + approval.within if approval.within else None,
        "then": approval.then,
        "asked_by": list(approval.by),
        "state": ApprovalState.WAITING.value,
    }
    new = connection.scalars(insert(APPROVALS).returning(APPROVALS.c.id), [row]).one()
    write_events(connection, [tell(new)], redactor)


def _held() -> Select[Any]:
    columns = (MESSAGES.c.channel, MESSAGES.c.title, MESSAGES.c.text, MESSAGES.c.html)
    return select(APPROVALS, *columns).join(MESSAGES, MESSAGES.c.id == APPROVALS.c.message_id)


def _one(connection: Connection, wanted: Select[Any]) -> HeldMessage | None:
    row = connection.execute(wanted.limit(1)).first()
    return _message(row, members_of(connection, row.message_id)) if row else None


def _message(row: Row[Any], deliveries: Sequence[int]) -> HeldMessage:
    names = ("id", "channel", "title", "text", "html", "asked", "until", "then", "who", "decided")
    values = {name: getattr(row, name) for name in names}
    return HeldMessage(by=row.asked_by, state=ApprovalState(row.state), deliveries=deliveries, **values)


class Due(NamedTuple):
    """A change that a channel is reminded of now, for the `times`-th time, and what has become of its entry `since`."""

    event: Event
    channel: str
    times: int
    every: timedelta
    since: Sequence[Event]


Remind = Callable[[Due], Alert]  # makes the alert that reminds of a change

_ACKNOWLEDGED = exists().where(HANDLED.c.event_id == ESCALATIONS.c.event_id)


class Reminders(Repository):
    """The part of the Store for reminders."""

    def waiting(self, limit: int) -> list[Event]:
        """The last changes, at most `limit`, that somebody has to acknowledge and nobody has, the newest first."""
        wanted = select(ESCALATIONS.c.event_id).where(~_ACKNOWLEDGED).distinct()
        with self._database.reading() as connection:
            ids = connection.scalars(wanted.order_by(ESCALATIONS.c.event_id.desc()).limit(limit))
            return sorted(events_by_id(connection, ids).values(), key=lambda event: event.id, reverse=True)

    def remind(self, now: datetime, make: Remind) -> int:
        """Store a reminder for each change that is due and not acknowledged; returns how many.

        The alert and the time of the next one are written together, so that a kill neither loses nor repeats one.
        """
        due = or_(ESCALATIONS.c.next_at <= now, ESCALATIONS.c.began > now)  # it began in the future: a clock moved back
        wanted = select(ESCALATIONS).where(due, ~_ACKNOWLEDGED).order_by(ESCALATIONS.c.event_id)
        if not self._rows(wanted.limit(1)):  # nearly always none: avoids the write lock
            return 0
        with self._database.writing(OUTBOX) as connection:
            rows = connection.execute(wanted).all()
            events = events_by_id(connection, (row.event_id for row in rows))
            for row in rows:
                every = timedelta(seconds=row.every)
                about = Due(events[row.event_id], row.channel, row.times + 1, every, _later(connection, [row.event_id]))
                write_events(connection, [make(about)], self._redactor)
                again = {"times": row.times + 1, "next_at": now + every, "began": min(row.began, now)}
                connection.execute(update(ESCALATIONS).where(ESCALATIONS.c.id == row.id).values(again))
            reach("reminding")
        reach("reminded")
        return len(rows)

    def acknowledge(self, event: int, who: str, now: datetime) -> Handled | None:
        """Acknowledge a change: nobody is reminded of it any more. The first who does is kept, and returned; None if
        there is no such change. Who did it, and when, is in the record of actions.
        """
        with self._database.writing(OUTBOX, DESK) as connection:
            kind = connection.scalar(select(EVENTS.c.kind).where(EVENTS.c.id == event))
            if kind != EventKind.CHANGE.value:
                return None
            first = connection.execute(select(HANDLED.c.who, HANDLED.c.at).where(HANDLED.c.event_id == event)).first()
            if first is None:
                connection.execute(insert(HANDLED), [{"event_id": event, "who": who, "at": now}])
                record_action(self._database, connection, Action(now, who, "acknowledge", f"change {event}"))
            connection.execute(delete(ESCALATIONS).where(ESCALATIONS.c.event_id == event))
            reminders = select(DELIVERIES.c.id).join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
            mine = (EVENTS.c.kind == EventKind.REMINDER.value, EVENTS.c.entry_key == f"{event}")
            mark_dead(connection, connection.scalars(reminders.where(PENDING, *mine)).all(), f"acknowledged by {who}")
            reach("acknowledging")
        reach("acknowledged")
        return Handled(*first) if first else Handled(who, now)
