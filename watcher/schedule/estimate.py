"""From counts of changes to rates: each finer view of the week is drawn towards the coarser one. Pure.

Mean, hour of the day, hour of a kind of day, quarter of an hour, five minutes: each is a gamma-Poisson estimate whose
prior is the coarser one, worth so many changes as `_DRAWN` says.
"""

from __future__ import annotations

from collections.abc import Sequence

from watcher.schedule.week import KINDS, PLACES, SLOTS

_DAY, _HOUR, _KIND, _QUARTER, _CLOCK = 1.0, 0.5, 1.0, 2.0, 2.0  # _DRAWN: changes that the coarser view is worth
_AGE = 1.0

# How much more often sources change so long after a change: the middle of 40 histories, by the classes of AGES.
USUAL = (2.5, 1.6, 1.2, 1.1, 1.1, 1.0, 0.8, 0.8, 0.8, 0.6)


def mean_rate(changes: float, weeks: float) -> float:
    """Changes a day. Before anything is known, one is supposed."""
    return (changes + _DAY) / (weeks * 7 + _DAY)


def clock_rates(counts: Sequence[float], weeks: float) -> list[float]:
    """Changes a day that are expected in each place of the week, from their counts in so many weeks."""
    hours = [sum(counts[first : first + 12]) for first in range(0, PLACES, 12)]
    mean = mean_rate(sum(hours), weeks)
    by_hour = _hour_rates(hours, weeks, mean)
    rates: list[float] = []
    for kind, days in enumerate(KINDS):
        rates += _kind_rates(
            counts[kind * SLOTS : (kind + 1) * SLOTS], hours[kind * 24 : kind * 24 + 24], by_hour, weeks * days
        )
    return rates


def _hour_rates(hours: Sequence[float], weeks: float, mean: float) -> list[float]:
    """The rate at each hour of the day, whatever the day; hours lean on their neighbours."""
    day = [hours[hour] + hours[hour + 24] + hours[hour + 48] for hour in range(24)]
    watched = weeks * 7 / 24 + _HOUR / mean  # days
    return [((day[at - 1] + 2 * day[at] + day[(at + 1) % 24]) / 4 + _HOUR) / watched for at in range(24)]


def _kind_rates(counts: Sequence[float], hours: Sequence[float], by_hour: Sequence[float], days: float) -> list[float]:
    """The rates of one kind of day, of which `days` were watched."""
    rates: list[float] = []
    for first in range(0, SLOTS, 3):
        if first % 12 == 0:
            hour = first // 12
            kind = (hours[hour] + _KIND) / (days / 24 + _KIND / by_hour[hour])
        before, one, two, three = counts[first - 1], counts[first], counts[first + 1], counts[first + 2]
        after = counts[(first + 3) % SLOTS]
        near = (one + two + three + (before + after) / 2) * 3 / 4
        quarter = (near + _QUARTER) / (days / 96 + _QUARTER / kind)
        watched = days / SLOTS + _CLOCK / quarter
        rates += (
            ((before + 2 * one + two) / 4 + _CLOCK) / watched,
            ((one + 2 * two + three) / 4 + _CLOCK) / watched,
            ((two + 2 * three + after) / 4 + _CLOCK) / watched,
        )
    return rates


def age_factors(seen: Sequence[float], expected: Sequence[float]) -> list[float]:
    """How much more often it changes in each age class than the clock alone says."""
    return [(had + _AGE * usual) / (meant + _AGE) for had, meant, usual in zip(seen, expected, USUAL, strict=True)]
