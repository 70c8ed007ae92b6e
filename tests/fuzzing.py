"""Fuzzing by hypothesis for as long as is wanted: `FUZZ_SECONDS` for each test, see tests/fuzz.py.

By default that is fifty runs: what `make test` looks at is the same each time. `make fuzz` goes on for minutes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile import MAKES

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
HANGS = 30.0  # seconds of processor time for one run, of which most take milliseconds
TOKENS = (
    *("Telegram", "Телеграм", "Acme licence", "Max Planck", "Ivan Petrov", "#AcmeMax", "CIK 1234567", "telegram pole"),
    *("\n", "\r\n", "\x1b[2J", "\x00", "\u202e", "\u2028", "\ud800", "\udc00", "\u0301", "\u200b", "\U000e0001", "\ufeff"),
    *("<b>", "</div>", "<script>", "javascript:", "](", "@everyone", "||", "```", "&amp;", "&#0;", "{x}", "%s", "${A}", "\\"),
    *("9999-12-31T23:59:59+00:00", "0001-01-01", "1e400", "NaN", "-0", "31.12.9999", "Fri, 31 Dec 9999 23:59:59 GMT"),
)  # fmt: skip

fuzzed = pytest.mark.timeout(SECONDS * 3 + 60)


def texts(most: int = 400) -> st.SearchStrategy[str]:
    """Hostile texts: runs of each make, of at most so many characters, beside tokens and any text, in any order."""
    runs = st.builds(lambda name, size: MAKES[name](size), st.sampled_from(list(MAKES)), st.integers(0, most))
    pieces = st.one_of(runs, st.text(max_size=30), st.sampled_from(TOKENS))
    return st.lists(pieces, max_size=6).map("".join)


def fuzz(name: str, check: Callable[..., None], *given_of: st.SearchStrategy[Any]) -> None:
    """Batches of runs, each from another seed, until the time is up; `-s` prints how many, and the slowest."""
    count, slowest, ends, number = 0, 0.0, time.monotonic() + SECONDS, 0
    while number == 0 or time.monotonic() < ends:
        number += 1

        @seed(number)
        @settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.tuples(*given_of))
        def batch(given: tuple[Any, ...]) -> None:
            nonlocal count, slowest
            if time.monotonic() > ends + 5:
                return
            began = time.thread_time()
            check(*given)
            count, slowest = count + 1, max(slowest, time.thread_time() - began)
            if slowest > HANGS:
                pytest.fail(f"{name}: a run took {slowest:.0f} s of processor time")

        batch()
    print(f"\nfuzz {name}: {count} runs, the slowest {slowest:.2f} s of processor time")
