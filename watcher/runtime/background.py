"""Work beside the checks, which delays none of them: what is repeated at intervals, each time in a thread of its own,
and what waits while the state cannot be used.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, ParamSpec

from state.errors import StateError

log = logging.getLogger(__name__)

P = ParamSpec("P")


@contextmanager
def put_off(what: str) -> Iterator[None]:
    """End the block where the state cannot be used: a later one makes up for it. `what` says in the log what waits."""
    try:
        yield
    except StateError as error:
        log.debug("%s: %s", what, error)


class Periodic(Generic[P]):
    """Runs `work` every `every` seconds, for the first time after `first_after` seconds. A loop calls `turn`.

    `name` is the thread's name, `waits` the start of the log line when the work fails.
    """

    def __init__(self, name: str, work: Callable[P, None], waits: str, *, every: float, first_after: float) -> None:
        self._name, self._work, self._waits, self._every = name, work, waits, every
        self._next = time.monotonic() + first_after
        self._thread = threading.Thread()

    def turn(self, *args: P.args, **options: P.kwargs) -> None:
        """Begin if it is time and the last run has ended."""
        if time.monotonic() < self._next or self._thread.is_alive():
            return
        self._next = time.monotonic() + self._every
        self._thread = threading.Thread(target=self._run, args=args, kwargs=options, name=self._name, daemon=True)
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait at most `seconds` for the run under way."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self, *args: P.args, **options: P.kwargs) -> None:
        try:
            self._work(*args, **options)
        except StateError as error:
            log.warning("%s: %s", self._waits, error)
        except Exception:
            log.exception("%s: unexpected fault", self._waits)
