"""One entry through all its values: each with the change that brought it. Pure, but for functions that load today's
rows.

An entry that goes on under another key (the site renumbered its records) is followed to the key that it had before: of
entries that shared that key, to the one that went on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sources import Entry
from state.compare.diff import find_rekeyed
from state.history.undo import PastRow, Rows, Today, Undo, UndoRecord, undo_all, undo_one
from state.model import PastWitness, Standing

FIRST = "first"  # the kind of a value that was there when the history began


class Value(NamedTuple):
    """What stood under a key for a time: no entry, one, or several that differ.

    `since` is None if it is older than the history, `until` if it is still so. `checked_before` is the last check
    before `since` that could read the source. `kind` is that of the change that brought it (`check`, `reread`,
    `moved`), or `first`. `standing` says how an entry went, if it did; `became` is the key under which it goes on.

    What others kept has a `witness`: the capture in which it was first seen so, and `checked_before` is the capture
    before that. Its `kind` is that of the change; `disputes` says that another capture of the same time counts.
    """

    key: str
    since: datetime | None
    until: datetime | None
    checked_before: datetime | None
    kind: str
    entries: Sequence[Entry]
    standing: Standing = Standing.PRESENT
    became: str | None = None
    witness: PastWitness | None = None
    disputes: bool = False


def life(
    key: str,
    records: Sequence[UndoRecord],
    rows: Mapping[int, PastRow],
    today: Today,
    begin: datetime | None,
    *,
    is_window: bool,
) -> list[Value]:
    """The values of an entry, the earliest first.

    `records` are the undos of its source, the newest first; `rows` the entry's rows of today, and `today` loads others.
    `begin` is when the history begins, None if there was something before. `is_window` is whether the source is a
    rolling list. Raises StateError.
    """
    found, follower, until = list[Value](), _Follower(key, rows, today, is_window=is_window), None
    newer = list[UndoRecord]()
    for _, of_change in groupby(records, key=lambda record: (record.at, record.kind)):
        step = list(of_change)
        later = follower.state()
        if follower.undo(step, newer):
            at, previous, kind = step[0].at, step[0].previous, step[0].kind
            found.append(Value(later.key, at, until, previous, kind, *later[1:], follower.became))
            until = at
        newer += step
    first = follower.state()
    if first.entries:
        found.append(Value(first.key, begin, until, None, FIRST, *first[1:]))
    return found[::-1]


class _State(NamedTuple):
    """What stands under a key, and how its rows stand if none is present."""

    key: str
    entries: Sequence[Entry]
    standing: Standing


class _Follower:
    """Follows an entry back in time. `rows` are its rows as they were at the time that was reached."""

    def __init__(self, key: str, rows: Mapping[int, PastRow], today: Today, *, is_window: bool) -> None:
        self.key, self._today, self._is_window = key, today, is_window
        self._rows: Rows = dict(rows)
        self.became: str | None = None  # the key under which the entry went on at the last step

    def state(self) -> _State:
        there = [row.entry for row in self._rows.values() if row and row.entry and row.standing is Standing.PRESENT]
        away = [row.standing for row in self._rows.values() if row]
        standing = Standing.PRESENT if there else next(iter(away), Standing.REMOVED)
        return _State(self.key, there, standing)

    def undo(self, step: Sequence[UndoRecord], newer: Sequence[UndoRecord]) -> bool:
        """Go to before a change, of which `step` has all records; returns whether the entry was another one then.
        `newer` are the records since.
        """
        self.became = None
        if not any(record.may_touch(self._rows) for record in step):
            return False
        later, undos = self.state(), [record.undo for record in step]
        for undo in undos:
            # The part of it that is about the entry.
            rows = [
                each
                for each in undo.rows
                if (each.content["key"] == self.key if each.whole and each.content else each.row in self._rows)
            ]
            undo_one(Undo(rows, [(row, row) for row in self._rows if undo.is_born(row)]), self._rows, {})
            self._rows = {number: row for number, row in self._rows.items() if row}
        if later.entries and not self.state().entries:
            # The entry came with this step: if it was there under another key before, go on with that one.
            for (number, entry), came in self._pairs(undos, newer):
                if came.key == self.key:
                    self.key, self._rows = entry.key, {number: PastRow(Standing.PRESENT, entry)}
                    break
        earlier = self.state()
        if earlier.entries and not later.entries:
            pairs = self._pairs(undos, newer)
            self.became = next((came.key for (_, gone), came in pairs if gone.key == self.key), None)
        return earlier != later and bool(earlier.entries or later.entries)

    def _pairs(self, undos: Sequence[Undo], newer: Sequence[UndoRecord]) -> Iterator[tuple[tuple[int, Entry], Entry]]:
        """The entries that went with a step and came back with it under another key."""
        born = [number for undo in undos for first, last in undo.born for number in range(first, last + 1)]
        born += [row.row for undo in undos for row in undo.rows if row.standing is Standing.REMOVED]  # it came back
        left = [
            row.row for undo in undos for row in undo.rows if row.content is None and row.standing is Standing.PRESENT
        ]
        if not born or not left:
            return
        later = undo_all([record.undo for record in newer], self._today)
        gone, came = (_find_entries(numbers, later, self._today) for numbers in (left, born))
        numbers = {id(entry): number for number, entry in gone.items()}
        for before, after in find_rekeyed(gone.values(), [*came.values()], by_title=not self._is_window):
            yield (numbers[id(before)], before), after


def _find_entries(numbers: Sequence[int], later: Rows, today: Today) -> dict[int, Entry]:
    """The entries of rows as they were before some later changes."""
    known = {number: row.entry for number in numbers if (row := later.get(number)) and row.entry}
    missing = [number for number in numbers if number not in known]
    return known | {number: row.entry for number, row in today(missing).items() if row.entry}
