"""The tables of screening: which pairs of an entity and an entry were cleared, and the index of the names of entries.

Only what screens or clears loads them, as each table takes a millisecond or two.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from state.db.tables.core import Number, TableRow, Utc, table


class ClearingRow(TableRow, table=True):
    """Somebody's word that an entry is not about an entity, with the facts of the entry for which it holds.

    It holds until a time (None: for good) and until these facts change; `ended` is when it ended, `why_ended` because
    of what. Of a pair, at most one holds.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    entity: str
    source: str
    key: str
    why: str
    who: str
    at: datetime = Field(sa_type=Utc)
    until: datetime | None = Field(sa_type=Utc)
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    ended: datetime | None = Field(sa_type=Utc)
    why_ended: str | None
    who_ended: str | None


class ScreenedSourceRow(TableRow, table=True):
    """A source whose entries are in the index as they were at this revision of it, by the code with the fingerprint
    `made`. `accepted` tells the source from another one that got its number, `checked` when pages of entries were read.
    """

    source_id: int = Field(primary_key=True, sa_type=Number)
    revision: int = Field(sa_type=Number)
    accepted: datetime | None = Field(sa_type=Utc)
    checked: datetime | None = Field(sa_type=Utc)
    made: str


class ScreenedNameRow(TableRow, table=True):
    """An entry in the index, as it was with this fingerprint, and with this beginning of the fingerprint of its own
    page ("" without one): its names and facts, packed.
    """

    entry_id: int = Field(primary_key=True, sa_type=Number)
    source_id: int = Field(sa_type=Number)
    mark: bytes
    detail: str
    packed: bytes


class NameKeyRow(TableRow, table=True):
    """A key of a name, and an entry that has such a name."""

    key: str = Field(primary_key=True)
    source_id: int = Field(primary_key=True, sa_type=Number)
    entry_id: int = Field(primary_key=True, sa_type=Number)


CLEARINGS = table("clearings", ClearingRow, Index(None, "source", "key"))
SCREENED_SOURCES = table("screened_sources", ScreenedSourceRow)
SCREENED_NAMES = table("screened_names", ScreenedNameRow, Index(None, "source_id"))
NAME_KEYS = table("name_keys", NameKeyRow)  # without row ids in SQLite, as its key is all that it has
