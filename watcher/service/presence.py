"""A daemon reports in the state that it is there, its checks by outcome, and how long its event loop has paused.

`watch status` and the desk's /metrics show it.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from state.storage.daemons import DaemonSeen
from state.store import Store
from watcher.runtime.event_loop import Pauses
from watcher.service.put_off import put_off
from watcher.service.status_counters import Outcomes
from watcher.terminal.console import say
from watcher.terminal.words import about

EVERY = 60.0  # seconds between two records
SILENT = timedelta(seconds=180)  # after which a daemon no longer counts as running


class Presence:
    """The presence of one daemon. Without a store it records nothing."""

    def __init__(self, store: Store | None, clock: Callable[[], datetime]) -> None:
        self._store, self._clock, self._started = store, clock, clock()
        self._host = socket.gethostname()
        self._name = f"{self._host}:{os.getpid()}:{uuid4().hex[:6]}"
        self._next = 0.0

    def tell(self, pauses: Pauses, outcomes: Outcomes) -> None:
        """Tell once a minute; what cannot be stored waits for the next time."""
        if self._store is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        state = {"pauses": pauses.summary(), "outcomes": outcomes.told()}
        seen = DaemonSeen(self._name, self._host, self._started, self._clock(), state)
        with put_off("that we are there is not told"):
            self._store.daemons.seen(seen)

    def end(self) -> None:
        """Remove the record: the daemon ends."""
        with put_off("that we are gone is not told"):
            if self._store:
                self._store.daemons.gone(self._name)


def daemons_json(daemons: Sequence[DaemonSeen], now: datetime) -> list[dict[str, Any]]:
    """The daemons, as `watch status --json` shows them."""
    return [
        {"name": each.name, "host": each.host, "started": each.started.isoformat()}
        | {"seen_ago": round((now - each.seen).total_seconds(), 1), "there": now - each.seen < SILENT, **each.state}
        for each in daemons
    ]


def print_daemons(daemons: Sequence[DaemonSeen], now: datetime) -> None:
    """The daemons, as `watch status` shows them."""
    for each in daemons:
        gone = f"not seen for {about(now - each.seen)}" if now - each.seen >= SILENT else ""
        say(f"daemon {each.name}: {gone or f'since {about(now - each.started)}; {pauses_line(each.state)}'}", hang=4)


def pauses_line(state: Any) -> str:
    """`event loop's longest pause 0.012 s of processor time (0.030 s in all) in the last hour, ...`."""
    names = {"hour": "in the last hour", "day": "in the last day", "start": "since its start"}
    pauses = [(name, state["pauses"][key]) for key, name in names.items() if key in state.get("pauses", {})]
    told = ", ".join(f"{each['cpu']:.3f} s ({each['wall']:.3f} s in all) {name}" for name, each in pauses)
    return f"event loop's longest pause, in processor time: {told or 'not told'}"
