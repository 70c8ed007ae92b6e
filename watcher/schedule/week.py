"""The week in slots of five minutes, by the kind of its days: working days, Saturday, Sunday. UTC. Pure.

A source's rate is kept for each slot of each kind of day: 3 times 288 numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

SLOT = 300  # seconds
DAY, WEEK = 86_400, 604_800
SLOTS = 288  # in a day
KINDS = (5, 1, 1)  # how many days of each kind a week has
PLACES = SLOTS * len(KINDS)  # numbers that describe a week

AGES = (300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 57600.0, 115200.0)  # seconds since the last change
EDGES = (*AGES, float("inf"))

_FIRST_OF_KIND = {5: SLOTS, 6: 2 * SLOTS}  # by day of the week, Monday is 0
_SLOTS_IN_WEEK = WEEK // SLOT


def _place(slot: int) -> int:
    day = (slot // SLOTS + 3) % 7  # 1970-01-01 was a Thursday
    return _FIRST_OF_KIND.get(day, 0) + slot % SLOTS


PLACE = tuple(_place(slot) for slot in range(_SLOTS_IN_WEEK))
"""The number that describes a slot, by its distance from 1970-01-01 modulo a week."""


class Piece(NamedTuple):
    """A time in which the expected rate is constant: its place in the week, and its age class."""

    begin: float
    end: float
    place: int
    age: int


def place_of(at: float) -> int:
    """Where a time (seconds since 1970) lies in the week."""
    return PLACE[int(at // SLOT) % _SLOTS_IN_WEEK]


def age_of(seconds: float) -> int:
    """The class of a time since the last change."""
    return bisect_right(AGES, seconds)


def pieces(since: float, until: float, changed: float) -> Iterator[Piece]:
    """The time between, in pieces. `changed` is the last change before."""
    begin, slot, age = since, int(since // SLOT), age_of(since - changed)
    while begin < until:
        slot_ends, age_ends = (slot + 1.0) * SLOT, changed + EDGES[age]
        end = min(slot_ends, age_ends, until)
        if end > begin:
            yield Piece(begin, end, PLACE[slot % _SLOTS_IN_WEEK], age)
        slot, age, begin = slot + (end >= slot_ends), age + (end >= age_ends), end
