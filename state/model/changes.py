"""How an entry changed, and what a snapshot's difference is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sources import Entry


class ChangeKind(StrEnum):
    """How an entry differs from the stored state."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    REAPPEARED = "reappeared"


class Standing(StrEnum):
    """Where a stored entry stands in its source."""

    PRESENT = "present"
    SCROLLED = "scrolled"  # off the end of a window: no news when it comes back
    REMOVED = "removed"


class FieldChange(NamedTuple):
    """One field before and after; None where it had no value."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a snapshot and the stored state. `before` is None when added, `after` when removed."""

    kind: ChangeKind
    before: Entry | None
    after: Entry | None
    fields: Mapping[str, FieldChange]

    @property
    def entry(self) -> Entry:
        """The entry as it is now, or as it was when it is gone."""
        entry = self.after or self.before
        assert entry is not None  # noqa: S101 - a change has at least one side
        return entry


class Mark(NamedTuple):
    """A stored entry in short: its row, its key, and where it stands."""

    id: int
    key: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """What a snapshot is compared with: the fingerprints of its entries, and ways to the rest.

    `present` holds the fingerprints (of key and content together) of the entries that are present, 16 bytes each;
    `rows(marks, keys)` gives all stored entries with one of these fingerprints or keys, and maybe others, `rows()` all
    there are: each with its fingerprint, in the order they were stored. `order` holds the keys of the last window from
    top to bottom, and is empty for complete listings. `contents` loads entries by row id.
    """

    present: bytes
    rows: Callable[..., Iterable[tuple[bytes, Mark]]]
    order: Sequence[str]
    contents: Callable[[Collection[int]], Mapping[int, Entry]]


NOTHING = Known(b"", lambda *_: (), (), lambda _: {})  # what a first snapshot is compared with


@dataclass(frozen=True, slots=True)
class Difference:
    """A snapshot against what was known: the news, and what must be written so that the state is the snapshot.

    `insert` and `update` hold entries with their fingerprints, `stand` the rows that now stand elsewhere. `digest`
    is the fingerprint of all entries that are present then, `count` the number of entries in the snapshot, `order`
    its keys if it is a window. `absent` counts the entries that were present and are not in the snapshot, and
    `rekeyed` the added ones that have the content of an absent one: the same under another key.
    """

    changes: Sequence[Change]
    insert: Sequence[tuple[bytes, Entry]]
    update: Mapping[int, tuple[bytes, Entry]]
    stand: Mapping[int, Standing]
    digest: bytes
    count: int
    order: Sequence[str]
    absent: int = 0
    rekeyed: int = 0
    gap: bool = False  # a window that has nothing in common with the last one
    newest_gone: bool = False  # a window without its newest entry, as an older page from a cache has none
