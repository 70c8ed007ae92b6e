"""The captures that others kept of a source, and what was read in them: apart from the source's own history, so that
all of it can be taken away again.

Each capture has the numbers of its entries; a content is stored once, however many captures have it. So captures of
several witnesses may come in any order.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, delete, func, insert, select, update

from sources import Entry
from state.db.repository import Repository, chunks, rows_in
from state.db.rows import entry_rows, read_listed_entry
from state.db.tables.past import PAST_CAPTURES, PAST_ENTRIES
from state.errors import StateError
from state.failpoint import reach
from state.model import PastCapture, PastWitness
from state.model.past import pack_numbers

PAST = "past"  # a lock's name
_SAME = ("id", "body", "reading", "reason", "message", "packed", "filled", "file", "is_window")


class CaptureTimes(NamedTuple):
    """When the first capture was made, the last one until a time, and the next one."""

    first: datetime | None
    last: datetime | None
    next: datetime | None


class PastCaptures(Repository):
    """The part of the Store for captures of others. A source needs no snapshot of its own."""

    def sources(self) -> list[str]:
        """The names of the sources of which there are captures."""
        return [row.source for row in self._rows(select(PAST_CAPTURES.c.source).distinct())]

    def captures(self, source: str) -> list[PastCapture]:
        """All captures of a source, believed or not, the earliest first; of one time, in the order in which they were
        read.
        """
        mine = select(PAST_CAPTURES).where(PAST_CAPTURES.c.source == source)
        return [
            PastCapture(PastWitness(row.kind, row.place, row.at), **{name: getattr(row, name) for name in _SAME})
            for row in self._rows(mine.order_by(PAST_CAPTURES.c.at, PAST_CAPTURES.c.id))
        ]

    def times(self, source: str, at: datetime) -> CaptureTimes:
        """Of the believed captures of a source the time of the first one, and those around a time."""
        when, mine = PAST_CAPTURES.c.at, (PAST_CAPTURES.c.source == source, PAST_CAPTURES.c.reason == "")
        times = func.min(when), func.max(case((when <= at, when))), func.min(case((when > at, when)))
        return CaptureTimes._make(self._rows(select(*times).where(*mine))[0])

    def numbers(self, source: str) -> dict[bytes, int]:
        """The numbers of all contents of a source, by their fingerprints."""
        mine = select(PAST_ENTRIES.c.mark, PAST_ENTRIES.c.id).where(PAST_ENTRIES.c.source == source)
        return {bytes(row.mark): row.id for row in self._rows(mine)}

    def contents(self, numbers: Collection[int]) -> dict[int, Entry]:
        """What these entries say, by their numbers."""
        rows = self._rows_in(select(PAST_ENTRIES), PAST_ENTRIES.c.id, sorted(numbers))
        return {row.id: read_listed_entry(row) for row in rows}

    def with_key(self, source: str, key: str) -> dict[int, Entry]:
        """All that ever stood under a key, by number."""
        mine = (PAST_ENTRIES.c.source == source, PAST_ENTRIES.c.key == self._redactor.hide(key))
        rows = self._rows(select(PAST_ENTRIES).where(*mine).order_by(PAST_ENTRIES.c.id))
        return {row.id: read_listed_entry(row) for row in rows}

    def numbers_of(self, source: str, keys: Iterable[str]) -> dict[int, str]:
        """The numbers of all that ever stood under these keys, each with its key."""
        given = {self._redactor.hide(key): key for key in keys}
        wanted = select(PAST_ENTRIES.c.id, PAST_ENTRIES.c.key).where(PAST_ENTRIES.c.source == source)
        return {row.id: given[row.key] for row in self._rows_in(wanted, PAST_ENTRIES.c.key, given)}

    def marks(self, numbers: Collection[int]) -> dict[int, tuple[bytes, str]]:
        """The fingerprint and the key of each of these entries, by their numbers."""
        wanted = select(PAST_ENTRIES.c.id, PAST_ENTRIES.c.mark, PAST_ENTRIES.c.key)
        rows = self._rows_in(wanted, PAST_ENTRIES.c.id, sorted(numbers))
        return {row.id: (bytes(row.mark), row.key) for row in rows}

    def keys(self, numbers: Collection[int]) -> dict[int, str]:
        """The key of each of these entries, by their numbers."""
        return {number: key for number, (_, key) in self.marks(numbers).items()}

    def write(
        self,
        source: str,
        capture: PastCapture,
        present: Sequence[int | bytes] = (),
        new: Iterable[tuple[bytes, Entry]] = (),
        keep: Callable[[], str] = str,
    ) -> tuple[PastCapture, Mapping[bytes, int]]:
        """Write a capture in place of the stored one of the same witness and time, if there is one.

        `present` are its entries in their order: the number of each that is stored, and the fingerprint of each that is
        `new`. `keep` keeps its pages, and returns their file, "" for the capture's own. Returns the capture as it is
        stored, and the numbers of those that were new. Raises StateError if the past was forgotten meanwhile.
        """
        witness, added = capture.witness, dict[bytes, int]()
        columns = (PAST_CAPTURES.c.source, PAST_CAPTURES.c.at, PAST_CAPTURES.c.kind, PAST_CAPTURES.c.place)
        named = (source, witness.at, witness.kind, self._redactor.hide(witness.where))
        had = [each for each in present if isinstance(each, int)][:1] or capture.present[:1]
        with self._database.writing(PAST) as connection:
            if had and not list(rows_in(connection, select(PAST_ENTRIES.c.id), PAST_ENTRIES.c.id, had)):
                raise StateError(f"{source}: its past was forgotten while it was read")
            for some in chunks(new):
                told = entry_rows([entry for _, entry in some], self._redactor)
                rows = [{**each, "source": source, "mark": mark} for (mark, _), each in zip(some, told, strict=True)]
                connection.execute(insert(PAST_ENTRIES), rows)
                wanted = select(PAST_ENTRIES.c.mark, PAST_ENTRIES.c.id).where(PAST_ENTRIES.c.source == source)
                found = rows_in(connection, wanted, PAST_ENTRIES.c.mark, [mark for mark, _ in some])
                added |= {bytes(row.mark): row.id for row in found}
            reach("past_entries")
            numbers = [each if isinstance(each, int) else added[each] for each in present]
            stored = replace(capture, packed=pack_numbers(numbers)) if numbers else capture
            stored = replace(stored, file=keep() or capture.file)
            same = (column == value for column, value in zip(columns, named, strict=True))
            connection.execute(delete(PAST_CAPTURES).where(*same))
            said = {"reason": stored.reason, "message": stored.message}
            row = {name: getattr(stored, name) for name in _SAME if name != "id"} | self._redactor.hide_all(said)
            row |= {column.name: value for column, value in zip(columns, named, strict=True)}
            number = connection.scalars(insert(PAST_CAPTURES).returning(PAST_CAPTURES.c.id), [row]).one()
            reach("past_capture")
            return replace(stored, id=number), added

    def judge(self, capture: PastCapture, reason: str, message: str) -> PastCapture:
        """Write why a stored capture is not believed, "" if it is. Returns it as it is stored."""
        said = {"reason": reason, "message": message}
        with self._database.writing(PAST) as connection:
            hidden = self._redactor.hide_all(said)
            connection.execute(update(PAST_CAPTURES).where(PAST_CAPTURES.c.id == capture.id).values(hidden))
        reach("past_judged")
        return replace(capture, reason=reason, message=message)

    def forget(self, source: str) -> list[PastCapture]:
        """Take away all that was read in captures of others; returns these."""
        found = self.captures(source)
        with self._database.writing(PAST) as connection:
            for table in (PAST_CAPTURES, PAST_ENTRIES):
                connection.execute(delete(table).where(table.c.source == source))
                reach("past_forgotten")
        reach("past_rows_gone")
        return found
