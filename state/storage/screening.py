"""The index of the names of entries, by which screening finds those that may be about somebody.

Whoever screens brings it up to date first; a check writes nothing here. A source that is no longer at the revision that
was indexed is compared by the fingerprints of its entries, and what differs is written in parts. A process that ends
between two of them leaves an index that the next one completes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, exists, func, insert, literal, or_, select

from sources import Entry
from state.db.repository import Repository, Value, chunks, directly, rows_in
from state.db.rows import read_stored_entry
from state.db.tables.core import ENTRIES, SOURCES
from state.db.tables.seldom import NAME_KEYS, SCREENED_NAMES, SCREENED_SOURCES
from state.failpoint import reach
from state.model import Standing
from state.storage.entries import of_source
from state.storage.staging import VALID

SCREENING = "screening"  # a lock's name
_PART = 4000  # entries that are indexed in one transaction: others wait for a third of a second at most
_BEGUN = -1  # the revision of a source that is being indexed

_TABLES = (NAME_KEYS, SCREENED_NAMES, SCREENED_SOURCES)
_PRESENT = and_(ENTRIES.c.standing == Standing.PRESENT.value, VALID)
_DETAIL = func.coalesce(func.substr(ENTRIES.c.detail["body"].as_string(), 1, 16), "").label("page")
_COLUMNS = [ENTRIES.c[name] for name in ("id", "mark", "key", "title", "url", "published", "fields", "detail")]
_CONTENT = select(*_COLUMNS, literal("").label("text"), _DETAIL).where(_PRESENT)  # a text has no names that count
_INDEXED = select(SCREENED_NAMES.c.entry_id, SCREENED_NAMES.c.source_id, SCREENED_NAMES.c.packed)
_SAME = and_(SCREENED_NAMES.c.entry_id == ENTRIES.c.id, SCREENED_NAMES.c.source_id == ENTRIES.c.source_id)
_AS_INDEXED = exists().where(_SAME, SCREENED_NAMES.c.mark == ENTRIES.c.mark, SCREENED_NAMES.c.detail == _DETAIL)

# For many rows, and for each name that is screened
_NO_KEY = "DELETE FROM name_keys WHERE key = ? AND source_id = ? AND entry_id = ?"
_NO_NAME = "DELETE FROM screened_names WHERE entry_id = ?"
_NEW_KEY = "INSERT INTO name_keys (key, source_id, entry_id) VALUES (?, ?, ?)"
_NEW_NAME = "INSERT INTO screened_names (entry_id, source_id, mark, detail, packed) VALUES (?, ?, ?, ?, ?)"
_WITH_KEY = "SELECT entry_id FROM name_keys WHERE key = ?{} ORDER BY source_id, entry_id LIMIT ?"
_PACKED = "SELECT entry_id, packed FROM screened_names WHERE entry_id IN ({})"


class OutdatedSource(NamedTuple):
    """A source whose entries may be others than those in the index, as the index is to know it."""

    source_id: int
    revision: int
    accepted: datetime | None
    checked: datetime | None
    made: str


class NameReader(NamedTuple):
    """How names are read, which the state does not know: `pack` makes bytes of the facts of an entry, `keys` are those
    by which such bytes are found. `made` is the fingerprint of the code of both.
    """

    made: str
    pack: Callable[[Entry], bytes]
    keys: Callable[[bytes], Collection[str]]


class Screening(Repository):
    """The part of the Store for screening."""

    def outdated(self, made: str, by_check: Collection[str] = ()) -> list[OutdatedSource]:
        """The sources to compare with the index. Those with a name in `by_check` are so after each check: the pages of
        their entries are read without a new revision. What other code made, or is of sources that are gone, is dropped.
        """
        indexed, row = SCREENED_SOURCES.c, SOURCES.c
        moved = or_(indexed.revision != row.revision, indexed.accepted.is_distinct_from(row.accepted))
        read = and_(row.name.in_(list(by_check)), indexed.checked.is_distinct_from(row.checked))
        of_source = indexed.source_id == row.id
        wanted = select(row.id, row.revision, row.accepted, row.checked, literal(made)).order_by(row.id)
        wanted = wanted.join_from(SOURCES, SCREENED_SOURCES, of_source, isouter=True)
        wanted = wanted.where(row.revision > 0, or_(indexed.source_id.is_(None), moved, read))
        useless = select(indexed.source_id).where(or_(indexed.made != made, ~exists().where(of_source)))
        if dropped := [row.source_id for row in self._rows(useless)]:
            with self._database.writing(SCREENING) as connection:
                for table in _TABLES:
                    connection.execute(delete(table).where(table.c.source_id.in_(dropped)))
        return [OutdatedSource(*row) for row in self._rows(wanted)]

    def catch_up(self, source: OutdatedSource, reader: NameReader) -> Iterator[int]:
        """Index what differs of a source, a part in each step; yields how many entries are still to be looked at. It
        may be left at any step.
        """
        self._settle(source._replace(revision=_BEGUN))
        is_whole = False
        while not is_whole:
            is_whole, (new, gone) = True, self._differing(source.source_id)
            left = len(new) + len(gone)
            for numbers in chunks(chain(gone, new), _PART):
                is_whole &= self._index(source.source_id, numbers, reader)
                left -= len(numbers)
                reach("indexing_names")
                yield left
        self._settle(source)

    def _settle(self, source: OutdatedSource) -> None:
        with self._database.writing(SCREENING) as connection:
            connection.execute(delete(SCREENED_SOURCES).where(SCREENED_SOURCES.c.source_id == source.source_id))
            connection.execute(insert(SCREENED_SOURCES), source._asdict())

    def _differing(self, source_id: int) -> tuple[array[int], array[int]]:
        """The numbers of the entries that are to be indexed, and of those in the index that are gone."""
        with self._database.reading() as connection:
            own = of_source(connection, source_id)
            new = select(ENTRIES.c.id).where(own, _PRESENT, ~_AS_INDEXED).order_by(ENTRIES.c.id)
            gone = select(SCREENED_NAMES.c.entry_id).where(
                SCREENED_NAMES.c.source_id == source_id, ~exists().where(_SAME, _PRESENT)
            )
            many = connection.execution_options(yield_per=_PART)
            return array("q", many.scalars(new)), array("q", many.scalars(gone))

    def _index(self, source_id: int, numbers: Collection[int], reader: NameReader) -> bool:
        """Index entries by their numbers, and take out those that are gone. False, and nothing written, where another
        process has indexed some of them meanwhile.
        """
        mine = _CONTENT.where(ENTRIES.c.source_id == source_id)
        with self._database.reading() as connection:
            before = _indexed(connection, numbers)
            found = list(rows_in(connection, mine, ENTRIES.c.id, numbers))
        names = [(row.id, source_id, row.mark, row.page, reader.pack(read_stored_entry(row))) for row in found]
        keys = [(key, source_id, number) for number, *_, packed in names for key in reader.keys(packed)]
        old = [(key, of, number) for number, (of, packed) in before.items() for key in reader.keys(packed)]
        with self._database.writing(SCREENING) as connection:
            if _indexed(connection, numbers) != before:
                return False
            gone = [(number,) for number in before]
            new = ((_NEW_NAME, names), (_NEW_KEY, sorted(keys)))
            for statement, rows in ((_NO_KEY, old), (_NO_NAME, gone), *new):
                if rows:
                    directly(connection, statement, rows)
        return True

    def find(self, key: str, most: int, sources: Collection[int] | None = None) -> array[int]:
        """The numbers of at most `most` entries with a key, of these sources alone if they are given."""
        values: tuple[Value, ...] = (key, *(sources or ()), most)
        within = "" if sources is None else f" AND source_id IN ({', '.join('?' * len(sources)) or 'NULL'})"
        with self._database.reading() as connection:
            found = directly(connection, _WITH_KEY.format(within), values).cursor
            return array("q", [number for (number,) in found.fetchall()])

    def packed(self, numbers: Collection[int]) -> dict[int, bytes]:
        """What is packed of these entries, by number."""
        found = dict[int, bytes]()
        with self._database.reading() as connection:
            for some in chunks(numbers):
                statement = _PACKED.format(", ".join("?" * len(some)))
                found.update(directly(connection, statement, tuple(some)).cursor.fetchall())
        return found


def _indexed(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[int, bytes]]:
    """What the index has of entries: their sources, and what is packed of them."""
    rows = rows_in(connection, _INDEXED, SCREENED_NAMES.c.entry_id, numbers)
    return {row.entry_id: (row.source_id, bytes(row.packed)) for row in rows}
