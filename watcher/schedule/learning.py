"""What the checks of a source show of when it changes, and the numbers that are kept of it, in 2 KB. Pure.

Only checks teach, never the dates that a page states. A change came at some time since the check before: as likely at
each as it was expected there. Failures, and times in which nobody looked, teach nothing. Old changes count less: half
after 13 weeks. Most checks find nothing, and are not learned from one by one: the time until the next change, or the
end of a day, is taken into account at once.

Mean, hour of the day, hour of a kind of day, quarter of an hour, five minutes: each finer view of the week is drawn
towards the coarser one. Each is a gamma-Poisson estimate whose prior is the coarser one, worth as many changes as the
constants below say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import NamedTuple

from watcher.schedule.week import DAY, KINDS, MIDDLE, PLACES, SLOTS, WEEK, Curve, age_levels, levels_of, pieces

_DAY, _HOUR, _KIND, _QUARTER, _CLOCK = 1.0, 0.5, 1.0, 2.0, 2.0  # _DRAWN: changes that the coarser view is worth
_AGE = 1.0
# How much more often sources change so long after a change: the middle of 40 histories, by the classes of AGES.
USUAL = (2.5, 1.6, 1.2, 1.1, 1.1, 1.0, 0.8, 0.8, 0.8, 0.6)

FORGET = 13.0  # weeks until a change counts half
LONGEST_PACKED = 2048  # bytes
_FORM = struct.Struct(f"<B3dfI20f{PLACES}e")
_VERSION = 1
_FLAT = bytes([MIDDLE]) * PLACES

_AWAY = 1.5  # longest intervals without a check, after which nobody was there ...
_LATE = 60.0  # ... and seconds by which a check may be late, as its host is busy


def mean_rate(changes: float, weeks: float) -> float:
    """Changes a day. Before anything is known, one is supposed."""
    return (changes + _DAY) / (weeks * 7 + _DAY)


def clock_rates(counts: Sequence[float], weeks: float) -> list[float]:
    """Changes a day that are expected in each place of the week, from their counts in so many weeks."""
    hours = [sum(counts[first : first + 12]) for first in range(0, PLACES, 12)]
    mean = mean_rate(sum(hours), weeks)
    # the rate at each hour of the day, whatever the day; hours lean on their neighbours
    day = [hours[hour] + hours[hour + 24] + hours[hour + 48] for hour in range(24)]
    watched = weeks * 7 / 24 + _HOUR / mean  # days
    by_hour = [((day[at - 1] + 2 * day[at] + day[(at + 1) % 24]) / 4 + _HOUR) / watched for at in range(24)]
    rates: list[float] = []
    for kind, days in enumerate(KINDS):
        rates += _kind_rates(
            counts[kind * SLOTS : (kind + 1) * SLOTS], hours[kind * 24 : kind * 24 + 24], by_hour, weeks * days
        )
    return rates


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


@dataclass
class Learner:
    """The kept numbers. Times are seconds since 1970. `counts` has the changes in each place of the week, `weeks` how
    long was watched, `seen` and `expected` the changes by the time since the last one, and how many the clock alone led
    to expect. Old ones count less in all of these.
    """

    changed: float
    learned: float
    heard: float
    weeks: float = 0.0
    streak: int = 0
    seen: list[float] = field(default_factory=lambda: [0.0] * len(USUAL))
    expected: list[float] = field(default_factory=lambda: [0.0] * len(USUAL))
    counts: list[float] = field(default_factory=lambda: [0.0] * PLACES)

    @classmethod
    def new(cls, now: float) -> Learner:
        """Of a source whose first check is now."""
        return cls(now - DAY, now, now)

    def note_quiet_time(self, curve: Curve, until: float) -> None:
        """Take the time since `heard` into account, in which nothing changed."""
        for begin, end, place, age in pieces(self.heard, until, self.changed):
            self.expected[age] += curve.rate(place) * (end - begin) / DAY
        self.weeks += max(0.0, until - self.heard) / WEEK
        self.heard = max(until, self.heard)

    def note_change(self, curve: Curve, now: float) -> None:
        """Take the time since `heard` into account, at whose end a change was found."""
        shares, total = [], 0.0
        for begin, end, place, age in pieces(self.heard, now, self.changed):
            share = curve.rate(place, age) * (end - begin)
            self.expected[age] += curve.rate(place) * (end - begin) / DAY
            shares.append((place, age, share))
            total += share
        for place, age, share in shares:  # none where two checks began at the same time
            self.counts[place] += share / total
            self.seen[age] += share / total
        self.weeks += max(0.0, now - self.heard) / WEEK
        self.heard = self.changed = now

    def curve(self, now: float) -> Curve:
        """Let what is old count less, and make the source's curve."""
        keep = 0.5 ** (max(0.0, now - self.learned) / WEEK / FORGET)
        for numbers in (self.counts, self.seen, self.expected):
            numbers[:] = [number * keep for number in numbers]
        self.weeks, self.learned = self.weeks * keep, now
        changes = sum(self.counts)
        mean = mean_rate(changes, self.weeks)
        levels = levels_of(clock_rates(self.counts, self.weeks), mean) if changes else _FLAT
        # how much more often it changes in each age class than the clock alone says
        counted = zip(self.seen, self.expected, USUAL, strict=True)
        ages = age_levels([(had + _AGE * usual) / (meant + _AGE) for had, meant, usual in counted])
        return Curve(levels, ages, mean, self.changed, now, self.heard, self.streak)

    def pack(self) -> bytes:
        """The numbers in less than LONGEST_PACKED bytes."""
        times = (self.changed, self.learned, self.heard, self.weeks, self.streak)
        return _FORM.pack(_VERSION, *times, *self.seen, *self.expected, *self.counts)

    @classmethod
    def unpack(cls, packed: bytes) -> Learner | None:
        """The numbers of `pack`; None if another version wrote them."""
        if len(packed) != _FORM.size or packed[0] != _VERSION:
            return None
        _, changed, learned, heard, weeks, streak, *rest = _FORM.unpack(packed)
        ages = len(USUAL)
        return cls(changed, learned, heard, weeks, streak, rest[:ages], rest[ages : 2 * ages], rest[2 * ages :])


assert _FORM.size <= LONGEST_PACKED  # noqa: S101 - a fact of the constants above


class Look(NamedTuple):
    """A check that could read the source. Times are seconds since 1970. `previous` is the last such check, None if
    there was none or if a check failed since. `longest` is the longest interval between two checks, in seconds; `shift`
    moves the time of day at which the source's curve is made anew.
    """

    now: float
    previous: float | None
    changed: bool
    longest: float
    shift: float = 0.0


def must_hear(curve: Curve, look: Look) -> bool:
    """Whether the learner must hear of this check."""
    return look.changed or _nobody_looked(look) or _is_over(curve, look)


def hear(packed: bytes, curve: Curve, look: Look) -> tuple[bytes, Curve]:
    """The learner's numbers, and the curve, after a check."""
    learner = Learner.unpack(packed) or Learner.new(look.now)
    if learner.heard > look.now:  # the clock was moved back
        learner.heard, learner.changed = look.now, min(learner.changed, look.now)
        learner.learned = min(learner.learned, look.now)
    if look.previous is not None and look.previous - learner.heard > WEEK + 2 * look.longest:
        learner.heard = look.previous  # nobody listened, such as while there was no budget
    if look.previous is None or _nobody_looked(look):
        learner.note_quiet_time(curve, max(learner.heard, min(look.now, look.previous or 0.0)))
        learner.heard = look.now
        learner.changed = look.now if look.changed else learner.changed
        learner.streak = int(look.changed)
    elif look.changed:
        learner.streak = learner.streak + 1 if learner.heard >= look.previous else 1
        learner.note_quiet_time(curve, look.previous)
        learner.note_change(curve, look.now)
    else:
        learner.note_quiet_time(curve, look.now)
    if _is_over(curve, look):
        curve = learner.curve(look.now)
    after = replace(curve, changed=learner.changed, heard=learner.heard, streak=learner.streak)
    return learner.pack(), after


def begin(now: float) -> tuple[bytes, Curve]:
    """The learner's numbers and the curve of a new source: as often at each time."""
    learner = Learner.new(now)
    curve = learner.curve(now)
    return learner.pack(), curve


def recall(packed: bytes) -> Curve | None:
    """The curve that the numbers of a source give; None if they cannot be read."""
    learner = Learner.unpack(packed)
    if learner is None:
        return None
    return replace(learner.curve(learner.learned), heard=learner.heard, changed=learner.changed, streak=learner.streak)


def from_log(start: float, changes: Iterable[tuple[float | None, float]], until: float, longest: float) -> bytes:
    """The learner's numbers, made anew from the log of changes: the check before each, and the check that found it.
    `start` is the first check, `until` the last one. Times in which nobody looked are known only where a change was
    found after them. The curve is made anew each week.
    """
    packed, curve = begin(start)
    for previous, at in changes:
        packed, curve = _weeks(packed, curve, previous or at)
        packed, curve = hear(packed, curve, Look(at, previous, changed=True, longest=longest))
    return _weeks(packed, curve, until)[0]


def _weeks(packed: bytes, curve: Curve, until: float) -> tuple[bytes, Curve]:
    """After whole weeks in which nothing changed."""
    while curve.learned + WEEK < until:
        week = curve.learned + WEEK
        packed, curve = hear(packed, curve, Look(week, curve.heard, changed=False, longest=2 * WEEK))
    return packed, curve


def shift_of(name: str) -> float:
    """By how many seconds a source's days are shifted, so that not all are learned from at once."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest()) / 2**32 * DAY


def _nobody_looked(look: Look) -> bool:
    if look.previous is None or look.now < look.previous:
        return True
    return look.now - look.previous > max(_AWAY * look.longest, look.longest + _LATE)


def _is_over(curve: Curve, look: Look) -> bool:
    """Whether a day is over since the curve was made. Days end at a time of the source's own."""
    return (look.now + look.shift) // DAY != (curve.learned + look.shift) // DAY
