"""Runs long work in worker threads, awaited by the event loop. Work that exceeds its time is interrupted, then
abandoned.

The threads are daemons: unlike those of concurrent.futures, a stuck one does not keep the process from exiting.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

from sources import ReaderTooSlow

T = TypeVar("T", bound=Hashable)
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
_MOMENT = 0.02  # seconds
GRACE = 5.0  # seconds past its limit until a job is interrupted, and again until it is abandoned


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

    def take_finished(self) -> Iterator[T]:
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


class ThreadJob(Generic[R_co]):
    """A call that a worker thread makes for a check, which awaits the result."""

    def __init__(self, work: Callable[[], R_co], answer: asyncio.Future[R_co]) -> None:
        self._work = work
        self._answer: asyncio.Future[R_co] | None = answer
        self._results: list[R_co] = []  # none or one
        self._error: BaseException | None = None

    def do(self) -> None:
        """Make the call. Runs in the worker thread."""
        try:
            self._results.append(self._work())
        except BaseException as fault:  # noqa: BLE001 - raised again in the check
            self._error = fault

    def settle(self) -> None:
        """Pass the result or the error to the check. Runs in the event loop."""
        # The error's traceback refers to this job, and the future refers to the error. Keep neither, to avoid a
        # reference cycle.
        (answer, self._answer), (error, self._error) = (self._answer, None), (self._error, None)
        if answer is None or answer.done():  # the job was abandoned
            return
        if isinstance(error, StopIteration):  # a future cannot carry StopIteration
            error = RuntimeError("StopIteration")
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(self._results.pop())

    def give_up(self, error: Exception) -> None:
        """Fail the check: the thread does not return. Runs in the event loop."""
        answer, self._answer = self._answer, None
        if answer and not answer.done():
            answer.set_exception(error)


class Offload:
    """Runs at most `slots` jobs at once, each for at most `seconds`. `freed` is called in the event loop when jobs have
    ended.
    """

    def __init__(self, slots: int, seconds: float, freed: Callable[[], None]) -> None:
        self._seconds, self._freed = seconds, freed
        self._slots = asyncio.Semaphore(slots)  # so that the time of a job begins when a thread is free
        self._workers: Workers[ThreadJob[object]] = Workers(slots, lambda job: job.do(), self._worker_done)
        self._loop: asyncio.AbstractEventLoop | None = None  # set by the first job

    @property
    def free(self) -> bool:
        """Whether another job would start at once."""
        return self._workers.free

    async def run(self, work: Callable[[], R]) -> R:
        """The result of `work`. Raises ReaderTooSlow, and what `work` raises."""
        loop = self._loop = asyncio.get_running_loop()
        async with self._slots:
            answer: asyncio.Future[R] = loop.create_future()
            job = ThreadJob(work, answer)
            timer = loop.call_later(self._seconds + GRACE, self._break_off, loop, job)
            self._workers.put(job)
            self._settle_finished()
            try:
                return await answer
            finally:
                timer.cancel()
                del answer, job  # an error's traceback refers to this frame

    def close(self) -> None:
        """Stop the threads after their current jobs."""
        self._workers.close()

    def _break_off(self, loop: asyncio.AbstractEventLoop, job: ThreadJob[object]) -> None:
        self._workers.interrupt(job)
        loop.call_later(GRACE, self._give_up, job)

    def _give_up(self, job: ThreadJob[object]) -> None:
        self._workers.give_up(job)
        job.give_up(ReaderTooSlow(f"reading took longer than {self._seconds:.0f} s and does not stop"))
        self._freed()

    def _worker_done(self) -> None:
        """Have the event loop collect the results. Runs in a worker thread."""
        if self._loop:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._settle_finished)

    def _settle_finished(self) -> None:
        for job in self._workers.take_finished():
            job.settle()
        self._freed()
