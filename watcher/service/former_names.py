"""Sources that were renamed (`was`): they go on with their state."""

from __future__ import annotations

import logging

from state.store import Store
from watcher.config.load import Config

log = logging.getLogger(__name__)


def adopt_former_names(config: Config, store: Store) -> None:
    """Let renamed sources (`was`) keep their state."""
    for name, source in config.sources.items():
        if source.was and (former := store.adopt(name, source.was)):
            log.info("%s: goes on with the state of %s", name, former)
