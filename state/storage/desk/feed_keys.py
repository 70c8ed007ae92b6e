"""The random values that the keys of feeds are derived from, one for each feed."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from state.db.repository import Repository
from state.db.tables.core import EVENTS
from state.db.tables.people import FEED_KEYS
from state.model import EventKind

_PART = "feed keys"  # a part of the state, for its lock
_BYTES = 32
_VALUE = select(FEED_KEYS.c.value).where(FEED_KEYS.c.feed == bindparam("its_feed"))
_CHANGES = select(EVENTS.c.id).where(EVENTS.c.kind == EventKind.CHANGE.value)
_STAND = select(_VALUE.scalar_subquery(), _CHANGES.order_by(EVENTS.c.id.desc()).limit(1).scalar_subquery())


class FeedStand(NamedTuple):
    """The value of a feed, None if nobody was given its address; and the number of the last change in the log, or 0."""

    value: bytes | None
    last_change: int


class FeedKeys(Repository):
    """The part of the Store for the keys of feeds."""

    def value(self, feed: str) -> bytes | None:
        """The value of a feed; None if nobody was given its address."""
        with self._database.reading() as connection:
            found: bytes | None = connection.scalar(_VALUE, {"its_feed": feed})
            return found

    def stand(self, feed: str) -> FeedStand:
        """What a reader's request is compared with, in one look at two indexes: most readers have the feed already."""
        with self._database.reading() as connection:
            value, last = connection.execute(_STAND, {"its_feed": feed}).one()
            return FeedStand(value, last or 0)

    def value_or_new(self, feed: str) -> bytes:
        """The value of a feed, made if there is none."""
        return self.value(feed) or self._write(feed, keep=True)

    def renew(self, feed: str) -> bytes:
        """Make another value: addresses that were given out are worth nothing from now on."""
        return self._write(feed, keep=False)

    def _write(self, feed: str, *, keep: bool) -> bytes:
        mine = FEED_KEYS.c.feed == feed
        with self._database.writing(_PART) as connection:
            found: bytes | None = connection.scalar(select(FEED_KEYS.c.value).where(mine)) if keep else None
            if found is None:
                found = secrets.token_bytes(_BYTES)
                connection.execute(delete(FEED_KEYS).where(mine))
                connection.execute(insert(FEED_KEYS), [{"feed": feed, "value": found}])
            return found
