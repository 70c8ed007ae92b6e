"""Opens the state: commands that only read it create nothing; in a service, renamed sources go on with theirs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from state.db.connect import connect
from state.errors import StateError
from state.evidence.options import EvidenceOptions
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import SQLITE, is_server
from watcher.errors import UsageError

log = logging.getLogger(__name__)


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
    return file.parent.is_dir() and not file.exists()


@contextmanager
def open_state_to_run(config: Config) -> Iterator[Store]:
    """The state of a configuration for a service, which creates it, and keeps evidence. Raises StateError."""
    refuse_unread(config)
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        if config.evidence:
            store.evidence.keep(config.evidence)
        adopt_former_names(config, store)
        yield store


def adopt_former_names(config: Config, store: Store) -> None:
    """Let renamed sources (`was`) keep their state."""
    for name, source in config.sources.items():
        if source.was and (former := store.adopt(name, source.was)):
            log.info("%s: goes on with the state of %s", name, former)
