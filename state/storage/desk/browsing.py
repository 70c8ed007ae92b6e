"""Pages of changes: filtered in the database, newest first, each page found by where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, select, text, tuple_

from state.db.repository import Repository
from state.db.tables.core import EVENTS, MENTIONS
from state.db.tables.people import HANDLED
from state.model import Event, EventKind
from state.storage.events import read_events

MOST = 500  # events on one page


class Place(NamedTuple):
    """Where a page of events ended: the next one begins below it."""

    at: datetime
    id: int


class ChangeFilter(NamedTuple):
    """Which changes are wanted; None means all. `after` and `before` are exclusive.

    `title` is looked for in the entry's title, without regard to case where the database knows the script. `entity`
    may be `*`: any watched entity. `key` is that of the entry. `handled` tells new (False) from handled ones (True).
    """

    source: str | None = None
    entity: str | None = None
    change: str | None = None
    authority: str | None = None
    after: datetime | None = None
    before: datetime | None = None
    title: str | None = None
    handled: bool | None = None
    key: str | None = None


ANY_CHANGE = ChangeFilter()


class Daily(NamedTuple):
    """The number of changes of one kind on one day (UTC)."""

    day: date
    change: str
    number: int


class Mentioned(NamedTuple):
    """An entity, how many events mention it, and when the last of them was."""

    entity: str
    events: int
    last: datetime


class ChangePage(NamedTuple):
    """Some changes, newest first, and where the next page begins, if there is one."""

    events: Sequence[Event]
    next: Place | None


class Browsing(Repository):
    """The part of the Store that looks through the log in pages."""

    def changes(self, wanted: ChangeFilter = ANY_CHANGE, *, below: Place | None = None, limit: int = 50) -> ChangePage:
        """At most `limit` (500 at most) changes that pass the filter, newest first, from below a place."""
        limit = min(limit, MOST)
        statement = select(EVENTS).where(*_conditions(wanted)).order_by(EVENTS.c.at.desc(), EVENTS.c.id.desc())
        if below is not None:
            statement = statement.where(tuple_(EVENTS.c.at, EVENTS.c.id) < tuple_(below.at, below.id))
        with self._database.reading() as connection:
            events = read_events(connection, statement.limit(limit + 1))
        end = Place(events[limit - 1].at, events[limit - 1].id) if len(events) > limit else None
        return ChangePage(events[:limit], end)

    def in_order(self, wanted: ChangeFilter) -> Iterator[Event]:
        """All changes that pass the filter, the oldest first; `MOST` are in memory at once."""
        place: Place | None = None
        while True:
            statement = select(EVENTS).where(*_conditions(wanted)).order_by(EVENTS.c.at, EVENTS.c.id).limit(MOST)
            if place is not None:
                statement = statement.where(tuple_(EVENTS.c.at, EVENTS.c.id) > tuple_(place.at, place.id))
            with self._database.reading() as connection:
                events = read_events(connection, statement)
            yield from events
            if len(events) < MOST:
                return
            place = Place(events[-1].at, events[-1].id)

    def daily(self, source: str, since: datetime) -> list[Daily]:
        """The changes of a source by day and kind; an event that stands for several counts as so many."""
        day, kind = func.date(EVENTS.c.at), EVENTS.c.data["change"].as_string()
        number = func.sum(1 + func.coalesce(EVENTS.c.data[("more", "count")].as_integer(), 0))
        wanted = select(day, kind, number).group_by(text("1"), text("2")).order_by(text("1"))
        wanted = wanted.where(EVENTS.c.source == source, EVENTS.c.at >= since, EVENTS.c.kind == EventKind.CHANGE.value)
        rows = self._rows(wanted)
        return [Daily(date.fromisoformat(str(day)), change, int(count)) for day, change, count in rows]

    def mentioned(self) -> list[Mentioned]:
        """The entities that events mention, the last mentioned first."""
        counts = select(MENTIONS.c.entity, func.count(MENTIONS.c.event_id.distinct()), func.max(MENTIONS.c.event_id))
        with self._database.reading() as connection:
            found = connection.execute(counts.group_by(MENTIONS.c.entity)).all()
            last = select(EVENTS.c.id, EVENTS.c.at).where(EVENTS.c.id.in_([event for _, _, event in found]))
            times = {row.id: row.at for row in connection.execute(last)}
        named = [Mentioned(entity, count, times[event]) for entity, count, event in found if event in times]
        return sorted(named, key=lambda each: each.last, reverse=True)


def _conditions(wanted: ChangeFilter) -> list[ColumnElement[bool]]:
    conditions = [EVENTS.c.kind == EventKind.CHANGE.value]
    exact = ((EVENTS.c.source, wanted.source), (EVENTS.c.authority, wanted.authority), (EVENTS.c.entry_key, wanted.key))
    for column, value in exact:
        if value is not None:
            conditions.append(column == value)
    if wanted.change is not None:
        conditions.append(EVENTS.c.data["change"].as_string() == wanted.change)
    if wanted.title:
        conditions.append(EVENTS.c.data["title"].as_string().icontains(wanted.title, autoescape=True))
    if wanted.after is not None:
        conditions.append(EVENTS.c.at > wanted.after)
    if wanted.before is not None:
        conditions.append(EVENTS.c.at < wanted.before)
    if wanted.entity is not None:
        conditions.append(_mentions(wanted.entity))
    if wanted.handled is not None:
        is_handled = exists().where(HANDLED.c.event_id == EVENTS.c.id)
        conditions.append(is_handled if wanted.handled else ~is_handled)
    return conditions


def _mentions(entity: str) -> ColumnElement[bool]:
    of_event = exists().where(MENTIONS.c.event_id == EVENTS.c.id)
    return of_event if entity == "*" else of_event.where(MENTIONS.c.entity == entity)
