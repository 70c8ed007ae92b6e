"""How the cost of something grows with its input: two sizes in one run, so that a slow or busy machine does not matter."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

_PLAIN, _CLEAR = 1.5, 2.0  # below them, nothing more is measured after one run, and after several
_SHORTEST = 0.001  # seconds: what takes less counts as this, as its measurement says little


def cheapest(work: Callable[[], object], runs: int = 5) -> float:
    """The processor time of this thread that the cheapest of some runs took, in seconds."""
    best = math.inf
    for _ in range(runs):
        began = time.thread_time()
        work()
        best = min(best, time.thread_time() - began)
    return best


def growth(work: Callable[[int], object], small: int, large: int, runs: int = 5) -> float:
    """How many times as much each unit of a large input costs as one of a small input: `work` is called with the sizes.

    It is about 1 for what grows with the length of its input, and `large / small` for what grows with the square of it.
    """
    work(small)  # loads what is loaded once
    of_small, of_large = _SHORTEST, math.inf
    for run in range(runs):
        once = max(cheapest(lambda: work(small), 1), _SHORTEST)
        of_small = min(of_small, once) if run else once
        of_large = min(of_large, cheapest(lambda: work(large), 1))
        per_unit = of_large / of_small * small / large
        if per_unit < (_CLEAR if run else _PLAIN):
            break
    return per_unit
