"""How long something takes, on a machine that is busy with more."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


def quickest(within: float, work: Callable[[], object], runs: int = 5) -> float:
    """The seconds of the quickest of some runs; the first that ends within the time is the last.

    Any one run may have to wait for a processor.
    """
    best = math.inf
    for _ in range(runs):
        began = time.monotonic()
        work()
        best = min(best, time.monotonic() - began)
        if best < within:
            break
    return best
