"""How an entry changed, what a snapshot's difference is, and what one check writes of it in one transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sources import Entry
from state.model.events import Alert, Clearing, Event
from state.model.sources import SourceState, StoredPage, Unread


class ChangeKind(StrEnum):
    """How an entry differs from the stored state."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    REAPPEARED = "reappeared"
    REKEYED = "rekeyed"  # goes on under another key


class Standing(StrEnum):
    """Whether a stored entry is still in its source."""

    PRESENT = "present"
    SCROLLED = "scrolled"  # left the end of a window: its return is no news
    REMOVED = "removed"


class FieldChange(NamedTuple):
    """One field before and after; None where it had no value."""

    before: str | None
    after: str | None


class Change(NamedTuple):
    """One difference between a snapshot and the stored state. `before` is None for `added`, `after` for `removed`; of
    one that was `rekeyed` they have different keys.
    """

    kind: ChangeKind
    before: Entry | None
    after: Entry | None
    fields: Mapping[str, FieldChange]

    @property
    def entry(self) -> Entry:
        """The entry as it is now, or as it was when it was removed."""
        entry = self.after or self.before
        assert entry is not None  # noqa: S101 - a change has at least one side
        return entry


class StoredEntry(NamedTuple):
    """A stored entry in short: its row, its key, and its standing."""

    id: int
    key: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """The stored entries with which a snapshot is compared: their fingerprints, and functions that load the rest.

    `present` gives the fingerprints (of key and content) of the present entries, 16 bytes each, concatenated.
    `rows(marks, keys)` gives at least the stored entries with one of these fingerprints or keys, `rows()` all: each
    with its fingerprint, in the order of storage. `order` has the keys of the last window from top to bottom, and is
    empty for complete listings. `contents` loads entries by row id.
    """

    present: Callable[[], bytes]
    rows: Callable[..., Iterable[tuple[bytes, StoredEntry]]]
    order: Sequence[str]
    contents: Callable[[Collection[int]], Mapping[int, Entry]]


NOTHING = Known(bytes, lambda *_: (), (), lambda _: {})  # for a first snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between a snapshot and the stored entries: the changes, and what to write.

    `insert` and `update` have entries with their fingerprints, `stand` the rows with a new standing. `digest` is the
    fingerprint of the entries that are present afterwards, `count` the number of entries in the snapshot, `order` its
    keys if it is a window. `absent` counts the entries that were present and are not in the snapshot, `rekeyed` those
    that came again under another key. `was` has the stored content of the updated rows, `stood` the former standing of
    those rows that return. `renamed` has the new names of fields that are called otherwise in all entries.
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
    gap: bool = False  # a window without any entry of the last one
    newest_gone: bool = False  # a window without the newest entry of the last one, such as an old page from a cache
    was: Mapping[int, Entry] = field(default_factory=dict)
    stood: Mapping[int, Standing] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


class Detail(NamedTuple):
    """The fields that were read from an entry's own page, as last read.

    `made` is the fingerprint of how it was read, "" if it never was; `url` the page's address, `etag`, `last_modified`
    and `body` (the fingerprint of its body, in hex) its validators. `trouble` says why the last attempt to read it
    failed, "" if it did not.
    """

    fields: Mapping[str, str] = {}
    made: str = ""
    url: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body: str = ""
    trouble: str = ""


class DetailRead(NamedTuple):
    """A detail to write, of the entry with this fingerprint, and when its page is to be read again."""

    mark: bytes
    detail: Detail
    due: datetime


class DueDetail(NamedTuple):
    """A stored entry whose own page is to be read: as it stands in the list, and its detail so far."""

    mark: bytes
    entry: Entry
    detail: Detail | None


class Acceptance(NamedTuple):
    """A believed snapshot, to be written as the new state with the next revision.

    `at` is when it became the state, None for the time of the check. `silent` says that nothing of it is alerted, as
    the stored pages were only read otherwise. `room` is how many characters its undo may have, None for any number.
    """

    difference: Difference
    pages: Sequence[StoredPage]
    reading: str
    place: str
    fresh: bool = False  # delete all entries first: a baseline
    at: datetime | None = None
    silent: bool = False
    room: int | None = None


class Rhythm(NamedTuple):
    """What was learned of when a source changes: packed, and in short its mean (changes a day) and its levels."""

    packed: bytes
    mean: float
    levels: bytes


class CaptureKind(StrEnum):
    """The reason for keeping pages as evidence."""

    BASELINE = "baseline"
    CHANGED = "changed"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Capture:
    """The pages of a check that are evidence.

    `began` is when the check began; `source` describes it (JSON: label, kind, authority, address), `entries` is the
    number of entries in the snapshot, `doubt` the reason why it is not believed.
    """

    kind: CaptureKind
    began: datetime
    pages: Sequence[StoredPage]
    source: Mapping[str, Any]
    entries: int | None = None
    doubt: Mapping[str, Any] | None = None


class Receipt(NamedTuple):
    """What is remembered of a push under its idempotency `key`: the fingerprint of its `body`, and the answer to it,
    which `answer` makes of the stored events.
    """

    key: str
    body: bytes
    answer: Callable[[Sequence[Event]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Commit:
    """The result of one check, to be written in one transaction.

    `state` is the source's new row; `acceptance` is None when the snapshot was unchanged or not believed; `held` are
    the pages of a suspicious snapshot to store (None keeps the stored ones, an empty list deletes them). `alerts` are
    events with their routes. `capture` is their evidence; `unkept` makes the alert that there is no room for it.
    `rhythm` is what was learned from the check, None if nothing was.
    `unread` is the end of a time without a reading, `ended` the tally of a day that has ended, 0 if none.
    `details` are what was read on the pages of entries. `clearings` are those that the check has ended, or that go on
    under another key. `receipt` is of a push.
    """

    state: SourceState
    acceptance: Acceptance | None = None
    validators: Sequence[StoredPage] | None = None  # the accepted pages, unchanged, with new validators
    held: Sequence[StoredPage] | None = None
    alerts: Sequence[Alert] = ()
    capture: Capture | None = None
    unkept: Callable[[], Alert] | None = None
    rhythm: Rhythm | None = None
    unread: Unread | None = None
    ended: int = 0
    details: Sequence[DetailRead] = ()
    clearings: Sequence[Clearing] = ()
    receipt: Receipt | None = None


class Budget(NamedTuple):
    """The budget: requests that were saved as of `at`, and the factor for all paces, found at `planned`, for a
    configuration with this mark. Times are seconds since 1970. `used` requests were made in `passed` seconds; both
    count half after a day.
    """

    credit: float
    at: float
    scale: float
    planned: float
    mark: str
    used: float = 0.0
    passed: float = 0.0


class Summary(NamedTuple):
    """What was learned of a source, in short."""

    name: str
    mean: float
    levels: bytes
