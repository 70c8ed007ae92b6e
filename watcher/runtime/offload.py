"""Runs long work in worker threads, awaited by the event loop. Work that exceeds its time is interrupted, then
abandoned.

The threads are daemons: unlike those of concurrent.futures, a stuck one does not keep the process from exiting.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from sources import ReaderTooSlow
from sources.places import SharedPlaces

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
_MOMENT = 0.02  # seconds
_QUICK = 2.0  # seconds of a job
GRACE = 5.0  # seconds past its limit until a job is interrupted, and again until it is abandoned


class _Interrupted(ReaderTooSlow):
    """Raised inside a thread that works too long. Python makes the instance, so it takes no arguments."""

    def __init__(self) -> None:
        super().__init__("reading took too long and was broken off")


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

    def settle(self, error: BaseException | None = None) -> None:
        """Pass the result to the check, or the error: that of the call, or another one where it does not return. Runs
        in the event loop.
        """
        # The error's traceback refers to this job, and the future refers to the error. Keep neither, to avoid a
        # reference cycle.
        (answer, self._answer), (error, self._error) = (self._answer, None), (error or self._error, None)
        if answer is None or answer.done():  # the check has ended
            return
        if isinstance(error, StopIteration):  # a future cannot carry StopIteration
            error = RuntimeError("StopIteration")
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(self._results.pop())


class Offload:
    """Runs at most `slots` jobs at once, each for at most `seconds`, in threads that are started as needed. `freed` is
    called in the event loop when jobs have ended.
    """

    def __init__(self, slots: int, seconds: float, freed: Callable[[], None]) -> None:
        self._most, self._seconds, self._freed = slots, seconds, freed
        # So that the time of a job begins when a thread is free; whoever has many that take long leaves others theirs.
        self._places = SharedPlaces(slots, share=slots // 2, keep=slots // 4, quick=_QUICK)
        self._todo: queue.SimpleQueue[ThreadJob[object] | None] = queue.SimpleQueue()
        self._finished: queue.SimpleQueue[ThreadJob[object]] = queue.SimpleQueue()
        self._busy: dict[ThreadJob[object], int | None] = {}  # each with its thread, once that has begun
        self._threads = 0
        self._loop: asyncio.AbstractEventLoop | None = None  # set by the first job

    @property
    def free(self) -> bool:
        """Whether another job would start at once."""
        return len(self._busy) < self._most

    async def run(self, work: Callable[[], R], owner: str = "") -> R:
        """The result of `work`, for an owner. Raises ReaderTooSlow, and what `work` raises."""
        loop = self._loop = asyncio.get_running_loop()
        async with self._places.lent(owner):
            answer: asyncio.Future[R] = loop.create_future()
            job = ThreadJob(work, answer)
            timer = loop.call_later(self._seconds + GRACE, self._break_off, loop, job)
            self._begin(job)
            try:
                return await answer
            finally:
                timer.cancel()
                del answer, job  # an error's traceback refers to this frame

    def close(self) -> None:
        """Stop the threads after their current jobs."""
        for _ in range(self._threads):
            self._todo.put(None)

    def _begin(self, job: ThreadJob[object]) -> None:
        """Give a job to a thread. If nothing else is running, wait a moment for it.

        Most jobs are done by then. Two threads that run side by side take the interpreter lock from each other up to a
        hundred times a page, which costs more than half of the work itself.
        """
        alone = not self._busy
        self._busy[job] = None
        if self._threads < min(len(self._busy), self._most):
            self._threads += 1
            threading.Thread(target=self._work, daemon=True, name=f"worker-{self._threads}").start()
        self._todo.put(job)
        self._settle_finished(_MOMENT if alone else 0.0)

    def _work(self) -> None:
        """The life of a thread."""
        while (job := self._todo.get()) is not None:
            if job in self._busy:
                self._busy[job] = threading.get_ident()
            with suppress(_Interrupted):  # it may be raised just after the work was done
                job.do()
            if job not in self._busy:  # it was abandoned, and another thread has the slot
                return
            self._finished.put(job)
            job = None  # a waiting thread must not keep the finished job and its pages in memory
            if self._loop:
                with suppress(RuntimeError):  # the loop is closed
                    self._loop.call_soon_threadsafe(self._settle_finished)

    def _settle_finished(self, wait: float = 0.0) -> None:
        """Pass on the results that are there, or come within `wait` seconds."""
        with suppress(queue.Empty):
            while True:
                job = self._finished.get(timeout=wait) if wait else self._finished.get_nowait()
                wait = 0.0
                if job in self._busy:  # else it was abandoned
                    del self._busy[job]
                    job.settle()
        self._freed()

    def _break_off(self, loop: asyncio.AbstractEventLoop, job: ThreadJob[object]) -> None:
        """Raise ReaderTooSlow in the job's thread. It takes effect when that thread next runs Python code."""
        thread = self._busy.get(job)
        if thread is not None:
            import ctypes  # slow to import, and seldom needed

            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Interrupted))
        loop.call_later(GRACE, self._give_up, job)

    def _give_up(self, job: ThreadJob[object]) -> None:
        """Drop a job whose thread does not return; another thread may take its slot."""
        if self._busy.pop(job, None) is not None:
            self._threads -= 1
        job.settle(ReaderTooSlow(f"reading took longer than {self._seconds:.0f} s and does not stop"))
        self._freed()
