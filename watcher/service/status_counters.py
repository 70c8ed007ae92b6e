"""How the sources stand, and what has happened lately: for STATUS, and for one line in the log now and then. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from watcher.check.outcome import Result
from watcher.terminal.console import count

BUSY = 60.0  # seconds from one summing-up to the next while something happens
QUIET = 3600.0  # and while nothing does: a sign of life
MOST_NAMED = 3  # sources in trouble that STATUS names

_BAD = ("failing", "suspicious")


class Tally:
    """Counts results. `standing` holds each enabled source's health: ok, failing, suspicious, or new."""

    def __init__(self, standing: Mapping[str, str], now: float) -> None:
        self._standing = dict(standing)
        self._checks: Counter[str] = Counter()
        self._since, self._sent = now, 0

    def watch(self, names: Iterable[str]) -> None:
        """Go on with these sources."""
        self._standing = {name: self._standing.get(name, "new") for name in names}

    def add(self, result: Result) -> None:
        """Count a check."""
        self._checks[result.status] += 1
        if result.name in self._standing:
            self._standing[result.name] = result.status if result.status in _BAD else "ok"

    def status(self, waiting: int, due: datetime | None, name: str) -> str:
        """How all stands, in one line: `3 sources: 2 ok, 1 failing (tass); next check 14:31:07 (rkn-landing)`."""
        found = Counter(self._standing.values())
        parts = [self._part(status, found[status]) for status in ("ok", *_BAD, "new") if found[status]]
        told = f"{count(len(self._standing), 'source')}: {', '.join(parts) or 'none enabled'}"
        if waiting:
            told += f"; {count(waiting, 'delivery', 'deliveries')} waiting"
        return told + (f"; next check {due:%H:%M:%S} ({name})" if due else "")

    def _part(self, status: str, number: int) -> str:
        names = [name for name, standing in self._standing.items() if standing == status] if status in _BAD else []
        more = ", ..." if len(names) > MOST_NAMED else ""
        named = f" ({', '.join(names[:MOST_NAMED])}{more})" if names else ""
        return f"{number} {'not yet checked' if status == 'new' else status}{named}"

    def sum_up(self, now: float, sent: int) -> str | None:
        """What has happened since the last line, if it is time for one; `sent` counts the deliveries since the start.

        At most one a minute, and one an hour while every check finds everything as it was.
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
