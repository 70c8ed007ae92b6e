"""The health of the sources, and counts of recent checks: for STATUS, and for a line in the log now and then. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from watcher.check.outcome import Result
from watcher.terminal.words import count

BUSY = 60.0  # seconds between two summaries while something happens
QUIET = 3600.0  # seconds between two summaries while nothing happens: a sign of life
MOST_NAMED = 3  # most sources in trouble named in STATUS

_BAD = ("failing", "suspicious")


class Standing:
    """The health of each enabled source: ok, failing, suspicious, or new."""

    def __init__(self) -> None:
        self._health: dict[str, str] = {}

    def watch(self, names: Iterable[str], stored: Mapping[str, str]) -> None:
        """Keep these sources. Those without a result yet have the health in `stored`."""
        self._health = {name: self._health.get(name) or stored.get(name, "new") for name in names}

    def add(self, result: Result) -> None:
        """Record a check that has ended."""
        if result.name in self._health:
            self._health[result.name] = result.status if result.status in _BAD else "ok"

    def line(self, waiting: int, due: datetime | None, name: str) -> str:
        """The status in one line: `3 sources: 2 ok, 1 failing (tass); next check 14:31:07 (rkn-landing)`."""
        found = Counter(self._health.values())
        parts = [self._part(status, found[status]) for status in ("ok", *_BAD, "new") if found[status]]
        line = f"{count(len(self._health), 'source')}: {', '.join(parts) or 'none enabled'}{waiting_part(waiting)}"
        return line + (f"; next check {due:%H:%M:%S} ({name})" if due else "")

    def _part(self, status: str, number: int) -> str:
        names = [name for name, health in self._health.items() if health == status] if status in _BAD else []
        more = ", ..." if len(names) > MOST_NAMED else ""
        named = f" ({', '.join(names[:MOST_NAMED])}{more})" if names else ""
        return f"{number} {'not yet checked' if status == 'new' else status}{named}"


def waiting_part(waiting: int) -> str:
    """The end of a status line: the number of pending deliveries; "" if there are none."""
    return f"; {count(waiting, 'delivery', 'deliveries')} waiting" if waiting else ""


class Outcomes:
    """Counts all checks since the start, by outcome, and the seconds that they took."""

    def __init__(self) -> None:
        self._checks: Counter[str] = Counter()
        self._seconds = 0.0

    def add(self, result: Result) -> None:
        """Count a check."""
        self._checks[result.status] += 1
        self._seconds += result.seconds

    def told(self) -> dict[str, Any]:
        """As daemons report it: `{"checks": {status: number}, "seconds": sum}`."""
        return {"checks": dict(self._checks), "seconds": round(self._seconds, 3)}


class Tally:
    """Counts the results of checks since the last summary. `now` is monotonic, in seconds."""

    def __init__(self, now: float) -> None:
        self._checks: Counter[str] = Counter()
        self._since, self._sent = now, 0

    def add(self, result: Result) -> None:
        """Count a check."""
        self._checks[result.status] += 1

    def sum_up(self, now: float, sent: int) -> str | None:
        """A summary since the last one if it is time, else None; `sent` is the number of deliveries since the start.

        At most one a minute, and one an hour while every check is unchanged.
        """
        checks, passed = self._checks, now - self._since
        quiet = checks.total() == checks["unchanged"] and sent == self._sent
        if not checks or passed < (QUIET if quiet else BUSY):
            return None
        words = {"ok": "with changes", "baseline": "first snapshots", "failing": "failing", "suspicious": "suspicious"}
        parts = [f"{checks[status]} {word}" for status, word in words.items() if checks[status]]
        told = f"in {_span(passed)}: {count(checks.total(), 'check')}, {', '.join(parts) or 'all unchanged'}"
        told += f"; {count(sent - self._sent, 'alert')} sent" if sent > self._sent else ""
        self._checks, self._since, self._sent = Counter(), now, sent
        return told


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 2 * BUSY else f"{seconds / 60:.0f} min"
