"""The changes of a snapshot with very many new entries: a view, as there may be a million. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from sources.reading.entry_buffer import Packed
from state.compare.field_diff import OneSide
from state.model import Change, ChangeKind


class Changes(Sequence[Change]):
    """The changes in `others`, then one for each new entry in `came`, created during iteration."""

    def __init__(self, others: Sequence[Change], came: Packed) -> None:
        self.others, self._came = others, came

    def __len__(self) -> int:
        return len(self.others) + len(self._came)

    def __iter__(self) -> Iterator[Change]:
        yield from self.others
        for _, entry in self._came:
            yield Change(ChangeKind.ADDED, None, entry, OneSide(entry.fields, came=True))

    @overload
    def __getitem__(self, at: int) -> Change: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Change]: ...
    def __getitem__(self, at: int | slice) -> Change | Sequence[Change]:
        return list(self)[at]


def others(changes: Sequence[Change]) -> Sequence[Change]:
    """The changes of entries that were stored before."""
    if isinstance(changes, Changes):
        return changes.others
    return [change for change in changes if change.kind is not ChangeKind.ADDED]
