"""A pool of daemon threads for work that may hang. Unlike concurrent.futures, a stuck thread does not keep the process
from exiting.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

from sources import ReaderTooSlow

T = TypeVar("T", bound=Hashable)

_MOMENT = 0.02  # seconds


class _Interrupted(ReaderTooSlow):
    """Raised inside a thread by `Workers.interrupt`. Python makes the instance, so it takes no arguments."""

    def __init__(self) -> None:
        super().__init__("reading took too long and was broken off")


class Workers(Generic[T]):
    """At most `slots` threads that call `work(item)`, started as needed. `tell` is called in the thread after each
    item.
    """

    def __init__(self, slots: int, work: Callable[[T], None], tell: Callable[[], None]) -> None:
        self._work, self._tell = work, tell
        self._slots = slots
        self._todo: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        self._finished: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._soon: list[T] = []  # finished while `put` waited
        self._threads = 0
        self._busy: dict[T, int | None] = {}

    @property
    def free(self) -> bool:
        """Whether another item would start at once."""
        return len(self._busy) < self._slots

    def put(self, item: T) -> None:
        """Have an item worked on. If nothing else is running, wait a moment for it.

        Most items are done by then. Two threads that run side by side take the interpreter lock from each other up to a
        hundred times a page, which costs more than half of the work itself.
        """
        alone = not self._busy
        self._busy[item] = None
        if self._threads < min(len(self._busy), self._slots):
            self._threads += 1
            threading.Thread(target=self._run, daemon=True, name=f"worker-{self._threads}").start()
        self._todo.put(item)
        if alone:
            with suppress(queue.Empty):
                self._soon.append(self._finished.get(timeout=_MOMENT))

    def finished(self) -> Iterator[T]:
        """The items that are done by now."""
        with suppress(queue.Empty):
            while True:
                item = self._soon.pop() if self._soon else self._finished.get_nowait()
                if item in self._busy:  # else it was abandoned
                    del self._busy[item]
                    yield item

    def interrupt(self, item: T) -> None:
        """Raise ReaderTooSlow in the thread that works on the item. It takes effect when that thread next runs Python
        code.
        """
        thread = self._busy.get(item)
        if thread is not None:
            import ctypes  # slow to import, and seldom needed

            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Interrupted))

    def give_up(self, item: T) -> None:
        """Drop an item whose thread does not return; another thread may take its slot."""
        if self._busy.pop(item, None) is not None:
            self._threads -= 1

    def close(self) -> None:
        """Stop the threads after their current items."""
        for _ in range(self._threads):
            self._todo.put(None)

    def _run(self) -> None:
        while (item := self._todo.get()) is not None:
            if item in self._busy:
                self._busy[item] = threading.get_ident()
            with suppress(_Interrupted):  # it may be raised just after the work was done
                self._work(item)
            self._finished.put(item)
            item = None  # a waiting thread must not keep the finished item and its pages in memory
            self._tell()
            if self._threads > self._slots:  # an abandoned thread has returned
                return
