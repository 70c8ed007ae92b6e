"""What people do at the desk: changes that are handled, visits, actions, checks they ask for; keys of feeds, tokens;
and snoozes: alerts about a source or an entity that wait until a time, as somebody wants to hear of them later.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from state.db.backend import OUTBOX, RECORD, Database
from state.db.repository import Repository
from state.db.tables.core import CHECK_REQUESTS, DELIVERIES, EVENTS, MENTIONS
from state.db.tables.people import ACTIONS, ESCALATIONS, FEED_KEYS, HANDLED, SNOOZES, VISITS, Snooze
from state.db.tables.readers import TOKENS, ApiToken
from state.model import DeliveryState, Event, EventKind

DESK = "desk"  # a part of the state, for its lock
VISIT = timedelta(minutes=30)  # two looks that are closer together belong to one visit
SOURCE, ENTITY = "source", "entity"  # what is snoozed
BY_BUTTON = timedelta(hours=1)  # that a button snoozes
_ALL_SNOOZES = select(SNOOZES)  # prepared once: constructing a statement takes longer than executing it


class Action(NamedTuple):
    """An action that a person took: `what` is a verb such as `accept`, `subject` what it was done to."""

    at: datetime
    who: str
    what: str
    subject: str


_LAST_LINK = select(ACTIONS.c.link).where(ACTIONS.c.link.is_not(None)).order_by(ACTIONS.c.id.desc()).limit(1)
_NO_LINK = bytes(32)  # what stands in the place of the link before the first one


def write_action(connection: Connection, action: Action) -> None:
    """Add an action to the record, linked to the one before it. The caller's transaction has locked RECORD."""
    link = _next_link(connection.scalar(_LAST_LINK) or _NO_LINK, action)
    connection.execute(insert(ACTIONS), [action._asdict() | {"link": link}])


def record_action(database: Database, connection: Connection, action: Action) -> None:
    """Add an action to the record, in the transaction of what was done."""
    database.lock_further(connection, RECORD)
    write_action(connection, action)


def _next_link(previous: bytes, action: Action) -> bytes:
    """The SHA-256 of the link before, in hexadecimal digits, and of the action as a list in JSON."""
    at = action.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([at, action.who, action.what, action.subject], ensure_ascii=False, separators=(",", ":"))
    return sha256(f"{previous.hex()}{text}".encode("utf-8", "replace")).digest()


class DeskRecords(Repository):
    """The part of the Store that keeps what people did at the desk."""

    def record(self, action: Action) -> None:
        """Add an action to the record."""
        with self._database.writing(RECORD) as connection:
            write_action(connection, action)

    def find_broken_link(self) -> str | None:
        """What is wrong with the record of actions: the first that was edited, or does not follow the one before it.

        Those of before there were links cannot be verified. None if all is as it was written.
        """
        previous: bytes | None = None
        with self._database.reading() as connection:
            rows = connection.execution_options(yield_per=1000).execute(select(ACTIONS).order_by(ACTIONS.c.id))
            for row in rows:
                if row.link is None and previous is not None:
                    return f"action {row.id} has no link: an older program wrote it, or somebody added it"
                if row.link is None:
                    continue
                action = Action(row.at, row.who, row.what, row.subject)
                if row.link != _next_link(previous or _NO_LINK, action):
                    return f"action {row.id} was edited, or one before it was edited or removed"
                previous = row.link
        return None

    def actions(self, limit: int = 50) -> list[Action]:
        """The last actions, newest first."""
        wanted = select(ACTIONS).order_by(ACTIONS.c.at.desc(), ACTIONS.c.id.desc()).limit(limit)
        return [Action(row.at, row.who, row.what, row.subject) for row in self._rows(wanted)]

    def last_action(self, subject: str) -> Action | None:
        """The last action on a subject."""
        wanted = select(ACTIONS).where(ACTIONS.c.subject == subject).order_by(ACTIONS.c.id.desc()).limit(1)
        return next((Action(row.at, row.who, row.what, row.subject) for row in self._rows(wanted)), None)

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
        return bool(self._change(DESK, delete(HANDLED).where(HANDLED.c.event_id == event)))

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


class CheckRequests(Repository):
    """Checks that people ask for: a row for each source, which stands until the check is done."""

    def add(self, source: str, at: datetime) -> None:
        """Ask for a check of a source. Asking again while the first request stands renews it."""
        with self._database.writing("check requests") as connection:
            connection.execute(delete(CHECK_REQUESTS).where(CHECK_REQUESTS.c.source == source))
            connection.execute(insert(CHECK_REQUESTS), [{"source": source, "at": at}])

    def pending(self) -> dict[str, datetime]:
        """When a check was asked for, by source."""
        return {row.source: row.at for row in self._rows(select(CHECK_REQUESTS))}

    def done(self, source: str, at: datetime) -> None:
        """Delete a request, unless it was renewed after `at`."""
        mine = (CHECK_REQUESTS.c.source == source, CHECK_REQUESTS.c.at <= at)
        self._change("check requests", delete(CHECK_REQUESTS).where(*mine))


class ApiTokens(Repository):
    """The tokens of persons for the API. Of each its SHA-256 is kept: a database that is read gives none away."""

    def make(self, who: str, name: str, scope: str, at: datetime, until: datetime | None) -> tuple[ApiToken, str]:
        """Make a token; its row, and the token, which nobody is told again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {"who": who, "name": name, "scope": scope, "at": at, "until": until, "digest": digest_token(token)}
        with self._database.writing("api tokens") as connection:
            return ApiToken.of(connection.execute(insert(TOKENS).returning(TOKENS), [row]).one()), token

    def find(self, token: str, now: datetime) -> ApiToken | None:
        """The token that this is, if it has not ended: one look at an index, whatever is asked."""
        found = self._rows(select(TOKENS).where(TOKENS.c.digest == digest_token(token)))
        return next((ApiToken.of(row) for row in found if row.until is None or row.until > now), None)

    def of(self, who: str) -> list[ApiToken]:
        """The tokens of a person, in the order in which they were made."""
        return list(map(ApiToken.of, self._rows(select(TOKENS).where(TOKENS.c.who == who).order_by(TOKENS.c.id))))

    def end(self, number: int, who: str) -> bool:
        """Delete a token of a person; whether there was one."""
        return bool(self._change("api tokens", delete(TOKENS).where(TOKENS.c.id == number, TOKENS.c.who == who)))


def digest_token(token: str) -> bytes:
    """What is stored of a token."""
    return sha256(token.encode("utf-8", "replace")).digest()


TOKEN_BYTES = 32
_VALUE = select(FEED_KEYS.c.value).where(FEED_KEYS.c.feed == bindparam("its_feed"))
_CHANGES = select(EVENTS.c.id).where(EVENTS.c.kind == EventKind.CHANGE.value)
_STAND = select(_VALUE.scalar_subquery(), _CHANGES.order_by(EVENTS.c.id.desc()).limit(1).scalar_subquery())


class FeedKeys(Repository):
    """The random values that the keys of feeds are derived from, one for each feed."""

    def value(self, feed: str) -> bytes | None:
        """The value of a feed; None if nobody was given its address."""
        return self.stand(feed)[0]

    def stand(self, feed: str) -> tuple[bytes | None, int]:
        """What a reader's request is compared with: the value of the feed, and the number of the last change in the
        log, or 0. It is one look at two indexes, as most readers have the feed already.
        """
        with self._database.reading() as connection:
            value, last = connection.execute(_STAND, {"its_feed": feed}).one()
            return value, last or 0

    def value_or_new(self, feed: str) -> bytes:
        """The value of a feed, made if there is none."""
        return self.value(feed) or self._write(feed, keep=True)

    def renew(self, feed: str) -> bytes:
        """Make another value: addresses that were given out are worth nothing from now on."""
        return self._write(feed, keep=False)

    def _write(self, feed: str, *, keep: bool) -> bytes:
        mine = FEED_KEYS.c.feed == feed
        with self._database.writing("feed keys") as connection:
            found: bytes | None = connection.scalar(select(FEED_KEYS.c.value).where(mine)) if keep else None
            if found is None:
                found = secrets.token_bytes(TOKEN_BYTES)
                connection.execute(delete(FEED_KEYS).where(mine))
                connection.execute(insert(FEED_KEYS), [{"feed": feed, "value": found}])
            return found


class Snoozes(Repository):
    """The part of the Store for snoozes."""

    def snooze(self, snooze: Snooze) -> int:
        """Let alerts about it wait, also those that wait already and are part of no message; how many deliveries."""
        with self._database.writing(OUTBOX) as connection:
            return _write_snooze(connection, snooze)

    def press(self, kind: str, name: str, who: str, now: datetime) -> Snooze:
        """Let alerts about a source or an entity wait for an hour, as a button does; the snooze that counts. One that
        has not ended stays as it is, whoever's it is. Who did it is in the record of actions.
        """
        with self._database.writing(OUTBOX) as connection:
            for each in active_snoozes(connection):
                if (each.kind, each.name) == (kind, name) and each.until > now:
                    return each
            snooze = Snooze.model_construct(kind=kind, name=name, at=now, until=now + BY_BUTTON, who=who)
            _write_snooze(connection, snooze)
            record_action(self._database, connection, Action(now, who, "snooze", f"{kind} {name}"))
            return snooze

    def wake(self, kind: str, name: str, now: datetime, later: Mapping[int, datetime]) -> bool:
        """End a snooze: what waited for its end is due now, or as `later` says. Returns whether there was one."""
        with self._database.writing(OUTBOX) as connection:
            row = connection.execute(select(SNOOZES).where(*_same(kind, name))).one_or_none()
            if row is None:
                return False
            found = Snooze.of(row)
            connection.execute(delete(SNOOZES).where(*_same(kind, name)))
            mine = _waiting(kind, name).where(DELIVERIES.c.due == found.until).returning(DELIVERIES.c.id)
            for number in {*connection.scalars(mine.values(due=now))} & later.keys():
                connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == number).values(due=later[number]))
            _move_reminders(connection, found, lambda at: at >= found.until, now)
            return True

    def all(self, now: datetime) -> list[Snooze]:
        """The snoozes that have not ended, those that end first at the front."""
        found = self._ask(active_snoozes)
        return sorted((each for each in found if each.until > now), key=lambda each: each.until)


def active_snoozes(connection: Connection) -> list[Snooze]:
    """All snoozes, also those that have ended."""
    return list(map(Snooze.of, connection.execute(_ALL_SNOOZES)))


def snoozed_until(snoozes: Sequence[Snooze], event: Event) -> datetime | None:
    """When alerts about an event may be delivered; None where nothing keeps them."""
    return max((each.until for each in snoozes if each.covers(event)), default=None)


def _write_snooze(connection: Connection, snooze: Snooze) -> int:
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
