"""What undoes a change: as data, written in its transaction, and applied to the rows of today. Beside it the times
without a reading, and the number of checks.

A row that changed is stored as the difference to what it became, since an answer begins with today's rows and goes
back. Long texts are stored without the beginning and end that they share with what replaced them.
"""

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select

from sources import Entry
from state.compare.changes import common_prefix, common_suffix
from state.db.redaction import Redactor
from state.db.repository import chunks, directly, time_binder
from state.db.rows import entry_rows, json_text, read_stored_entry
from state.db.tables.core import ENTRIES, UNDOS, UNREAD
from state.errors import StateError
from state.model import Acceptance, DetailRead, Difference, SourceState, Standing, Unread, day_tally
from state.storage.entries import of_source

CHECK, REREAD, MOVED = "check", "reread", "moved"  # kinds of undos
FIRST, FULL = "first", "max_log"  # what was at the earliest time; also `upgrade` and `retention`

_LONG = 500  # characters of a value; a longer one is stored in part
_SHORT = 400  # bytes of an undo that are stored as they are: to compress them takes longer than all else
_TEXTS = ("key", "title", "url", "text")
_CODES = {Standing.PRESENT: "p", Standing.SCROLLED: "s", Standing.REMOVED: "r"}
_STANDINGS = {code: standing for standing, code in _CODES.items()}

Content = Mapping[str, Any]


class RowBefore(NamedTuple):
    """A row as it was before a change: its standing, and what differs of its content, None if nothing.

    `whole` says that the content is complete: the row is no longer stored.
    """

    row: int
    standing: Standing
    content: Content | None
    whole: bool = False


class Undo(NamedTuple):
    """What undoes one change: the rows that it touched, and the ranges of the rows that it brought."""

    rows: Sequence[RowBefore]
    born: Sequence[tuple[int, int]]

    def is_born(self, row: int) -> bool:
        """Whether the change brought this row."""
        return any(first <= row <= last for first, last in self.born)


def rows_json(rows: Iterable[RowBefore]) -> str:
    """Rows as JSON, for `packed`."""
    return json_text([[each.row, _CODES[each.standing], each.content, int(each.whole)] for each in rows])


def pack(rows: str, born: Sequence[tuple[int, int]]) -> bytes:
    """An undo as JSON, compressed if it is long; `rows` are JSON already."""
    data = f'{{"rows":{rows},"born":{json_text(born)}}}'.encode()
    return data if len(data) < _SHORT else zlib.compress(data)


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as ranges."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def difference(before: Entry, after: Entry) -> Content:
    """What of an entry must be put back to get the earlier one."""
    old: dict[str, Any] = {
        name: _shortened(getattr(before, name), getattr(after, name))
        for name in _TEXTS
        if getattr(before, name) != getattr(after, name)
    }
    if before.published != after.published:
        old["published"] = _iso(before.published)
    fields = {
        name: _shortened(value, after.fields.get(name))
        for name, value in before.fields.items()
        if after.fields.get(name) != value
    }
    fields |= {name: None for name in after.fields if name not in before.fields}
    return old | ({"fields": fields} if fields else {})


def whole(entry: Entry) -> Content:
    """All of an entry, for `complete`."""
    texts = {name: getattr(entry, name) for name in _TEXTS}
    return texts | {"published": _iso(entry.published), "fields": dict(entry.fields)}


def complete(content: Content) -> Entry:
    """The entry of a whole content."""
    return Entry.of_parts(**{**content, "published": _moment(content["published"])})


def restore(after: Entry, old: Content) -> Entry:
    """The earlier entry: the inverse of `difference`."""
    texts: dict[str, Any] = {
        name: _lengthened(old[name], getattr(after, name)) if name in old else getattr(after, name) for name in _TEXTS
    }
    fields = after.fields
    if "fields" in old:
        earlier = {name: _lengthened(value, after.fields.get(name)) for name, value in old["fields"].items()}
        merged = {**after.fields, **earlier}
        fields = {name: value for name, value in merged.items() if value is not None}
    published = _moment(old["published"]) if "published" in old else after.published
    return Entry.of_parts(**texts, fields=fields, published=published)


def _shortened(old: str | None, new: str | None) -> str | list[int | str] | None:
    """A value, or the lengths of the beginning and the end that it shares with what replaced it, and the rest."""
    if old is None or new is None or len(old) < _LONG:
        return old
    head = common_prefix(old, new)
    tail = common_suffix(old, new, head)
    return [head, tail, old[head : len(old) - tail]]


def _lengthened(old: Any, new: str | None) -> str | None:
    if old is None or isinstance(old, str):
        return old
    head, tail, middle = old  # as `_shortened` makes it
    new = new or ""
    return f"{new[:head]}{middle}{new[len(new) - tail :]}"


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_PART = 5000  # rows in one record
_NEW_UNREAD = insert(UNREAD)
# Executed for every change: so directly in the driver.
_NEW_UNDO = "INSERT INTO undos (source_id, at, previous, kind, packed) VALUES (?, ?, ?, ?, ?)"
_LAST_UNREAD = select(func.max(UNREAD.c.until)).where(UNREAD.c.source_id == bindparam("its_source"))
_ALL = select(ENTRIES).where(ENTRIES.c.source_id == bindparam("its_source")).order_by(ENTRIES.c.id)
_LAST_ROW = "SELECT max(id) FROM entries"
# `+ 0` keeps SQLite from the index on sources: the new rows are the last of the table.
_NEW_ROWS = "SELECT id FROM entries WHERE id > ? AND source_id + 0 = ? ORDER BY id"
_ENDED = (
    "INSERT INTO tallies (source_id, month, days) VALUES (?, ?, ?)"
    " ON CONFLICT (source_id, month) DO UPDATE SET days = tallies.days || excluded.days"
)


class Moment(NamedTuple):
    """When a change became the state, and the last check before that could read the source."""

    at: datetime
    previous: datetime | None
    kind: str


class PreparedUndo(NamedTuple):
    """An undo before its change is written: the touched rows as JSON, in parts, and each part as it is stored if the
    change brings no rows, where it was packed already.
    """

    parts: Sequence[str]
    packed: Sequence[bytes] = ()

    @classmethod
    def of(cls, change: Difference, redactor: Redactor) -> "PreparedUndo":
        """What undoes a change."""
        return cls([rows_json(some) for some in chunks(_rows(change, redactor), _PART)])


def undo_of(
    before: SourceState, after: SourceState, accepted: Acceptance, redactor: Redactor, made: PreparedUndo | None
) -> tuple[SourceState, PreparedUndo | None, Mapping[str, Any]]:
    """What undoes an accepted snapshot, before it is written: the state after it, which counts its size as part of the
    log; the undo, which may be `made` already; and the columns of the source that change with it.

    A first snapshot has no undo: the history begins. One without room for its undo has none: nothing earlier can be
    answered.
    """
    at = parse_time(accepted, after)
    if accepted.fresh and not before.revision:
        return after, None, {"history_from": at, "history_why": FIRST}
    undo = made or PreparedUndo.of(accepted.difference, redactor)
    if accepted.room is None:
        return after, undo, {}
    if (size := sum(map(len, undo.parts))) > accepted.room:
        return after, None, {"history_from": at, "history_why": FULL}
    habits = replace(after.habits, log_size=after.habits.log_size + size)
    return replace(after, habits=habits), undo, {}


def parse_time(accepted: Acceptance, after: SourceState) -> datetime:
    """When a snapshot became the state."""
    return accepted.at or after.tried or datetime.now(UTC)


def _rows(change: Difference, redactor: Redactor) -> Iterable[RowBefore]:
    for some in chunks(change.update.items()):
        stored = entry_rows([entry for _, (_, entry) in some], redactor)
        for (row, _), columns in zip(some, stored, strict=True):
            content = difference(change.was[row], Entry.of_parts(**columns))
            if content or row in change.stand:
                yield RowBefore(row, change.stood.get(row, Standing.PRESENT), content or None)
    for row in change.stand:
        if row not in change.update:
            yield RowBefore(row, change.stood.get(row, Standing.PRESENT), None)


def last_row(connection: Connection) -> int:
    """The number of the last row of all entries: those that a change brings come behind it."""
    return directly(connection, _LAST_ROW, ()).scalar() or 0


def record(connection: Connection, source_id: int, undo: PreparedUndo, moment: Moment, behind: int | None) -> None:
    """Write an undo after its change. `behind` is the last row before the new ones, None if there are none."""
    born = [] if behind is None else ranges(directly(connection, _NEW_ROWS, (behind, source_id)).scalars())
    for at, rows in enumerate(undo.parts or ["[]"]):
        if undo.packed and not (born and at == 0):
            _write(connection, source_id, moment, undo.packed[at])
        elif undo.parts or born:
            _write(connection, source_id, moment, pack(rows, [] if at else born))


def record_details(
    connection: Connection,
    source_id: int,
    details: Sequence[DetailRead],
    moment: Moment,
    redactor: Redactor,
    behind: int,
) -> None:
    """Write what undoes new fields of entries' own pages, before they are written. Entries that came with this change,
    which are behind the row `behind`, had no fields before.
    """
    fields = {each.mark: redactor.hide_all(each.detail.fields) for each in details}
    rows = list[RowBefore]()
    own = of_source(connection, source_id)
    for some in chunks(fields):
        for row in connection.execute(select(ENTRIES).where(own, ENTRIES.c.mark.in_(some))):
            before = read_stored_entry(row)
            now = {**row.fields, **fields[bytes(row.mark)]}
            after = Entry.of_parts(before.key, before.title, now, before.url, before.published, before.text)
            content = difference(before, after)
            if content and row.id <= behind:
                rows.append(RowBefore(row.id, Standing(row.standing), content))
    if rows:
        _write(connection, source_id, moment, pack(rows_json(rows), []))


def record_replaced(connection: Connection, source_id: int, moment: Moment) -> None:
    """Write all entries of a source, which another baseline is about to replace."""
    found = connection.execute(_ALL, {"its_source": source_id}, execution_options={"yield_per": _PART})
    for some in found.partitions(_PART):
        rows = [RowBefore(row.id, Standing(row.standing), whole(read_stored_entry(row)), whole=True) for row in some]
        _write(connection, source_id, moment, pack(rows_json(rows), []))


def _write(connection: Connection, source_id: int, moment: Moment, data: bytes) -> None:
    in_utc = time_binder(connection.dialect)
    directly(connection, _NEW_UNDO, (source_id, in_utc(moment.at), in_utc(moment.previous), moment.kind, data))


def write_unread(connection: Connection, source_id: int, checked: datetime, unread: Unread) -> None:
    """Write a time without a reading: from the last check that could read, or the end of the last such time."""
    last = connection.scalar(_LAST_UNREAD, {"its_source": source_id})
    since = max(checked, last) if last and last <= unread.until else checked
    if unread.until - since > unread.least:
        row = {"since": since, "until": unread.until, "why": unread.why.value, "reason": unread.reason}
        connection.execute(_NEW_UNREAD, row | {"source_id": source_id})


def write_ended(connection: Connection, ended: Mapping[int, int]) -> None:
    """Write the tallies of days that have ended, by the numbers of their sources."""
    rows = []
    for source_id, tally in ended.items():
        day, read, failed = day_tally(tally)
        rows.append((source_id, f"{day:%Y-%m}", f"{day.day} {read} {failed};"))
    if rows:
        directly(connection, _ENDED, rows)


_BORN = '"born":'  # the last member of an undo


class UndoRecord(NamedTuple):
    """One stored undo. `at` is when its change became the state, `previous` the last check before that could read."""

    at: datetime
    previous: datetime | None
    kind: str
    packed: bytes

    @property
    def is_moved(self) -> bool:
        """Whether its change is another baseline: all rows are others from then on."""
        return self.kind == MOVED

    @property
    def undo(self) -> Undo:
        """What undoes it."""
        data = json.loads(self.text)
        rows = [RowBefore(row, _STANDINGS[code], content, bool(whole)) for row, code, content, whole in data["rows"]]
        return Undo(rows, [(first, last) for first, last in data["born"]])

    @property
    def text(self) -> str:
        """The same as JSON, which can be searched before it is parsed."""
        return (self.packed if self.packed.startswith(b"{") else zlib.decompress(self.packed)).decode()

    def may_touch(self, rows: Iterable[int]) -> bool:
        """False if it touches none of these rows; a quick look."""
        text, numbers = self.text, list(rows)
        born = json.loads(text[text.rindex(_BORN) + len(_BORN) : -1])
        is_born = any(first <= row <= last for first, last in born for row in numbers)
        return self.is_moved or is_born or any(f"[{row}," in text for row in numbers)


_OF_SOURCE = (
    select(*(UNDOS.c[name] for name in UndoRecord._fields))
    .where(UNDOS.c.source_id == bindparam("its_source"))
    .order_by(UNDOS.c.id.desc())
)


def read_records(connection: Connection, source_id: int) -> list[UndoRecord]:
    """The records of a source, the newest first."""
    return list(map(UndoRecord._make, connection.execute(_OF_SOURCE, {"its_source": source_id})))


def after(records: Sequence[UndoRecord], at: datetime | None) -> list[UndoRecord]:
    """Those that must be undone for a time; None is now. A clock that was moved back makes a later record earlier: it
    counts in the order of storage.
    """
    return [] if at is None else list(takewhile(lambda record: record.at > at, records))


class PastRow(NamedTuple):
    """A row: its standing, and its entry; None where that is the one of today."""

    standing: Standing
    entry: Entry | None


Today = Callable[[Collection[int]], Mapping[int, PastRow]]  # loads rows of today, with their entries
Rows = dict[int, PastRow | None]  # None: not there


def undo_all(undos: Collection[Undo], today: Today) -> Rows:
    """The rows that the undos touch, as they were before them all. The newest comes first. Raises StateError."""
    rows: Rows = {}
    edited = {each.row for undo in undos for each in undo.rows if each.content is not None and not each.whole}
    now = today(edited) if edited else {}
    for undo in undos:
        undo_one(undo, rows, now)
    return rows


def undo_one(undo: Undo, rows: Rows, now: Mapping[int, PastRow]) -> None:
    """Apply one undo to the rows. `now` has today's rows of which the content is edited. Raises StateError."""
    for first, last in undo.born:
        rows.update(dict.fromkeys(range(first, last + 1)))
    for each in undo.rows:
        after = rows.get(each.row) or now.get(each.row)
        if each.content is None:
            entry = after.entry if after else None
        elif each.whole:
            entry = complete(each.content)
        elif after is None or after.entry is None:
            raise StateError(f"the history is not complete: row {each.row} is missing; watch verify checks the state")
        else:
            entry = restore(after.entry, each.content)
        rows[each.row] = PastRow(each.standing, entry)


def touched_rows(undos: Iterable[Undo]) -> Iterator[int]:
    """The numbers of the rows that undos touch or remove."""
    for undo in undos:
        yield from (each.row for each in undo.rows)
        for first, last in undo.born:
            yield from range(first, last + 1)
