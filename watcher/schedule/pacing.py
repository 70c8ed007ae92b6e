"""How one source is paced: when it is due, why then, and what may have changed until then. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor
from typing import NamedTuple

from sources.formats.feed_head import Hint
from watcher.schedule.budget import Terms
from watcher.schedule.week import DAY, Curve, age_of, next_check, pieces, place_of

RESTLESS = 40  # consecutive checks that found a change: looking more often would find one, too
_AGES_OF_BURSTS = 4  # the classes of the time since a change in which it counts
_HOUR = 3600
_MOST = 2  # times the interval: how far a hint may move a check
_THURSDAY = 3  # 1970-01-01


@dataclass(frozen=True, slots=True)
class Pace:
    """A source's curve among those of all: `paces` by level, where its levels begin, and the bounds in seconds."""

    curve: Curve
    paces: Sequence[float]
    base: int
    every: float
    terms: Terms
    hint: Hint | None = None

    @property
    def is_restless(self) -> bool:
        """Whether so many checks in a row found a change that looking more often would only find more."""
        return self.curve.streak >= RESTLESS

    def due(self, since: float) -> float:
        """When the source is due after a check at `since`: never later than the promise, whatever its feed asks for.

        In whole seconds, as checks that begin together are cheaper: they share reads and writes of the state.
        """
        if self.is_restless:
            return since + self.every
        earliest = since + self.terms.shortest(self.every)
        at = next_check(self.curve, since, self.paces, self.base, self.every)
        at = min(since + self.terms.longest(self.every), max(earliest, at))
        at = follow_hint(self.hint, since, at, self.every) if self.hint else at
        return max(earliest, float(floor(at)))


class Reason(NamedTuple):
    """Why a source is due when it is.

    `interval` is in seconds; `promised` says that it is the longest one. `times`: how many times as often as on average
    the source changes at that hour; `after`: the seconds since its last change, and `burst` how many times as often it
    changes so soon after one. `chance` that something is new then. `asked`: what its feed asks for, if that counts.
    """

    interval: float
    promised: bool
    restless: bool
    times: float
    after: float
    burst: float
    chance: float
    asked: Hint | None = None


def reason(pace: Pace, since: float, due: float) -> Reason:
    """Why a source is due then, after a check at `since`."""
    curve, after = pace.curve, due - pace.curve.changed
    times = pieces(since, due, curve.changed)
    expected = sum(curve.rate(place, age) * (end - begin) for begin, end, place, age in times)
    age, place = age_of(after), place_of(due)
    burst = curve.times(place, age) / curve.times(place) if age < _AGES_OF_BURSTS else 1.0
    promised = due - since >= pace.terms.longest(pace.every) - 1
    chance = 1 - exp(-expected / DAY)
    # a hint counts if it is why the source is due then
    hint = pace.hint if pace.hint and (pace.hint.wait >= due - since - 1 or _skips(pace.hint, due - 1)) else None
    return Reason(due - since, promised, pace.is_restless, curve.times(place), after, burst, chance, hint)


def follow_hint(hint: Hint, since: float, due: float, every: float) -> float:
    """When a source is checked that is due then after a check at `since`, if its feed gives a hint.

    A publisher knows when nothing new comes, but many feeds ask for an hour because their software does. So a hint
    moves a check that comes sooner than `every` to a later time: to twice its interval at most, never beyond `every`.
    """
    latest = since + min(every, _MOST * (due - since))
    at = max(due, since + hint.wait)
    while at < latest and _skips(hint, at):
        at = (at // _HOUR + 1) * _HOUR
    return max(due, min(at, latest))


def _skips(hint: Hint, at: float) -> bool:
    day = (int(at // DAY) + _THURSDAY) % 7
    return int(at % DAY // _HOUR) in hint.hours or day in hint.days
