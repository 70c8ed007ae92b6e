"""Work that may take long, in worker threads, awaited by the event loop; broken off, and at last given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from sources import ReaderTooSlow
from watcher.scheduling.thread_pool import Workers

R = TypeVar("R")

GRACE = 5.0  # seconds past its limit before a step is broken off, and again before it is given up


class Job(Generic[R]):
    """What a worker thread does for a check that waits for its result."""

    def __init__(self, work: Callable[[], R], answer: asyncio.Future[R]) -> None:
        self._work = work
        self._answer: asyncio.Future[R] | None = answer
        self._results: list[R] = []  # none or one
        self._error: BaseException | None = None

    def do(self) -> None:
        """In the thread."""
        try:
            self._results.append(self._work())
        except BaseException as fault:  # noqa: BLE001 - raised again where it is waited for
            self._error = fault

    def settle(self) -> None:
        """In the event loop: tell the check."""
        # The error's traceback holds this job, and the answer holds the error: neither is kept.
        (answer, self._answer), (error, self._error) = (self._answer, None), (self._error, None)
        if answer is None or answer.done():  # it was given up
            return
        if isinstance(error, StopIteration):  # which no future takes
            error = RuntimeError("StopIteration")
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(self._results.pop())

    def give_up(self, error: Exception) -> None:
        """In the event loop: the thread does not come back."""
        answer, self._answer = self._answer, None
        if answer and not answer.done():
            answer.set_exception(error)


class Runnable(Protocol):
    """A Job, whatever its result is."""

    def __hash__(self) -> int: ...
    def do(self) -> None: ...  # noqa: D102
    def settle(self) -> None: ...  # noqa: D102
    def give_up(self, error: Exception) -> None: ...  # noqa: D102


class Offload:
    """At most `slots` jobs at once, each for `seconds`. `freed` is called in the event loop when some have ended."""

    def __init__(self, slots: int, seconds: float, freed: Callable[[], None]) -> None:
        self._seconds, self._freed = seconds, freed
        self._slots = asyncio.Semaphore(slots)  # so that a job's time begins when a thread is free for it
        self._workers: Workers[Runnable] = Workers(slots, lambda job: job.do(), self._worker_done)
        self._loop: asyncio.AbstractEventLoop | None = None  # known from the first job on

    @property
    def free(self) -> bool:
        """Whether another job would be taken up at once."""
        return self._workers.free

    async def run(self, work: Callable[[], R]) -> R:
        """The result of `work`. Raises ReaderTooSlow, and what `work` raises."""
        loop = self._loop = asyncio.get_running_loop()
        async with self._slots:
            answer: asyncio.Future[R] = loop.create_future()
            job = Job(work, answer)
            timer = loop.call_later(self._seconds + GRACE, self._break_off, loop, job)
            self._workers.put(job)
            self._settle_finished()
            try:
                return await answer
            finally:
                timer.cancel()
                del answer, job  # an error's traceback holds this frame

    def close(self) -> None:
        """Let the threads end when they have finished what they do."""
        self._workers.close()

    def _break_off(self, loop: asyncio.AbstractEventLoop, job: Runnable) -> None:
        self._workers.interrupt(job)
        loop.call_later(GRACE, self._give_up, job)

    def _give_up(self, job: Runnable) -> None:
        self._workers.give_up(job)
        job.give_up(ReaderTooSlow(f"reading took longer than {self._seconds:.0f} s and does not stop"))
        self._freed()

    def _worker_done(self) -> None:
        """In a worker thread."""
        if self._loop:
            with suppress(RuntimeError):  # it has been closed
                self._loop.call_soon_threadsafe(self._settle_finished)

    def _settle_finished(self) -> None:
        for job in self._workers.finished():
            job.settle()
        self._freed()
