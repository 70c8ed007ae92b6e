"""What a daemon, or a worker, reports: the health of the sources and counts of recent checks, for STATUS and the log;
in the state that it is there, its checks by outcome, and how long its event loop has paused.

`watch status` and /metrics of the desk show what is in the state.
"""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from sources.http.course import large_courses
from state.storage.daemons import DaemonSeen
from state.store import Store
from watcher.check.outcome import Result
from watcher.errors import UsageError
from watcher.runtime.background import put_off
from watcher.runtime.event_loop import LONG, Pauses
from watcher.terminal.console import say
from watcher.terminal.words import about, count

if TYPE_CHECKING:
    from state.storage.workers import Backlog, WorkerSeen

BUSY = 60.0  # seconds between two summaries while something happens
QUIET = 3600.0  # seconds between two summaries while nothing happens: a sign of life
MOST_NAMED = 3  # most sources in trouble named in STATUS
BAD = ("failing", "suspicious")
EVERY = 60.0  # seconds between two records
SILENT = timedelta(seconds=180)  # after which a daemon no longer counts as running
WORKER_SILENT = 15.0  # seconds after which a worker no longer does
TAKES_EDITS = {"edits": True}  # in the status of what takes over edits at the desk: earlier releases do not tell it


class SourcesHealth:
    """The health of each enabled source: ok, failing, suspicious, or new."""

    def __init__(self) -> None:
        self._health: dict[str, str] = {}

    def watch(self, names: Iterable[str], stored: Mapping[str, str]) -> None:
        """Keep these sources. Those without a result yet have the health in `stored`."""
        self._health = {name: self._health.get(name) or stored.get(name, "new") for name in names}

    def add(self, result: Result) -> None:
        """Record a check that has ended."""
        if result.name in self._health:
            self._health[result.name] = result.status if result.status in BAD else "ok"

    def line(self, waiting: int, due: datetime | None, name: str) -> str:
        """The status in one line: `3 sources: 2 ok, 1 failing (tass); next check 14:31:07 (rkn-landing)`."""
        found = Counter(self._health.values())
        parts = list[str]()
        for status in filter(found.__getitem__, ("ok", *BAD, "new")):
            names = [name for name, health in self._health.items() if health == status] if status in BAD else []
            more = ", ..." if len(names) > MOST_NAMED else ""
            named = f" ({', '.join(names[:MOST_NAMED])}{more})" if names else ""
            parts.append(f"{found[status]} {'not yet checked' if status == 'new' else status}{named}")
        line = f"{count(len(self._health), 'source')}: {', '.join(parts) or 'none enabled'}{waiting_part(waiting)}"
        return line + (f"; next check {due:%H:%M:%S} ({name})" if due else "")


def waiting_part(waiting: int) -> str:
    """The end of a status line: the number of pending deliveries; "" if there are none."""
    return f"; {count(waiting, 'delivery', 'deliveries')} waiting" if waiting else ""


def paused_part(paused: float) -> str:
    """The end of a status line: the longest pause of the event loop within the hour, in seconds, if it was long."""
    return f"; the event loop paused for {paused:.1f} s within the hour" if paused > LONG else ""


class CheckCounts:
    """Counts the checks since the start, by outcome, and the seconds that they took; and sums up what happened lately.

    `now` is monotonic, in seconds.
    """

    def __init__(self, now: float) -> None:
        self._all, self._lately, self._seconds = Counter[str](), Counter[str](), 0.0
        self._since, self._sent = now, 0  # the last summary, and the deliveries before it

    def add(self, result: Result) -> None:
        """Count a check."""
        self._all[result.status] += 1
        self._lately[result.status] += 1
        self._seconds += result.seconds

    def totals(self) -> dict[str, Any]:
        """As daemons report it: `{"checks": {status: number}, "seconds": sum}`."""
        return {"checks": dict(self._all), "seconds": round(self._seconds, 3)}

    def sum_up(self, now: float, sent: int) -> str | None:
        """A summary since the last one if it is time, else None; `sent` is the number of deliveries since the start.

        At most one a minute, and one an hour while every check is unchanged.
        """
        checks, passed = self._lately, now - self._since
        quiet = checks.total() == checks["unchanged"] and sent == self._sent
        if not checks or passed < (QUIET if quiet else BUSY):
            return None
        words = {"ok": "with changes", "baseline": "first snapshots", "failing": "failing", "suspicious": "suspicious"}
        parts = [f"{checks[status]} {word}" for status, word in words.items() if checks[status]]
        span = f"{passed:.0f} s" if passed < 2 * BUSY else f"{passed / 60:.0f} min"
        summary = f"in {span}: {count(checks.total(), 'check')}, {', '.join(parts) or 'all unchanged'}"
        summary += f"; {count(sent - self._sent, 'alert')} sent" if sent > self._sent else ""
        self._lately, self._since, self._sent = Counter(), now, sent
        return summary


class Presence:
    """The presence of one daemon. Without a store it records nothing."""

    def __init__(self, store: Store | None, clock: Callable[[], datetime]) -> None:
        self._store, self._clock, self._started, self._next = store, clock, clock(), 0.0
        self._host, self._large = socket.gethostname(), dict[str, Any]()
        self._name = f"{self._host}:{os.getpid()}:{uuid4().hex[:6]}"

    def enter(self, store: Store, state: str) -> None:
        """Record that the daemon is there. Raises UsageError while another one is on this state, and StateError."""
        now = self._clock()
        seen = DaemonSeen(self._name, self._host, self._started, now, TAKES_EDITS)

        def is_there(other: DaemonSeen) -> bool:
            process = _process_of(other)
            ended = other.host == self._host and (process == os.getpid() or not _is_running(process))
            return not ended and abs(now - other.seen) < SILENT

        if other := store.daemons.enter(seen, is_there):
            since = other.started.astimezone().isoformat(" ", "seconds")
            first = f"process {_process_of(other)} on {other.host}, since {since}"
            advice = "stop that one, or let several share a PostgreSQL server (docs/scale.md)"
            raise UsageError(f"{state}: another daemon is at work with it: {first}; {advice}")

    def report(self, pauses: Pauses, counts: CheckCounts) -> None:
        """Report once a minute, and at each call while a large page comes; what cannot be stored waits for the next."""
        large = large_courses()
        if self._store is None or (time.monotonic() < self._next and large == self._large):
            return
        self._next, self._large = time.monotonic() + EVERY, large
        state = {"pauses": pauses.summary(), "outcomes": counts.totals(), "large": large} | TAKES_EDITS
        seen = DaemonSeen(self._name, self._host, self._started, self._clock(), state)
        with put_off("that we are there is not told"):
            self._store.daemons.note(seen)

    def end(self) -> None:
        """Remove the record: the daemon ends."""
        with put_off("that we are gone is not told"):
            if self._store:
                self._store.daemons.gone(self._name)


def without_edits(daemons: Sequence[DaemonSeen], now: datetime) -> list[str]:
    """The daemons and workers at work that do not take over edits at the desk, as they are of an earlier release."""
    there = [each for each in daemons if now - each.seen < SILENT]
    return [f"{each.name} on {each.host}" for each in there if not TAKES_EDITS.items() <= each.state.items()]


def _process_of(daemon: DaemonSeen) -> int:
    """The id of a daemon's process, from its name."""
    return int(daemon.name.split(":")[-2])


def _is_running(process: int) -> bool:
    """Whether there is a process with this id on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is another user's
    return True


def daemons_json(daemons: Sequence[DaemonSeen], now: datetime) -> list[dict[str, Any]]:
    """The daemons, as `watch status --json` shows them."""
    return [_seen_json(each, (now - each.seen).total_seconds(), SILENT.total_seconds()) for each in daemons]


def _seen_json(each: DaemonSeen | WorkerSeen, ago: float, silent: float) -> dict[str, Any]:
    about = {"name": each.name, "host": each.host, "started": each.started.isoformat()}
    return {**about, "seen_ago": round(ago, 1), "there": ago < silent, **each.state}


def print_daemons(daemons: Sequence[DaemonSeen], now: datetime) -> None:
    """The daemons, as `watch status` shows them."""
    for each in daemons:
        gone = f"not seen for {about(now - each.seen)}" if now - each.seen >= SILENT else ""
        say(f"daemon {each.name}: {gone or f'since {about(now - each.started)}{_paused(each.state)}'}", hang=4)


def _paused(state: Any) -> str:
    return paused_part(state.get("pauses", {}).get("hour", {}).get("cpu", 0.0))


class WorkerList(NamedTuple):
    """The workers seen lately, and the backlog that they share."""

    workers: Sequence[WorkerSeen]
    backlog: Backlog


def fleet(store: Store) -> WorkerList | None:
    """The workers of a state; None if none was ever seen (a daemon or one-shot runs check). Raises StateError."""
    claims = store.claims()
    workers = claims.workers()
    return WorkerList(workers, claims.backlog()) if workers else None


def fleet_json(found: WorkerList) -> dict[str, Any]:
    """The workers, as `watch status --json` shows them."""
    workers = [_seen_json(each, each.ago, WORKER_SILENT) for each in found.workers]
    queue = {"jobs": found.backlog.jobs, "due": found.backlog.due, "lag": round(found.backlog.lag, 3)}
    return {"workers": workers, "queue": queue}


def print_fleet(found: WorkerList) -> None:
    """The workers, as `watch status` shows them."""
    there, backlog = [each for each in found.workers if each.ago < WORKER_SILENT], found.backlog
    due = f"{count(backlog.due, 'source')} due or being checked, the first of them for {backlog.lag:.1f} s"
    waiting = f"{due}; {backlog.jobs} of them wait for a worker" if backlog.due else "nothing is due"
    say()
    say(f"{count(len(there), 'worker')} at work; {waiting}", hang=4)
    for each in found.workers:
        state, draining = each.state, "; is ending" if each.state.get("draining") else ""
        done = f"{state.get('in_hand')} in hand, {state.get('checks')} checked, {state.get('sent')} sent"
        gone = f"not seen for {about(timedelta(seconds=each.ago))}; what it had in hand, others do"
        line = gone if each.ago >= WORKER_SILENT else f"{done}{draining}{_paused(state)}"
        say(f"{each.name}: {line}", indent=2, hang=4)
    if len({each.state.get("configuration") for each in there}) > 1:
        say("their configurations differ: see that all machines have the same watch.toml, and reload them", hang=4)
