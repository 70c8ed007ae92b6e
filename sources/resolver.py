"""Names that are being resolved, in threads: the system's resolver knows no timeout."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

THREADS = 64  # the system's may take half a minute for a name whose servers are silent


class Asker(Protocol):
    """Who asks for a name; `waits` says that he has not given up meanwhile."""

    waits: bool


_A = TypeVar("_A", bound=Asker)


class Resolver(Generic[_A]):
    """Resolves names for many at once; calls `wake`, from another thread, whenever there is an answer."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._todo: SimpleQueue[Any] = SimpleQueue()
        self._done: deque[tuple[_A, Any]] = deque()
        self._lock = threading.Lock()
        self._waiting = self._threads = 0

    def ask(self, asker: _A, resolve: Callable[[str, int], Any], host: str, port: int) -> None:
        """Resolve a name; `found` tells."""
        with self._lock:
            self._waiting += 1
            more = self._threads < min(self._waiting, THREADS)
            self._threads += more
        self._todo.put((asker, resolve, host, port))
        if more:
            threading.Thread(target=self._run, name="resolver", daemon=True).start()

    def found(self) -> Iterator[tuple[_A, Any]]:
        """Those that were resolved since: addresses, or what was raised."""
        while self._done:
            yield self._done.popleft()

    def close(self) -> None:
        """Let the threads end."""
        for _ in range(self._threads):
            self._todo.put(None)

    def _run(self) -> None:
        with suppress(Empty):
            while item := self._todo.get(timeout=10):
                asker, resolve, host, port = item
                if asker.waits:
                    self._done.append((asker, _outcome(resolve, host, port)))
                    self._wake()
                with self._lock:
                    self._waiting -= 1
        with self._lock:
            self._threads -= 1


def _outcome(resolve: Callable[[str, int], Any], host: str, port: int) -> Any:
    try:
        return resolve(host, port)
    except Exception as error:  # noqa: BLE001 - it is raised where the name was asked for
        return error
