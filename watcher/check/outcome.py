"""The outcome of one check, before anything is stored, and its result after the commit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sources import Entry, SourceError
from sources.formats.feed_head import Hint, find_hint
from sources.model.page import ListCoverage
from sources.reading.known_filter import Profile
from state.compare.plausibility import MassChange, Suspicion
from state.model import Clearing, DetailRead, Difference, Event, EventKind, Mention, SourceState, StoredPage
from watcher.check.log_limit import News, SingleChange


class Mentioning(NamedTuple):
    """An entry that mentions watched entities, and its mentions; `was_cleared` as in SingleChange."""

    entry: Entry
    mentions: Sequence[Mention]
    was_cleared: Sequence[Clearing] = ()


class DetailsRead(NamedTuple):
    """The pages of entries that a check has read: what to write of each, and those that were read anew, as evidence.

    `trouble` says how many of the source's entries have a page that could not be read, and why; "" if none.
    """

    reads: Sequence[DetailRead]
    pages: Sequence[StoredPage]
    trouble: str


class Unchanged(NamedTuple):
    """No page has changed.

    `validators` has the pages if a validator changed. `full` says that every body was compared. `details` are the pages
    of entries that were read, none of which has changed.
    """

    validators: Sequence[StoredPage] | None
    full: bool
    details: DetailsRead | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A plausible snapshot; until it is judged, one that was only read.

    `news` has the changes that become events; of a baseline, none. `profile` has the numbers of entries with a value,
    for each field. `part` says how much of the list was read, if not all. `further` is the number of entries on pages
    that an edited source reads for the first time; then `mentioning` is about these. `by_hand` says that a person
    accepted the suspicious snapshot; `mass` then has the fields that changed in most entries, if any. `details` are the
    pages of entries that were read.
    """

    difference: Difference
    pages: Sequence[StoredPage]
    baseline: bool
    news: News = field(default_factory=News)
    mentioning: Sequence[Mentioning] = ()
    profile: Profile = field(default_factory=Profile)
    part: ListCoverage | None = None
    further: int = 0
    mass: MassChange | None = None
    by_hand: bool = False
    details: DetailsRead | None = None

    @property
    def full(self) -> bool:
        """Whether all of it was read from the site: not by deltas."""
        return not any(stored.page.deltas_at for stored in self.pages)

    @property
    def hint(self) -> Hint | None:
        """When the feed says that it has nothing new."""
        return find_hint(self.pages[0].page) if self.pages else None


@dataclass(frozen=True, slots=True)
class DetailsChanged:
    """The list has not changed, as `difference` says, but pages of its entries have.

    `pages` are those of the list as they are stored; `full` as in Unchanged.
    """

    difference: Difference
    pages: Sequence[StoredPage]
    full: bool
    news: News
    mentioning: Sequence[Mentioning]
    details: DetailsRead


class Suspicious(NamedTuple):
    """A snapshot that is not plausible. It is kept for `watch accept` under its `snapshot` id; `mentioning` says which
    entities its changes mention, `news` has the changes that do, without those of form alone. `mass` has the fields
    that changed in most entries, if that is the reason.
    """

    doubt: Suspicion
    pages: Sequence[StoredPage]
    mentioning: Sequence[Mentioning] = ()
    snapshot: str = ""
    mass: MassChange | None = None
    news: Sequence[SingleChange] = ()


@dataclass(frozen=True, slots=True)
class StillSuspicious:
    """The same page that is already kept as suspicious."""


class Failed(NamedTuple):
    """No snapshot: the source could not be read."""

    error: SourceError


Found = Unchanged | Accepted | DetailsChanged | Suspicious | StillSuspicious | Failed


def mentioned_keys(found: Found) -> set[str]:
    """The keys of entries that mention somebody, as they are and as they were: a clearing may be about them."""
    if not isinstance(found, Accepted | DetailsChanged | Suspicious):
        return set()
    news = found.news if isinstance(found, Suspicious) else found.news.alone
    sides = (side for told in news if told.mentions for side in (told.change.before, told.change.after))
    return {each.entry.key for each in found.mentioning} | {side.key for side in sides if side}


def without_frames(error: SourceError) -> SourceError:
    """The error without its traceback, which refers to the frames of the check and so back to the error."""
    error.__traceback__ = error.__context__ = None
    return error


class Checked(NamedTuple):
    """A finished check: the revision that it compared with, when its fetch began, and its outcome.

    `reading` and `place` are the fingerprints of how and where the source was read. `seconds` is how long it took, with
    the waits for its host, and without the commit.
    """

    base: int
    began: datetime
    found: Found
    reading: str = ""
    place: str = ""
    seconds: float = 0.0


class Result(NamedTuple):
    """The result of a committed check, as `--json` prints it.

    `status` is one of baseline, ok, unchanged, failing, suspicious; `entries` the last known count; `events` the
    stored changes; `told` whether anything was put into the outbox; `due` when the source is to be checked again;
    `part` how much of its list was read, "" where that was all; `seconds` how long the check took.
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
    seconds: float = 0.0


def result_of(name: str, found: Found | None, state: SourceState, events: Sequence[Event]) -> Result:
    """The result of a check. `found` is None if it was thrown away, as another process stored something newer."""
    changes = [event for event in events if event.kind is EventKind.CHANGE]
    part = state.habits.part
    after = partial(Result, name, entries=state.entries, told=bool(events), due=state.due, part=part)
    match found:
        case Failed(error=error):
            return after(status="failing", reason=error.code, message=error.message)
        case Suspicious() | StillSuspicious():
            return after(status="suspicious", reason=state.health.reason, message=state.health.message)
        case Accepted(baseline=True):
            return after(status="baseline")
    return after(status="ok" if changes else "unchanged", events=changes)
