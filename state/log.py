"""The log of events: written with their deliveries, read newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from state.database import Database
from state.model import Alert, DeliveryState, Event, EventKind, Mention
from state.rows import chunks
from state.tables import DELIVERIES, EVENTS, MENTIONS
from state.veil import Veil


class Log:
    """The part of the Store that knows events."""

    _database: Database
    _veil: Veil

    def add_event(self, event: Event, channels: Sequence[str], due: datetime) -> Event:
        """Store an event that no check gave rise to, such as trouble with a channel; returns it with its id."""
        with self._database.writing() as connection:
            return write_events(connection, [(event, channels)], due, self._veil)[0]

    def events(
        self,
        *,
        source: str | None = None,
        entity: str | None = None,
        kind: EventKind | None = None,
        after: datetime | None = None,
        limit: int | None = 50,
    ) -> list[Event]:
        """The events of one source, that mention one entity, of one kind, later than `after`; newest first."""
        wanted = select(EVENTS).order_by(EVENTS.c.at.desc(), EVENTS.c.id.desc()).limit(limit)
        if source is not None:
            wanted = wanted.where(EVENTS.c.source == source)
        if kind is not None:
            wanted = wanted.where(EVENTS.c.kind == kind.value)
        if after is not None:
            wanted = wanted.where(EVENTS.c.at > after)
        if entity is not None:
            wanted = wanted.where(EVENTS.c.id.in_(select(MENTIONS.c.event_id).where(MENTIONS.c.entity == entity)))
        with self._database.reading() as connection:
            return read_events(connection, wanted)

    def event(self, event_id: int) -> Event | None:
        """One event, or None if there is no such."""
        with self._database.reading() as connection:
            return next(iter(read_events(connection, select(EVENTS).where(EVENTS.c.id == event_id))), None)


def write_events(connection: Connection, alerts: Sequence[Alert], due: datetime, veil: Veil) -> list[Event]:
    """Store events with a delivery for each of their channels; returns them as stored, in the same order."""
    if not alerts:
        return []
    hidden = [
        replace(event, data=veil.hide_all(event.data), mentions=_hidden(event.mentions, veil)) for event, _ in alerts
    ]
    stored = insert(EVENTS).returning(EVENTS.c.id, sort_by_parameter_order=True)
    ids = connection.scalars(stored, [_row(event) for event in hidden]).all()
    events = [replace(event, id=new) for event, new in zip(hidden, ids, strict=True)]
    mentions = [asdict(mention) | {"event_id": event.id} for event in events for mention in event.mentions]
    if mentions:
        connection.execute(insert(MENTIONS), mentions)
    deliveries = [
        _delivery(event, channel, due)
        for event, (_, channels) in zip(events, alerts, strict=True)
        for channel in dict.fromkeys(channels)
    ]
    if deliveries:
        connection.execute(insert(DELIVERIES), deliveries)
    return events


def read_events(connection: Connection, wanted: Select[Any]) -> list[Event]:
    """The events that a select of EVENTS gives, in its order, with their mentions."""
    rows = connection.execute(wanted).all()
    mentions: dict[int, list[Mention]] = defaultdict(list)
    for ids in chunks([row.id for row in rows]):
        found = select(MENTIONS).where(MENTIONS.c.event_id.in_(ids)).order_by(MENTIONS.c.id)
        for row in connection.execute(found):
            mentions[row.event_id].append(Mention(row.entity, row.name, row.words, row.field))
    return [_event(row, mentions[row.id]) for row in rows]


def _event(row: Row[Any], mentions: Sequence[Mention]) -> Event:
    names = ("source", "label", "authority", "at", "previous", "data", "id")
    return Event(kind=EventKind(row.kind), mentions=mentions, **{name: getattr(row, name) for name in names})


def _row(event: Event) -> dict[str, Any]:
    names = ("source", "label", "authority", "at", "previous", "data")
    return {"kind": event.kind.value} | {name: getattr(event, name) for name in names}


def _hidden(mentions: Iterable[Mention], veil: Veil) -> list[Mention]:
    return [replace(mention, words=veil.hide(mention.words), field=veil.hide(mention.field)) for mention in mentions]


def _delivery(event: Event, channel: str, due: datetime) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "channel": channel,
        "state": DeliveryState.PENDING.value,
        "created": event.at,
        "due": due,
        "attempts": 0,
    }
