"""The entries of a large snapshot are written in parts, each a short transaction, beside which others are written.

begin      a row of `stagings`; entries that bear its number are in no snapshot, and nobody reads them
parts      some thousand entries at a time
finish     the row goes, in the transaction that writes all else of the check: all its entries are there at once
clear      what came to nothing is deleted, some thousand rows at a time, before the source's next snapshot is
           written
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from secrets import randbits
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from state.db.row_mapping import Value, directly
from state.db.tables import ENTRIES, SOURCES, STAGINGS
from state.errors import StateMovedError

ALIVE = timedelta(seconds=20)  # since its process last wrote: one that is silent for longer is taken to have ended
CLEARED = 5000  # rows that are deleted in one transaction

_BITS = 62  # of a number: so none comes twice
_CLEAR = (
    "DELETE FROM entries WHERE id IN"
    " (SELECT id FROM entries WHERE id > ? AND source_id + 0 = ? AND staged = ? ORDER BY id LIMIT ?)"
)

# How many there are of a source, as a column of its row.
NUMBER = (
    select(func.count())
    .select_from(STAGINGS)
    .where(STAGINGS.c.source_id == SOURCES.c.id)
    .scalar_subquery()
    .label("stagings")
)

# Of `entries`, those that are in a snapshot: for the few that look at the entries of many sources.
VALID = or_(ENTRIES.c.staged.is_(None), ENTRIES.c.staged.not_in(select(STAGINGS.c.number)))


class Unfinished(NamedTuple):
    """A staging that another process is at, or that came to nothing."""

    number: int
    source_id: int
    after: int
    renewed: datetime | None

    def lives(self, now: datetime) -> bool:
        """Whether its process seems to be at it. A time in the future is of before the clock was moved back."""
        return self.renewed is not None and abs(now - self.renewed) < ALIVE


def hidden(connection: Connection, source_id: int) -> tuple[str, tuple[Value, ...]]:
    """A further condition for those who read entries of a source that has stagings, with its values."""
    numbers = tuple(directly(connection, "SELECT number FROM stagings WHERE source_id = ?", (source_id,)).scalars())
    return f" AND (staged IS NULL OR staged NOT IN ({', '.join('?' * len(numbers))}))", numbers


def unfinished(connection: Connection, source_id: int) -> Unfinished:
    """A staging of a source that has one."""
    columns = (STAGINGS.c[name] for name in Unfinished._fields)
    return Unfinished(*connection.execute(select(*columns).where(STAGINGS.c.source_id == source_id).limit(1)).one())


def begin(connection: Connection, source_id: int) -> Unfinished:
    """Begin to stage entries of a source; they shall bear its number."""
    number, after = randbits(_BITS), connection.scalar(select(func.max(ENTRIES.c.id))) or 0
    row = {"number": number, "source_id": source_id, "after": after}
    connection.execute(insert(STAGINGS), row | {"renewed": datetime.now(UTC)})
    return Unfinished(**row, renewed=None)


def renew(connection: Connection, number: int) -> None:
    """Go on with a staging. Raises StateMovedError when another process took it for one that came to nothing."""
    ours = update(STAGINGS).where(STAGINGS.c.number == number, STAGINGS.c.renewed.is_not(None))
    _must_be_ours(connection.execute(ours.values(renewed=datetime.now(UTC))).rowcount)


def finish(connection: Connection, number: int) -> None:
    """Make the entries of a staging valid. Raises StateMovedError as `renew` does."""
    ours = delete(STAGINGS).where(STAGINGS.c.number == number, STAGINGS.c.renewed.is_not(None))
    _must_be_ours(connection.execute(ours).rowcount)


def give_up(connection: Connection, number: int) -> None:
    """From now on nobody goes on with a staging."""
    connection.execute(update(STAGINGS).where(STAGINGS.c.number == number).values(renewed=None))


def clear(connection: Connection, left: Unfinished) -> bool:
    """Delete some of the entries of a staging that was given up; whether that were all."""
    values = (left.after, left.source_id, left.number, CLEARED)
    if directly(connection, _CLEAR, values).rowcount == CLEARED:
        return False
    connection.execute(delete(STAGINGS).where(STAGINGS.c.number == left.number))
    return True


def _must_be_ours(found: int) -> None:
    if not found:
        raise StateMovedError("another process has stored the source meanwhile; check it again")
