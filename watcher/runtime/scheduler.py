"""Runs many checks at once, as coroutines in one event loop.

A check waits in the queue of its host (`host_pacing.py`), so a silent host delays no other one. Long work runs in
worker threads, which the loop awaits (`Offload`).
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from contextvars import copy_context
from datetime import timedelta
from functools import partial
from typing import Generic, ParamSpec, TypeVar

from sources import Get, Page, ReaderTooSlow
from sources.http.course import following
from sources.http.exchange import Validators
from sources.places import BodyRoom, SharedPlaces, take_room
from sources.reading.engine import READ_SECONDS
from state.failpoint import reach
from watcher.check.fetching import Begun, CheckSession
from watcher.runtime.host_pacing import Host, Hosts, RateLimiter

R_co = TypeVar("R_co", covariant=True)
_MOMENT = 0.02  # seconds
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
        """Pass the result to the check, or its error, or another one if it does not return. Runs in the event loop."""
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
        self._places = SharedPlaces(slots, share=slots // 2, keep=slots // 4, quick=2.0)  # seconds of a job
        self._todo: queue.SimpleQueue[ThreadJob[object] | None] = queue.SimpleQueue()
        self._finished: queue.SimpleQueue[ThreadJob[object]] = queue.SimpleQueue()
        self._busy: dict[ThreadJob[object], int | None] = {}  # each with its thread, once that has begun
        self._threads = 0
        self._loop: asyncio.AbstractEventLoop | None = None  # set by the first job

    @property
    def free(self) -> bool:
        """Whether another job would start at once."""
        return len(self._busy) < self._most

    async def run(self, work: Callable[[], R], owner: str = "", extra: float = 0.0) -> R:
        """The result of `work`, for an owner, which may take `extra` seconds longer. Raises ReaderTooSlow, and what
        `work` raises.
        """
        loop = self._loop = asyncio.get_running_loop()
        async with self._places.lent(owner):
            answer: asyncio.Future[R] = loop.create_future()
            job = ThreadJob(work, answer)
            timer = loop.call_later(self._seconds + extra + GRACE, self._break_off, loop, job)
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
        job.settle(ReaderTooSlow("reading took too long and does not stop"))
        self._freed()


P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_MOST_DONE = 32  # ended checks in memory at which no others begin: each keeps its pages and entries
_GATHER = 0.002  # seconds for which ended checks are collected and reported together


class Lane:
    """The CheckIO of one check. `turn` is the host at which it has a turn from the start: the owner of its jobs, else
    `name` is. Each of them may take `extra` seconds longer.
    """

    def __init__(
        self, hosts: Hosts, offload: Offload, session: CheckSession, turn: Host | None, name: str, extra: float
    ) -> None:
        self._hosts, self._offload, self._session, self._turn = hosts, offload, session, turn
        self._owner, self._extra = turn.name if turn else name, extra

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The response to a request, which is sent when its host allows it. Raises FetchError."""
        host, self._turn = self._turn, None
        if host is None or get.after or self._hosts.host(get.url) is not host:
            if host:
                self._hosts.leave(host)
            if get.after:
                await asyncio.sleep(get.after)
            host = self._hosts.host(get.url)
            await self._hosts.wait_for_turn(host)
        try:
            page = await self._session.fetch(get, validators)
        finally:
            self._hosts.leave(host)
        reach("after_fetch")
        return page

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """Run long work in a worker thread and return its result. Raises ReaderTooSlow, and what `work` raises."""
        job = partial(copy_context().run, work, *args, **options)
        return await self._offload.run(job, self._owner, self._extra)

    def close(self) -> None:
        """The check has ended: give back an unused turn."""
        if self._turn:
            self._hosts.leave(self._turn)
            self._turn = None


class Scheduler(Generic[T]):
    """Runs many checks at once, with limits for each host. All but `wake` must be called in the event loop's thread.

    `slots` limits the jobs in worker threads, `per_host` the concurrent requests to one host and port, `spacing` is the
    time between two requests to it, `read_seconds` the limit for one job. `begin` makes the checks for names given to
    `expect` whose turn has come; the function that it gets names those whose turn comes soon. `rate_limiter` limits
    requests for several processes together.
    """

    def __init__(
        self,
        *,
        slots: int = 64,
        per_host: int = 2,
        spacing: timedelta = timedelta(seconds=1),
        read_seconds: float = READ_SECONDS,
        begin: Callable[[Sequence[str], Callable[[], list[str]]], Iterator[Begun[T]]] = lambda _, __: iter(()),
        rate_limiter: RateLimiter | None = None,
    ) -> None:
        self._begin = begin
        self._room = BodyRoom()
        self.hosts = Hosts(self._has_room, self._begin_soon, rate_limiter)
        self._offload = Offload(slots, read_seconds, self.hosts.unblock)
        self.hosts.pace(per_host=per_host, spacing=spacing)
        self._loop: asyncio.AbstractEventLoop | None = None  # set by the first step
        self._new: list[Host | Begun[T]] = []  # added since the last step
        self._coming: list[tuple[str, Host]] = []  # names whose turn has come
        self._checks: set[asyncio.Task[T]] = set()
        self._done: deque[asyncio.Task[T]] = deque()
        self._report = asyncio.Event()  # set when there are results, and by `wake`
        self._reporting = False
        self._unfinished = 0

    def __len__(self) -> int:
        """The number of checks that have not ended."""
        return self._unfinished

    def take(self, begun: Begun[T]) -> None:
        """Add a check; it begins in the next `step`."""
        self._unfinished += 1
        self._new.append(begun)

    def expect(self, name: str, url: str) -> None:
        """Add a check whose first request goes to `url`; it begins when its host allows the request."""
        self._unfinished += 1
        self._new.append(self.hosts.expect(name, url))

    async def step(self, wait: float) -> deque[asyncio.Task[T]]:
        """Run the checks until some have ended, for at most `wait` seconds. Returns those that have ended, as tasks
        with their names: a fault of one is raised by its `result()`, and the others continue.

        The caller should drop each one after use: it keeps its pages and entries in memory.
        """
        self._loop = asyncio.get_running_loop()
        new, self._new = self._new, []
        for each in new:
            if isinstance(each, Host):
                self.hosts.serve(each)
            else:
                self._run(each, None)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._report.wait()
        self._report.clear()
        self._reporting = False
        done, self._done = self._done, deque()
        self._unfinished -= len(done)
        self.hosts.unblock()
        return done

    def wake(self) -> None:
        """Make `step` return early; may be called from any thread, and from a signal handler."""
        if self._loop is None:  # before the first step
            self._report.set()
            return
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._report.set)

    def forget(self, name: str) -> None:
        """All that a check has brought is written: others may take its room in memory."""
        self._room.leave(name)

    async def aclose(self) -> None:
        """Cancel the checks under way, and stop the worker threads after their current jobs."""
        self._offload.close()
        for check in self._checks:
            check.cancel()
        await asyncio.gather(*self._checks, return_exceptions=True)

    def _has_room(self) -> bool:
        return self._offload.free and len(self._done) < _MOST_DONE

    def _begin_soon(self, name: str, host: Host) -> None:
        if not self._coming:
            asyncio.get_running_loop().call_soon(self._begin_coming)
        self._coming.append((name, host))

    def _begin_coming(self) -> None:
        """Begin the checks whose turn has come, together, so that their states are loaded at once."""
        coming, self._coming = dict(self._coming), []
        for begun in self._begin(list(coming), partial(self.hosts.soon, set(coming.values()))):
            self._run(begun, coming.pop(begun.name))
        for host in coming.values():  # no longer wanted
            self._unfinished -= 1
            self.hosts.leave(host)

    def _run(self, begun: Begun[T], turn: Host | None) -> None:
        task = asyncio.get_running_loop().create_task(self._check(begun, turn), name=begun.name)
        self._checks.add(task)
        task.add_done_callback(self._end)

    async def _check(self, begun: Begun[T], turn: Host | None) -> T:
        take_room.set(partial(self._room.take, begun.name))
        lane = Lane(self.hosts, self._offload, begun.session, turn, begun.name, begun.extra)
        try:
            with following(begun.name):
                return await begun.check(lane)
        finally:
            lane.close()

    def _end(self, task: asyncio.Task[T]) -> None:
        self._checks.discard(task)
        if task.cancelled():
            return
        self._done.append(task)
        if not self._reporting:
            self._reporting = True
            asyncio.get_running_loop().call_later(_GATHER, self._report.set)
