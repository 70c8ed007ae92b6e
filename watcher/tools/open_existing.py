"""Opens the state for commands that only read it: nothing is created."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from state.db.connect import connected
from state.model import Event, EventKind
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import SQLITE, is_server
from watcher.terminal.console import count


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


def is_unused(state: str) -> bool:
    """Whether there is no state yet at a URL, but one could be created."""
    if is_server(state):
        with closing(connected(state)) as database:
            return database.schema() is None
    file = Path(state.removeprefix(SQLITE))
    return file.parent.is_dir() and not file.exists()


def about(event: Event) -> str:
    """An event in a few words."""
    data = event.data
    match event.kind:
        case EventKind.CHANGE:
            return f"{event.source}: {data['change']} {data['title']}"
        case EventKind.BASELINE if data.get("added"):
            number = count(data["mentioning"], "stored entry", "stored entries")
            return f"{event.source}: {', '.join(data['added'])} is new, in {number}"
        case EventKind.BASELINE:
            return f"{event.source}: first snapshot, {count(data['entries'], 'entry', 'entries')}"
        case EventKind.HEALTH:
            why = f": {data['message']}" if data.get("message") else ""
            return f"{event.label or event.source}: {data['status']}{why}"
        case EventKind.TEST:
            return "test alert"
