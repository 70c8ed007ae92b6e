"""What systemd and the process say to each other: signals as requests, and READY, STATUS, WATCHDOG.

A signal to stop counts once, to reload as often as wanted; a second stop signal ends the process at once. Notifications
are datagrams to the socket in $NOTIFY_SOCKET: sd_notify(3). Without systemd nothing is sent.
"""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from types import FrameType

from watcher.terminal.console import printable

STOPPING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def on_signals(stop: Callable[[], None], reload: Callable[[], None]) -> Iterator[None]:
    """Have TERM and INT call `stop`, and HUP `reload` and then its old handler; restore the old handlers at the end.

    The first stop signal restores the default handling, so that a second one kills the process.
    """

    def stopping(_number: int, _frame: FrameType | None) -> None:
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        stop()

    def reloading(number: int, frame: FrameType | None) -> None:
        reload()
        if callable(more := before[signal.SIGHUP]):
            more(number, frame)

    before = {number: signal.getsignal(number) for number in (*STOPPING, signal.SIGHUP)}
    for number in STOPPING:
        signal.signal(number, stopping)
    signal.signal(signal.SIGHUP, reloading)
    mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})  # it may have come already: watcher/cli.py
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)


def notify(*assignments: str) -> None:
    """Send assignments such as "READY=1" to the service manager, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.sendall("\n".join(assignments).encode())


def status(text: str) -> str:
    """The assignment that shows `text` in `systemctl status`: one line, without secrets and control characters."""
    return f"STATUS={printable(' '.join(text.split()))}"


def reloading() -> None:
    """Notify that a reload has begun, with the monotonic time that Type=notify-reload requires. READY=1 ends it."""
    notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


class StatusLine:
    """Keeps `systemctl status` up to date: sends changes, at most one a second."""

    def __init__(self) -> None:
        self._said, self._at = "", 0.0

    def say(self, text: str) -> None:
        """Show a text from now on."""
        if text != self._said and time.monotonic() - self._at >= 1:
            self._said, self._at = text, time.monotonic()
            notify(status(text))


class Pulse:
    """A clock that records when it was last read: a thread that works reads it between two steps."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock, self._asked = clock, time.monotonic()

    def __call__(self) -> datetime:
        """The time."""
        self._asked = time.monotonic()
        return self._clock()

    def silent(self) -> float:
        """Seconds since it was last read."""
        return time.monotonic() - self._asked


class Watchdog:
    """Pings the service manager from the loop that must not hang.

    `every` is half of the time that the unit allows, in seconds; 0 without a watchdog.
    """

    def __init__(self) -> None:
        microseconds = os.environ.get("WATCHDOG_USEC", "")
        self.every = int(microseconds) / 2e6 if microseconds.isdecimal() else 0.0
        self._last = 0.0

    def ping(self) -> None:
        """Report progress, no more often than needed."""
        if self.every and time.monotonic() - self._last >= self.every / 2:
            self._last = time.monotonic()
            notify("WATCHDOG=1")
