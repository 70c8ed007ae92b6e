"""Whether each unit of the core is linear in a hostile text: `python -m tests.bench linear`.

Each unit of tests/hostile.py is given each make of text at one size and at eight times that size. The size is the first
from 32,000 characters on, doubled, at which it takes 10 ms of processor time, or else 256,000: in the processor's caches
small ones look quicker than they are. A program of its own, so that the bench stays small; prints a table, a row for each
unit with the make that bent it most, and exits with 1 when one is above what is promised.
"""

from __future__ import annotations

import gc
import resource
import sys
from typing import NamedTuple

from tests.bench.tables import table
from tests.hostile import MAKES, UNITS, Unit

TIMES = 8  # the larger text, times the smaller
PROMISED = 12.0  # the larger text's time, times that of the smaller: 8, and half as much again
SMALLEST, LARGEST, LONG = 32_000, 256_000, 0.01  # characters, characters, seconds
NOTHING = 0.05  # seconds: of what is this quick for the larger text, the ratio tells of caches
SURE = 9.5  # times: what is above is measured again, as it may have been disturbed
HEADS = ("unit", "make that bends it most", "characters", "CPU ms", f"at {TIMES} times as many", "times")
REPEATS = (1, 3, 5)


class Bend(NamedTuple):
    """One unit with one make: its CPU seconds at a size, and at the larger one."""

    unit: str
    make: str
    size: int
    small: float
    large: float

    @property
    def ratio(self) -> float:
        """How many times longer the larger text took; 1 for what takes next to nothing."""
        return self.large / self.small if self.large > NOTHING else min(self.large / self.small, 1.0)


def seconds(unit: Unit, text: str, repeat: int = 1) -> float:
    """Processor time without the system's, the least of some times: only for a large text it is asked for new memory,
    and takes as long again to clear that.
    """
    given, found = unit.prepare(text), []
    for _ in range(repeat):
        began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        unit.act(given)
        found.append(resource.getrusage(resource.RUSAGE_SELF).ru_utime - began)
    return max(min(found), 1e-6)


def bend(name: str, make: str) -> Bend:
    """Measure one unit with one make, and once more where that is not sure: the least of some times counts."""
    unit, size = UNITS[name], SMALLEST
    while size < LARGEST and seconds(unit, MAKES[make](size)) < LONG:
        size *= 2
    found = Bend(name, make, size, 1.0, 1e9)
    for repeat in REPEATS:
        small, large = (seconds(unit, MAKES[make](each), repeat) for each in (size, TIMES * size))
        found = min(found, Bend(name, make, size, small, large), key=lambda each: each.ratio)
        if found.ratio <= SURE or found.large > 10 * PROMISED * LONG:
            break
    return found


def main(asked: list[str]) -> int:
    """Print the table: 0, or 1 when a unit is not linear."""
    rows, most = [], 0.0
    gc.disable()  # a collection falls on one text or the other by chance
    for unit in asked or UNITS:
        bends = []
        for make in MAKES:
            bends.append(bend(unit, make))
            gc.collect()
        worst = max(bends, key=lambda each: each.ratio)
        for each in {worst, *(each for each in bends if each.ratio > PROMISED)}:
            ms = [f"{each.small * 1000:,.1f}", f"{each.large * 1000:,.1f}"]
            rows.append([each.unit, each.make, f"{each.size:,}", *ms, f"{each.ratio:.1f}"])
        most = max(most, worst.ratio)
        print(f"{unit}: {worst.ratio:.1f}, {worst.make}", file=sys.stderr, flush=True)
    print(table(HEADS, rows, left=2))
    print(f"\nThe most: {most:.2f} times, of at most {PROMISED:g}; each unit with each of {len(MAKES)} makes.")
    return int(most > PROMISED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
