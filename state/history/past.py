"""Rows as they were at a time: undos applied to today's rows. Pure, but for a function that loads today's rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from sources import Entry
from state.errors import StateError
from state.history.undo import RowBefore, Undo, complete, restored
from state.model import Standing


class PastRow(NamedTuple):
    """A row: its standing, and its entry; None where that is the one of today."""

    standing: Standing
    entry: Entry | None


Today = Callable[[Collection[int]], Mapping[int, PastRow]]  # loads rows of today, with their entries
Rows = dict[int, PastRow | None]  # None: not there


def undone(undos: Collection[Undo], today: Today) -> Rows:
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
        rows[each.row] = _before(each, rows.get(each.row) or now.get(each.row))


def _before(each: RowBefore, after: PastRow | None) -> PastRow:
    if each.content is None:
        return PastRow(each.standing, after.entry if after else None)
    if each.whole:
        return PastRow(each.standing, complete(each.content))
    if after is None or after.entry is None:
        raise StateError(f"the history is not complete: row {each.row} is missing; watch verify checks the state")
    return PastRow(each.standing, restored(after.entry, each.content))


def only(undo: Undo, numbers: Collection[int]) -> Undo:
    """The part of an undo that is about some rows."""
    return undo._replace(rows=[each for each in undo.rows if each.row in numbers])


def touched(undos: Iterable[Undo]) -> Iterator[int]:
    """The numbers of the rows that undos touch or remove."""
    for undo in undos:
        yield from (each.row for each in undo.rows)
        for first, last in undo.born:
            yield from range(first, last + 1)
