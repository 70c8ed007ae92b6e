"""What one check writes, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from state.model.changes import Difference
from state.model.details import DetailRead
from state.model.events import Alert
from state.model.sources import SourceState, StoredPage


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A believed snapshot, to be written as the new state with the next revision."""

    difference: Difference
    pages: Sequence[StoredPage]
    reading: str
    place: str
    fresh: bool = False  # delete all entries first: a baseline


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
    `details` are what was read on the pages of entries.
    """

    state: SourceState
    acceptance: Acceptance | None = None
    validators: Sequence[StoredPage] | None = None  # the accepted pages, unchanged, with new validators
    held: Sequence[StoredPage] | None = None
    alerts: Sequence[Alert] = ()
    capture: Capture | None = None
    unkept: Callable[[], Alert] | None = None
    details: Sequence[DetailRead] = ()
