"""The tables of history: what undoes each change, times without a reading, and the number of checks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from state.db.tables import Number, Row, Utc, parent


class UndoRow(Row, table=True):
    """What undoes one accepted snapshot, or a part of it: the rows that it touched, as they were.

    `at` is when the snapshot became the state, `previous` the last check before that could read the source. `kind` is
    `check`, `reread` or `moved`. `packed` is compressed JSON (history/undo.py).
    """

    __tablename__ = "undos"
    __table_args__ = (Index(None, "source_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    source_id: int = parent("sources")
    at: datetime = Field(sa_type=Utc)
    previous: datetime | None = Field(sa_type=Utc)
    kind: str
    packed: bytes


class UnreadRow(Row, table=True):
    """A time in which the source was not read: from the last check that could read it to the next one."""

    __tablename__ = "unread"
    __table_args__ = (Index(None, "source_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    source_id: int = parent("sources")
    since: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    why: str
    reason: str


class TallyRow(Row, table=True):
    """The checks of a source in one month: for each day `day read failed;` (days that have ended)."""

    __tablename__ = "tallies"

    source_id: int = parent("sources", primary_key=True)
    month: str = Field(primary_key=True)  # 2026-03
    days: str


_TABLES = Row.metadata.tables
UNDOS, UNREAD, TALLIES = _TABLES["undos"], _TABLES["unread"], _TABLES["tallies"]
