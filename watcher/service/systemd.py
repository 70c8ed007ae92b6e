"""Telling systemd how we are: READY, STATUS, WATCHDOG. Without systemd nothing happens.

The protocol is a datagram to the socket that $NOTIFY_SOCKET names: sd_notify(3).
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from watcher.terminal.console import printable


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
    """Say that a reload has begun; Type=notify-reload wants the monotonic time with it. READY=1 ends it."""
    notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


class StatusLine:
    """Keeps `systemctl status` up to date: sent when it differs, and no more than once a second."""

    def __init__(self) -> None:
        self._said, self._at = "", 0.0
        self.late = False  # whether there is something to say once a second has passed

    def say(self, text: str) -> None:
        """Show this from now on."""
        self.late = text != self._said and time.monotonic() - self._at < 1
        if text != self._said and not self.late:
            self._said, self._at = text, time.monotonic()
            notify(status(text))


class Pulse:
    """A clock that notes when it was last asked the time: whoever works asks between two steps."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock, self._asked = clock, time.monotonic()

    def __call__(self) -> datetime:
        """The time."""
        self._asked = time.monotonic()
        return self._clock()

    def silent(self) -> float:
        """Seconds since it was last asked."""
        return time.monotonic() - self._asked


class Watchdog:
    """Pings the service manager from the loop that must not hang, within half the time that the unit allows.

    `every` is that half in seconds, 0 without a watchdog.
    """

    def __init__(self) -> None:
        microseconds = os.environ.get("WATCHDOG_USEC", "")
        self.every = int(microseconds) / 2e6 if microseconds.isdecimal() else 0.0
        self._last = 0.0

    def ping(self) -> None:
        """Say that the loop makes progress; sent no more often than needed."""
        if self.every and time.monotonic() - self._last >= self.every / 2:
            self._last = time.monotonic()
            notify("WATCHDOG=1")
