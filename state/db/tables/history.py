"""The tables of history: what undoes each change, times without a reading, and the number of checks.

They are tables of SQLAlchemy's, which are made ten times as fast as SQLModel's classes: each check loads them.

undos    what undoes one accepted snapshot, or a part of it: the rows that it touched, as they were. `at` is when the
         snapshot became the state, `previous` the last check before that could read the source; `kind` is `check`,
         `reread` or `moved`; `packed` is JSON, compressed if it is long (history/undo.py)
unread   a time in which the source was not read: from the last check that could read it to the next one
tallies  the checks of a source in one month (`2026-03`): for each day that has ended `day read failed;`
"""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from state.db.tables.core import Number, TableRow, Utc


def _source(**rest: Any) -> Column[int]:
    return Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), nullable=False, **rest)


UNDOS = Table(
    "undos",
    TableRow.metadata,
    Column("id", Number, primary_key=True, nullable=False),
    _source(),
    Column("at", Utc, nullable=False),
    Column("previous", Utc, nullable=True),
    Column("kind", String, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index(None, "source_id", "id"),
)
UNREAD = Table(
    "unread",
    TableRow.metadata,
    Column("id", Number, primary_key=True, nullable=False),
    _source(),
    Column("since", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("why", String, nullable=False),
    Column("reason", String, nullable=False),
    Index(None, "source_id", "id"),
)
TALLIES = Table(
    "tallies",
    TableRow.metadata,
    _source(primary_key=True),
    Column("month", String, primary_key=True, nullable=False),
    Column("days", String, nullable=False),
)
