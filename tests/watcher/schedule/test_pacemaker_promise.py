"""The budget in the program: what it promises, and what `watch status` says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from re import fullmatch, match
from zoneinfo import ZoneInfo

import pytest

from tests.watcher.schedule.conftest import EVERY, MONDAY, Numbers, World, config_of, in_office_hours
from watcher.check.outcome import Result
from watcher.reports.schedule import report
from watcher.schedule.due_times import Timing, longest_rest
from watcher.schedule.learning import LONGEST_PACKED, recall


@pytest.mark.parametrize("processes", [1, 2])
def test_the_promise_is_kept_at_every_step_also_over_restarts(on_each: Callable[..., World], processes: int) -> None:
    played = on_each(processes)
    played.changes = in_office_hours
    intervals = list[timedelta]()
    for day in range(1, 3):
        intervals += played.until(MONDAY + timedelta(days=day))
        played.restart()
    assert max(intervals) <= EVERY + timedelta(seconds=1)
    assert min(intervals) >= timedelta(seconds=199)
    assert len(intervals) > 1.2 * 2 * 96


def test_without_a_budget_nothing_is_learned_and_each_interval_is_the_same(world: Callable[..., World]) -> None:
    played = world(budget=None)
    played.changes = in_office_hours
    assert set(played.until(MONDAY + timedelta(hours=14))) == {EVERY}
    assert played.stores[0].rhythms.read_packed(["list"]) == {}
    assert played.why() == "it is checked every 15m"


def test_what_is_learned_is_stored_small_and_survives_a_restart_and_an_edit(on_each: Callable[..., World]) -> None:
    played = on_each()
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=1, hours=12))
    packed = played.stores[0].rhythms.read_packed(["list"])["list"][1]
    played.config = config_of("2x", {"list": Numbers(every="10m")})
    played.restart()
    played.check()
    curve = recall(played.stores[0].rhythms.read_packed(["list"])["list"][1])
    assert curve is not None
    assert len(packed) <= LONGEST_PACKED
    assert curve.changed == pytest.approx(played.now.timestamp() - 3600, abs=3600)
    assert curve.mean > 3


def test_a_missing_rhythm_is_made_anew_from_the_log(world: Callable[..., World]) -> None:
    played = world(budget=None)
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=8))
    played.config = config_of("1.5x", dict(played.config.sources))
    played.restart()
    played.check()
    curve = recall(played.stores[0].rhythms.read_packed(["list"])["list"][1])
    assert curve is not None
    assert curve.times(10 * 12) > 3 * curve.times(3 * 12)


def test_status_says_that_the_hour_is_the_reason(world: Callable[..., World]) -> None:
    played = world()
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=1, hours=10, minutes=20))
    assert "times as often as on average" in played.why()


def test_status_says_that_the_promise_is_the_reason(world: Callable[..., World]) -> None:
    played = world(budget="1x")
    played.until(MONDAY + timedelta(hours=2))
    assert played.why().startswith("the promise: never longer than 15 min; ")


def test_after_a_week_of_outage_the_promise_holds_again_and_nothing_was_learned_of_it(
    world: Callable[..., World],
) -> None:
    played = world()
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=2))
    before = recall(played.stores[0].rhythms.read_packed(["list"])["list"][1])
    played.now += timedelta(days=7)
    result = played.check()
    after = recall(played.stores[0].rhythms.read_packed(["list"])["list"][1])
    assert before is not None
    assert after is not None
    assert result.due is not None
    assert after.mean == pytest.approx(before.mean, rel=0.1)
    assert played.now < result.due <= played.now + EVERY
    assert match(
        r"after \d min: at this hour it changes 0\.\d times as often as on average, \d min after a", played.why()
    )


def test_a_clock_that_is_moved_back_makes_the_source_due_at_once_and_the_promise_holds(
    world: Callable[..., World],
) -> None:
    played = world()
    played.until(MONDAY + timedelta(hours=5))
    played.now -= timedelta(hours=3)
    cycle = played.cycles[0]
    cycle.start("list")
    results = list[Result]()
    while not results:
        results += cycle.step(1)
    assert results[0].due is not None
    assert played.now < results[0].due <= played.now + EVERY
    assert fullmatch(
        r"after 1\d min: at this hour it changes as often as on average; \d % that something is new", played.why()
    )
    assert max(played.until(played.now + timedelta(hours=2))) <= EVERY + timedelta(seconds=1)


def test_a_source_that_changes_at_every_look_stays_at_every(world: Callable[..., World]) -> None:
    played = world()
    played.changes = lambda now: int((now - MONDAY) / timedelta(minutes=1))
    played.until(MONDAY + timedelta(hours=16))
    assert played.why() == "it changes at every look: every 15 min"
    assert set(played.until(MONDAY + timedelta(hours=18))) == {EVERY}


def test_while_a_source_fails_it_is_asked_as_without_a_budget(world: Callable[..., World]) -> None:
    played = world()
    played.until(MONDAY + timedelta(hours=3))
    played.down = True
    played.check()
    assert set(played.until(played.now + timedelta(hours=1))) == {EVERY}
    assert played.why() == "it is checked every 15m"


def test_only_of_a_source_that_is_asked_less_often_while_it_fails_is_that_said(world: Callable[..., World]) -> None:
    played = world(budget=None, list=Numbers(every="5m"))
    played.down = True
    for _ in range(3):
        played.check()
    assert played.why() == "3 checks failed in a row: each further one doubles the wait, up to 15m"
    played.down = False
    result = played.check()
    assert result.due is not None
    assert result.due - played.now <= EVERY


def test_a_new_source_beside_100_old_ones_is_looked_at_as_often_as_they_are(world: Callable[..., World]) -> None:
    old = {f"old-{number}": Numbers(every="15m") for number in range(100)}
    played = world(**old)
    played.changes = in_office_hours
    played.until(MONDAY + timedelta(days=2), "old-0")
    for name in old:
        played.knows(name, "old-0")
    played.config = config_of("1.5x", {**old, "new": Numbers(every="15m")})
    played.restart()
    intervals = played.until(MONDAY + timedelta(days=2, hours=6), "new")
    assert timedelta(minutes=5) < max(intervals) <= EVERY + timedelta(seconds=1)
    assert fullmatch(r"after \d+ min: at this hour it changes as often as on average; \d % .*", played.why("new"))


def test_a_fixed_source_takes_no_part(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", schedule="fixed"))
    played.changes = in_office_hours
    assert set(played.until(MONDAY + timedelta(hours=14))) == {EVERY}
    assert report(played.config, played.stores[0], played.now).known == []


def test_the_requests_of_a_day_are_booked(world: Callable[..., World]) -> None:
    played = world()
    played.changes, played.books = in_office_hours, True
    played.until(MONDAY + timedelta(days=2))
    found = report(played.config, played.stores[0], played.now)
    assert found.used == pytest.approx(6.0, rel=0.15)  # an hour
    assert found.forecasts[1.5].delay < found.forecasts[1.0].delay == pytest.approx(450)


def test_a_source_with_hours_rests_outside_of_them_and_opens_with_a_check(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", hours="mon-fri 08:00-20:00"))
    played.now = MONDAY + timedelta(hours=9)
    played.check()
    played.until(MONDAY + timedelta(hours=20))
    assert played.stores[0].source("list").due == MONDAY + timedelta(days=1, hours=8)
    played.now = MONDAY + timedelta(hours=21)
    assert played.why() == "it rests until 2025-07-15 08:00, when its hours begin"


def test_a_night_in_which_a_source_rests_is_no_gap_in_what_is_known_of_it(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", hours="08:00-20:00"))
    played.now = MONDAY + timedelta(hours=18)
    played.check()
    played.until(MONDAY + timedelta(days=1, hours=9))
    timing = Timing.of(played.config.sources["list"], played.config.schedule.terms, ZoneInfo("UTC"))
    rest = longest_rest(timing, played.now, played.now)
    history = played.stores[0].history
    assert history.gaps("list", MONDAY + timedelta(hours=19), played.now, now=played.now, rest=rest) == []


@pytest.mark.parametrize("first", [date(2025, 3, 27), date(2025, 10, 23)])
def test_a_rhythm_follows_its_clock_when_summer_time_begins_and_ends(world: Callable[..., World], first: date) -> None:
    played, berlin = world(), ZoneInfo("Europe/Berlin")
    played.now = datetime(first.year, first.month, first.day, tzinfo=berlin).astimezone(UTC)

    def at_nine(now: datetime) -> int:
        local = now.astimezone(berlin)
        today = (local.hour - 9) * 10 + local.minute // 6
        return (local.date() - first).days * 10 + min(10, max(0, today))

    played.changes = at_nine
    after = datetime(first.year, first.month, first.day, 9, 20, tzinfo=berlin) + timedelta(days=5)
    assert max(played.until(after.astimezone(UTC))) <= EVERY + timedelta(seconds=1)
    assert match(r"after 3 min: at this hour it changes \d+\.\d times as often as on average", played.why())


def test_hours_follow_their_clock_when_summer_time_begins(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", hours="08:00-20:00", zone="Europe/Berlin"))
    played.now = datetime(2025, 3, 29, 18, 50, tzinfo=UTC)
    result = played.check()
    assert result.due == datetime(2025, 3, 30, 6, tzinfo=UTC)  # the day before it was 7 in UTC
    played.now = datetime(2025, 3, 29, 22, tzinfo=UTC)
    assert played.why() == "it rests until 2025-03-30 06:00, when its hours begin"


def test_a_source_with_times_is_checked_at_them_and_soon_again_when_it_failed(world: Callable[..., World]) -> None:
    played = world(list=Numbers(every="15m", at="0 9 * * 1-5"))
    played.now = MONDAY + timedelta(hours=9)
    result = played.check()
    assert result.due == MONDAY + timedelta(days=1, hours=9)
    assert played.why() == "the next of its times: at = '0 9 * * 1-5'"
    played.down = True
    result = played.check()
    assert result.due == MONDAY + timedelta(days=1, hours=9, minutes=15)
