"""What one check writes, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from state.model.changes import Difference
from state.model.events import Alert
from state.model.sources import SourceState, StoredPage


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A believed snapshot, to be written as the new state: one more revision."""

    difference: Difference
    pages: Sequence[StoredPage]
    reading: str
    place: str
    fresh: bool = False  # forget all entries first: a baseline


class CaptureKind(StrEnum):
    """Why pages are kept as evidence."""

    BASELINE = "baseline"
    CHANGED = "changed"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Capture:
    """The pages of a check that are to be kept as evidence, where evidence is kept.

    `began` is when the check did; `source` what there is to say of it (JSON-able: label, kind, authority, address),
    `entries` how many the snapshot has, `doubt` why it is not believed.
    """

    kind: CaptureKind
    began: datetime
    pages: Sequence[StoredPage]
    source: Mapping[str, Any]
    entries: int | None = None
    doubt: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """All that one check writes, in one transaction.

    `state` is the source's row as it shall be; `acceptance` is None when the snapshot was not new or not believed;
    `held` the pages of a suspicious snapshot to keep (None leaves what is kept, an empty list clears it). `alerts`
    are events with the routes that each takes. `capture` is what they rest on; `unkept` makes the alert that says that
    there is no room for it.
    """

    state: SourceState
    acceptance: Acceptance | None = None
    validators: Sequence[StoredPage] | None = None  # the accepted pages, unchanged, with the validators they have now
    held: Sequence[StoredPage] | None = None
    alerts: Sequence[Alert] = ()
    capture: Capture | None = None
    unkept: Callable[[], Alert] | None = None
