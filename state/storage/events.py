"""The log of events: written together with their deliveries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from state.db.backend import OUTBOX
from state.db.redaction import Redactor
from state.db.repository import Repository, chunks
from state.db.tables.core import DELIVERIES, EVENTS, MENTIONS, Utc
from state.model import Alert, DeliveryState, Event, EventKind, Mention, Proof

# Prepared once: constructing a statement takes longer than executing it.
_HISTORY = (
    select(EVENTS)
    .where(EVENTS.c.source == bindparam("its_source"), EVENTS.c.entry_key.in_(bindparam("its_keys", expanding=True)))
    .where(EVENTS.c.at >= bindparam("since", type_=Utc))
    .order_by(EVENTS.c.id)
)
_MENTIONED = (
    select(MENTIONS).where(MENTIONS.c.event_id.in_(bindparam("its_ids", expanding=True))).order_by(MENTIONS.c.id)
)
_NEW_EVENT = insert(EVENTS).returning(EVENTS.c.id, sort_by_parameter_order=True)
_NEW_MENTION, _NEW_DELIVERY = insert(MENTIONS), insert(DELIVERIES)


@cache
def _select_proven() -> Select[tuple[int, int, bytes]]:
    """The captures of events."""
    from state.db.tables.evidence import CAPTURES, PROOFS  # noqa: PLC0415 - a check without news reads no events

    return (
        select(PROOFS.c.event_id, CAPTURES.c.id, CAPTURES.c.link)
        .select_from(PROOFS.join(CAPTURES, CAPTURES.c.id == PROOFS.c.capture_id))
        .where(PROOFS.c.event_id.in_(bindparam("its_ids", expanding=True)))
    )


class Log(Repository):
    """The log of events."""

    def add_alert(self, alert: Alert) -> Event:
        """Store an alert that comes from no check, such as a refused configuration; returns its event with its id."""
        with self._database.writing(OUTBOX) as connection:
            return write_events(connection, [alert], self._redactor)[0]

    def events(
        self,
        *,
        source: str | None = None,
        entity: str | None = None,
        kind: EventKind | None = None,
        after: datetime | None = None,
        limit: int | None = 50,
    ) -> list[Event]:
        """Events, the newest first, filtered by source, mentioned entity, kind, and time (after `after`)."""
        wanted = select(EVENTS).order_by(EVENTS.c.at.desc(), EVENTS.c.id.desc()).limit(limit)
        if source is not None:
            wanted = wanted.where(EVENTS.c.source == source)
        if kind is not None:
            wanted = wanted.where(EVENTS.c.kind == kind.value)
        if after is not None:
            wanted = wanted.where(EVENTS.c.at > after)
        if entity is not None:
            wanted = wanted.where(EVENTS.c.id.in_(select(MENTIONS.c.event_id).where(MENTIONS.c.entity == entity)))
        return self._ask(read_events, wanted)

    def history(
        self, source: str, keys: Iterable[str], since: datetime, *, held: bool = False
    ) -> dict[str, list[Event]]:
        """The changes of these entries of a source since a moment, by key, the earliest first; with those that were
        told as held, if asked for.
        """
        found: dict[str, list[Event]] = {}
        with self._database.reading() as connection:
            for some in chunks({self._redactor.hide(key): key for key in keys}.items()):
                keys_of = dict(some)
                values = {"its_source": source, "its_keys": list(keys_of), "since": since}
                for event in read_events(connection, _HISTORY, values):
                    if held or event.kind is EventKind.CHANGE:
                        found.setdefault(keys_of[event.data["key"]], []).append(event)
        return found

    def event(self, event_id: int) -> Event | None:
        """One event, or None."""
        return self._ask(events_by_id, [event_id]).get(event_id)

    def keyed(self, ids: Iterable[int]) -> Iterator[tuple[Event, str | None]]:
        """Those of these events that are in the log, each with the key in its row."""
        for some in chunks(sorted(ids)):
            wanted = select(EVENTS).where(EVENTS.c.id.in_(some))
            with self._database.reading() as connection:
                keys = {row.id: row.entry_key for row in connection.execute(wanted)}
                yield from ((event, keys[event.id]) for event in read_events(connection, wanted))


def write_events(connection: Connection, alerts: Sequence[Alert], redactor: Redactor) -> list[Event]:
    """Store events with a delivery for each of their routes; returns them with their ids, in order."""
    if not alerts:
        return []
    hide = redactor.hide
    hidden = [
        replace(
            event,
            data=redactor.hide_all(event.data),
            mentions=[replace(each, words=hide(each.words), field=hide(each.field)) for each in event.mentions],
        )
        for event, _ in alerts
    ]
    rows = [
        {"kind": event.kind.value, "entry_key": event.data.get("key")}
        | {name: getattr(event, name) for name in ("source", "label", "authority", "at", "previous", "data")}
        for event in hidden
    ]
    ids = connection.scalars(_NEW_EVENT, rows).all()
    events = [replace(event, id=new) for event, new in zip(hidden, ids, strict=True)]
    mentions = [asdict(mention) | {"event_id": event.id} for event in events for mention in event.mentions]
    if mentions:
        connection.execute(_NEW_MENTION, mentions)
    routed = [(event, routes) for event, (_, routes) in zip(events, alerts, strict=True) if routes]
    if routed:
        _write_routes(connection, routed)
    for event, (_, routes) in zip(events, alerts, strict=True):
        if event.data.get("flapping"):
            # Its pending deliveries wait until the latest change of the entry, so that they go out together.
            same = select(EVENTS.c.id).where(EVENTS.c.source == event.source, EVENTS.c.entry_key == event.data["key"])
            held = (DELIVERIES.c.state == DeliveryState.PENDING.value, DELIVERIES.c.message_id.is_(None))
            earlier = update(DELIVERIES).where(*held, DELIVERIES.c.event_id.in_(same), DELIVERIES.c.due > event.at)
            for route in (route for route in routes if route.every is None):
                connection.execute(earlier.where(DELIVERIES.c.channel == route.channel).values(due=route.due))
    return events


def _write_routes(connection: Connection, routed: Sequence[Alert]) -> None:
    """Store a delivery for each channel of an event, and when a channel is reminded of it first."""
    from state.storage.desk import active_snoozes, snoozed_until  # noqa: PLC0415 - only what is delivered needs it

    snoozed = active_snoozes(connection)
    deliveries = list[dict[str, Any]]()
    reminders = list[dict[str, Any]]()
    for event, routes in routed:
        quiet_until = snoozed_until(snoozed, event)
        for route in {route.channel: route for route in routes if route.every is None}.values():
            due = max(route.due, quiet_until) if quiet_until else route.due
            to = {"event_id": event.id, "channel": route.channel, "created": event.at, "due": due}
            approval = route.approval and route.approval._asdict()
            state = {"state": DeliveryState.PENDING.value, "attempts": 0, "digest": route.digest, "approval": approval}
            deliveries.append(to | state)
        for route in {route.channel: route for route in routes if route.every is not None}.values():
            every = int(route.every.total_seconds()) if route.every else 0
            first = max(route.due, quiet_until + timedelta(seconds=every)) if quiet_until else route.due
            about = {"event_id": event.id, "channel": route.channel, "every": every, "began": event.at}
            reminders.append(about | {"next_at": first, "times": 0})
    if deliveries:
        connection.execute(_NEW_DELIVERY, deliveries)
    if reminders:
        from state.db.tables.people import ESCALATIONS  # noqa: PLC0415 - few rules have reminders

        connection.execute(insert(ESCALATIONS), reminders)


def read_events(connection: Connection, wanted: Select[Any], values: Mapping[str, Any] | None = None) -> list[Event]:
    """The events of a select on EVENTS, in its order, with their mentions and proofs."""
    rows = connection.execute(wanted, values or {}).all()
    mentions: dict[int, list[Mention]] = defaultdict(list)
    proofs: dict[int, Proof] = {}
    for ids in chunks([row.id for row in rows]):
        for row in connection.execute(_MENTIONED, {"its_ids": ids}):
            mentions[row.event_id].append(Mention(row.entity, row.name, row.words, row.field))
        for row in connection.execute(_select_proven(), {"its_ids": ids}):
            proofs[row.event_id] = Proof(row.id, row.link.hex())
    names = ("source", "label", "authority", "at", "previous", "data", "id")
    return [
        Event(
            kind=EventKind(row.kind),
            mentions=mentions[row.id],
            proof=proofs.get(row.id),
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]


def events_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, Event]:
    """Those of these events that are in the log."""
    found: dict[int, Event] = {}
    for some in chunks(sorted(set(ids))):
        found |= {event.id: event for event in read_events(connection, select(EVENTS).where(EVENTS.c.id.in_(some)))}
    return found
