"""Two days through the real daemon with a clock that moves while nothing is under way, beside the schedule alone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.traces.played import MONDAY, by_the_daemon, foretold

DAYS = 2.0
EVERY = 900.0


def history(seed: int, *hours: float) -> list[float]:
    """Bursts of changes after these hours of each day."""
    chance = random.Random(seed)
    return sorted(
        MONDAY + day * 86400 + hour * 3600 + chance.expovariate(1 / 900)
        for day in range(int(DAYS))
        for hour in hours
        for _ in range(6)
    )


@pytest.mark.timeout(240)
def test_the_daemon_delays_as_the_schedule_alone_foretells(site: Any, tmp_path: Path) -> None:
    histories = {"morning": history(1, 9.0, 10.0), "evening": history(2, 20.0), "quiet": history(3)}
    end = MONDAY + DAYS * 86400
    real = by_the_daemon(site, histories, tmp_path, EVERY, 1.5, end)
    pure = foretold(histories, EVERY, 1.5, end)
    assert real.requests == pytest.approx(pure.requests, rel=0.05)
    assert real.mean == pytest.approx(pure.mean, rel=0.15)
    assert real.mean < 0.8 * EVERY / 2
