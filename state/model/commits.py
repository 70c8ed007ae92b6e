"""What one check writes, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from state.model.changes import DetailRead, Difference
from state.model.events import Alert, Clearing
from state.model.sources import SourceState, StoredPage, Unread


@dataclass(frozen=True, slots=True)
class Acceptance:
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


@dataclass(frozen=True, slots=True)
class Commit:
    """The result of one check, to be written in one transaction.

    `state` is the source's new row; `acceptance` is None when the snapshot was unchanged or not believed; `held` are
    the pages of a suspicious snapshot to store (None keeps the stored ones, an empty list deletes them). `alerts` are
    events with their routes. `capture` is their evidence; `unkept` makes the alert that there is no room for it.
    `rhythm` is what was learned from the check, None if nothing was.
    `unread` is the end of a time without a reading, `ended` the tally of a day that has ended, 0 if none.
    `details` are what was read on the pages of entries. `clearings` are those that the check has ended, or that go on
    under another key.
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
