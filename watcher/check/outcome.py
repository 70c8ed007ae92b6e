"""The outcome of one check, before anything is stored, and its result after the commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Self

from sources import Entry, SourceError
from sources.reading.remainder import Part
from state.compare.mass_change import MassChange
from state.compare.plausibility import Suspicion
from state.model import Difference, Event, Mention, StoredPage
from watcher.check.selection import News


class Mentioning(NamedTuple):
    """An entry that mentions watched entities, and its mentions."""

    entry: Entry
    mentions: Sequence[Mention]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """No page has changed.

    `validators` has the pages if a validator changed. `full` says that every body was compared.
    """

    validators: Sequence[StoredPage] | None
    full: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """A plausible snapshot.

    `news` has the changes that become events; of a baseline, none. `filled` is the number of entries with a value, for
    each field. `part` says how much of the list was read, if not all. `further` is the number of entries on pages that
    an edited source reads for the first time; then `mentioning` is about these. `by_hand` says that a person accepted
    the suspicious snapshot; `mass` then has the fields that changed in most entries, if any.
    """

    difference: Difference
    pages: Sequence[StoredPage]
    baseline: bool
    news: News = field(default_factory=News)
    mentioning: Sequence[Mentioning] = ()
    filled: Mapping[str, int] = field(default_factory=dict)
    part: Part | None = None
    further: int = 0
    mass: MassChange | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Suspicious:
    """A snapshot that is not plausible. It is kept for `watch accept` under its `snapshot` id; `mentioning` says which
    entities its changes mention. `mass` has the fields that changed in most entries, if that is the reason.
    """

    doubt: Suspicion
    pages: Sequence[StoredPage]
    mentioning: Sequence[Mentioning] = ()
    snapshot: str = ""
    mass: MassChange | None = None


@dataclass(frozen=True, slots=True)
class StillSuspicious:
    """The same page that is already kept as suspicious."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No snapshot: the source could not be read."""

    error: SourceError

    @classmethod
    def by(cls, error: SourceError) -> Self:
        """The outcome for an error. Removes its traceback, which refers to the frames of the check and so back to the
        error.
        """
        error.__traceback__ = error.__context__ = None
        return cls(error)


Found = Unchanged | Accepted | Suspicious | StillSuspicious | Failed


@dataclass(frozen=True, slots=True)
class Checked:
    """A finished check: the revision that it compared with, when its fetch began, and its outcome.

    `reading` and `place` are the fingerprints of how and where the source was read.
    """

    base: int
    began: datetime
    found: Found
    reading: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a committed check, as `--json` prints it.

    `status` is one of baseline, ok, unchanged, failing, suspicious. `entries` is the number of known entries, `events`
    has the stored changes, `told` says whether an event was stored, `due` is when the source is checked next. `part`
    says how much of its list was read, "" if all.
    """

    name: str
    status: str
    entries: int
    reason: str | None = None
    message: str | None = None
    events: Sequence[Event] = ()
    told: bool = False
    due: datetime | None = None
    part: str = ""
