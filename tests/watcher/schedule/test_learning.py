"""What is learned of when a source changes: pure, with histories that a test makes up."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watcher.schedule.learning import LONGEST_PACKED, Learner, Look, begin, from_log, hear, must_hear, recall
from watcher.schedule.week import DAY, PLACES, WEEK, Curve, age_of, hourly, lines, pieces, place_of

MONDAY = 4 * DAY + 2900 * WEEK  # midnight, UTC
EVERY = 900.0


class Watched:
    """A source that is checked every 15 minutes; `published` says at which times it changes."""

    def __init__(self, start: float = MONDAY) -> None:
        self.packed, self.curve = begin(start)
        self.last = start

    def look(self, now: float, *, changed: bool, previous: float | None = None) -> None:
        look = Look(now, previous or self.last, changed, EVERY)
        if must_hear(self.curve, look):
            self.packed, self.curve = hear(self.packed, self.curve, look)
        self.last = now

    def weeks(self, number: int, *hours: float) -> None:
        """Weeks in which it changes at these hours of each working day."""
        for _ in range(int(number * WEEK / EVERY)):
            now = self.last + EVERY
            day, hour = (now - MONDAY) // DAY % 7, (now % DAY) / 3600
            self.look(now, changed=day < 5 and any(0 <= hour - at < 0.25 for at in hours))


def at(hour: float, day: int = 0) -> int:
    return place_of(MONDAY + day * DAY + hour * 3600)


def test_a_new_source_changes_as_often_at_each_time() -> None:
    curve = Watched().curve
    assert (len(curve.levels), set(curve.levels), curve.mean) == (PLACES, {128}, 1.0)


def test_office_hours_are_learned_and_the_weekend_with_them() -> None:
    watched = Watched()
    watched.weeks(8, 10.25)
    assert watched.curve.mean == pytest.approx(5 / 7, rel=0.1)
    assert watched.curve.times(at(10.2)) > 10 * watched.curve.times(at(3))
    assert watched.curve.times(at(10.2)) > 3 * watched.curve.times(at(10.2, day=6))


def test_what_changed_long_ago_counts_less() -> None:
    watched = Watched()
    watched.weeks(6, 10.0)
    watched.weeks(26)
    before = watched.curve.times(at(10.1))
    watched.weeks(6, 15.0)
    assert watched.curve.times(at(15.1)) > watched.curve.times(at(10.1)) < before


def test_after_a_change_it_changes_more_often_for_a_while() -> None:
    watched, chance = Watched(), random.Random(1)
    for _ in range(400):
        first = watched.last + chance.uniform(0.5, 2) * DAY // EVERY * EVERY
        while watched.last < first:
            watched.look(watched.last + EVERY, changed=False)
        for _ in range(3):
            watched.look(watched.last + EVERY, changed=True)
    soon, late = watched.curve.ages[age_of(600)], watched.curve.ages[age_of(DAY / 2)]
    assert soon > late + 20  # levels: the rate is more than four times as high


def test_a_change_after_an_outage_teaches_no_hour() -> None:
    watched, other = Watched(), Watched()
    for each, changed in ((watched, True), (other, False)):
        each.weeks(2, 10.0)
        each.look(each.last + WEEK, changed=changed)
        each.weeks(1, 10.0)
    one, two = Learner.unpack(watched.packed), Learner.unpack(other.packed)
    assert one is not None
    assert two is not None
    assert (one.weeks, sum(one.counts)) == pytest.approx((two.weeks, sum(two.counts)), rel=0.001)


def test_checks_of_which_it_did_not_hear_for_weeks_teach_nothing() -> None:
    watched = Watched()
    watched.weeks(2, 10.25)
    watched.last += 5 * WEEK  # without a budget
    watched.look(watched.last + EVERY, changed=True)
    after = Learner.unpack(watched.packed)
    assert after is not None
    assert 1 < after.weeks < 2.1


def test_a_check_after_a_failure_teaches_no_hour() -> None:
    packed, curve = begin(MONDAY)
    packed, curve = hear(packed, curve, Look(MONDAY + 5 * EVERY, None, changed=True, longest=EVERY))
    learner = Learner.unpack(packed)
    assert learner is not None
    assert (sum(learner.counts), learner.weeks, curve.changed) == (0.0, 0.0, MONDAY + 5 * EVERY)


def test_a_clock_that_was_moved_back_teaches_nothing_and_breaks_nothing() -> None:
    watched = Watched()
    watched.weeks(3, 10.25)
    before = watched.curve
    watched.look(watched.last - 10 * DAY, changed=True)
    assert (watched.curve.levels, watched.curve.heard) == (before.levels, watched.last)
    watched.weeks(3, 10.25)
    assert watched.curve.times(at(10.1)) >= before.times(at(10.1))


def test_an_hour_stays_the_hour_when_clocks_are_put_forward_or_back() -> None:
    """The week is kept in UTC: a source that follows a local clock moves by an hour twice a year, and is followed."""
    watched = Watched()
    watched.weeks(12, 9.25)
    watched.weeks(10, 8.25)  # summer time begins
    assert watched.curve.times(at(8.1)) > watched.curve.times(at(7)) * 5
    watched.weeks(26, 8.25)
    assert watched.curve.times(at(8.1)) > watched.curve.times(at(9.1)) * 3


def test_a_streak_counts_checks_that_all_found_a_change() -> None:
    watched = Watched()
    for _ in range(5):
        watched.look(watched.last + EVERY, changed=True)
    assert watched.curve.streak == 5
    watched.look(watched.last + EVERY, changed=False)
    watched.look(watched.last + EVERY, changed=True)
    assert watched.curve.streak == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(60, 3 * DAY), st.booleans()), min_size=1, max_size=20), st.floats(0, 3e9))
def test_what_is_kept_is_small_and_read_as_it_was_written(steps: list[tuple[float, bool]], start: float) -> None:
    watched = Watched(start)
    for seconds, changed in steps:
        watched.look(watched.last + seconds, changed=changed)
    learner, curve = Learner.unpack(watched.packed), recall(watched.packed)
    assert learner is not None
    assert curve is not None
    assert len(watched.packed) <= LONGEST_PACKED
    assert learner.pack() == watched.packed
    assert all(0 <= level + age <= 510 for level in curve.levels for age in (127 + more for more in curve.ages))


def test_what_another_version_wrote_is_not_read() -> None:
    packed, _ = begin(MONDAY)
    assert (recall(b""), recall(b"\2" + packed[1:]), recall(packed[:-1])) == (None, None, None)


def test_the_log_of_changes_gives_nearly_what_the_checks_did() -> None:
    watched, changes = Watched(), list[tuple[float | None, float]]()
    for _ in range(int(6 * WEEK / EVERY)):
        now = watched.last + EVERY
        changed = 10 <= (now % DAY) / 3600 < 10.25
        if changed:
            changes.append((watched.last, now))
        watched.look(now, changed=changed)
    anew = recall(from_log(MONDAY, changes, watched.last, EVERY))
    assert anew is not None
    assert anew.mean == pytest.approx(watched.curve.mean, rel=0.1)
    assert anew.times(at(10.1)) == pytest.approx(watched.curve.times(at(10.1)), rel=0.25)


def test_the_pieces_of_a_time_are_whole_and_change_with_slot_and_age() -> None:
    found = list(pieces(MONDAY + 100, MONDAY + 1000, MONDAY - 50))
    assert [(begin - MONDAY, end - MONDAY, age) for begin, end, _, age in found] == [
        (100, 250, 0),
        (250, 300, 1),
        (300, 600, 1),
        (600, 850, 1),
        (850, 900, 2),
        (900, 1000, 2),
    ]


def curve_of(*hours: float) -> Curve:
    watched = Watched()
    watched.weeks(6, *hours)
    return watched.curve


def test_the_chart_has_a_line_for_each_day_and_its_highest_block_at_the_hour() -> None:
    drawn = lines(hourly(curve_of(10.5)))
    assert [line[:3] for line in drawn[1:]] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert {line[4:].find("█") for line in drawn[1:6]} == {10}
    assert not any("█" in line for line in drawn[6:])


def test_the_chart_of_another_zone_is_moved() -> None:
    drawn = lines(hourly(curve_of(22.5), offset=3 * 3600))
    assert [line[4:].find("█") for line in drawn[1:]] == [-1, 1, 1, 1, 1, 1, -1]
