"""Opens the state for commands that only read it: nothing is created."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

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
    source, data = event.source, event.data
    match event.kind:
        case EventKind.CHANGE:
            said = f"{source}: {data['change']} {data['title']}"
        case EventKind.BASELINE if data.get("added"):
            number = count(data["mentioning"], "stored entry", "stored entries")
            said = f"{source}: {', '.join(data['added'])} is new, in {number}"
        case EventKind.BASELINE:
            said = f"{source}: first snapshot, {count(data['entries'], 'entry', 'entries')}"
        case EventKind.HEALTH:
            why = f": {data['message']}" if data.get("message") else ""
            said = f"{event.label or source}: {data['status']}{why}"
        case EventKind.TEST:
            said = "test alert"
        case EventKind.APPROVAL:
            said = f"to approve, for {data['channel']}: {data['title']}"
        case EventKind.REMINDER:
            said = f"reminder of change {data['change']}: {data['title']}"
    return said
