"""What the state keeps besides the entries, so that an earlier time can be answered: times without a reading, and how
many checks a day had.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

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
