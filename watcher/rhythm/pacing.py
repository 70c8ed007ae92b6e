"""How one source is paced: when it is due, why then, and what may have changed until then. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from watcher.rhythm.budget import Terms
from watcher.rhythm.curve import Curve, next_check
from watcher.rhythm.week import DAY, age_of, pieces, place_of

RESTLESS = 40  # consecutive checks that found a change: looking more often would find one, too
_AGES_OF_BURSTS = 4  # the classes of the time since a change in which it counts
_NOTEWORTHY = 1.2  # times as often


@dataclass(frozen=True, slots=True)
class Pace:
    """A source's curve among those of all: `paces` by level, where its levels begin, and the bounds in seconds."""

    curve: Curve
    paces: Sequence[float]
    base: int
    every: float
    terms: Terms

    @property
    def is_restless(self) -> bool:
        """Whether so many checks in a row found a change that looking more often would only find more."""
        return self.curve.streak >= RESTLESS

    def due(self, since: float) -> float:
        """When the source is due after a check at `since`: never later than the promise."""
        if self.is_restless:
            return since + self.every
        at = next_check(self.curve, since, self.paces, self.base, self.every)
        return min(since + self.terms.longest(self.every), max(since + self.terms.shortest(self.every), at))


class Reason(NamedTuple):
    """Why a source is due when it is.

    `interval` is in seconds; `promised` says that it is the longest one. `times`: how many times as often as on average
    the source changes at that hour; `after`: the seconds since its last change, and `burst` how many times as often it
    changes so soon after one. `chance` that something is new then.
    """

    interval: float
    promised: bool
    restless: bool
    times: float
    after: float
    burst: float
    chance: float


def reason(pace: Pace, since: float, due: float) -> Reason:
    """Why a source is due then, after a check at `since`."""
    curve, after = pace.curve, due - pace.curve.changed
    expected = sum(
        curve.rate(place, age) * (end - begin) for begin, end, place, age in pieces(since, due, curve.changed)
    )
    age, place = age_of(after), place_of(due)
    burst = curve.times(place, age) / curve.times(place) if age < _AGES_OF_BURSTS else 1.0
    promised = due - since >= pace.terms.longest(pace.every) - 1
    chance = 1 - exp(-expected / DAY)
    return Reason(due - since, promised, pace.is_restless, curve.times(place), after, burst, chance)


def words(why: Reason) -> str:
    """The reason in words."""
    minutes = _span(why.interval)
    new = f"{why.chance:.0%} that something is new".replace("%", " %")
    if why.restless:
        return f"it changes at every look: every {minutes}"
    if why.promised:
        return f"the promise: never longer than {minutes}; {new}"
    parts = [f"at this hour it changes {_times(why.times)} as on average"]
    if why.burst >= _NOTEWORTHY:
        parts.append(f"{_span(why.after)} after a change {_times(why.burst)} as at other times")
    return f"after {minutes}: {', '.join(parts)}; {new}"


def few_words(why: Reason) -> str:
    """The reason in so few words that a table has room for them."""
    if why.restless:
        return "at every look"
    new = f"{why.chance:.0%} new".replace("%", " %")
    return f"promise, {new}" if why.promised else f"{why.times * why.burst:.1f} times, {new}"


def _times(factor: float) -> str:
    return f"{factor:.1f} times as often" if factor >= 1.05 or factor < 0.95 else "as often"


def _span(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
