"""Earlier states of rows: the stored undos of a source, applied to the rows of today."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, takewhile
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from sources import Entry
from state.db.tables.history import UNDOS
from state.errors import StateError
from state.history.recording import MOVED
from state.history.undo import Undo, complete, parse_undo, restore, unpack
from state.model import Standing

_BORN = '"born":'  # the last member of an undo
_OF_SOURCE = select(UNDOS).where(UNDOS.c.source_id == bindparam("its_source")).order_by(UNDOS.c.id.desc())


class Record:
    """One stored undo. `at` is when its change became the state, `previous` the last check before that could read."""

    def __init__(self, at: datetime, previous: datetime | None, kind: str, packed: bytes) -> None:
        self.at, self.previous, self.kind = at, previous, kind
        self._packed = packed

    @property
    def is_moved(self) -> bool:
        """Whether its change is another baseline: all rows are others from then on."""
        return self.kind == MOVED

    @property
    def undo(self) -> Undo:
        """What undoes it."""
        return parse_undo(self.text)

    @property
    def text(self) -> str:
        """The same as JSON, which can be searched before it is parsed."""
        return unpack(self._packed)

    def may_touch(self, rows: Iterable[int]) -> bool:
        """False if it touches none of these rows; a quick look."""
        text, numbers = self.text, list(rows)
        born = json.loads(text[text.rindex(_BORN) + len(_BORN) : -1])
        is_born = any(first <= row <= last for first, last in born for row in numbers)
        return self.is_moved or is_born or any(f"[{row}," in text for row in numbers)


class Step:
    """All records of one change, the newest first."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.at, self.previous, self.kind = records[0].at, records[0].previous, records[0].kind

    @property
    def undos(self) -> list[Undo]:
        """What undoes it, in the order in which it is to be applied."""
        return [record.undo for record in self.records]


def read_records(connection: Connection, source_id: int) -> list[Record]:
    """The records of a source, the newest first."""
    found = connection.execute(_OF_SOURCE, {"its_source": source_id})
    return [Record(row.at, row.previous, row.kind, bytes(row.packed)) for row in found]


def after(records: Sequence[Record], at: datetime | None) -> list[Record]:
    """Those that must be undone for a time; None is now. A clock that was moved back makes a later record earlier: it
    counts in the order of storage.
    """
    return [] if at is None else list(takewhile(lambda record: record.at > at, records))


def steps(records: Iterable[Record]) -> Iterator[Step]:
    """The records by change."""
    for _, some in groupby(records, key=lambda record: (record.at, record.kind)):
        yield Step(list(some))


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


def only(undo: Undo, numbers: Collection[int]) -> Undo:
    """The part of an undo that is about some rows."""
    return undo._replace(rows=[each for each in undo.rows if each.row in numbers])


def touched_rows(undos: Iterable[Undo]) -> Iterator[int]:
    """The numbers of the rows that undos touch or remove."""
    for undo in undos:
        yield from (each.row for each in undo.rows)
        for first, last in undo.born:
            yield from range(first, last + 1)
