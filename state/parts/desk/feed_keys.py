"""The random values that the keys of feeds are derived from, one for each feed."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert, select

from state.db.desk_tables import FEED_KEYS
from state.db.part import Part

_PART = "feed keys"  # a part of the state, for its lock
_BYTES = 32


class FeedKeys(Part):
    """The part of the Store for the keys of feeds."""

    def value(self, feed: str) -> bytes | None:
        """The value of a feed; None if nobody was given its address."""
        with self._database.reading() as connection:
            found: bytes | None = connection.scalar(select(FEED_KEYS.c.value).where(FEED_KEYS.c.feed == feed))
            return found

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
