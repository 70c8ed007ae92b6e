"""What the checks of a source have shown of when it changes, as numbers that are kept. Pure.

Only checks teach, never the dates that a page states. A change came at some time since the check before: as likely at
each as it was expected there. Failures, and times in which nobody looked, teach nothing. Old changes count less: half
after 13 weeks.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from watcher.schedule.curve import MIDDLE, Curve, age_levels, levels_of
from watcher.schedule.estimate import USUAL, age_factors, clock_rates, mean_rate
from watcher.schedule.week import DAY, PLACES, WEEK, pieces

FORGET = 13.0  # weeks until a change counts half
LONGEST_PACKED = 2048  # bytes
_FORM = struct.Struct(f"<B3dfI20f{PLACES}e")
_VERSION = 1
_FLAT = bytes([MIDDLE]) * PLACES


@dataclass
class Learner:
    """The kept numbers. Times are seconds since 1970.

    `counts` has the changes in each place of the week, `weeks` how long was watched, `seen` and `expected` the changes
    by the time since the last one, and how many the clock alone led to expect. Old ones count less in all of these.
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

    def watched(self, curve: Curve, until: float) -> None:
        """Take the time since `heard` into account, in which nothing changed."""
        for begin, end, place, age in pieces(self.heard, until, self.changed):
            self.expected[age] += curve.rate(place) * (end - begin) / DAY
        self.weeks += max(0.0, until - self.heard) / WEEK
        self.heard = max(until, self.heard)

    def found(self, curve: Curve, now: float) -> None:
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
        ages = age_levels(age_factors(self.seen, self.expected))
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
