"""Stored entries, for people and programs that look: one, the newest, those of one source, and the fingerprints
that a search index compares.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, select

from sources import Entry
from state.db.repository import Repository, rows_in
from state.db.rows import stored_entry
from state.db.tables.core import ENTRIES, SOURCES
from state.model import Standing
from state.storage.staging import VALID

MOST = 500  # entries on one page

_NAMES = ("id", "standing", "left", "key", "title", "url", "published", "fields", "detail")
_COLUMNS = tuple(ENTRIES.c[name] for name in _NAMES)


class SeenEntry(NamedTuple):
    """A stored entry: its number, its source, and its standing. `left` is when it was seen to be absent."""

    id: int
    source: str
    standing: Standing
    left: datetime | None
    entry: Entry


class EntryPage(NamedTuple):
    """Some entries in the order of their numbers, and the number that the next page is beyond, if there is one."""

    entries: Sequence[SeenEntry]
    next: int | None


class EntryFingerprint(NamedTuple):
    """The fingerprint of an entry (of key and content), its number, and its standing, with the beginning of the
    fingerprint of its detail: they change with the entry.
    """

    mark: bytes
    id: int
    standing: str


class SourceStamp(NamedTuple):
    """What changes whenever a source's stored entries do. `accepted` tells a state from another one in its place."""

    id: int
    name: str
    revision: int
    digest: bytes
    accepted: datetime | None


class EntryBrowsing(Repository):
    """The part of the Store that looks at stored entries."""

    def entry(self, number: int) -> SeenEntry | None:
        """The entry with this number, or None."""
        return self.entries([number]).get(number)

    def entries(self, numbers: Collection[int], *, longest: int | None = None) -> dict[int, SeenEntry]:
        """Those of these entries that are there, by number. Of their texts, the first `longest` characters."""
        with self._database.reading() as connection:
            return {row.id: _seen(row) for row in rows_in(connection, _select(longest), ENTRIES.c.id, numbers)}

    def newest(self, *, below: int | None = None, limit: int = 50, longest: int | None = None) -> list[SeenEntry]:
        """The entries that were stored last, the newest first, with numbers below a given one."""
        wanted = _select(longest).order_by(ENTRIES.c.id.desc()).limit(limit)
        if below is not None:
            wanted = wanted.where(ENTRIES.c.id < below)
        return list(map(_seen, self._rows(wanted)))

    def page(self, source: str, *, above: int = 0, limit: int = 50) -> EntryPage:
        """At most `limit` (500 at most) present entries of a source with numbers above one."""
        limit = min(limit, MOST)
        wanted = _select(None).where(SOURCES.c.name == source, ENTRIES.c.standing == Standing.PRESENT.value)
        wanted = wanted.where(ENTRIES.c.id > above)
        rows = self._rows(wanted.order_by(ENTRIES.c.id).limit(limit + 1))
        entries = list(map(_seen, rows[:limit]))
        return EntryPage(entries, entries[-1].id if len(rows) > limit else None)

    def source_number(self, name: str) -> int | None:
        """The number of the source with this name, or None."""
        with self._database.reading() as connection:
            number: int | None = connection.scalar(select(SOURCES.c.id).where(SOURCES.c.name == name))
            return number

    def stamps(self) -> list[SourceStamp]:
        """The stamp of each source that is in the state."""
        wanted = select(*(SOURCES.c[name] for name in SourceStamp._fields)).order_by(SOURCES.c.id)
        return [SourceStamp(*row) for row in self._rows(wanted)]

    def fingerprints(self, source: int, after: bytes, limit: int) -> list[EntryFingerprint]:
        """The fingerprints of a source's entries above one, in their order: read in parts along an index, so that no
        transaction takes long.
        """
        detail = ENTRIES.c.detail["body"].as_string().label("detail")
        columns = (ENTRIES.c.mark, ENTRIES.c.id, ENTRIES.c.standing, detail)
        wanted = select(*columns).where(ENTRIES.c.source_id == source, ENTRIES.c.mark > after, VALID)
        rows = self._rows(wanted.order_by(ENTRIES.c.mark).limit(limit))
        return [EntryFingerprint(bytes(row.mark), row.id, _stands(row)) for row in rows]


def _select(longest: int | None) -> Select[Any]:
    text: ColumnElement[str] = ENTRIES.c.text if longest is None else func.substr(ENTRIES.c.text, 1, longest)
    joined = ENTRIES.join(SOURCES, SOURCES.c.id == ENTRIES.c.source_id)
    return select(*_COLUMNS, text.label("text"), SOURCES.c.name.label("source")).select_from(joined).where(VALID)


def _stands(row: Row[Any]) -> str:
    """The standing, and after a space what tells one detail from another."""
    return f"{row.standing} {row.detail[:16]}" if row.detail else str(row.standing)


def _seen(row: Row[Any]) -> SeenEntry:
    return SeenEntry(row.id, row.source, Standing(row.standing), row.left, stored_entry(row))
