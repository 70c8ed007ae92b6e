"""How often a request that failed is sent again at once, and after what pauses. Longer waits are the schedule's."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import tenacity
from tenacity.stop import stop_after_attempt, stop_after_delay, stop_before_delay
from tenacity.wait import wait_exponential_jitter

T = TypeVar("T")

ATTEMPTS = 3
PAUSE = 0.2  # seconds before the second attempt, doubled before the third; up to as much jitter is added
NO_MORE_AFTER = 3.0  # seconds: a failure that took longer, such as of a name server, would repeat


async def retry(
    attempt: Callable[[], Awaitable[T]],
    first: T | Exception,
    *,
    worth: Callable[[T | BaseException], float | None],
    began: float,
    ends: float,
) -> T:
    """Repeat an attempt at once after its `first` outcome, by tenacity; longer back-off belongs to the schedule.

    Returns the last attempt's result or raises its exception. `worth` decides whether another attempt may help: the
    minimum wait in seconds, or None. No attempt begins later than NO_MORE_AFTER seconds after `began`, or after `ends`
    (both by `time.monotonic`).
    """
    outcomes = [first]

    async def attempt_or_first() -> T:
        if not outcomes:
            return await attempt()
        outcome = outcomes.pop()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def least_wait(state: tenacity.RetryCallState) -> float | None:
        assert state.outcome  # noqa: S101 - asked after each attempt
        return worth(state.outcome.exception() or state.outcome.result())

    now = time.monotonic()
    jitter = wait_exponential_jitter(multiplier=PAUSE, jitter=PAUSE)
    retrying = tenacity.AsyncRetrying(
        stop=stop_after_attempt(ATTEMPTS)
        | stop_after_delay(began + NO_MORE_AFTER - now)
        | stop_before_delay(ends - now),
        retry=lambda state: least_wait(state) is not None,
        wait=lambda state: max(jitter(state), least_wait(state) or 0.0),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    return await retrying(attempt_or_first)
