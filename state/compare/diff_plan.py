"""Decides the change of each entry, from keys and fingerprints alone. Pure.

Entries are matched by key. If each side has one entry with a key, it is the same entry, which changed. Several entries
with one key, on either side, are distinguished by content: they are added and removed, but never changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sources import Entry
from sources.reading.entry_buffer import Seen
from state.model import ChangeKind, Known, Standing, StoredEntry


class Old(NamedTuple):
    """A stored entry: its fingerprint and its row."""

    mark: bytes
    row: StoredEntry


class Step(NamedTuple):
    """One planned change. `old` is the row to compare with; `seen` is None for a removed entry."""

    kind: ChangeKind
    old: StoredEntry | None
    seen: Seen | None


class Plan:
    """The changes in the order of the snapshot, what to write, and the absent entries.

    `missing` are the fingerprints of present entries that the snapshot does not have, `held` its new or changed
    entries. `away` is the standing for a row that another row with the same key replaces. `found` is the number of
    missing rows, `stood` the former standing of rows that return.
    """

    def __init__(self, known: Known, missing: Collection[bytes], held: Sequence[Seen], away: Standing) -> None:
        self.steps: list[Step] = []
        self.insert: list[tuple[bytes, Entry]] = []
        self.update: dict[int, tuple[bytes, Entry]] = {}
        self.stand: dict[int, Standing] = {}
        self.stood: dict[int, Standing] = {}
        self._away = away
        self._same: dict[bytes, StoredEntry | None] = {
            seen.mark: None for seen in held
        }  # the row with the same content
        # For each key: the number of its entries in the snapshot, the present rows, and the other rows.
        self._now = Counter(seen.entry.key for seen in held)
        self._here: dict[str, list[StoredEntry]] = {key: [] for key in self._now}
        self._elsewhere: dict[str, list[StoredEntry]] = {key: [] for key in self._now}
        gone = self._sort_rows(known, missing)
        for seen in held:
            self._place(seen)
        self.found = len(gone)
        matched = self.update.keys() | self.stand.keys()
        self.absent = [old for old in gone if old.row.id not in matched]

    def _sort_rows(self, known: Known, missing: Collection[bytes]) -> list[Old]:
        """Group the relevant rows; returns those that are present and missing."""
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
        """Classify one entry: changed, returned, or new."""
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

    def _change(self, row: StoredEntry, seen: Seen, same: StoredEntry | None) -> None:
        """The only entry with a key has other content. If a row with that content exists, it becomes present
        instead.
        """
        self.steps.append(Step(ChangeKind.CHANGED, row, seen))
        if same:
            self.stand |= {row.id: self._away, same.id: Standing.PRESENT}
            self.stood[same.id] = same.standing
        else:
            self.update[row.id] = seen

    def _return(self, row: StoredEntry, seen: Seen, *, changed: bool) -> None:
        """An entry returned: REAPPEARED if it had been removed; if it had scrolled off, only a change is reported."""
        self.stand[row.id], self.stood[row.id] = Standing.PRESENT, row.standing
        if row.standing is Standing.REMOVED:
            self.steps.append(Step(ChangeKind.REAPPEARED, row, seen))
        elif changed:
            self.steps.append(Step(ChangeKind.CHANGED, row, seen))
        if changed:
            self.update[row.id] = seen
