"""What the publisher of a feed asks for, within what the operator was promised. Pure.

A publisher knows when nothing new comes, but many feeds ask for an hour because their software does. So a hint moves a
check that comes sooner than `every` to a later time: to twice its interval at most, and never beyond `every`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from watcher.rhythm.week import DAY

if TYPE_CHECKING:
    from sources.formats.feed_hints import Hint

_HOUR = 3600
_MOST = 2  # times the interval
_THURSDAY = 3  # 1970-01-01


def heeded(hint: Hint, since: float, due: float, every: float) -> float:
    """When a source is checked that is due then after a check at `since`, if its feed gives a hint."""
    latest = since + min(every, _MOST * (due - since))
    at = max(due, since + hint.wait)
    while at < latest and _skips(hint, at):
        at = (at // _HOUR + 1) * _HOUR
    return max(due, min(at, latest))


def moves(hint: Hint, since: float, due: float) -> bool:
    """Whether the hint is why a source is due then."""
    return hint.wait >= due - since - 1 or _skips(hint, due - 1)


def _skips(hint: Hint, at: float) -> bool:
    day = (int(at // DAY) + _THURSDAY) % 7
    return int(at % DAY // _HOUR) in hint.hours or day in hint.days
