"""What becomes of each entry, from keys and fingerprints alone. Pure.

Entries are matched by key. One entry on each side is the same entry: it changed. Several under one key, on
either side, are told apart by their content: they come and go, but never change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sources import Entry
from sources.reading.entry_buffer import Seen
from state.model import ChangeKind, Known, Mark, Standing


class Old(NamedTuple):
    """A stored entry: its fingerprint and its row."""

    mark: bytes
    row: Mark


class Step(NamedTuple):
    """One planned change. `old` is the row to compare with; `seen` is None when the entry is gone."""

    kind: ChangeKind
    old: Mark | None
    seen: Seen | None


class Plan:
    """The steps in the order of the snapshot, what must be written, and who is absent.

    `missing` are the fingerprints of present entries that the snapshot does not have, `held` its entries that are not
    simply still there. A row that another one under its key replaces shall stand at `away`. `found` is how many of the
    missing ones there are.
    """

    def __init__(self, known: Known, missing: Collection[bytes], held: Sequence[Seen], away: Standing) -> None:
        self.steps: list[Step] = []
        self.insert: list[tuple[bytes, Entry]] = []
        self.update: dict[int, tuple[bytes, Entry]] = {}
        self.stand: dict[int, Standing] = {}
        self._away = away
        self._same: dict[bytes, Mark | None] = {seen.mark: None for seen in held}  # the rows that have such content
        # What stands under the key of each entry: how many in the snapshot, and which rows, here and elsewhere.
        self._now = Counter(seen.entry.key for seen in held)
        self._here: dict[str, list[Mark]] = {key: [] for key in self._now}
        self._elsewhere: dict[str, list[Mark]] = {key: [] for key in self._now}
        gone = self._sort_rows(known, missing)
        for seen in held:
            self._place(seen)
        self.found = len(gone)
        matched = self.update.keys() | self.stand.keys()
        self.absent = [old for old in gone if old.row.id not in matched]

    def _sort_rows(self, known: Known, missing: Collection[bytes]) -> list[Old]:
        """Put the rows that matter where they belong; returns those that are present and missing."""
        gone = []
        for mark, row in known.rows([*missing, *self._same], self._now.keys()):
            is_here, is_missing = row.standing is Standing.PRESENT, mark in missing
            if is_here and is_missing:
                gone.append(Old(mark, row))
            if mark in self._same:
                self._same[mark] = row
            if row.key in self._here:
                (self._here if is_here else self._elsewhere)[row.key].append(row)
                self._now[row.key] += is_here and not is_missing
        return gone

    def _place(self, seen: Seen) -> None:
        """Decide what one entry is: changed, back again, or new."""
        here, elsewhere = self._here[seen.entry.key], self._elsewhere[seen.entry.key]
        single = self._now[seen.entry.key] == 1
        same = self._same[seen.mark]
        if single and len(here) == 1:
            self._change(here[0], seen, same)
        elif same:
            self._return(same, seen, changed=False)
        elif single and not here and len(elsewhere) == 1:
            self._return(elsewhere[0], seen, changed=True)
        else:
            self.steps.append(Step(ChangeKind.ADDED, None, seen))
            self.insert.append(seen)

    def _change(self, row: Mark, seen: Seen, same: Mark | None) -> None:
        """The only entry under a key has other content. Content that has a row of its own keeps it."""
        self.steps.append(Step(ChangeKind.CHANGED, row, seen))
        if same:
            self.stand |= {row.id: self._away, same.id: Standing.PRESENT}
        else:
            self.update[row.id] = seen

    def _return(self, row: Mark, seen: Seen, *, changed: bool) -> None:
        """An entry is back: news if it had been removed; if it had scrolled off, none unless it changed."""
        self.stand[row.id] = Standing.PRESENT
        if row.standing is Standing.REMOVED:
            self.steps.append(Step(ChangeKind.REAPPEARED, row, seen))
        elif changed:
            self.steps.append(Step(ChangeKind.CHANGED, row, seen))
        if changed:
            self.update[row.id] = seen
