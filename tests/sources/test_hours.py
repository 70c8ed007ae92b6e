"""Hours and times at which a source is looked at: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sources import Source
from sources.hours import Calendar, spans, times

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


OFFICE = Calendar(MOSCOW, hours="mon-fri 08:00-20:00")


def test_spans_are_days_and_minutes() -> None:
    found = spans("Mon-Fri 08:00-20:00, sat,sun 10:00-14:30; 22:00-06:00")
    assert [(sorted(span.days), span.begin, span.end) for span in found] == [
        ([0, 1, 2, 3, 4], 480, 1200),
        ([5, 6], 600, 870),
        ([0, 1, 2, 3, 4, 5, 6], 1320, 1800),
    ]


def test_days_go_over_the_end_of_the_week() -> None:
    assert sorted(spans("sat-mon 08:00-09:00")[0].days) == [0, 5, 6]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "hours are spans of the week"),
        ("mon-fri", "this is not: 'mon-fri'"),
        ("mon-fri 8-20", "this is not"),
        ("mon-fry 08:00-20:00", '"fry" is no day of the week'),
        ("08:00-25:00", "25:00 is no time of day"),
        ("08:00-08:00", "has no length"),
        ("08:00-20:00 and more", "this is not: ' and more'"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Source(hours=text)


def test_within_the_hours_it_is_open_and_else_it_opens_with_the_next_ones() -> None:
    friday, weekend = utc("2025-07-18T10:00"), utc("2025-07-18T17:00")
    assert OFFICE.opens(friday) == friday
    assert OFFICE.opens(weekend) == utc("2025-07-21T05:00")
    assert (OFFICE.is_open(friday), OFFICE.is_open(weekend)) == (True, False)


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night = Calendar(ZoneInfo("UTC"), hours="fri 22:00-06:00")
    assert night.is_open(utc("2025-07-19T05:59"))
    assert night.opens(utc("2025-07-19T06:00")) == utc("2025-07-25T22:00")


def test_hours_keep_to_the_clock_when_summer_time_begins_and_ends() -> None:
    calendar = Calendar(BERLIN, hours="08:00-20:00")
    assert calendar.opens(utc("2025-03-29T22:00")) == utc("2025-03-30T06:00")  # the night has an hour less
    assert calendar.opens(utc("2025-10-25T22:00")) == utc("2025-10-26T07:00")


def test_hours_that_begin_in_the_hour_that_a_clock_skips_begin_after_it() -> None:
    calendar = Calendar(BERLIN, hours="02:30-04:00")
    assert calendar.opens(utc("2025-03-30T00:00")) == utc("2025-03-30T01:30")


def test_on_a_holiday_nothing_is_open() -> None:
    calendar = Calendar(MOSCOW, hours="mon-fri 08:00-20:00", holidays="RU")
    assert calendar.opens(utc("2025-06-12T09:00")) > utc("2025-06-13T00:00")  # the Day of Russia, a Thursday
    assert OFFICE.is_open(utc("2025-06-12T09:00"))


def test_only_time_within_the_hours_counts() -> None:
    assert OFFICE.open_time(utc("2025-07-18T16:00"), utc("2025-07-21T06:00")) == timedelta(hours=2)
    assert Calendar(MOSCOW).open_time(utc("2025-07-18T16:00"), utc("2025-07-19T16:00")) == timedelta(days=1)


def test_times_are_written_as_cron_or_as_systemd_writes_them() -> None:
    after = utc("2025-07-18T10:10")
    cron = list(islice(times("0 9 * * 1-5", after), 2))
    systemd = list(islice(times("*:00,30", after), 2))
    assert cron == [utc("2025-07-21T09:00"), utc("2025-07-22T09:00")]
    assert systemd == [utc("2025-07-18T10:30"), utc("2025-07-18T11:00")]


def test_the_next_of_the_times_is_in_its_zone_and_on_no_holiday() -> None:
    calendar = Calendar(MOSCOW, at="0 9 * * 1-5", holidays="RU")
    assert calendar.next_at(utc("2025-07-18T10:00")) == utc("2025-07-21T06:00")
    assert calendar.next_at(utc("2025-06-11T10:00")) not in {utc("2025-06-12T06:00"), None}


OFTEN, MINUTES, QUARTERS, SECONDS = "*:*:0/15", "* * * * *", "*:0/15", "*:*:*"


@pytest.mark.parametrize(
    ("hours", "at", "holidays", "after", "due"),
    [
        ("mon-fri 08:00-20:00", MINUTES, "RU", "2026-12-31T16:59", "2027-01-11T05:00"),
        ("mon-fri 08:00-20:00", OFTEN, None, "2026-11-27T16:59:50", "2026-11-30T05:00"),
        ("mon 09:00-09:10", MINUTES, None, "2026-11-30T06:10", "2026-12-07T06:00"),
        ("mon-fri 08:00-20:00", SECONDS, None, "2026-11-30T16:59:59", "2026-12-01T05:00"),
        ("mon-fri 08:00-20:00", MINUTES, "CN", "2026-09-30T16:59", "2026-10-08T05:00"),
        ("wed 22:00-06:00", MINUTES, "RU", "2025-06-11T20:59", "2025-06-18T19:00"),  # the 12th is a holiday
    ],
)
def test_the_next_time_is_found_however_many_lie_outside_of_the_hours(
    hours: str, at: str, holidays: str | None, after: str, due: str
) -> None:
    assert Calendar(MOSCOW, hours, at, holidays).next_at(utc(after)) == utc(due)


def test_times_that_never_lie_within_the_hours_are_none() -> None:
    assert OFFICE._replace(at="0 3 * * *").next_at(utc("2025-06-11T19:00")) is None


HOURS = (
    None,
    "mon-fri 08:00-20:00",
    "mon 09:00-09:10",
    "22:00-06:00, sat 00:00-24:00",
    "02:30-03:30",
    "sun 01:00-03:00",
)
TIMES = (
    QUARTERS,
    "*/15 * * * *",
    "0,30 2 * * *",
    "Mon..Fri 09:00",
    "5 * * * 1,7",
    "*:00,30 Asia/Tokyo",
    "0 */20 * * * *",
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(available_timezones())),
    st.sampled_from(HOURS),
    st.sampled_from(TIMES),
    st.sampled_from((None, "RU", "CN", "US", "DE-BY", "IL")),
    st.integers(0, 4 * 366 * 86_400).map(lambda seconds: utc("2024-01-01") + timedelta(seconds=seconds)),
)
def test_no_time_before_the_next_one_was_open(
    zone: str, hours: str | None, at: str, holidays: str | None, after: datetime
) -> None:
    calendar = Calendar(ZoneInfo(zone), hours, at, holidays)
    found = calendar.next_at(after)
    assume(found is not None)
    assert found is not None
    assert found > after
    assert is_due(calendar, found)
    described = (each.astimezone(UTC) for each in islice(times(at, after.astimezone(calendar.zone)), 3_000))
    for moment in described:  # each of them by itself, without a search
        if moment >= found:
            break
        assert moment <= after or not is_due(calendar, moment)


def is_due(calendar: Calendar, moment: datetime) -> bool:
    """Whether a time lies within the hours, and on no holiday by the clock of the zone."""
    local = moment.astimezone(calendar.zone)
    return calendar.is_open(moment) and calendar._replace(hours=None).is_open(
        local.replace(hour=12, minute=0, second=0, fold=0).astimezone(UTC)
    )


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("at", "0 25 * * *", "no expression of cron"),
        ("at", "0 9 32 2 *", "no expression of cron"),
        ("at", "0 9 31 2 *", "names no day: none of its months"),
        ("at", "0 9 31 4,6 *", "names no day: none of its months"),
        ("at", "Mon..Fry 09:00", "no expression of OnCalendar"),
        ("at", " ", "times are an expression"),
        ("at", "2020-01-01 09:00", "is never"),
        ("zone", "Europe/Mosco", "did you mean"),
        ("holidays", "XX", "no holidays"),
        ("holidays", "DE-XX", "no holidays"),
    ],
)
def test_what_is_no_calendar_is_refused_with_what_is_wrong(key: str, value: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Source.model_validate({key: value})
