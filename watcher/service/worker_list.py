"""The workers that share a state, and their backlog, as `watch status` shows them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from state.storage.workers import Backlog, WorkerSeen
from state.store import Store
from watcher.service.presence import pauses_line
from watcher.terminal.console import say
from watcher.terminal.words import about, count

SILENT = 15.0  # seconds after which a worker no longer counts as running


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
    workers = [
        {"name": each.name, "host": each.host, "started": each.started.isoformat(), "seen_ago": round(each.ago, 1)}
        | {"there": each.ago < SILENT, **each.state}
        for each in found.workers
    ]
    queue = {"jobs": found.backlog.jobs, "due": found.backlog.due, "lag": round(found.backlog.lag, 3)}
    return {"workers": workers, "queue": queue}


def print_fleet(found: WorkerList) -> None:
    """The workers, as `watch status` shows them."""
    there = [each for each in found.workers if each.ago < SILENT]
    say()
    say(f"{count(len(there), 'worker')} at work; {_waiting(found.backlog)}", hang=4)
    for each in found.workers:
        say(_line(each), indent=2, hang=4)
    if len({each.state.get("configuration") for each in there}) > 1:
        say("their configurations differ: see that all machines have the same watch.toml, and reload them", hang=4)


def _waiting(backlog: Backlog) -> str:
    if not backlog.due:
        return "nothing is due"
    late = f"the first of them for {backlog.lag:.1f} s"
    return f"{count(backlog.due, 'source')} due or being checked, {late}; {backlog.jobs} of them wait for a worker"


def _line(worker: WorkerSeen) -> str:
    state = worker.state
    if worker.ago >= SILENT:
        return f"{worker.name}: not seen for {about(timedelta(seconds=worker.ago))}; what it had in hand, others do"
    draining = "; is ending" if state.get("draining") else ""
    done = f"{state.get('in_hand')} in hand, {state.get('checks')} checked, {state.get('sent')} sent"
    return f"{worker.name}: {done}{draining}; {pauses_line(state)}"
