"""Reads back what undoes the changes of a source, the newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, takewhile

from sqlalchemy import Connection, bindparam, select

from state.db.tables.history import UNDOS
from state.history.recording import MOVED
from state.history.undo import Undo, parsed, unpacked

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
        return parsed(self.text)

    @property
    def text(self) -> str:
        """The same as JSON, which can be searched before it is parsed."""
        return unpacked(self._packed)

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
