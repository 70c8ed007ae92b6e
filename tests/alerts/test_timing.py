"""Quiet hours and digests: when an alert is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from alerts.options import AlertRule
from alerts.rules import routes_for
from alerts.timing import due_time
from state.model import Event, EventKind

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")


def rule(**options: Any) -> AlertRule:
    return AlertRule.model_validate({"to": ["desk"], **options})


def at(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due(text: str, zone: ZoneInfo = MOSCOW, **options: Any) -> str:
    made = rule(**options)
    return due_time(at(text, zone), made.quiet, made.digest, zone).astimezone(zone).isoformat(sep=" ")[:16]


@pytest.mark.parametrize(
    ("quiet", "now", "then"),
    [
        ("23:00-07:00", "2025-07-14 22:59", "2025-07-14 22:59"),
        ("23:00-07:00", "2025-07-14 23:00", "2025-07-15 07:00"),
        ("23:00-07:00", "2025-07-15 06:59", "2025-07-15 07:00"),
        ("23:00-07:00", "2025-07-15 07:00", "2025-07-15 07:00"),
        ("9:00-17:30", "2025-07-15 12:00", "2025-07-15 17:30"),
        ("9:00-17:30", "2025-07-15 18:00", "2025-07-15 18:00"),
        ("00:00-24:00", None, None),
        ("23:00-07:00 UTC", "2025-07-15 01:59", "2025-07-15 01:59"),
        ("23:00-07:00 UTC", "2025-07-15 02:00", "2025-07-15 10:00"),
    ],
)
def test_quiet_hours_hold_until_they_are_over(quiet: str, now: str | None, then: str | None) -> None:
    if now is None:
        with pytest.raises(ValidationError, match='"24:00" is not a time of day'):
            rule(quiet=quiet)
    else:
        assert due(now, quiet=quiet) == then


@pytest.mark.parametrize(
    ("digest", "now", "then"),
    [
        ("1h", "2025-07-14 12:00", "2025-07-14 13:00"),
        ("1h", "2025-07-14 12:59", "2025-07-14 13:00"),
        ("6h", "2025-07-14 13:00", "2025-07-14 18:00"),
        ("1d", "2025-07-14 13:00", "2025-07-15 00:00"),
        ("daily 09:00", "2025-07-14 08:59", "2025-07-14 09:00"),
        ("daily 9:00", "2025-07-14 09:00", "2025-07-15 09:00"),
        ("daily 09:00 UTC", "2025-07-14 11:00", "2025-07-14 12:00"),
    ],
)
def test_a_digest_goes_out_at_the_next_of_its_times(digest: str, now: str, then: str) -> None:
    assert due(now, digest=digest) == then


def test_a_digest_that_falls_into_quiet_hours_waits_for_their_end() -> None:
    assert due("2025-07-14 22:30", digest="1h", quiet="23:00-07:00") == "2025-07-15 07:00"


@pytest.mark.parametrize(
    ("quiet", "now", "hours"),
    [
        ("22:00-02:30", "2025-03-29 22:00", 4.5),  # clocks jump from 2 to 3: 2:30 does not exist that night
        ("22:00-07:00", "2025-03-29 22:00", 8),
        ("22:00-07:00", "2025-10-25 22:00", 10),
    ],
)
def test_quiet_hours_follow_summer_time(quiet: str, now: str, hours: float) -> None:
    made, began = rule(quiet=quiet), at(now, BERLIN)
    span = due_time(began, made.quiet, None, BERLIN).astimezone(UTC) - began.astimezone(UTC)
    assert span.total_seconds() / 3600 == hours


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"quiet": "at night"}, "has to be hours of a day"),
        ({"quiet": "23:00-23:00"}, "begins when it ends"),
        ({"quiet": "23:00-07:00 Europe/Moskow"}, 'did you mean "Europe/Moscow"'),
        ({"quiet": "23:00-07:61"}, '"07:61" is not a time of day'),
        ({"digest": "weekly"}, "has to be how often"),
        ({"digest": "2d"}, "has to be from"),
        ({"digest": "0s"}, "has to be from"),
        ({"digest": 5}, "has to be how often"),
        ({"urgent": ["record"]}, "neither quiet nor digest"),
        ({"urgent": ["records"], "quiet": "23:00-07:00"}, "'record', 'statement' or 'report'|record"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_what_to_write(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        rule(**options)


def test_what_is_written_back_reads_as_the_same() -> None:
    made = rule(quiet="9:05-17:00 UTC", digest="daily 9:00")
    assert made.model_dump(include={"quiet", "digest"}) == {"quiet": "09:05-17:00 UTC", "digest": "daily 09:00"}
    assert AlertRule.model_validate(made.model_dump()) == made


def test_of_two_rules_to_one_channel_the_one_that_tells_first_counts() -> None:
    event = Event(EventKind.BASELINE, "list", "list", "record", at("2025-07-14 12:10"), None, {})
    rules = [rule(digest="1h"), rule(digest="daily 09:00"), rule(to=["chat"])]
    routes = routes_for(event, rules, event.at, MOSCOW)
    assert [(route.channel, route.due, route.digest) for route in routes] == [
        ("desk", at("2025-07-14 13:00"), True),
        ("chat", event.at, False),
    ]
