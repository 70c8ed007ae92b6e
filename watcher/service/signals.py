"""Signals as requests: stop once, reload as often as wanted. A second stop signal ends the process at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def on_signals(stop: Callable[[], None], reload: Callable[[], None]) -> Iterator[None]:
    """Have TERM and INT call `stop` and HUP call `reload`; restore the old handlers at the end.

    The first stop signal restores the default handling, so that a second one kills the process.
    """

    def stopping(_number: int, _frame: FrameType | None) -> None:
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        stop()

    before = {number: signal.getsignal(number) for number in (*STOPPING, signal.SIGHUP)}
    for number in STOPPING:
        signal.signal(number, stopping)
    signal.signal(signal.SIGHUP, lambda _number, _frame: reload())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
