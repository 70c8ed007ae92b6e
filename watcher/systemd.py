"""Telling systemd how we are: READY, STATUS, WATCHDOG. Without systemd nothing happens.

The protocol is a datagram to the socket that $NOTIFY_SOCKET names: sd_notify(3).
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress


def notify(*assignments: str) -> None:
    """Send assignments such as "READY=1" to the service manager, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.sendall("\n".join(assignments).encode())


def reloading() -> None:
    """Say that a reload has begun; Type=notify-reload wants the monotonic time with it. READY=1 ends it."""
    notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


class Watchdog:
    """Pings the service manager from the loop that must not hang, at half the time that the unit allows."""

    def __init__(self) -> None:
        microseconds = os.environ.get("WATCHDOG_USEC", "")
        self._every = int(microseconds) / 2e6 if microseconds.isdecimal() else 0.0
        self._last = 0.0

    def ping(self) -> None:
        """Say that the loop makes progress; sent no more often than needed."""
        if self._every and time.monotonic() - self._last >= self._every / 2:
            self._last = time.monotonic()
            notify("WATCHDOG=1")
