"""What the state keeps of a source: its health, its pages, its due times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sources import Page
from sources.formats.download import Body
from sources.formats.feed_head import Hint


class Status(StrEnum):
    """A source's health."""

    NEW = "new"  # never checked
    OK = "ok"
    FAILING = "failing"
    SUSPICIOUS = "suspicious"


DAMAGED = "state"  # the reason of a source's health: what is stored of it cannot be read


class Health(NamedTuple):
    """A source's health, with its reason and its beginning.

    `told` is whether the operator was alerted in the current incident, `told_as` the statuses that were alerted: each
    one once per incident, also if the source alternates between them. `alerted_snapshots` are the suspicious snapshots
    that were alerted in it (`reason:id`), `alerted_at` is when the last of them was.
    """

    status: Status = Status.NEW
    reason: str | None = None
    message: str | None = None
    since: datetime | None = None
    failures: int = 0  # consecutive ones
    told: bool = False
    told_as: tuple[Status, ...] = ()
    alerted_snapshots: tuple[str, ...] = ()
    alerted_at: datetime | None = None


class StoredPage(NamedTuple):
    """A page of the last accepted (or suspicious) snapshot with the fingerprint of its body and its validators.

    `essence` is the fingerprint of the part that its entries depend on, "" where the kind gives none. `kept` is the
    body that is stored in place of the page's own, without what is personal; a page that was stored so has it itself.
    """

    page: Page
    body_hash: bytes
    etag: str | None
    last_modified: str | None
    essence: str = ""
    kept: Body | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """The usual behaviour of a source, over its accepted snapshots.

    `filled`: the number of entries with a value in the last one, per field. `newest`: when the last new entry came.
    `restless`: the number of consecutive checks that changed the same fields, `restless_fields`. `log_size`: the
    characters that it recently added to the log of events, as of `log_at`. `..._told`: whether the operator was
    alerted. `part`: how much of its list the last one is, "" if all; `part_advice`: the option that reads the rest.
    `details`: how many entries have a page that could not be read, and why, "" if none.
    `moving`: at how many checks a field changed in most entries at once, believed or not; `moved`: some of its values
    at the last of them, as fingerprints. `hint`: when its feed says that it has nothing new.
    """

    filled: Mapping[str, int] = field(default_factory=dict)
    newest: datetime | None = None
    quiet_told: bool = False
    restless: int = 0
    restless_fields: Sequence[str] = ()
    restless_told: bool = False
    log_size: int = 0
    log_at: datetime | None = None
    log_told: bool = False
    evidence_told: bool = False
    part: str = ""
    part_advice: str = ""
    details: str = ""
    moving: Mapping[str, int] = field(default_factory=dict)
    moved: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """The stored state of one source, without its entries. A new source has revision 0."""

    name: str
    revision: int = 0
    health: Health = field(default_factory=Health)
    checked: datetime | None = None  # the last check that could read it
    tried: datetime | None = None  # the last check, whatever its result
    due: datetime | None = None
    wait_until: datetime | None = None  # the server's Retry-After
    accepted: datetime | None = None  # when the last page of the accepted snapshot was received
    reread: datetime | None = None  # the last full read without validators
    entries: int = 0
    digest: bytes = b""
    reading: str = ""  # fingerprint of the reading options and the kind's code
    place: str = ""  # fingerprint of the address: if it changes, a new baseline begins
    habits: Habits = field(default_factory=Habits)
    held: bytes = b""  # fingerprint of the pages of the stored suspicious snapshot
    tally: int = 0  # the checks of the day of the last one: `add_check`


class Prefetched(NamedTuple):
    """The input of a check: the source's state, and its accepted pages without their bodies."""

    state: SourceState
    pages: Sequence[StoredPage]


class CheckTimes(NamedTuple):
    """A check without any change, which only updates the source's times.

    `revision` is the one with which the check began, `slot` its due time, `pages` the accepted pages where other parts
    than the content changed. `tally` counts the checks of its day, `ended` those of a day that it ends, 0 if none.
    """

    name: str
    revision: int
    slot: datetime | None
    checked: datetime
    tried: datetime
    due: datetime
    reread: datetime | None
    pages: Sequence[StoredPage] | None = None
    tally: int = 0
    ended: int = 0


class SourceStatus(NamedTuple):
    """A source's state in short, for lists of all sources."""

    name: str
    status: str = Status.NEW.value
    reason: str | None = None
    message: str | None = None
    since: datetime | None = None
    failures: int = 0
    checked: datetime | None = None
    tried: datetime | None = None
    due: datetime | None = None
    wait_until: datetime | None = None
    revision: int = 0
    entries: int = 0
    part: str | None = None
    part_advice: str | None = None
    details: str | None = None


_READ, _FAILED = 1 << 16, 1
_DAY = 1 << 32


class WhyUnread(StrEnum):
    """Why a source was not read for a time."""

    FAILING = "failing"
    SUSPICIOUS = "suspicious"  # it was read, and its snapshots were held
    NOT_CHECKED = "not_checked"  # longer than its interval: the daemon did not run, or the source was disabled


class Unread(NamedTuple):
    """The end of a time without a reading: it began with the last check that could read the source.

    `reason` is the code of the failure or the doubt. A time that is not longer than `least` does not count.
    """

    why: WhyUnread
    reason: str
    until: datetime
    least: timedelta = timedelta()


class DayTally(NamedTuple):
    """The checks of one day (UTC): how many could read the source, and how many could not, or were not believed."""

    day: date
    read: int
    failed: int


def add_check(tally: int, at: datetime, *, read: bool) -> tuple[int, int]:
    """The tally of a day with one more check, and the one of a day that has ended by it, or 0. A tally is one number,
    as each check writes it.
    """
    day = at.astimezone(UTC).toordinal()
    ended = 0
    if tally // _DAY != day:
        ended, tally = tally, day * _DAY
    return tally + (_READ if read else _FAILED), ended


def day_tally(tally: int) -> DayTally:
    """A tally as its parts."""
    return DayTally(date.fromordinal(tally // _DAY), tally % _DAY // _READ, tally % _READ)
