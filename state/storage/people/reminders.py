"""Changes that somebody has to acknowledge: channels are reminded of them until then.

A change is acknowledged when it is marked as handled (`state/storage/desk/records.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, or_, select, update

from state.db.backend import OUTBOX
from state.db.repository import Repository
from state.db.tables.core import DELIVERIES, EVENTS
from state.db.tables.people import ACTIONS, ESCALATIONS, HANDLED
from state.failpoint import reached
from state.model import Alert, Event, EventKind
from state.storage.delivery_rows import PENDING, mark_dead
from state.storage.desk.records import DESK
from state.storage.events import events_by_id, write_events


class Due(NamedTuple):
    """A change that a channel is reminded of now, for the `times`-th time."""

    event: Event
    channel: str
    times: int
    every: timedelta


Remind = Callable[[Due], Alert]  # makes the alert that reminds of a change

_ACKNOWLEDGED = exists().where(HANDLED.c.event_id == ESCALATIONS.c.event_id)


class Reminders(Repository):
    """The part of the Store for reminders."""

    def remind(self, now: datetime, make: Remind) -> int:
        """Store a reminder for each change that is due and not acknowledged; returns how many.

        The alert and the time of the next one are written together, so that a kill neither loses nor repeats one.
        """
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            if not connection.execute(select(ESCALATIONS.c.id).where(_is_due(now), ~_ACKNOWLEDGED).limit(1)).first():
                return 0
        with self._database.writing(OUTBOX) as connection:
            rows = connection.execute(select(ESCALATIONS).where(_is_due(now), ~_ACKNOWLEDGED)).all()
            events = events_by_id(connection, (row.event_id for row in rows))
            for row in rows:
                every = timedelta(seconds=row.every)
                due = Due(events[row.event_id], row.channel, row.times + 1, every)
                write_events(connection, [make(due)], self._redactor)
                later = {"times": row.times + 1, "next_at": now + every, "began": min(row.began, now)}
                connection.execute(update(ESCALATIONS).where(ESCALATIONS.c.id == row.id).values(later))
            reached("reminding")
        reached("reminded")
        return len(rows)

    def acknowledge(self, event: int, who: str, now: datetime) -> bool:
        """Acknowledge a change: nobody is reminded of it any more. The first who does is kept.

        Returns whether there is such a change. Who did it, and when, is in the record of actions.
        """
        with self._database.writing(OUTBOX, DESK) as connection:
            kind = connection.scalar(select(EVENTS.c.kind).where(EVENTS.c.id == event))
            if kind != EventKind.CHANGE.value:
                return False
            if connection.scalar(select(HANDLED.c.event_id).where(HANDLED.c.event_id == event)) is None:
                connection.execute(insert(HANDLED), [{"event_id": event, "who": who, "at": now}])
                action = {"at": now, "who": who, "what": "acknowledge", "subject": f"change {event}"}
                connection.execute(insert(ACTIONS), [action])
            connection.execute(delete(ESCALATIONS).where(ESCALATIONS.c.event_id == event))
            mark_dead(connection, _reminders_of(connection, event), f"acknowledged by {who}")
            reached("acknowledging")
        reached("acknowledged")
        return True


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Of a time in the future before which it began in the future, too, the clock was moved back: also due."""
    return or_(ESCALATIONS.c.next_at <= now, ESCALATIONS.c.began > now)


def _reminders_of(connection: Connection, event: int) -> list[int]:
    """The deliveries of reminders of a change that wait."""
    reminders = select(DELIVERIES.c.id).join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
    mine = (EVENTS.c.kind == EventKind.REMINDER.value, EVENTS.c.entry_key == f"{event}")
    return list(connection.scalars(reminders.where(PENDING, *mine)))
