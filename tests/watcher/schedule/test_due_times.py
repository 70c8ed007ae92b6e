"""When a source is next due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from state.model import SourceState
from watcher.schedule.due_times import Timing, due_after, plan_due

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def next_due(now: datetime, every: timedelta, **known: Any) -> datetime:
    return due_after(Timing(every, every), None, now, **known)


def stored(due: datetime, now: datetime, **known: Any) -> datetime:
    """When a source is due whose state has these times, as a schedule begins."""
    return plan_due(SourceState("one", due=due, **known), now, "one", Timing(MINUTE, MINUTE), 1)


def first_due(name: str, sources: int, every: timedelta) -> datetime:
    return plan_due(None, NOON, name, Timing(every, every), sources)


def test_a_check_on_time_keeps_the_rhythm() -> None:
    assert next_due(NOON + timedelta(seconds=7), MINUTE, before=NOON) == NOON + MINUTE


def test_a_check_that_came_far_too_late_starts_a_new_rhythm() -> None:
    assert next_due(NOON + 5 * MINUTE, MINUTE, before=NOON) == NOON + 6 * MINUTE


def test_a_clock_that_was_moved_back_does_not_stall_the_source() -> None:
    yesterday = NOON - timedelta(days=1)
    assert next_due(yesterday, MINUTE, before=NOON) == yesterday + MINUTE
    assert stored(NOON, yesterday) == yesterday


def test_failures_back_off_up_to_a_quarter_of_an_hour() -> None:
    waits = [next_due(NOON, MINUTE, failures=failures) - NOON for failures in (1, 2, 3, 4, 5, 50)]
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE, 15 * MINUTE]


def test_a_slow_source_never_waits_longer_than_its_own_pace_when_it_fails() -> None:
    assert next_due(NOON, timedelta(days=1), failures=9) == NOON + timedelta(days=1)


def test_retry_after_is_obeyed_when_it_is_later() -> None:
    assert next_due(NOON, MINUTE, failures=1, wait_until=NOON + timedelta(hours=2)) == NOON + timedelta(hours=2)
    assert next_due(NOON, MINUTE, failures=1, wait_until=NOON) == NOON + MINUTE


def test_a_due_time_that_the_server_asked_for_is_no_clock_fault() -> None:
    asked = NOON + timedelta(hours=6)
    assert stored(asked, NOON, wait_until=asked) == asked


def test_first_checks_are_spread_evenly_and_always_alike() -> None:
    dues = sorted(first_due(f"source-{number}", 1000, timedelta(hours=1)) for number in range(1000))
    assert dues == sorted(first_due(f"source-{number}", 1000, timedelta(hours=1)) for number in range(1000))
    in_the_first_half = sum(due < NOON + timedelta(seconds=25) for due in dues)
    assert 400 < in_the_first_half < 600
    assert dues[-1] < NOON + timedelta(seconds=50)


def test_a_few_new_sources_are_checked_at_once() -> None:
    assert first_due("rkn-landing", 3, MINUTE) < NOON + timedelta(seconds=1)


def test_a_last_check_in_the_future_tells_that_the_clock_was_moved_back() -> None:
    tomorrow = NOON + timedelta(days=1)
    asked = tomorrow + timedelta(hours=6)
    assert stored(asked, NOON, wait_until=asked, tried=tomorrow) == NOON
    assert stored(asked, NOON, wait_until=asked, tried=NOON) == asked
