"""Opens the state: commands that only read it create nothing; in a service, renamed sources go on with theirs.

What runs looks in it for edits at the desk, and then reads the configuration again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from state.db.connect import connect
from state.db.files import is_there
from state.errors import StateError
from state.evidence.options import EvidenceOptions
from state.store import Store
from watcher.config.load import Config, Sending, load
from watcher.config.settings import EVERYTHING, SQLITE, Sight, is_server
from watcher.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from state.db.limited import VisibleNames

log = logging.getLogger(__name__)

LOOK = 1.0  # seconds between two looks for edits at the desk


def refuse_unread(config: Config) -> None:
    """Raise StateError where what is configured at the desk could not be read: the configuration is not whole."""
    if config.unread:
        raise StateError(config.unread)


@contextmanager
def open_known_state(config: Config) -> Iterator[Store | None]:
    """The state of a configuration, or None if nothing was ever checked. Raises StateError.

    Reading must not create it: the service could not write to a file made by root.
    """
    if is_unused(config.state):
        yield None
        return
    refuse_unread(config)
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        yield store


@contextmanager
def open_existing_state(config: Config, otherwise: str = "") -> Iterator[Store]:
    """The state of a configuration. Raises StateError, and UsageError if nothing was ever checked: `otherwise` says
    what there is not then.
    """
    with open_known_state(config) as store:
        if store is None:
            checked = f"nothing was ever checked with this configuration: {otherwise}"
            begin = "there is no state yet: start the daemon, or run `watch --once` first"
            raise UsageError(checked if otherwise else begin)
        yield store


def evidence_options(config: Config) -> EvidenceOptions:
    """The options of the evidence. Raises UsageError if none is kept."""
    if config.evidence is None:
        raise UsageError(f"{config.path} has no table [evidence]: nothing is kept; docs/evidence.md")
    return config.evidence


def is_unused(state: str) -> bool:
    """Whether there is no state yet at a URL, but one could be created."""
    if is_server(state):
        with closing(connect(state)) as database:
            return database.schema() is None
    file = Path(state.removeprefix(SQLITE))
    try:
        return file.parent.is_dir() and not is_there(file)
    except PermissionError:  # who opens it says so
        return False


@contextmanager
def open_state_to_run(config: Config) -> Iterator[Store]:
    """The state of a configuration for a service, which creates it, and keeps evidence. Raises StateError."""
    refuse_unread(config)
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        if config.evidence:
            store.evidence.keep(config.evidence)
        adopt_former_names(config, store)
        yield store


def downloads_folder(config: Config) -> Path | None:
    """Where large downloads that break off are kept: beside the state, or nowhere if that is on a server."""
    return None if is_server(config.state) else Path(f"{config.state.removeprefix(SQLITE)}.downloads")


def adopt_former_names(config: Config, store: Store) -> None:
    """Let renamed sources (`was`) keep their state."""
    for name, source in config.sources.items():
        if source.was and (former := store.adopt(name, source.was)):
            log.info("%s: goes on with the state of %s", name, former)


class DeskEdits:
    """Whether a configuration is no longer what is set up at the desk. A state that cannot be read is asked again."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._next = 0.0
        self._tried: tuple[int, int] | None = None

    def are_new(self, config: Config) -> bool:
        """Whether there is a later edit than those in a configuration, or one of its pauses has ended. Each is reported
        once, whether it can be used or not. At most one query in LOOK seconds.
        """
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + LOOK
        now = self._clock()
        ended = sum(until <= now for until in config.paused.values() if until)
        try:
            found = self._store.objects.latest(), ended
        except StateError as error:
            log.debug("edits at the desk wait: %s", error)
            return False
        known, self._tried = {(config.revision, 0), self._tried}, found
        return found not in known

    def try_again(self) -> None:
        """What was reported last could not be read: report it again."""
        self._tried = None


def read_again(config: Config, sending: Sending) -> Config:
    """What a configuration has become. Raises ConfigError, also where it names another state, and StateError."""
    found = load(config.path, sending)
    refuse_unread(found)
    if found.state != config.state:
        raise ConfigError(["state: it cannot be changed while the service runs; restart it"])
    return found


def visible_names(config: Config, store: Store, sight: Sight) -> VisibleNames:
    """Which sources and entities somebody may see. Raises StateError."""
    entities = tuple(filter(sight.sees_entity, config.entities)) if sight.entities else None
    from state.db.limited import VisibleNames  # noqa: PLC0415 - it loads all tables, and few readers are limited

    known = config.sources if sight.sources else store.browse.sources_about(entities or ())
    return VisibleNames(tuple(filter(sight.sees_source, known)), entities, cases=not sight.sources)


def part_of(config: Config, names: VisibleNames) -> Config:
    """What a limited reader sees of a configuration: of its rules, which name whom others watch, nothing."""
    sources = {name: config.sources[name] for name in names.sources if name in config.sources}
    whom = config.entities if names.entities is None else names.entities
    entities = {name: config.entities[name] for name in whom}
    paused = {name: until for name, until in config.paused.items() if name in sources}
    return replace(config, sources=sources, entities=entities, paused=paused, alerts=())


def limit_to(config: Config, store: Store, sight: Sight) -> tuple[Config, Store]:
    """The configuration and the state as somebody finds them. Raises StateError."""
    if sight == EVERYTHING:
        return config, store
    names = visible_names(config, store, sight)
    return part_of(config, names), store.limited(names)
