"""How many requests are made, and how sources share them: pure."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watcher.reports.schedule import few_words, words
from watcher.schedule.budget import (
    Bounds,
    LearnedSource,
    Ledger,
    Terms,
    forecast,
    forecast_fixed,
    paces,
    quantiles,
    solve,
    weigh,
)
from watcher.schedule.due_times import RESTLESS, Pace, reason
from watcher.schedule.learning import begin
from watcher.schedule.week import DAY, PLACES, SLOTS, Curve, base_level, levels_of, next_check

NOW = 2900 * 7 * DAY + 4 * DAY
EVERY = 900.0


def busy(hour: int, times: float, mean: float = 4.0) -> Curve:
    """Of a source that changes so many times as often in one hour of the day."""
    rates = [mean * (times if at % SLOTS // 12 == hour else 1.0) for at in range(PLACES)]
    return replace(begin(NOW)[1], levels=levels_of(rates, mean), mean=mean)


def pace_of(curve: Curve, terms: Terms, scale: float, every: float = EVERY) -> Pace:
    return Pace(curve, paces(terms.bounds(every), scale), terms.base(curve.mean, record=False), every, terms)


def a_day(pace: Pace, curve: Curve) -> list[float]:
    """When a source is checked within a day in which nothing changes."""
    times = [curve.changed + DAY]
    while times[-1] < times[0] + DAY:
        times.append(pace.due(times[-1]))
    return times


@pytest.mark.parametrize("times", [1.25, 1.5, 2.0])
def test_a_usual_week_costs_what_the_budget_allows(times: float) -> None:
    curves = [busy(hour, 4 + hour, mean) for hour, mean in ((9, 0.1), (12, 3), (20, 40))]
    terms = Terms(times)
    bounds = terms.bounds(EVERY)
    shares = [(bounds, terms.base(curve.mean, record=False), EVERY, quantiles(curve)) for curve in curves]
    scale = solve(weigh(shares), times)
    flat = [replace(curve, ages=(0,) * 10) for curve in curves]  # as the budget supposes
    checks = [len(a_day(pace_of(curve, terms, scale), curve)) - 1 for curve in flat]
    assert sum(checks) / (3 * DAY / EVERY) == pytest.approx(times, rel=0.08)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.floats(0.01, 5.0),
    st.integers(0, 23),
    st.floats(1, 300),
    st.floats(0.01, 300),
    st.floats(60, 2e5),
    st.floats(0, DAY),
)
def test_no_interval_is_longer_than_the_promise_or_shorter_than_the_fastest(
    scale: float, hour: int, times: float, mean: float, every: float, since: float
) -> None:
    terms = Terms(1.5)
    pace = pace_of(busy(hour, times, mean), terms, scale, every)
    for begun, due in pairwise([NOW + since, *(pace.due(NOW + since + n) for n in range(3))][:2]):
        assert terms.shortest(every) - 1e-3 <= due - begun <= every + 1e-3


def test_a_check_is_due_at_a_whole_second_unless_that_is_too_soon() -> None:
    curve = replace(begin(NOW)[1], ages=(0,) * 10)
    slow, fast = (pace_of(curve, Terms(1.5), scale) for scale in (1.1, 100.0))
    assert slow.due(NOW + 0.5) == NOW + 818  # 818.7 after
    assert fast.due(NOW + 0.5) == NOW + 200.5


def test_slowest_takes_the_place_of_every() -> None:
    terms = Terms(0.5, slowest=3600.0)
    assert (terms.longest(900.0), terms.longest(7200.0)) == (3600.0, 7200.0)
    curve = busy(9, 50, 0.01)
    assert max(b - a for a, b in pairwise(a_day(pace_of(curve, terms, 0.01), curve))) == pytest.approx(3600)


def test_the_busy_hour_is_looked_at_more_often() -> None:
    curve = replace(busy(10, 30), ages=(0,) * 10)
    checks = a_day(pace_of(curve, Terms(1.5), 0.6), curve)
    in_hour = [sum(at % DAY // 3600 == hour for at in checks) for hour in (3, 10)]
    assert in_hour[0] == 4
    assert in_hour[1] > 2 * in_hour[0]


def test_sources_share_as_the_configuration_says() -> None:
    bases = {
        share: [Terms(1.5, share=share).base(mean, record=False) for mean in (1.0, 16.0)]
        for share in ("equal", "balanced", "busy")
    }
    assert {share: high - low for share, (low, high) in bases.items()} == {"equal": 0, "balanced": 32, "busy": 64}


def test_a_quiet_source_has_the_share_of_one_that_changes_each_working_day() -> None:
    bases = {
        share: Terms(1.5, share=share).base(5 / 7, record=False) - Terms(1.5, share=share).base(5 / 112, record=False)
        for share in ("equal", "balanced", "busy")
    }
    assert bases == {"equal": 0, "balanced": 0, "busy": 64}


def test_a_quiet_record_has_the_same_share_as_a_busy_one() -> None:
    terms = Terms(1.5)
    assert terms.base(0.01, record=True) == terms.base(100.0, record=True) == base_level(5 / 7, 0.25)


def test_sources_with_other_intervals_each_keep_their_promise() -> None:
    terms = Terms(1.5)
    shares = [
        (terms.bounds(every), terms.base(1.0, record=False), every, quantiles(busy(9, 20, 1.0)))
        for every in (60.0, 900.0, DAY)
    ]
    weights = weigh(shares)
    assert sum(map(sum, weights.values())) == pytest.approx(1 / 60 + 1 / 900 + 1 / DAY)
    assert terms.bounds(60.0) == Bounds(1.0, 1.0)  # every minute is as fast as it gets
    assert solve(weights, 1.5) > 1


def test_what_was_saved_makes_the_pace_faster_and_what_was_overspent_slower() -> None:
    allowed = 1.0  # a second
    saved = Ledger(0.0, NOW).turn(NOW + 60, allowed, 20)
    spent = Ledger(0.0, NOW).turn(NOW + 60, allowed, 100)
    assert (saved.credit, spent.credit) == (40.0, -40.0)
    assert saved.haste(allowed) > 1 > spent.haste(allowed)
    assert Ledger(1e9, NOW).turn(NOW + 60, allowed, 0).haste(allowed) == pytest.approx(2.718, abs=0.001)


@pytest.mark.parametrize("seconds", [7 * DAY, -DAY, 0.0])
def test_a_week_of_outage_and_a_clock_that_was_moved_save_nothing(seconds: float) -> None:
    assert Ledger(5.0, NOW).turn(NOW + seconds, 1.0, 3) == Ledger(5.0, NOW + seconds)


def test_a_source_that_changes_at_every_look_stays_at_every() -> None:
    pace = pace_of(replace(busy(9, 5, 90), streak=RESTLESS), Terms(1.5), 5.0)
    assert pace.due(NOW) == NOW + EVERY
    assert words(reason(pace, NOW, pace.due(NOW))) == "it changes at every look: every 15 min"


def test_a_reason_names_the_hour_the_burst_and_the_chance() -> None:
    curve = replace(busy(10, 6, 10.0), changed=NOW + 10 * 3600)
    pace = pace_of(curve, Terms(1.5), 2.0)
    since = NOW + 10 * 3600
    told = words(reason(pace, since, pace.due(since)))
    assert told.startswith("after 3 min: at this hour it changes 6.")
    assert "times as often as on average, 3 min after a change 2." in told
    assert told.endswith("% that something is new")


def test_a_reason_is_the_promise_where_that_is_the_interval() -> None:
    pace = pace_of(busy(10, 6, 0.2), Terms(1.5), 0.1)
    why = reason(pace, NOW, pace.due(NOW))
    assert words(why).startswith("the promise: never longer than 15 min; ")
    assert few_words(why).startswith("promise, ")


def test_a_new_source_beside_100_old_ones_has_its_share() -> None:
    chance, terms = random.Random(3), Terms(1.5)
    curves = [busy(chance.randrange(24), 20, chance.choice([0.1, 1, 10])) for _ in range(100)] + [begin(NOW)[1]]
    known = [LearnedSource(str(at), EVERY, False, each.mean, quantiles(each)) for at, each in enumerate(curves)]
    found = forecast(known, terms)
    assert 0.5 * EVERY / 2 < found.by_source["100"] <= EVERY / 2


def test_a_forecast_costs_the_budget_and_a_larger_one_brings_less_delay() -> None:
    curves = [busy(hour, 40, mean) for hour, mean in ((9, 1), (12, 5), (20, 40))]
    known = [LearnedSource(str(at), EVERY, False, each.mean, quantiles(each)) for at, each in enumerate(curves)]
    usual = forecast_fixed(known)
    found = [forecast(known, Terms(times)) for times in (1.25, 1.5, 2.0)]
    assert [each.requests / usual.requests for each in found] == pytest.approx([1.25, 1.5, 2.0], rel=0.02)
    assert usual.delay == 450 > found[0].delay > found[1].delay > found[2].delay


def test_a_check_is_due_when_the_clock_of_the_source_has_gone_on_by_its_interval() -> None:
    curve = replace(begin(NOW)[1], ages=(0,) * 10)
    table = paces(Bounds(1.0, 5.0), 2.0)
    assert next_check(curve, NOW, table, base_level(1.0, 0.25), EVERY) == pytest.approx(NOW + EVERY / 2)
