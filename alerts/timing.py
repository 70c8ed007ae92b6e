"""When an alert is sent: at once, after quiet hours, or with the next digest; and again, if it was refused.

Times of day are in a time zone, with its daylight saving time.
"""

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sources.hours import zone_named
from sources.options import format_duration, parse_duration

_QUIET = re.compile(r"(\d\d?:\d\d)\s*-\s*(\d\d?:\d\d)(?:\s+(\S+))?")
_DAILY = re.compile(r"daily\s+(?:at\s+)?(\d\d?:\d\d)(?:\s+(\S+))?", re.IGNORECASE)
_RATE = re.compile(r"(\d{1,6})\s*(?:/|per)\s*(minute|hour|day)", re.IGNORECASE)
_DEADLINE = re.compile(r"(.+?)(?:[\s,]+(?:then\s+)?(drop|send))?", re.IGNORECASE)
_DAY = timedelta(days=1)
FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)  # the longest wait between two tries
_SPANS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": _DAY}


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day without alerts. If `zone` is None, the configuration's time zone counts."""

    begin: time
    end: time
    zone: ZoneInfo | None = None

    def over(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The end of the quiet hours that `at` is in; `at` itself if it is in none."""
        local = at.astimezone(self.zone or zone)
        end = _next(local, self.end)
        return end if end < _next(local, self.begin) else at

    def __str__(self) -> str:
        return " ".join([f"{self.begin:%H:%M}-{self.end:%H:%M}", *([self.zone.key] if self.zone else [])])


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """Alerts are collected and sent together: at multiples of `every` since midnight, or daily at a time."""

    every: timedelta | None = None
    at: time | None = None
    zone: ZoneInfo | None = None

    def next(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When the digest with something of this time is sent: later than `at`."""
        local = at.astimezone(self.zone or zone)
        if self.at is not None:
            return _next(local, self.at)
        every = self.every or _DAY
        midnight = datetime.combine(local.date(), time(), local.tzinfo)
        past = (local.astimezone(UTC) - midnight.astimezone(UTC)) // every
        return midnight.astimezone(UTC) + (past + 1) * every

    def __str__(self) -> str:
        if self.at is None:
            return format_duration(self.every or _DAY)
        return " ".join([f"daily {self.at:%H:%M}", *([self.zone.key] if self.zone else [])])


@dataclass(frozen=True, slots=True)
class Rate:
    """The most messages within any time span of a length."""

    most: int
    span: timedelta

    def __str__(self) -> str:
        return f"{self.most}/{next(unit for unit, span in _SPANS.items() if span == self.span)}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a message may wait to be approved, and what happens then: it is dropped or sent."""

    within: timedelta
    then: str = "drop"

    def __str__(self) -> str:
        return f"{format_duration(self.within)} {self.then}"


def due_time(at: datetime, quiet: Quiet | None, digest: DigestPlan | None, zone: ZoneInfo) -> datetime:
    """When an alert of this moment is sent. A digest in quiet hours waits for their end."""
    due = digest.next(at, zone) if digest else at
    return quiet.over(due, zone) if quiet else due


def _next(local: datetime, clock: time) -> datetime:
    """The next moment, later than `local`, at which local clocks show this time (or skip it)."""
    days = (datetime.combine(local.date() + n * _DAY, clock, local.tzinfo).astimezone(UTC) for n in range(3))
    return next(moment for moment in days if moment > local)


def _time(text: str) -> time:
    try:
        if text.startswith("24"):  # which Python takes for midnight from 3.14 on
            raise ValueError
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise ValueError(f'"{text}" is not a time of day; write it as "09:00"') from None


def _parse_quiet(value: object) -> Quiet:
    match = _QUIET.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('has to be hours of a day, such as "23:00-07:00" or "23:00-07:00 Europe/Moscow"')
    quiet = Quiet(_time(match[1]), _time(match[2]), zone_named(match[3]) if match[3] else None)
    if quiet.begin == quiet.end:
        raise ValueError("begins when it ends: for no alerts at all, leave the rule out")
    return quiet


def _parse_digest(value: object) -> DigestPlan:
    text = value.strip() if isinstance(value, str) else ""
    if match := _DAILY.fullmatch(text):
        return DigestPlan(None, _time(match[1]), zone_named(match[2]) if match[2] else None)
    try:
        every = parse_duration(text)
    except ValueError:
        raise ValueError('has to be how often ("1h"), or "daily 09:00", or "daily 09:00 Europe/Moscow"') from None
    if not timedelta(minutes=1) <= every <= _DAY:
        raise ValueError('has to be from "1m" to "1d"')
    return DigestPlan(every)


def _parse_rate(value: object) -> Rate:
    match = _RATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) < 1:
        raise ValueError('has to be how many in a minute, an hour or a day, such as "10/hour"')
    return Rate(int(match[1]), _SPANS[match[2].lower()])


def _parse_deadline(value: object) -> Deadline:
    match = _DEADLINE.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        within = parse_duration(match[1] if match else "")
    except ValueError:
        within = timedelta()
    if match is None or within < timedelta(minutes=1):
        raise ValueError('has to be a time, and what happens then: "4h drop" or "4h send"; "4h" drops')
    return Deadline(within, (match[2] or "drop").lower())


def _such_as(*examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "examples": list(examples)})


_AS_TEXT = PlainSerializer(str, return_type=str)

QuietHours = Annotated[
    Quiet, BeforeValidator(_parse_quiet), _AS_TEXT, _such_as("23:00-07:00", "23:00-07:00 Europe/Moscow")
]
DigestTimes = Annotated[
    DigestPlan, BeforeValidator(_parse_digest), _AS_TEXT, _such_as("1h", "daily 09:00", "daily 09:00 Europe/Moscow")
]
MessageRate = Annotated[Rate, BeforeValidator(_parse_rate), _AS_TEXT, _such_as("10/hour", "3/minute", "50/day")]
ApprovalDeadline = Annotated[Deadline, BeforeValidator(_parse_deadline), _AS_TEXT, _such_as("4h drop", "30m send")]


def retry_wait(attempts: int) -> timedelta:
    """The wait after `attempts` earlier failures: doubled each time up to an hour, with some jitter."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(attempts, 10)
    return min(LAST_RETRY, doubled) * random.uniform(0.9, 1.0)  # noqa: S311 - no secret
