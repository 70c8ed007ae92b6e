"""A week of a source's rhythm, for people. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.schedule.curve import Curve
from watcher.schedule.week import PLACE, SLOT

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BLOCKS = " ▁▂▃▄▅▆▇█"
_IN_AN_HOUR = 3600 // SLOT
_MONDAY = 4 * 24 * _IN_AN_HOUR  # the first slot of a Monday: 1970-01-05


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
