"""Runs checks, many at once: coroutines in one event loop.

A check waits for its turn at a host (`host_pacing.py`), so that a silent host holds up nobody, and for worker threads
to do what may take long (`offload.py`).
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
from sources.http.session import Validators
from sources.reading.engine import READ_SECONDS
from state.failpoint import reached
from watcher.check.check_io import Begun, Done, Session
from watcher.scheduling.host_pacing import Host, Hosts, RateLimiter
from watcher.scheduling.offload import Offload

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_MOST_DONE = 32  # ended checks that wait to be taken before no others begin: each holds its pages and entries
_GATHER = 0.002  # seconds in which checks that end are reported together


class Lane:
    """The CheckIO of one check. `turn` is the host whose turn it holds from the start."""

    def __init__(self, hosts: Hosts, offload: Offload, session: Session, turn: Host | None) -> None:
        self._hosts, self._offload, self._session, self._turn = hosts, offload, session, turn

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers, once it is the request's turn at its host. Raises FetchError."""
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
        reached("after_fetch")
        return page

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """The result of what may take long, done in a worker thread. Raises ReaderTooSlow, and what `work` raises."""
        return await self._offload.run(partial(work, *args, **options))

    def close(self) -> None:
        """The check has ended: it holds no turn any more."""
        if self._turn:
            self._hosts.leave(self._turn)
            self._turn = None


class Scheduler(Generic[T]):
    """Runs checks, many at once, each host at its pace. All but `wake` is for the thread of the event loop.

    `slots` bounds what worker threads do at once, `per_host` the requests to one host and port that are under way,
    `spacing` the time between two requests to it, `read_seconds` one step's reading. `begin` makes the checks that
    `expect` was told of, when it is their turn; it may ask whose turn comes soon. `rate_limiter` spares hosts
    for several processes together. While `full` is set no others begin.
    """

    full = False

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
        self._hosts = Hosts(self._has_room, self._begin_soon, rate_limiter)
        self._offload = Offload(slots, read_seconds, self._hosts.unblock)
        self.pace(per_host=per_host, spacing=spacing)
        self._loop: asyncio.AbstractEventLoop | None = None  # known from the first step on
        self._new: list[Host | Begun[T]] = []  # taken on since the last step
        self._coming: list[tuple[str, Host]] = []  # whose turn it is
        self._checks: set[asyncio.Task[None]] = set()
        self._done: deque[Done[T]] = deque()
        self._report = asyncio.Event()  # there is something to report, or somebody has called `wake`
        self._reporting = False
        self._unfinished = 0

    def __len__(self) -> int:
        """The number of checks that have not ended."""
        return self._unfinished

    def pace(self, *, per_host: int, spacing: timedelta) -> None:
        """Set how hosts are spared from now on."""
        self._hosts.pace(per_host=per_host, spacing=spacing)

    def busy_hosts(self) -> dict[str, int]:
        """How many requests to each host are under way, of those that have any."""
        return self._hosts.busy()

    def take(self, begun: Begun[T]) -> None:
        """Take on a check; it moves when `step` is awaited."""
        self._unfinished += 1
        self._new.append(begun)

    def expect(self, name: str, url: str) -> None:
        """Take on a check whose first request goes to `url`: it is begun when its host has room for it."""
        self._unfinished += 1
        self._new.append(self._hosts.expect(name, url))

    async def step(self, wait: float) -> deque[Done[T]]:
        """Let the checks go on until some have ended, at most `wait` seconds; those that have.

        Whoever takes them lets each go when it is seen to: it holds its pages and entries.
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
        with suppress(RuntimeError):  # it has been closed
            self._loop.call_soon_threadsafe(self._report.set)

    async def aclose(self) -> None:
        """End the requests under way, and let the worker threads end when they have finished what they do."""
        self._offload.close()
        for check in self._checks:
            check.cancel()
        await asyncio.gather(*self._checks, return_exceptions=True)

    def _has_room(self) -> bool:
        return self._offload.free and len(self._done) < _MOST_DONE and not self.full

    def _begin_soon(self, name: str, host: Host) -> None:
        if not self._coming:
            asyncio.get_running_loop().call_soon(self._begin_coming)
        self._coming.append((name, host))

    def _begin_coming(self) -> None:
        """Begin the checks whose turn it is at their hosts: what they need is loaded for all of them at once."""
        coming, self._coming = dict(self._coming), []
        for begun in self._begin(list(coming), partial(self._hosts.soon, set(coming.values()))):
            self._run(begun, coming.pop(begun.name))
        for host in coming.values():  # there is nothing to check any more
            self._unfinished -= 1
            self._hosts.leave(host)

    def _run(self, begun: Begun[T], turn: Host | None) -> None:
        self._checks.add(asyncio.get_running_loop().create_task(self._check(begun, turn)))

    async def _check(self, begun: Begun[T], turn: Host | None) -> None:
        lane = Lane(self._hosts, self._offload, begun.session, turn)
        try:
            self._end(Done(begun.name, await begun.check(lane), None))
        except Exception as fault:  # noqa: BLE001 - one check's fault is reported as its own, the others go on
            self._end(Done(begun.name, None, fault))
        finally:
            lane.close()
            if task := asyncio.current_task():
                self._checks.discard(task)

    def _end(self, done: Done[T]) -> None:
        self._done.append(done)
        if not self._reporting:
            self._reporting = True
            asyncio.get_running_loop().call_later(_GATHER, self._report.set)
