"""Immediate retries within a request's deadline: when tenacity says so. Longer waits belong to the schedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from tenacity import RetryCallState, Retrying, stop_after_attempt, stop_after_delay, stop_before_delay
from tenacity.wait import wait_exponential_jitter

T = TypeVar("T")


class Attempts(Generic[T]):
    """Counts the attempts of one request. `worth` says of what one came to whether another may help: the least seconds
    to wait before it, or None.

    At most `most` attempts, none `none_after` seconds after the first one `began`, and none that would begin after
    `ends` (both monotonic). `pause` is the wait before the second in seconds, doubled before the third; chance adds as
    much again at most.
    """

    def __init__(
        self,
        *,
        most: int,
        none_after: float,
        pause: float,
        began: float,
        ends: float,
        worth: Callable[[T], float | None],
    ) -> None:
        self._worth = worth
        self._wait = wait_exponential_jitter(multiplier=pause, jitter=pause)
        self._stop = stop_after_attempt(most) | stop_after_delay(none_after) | stop_before_delay(ends - began)
        self._state = RetryCallState(Retrying(), None, (), {})
        self._state.start_time = began

    def next(self, came: T) -> float | None:
        """The seconds to wait before the next attempt, or None when what came is the end of it."""
        least = self._worth(came)
        if least is None:
            return None
        self._state.set_result(came)
        pause = max(self._wait(self._state), least)
        self._state.upcoming_sleep = pause
        if self._stop(self._state):
            return None
        self._state.prepare_for_next_attempt()
        return pause
