"""Readers: what each follows, the address that his mail goes to, the browsers that show him alerts; and the letters
that he gets of it, by mail or in his browsers.

The log of events is the queue of letters. A round reads the events after the last one of the round before, and writes
the letters about them in one transaction with its own last event, so that each event is in one round of each kind. A
letter names its events; its text is composed later, once for all letters about the same changes, and stored once.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, or_, select, update

from state.db.repository import Repository, chunks
from state.db.tables.core import EVENTS
from state.db.tables.readers import (
    FOLLOWS,
    LETTER_TEXTS,
    LETTERS,
    PUSHES,
    READERS,
    ROUNDS,
    Letter,
    Reader,
    Subscription,
)
from state.failpoint import reach
from state.model import DeliveryState, Event, EventKind
from state.storage.events import read_events

MAIL, ATOM, PUSH = "mail", "atom", "push"  # how a reader gets what he follows
AT_ONCE, HOURLY, DAILY = "at once", "hourly", "daily"  # how soon
TIMES = (AT_ONCE, HOURLY, DAILY)
BOUNCES = 3  # refusals of an address, one after the other, after which nothing is sent to it any more
_PART, _LETTERS = "readers", "letters"  # names of locks
_PENDING = LETTERS.c.state == DeliveryState.PENDING.value


class Interest(NamedTuple):
    """Changes that mention one of some entities, or are of one of some sources (globs), or all where none is named; of
    these, those with all words of `find`. How (`mail`, `atom`, `push`) and how soon (`at once`, `hourly`, `daily`) a
    reader gets them.
    """

    entities: Sequence[str] = ()
    sources: Sequence[str] = ()
    find: str = ""
    by: str = MAIL
    when: str = AT_ONCE


class Follow(NamedTuple):
    """What a reader follows since a time: it counts for events after the number `after`."""

    id: int
    who: str
    interest: Interest
    at: datetime
    after: int


class Readers(Repository):
    """The part of the Store for readers."""

    def follow(self, who: str, interest: Interest, now: datetime) -> int:
        """Follow something from now on; the number of the follow. A second time it is the same, but for how soon."""
        row = interest._asdict() | {"entities": list(interest.entities), "sources": list(interest.sources)}
        with self._database.writing(_PART) as connection:
            last = connection.scalar(select(func.max(EVENTS.c.id))) or 0
            new = {**row, "who": who, "at": now, "after": last}
            for known in _follows(connection, FOLLOWS.c.who == who):
                if known.interest._asdict() | {"when": interest.when} == row:
                    if known.interest.when != interest.when:
                        connection.execute(update(FOLLOWS).where(FOLLOWS.c.id == known.id).values(new))
                    return known.id
            return int(connection.scalars(insert(FOLLOWS).returning(FOLLOWS.c.id), [new]).one())

    def unfollow(self, number: int, who: str) -> bool:
        """End a follow of a reader; whether there was one."""
        return bool(self._change(_PART, delete(FOLLOWS).where(FOLLOWS.c.id == number, FOLLOWS.c.who == who)))

    def follows(self, who: str | None = None) -> list[Follow]:
        """What a reader follows, or all readers, the first at the front."""
        return self._ask(_follows, *([FOLLOWS.c.who == who] if who is not None else []))

    def reader(self, who: str) -> Reader | None:
        """What is known of a reader; None where nothing is."""
        return next(iter(self._readers(READERS.c.who == who)), None)

    def all(self) -> dict[str, Reader]:
        """All readers of whom something is known, by name."""
        return {reader.who: reader for reader in self._readers()}

    def _readers(self, *where: ColumnElement[bool]) -> list[Reader]:
        return list(map(Reader.of, self._rows(select(READERS).where(*where).order_by(READERS.c.who))))

    def set_role(self, who: str, role: str, at: datetime) -> None:
        """Note the role that a provider gives a reader, for whom it vouches at that time."""
        self._set(who, role=role, vouched=at)

    def set_mail(self, who: str, address: str | None, verified: datetime | None = None) -> None:
        """Let mail go to this address, once it is verified; what had stopped it counts no more."""
        self._set(who, mail=address, verified=verified, bounces=0, stopped="")

    def verify(self, who: str, address: str, at: datetime) -> bool:
        """Note that a reader opened the link that was sent to an address; whether that is still his."""
        mine = update(READERS).where(READERS.c.who == who, READERS.c.mail == address)
        return bool(self._change(_PART, mine.values(verified=at, bounces=0, stopped="")))

    def _set(self, who: str, **values: object) -> None:
        with self._database.writing(_PART) as connection:
            write_reader(connection, who, values)

    def subscribe_push(self, who: str, endpoint: str, p256dh: str, auth: str, now: datetime) -> int:
        """Show alerts to a reader in a browser, instead of to whoever had signed in there before; its number."""
        row = {"who": who, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "at": now}
        with self._database.writing(_PART) as connection:
            connection.execute(delete(PUSHES).where(PUSHES.c.endpoint == endpoint))
            return int(connection.scalars(insert(PUSHES).returning(PUSHES.c.id), [row]).one())

    def drop_push(self, endpoint: str, who: str | None = None) -> bool:
        """Show no more alerts in a browser (of this reader); whether it was known."""
        mine = [PUSHES.c.endpoint == endpoint, *([PUSHES.c.who == who] if who is not None else [])]
        return bool(self._change(_PART, delete(PUSHES).where(*mine)))

    def pushes(self, who: str | None = None) -> list[Subscription]:
        """The browsers in which alerts are shown to a reader, or to all readers."""
        mine = [PUSHES.c.who == who] if who is not None else []
        return list(map(Subscription.of, self._rows(select(PUSHES).where(*mine).order_by(PUSHES.c.id))))


def write_reader(connection: Connection, who: str, values: dict[str, object]) -> None:
    """Set columns of a reader, of whom nothing may have been known. The caller's transaction writes the readers."""
    if not connection.execute(update(READERS).where(READERS.c.who == who).values(values)).rowcount:
        connection.execute(insert(READERS), [{**Reader.model_construct().model_dump(), **values, "who": who}])


def _follows(connection: Connection, *where: ColumnElement[bool]) -> list[Follow]:
    rows = connection.execute(select(FOLLOWS).where(*where).order_by(FOLLOWS.c.id)).all()
    interests = [Interest(*(getattr(row, name) for name in Interest._fields)) for row in rows]
    return [Follow(row.id, row.who, wish, row.at, row.after) for row, wish in zip(rows, interests, strict=True)]


class Round(NamedTuple):
    """The last event that letters were written about, and when the next round is due."""

    event: int
    due: datetime


class Draft(NamedTuple):
    """A letter to be written: to whom and how, because of which follows, about which events. `push_id` is the browser
    that it goes to, `address` one that is not verified yet.
    """

    who: str
    by: str
    follows: Sequence[int] = ()
    events: Sequence[int] = ()
    push_id: int | None = None
    address: str | None = None


class LetterText(NamedTuple):
    """The text of letters; `key` is the same for the same text, `url` the page at the desk that it is about, or ""."""

    key: str
    title: str
    text: str
    html: str
    url: str


class LetterBox(Repository):
    """The part of the Store for letters."""

    def rounds(self) -> dict[str, Round]:
        """The last rounds, by how soon readers get their letters."""
        return {row.when: Round(row.event, row.due) for row in self._rows(select(ROUNDS))}

    def last_event(self, after: int) -> int:
        """The last event up to which all are stored, which is later than `after`; `after` if there is none.

        A server hands out numbers before they are stored: the lock on the whole state waits for those under way.
        """
        wanted = select(func.max(EVENTS.c.id))
        with self._database.reading() as connection:  # nearly always nothing is new
            if (connection.scalar(wanted) or 0) <= after:
                return after
        with self._database.writing() as connection:
            return connection.scalar(wanted) or after

    def changes(self, after: int, last: int, most: int = 500) -> Iterator[Event]:
        """The changes with numbers above `after`, up to `last`; `most` are in memory at once."""
        while after < last:
            mine = (EVENTS.c.id > after, EVENTS.c.id <= last, EVENTS.c.kind == EventKind.CHANGE.value)
            found = self._ask(read_events, select(EVENTS).where(*mine).order_by(EVENTS.c.id).limit(most))
            yield from found
            after = found[-1].id if len(found) == most else last

    def write_round(self, when: str, was: Round | None, done: Round, drafts: Sequence[Draft], now: datetime) -> bool:
        """Write what a round came to; whether it did: not where another process has done the same round."""
        same = (ROUNDS.c.when == when, ROUNDS.c.event == was.event, ROUNDS.c.due == was.due) if was else ()
        with self._database.writing(_LETTERS) as connection:
            if was is None:
                if connection.scalar(select(ROUNDS.c.event).where(ROUNDS.c.when == when)) is not None:
                    return False
                connection.execute(insert(ROUNDS), [{"when": when, **done._asdict()}])
            elif not connection.execute(update(ROUNDS).where(*same).values(done._asdict())).rowcount:
                return False
            _write(connection, drafts, now)
            reach("rounding")
        reach("rounded")
        return True

    def write(self, drafts: Sequence[Draft], text: LetterText, now: datetime) -> None:
        """Write letters with a text of their own."""
        with self._database.writing(_LETTERS) as connection:
            _write(connection, drafts, now, self._text(connection, text, now))

    def due(self, until: datetime, now: datetime, most: int) -> list[Letter]:
        """The letters to try until a moment, the oldest first. One that was written in the future is due: the clock was
        moved back.
        """
        wanted = select(LETTERS).where(_PENDING, or_(LETTERS.c.due <= until, LETTERS.c.created > now))
        return list(map(Letter.of, self._rows(wanted.order_by(LETTERS.c.due, LETTERS.c.id).limit(most))))

    def compose(self, letters: Sequence[Letter], key: str, make: Callable[[], LetterText], now: datetime) -> int:
        """Give these letters the text with this key, which is made if it is not stored; its number."""
        with self._database.reading() as connection:
            known: int | None = connection.scalar(select(LETTER_TEXTS.c.id).where(LETTER_TEXTS.c.key == key))
        text = make() if known is None else None
        with self._database.writing(_LETTERS) as connection:
            number = self._text(connection, text, now) if text else known or 0
            self._update(connection, [letter.id for letter in letters], text_id=number)
        reach("letters_composed")
        return number

    def _text(self, connection: Connection, text: LetterText, now: datetime) -> int:
        hidden = {name: self._redactor.hide(getattr(text, name)) for name in ("title", "text", "html")}
        new = insert(LETTER_TEXTS).returning(LETTER_TEXTS.c.id)
        return int(connection.scalars(new, [{**text._asdict(), **hidden, "created": now}]).one())

    def texts(self, ids: Collection[int]) -> dict[int, LetterText]:
        """Texts by their numbers."""
        rows = self._rows_in(select(LETTER_TEXTS), LETTER_TEXTS.c.id, set(ids))
        return {row.id: LetterText(*(getattr(row, name) for name in LetterText._fields)) for row in rows}

    def trying(self, letter: Letter) -> bool:
        """Count an attempt before it begins; whether the letter still waits. Raises StateError: what cannot be marked
        as sent must not be sent.
        """
        mine = update(LETTERS).where(LETTERS.c.id == letter.id, _PENDING)
        return bool(self._change(_LETTERS, mine.values(attempts=LETTERS.c.attempts + 1)))

    def sent(self, letter: Letter, now: datetime) -> None:
        """Mark a letter as sent. A mail that was accepted ends a row of bounces."""
        with self._database.writing(_LETTERS) as connection:
            self._update(connection, [letter.id], state=DeliveryState.SENT.value, sent=now, error=None)
            if letter.by == MAIL:
                bounced = (READERS.c.who == letter.who, READERS.c.bounces > 0)
                connection.execute(update(READERS).where(*bounced).values(bounces=0))

    def note_failure(self, letters: Sequence[Letter], error: str, again: datetime | None) -> None:
        """Record a failed attempt, and when to try again; None: never, they are dead."""
        then = {"due": again} if again else {"state": DeliveryState.DEAD.value}
        with self._database.writing(_LETTERS) as connection:
            self._update(connection, [letter.id for letter in letters], error=self._redactor.hide(error), **then)

    def note_bounce(self, who: str, why: str) -> bool:
        """Count that a reader's address was refused for good; whether nothing is sent to it any more."""
        why = self._redactor.hide(why)
        with self._database.writing(_LETTERS, _PART) as connection:
            bounces = 1 + (connection.scalar(select(READERS.c.bounces).where(READERS.c.who == who)) or 0)
            stop = bounces >= BOUNCES
            write_reader(connection, who, {"bounces": bounces, **({"stopped": why} if stop else {})})
            if stop:
                mine = update(LETTERS).where(_PENDING, LETTERS.c.who == who, LETTERS.c.by == MAIL)
                connection.execute(mine.values(state=DeliveryState.DEAD.value, error=why))
            return stop

    def drop(self, letters: Sequence[Letter]) -> None:
        """Delete letters that nobody is to get any more."""
        with self._database.writing(_LETTERS) as connection:
            for some in chunks(letter.id for letter in letters):
                connection.execute(delete(LETTERS).where(LETTERS.c.id.in_(some)))

    def all(self, state: DeliveryState | None = None, limit: int = 50) -> list[Letter]:
        """Letters, all or those in one state, the newest first."""
        mine = [LETTERS.c.state == state.value] if state else []
        return list(map(Letter.of, self._rows(select(LETTERS).where(*mine).order_by(LETTERS.c.id.desc()).limit(limit))))

    def counts(self) -> dict[str, int]:
        """The number of letters that are `pending`, `sent` and `dead`."""
        rows = self._rows(select(LETTERS.c.state, func.count()).group_by(LETTERS.c.state))
        return {state.value: 0 for state in DeliveryState} | {row[0]: row[1] for row in rows}

    def expire(self, before: datetime, most: int) -> int:
        """Delete at most `most` letters that were written before a moment, and texts of none; returns how many."""
        old = select(LETTERS.c.id).where(LETTERS.c.created < before, ~_PENDING).limit(most)
        used = exists().where(LETTERS.c.text_id == LETTER_TEXTS.c.id)
        if not self._rows(old.limit(1)):
            return 0
        with self._database.writing(_LETTERS) as connection:
            gone = connection.execute(delete(LETTERS).where(LETTERS.c.id.in_(old))).rowcount
            connection.execute(delete(LETTER_TEXTS).where(LETTER_TEXTS.c.created < before, ~used))
            return gone

    def _update(self, connection: Connection, ids: Sequence[int], **values: Any) -> None:
        for some in chunks(ids):
            connection.execute(update(LETTERS).where(LETTERS.c.id.in_(some), _PENDING).values(values))


def _write(connection: Connection, drafts: Sequence[Draft], now: datetime, text: int | None = None) -> None:
    plain = {"text_id": text, "created": now, "due": now, "attempts": 0, "error": None, "sent": None}
    state = {"state": DeliveryState.PENDING.value}
    if drafts:
        connection.execute(insert(LETTERS), [draft._asdict() | plain | state for draft in drafts])
