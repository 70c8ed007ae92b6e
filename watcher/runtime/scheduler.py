"""Runs many checks at once, as coroutines in one event loop.

A check waits in the queue of its host (`host_pacing.py`), so a silent host delays no other one. Long work runs in
worker threads (`offload.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Generic, ParamSpec, TypeVar

from sources import Get, Page
from sources.http.request import Validators
from sources.places import BodyRoom, take_room
from sources.reading.engine import READ_SECONDS
from state.failpoint import reach
from watcher.check.fetching import Begun, CheckSession
from watcher.runtime.host_pacing import Host, Hosts, RateLimiter
from watcher.runtime.offload import Offload

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_MOST_DONE = 32  # ended checks in memory at which no others begin: each keeps its pages and entries
_GATHER = 0.002  # seconds for which ended checks are collected and reported together


class Lane:
    """The CheckIO of one check. `turn` is the host at which it has a turn from the start: the owner of its jobs, else
    `name` is.
    """

    def __init__(self, hosts: Hosts, offload: Offload, session: CheckSession, turn: Host | None, name: str) -> None:
        self._hosts, self._offload, self._session, self._turn = hosts, offload, session, turn
        self._owner = turn.name if turn else name

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
        return await self._offload.run(partial(work, *args, **options), self._owner)

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
        self._hosts = Hosts(self._has_room, self._begin_soon, rate_limiter)
        self._offload = Offload(slots, read_seconds, self._hosts.unblock)
        self.pace(per_host=per_host, spacing=spacing)
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

    def pace(self, *, per_host: int, spacing: timedelta) -> None:
        """Set the limits of each host from now on."""
        self._hosts.pace(per_host=per_host, spacing=spacing)

    def busy_hosts(self) -> dict[str, int]:
        """The number of requests under way for each host that has any."""
        return self._hosts.busy()

    def take(self, begun: Begun[T]) -> None:
        """Add a check; it begins in the next `step`."""
        self._unfinished += 1
        self._new.append(begun)

    def expect(self, name: str, url: str) -> None:
        """Add a check whose first request goes to `url`; it begins when its host allows the request."""
        self._unfinished += 1
        self._new.append(self._hosts.expect(name, url))

    async def step(self, wait: float) -> deque[asyncio.Task[T]]:
        """Run the checks until some have ended, for at most `wait` seconds. Returns those that have ended, as tasks
        with their names: a fault of one is raised by its `result()`, and the others continue.

        The caller should drop each one after use: it keeps its pages and entries in memory.
        """
        self._loop = asyncio.get_running_loop()
        new, self._new = self._new, []
        for each in new:
            if isinstance(each, Host):
                self._hosts.serve(each)
            else:
                self._run(each, None)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._report.wait()
        self._report.clear()
        self._reporting = False
        done, self._done = self._done, deque()
        self._unfinished -= len(done)
        self._hosts.unblock()
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
        for begun in self._begin(list(coming), partial(self._hosts.soon, set(coming.values()))):
            self._run(begun, coming.pop(begun.name))
        for host in coming.values():  # no longer wanted
            self._unfinished -= 1
            self._hosts.leave(host)

    def _run(self, begun: Begun[T], turn: Host | None) -> None:
        task = asyncio.get_running_loop().create_task(self._check(begun, turn), name=begun.name)
        self._checks.add(task)
        task.add_done_callback(self._end)

    async def _check(self, begun: Begun[T], turn: Host | None) -> T:
        take_room.set(partial(self._room.take, begun.name))
        lane = Lane(self._hosts, self._offload, begun.session, turn, begun.name)
        try:
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
