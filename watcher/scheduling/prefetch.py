"""What checks begin with, loaded for many of them at once: also for those that begin in a moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from state.errors import StateError
from state.model import Prefetched
from state.store import Store

FRESH = 1.0  # seconds that what was loaded ahead is used


class Prefetch:
    """Loads from the state. What another process does meanwhile shows when a check is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ahead: dict[str, Prefetched] = {}
        self._until = 0.0

    def of(self, names: Sequence[str], soon: Callable[[], Sequence[str]]) -> list[Prefetched | None]:
        """What the checks of these sources begin with, None where the state cannot be read: the check then tells.

        `soon` tells those that will be asked for next.
        """
        if time.monotonic() > self._until:
            self._ahead.clear()
        if any(name not in self._ahead for name in names):
            try:
                self._ahead.update(self._store.prefetch(list(dict.fromkeys((*names, *soon())))))
            except StateError:
                return [None] * len(names)
            self._until = time.monotonic() + FRESH
        return [self._ahead.pop(name) for name in names]
