"""How many requests are made (the table `[schedule]`), how sources share them, and what that brings. Pure.

`Terms` say what the configuration wants. `solve` finds one factor for all sources, so that the checks of a usual week
are what the budget allows. A `Ledger` has what was saved, or spent too much, which moves the pace.

In a forecast a change waits half an interval on average, of the interval that its hour has. What comes of the time
since the last change is left out: it makes the real delays shorter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from math import exp, exp2
from operator import mul
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sources.options import Duration, OptionTable, at_least
from watcher.schedule.week import DAY, KINDS, MIDDLE_OF_PACES, OCTAVE, PACES, SLOTS, Curve, base_level, rate_times

QUANTILES = 16  # levels that stand for a source's week
_EACH_WORKING_DAY = 5 / 7  # changes a day
_SHORTEST = 60.0  # seconds: the least interval by default ...
_SHARE = 2 / 9  # ... and as a share of `every`
_HASTE = 0.5  # a day's worth moves the pace by e to this power
LONGEST_TURN = 600.0  # seconds: longer times between two turns were an outage
_FACTORS = tuple(exp2((level - MIDDLE_OF_PACES) / OCTAVE) for level in range(PACES))
Weights = Mapping["Bounds", Sequence[float]]


class Bounds(NamedTuple):
    """How many times as slowly, and as fast, as `every` a source may be checked."""

    low: float
    high: float


class Terms(NamedTuple):
    """What the configuration says: so many times the requests of fixed intervals, and bounds of intervals (seconds).

    Without `slowest` no interval is longer than the source's `every`. Without `fastest` it is 2/9 of `every`, and at
    least a minute.
    """

    times: float
    fastest: float | None = None
    slowest: float | None = None
    share: str = "balanced"

    def longest(self, every: float) -> float:
        """The longest interval between two checks: the promise."""
        return max(every, self.slowest or every)

    def shortest(self, every: float) -> float:
        """The shortest interval between two checks."""
        least = max(_SHORTEST, _SHARE * every) if self.fastest is None else self.fastest
        return min(every, least)

    def bounds(self, every: float) -> Bounds:
        """The bounds of a source's pace; rounded, so that there are few kinds of them."""
        low, high = every / self.longest(every), every / self.shortest(every)
        return Bounds(float(f"{low:.2g}"), float(f"{high:.2g}"))

    def base(self, mean: float, *, record: bool) -> int:
        """Where the levels of a source begin. Balanced, none comes late for being quiet: a record has always the share
        of a source that changes each working day, and no other has less.
        """
        if self.share == "balanced":
            mean = _EACH_WORKING_DAY if record else max(_EACH_WORKING_DAY, mean)
        return base_level(mean, {"equal": 0.0, "balanced": 0.25, "busy": 0.5}[self.share])


_BUDGET = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[x×]?\s*")
_LEAST, _MOST = 0.1, 10.0  # times the requests of fixed intervals


def _parse_budget(value: object) -> float:
    match = _BUDGET.fullmatch(value) if isinstance(value, str) else None
    times = float(match[1]) if match else 0.0
    if not _LEAST <= times <= _MOST:
        raise ValueError(f'has to say how many times the requests of fixed intervals: "1.5x" ({_LEAST:g} to {_MOST:g})')
    return times


Budget = Annotated[
    float,
    BeforeValidator(_parse_budget),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[x×]?\s*$", "examples": ["1.5x", "2x"]}),
]


class ScheduleOptions(OptionTable):
    """How often sources are looked at, when they change more at some hours than at others."""

    budget: Budget | None = Field(
        default=None,
        description='requests, as a multiple of those of fixed intervals: "1.5x"; absent: each source at its `every`',
    )
    fastest: Annotated[Duration, at_least(timedelta(seconds=1))] | None = Field(
        default=None, description="the shortest interval between two checks; default 2/9 of `every`, at least 1m"
    )
    slowest: Annotated[Duration, at_least(timedelta(seconds=1))] | None = Field(
        default=None,
        description="the longest interval, in place of each shorter `every`; absent: `every` is the longest",
    )
    share: Literal["balanced", "equal", "busy"] = Field(
        default="balanced",
        description="how sources share the requests: equal, each its own; busy, where the sum of delays is least;"
        " balanced, in between, and records equally",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.budget is not None and self.budget < 1 and self.slowest is None:
            raise ValueError('a budget below "1x" breaks the promise of `every`: give `slowest`, too')
        if self.fastest and self.slowest and self.fastest > self.slowest:
            raise ValueError("`fastest` may not be longer than `slowest`")
        return self

    @property
    def terms(self) -> Terms | None:
        """The terms of the budget; None without one."""
        if self.budget is None:
            return None
        fastest, slowest = (each.total_seconds() if each else None for each in (self.fastest, self.slowest))
        return Terms(self.budget, fastest, slowest, self.share)


def quantiles(curve: Curve) -> bytes:
    """The levels of a week in QUANTILES bytes: each stands for as many places of the week."""
    kinds = (curve.levels[kind * SLOTS : (kind + 1) * SLOTS] * days for kind, days in enumerate(KINDS))
    levels = sorted(b"".join(kinds))
    step = len(levels) // QUANTILES
    return bytes(levels[step // 2 :: step])


def weigh(shares: Iterable[tuple[Bounds, int, float, bytes]]) -> dict[Bounds, list[float]]:
    """Checks a second at each level, if the pace is 1: from the bounds, base, `every` and quantiles of the sources."""
    weights: dict[Bounds, list[float]] = {}
    for bounds, base, every, levels in shares:
        at = weights.get(bounds) or weights.setdefault(bounds, [0.0] * PACES)
        weight = 1 / every / len(levels)
        for level in levels:
            at[base + level] += weight
    return weights


def solve(weights: Weights, times: float) -> float:
    """The factor for all paces with which a usual week costs `times` as many requests as fixed intervals."""
    want = times * sum(map(sum, weights.values()))
    least, most = -20.0, 20.0  # log2
    for _ in range(40):
        middle = (least + most) / 2
        spent = sum(sum(map(mul, paces(bounds, exp2(middle)), at)) for bounds, at in weights.items())
        least, most = (middle, most) if spent < want else (least, middle)
    return exp2(most)


def paces(bounds: Bounds, scale: float) -> list[float]:
    """For each level, how many times as fast as `every` a source is checked."""
    low, high = bounds
    slow, fast = bisect_right(_FACTORS, low / scale), bisect_right(_FACTORS, high / scale)
    return [low] * slow + [scale * factor for factor in _FACTORS[slow:fast]] + [high] * (PACES - fast)


class Ledger(NamedTuple):
    """The requests that were saved (or, below 0, spent too much), as of a time in seconds since 1970."""

    credit: float
    at: float

    def turn(self, now: float, allowed: float, made: int) -> Ledger:
        """After `made` requests since `at`; `allowed` are those that the budget allows in a second.

        Times in which nobody checked, or in which the clock was moved back, earn nothing.
        """
        passed = now - self.at
        earned = allowed * passed if 0 < passed <= LONGEST_TURN else float(made)
        most = 2.0 * DAY * allowed  # days' worth of requests
        return Ledger(max(-most, min(most, self.credit + earned - made)), now)

    def haste(self, allowed: float) -> float:
        """The factor by which the pace moves."""
        return exp(_HASTE * self.credit / (DAY * allowed)) if allowed else 1.0


class LearnedSource(NamedTuple):
    """What was learned of a source: its interval (seconds), whether it is a record, its changes a day, its levels."""

    name: str
    every: float
    record: bool
    mean: float
    levels: bytes


class Forecast(NamedTuple):
    """Requests an hour, and the mean delay of changes in seconds: in all, and by source."""

    requests: float
    delay: float
    by_source: dict[str, float]


def forecast(sources: Sequence[LearnedSource], terms: Terms) -> Forecast:
    """What a budget brings."""
    scale = factor(sources, terms)
    requests, waits, changes, by_source = 0.0, 0.0, 0.0, dict[str, float]()
    tables = {bounds: paces(bounds, scale) for bounds in {terms.bounds(each.every) for each in sources}}
    for each in sources:
        table, base = tables[terms.bounds(each.every)], terms.base(each.mean, record=each.record)
        rates = [rate_times(level) for level in each.levels]
        speeds = [table[base + level] for level in each.levels]
        waited = sum(rate * each.every / speed / 2 for rate, speed in zip(rates, speeds, strict=True)) / sum(rates)
        by_source[each.name] = waited
        requests += 3600 / each.every * sum(speeds) / len(speeds)
        waits, changes = waits + each.mean * waited, changes + each.mean
    return Forecast(requests, waits / changes if changes else 0.0, by_source)


def forecast_fixed(sources: Sequence[LearnedSource]) -> Forecast:
    """What fixed intervals bring."""
    by_source = {each.name: each.every / 2 for each in sources}
    changes = sum(each.mean for each in sources)
    delay = sum(each.mean * each.every / 2 for each in sources) / changes if changes else 0.0
    return Forecast(sum(3600 / each.every for each in sources), delay, by_source)


def factor(sources: Iterable[LearnedSource], terms: Terms) -> float:
    """The factor for all paces with which a usual week costs what the budget allows."""
    bases = ((terms.base(each.mean, record=each.record), each) for each in sources)
    return solve(weigh((terms.bounds(of.every), base, of.every, of.levels) for base, of in bases), terms.times)
