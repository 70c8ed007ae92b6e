"""The stored entries of one source in pages, and one of them by its number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, String, cast, or_, select

from sources import Entry
from state.db.part import Part
from state.db.row_mapping import stored_entry
from state.db.tables import ENTRIES, SOURCES
from state.model import Standing
from state.parts.staging import VALID

MOST = 500  # entries on one page


class NumberedEntry(NamedTuple):
    """A stored entry: its number, its source, and whether it is present; `left` is when it was seen to be absent."""

    id: int
    source: str
    present: bool
    left: datetime | None
    entry: Entry


class EntryPage(NamedTuple):
    """Some entries in the order of their numbers, and the number that the next page is above, if there is one."""

    entries: Sequence[NumberedEntry]
    next: int | None


class SourceEntries(Part):
    """The part of the Store that looks through the entries of one source."""

    def page(self, source: str, *, find: str = "", above: int = 0, limit: int = 50) -> EntryPage:
        """At most `limit` (500 at most) present entries of a source with numbers above one.

        `find` is looked for in key, title, fields and text. Without regard to case in the scripts that the database
        knows; in others as it is written, in small letters, in capitals, and with a capital first.
        """
        limit = min(limit, MOST)
        wanted = _SELECT.where(SOURCES.c.name == source, ENTRIES.c.standing == Standing.PRESENT.value)
        wanted = wanted.where(ENTRIES.c.id > above, *([_has(find)] if find else ()))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(ENTRIES.c.id).limit(limit + 1)).all()
        entries = [_numbered(row) for row in rows[:limit]]
        return EntryPage(entries, entries[-1].id if len(rows) > limit else None)

    def entry(self, number: int) -> NumberedEntry | None:
        """The entry with this number, present or not; None if there is none."""
        with self._database.reading() as connection:
            row = connection.execute(_SELECT.where(ENTRIES.c.id == number)).first()
        return _numbered(row) if row else None


_SELECT: Select[Any] = (
    select(ENTRIES, SOURCES.c.name.label("source"))
    .select_from(ENTRIES.join(SOURCES, SOURCES.c.id == ENTRIES.c.source_id))
    .where(VALID)
)


def _has(find: str) -> ColumnElement[bool]:
    spellings = dict.fromkeys((find, find.lower(), find.upper(), find.title(), find.capitalize()))
    columns = (ENTRIES.c.title, ENTRIES.c.key, cast(ENTRIES.c.fields, String), ENTRIES.c.text)
    return or_(*(column.icontains(each, autoescape=True) for column in columns for each in spellings))


def _numbered(row: Row[Any]) -> NumberedEntry:
    return NumberedEntry(row.id, row.source, row.standing == Standing.PRESENT.value, row.left, stored_entry(row))
