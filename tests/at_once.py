"""How many threads do something at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class AtOnce:
    """Counts who is within `counted`; `most` is the highest count."""

    def __init__(self) -> None:
        self._now, self.most, self._lock = 0, 0, threading.Lock()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """From any thread."""
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1
