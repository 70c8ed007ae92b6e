"""Letters: what readers get of what they follow, by mail or in their browsers.

The log of events is their queue. A round reads the events after the last one of the round before, and writes the
letters about them in one transaction with its own last event, so that each event is in one round of each kind. A letter
names its events; its text is composed later, once for all letters about the same changes, and stored once.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from state.db.repository import Repository, chunks
from state.db.tables.core import EVENTS
from state.db.tables.readers import LETTER_TEXTS, LETTERS, READERS, ROUNDS, Letter
from state.failpoint import reach
from state.model import DeliveryState, Event, EventKind
from state.storage.events import read_events
from state.storage.readers import MAIL, write_reader

BOUNCES = 3  # refusals of an address, one after the other, after which nothing is sent to it any more
_LETTERS = "letters"  # a lock's name
_PENDING = LETTERS.c.state == DeliveryState.PENDING.value


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
        with self._database.writing(_LETTERS, "readers") as connection:
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
        with self._database.reading() as connection:
            if not connection.execute(old.limit(1)).first():
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
