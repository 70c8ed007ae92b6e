"""Opens the state for commands that only read it: nothing is created."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from state.db.connect import connected
from state.evidence.options import EvidenceOptions
from state.model import Event, EventKind
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import SQLITE, is_server
from watcher.errors import UsageError
from watcher.terminal.words import count


@contextmanager
def known_state(config: Config) -> Iterator[Store | None]:
    """The state of a configuration, or None if nothing was ever checked. Raises StateError.

    Reading must not create it: the service could not write to a file made by root.
    """
    if is_unused(config.state):
        yield None
        return
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        yield store


@contextmanager
def existing_state(config: Config, otherwise: str = "") -> Iterator[Store]:
    """The state of a configuration. Raises StateError, and UsageError if nothing was ever checked: `otherwise` says
    what there is not then.
    """
    with known_state(config) as store:
        if store is None:
            checked = f"nothing was ever checked with this configuration: {otherwise}"
            begin = "there is no state yet: start the daemon, or run `watch --once` first"
            raise UsageError(checked if otherwise else begin)
        yield store


def kept_evidence(config: Config) -> EvidenceOptions:
    """The options of the evidence. Raises UsageError if none is kept."""
    if config.evidence is None:
        raise UsageError(f"{config.path} has no table [evidence]: nothing is kept; docs/evidence.md")
    return config.evidence


def is_unused(state: str) -> bool:
    """Whether there is no state yet at a URL, but one could be created."""
    if is_server(state):
        with closing(connected(state)) as database:
            return database.schema() is None
    file = Path(state.removeprefix(SQLITE))
    return file.parent.is_dir() and not file.exists()


def about(event: Event) -> str:
    """An event in a few words."""
    return _ABOUT[event.kind](event, event.data)


def _change(event: Event, data: Mapping[str, Any]) -> str:
    return f"{event.source}: {data['change']} {data['title']}"


def _baseline(event: Event, data: Mapping[str, Any]) -> str:
    if data.get("added"):
        number = count(data["mentioning"], "stored entry", "stored entries")
        return f"{event.source}: {', '.join(data['added'])} is new, in {number}"
    return f"{event.source}: first snapshot, {count(data['entries'], 'entry', 'entries')}"


def _health(event: Event, data: Mapping[str, Any]) -> str:
    why = f": {data['message']}" if data.get("message") else ""
    return f"{event.label or event.source}: {data['status']}{why}"


_ABOUT: Mapping[EventKind, Callable[[Event, Mapping[str, Any]], str]] = {
    EventKind.CHANGE: _change,
    EventKind.BASELINE: _baseline,
    EventKind.HEALTH: _health,
    EventKind.TEST: lambda *_: "test alert",
    EventKind.APPROVAL: lambda _, data: f"to approve, for {data['channel']}: {data['title']}",
    EventKind.REMINDER: lambda _, data: f"reminder of change {data['change']}: {data['title']}",
}
