"""The week in slots of five minutes, and the pace of one source over it: small to hold, fast to follow. Pure.

A source has a rate for each slot of each kind of day (working days, Saturday, Sunday; UTC): 3 times 288 numbers.
Checks grow as the expected changes to the power of 0.4: 1/2 would make the mean delay least, 1/3 the long ones fewer.
A pace is kept as its level: how many 32nds of an octave it lies above 1/16 of the mean of the source. So a week takes
864 bytes, and factors are sums.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp2, log2

from alerts.language import mark

SLOT = 300  # seconds
DAY, WEEK = 86_400, 604_800
SLOTS = 288  # in a day
KINDS = (5, 1, 1)  # how many days of each kind a week has
PLACES = SLOTS * len(KINDS)  # numbers that describe a week
AGES = (300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 57600.0, 115200.0)  # seconds since the last change
EDGES = (*AGES, float("inf"))
_FIRST_OF_KIND = {5: SLOTS, 6: 2 * SLOTS}  # by day of the week, Monday is 0
_SLOTS_IN_WEEK = WEEK // SLOT

POWER = 0.4
OCTAVE = 32  # levels in which the pace doubles
MIDDLE = 128  # the level of the mean
MIDDLE_OF_PACES = 512
PACES = 2 * MIDDLE_OF_PACES
_LEVELS_OF_RATE = OCTAVE * POWER
_TIMES = tuple(exp2(level / _LEVELS_OF_RATE) for level in range(-2 * MIDDLE, 2 * MIDDLE))  # by distance from the mean

DAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
_BLOCKS = " ▁▂▃▄▅▆▇█"
_IN_AN_HOUR = 3600 // SLOT
_MONDAY = 4 * 24 * _IN_AN_HOUR  # the first slot of a Monday: 1970-01-05

# The number that describes a slot, by its distance from 1970-01-01, which was a Thursday, modulo a week
PLACE = tuple(_FIRST_OF_KIND.get((slot // SLOTS + 3) % 7, 0) + slot % SLOTS for slot in range(_SLOTS_IN_WEEK))


def place_of(at: float) -> int:
    """Where a time (seconds since 1970) lies in the week."""
    return PLACE[int(at // SLOT) % _SLOTS_IN_WEEK]


def age_of(seconds: float) -> int:
    """The class of a time since the last change."""
    return bisect_right(AGES, seconds)


def pieces(since: float, until: float, changed: float) -> Iterator[tuple[float, float, int, int]]:
    """The time between, in pieces in which the expected rate is constant: when each begins and ends, its place in the
    week, and its age class. `changed` is the last change before.
    """
    begin, slot, age = since, int(since // SLOT), age_of(since - changed)
    while begin < until:
        slot_ends, age_ends = (slot + 1.0) * SLOT, changed + EDGES[age]
        end = min(slot_ends, age_ends, until)
        if end > begin:
            yield begin, end, PLACE[slot % _SLOTS_IN_WEEK], age
        slot, age, begin = slot + (end >= slot_ends), age + (end >= age_ends), end


@dataclass(frozen=True, slots=True)
class Curve:
    """What is known of when a source changes. Times are seconds since 1970, `mean` is in changes a day. `levels` has
    the level of each place of the week, `ages` those to add for each class of the time since the last change. `changed`
    is the last change, `learned` when the curve was made, `heard` until when the checks are taken into account.
    `streak` is how many checks up to that one found a change, each of them.
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
    """Where a source's levels begin among the paces of all, whose middle is one change a day. `power` says how sources
    share: with 0 each has the same, with 1/2 the sum of all delays is least.
    """
    most = MIDDLE_OF_PACES // 2
    return MIDDLE_OF_PACES - MIDDLE + min(most, max(-most, round(OCTAVE * power * log2(mean))))


def next_check(curve: Curve, since: float, paces: Sequence[float], base: int, every: float) -> float:
    """When the source's own clock has gone on by `every` seconds after `since`. `paces` says for each level how many
    times as fast as usual that clock goes; none may be 0. `base` is added to the source's levels.
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


def hourly(curve: Curve, offset: float = 0.0) -> list[float]:
    """Changes an hour that are expected in each hour of the week from Monday, `offset` seconds east of UTC."""
    first, slots = _MONDAY - round(offset / SLOT), len(PLACE)
    rates = [curve.rate(PLACE[(first + slot) % slots]) / 24 for slot in range(slots)]
    return [sum(rates[at : at + _IN_AN_HOUR]) / _IN_AN_HOUR for at in range(0, slots, _IN_AN_HOUR)]


def lines(hours: Sequence[float]) -> list[str]:
    """A line for each day, with a block for each hour: the highest is the hour with the most changes."""
    most, steps = max(hours) or 1.0, len(_BLOCKS) - 1
    blocks = "".join(_BLOCKS[round(steps * rate / most)] for rate in hours)
    axis = "    0     6     12    18"
    return [axis, *(f"{day} {blocks[24 * at : 24 * at + 24]}".rstrip() for at, day in enumerate(DAYS))]
