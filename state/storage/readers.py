"""Readers: what each follows, the address that his mail goes to, and the browsers that show him alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from state.db.repository import Repository
from state.db.tables.core import EVENTS
from state.db.tables.readers import FOLLOWS, PUSHES, READERS, Reader, Subscription

MAIL, ATOM, PUSH = "mail", "atom", "push"  # how a reader gets what he follows
AT_ONCE, HOURLY, DAILY = "at once", "hourly", "daily"  # how soon
WAYS, TIMES = (MAIL, ATOM, PUSH), (AT_ONCE, HOURLY, DAILY)
_PART = "readers"  # a lock's name


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
        """Follow something from now on; the number of the follow. The same a second time is the same follow."""
        row = interest._asdict() | {"entities": list(interest.entities), "sources": list(interest.sources)}
        with self._database.writing(_PART) as connection:
            for known in _follows(connection, FOLLOWS.c.who == who):
                if known.interest._asdict() == row:
                    return known.id
            last = connection.scalar(select(func.max(EVENTS.c.id))) or 0
            new = {**row, "who": who, "at": now, "after": last}
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
    return [_follow(row) for row in connection.execute(select(FOLLOWS).where(*where).order_by(FOLLOWS.c.id))]


def _follow(row: Row[*tuple[object, ...]]) -> Follow:
    interest = Interest(*(getattr(row, name) for name in Interest._fields))
    return Follow(row.id, row.who, interest, row.at, row.after)
