"""Loads the state of many checks at once, including checks that begin soon."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from state.model import Prefetched
from state.store import Store

log = logging.getLogger(__name__)

FRESH = 1.0  # seconds for which a prefetched state is used


class Prefetch:
    """Loads states ahead. If another process writes meanwhile, the commit of the check detects it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ahead: dict[str, Prefetched] = {}
        self._until = 0.0

    def of(self, names: Sequence[str], soon: Callable[[], Sequence[str]]) -> list[Prefetched | None]:
        """The states of these sources as their checks begin; None if the state cannot be read (the check will report
        it).

        `soon` returns the names of the sources that are next.
        """
        if time.monotonic() > self._until:
            self._ahead.clear()
        if any(name not in self._ahead for name in names):
            try:
                self._ahead.update(self._store.prefetch(list(dict.fromkeys((*names, *soon())))))
            except Exception as error:  # noqa: BLE001 - what is wrong with one of them must not keep the others
                log.debug("the states of %d sources cannot be loaded together: %s", len(names), error)
                return [None] * len(names)
            self._until = time.monotonic() + FRESH
        return [self._ahead.pop(name) for name in names]
