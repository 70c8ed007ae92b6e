"""The entries of a source: read for a comparison, and updated by its difference."""

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, insert, or_, select, update

from sources import Entry
from sources.model.entry import Rows
from sources.reading.entry_fingerprints import Block
from sources.reading.known_filter import Packed
from state.db.backend import Database
from state.db.redaction import Redactor
from state.db.repository import Repository, Value, chunks, directly, rows_in, time_binder
from state.db.rows import entry_rows, json_text, json_texts, read_listed_entry
from state.db.tables.core import ENTRIES, SOURCES, WINDOWS
from state.model import Detail, DetailRead, Difference, DueDetail, Known, Standing, StoredEntry
from state.storage.staging import VALID, hidden

_ROWS = 500  # rows in memory at once while a large register is written; more are not faster
_STANDING = {standing.value: standing for standing in Standing}

_FEW = 500  # fingerprints and keys that are looked up; beyond, all rows are scanned
_MANY = 1000  # rows of a source; beyond, the way to scan them matters
_SPREAD = 4  # a scan by row id may read so many rows of other sources for each own one
_OWN = ENTRIES.c.source_id == bindparam("its_source")
_ENTRY = select(ENTRIES).where(_OWN, ENTRIES.c.id.in_(bindparam("ids", expanding=True)))
_TEXTS = itemgetter("key", "title", "url", "text")
_WRITTEN = ("key", "title", "url", "text", "published", "fields")  # in the order of `_columns`
_OF_ROWS: dict[str, Any] = {"url": None, "text": "", "published": None}
_NO_ENTRIES = delete(ENTRIES).where(_OWN)
# Executed for every change, or for many rows: so directly in the driver.
_ANY = "SELECT 1 FROM entries WHERE source_id = ? LIMIT 1"
_SPAN = "SELECT count(*), min(id), max(id) FROM entries WHERE source_id = ?"
_WHOLE_TABLE = "SELECT entries, 0, (SELECT max(id) FROM entries) FROM sources WHERE id = ?"
_BY_INDEX = "source_id = ?"
# `+ 0` keeps SQLite from the index on sources, which would look up each row: five times slower.
_AS_THEY_STAND = "id BETWEEN ? AND ? AND source_id + 0 = ?"
_PRESENT = "SELECT mark FROM entries WHERE {} AND standing = ?"
_ALL = 'SELECT mark, id, "key", standing FROM entries WHERE {} ORDER BY id'
_SOME = 'SELECT mark, id, "key", standing FROM entries WHERE {} AND (mark IN ({}) OR "key" IN ({})) ORDER BY id'
_WINDOW, _NO_WINDOW = "SELECT packed FROM windows WHERE source_id = ?", "DELETE FROM windows WHERE source_id = ?"
_CONTENT = (
    'UPDATE entries SET mark = ?, "key" = ?, title = ?, url = ?, text = ?, published = ?, fields = ? WHERE id = ?'
)
_STAND = update(ENTRIES).where(ENTRIES.c.id == bindparam("row"))
_STAND = _STAND.values(standing=bindparam("place"), left=bindparam("gone"))

Contents = list[tuple[Any, ...]]  # what is written of entries, by `_CONTENT`


def read_known(connection: Connection, database: Database, source_id: int) -> Known:
    """The fingerprints of a source's present entries, and functions that load the rest."""
    packed = directly(connection, _WINDOW, (source_id,)).scalar()

    @cache
    def present() -> bytes:
        with database.reading() as later:
            which, values = _quickest(later, source_id)
            found = directly(later, _PRESENT.format(which), (*values, Standing.PRESENT.value)).cursor
            return b"".join(b"".join([mark for (mark,) in some]) for some in iter(partial(found.fetchmany, 1000), []))

    def rows(marks: Collection[bytes] | None = None, keys: Collection[str] = ()) -> Iterator[tuple[bytes, StoredEntry]]:
        with database.reading() as later:
            which, values = _quickest(later, source_id)
            statement = _ALL.format(which)
            if marks is not None and len(marks) + len(keys) <= _FEW:
                statement, values = _SOME.format(which, _signs(marks), _signs(keys)), (*values, *marks, *keys)
            found = directly(later.execution_options(yield_per=1000), statement, values)
            for mark, row_id, key, standing in found:
                yield mark, StoredEntry(row_id, key, _STANDING[standing])

    def contents(ids: Collection[int]) -> Mapping[int, Entry]:
        found = dict[int, Entry]()
        with database.reading() as later:
            for some in chunks(sorted(ids)):
                for row in later.execute(_ENTRY, {"its_source": source_id, "ids": some}):
                    found[row.id] = read_listed_entry(row)
        return found

    return Known(present, rows, json.loads(zlib.decompress(packed)) if packed else [], contents)


def rows_of(connection: Connection, source_id: int, key: str) -> list[StoredEntry]:
    """The stored entries with a key, whatever their standing."""
    which, values = _quickest(connection, source_id)
    found = directly(connection, _SOME.format(which, _signs(()), _signs((key,))), (*values, key))
    return [StoredEntry(row_id, key, _STANDING[standing]) for _, row_id, key, standing in found]


def _quickest(connection: Connection, source_id: int) -> tuple[str, tuple[Value, ...]]:
    """The condition for a source's rows that is fastest to scan, with its values.

    The rows of a large source are mostly contiguous, as its first snapshot wrote them.
    """
    rows = span(connection, source_id)
    others, numbers = hidden(connection, source_id)
    if rows.is_dense:
        return _AS_THEY_STAND + others, (rows.first, rows.last, source_id, *numbers)
    return _BY_INDEX + others, (source_id, *numbers)


class RowSpan(NamedTuple):
    """The rows of a source: their number, the first and the last."""

    number: int
    first: int
    last: int

    @property
    def is_dense(self) -> bool:
        """Whether it is faster to scan all rows from the first to the last."""
        return self.number > _MANY and self.last - self.first < self.number * (1 + _SPREAD)


def span(connection: Connection, source_id: int) -> RowSpan:
    """The rows of a source. If they are most of the table, those are not counted: that takes long."""
    whole = directly(connection, _WHOLE_TABLE, (source_id,)).one_or_none()
    if whole and whole[2] and RowSpan(*whole).is_dense:
        return RowSpan(*whole)
    return RowSpan(*directly(connection, _SPAN, (source_id,)).one())


def of_source(connection: Connection, source_id: int) -> ColumnElement[bool]:
    """The condition for a source's rows, by which they are scanned as they are stored if they are mostly contiguous."""
    rows = span(connection, source_id)
    if rows.is_dense:
        return and_(ENTRIES.c.id.between(rows.first, rows.last), ENTRIES.c.source_id + 0 == source_id)
    return ENTRIES.c.source_id == source_id


def _signs(values: Collection[Value]) -> str:
    return ", ".join("?" * len(values)) or "NULL"  # PostgreSQL does not allow an empty list


def has_entries(connection: Connection, source_id: int) -> bool:
    """Whether a source has any stored entries."""
    return bool(source_id) and directly(connection, _ANY, (source_id,)).first() is not None


def write_difference(
    connection: Connection,
    database: Database,
    source_id: int,
    difference: Difference,
    redactor: Redactor,
    *,
    contents: Iterable[Contents],
    fresh: bool,
    at: datetime | None,
    staged: bool = False,
) -> None:
    """Update the stored entries to the snapshot of a check that began `at`. `contents` are those that it changes;
    `fresh` deletes all entries first; if `staged`, the new ones are stored already.
    """
    if fresh:
        if difference.update or difference.stand:
            raise ValueError("a baseline is a difference against nothing")
        connection.execute(_NO_ENTRIES, {"its_source": source_id})
    for some in chunks(difference.stand.items(), _ROWS):
        present = Standing.PRESENT
        stands = [{"row": row, "place": place.value, "gone": None if place is present else at} for row, place in some]
        connection.execute(_STAND, stands)
    for some in contents:
        directly(connection, _CONTENT, some)
    if not staged:
        write_new(connection, database, source_id, blocks_of(difference.insert), redactor)
    directly(connection, _NO_WINDOW, (source_id,))
    if difference.order:
        packed = zlib.compress(json.dumps([redactor.hide(key) for key in difference.order]).encode())
        connection.execute(insert(WINDOWS), {"source_id": source_id, "packed": packed})


def contents_of(connection: Connection, difference: Difference, redactor: Redactor) -> Iterator[Contents]:
    """What a difference changes of stored entries, as it is written."""
    for some in chunks(difference.update.items(), _ROWS):
        columns = _columns(connection, [entry for _, (_, entry) in some], redactor)
        yield [(mark, *content, row) for (row, (mark, _)), content in zip(some, columns, strict=True)]


def _columns(connection: Connection, entries: Sequence[Entry], redactor: Redactor) -> Iterator[tuple[Any, ...]]:
    moment = time_binder(connection.dialect)
    for row in entry_rows(entries, redactor):
        yield (*_TEXTS(row), moment(row["published"]), json_text(row["fields"]))


def write_new(
    connection: Connection,
    database: Database,
    source_id: int,
    blocks: Iterable[Block],
    redactor: Redactor,
    staged: int | None = None,
) -> None:
    """Insert new entries as present; those of a staging get its number."""
    own: dict[str, Any] = {"source_id": source_id, "standing": Standing.PRESENT.value, "staged": staged}
    for marks, entries in blocks:
        same, columns = own, dict[str, Sequence[Any]](mark=marks)
        if isinstance(entries, Rows) and not redactor.hides(entries.joined_columns()):
            same = own | _OF_ROWS
            columns |= {"key": entries.keys, "title": entries.titles, "fields": json_texts(entries.fields)}
        else:
            columns |= zip(_WRITTEN, zip(*_columns(connection, entries, redactor), strict=True), strict=True)
        database.insert_rows(connection, "entries", same, columns)


def blocks_of(new: Iterable[tuple[bytes, Entry]]) -> Iterator[Block]:
    """New entries with their fingerprints, in blocks."""
    if isinstance(new, Packed):
        yield from new.blocks()
    else:
        for some in chunks(new, _ROWS):
            yield Block([mark for mark, _ in some], [entry for _, entry in some])


def parts_of(new: Iterable[tuple[bytes, Entry]], most: int) -> Iterator[list[Block]]:
    """New entries in groups of blocks of at least `most` entries, each for one transaction."""
    part, size = list[Block](), 0
    for block in blocks_of(new):
        part.append(block)
        size += len(block.marks)
        if size >= most:
            yield part
            part, size = [], 0
    if part:
        yield part


_WRITE = update(ENTRIES).where(ENTRIES.c.id == bindparam("row"))
_WRITE = _WRITE.values(detail=bindparam("its_detail"), detail_due=bindparam("its_due"))
_MOST_TROUBLES = 10_000


class Details(Repository):
    """What was read on the own pages of entries (their details)."""

    def due(self, source: str, made: str, now: datetime, limit: int) -> list[DueDetail]:
        """At most `limit` present entries whose detail is to be read now: first those that have none, then those that
        were read in another way than `made`, or whose time has come, the longest due first.
        """
        made_before, trouble = (ENTRIES.c.detail[name].as_string() for name in ("made", "trouble"))
        edited = and_(made_before != made, trouble == "")  # one that failed waits for its time
        due = or_(ENTRIES.c.detail.is_(None), ENTRIES.c.detail_due <= now, edited)
        wanted = _of(source).where(ENTRIES.c.standing == Standing.PRESENT.value, due)
        wanted = wanted.order_by(ENTRIES.c.detail_due.asc().nulls_first(), ENTRIES.c.id).limit(limit)
        rows = self._rows(wanted)
        return [DueDetail(bytes(row.mark), read_listed_entry(row), detail_of(row.detail)) for row in rows]

    def of(self, source: str, keys: Collection[str]) -> Mapping[str, list[Detail]]:
        """The details of the entries with these keys, by key."""
        found: dict[str, list[Detail]] = defaultdict(list)
        for row in self._rows_in(_of(source), ENTRIES.c.key, keys):
            found[row.key] += [detail] if (detail := detail_of(row.detail)) else []
        return found

    def troubles(self, source: str) -> dict[str, str]:
        """Why details of present entries could not be read when they were last tried, by key; 10,000 at most."""
        said = ENTRIES.c.detail["trouble"].as_string()
        wanted = _of(source).where(ENTRIES.c.standing == Standing.PRESENT.value, said != "")
        rows = self._rows(wanted.order_by(ENTRIES.c.id).limit(_MOST_TROUBLES))
        return {row.key: row.detail["trouble"] for row in rows}


def write_details(connection: Connection, source_id: int, details: Sequence[DetailRead], redactor: Redactor) -> None:
    """Write the details of entries that are stored already."""
    by_mark, wanted = {each.mark: each for each in details}, select(ENTRIES.c.id, ENTRIES.c.mark)
    for row in rows_in(connection, wanted.where(of_source(connection, source_id)), ENTRIES.c.mark, by_mark):
        _, detail, due = by_mark[bytes(row.mark)]
        new = {"row": row.id, "its_detail": redactor.hide_all(detail._asdict()), "its_due": due}
        connection.execute(_WRITE, new)


def detail_of(stored: dict[str, Any] | None) -> Detail | None:
    """The detail in a row, None if there is none."""
    return Detail(**stored) if stored else None


def _of(source: str) -> Select[Any]:
    number = select(SOURCES.c.id).where(SOURCES.c.name == source).scalar_subquery()
    return select(ENTRIES).where(ENTRIES.c.source_id == number, VALID)
