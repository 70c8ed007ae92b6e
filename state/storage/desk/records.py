"""What people did at the desk: changes that are handled, visits, and a record of actions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update

from state.db.repository import Repository, rows_in
from state.db.tables.core import EVENTS
from state.db.tables.people import ACTIONS, HANDLED, VISITS

DESK = "desk"  # a part of the state, for its lock
VISIT = timedelta(minutes=30)  # two looks that are closer together belong to one visit


class Handled(NamedTuple):
    """Who marked a change as handled, and when."""

    who: str
    at: datetime


class Action(NamedTuple):
    """An action that a person took: `what` is a verb such as `accept`, `subject` what it was done to."""

    at: datetime
    who: str
    what: str
    subject: str


class DeskRecords(Repository):
    """The part of the Store that keeps what people did at the desk."""

    def record(self, action: Action) -> None:
        """Add an action to the record."""
        with self._database.writing(DESK) as connection:
            connection.execute(insert(ACTIONS), [action._asdict()])

    def actions(self, limit: int = 50) -> list[Action]:
        """The last actions, newest first."""
        wanted = select(ACTIONS).order_by(ACTIONS.c.at.desc(), ACTIONS.c.id.desc()).limit(limit)
        return [Action(row.at, row.who, row.what, row.subject) for row in self._rows(wanted)]

    def handle(self, event: int, who: str, at: datetime) -> bool:
        """Mark a change as handled; whether there is such an event. The first who marks it is kept."""
        with self._database.writing(DESK) as connection:
            if connection.scalar(select(EVENTS.c.id).where(EVENTS.c.id == event)) is None:
                return False
            if connection.scalar(select(HANDLED.c.event_id).where(HANDLED.c.event_id == event)) is None:
                connection.execute(insert(HANDLED), [{"event_id": event, "who": who, "at": at}])
            return True

    def unhandle(self, event: int) -> bool:
        """Take the mark off a change; whether it had one."""
        with self._database.writing(DESK) as connection:
            return bool(connection.execute(delete(HANDLED).where(HANDLED.c.event_id == event)).rowcount)

    def handled(self, events: Collection[int]) -> dict[int, Handled]:
        """Those of these events that are handled, by id."""
        with self._database.reading() as connection:
            rows = rows_in(connection, select(HANDLED), HANDLED.c.event_id, events)
            return {row.event_id: Handled(row.who, row.at) for row in rows}

    def visit(self, who: str, now: datetime) -> datetime | None:
        """Note a look; returns when the visit before this one ended, None for a first visit.

        Looks within half an hour of each other are one visit, so a reload keeps what is new.
        """
        with self._database.writing(DESK) as connection:
            last = connection.execute(select(VISITS).where(VISITS.c.who == who)).first()
            if last is None:
                connection.execute(insert(VISITS), [{"who": who, "at": now, "before": None}])
                return None
            before: datetime | None = last.at if now - last.at > VISIT else last.before
            connection.execute(update(VISITS).where(VISITS.c.who == who).values(at=now, before=before))
            return before
