"""A day through the real daemon with a clock that moves while nothing is under way, beside the schedule alone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.traces.played import MONDAY, by_the_daemon, foretold

DAYS = 1.0
EVERY = 900.0


def history(seed: int, begin: float, end: float, number: int) -> list[float]:
    """So many changes a day, in these hours: so many that the phase of single checks hardly matters."""
    chance = random.Random(seed)
    return sorted(
        MONDAY + day * 86400 + chance.uniform(begin, end) * 3600 for day in range(int(DAYS)) for _ in range(number)
    )


@pytest.mark.timeout(240)
def test_the_daemon_delays_as_the_schedule_alone_foretells(site: Any, tmp_path: Path) -> None:
    histories = {"office": history(1, 8, 18, 120), "evening": history(2, 17, 23, 60), "quiet": history(3, 0, 24, 3)}
    end = MONDAY + DAYS * 86400
    real = by_the_daemon(site, histories, tmp_path, EVERY, 1.5, end)
    pure = foretold(histories, EVERY, 1.5, end)
    assert real.requests == pytest.approx(pure.requests, rel=0.05)
    assert real.mean == pytest.approx(pure.mean, rel=0.15)
    assert real.mean < 0.8 * EVERY / 2
