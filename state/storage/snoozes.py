"""Snoozes: alerts about a source or an entity that wait until a time, as somebody wants to hear of them later."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from state.db.backend import OUTBOX
from state.db.repository import Repository
from state.db.tables.core import DELIVERIES, EVENTS, MENTIONS
from state.db.tables.people import ESCALATIONS, SNOOZES, Snooze
from state.model import DeliveryState, Event
from state.storage.desk import Action, record_action

SOURCE, ENTITY = "source", "entity"
BY_BUTTON = timedelta(hours=1)
_ALL = select(SNOOZES)  # prepared once: constructing a statement takes longer than executing it


class Snoozes(Repository):
    """The part of the Store for snoozes."""

    def snooze(self, snooze: Snooze) -> int:
        """Let alerts about it wait, also those that wait already and are part of no message; how many deliveries."""
        with self._database.writing(OUTBOX) as connection:
            return _write(connection, snooze)

    def press(self, kind: str, name: str, who: str, now: datetime) -> Snooze:
        """Let alerts about a source or an entity wait for an hour, as a button does; the snooze that counts. One that
        has not ended stays as it is, whoever's it is. Who did it is in the record of actions.
        """
        with self._database.writing(OUTBOX) as connection:
            for each in active(connection):
                if (each.kind, each.name) == (kind, name) and each.until > now:
                    return each
            snooze = Snooze.model_construct(kind=kind, name=name, at=now, until=now + BY_BUTTON, who=who)
            _write(connection, snooze)
            record_action(self._database, connection, Action(now, who, "snooze", f"{kind} {name}"))
            return snooze

    def wake(self, kind: str, name: str, now: datetime) -> bool:
        """End a snooze: what waited for its end is due now. Returns whether there was one."""
        with self._database.writing(OUTBOX) as connection:
            row = connection.execute(select(SNOOZES).where(*_same(kind, name))).one_or_none()
            if row is None:
                return False
            found = Snooze.of(row)
            connection.execute(delete(SNOOZES).where(*_same(kind, name)))
            connection.execute(_waiting(kind, name).where(DELIVERIES.c.due == found.until).values(due=now))
            _move_reminders(connection, found, lambda at: at >= found.until, now)
            return True

    def all(self, now: datetime) -> list[Snooze]:
        """The snoozes that have not ended, those that end first at the front."""
        with self._database.reading() as connection:
            return sorted((each for each in active(connection) if each.until > now), key=lambda each: each.until)


def active(connection: Connection) -> list[Snooze]:
    """All snoozes, also those that have ended."""
    return list(map(Snooze.of, connection.execute(_ALL)))


def until(snoozes: Sequence[Snooze], event: Event) -> datetime | None:
    """When alerts about an event may be delivered; None where nothing keeps them."""
    return max((each.until for each in snoozes if each.covers(event)), default=None)


def _write(connection: Connection, snooze: Snooze) -> int:
    connection.execute(delete(SNOOZES).where(*_same(snooze.kind, snooze.name)))
    connection.execute(insert(SNOOZES), [snooze.model_dump()])
    _move_reminders(connection, snooze, lambda at: at < snooze.until, snooze.until)
    waiting = _waiting(snooze.kind, snooze.name).where(DELIVERIES.c.due < snooze.until)
    return int(connection.execute(waiting.values(due=snooze.until)).rowcount)


def _move_reminders(connection: Connection, snooze: Snooze, moves: Callable[[datetime], bool], begin: datetime) -> None:
    """Let the time of reminders begin at a moment, as people hear of the change only then."""
    mine = ESCALATIONS.c.event_id.in_(_about(snooze.kind, snooze.name))
    for row in connection.execute(select(ESCALATIONS).where(mine)).all():
        if moves(row.next_at):
            again = {"next_at": begin + timedelta(seconds=row.every)}
            connection.execute(update(ESCALATIONS).where(ESCALATIONS.c.id == row.id).values(again))


def _same(kind: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return SNOOZES.c.kind == kind, SNOOZES.c.name == name


def _about(kind: str, name: str) -> Any:
    """The events about a source or an entity."""
    if kind == SOURCE:
        return select(EVENTS.c.id).where(EVENTS.c.source == name)
    return select(MENTIONS.c.event_id).where(MENTIONS.c.entity == name)


def _waiting(kind: str, name: str) -> Any:
    """An update of the deliveries about it that wait, and are part of no message."""
    free = (DELIVERIES.c.state == DeliveryState.PENDING.value, DELIVERIES.c.message_id.is_(None))
    return update(DELIVERIES).where(*free, DELIVERIES.c.event_id.in_(_about(kind, name)))
