"""When a source is looked at: `hours` in which it is checked, or the times `at` which it is. Pure.

`hours` are spans of the week, such as "mon-fri 08:00-20:00, sat 10:00-14:00"; one that ends past midnight belongs to
the day on which it begins. `at` is an expression of cron ("0 9 * * 1-5") or of systemd's OnCalendar ("*:00,30").
"""

import re
from collections.abc import Container, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(?:(?P<days>[a-z]{3}(?:\s*[-,]\s*[a-z]{3})*)\s+)?(?P<begin>\d\d?:\d\d)\s*-\s*(?P<end>\d\d?:\d\d)")
_WEEK = 7
_LONGEST_REST = 60  # days: the longest time without hours that is looked through


class Span(NamedTuple):
    """Hours of some days of the week (0 is Monday), in minutes since midnight; `end` may lie on the next day."""

    days: frozenset[int]
    begin: int
    end: int


_HOURS_ARE = 'hours are spans of the week, such as "mon-fri 08:00-20:00" or "08:00-20:00, sat 10:00-14:00"'


@lru_cache(maxsize=256)
def spans(text: str) -> tuple[Span, ...]:
    """The spans that a text describes. Raises ValueError."""
    found, rest = list[Span](), text.strip().lower()
    while rest:
        match = _SPAN.match(rest)
        if match is None:
            raise ValueError(f"{_HOURS_ARE}; this is not: {rest!r}")
        begin, end = _minutes(match["begin"]), _minutes(match["end"])
        if begin == end:
            raise ValueError(f"{match[0]!r} has no length; the whole day is 00:00-24:00")
        found.append(Span(_days(match["days"]), begin, end if end > begin else end + 24 * 60))
        rest = rest[match.end() :]
        if rest and not re.match(r"\s*[,;]", rest):
            raise ValueError(f"{_HOURS_ARE}; this is not: {rest!r}")
        rest = rest.lstrip(" \t,;")
    return tuple(found)


def _parse_hours(value: str) -> str:
    if not spans(value):
        raise ValueError(_HOURS_ARE)
    return value


def _minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(f"{text} is no time of day")
    return hours * 60 + minutes


def _days(text: str | None) -> frozenset[int]:
    if not text:
        return frozenset(range(_WEEK))
    days = set[int]()
    for part in text.split(","):
        names = [name.strip() for name in (*part.split("-"), part)[:2]]
        if unknown := next((name for name in names if name not in _DAYS), ""):
            raise ValueError(f'"{unknown}" is no day of the week: {", ".join(_DAYS)}')
        begin, end = map(_DAYS.index, names)
        days |= {(begin + step) % _WEEK for step in range((end - begin) % _WEEK + 1)}
    return frozenset(days)


def _parse_at(value: str) -> str:
    if not value.strip():
        raise ValueError('times are an expression of cron ("0 9 * * 1-5") or of OnCalendar ("Mon..Fri 09:00")')
    if next(times(value, datetime(2026, 1, 1, tzinfo=UTC)), None) is None:
        raise ValueError(f"{value!r} is never: it describes no time that is to come")
    return value


def times(expression: str, after: datetime) -> Iterator[datetime]:
    """The times after another one that an expression describes, in that one's zone. Raises ValueError."""
    from cronsim import CronSim, CronSimError
    from oncalendar import OnCalendar, OnCalendarError

    try:
        if len(expression.split()) in (5, 6) and ":" not in expression:
            return CronSim(expression, after)
        return OnCalendar(expression, after)
    except CronSimError as error:
        with suppress(CronSimError):  # it refuses a day that none of the months has: in others it is one
            if "day-of-month" in str(error) and CronSim(" ".join([*expression.split()[:-2], "* *"]), after):
                raise ValueError(f"{expression!r} names no day: none of its months has that one") from None
        raise ValueError(f"{expression!r} is no expression of cron: {error}") from None
    except OnCalendarError as error:
        raise ValueError(f"{expression!r} is no expression of OnCalendar: {error}") from None


def zone_named(name: str) -> ZoneInfo:
    """A time zone by its name. Raises ValueError with a similar name."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise ValueError(
            f'has to be the name of a time zone, such as "UTC" or "Europe/Moscow", not "{name}"{hint}'
        ) from None


def _parse_holidays(value: str) -> str:
    country, _, part = value.partition("-")
    from holidays import list_supported_countries

    known = list_supported_countries()
    if country not in known or (part and part not in known[country]):
        raise ValueError(f'no holidays of "{value}" are known; a country is such as "RU", "US" or "DE-BY"')
    return value


Hours = Annotated[str, AfterValidator(_parse_hours)]
At = Annotated[str, AfterValidator(_parse_at)]
Zone = Annotated[str, AfterValidator(lambda name: zone_named(name).key)]
Holidays = Annotated[str, AfterValidator(_parse_holidays)]


@lru_cache(maxsize=64)
def _holidays(place: str) -> Container[date]:
    from holidays import country_holidays

    country, _, part = place.partition("-")
    return country_holidays(country, subdiv=part or None)


class Calendar(NamedTuple):
    """When a source is looked at. With neither `hours` nor `at` it is at all times."""

    zone: ZoneInfo
    hours: str | None = None
    at: str | None = None
    holidays: str | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether the source is checked at this time, by its hours."""
        return self.opens(at) == at

    def opens(self, at: datetime) -> datetime:
        """This time, if it lies within the hours, else when the next ones begin. Never, such as with only a holiday, is
        after some weeks.
        """
        if self.hours is None and self.holidays is None:
            return at
        day = at.astimezone(self.zone).date() - timedelta(days=1)
        for _ in range(_LONGEST_REST):
            for begin, end in sorted(self._open_on(day)):
                if at < end:
                    return max(at, begin)
            day += timedelta(days=1)
        return at + timedelta(days=_LONGEST_REST)

    def open_time(self, since: datetime, until: datetime) -> timedelta:
        """How much of the time between lies within the hours."""
        if self.hours is None and self.holidays is None:
            return until - since
        day, last = since.astimezone(self.zone).date() - timedelta(days=1), until.astimezone(self.zone).date()
        total = timedelta()
        while day <= last:
            for begin, end in self._open_on(day):
                total += max(timedelta(), min(end, until) - max(begin, since))
            day += timedelta(days=1)
        return total

    def next_at(self, after: datetime) -> datetime | None:
        """The next of the times `at` which it is checked, after this one; None if there is none in ten years.

        After a time that lies outside of the hours the search goes on where the next ones begin: its length depends on
        the days, not on how many times a day has.
        """
        assert self.at is not None  # noqa: S101 - asked only for sources that have it
        since = after.astimezone(UTC)
        furthest = since + timedelta(days=3653)  # the longest time to the next of the times `at` that is looked through
        while since < furthest:
            # a time in the hour that a clock repeats is found again
            upcoming = (each for each in times(self.at, since.astimezone(self.zone)) if each.astimezone(UTC) > since)
            if (found := next(upcoming, None)) is None:
                return None
            moment = found.astimezone(UTC)
            opens, day = self.opens(moment), found.date()
            if self._is_holiday(day):  # the hours may be those of the day before
                opens = max(opens, self._moment(day, 24 * 60))
            if opens == moment:
                return moment.astimezone(after.tzinfo)
            since = max(moment, opens - timedelta(seconds=1))
        return None

    def _open_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self._is_holiday(day):
            return
        for span in spans(self.hours or "00:00-24:00"):
            if day.weekday() in span.days:
                yield self._moment(day, span.begin), self._moment(day, span.end)

    def _moment(self, day: date, minutes: int) -> datetime:
        """A time of day in UTC; one that a clock skips is as much later as it skips."""
        days, minutes = divmod(minutes, 24 * 60)
        local = datetime.combine(day + timedelta(days=days), time(minutes // 60, minutes % 60), self.zone)
        return local.astimezone(UTC)

    def _is_holiday(self, day: date) -> bool:
        return self.holidays is not None and day in _holidays(self.holidays)
