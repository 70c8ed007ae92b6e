"""What a check teaches: which checks the learner must hear of, and what it makes of them. Pure.

Most checks find nothing, and need not be told one by one: the time until the next change, or the end of a day, is taken
into account at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import NamedTuple

from watcher.schedule.curve import Curve
from watcher.schedule.learner import Learner
from watcher.schedule.week import DAY, WEEK

_AWAY = 1.5  # longest intervals without a check, after which nobody was there ...
_LATE = 60.0  # ... and seconds by which a check may be late, as its host is busy


class Look(NamedTuple):
    """A check that could read the source. Times are seconds since 1970.

    `previous` is the last such check, None if there was none or if a check failed since. `longest` is the longest
    interval between two checks, in seconds; `shift` moves the time of day at which the source's curve is made anew.
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
        learner.watched(curve, max(learner.heard, min(look.now, look.previous or 0.0)))
        learner.heard = look.now
        learner.changed = look.now if look.changed else learner.changed
        learner.streak = int(look.changed)
    elif look.changed:
        learner.streak = learner.streak + 1 if learner.heard >= look.previous else 1
        learner.watched(curve, look.previous)
        learner.found(curve, look.now)
    else:
        learner.watched(curve, look.now)
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
