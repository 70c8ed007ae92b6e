"""The pictures of a source: only of what was read, each with its words."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from state.model import DayTally
from state.storage.browsing import Daily
from watcher.web.charts import HEIGHT, MOST, WIDTH, Chart, Day, changes, days_of, entries, health, steps_of, week

TODAY = date(2025, 7, 14)
DAYS = st.builds(Day, st.just(TODAY), *[st.integers(0, 50)] * 2, *[st.integers(0, 3)] * 2)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def tones(chart: Chart) -> list[tuple[str, int]]:
    return [(path.tone, path.steps) for path in chart.paths]


def test_the_entries_of_earlier_days_are_counted_back_from_today() -> None:
    daily = [Daily(ago(1), "added", 3), Daily(TODAY, "removed", 1)]
    days = days_of(daily, [DayTally(ago(1), 4, 1)], 10, TODAY, ago(2))
    assert days == [Day(ago(2), 0, 8), Day(ago(1), 3, 11, 4, 1), Day(TODAY, 1, 10)]
    assert entries(steps_of(days)).summary == "from 8 to 10, between 8 and 11"
    assert days_of([], [], 10, TODAY, ago(-1)) == [Day(TODAY, 0, 10)]  # the clock was moved back


def test_each_day_of_the_strip_says_whether_it_was_read() -> None:
    tallies = [DayTally(ago(4), 9, 0), DayTally(ago(3), 8, 1), DayTally(ago(2), 0, 9)]
    drawn = health(steps_of(days_of([], tallies, 5, TODAY, ago(4))))
    assert tones(drawn) == [("read", 1), ("partly", 1), ("failed", 1), ("unread", 2)]
    assert drawn.summary == "read on 2 of 5 days, with failures on 2, not checked on 2"
    assert [path.label for path in drawn.paths][2:] == [
        "2025-07-12: could not be read",
        "2025-07-13 to 2025-07-14: not checked",
    ]


def test_a_change_is_a_reading_also_where_no_checks_were_counted() -> None:
    days = days_of([Daily(TODAY, "added", 1)], [], 5, TODAY, TODAY)
    assert tones(health(steps_of(days))) == [("read", 1)]


def test_days_without_a_reading_are_no_days_without_a_change() -> None:
    tallies = [DayTally(ago(2), 1, 0), DayTally(TODAY, 1, 0)]
    steps = steps_of(days_of([Daily(TODAY, "added", 2)], tallies, 7, TODAY, ago(2)))
    gap, bar = changes(steps).paths
    assert (gap.tone, gap.label) == ("gap", "2025-07-13: not checked")
    assert (bar.tone, bar.label) == ("bar", "2025-07-14: 2 changes, 7 entries")
    assert [path.tone for path in entries(steps).paths] == ["gap", "area", "curve", "area", "curve"]


def test_a_day_that_was_not_read_at_each_check_does_not_interrupt_the_line() -> None:
    steps = steps_of(days_of([], [DayTally(ago(1), 1, 1), DayTally(TODAY, 1, 0)], 7, TODAY, ago(1)))
    assert [path.tone for path in entries(steps).paths] == ["area", "curve"]


def test_a_long_life_is_drawn_in_steps_of_several_days() -> None:
    steps = steps_of(days_of([Daily(ago(500), "added", 3)], [], 3, TODAY, ago(500)))
    assert len(steps) <= MOST
    assert sum(map(len, steps)) == 501
    assert {len(step) for step in steps[1:]} == {6}
    assert changes(steps).paths[-1].label == "2024-03-01 to 2024-03-03: 3 changes, 3 entries"


@given(st.lists(DAYS, min_size=1, max_size=400))
def test_no_picture_leaves_its_frame(drawn: list[Day]) -> None:
    steps = steps_of([day._replace(day=ago(back)) for back, day in enumerate(drawn)][::-1])
    for chart in (health(steps), changes(steps), entries(steps), week([day.changes for day in drawn])):
        for path in chart.paths:
            for letter, number in re.findall(r"([MLHVhv ])(-?[\d.]+)", path.d):
                assert 0 <= float(number) <= (HEIGHT if letter in "Vv" else WIDTH), path
    assert sum(path.steps for path in health(steps).paths) == len(steps)
