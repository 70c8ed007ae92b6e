"""A source's entries and changes by day, and a week of its rhythm, as the numbers of small pictures. Pure.

How many entries there were on an earlier day is counted back from today's number by the changes since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from state.storage.browsing import Daily
from watcher.schedule.week import DAYS as WEEKDAYS

DAYS = 60
WIDTH, HEIGHT = 600, 80  # of the picture, in its own units
_STEP = WIDTH / DAYS
_GAP = 1.0
_IN, _OUT = {"added", "reappeared"}, {"removed"}


class Day(NamedTuple):
    """A day, its changes, and the entries at its end."""

    day: date
    changes: int
    entries: int


class Bar(NamedTuple):
    """The changes of a day, or of an hour, as a rectangle with a label."""

    x: float
    y: float
    width: float
    height: float
    label: str


class Sparkline(NamedTuple):
    """Bars of the changes, and the points of a line of entries ("" where it says nothing)."""

    bars: Sequence[Bar]
    points: str
    summary: str


def days_of(daily: Sequence[Daily], entries: int, today: date, first: date | None) -> list[Day]:
    """The last days, the earliest first; none before the `first` of which something is known."""
    changes: dict[date, int] = {}
    more: dict[date, int] = {}
    for each in daily:
        changes[each.day] = changes.get(each.day, 0) + each.number
        sign = 1 if each.change in _IN else -1 if each.change in _OUT else 0
        more[each.day] = more.get(each.day, 0) + sign * each.number
    days = list[Day]()
    for back in range(min(DAYS, max((today - first).days, 0) + 1) if first else 0):
        day = today - timedelta(days=back)
        days.append(Day(day, changes.get(day, 0), max(entries, 0)))
        entries -= more.get(day, 0)
    return days[::-1]


def sparkline(days: Sequence[Day], *, complete: bool) -> Sparkline:
    """The picture. Without a `complete` listing there is no line of entries: they leave it without a change."""
    most = max((day.changes for day in days), default=0) or 1
    bars = list[Bar]()
    for place, day in enumerate(days, DAYS - len(days)):
        if day.changes:
            height = max(2.0, HEIGHT * day.changes / most)
            x, y, label = place * _STEP, HEIGHT - height, f"{day.day}: {day.changes:,} changes, {day.entries:,} entries"
            bars.append(Bar(round(x, 1), round(y, 1), round(_STEP - _GAP, 1), round(height, 1), label))
    total = sum(day.changes for day in days)
    summary = f"{total:,} changes in {len(days)} days"
    if 0 < len(days) < DAYS:
        summary = f"{total:,} changes since {days[0].day}, before which nothing is known"
    if not complete or not days:
        return Sparkline(bars, "", summary)
    return Sparkline(bars, _points(days), f"{summary}; entries from {days[0].entries:,} to {days[-1].entries:,}")


def _points(days: Sequence[Day]) -> str:
    least, most = min(day.entries for day in days), max(day.entries for day in days)
    span = most - least
    heights = [HEIGHT * (0.9 - 0.8 * (day.entries - least) / span) if span else HEIGHT / 2 for day in days]
    return " ".join(
        f"{place * _STEP + _STEP / 2:.1f},{height:.1f}" for place, height in enumerate(heights, DAYS - len(days))
    )


def week_bars(hours: Sequence[float]) -> list[Bar]:
    """A bar for each hour of the week from Monday, as high as the changes that are expected in it."""
    most, width = max(hours, default=0.0) or 1.0, WIDTH / max(len(hours), 1)
    return [
        Bar(
            round(at * width, 2),
            round(HEIGHT - HEIGHT * rate / most, 1),
            round(width * 0.8, 2),
            round(HEIGHT * rate / most, 1),
            f"{WEEKDAYS[at // 24]} {at % 24:02}:00: {rate:.2g} changes an hour",
        )
        for at, rate in enumerate(hours)
    ]
