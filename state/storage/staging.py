"""Writes the entries of a large snapshot in parts: short transactions, between which others can write.

begin      inserts a row into `stagings`; entries with its number are invisible
parts      some thousand entries in each transaction
finish     deletes the row, in the transaction of the rest of the check: all its entries become visible
clear      deletes the entries of an abandoned staging, some thousand rows in each transaction, before the next
           snapshot of the source is written
"""

from datetime import UTC, datetime, timedelta
from secrets import randbits
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from state.db.repository import Value, directly
from state.db.tables.core import ENTRIES, SOURCES, STAGINGS
from state.errors import StateMovedError

ALIVE = timedelta(seconds=20)  # since its process last wrote; after that, the process counts as dead
CLEARED = 5000  # rows deleted in one transaction

_BITS = 62  # of a random number: no collisions
_CLEAR = (
    "DELETE FROM entries WHERE id IN"
    " (SELECT id FROM entries WHERE id > ? AND source_id + 0 = ? AND staged = ? ORDER BY id LIMIT ?)"
)

# The number of a source's stagings, as a column of its row.
NUMBER = (
    select(func.count())
    .select_from(STAGINGS)
    .where(STAGINGS.c.source_id == SOURCES.c.id)
    .scalar_subquery()
    .label("stagings")
)

# The visible ones of `entries`: a condition for queries over many sources.
VALID = or_(ENTRIES.c.staged.is_(None), ENTRIES.c.staged.not_in(select(STAGINGS.c.number)))


class Unfinished(NamedTuple):
    """A staging that is in progress in another process, or abandoned."""

    number: int
    source_id: int
    after: int
    renewed: datetime | None

    def lives(self, now: datetime) -> bool:
        """Whether its process seems alive. A time in the future means that the clock was moved back."""
        return self.renewed is not None and abs(now - self.renewed) < ALIVE


def hidden(connection: Connection, source_id: int) -> tuple[str, tuple[Value, ...]]:
    """The condition that excludes staged entries of a source, with its values."""
    numbers = tuple(directly(connection, "SELECT number FROM stagings WHERE source_id = ?", (source_id,)).scalars())
    return f" AND (staged IS NULL OR staged NOT IN ({', '.join('?' * len(numbers))}))" if numbers else "", numbers


def find_unfinished(connection: Connection, source_id: int) -> Unfinished:
    """An unfinished staging of a source, which must have one."""
    columns = (STAGINGS.c[name] for name in Unfinished._fields)
    return Unfinished(*connection.execute(select(*columns).where(STAGINGS.c.source_id == source_id).limit(1)).one())


def begin(connection: Connection, source_id: int) -> Unfinished:
    """Begin to stage entries of a source; they get its number."""
    number, after = randbits(_BITS), connection.scalar(select(func.max(ENTRIES.c.id))) or 0
    row = {"number": number, "source_id": source_id, "after": after}
    connection.execute(insert(STAGINGS), row | {"renewed": datetime.now(UTC)})
    return Unfinished(**row, renewed=None)


def renew(connection: Connection, number: int) -> None:
    """Record progress of a staging. Raises StateMovedError when another process took it for abandoned."""
    ours = update(STAGINGS).where(STAGINGS.c.number == number, STAGINGS.c.renewed.is_not(None))
    _must_be_ours(connection.execute(ours.values(renewed=datetime.now(UTC))).rowcount)


def finish(connection: Connection, number: int) -> None:
    """Make the entries of a staging visible. Raises StateMovedError as `renew` does."""
    ours = delete(STAGINGS).where(STAGINGS.c.number == number, STAGINGS.c.renewed.is_not(None))
    _must_be_ours(connection.execute(ours).rowcount)


def give_up(connection: Connection, number: int) -> None:
    """Mark a staging as abandoned: its process can no longer renew it."""
    connection.execute(update(STAGINGS).where(STAGINGS.c.number == number).values(renewed=None))


def clear(connection: Connection, left: Unfinished) -> bool:
    """Delete some entries of an abandoned staging; returns whether all are deleted."""
    values = (left.after, left.source_id, left.number, CLEARED)
    if directly(connection, _CLEAR, values).rowcount == CLEARED:
        return False
    connection.execute(delete(STAGINGS).where(STAGINGS.c.number == left.number))
    return True


def _must_be_ours(found: int) -> None:
    if not found:
        raise StateMovedError("another process has stored the source meanwhile; check it again")
