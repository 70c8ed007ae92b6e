"""What a budget brings: the requests that it costs, and the delay of a change that is expected. Pure.

A change waits half an interval on average, of the interval that its hour has. What comes of the time since the last
change is left out: it makes the real delays shorter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from watcher.schedule.budget import Terms, paces, solve, weigh
from watcher.schedule.curve import rate_times


class Known(NamedTuple):
    """What was learned of a source, in short: its interval in seconds, whether it is a record, its mean in changes a
    day, and its levels.
    """

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


def forecast(sources: Sequence[Known], terms: Terms) -> Forecast:
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


def fixed(sources: Sequence[Known]) -> Forecast:
    """What fixed intervals bring."""
    by_source = {each.name: each.every / 2 for each in sources}
    changes = sum(each.mean for each in sources)
    delay = sum(each.mean * each.every / 2 for each in sources) / changes if changes else 0.0
    return Forecast(sum(3600 / each.every for each in sources), delay, by_source)


def factor(sources: Iterable[Known], terms: Terms) -> float:
    """The factor for all paces with which a usual week costs what the budget allows."""
    return solve(
        weigh(
            (terms.bounds(each.every), terms.base(each.mean, record=each.record), each.every, each.levels)
            for each in sources
        ),
        terms.times,
    )
