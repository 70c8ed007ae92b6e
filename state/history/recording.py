"""Writes what undoes a change, in its transaction; the times without a reading, and the number of checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select

from sources import Entry
from state.db.redaction import Redactor
from state.db.repository import chunks, directly, time_binder
from state.db.rows import entry_rows, read_stored_entry
from state.db.tables.core import ENTRIES, UNREAD
from state.history.undo import RowBefore, difference, pack, ranges, rows_json, whole
from state.model import Acceptance, DetailRead, Difference, SourceState, Standing, Unread, day_tally
from state.storage.entries import of_source

FIRST, FULL = "first", "max_log"  # what was at the earliest time; also `upgrade` and `retention`

_PART = 5000  # rows in one record
_NEW_UNREAD = insert(UNREAD)
# Executed for every change: so directly in the driver.
_NEW_UNDO = "INSERT INTO undos (source_id, at, previous, kind, packed) VALUES (?, ?, ?, ?, ?)"
_LAST_UNREAD = select(func.max(UNREAD.c.until)).where(UNREAD.c.source_id == bindparam("its_source"))
_ALL = select(ENTRIES).where(ENTRIES.c.source_id == bindparam("its_source")).order_by(ENTRIES.c.id)
_LAST_ROW = "SELECT max(id) FROM entries"
# `+ 0` keeps SQLite from the index on sources: the new rows are the last of the table.
_BORN = "SELECT id FROM entries WHERE id > ? AND source_id + 0 = ? ORDER BY id"
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
    def of(cls, change: Difference, redactor: Redactor) -> PreparedUndo:
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
    born = [] if behind is None else ranges(directly(connection, _BORN, (behind, source_id)).scalars())
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
