"""The pace of one source over the week: small to hold, fast to follow. Pure.

Checks grow as the expected changes to the power of 0.4: 1/2 would make the mean delay least, 1/3 the long ones fewer.
A pace is kept as its level: how many 32nds of an octave it lies above 1/16 of the source's mean. So a week takes 864
bytes, and factors are sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp2, log2

from watcher.schedule.week import EDGES, PLACE, SLOT, age_of

POWER = 0.4
OCTAVE = 32  # levels in which the pace doubles
MIDDLE = 128  # the level of the mean
MIDDLE_OF_PACES = 512
PACES = 2 * MIDDLE_OF_PACES
_LEVELS_OF_RATE = OCTAVE * POWER
_SLOTS_IN_WEEK = len(PLACE)

_TIMES = tuple(exp2(level / _LEVELS_OF_RATE) for level in range(-2 * MIDDLE, 2 * MIDDLE))  # by distance from the mean


@dataclass(frozen=True, slots=True)
class Curve:
    """What is known of when a source changes. Times are seconds since 1970, `mean` is in changes a day.

    `levels` has the level of each place of the week, `ages` those to add for each class of the time since the last
    change. `changed` is the last change, `learned` when the curve was made, `heard` until when the checks are taken
    into account. `streak` is how many checks up to that one found a change, each of them.
    """

    levels: bytes
    ages: tuple[int, ...]
    mean: float
    changed: float
    learned: float
    heard: float
    streak: int = 0

    def times(self, place: int, age: int | None = None) -> float:
        """How many times as often as on average it changes at a place of the week; without `age`, whatever the age."""
        more = 0 if age is None else self.ages[age]
        return _TIMES[self.levels[place] + more + MIDDLE]

    def rate(self, place: int, age: int | None = None) -> float:
        """Changes a day that are expected at a place of the week."""
        return self.mean * self.times(place, age)


def rate_times(level: int) -> float:
    """How many times as often as on average it changes at a level."""
    return _TIMES[level + MIDDLE]


def levels_of(rates: Sequence[float], mean: float) -> bytes:
    """The levels of rates."""
    top, shift = log2(mean), MIDDLE + 0.5
    return bytes([min(255, max(0, int(_LEVELS_OF_RATE * (log2(rate) - top) + shift))) for rate in rates])


def age_levels(factors: Sequence[float]) -> tuple[int, ...]:
    """The levels to add for factors of the rate."""
    return tuple(min(MIDDLE - 1, max(1 - MIDDLE, round(_LEVELS_OF_RATE * log2(factor)))) for factor in factors)


def base_level(mean: float, power: float) -> int:
    """Where a source's levels begin among the paces of all, whose middle is one change a day.

    `power` says how sources share: with 0 each has the same, with 1/2 the sum of all delays is least.
    """
    most = MIDDLE_OF_PACES // 2
    return MIDDLE_OF_PACES - MIDDLE + min(most, max(-most, round(OCTAVE * power * log2(mean))))


def next_check(curve: Curve, since: float, paces: Sequence[float], base: int, every: float) -> float:
    """When the source's own clock has gone on by `every` seconds after `since`.

    `paces` says for each level how many times as fast as usual that clock goes; none may be 0. `base` is added to the
    source's levels.
    """
    levels, ages, begin, left = curve.levels, curve.ages, since, every
    age, slot = age_of(since - curve.changed), int(since // SLOT)
    age_ends, extra = curve.changed + EDGES[age], base + ages[age]
    while True:
        end = (slot + 1.0) * SLOT
        aging = age_ends <= end
        if aging:
            end = age_ends
        pace = paces[levels[PLACE[slot % _SLOTS_IN_WEEK]] + extra]
        gone = pace * (end - begin)
        if gone >= left:
            return begin + left / pace
        left -= gone
        begin = end
        if aging:
            slot = int(end // SLOT)
            age += 1
            age_ends, extra = curve.changed + EDGES[age], base + ages[age]
        else:
            slot += 1
