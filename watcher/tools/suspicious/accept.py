"""Accepts a suspicious snapshot after a person has seen the changes that it would bring: `watch accept`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from state.store import Store
from watcher.config.load import load
from watcher.errors import UsageError
from watcher.terminal.console import agreed, can_answer, say
from watcher.tools.arguments import chosen
from watcher.tools.suspicious.held import Held, held_snapshot, print_held, take, taken_line


def accept(path: Path | None, name: str, *, alert: bool, snapshot: str | None) -> None:
    """Show the changes that the suspicious snapshot of a source would bring, ask, and accept it. Does not ask if its id
    is `snapshot`.

    Without `alert` its changes are only logged. Raises ConfigError, UsageError and StateError.
    """
    config = load(path)
    chosen(config, [name])
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        store.evidence.keep(config.evidence)
        held = held_snapshot(store, config, name, config.alerts if alert else (), datetime.now(UTC))
        if held is None:
            raise UsageError(f"{name}: no snapshot is held; watch status says how its sources are")
        if snapshot not in {None, held.id}:
            raise UsageError(f"{name}: snapshot {snapshot} is not held, {held.id} is: nothing was taken")
        health = held.state.health
        if health.reason:
            say(f"{name}: {health.reason}: {health.message}", hang=4)
        print_held(held, config.timezone)
        if snapshot is None and not _is_wanted(held):
            say("nothing was taken")
            return
        say(taken_line(held, take(store, held), alert=alert), hang=4)


def _is_wanted(held: Held) -> bool:
    """Ask. Raises UsageError if no terminal can answer."""
    if not can_answer():
        name = held.context.name
        raise UsageError(f"{name}: nothing was taken, as nobody can be asked here; to take it: --yes {held.id}")
    return agreed("take it as the new truth?")
