"""When each request goes, and where what follows is done: slots, spacing per host, waits.

Checks are coroutines in one event loop. Many of them wait for their hosts at once, so that a silent host holds up
nobody. What may take long is done in a worker thread (`workers.py`).
"""

from __future__ import annotations

import asyncio
import re
import resource
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Generic, ParamSpec, Protocol, TypeVar

from sources import Get, Page, ReaderTooSlow
from sources.http.session import Validators
from sources.links import LONGEST_URL
from sources.read import READ_SECONDS
from state.failpoint import reached
from state.pace import Wanted
from watcher.task import Begun, Done, Session
from watcher.workers import Workers

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

MOST_REQUESTS = 2000  # at once, if the system lets us have as many open files
GRACE = 5.0  # seconds past its limit before a step is broken off, and again before it is given up
ASK_AGAIN = 1.0  # seconds until the pacer is asked again where it knew nothing
TELL = 0.05  # seconds after which the pacer is told of requests that have ended

_SPARE_FILES = 500  # for the state, the readers, deliveries, idle connections
_NETLOC = re.compile(r"[^/?#]*://(?:[^/?#]*@)?([^/?#]*)")  # urlsplit takes ten times as long, at each request
_NEXT = 200  # checks whose turn comes soon are told of
_MOMENT = 1.0  # seconds
_GATHER = 0.002  # seconds in which checks that end are reported together
_MOST_DONE = 32  # ended checks that wait to be taken before no others begin: each holds its pages and entries
_HOSTS = 1000  # hosts that are remembered before those without work are forgotten


class Pacer(Protocol):
    """Who spares hosts for several processes together."""

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> Mapping[str, float]:
        """Whether what is wanted of each host may go now: 0, or in how many seconds to ask again.

        Of a host that is not in the answer nothing is known at the moment.
        """
        ...

    def tell(self, active: Mapping[str, int]) -> None:
        """How many requests to these hosts are under way."""
        ...


@dataclass(eq=False, slots=True)
class Host:
    """One host and port: how many ask it, who waits to, and when the next request may go.

    Who waits is a check that has begun, or the name of one that has not. `granted` is how many requests the pacer lets
    us send now.
    """

    name: str
    active: int = 0
    granted: int = 0
    next_at: float = 0.0
    waiting: deque[asyncio.Future[None] | str] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None

    def is_idle(self, now: float) -> bool:
        """Whether it may be forgotten."""
        return not self.active and not self.waiting and self.next_at <= now


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


class Lane(Generic[T]):
    """The CheckIO of one check. `turn` is the host whose turn it holds from the start."""

    def __init__(self, dispatcher: Dispatcher[T], session: Session, turn: Host | None) -> None:
        self._dispatcher, self._session, self._turn = dispatcher, session, turn

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers, once it is the request's turn at its host. Raises FetchError."""
        host, self._turn = self._turn, None
        if host is None or get.after or self._dispatcher.host(get.url) is not host:
            if host:
                self._dispatcher.leave(host)
            if get.after:
                await asyncio.sleep(get.after)
            host = self._dispatcher.host(get.url)
            await self._dispatcher.wait_for_turn(host)
        try:
            page = await self._session.fetch(get, validators)
        finally:
            self._dispatcher.leave(host)
        reached("after_fetch")
        return page

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """The result of what may take long, done in a worker thread. Raises ReaderTooSlow, and what `work` raises."""
        return await self._dispatcher.offload(partial(work, *args, **options))

    def close(self) -> None:
        """The check has ended: it holds no turn any more."""
        if self._turn:
            self._dispatcher.leave(self._turn)
            self._turn = None


class Dispatcher(Generic[T]):
    """Runs checks, many at once, each host at its pace. All but `wake` is for the thread of the event loop.

    `slots` bounds what worker threads do at once, `per_host` the requests to one host and port that are under way,
    `spacing` the time between two requests to it, `read_seconds` one step's reading. `begin` makes the checks that
    `expect` was told of, when it is their turn; it may ask whose turn comes soon. `pacer` spares hosts for several
    processes together.
    """

    def __init__(
        self,
        *,
        slots: int = 64,
        per_host: int = 2,
        spacing: timedelta = timedelta(seconds=1),
        read_seconds: float = READ_SECONDS,
        begin: Callable[[Sequence[str], Callable[[], list[str]]], Iterator[Begun[T]]] = lambda _, __: iter(()),
        pacer: Pacer | None = None,
    ) -> None:
        self._begin, self._pacer, self._read_seconds = begin, pacer, read_seconds
        self.pace(per_host=per_host, spacing=spacing)
        self._loop: asyncio.AbstractEventLoop | None = None  # known from the first step on
        self._workers: Workers[Runnable] = Workers(slots, lambda job: job.do(), self._worker_done)
        self._slots = asyncio.Semaphore(slots)
        self._hosts: dict[str, Host] = {}
        self._most_hosts = _HOSTS
        self._new: list[Host | Begun[T]] = []  # taken on since the last step
        self._coming: list[tuple[str, Host]] = []  # whose turn it is
        self._ungranted: set[Host] = set()
        self._left: set[Host] = set()  # by requests of which the pacer is to be told
        self._blocked: set[Host] = set()  # they wait for room, not for their pace
        self._checks: set[asyncio.Task[None]] = set()
        self._done: deque[Done[T]] = deque()
        self._report = asyncio.Event()  # there is something to report, or somebody has called `wake`
        self._reporting = False
        self._most, self._active, self._unfinished = _room(), 0, 0

    def __len__(self) -> int:
        """The number of checks that have not ended."""
        return self._unfinished

    def pace(self, *, per_host: int, spacing: timedelta) -> None:
        """Set how hosts are spared from now on."""
        self._per_host, self._spacing = per_host, spacing.total_seconds()

    def take(self, begun: Begun[T]) -> None:
        """Take on a check; it moves when `step` is awaited."""
        self._unfinished += 1
        self._new.append(begun)

    def expect(self, name: str, url: str) -> None:
        """Take on a check whose first request goes to `url`: it is begun when its host has room for it."""
        self._unfinished += 1
        host = self.host(url)
        host.waiting.append(name)
        self._new.append(host)

    async def step(self, wait: float) -> deque[Done[T]]:
        """Let the checks go on until some have ended, at most `wait` seconds; those that have.

        Whoever takes them lets each go when it is seen to: it holds its pages and entries.
        """
        self._loop = asyncio.get_running_loop()
        new, self._new = self._new, []
        for each in new:
            if isinstance(each, Host):
                self._serve(each)
            else:
                self._run(each, None)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._report.wait()
        self._report.clear()
        self._reporting = False
        done, self._done = self._done, deque()
        self._unfinished -= len(done)
        self._unblock()
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
        self._workers.close()
        for check in self._checks:
            check.cancel()
        await asyncio.gather(*self._checks, return_exceptions=True)

    def _run(self, begun: Begun[T], turn: Host | None) -> None:
        assert self._loop  # noqa: S101 - within a step
        self._checks.add(self._loop.create_task(self._check(begun, turn)))

    async def _check(self, begun: Begun[T], turn: Host | None) -> None:
        lane = Lane(self, begun.session, turn)
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
        if not self._reporting and self._loop:
            self._reporting = True
            self._loop.call_later(_GATHER, self._report.set)

    # ---- hosts

    def host(self, url: str) -> Host:
        """The host of an address."""
        name = _netloc(url)
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= self._most_hosts:
                self._forget_hosts()
            host = self._hosts[name] = Host(name)
        return host

    def _forget_hosts(self) -> None:
        """Pages link to hosts without end."""
        now = self._loop.time() if self._loop else 0.0
        self._hosts = {name: host for name, host in self._hosts.items() if not host.is_idle(now)}
        self._most_hosts = max(_HOSTS, 2 * len(self._hosts))

    async def wait_for_turn(self, host: Host) -> None:
        """Wait until a request may go to the host; `leave` ends the turn."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        host.waiting.append(turn)
        self._serve(host)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(host)
            raise

    def leave(self, host: Host) -> None:
        """A request to the host has ended."""
        host.active -= 1
        self._active -= 1
        if self._pacer and self._loop:
            if not self._left:
                self._loop.call_later(TELL, self._tell_pacer, self._pacer)
            self._left.add(host)
        if host.waiting:
            self._serve(host)
        if self._blocked:
            self._unblock()

    def _has_room(self) -> bool:
        return self._active < self._most and self._workers.free and len(self._done) < _MOST_DONE

    def _serve(self, host: Host) -> None:
        """Let those that wait for a host go, as far as its pace allows; else come back when it does."""
        assert self._loop  # noqa: S101 - within a step
        while host.waiting and host.active < self._per_host:
            now = self._loop.time()
            if host.next_at > now:
                host.timer = host.timer or self._loop.call_at(host.next_at, self._serve_again, host)
                return
            if not self._has_room():
                self._blocked.add(host)
                return
            if self._pacer and not host.granted:
                if not self._ungranted:
                    self._loop.call_soon(self._ask_pacer, self._pacer)
                self._ungranted.add(host)
                return
            self._let_go(host, now)

    def _serve_again(self, host: Host) -> None:
        host.timer = None
        self._serve(host)

    def _let_go(self, host: Host, now: float) -> None:
        """Give the first that waits its turn."""
        assert self._loop  # noqa: S101 - within a step
        waiting = host.waiting.popleft()
        if isinstance(waiting, str):
            if not self._coming:
                self._loop.call_soon(self._begin_coming)
            self._coming.append((waiting, host))
        elif waiting.cancelled():
            return
        else:
            waiting.set_result(None)
        host.granted = max(0, host.granted - 1)
        host.active += 1
        self._active += 1
        host.next_at = now + self._spacing

    def _unblock(self) -> None:
        while self._blocked and self._has_room():
            self._serve(self._blocked.pop())

    def _ask_pacer(self, pacer: Pacer) -> None:
        """Ask together for all hosts that are spared for several processes, and have somebody waiting."""
        assert self._loop  # noqa: S101 - within a step
        hosts, self._ungranted = {host.name: host for host in self._ungranted}, set()
        wanted = [Wanted(host.name, host.active, self._more(host)) for host in hosts.values()]
        waits, now = pacer.ask(wanted, spacing=self._spacing, per_host=self._per_host), self._loop.time()
        for name, _, more in wanted:
            wait, host = waits.get(name, ASK_AGAIN), hosts[name]
            host.granted, host.next_at = 0 if wait > 0 else more, now + wait
            self._serve(host)

    def _more(self, host: Host) -> int:
        """How many requests to a host would go at once."""
        return 1 if self._spacing else min(len(host.waiting), self._per_host - host.active)

    def _tell_pacer(self, pacer: Pacer) -> None:
        hosts, self._left = self._left, set()
        pacer.tell({host.name: host.active + host.granted for host in hosts})

    def busy_hosts(self) -> dict[str, int]:
        """How many requests to each host are under way, of those that have any."""
        return {name: host.active for name, host in self._hosts.items() if host.active}

    def _begin_coming(self) -> None:
        """Begin the checks whose turn it is at their hosts: what they need is loaded for all of them at once."""
        coming, self._coming = dict(self._coming), []
        for begun in self._begin(list(coming), partial(self._soon, set(coming.values()))):
            self._run(begun, coming.pop(begun.name))
        for host in coming.values():  # there is nothing to check any more
            self._unfinished -= 1
            self.leave(host)

    def _soon(self, hosts: Collection[Host]) -> list[str]:
        """Those that are next at these hosts, if their turn comes in a moment."""
        if self._spacing > _MOMENT / _NEXT:
            return []
        most = max(1, _NEXT // len(hosts))
        waiting = (each for host in hosts for each in islice(host.waiting, most))
        return [each for each in waiting if isinstance(each, str)]

    # ---- worker threads

    async def offload(self, work: Callable[[], R]) -> R:
        """The result of what may take long. Broken off when it takes too long; at last given up, thread and all.

        Raises ReaderTooSlow.
        """
        loop = asyncio.get_running_loop()
        async with self._slots:
            answer: asyncio.Future[R] = loop.create_future()
            job = Job(work, answer)
            timer = loop.call_later(self._read_seconds + GRACE, self._break_off, job)
            self._workers.put(job)
            self._settle_finished()
            try:
                return await answer
            finally:
                timer.cancel()
                del answer, job  # an error's traceback holds this frame

    def _break_off(self, job: Runnable) -> None:
        assert self._loop  # noqa: S101 - within a step
        self._workers.interrupt(job)
        self._loop.call_later(GRACE, self._give_up, job)

    def _give_up(self, job: Runnable) -> None:
        self._workers.give_up(job)
        job.give_up(ReaderTooSlow(f"reading took longer than {self._read_seconds:.0f} s and does not stop"))
        self._unblock()

    def _worker_done(self) -> None:
        """In a worker thread."""
        if self._loop:
            with suppress(RuntimeError):  # it has been closed
                self._loop.call_soon_threadsafe(self._settle_finished)

    def _settle_finished(self) -> None:
        for job in self._workers.finished():
            job.settle()
        if self._blocked:
            self._unblock()


def _netloc(url: str) -> str:
    """Host and port, without credentials; "" of what is no address, as a page may say it: asking will tell."""
    found = _NETLOC.match(url) if len(url) <= LONGEST_URL else None
    return found[1].lower() if found else ""


def _room() -> int:
    """How many requests may be under way: each has an open file, of which the system allows so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_REQUESTS + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_REQUESTS if soft == resource.RLIM_INFINITY else max(16, min(MOST_REQUESTS, soft - _SPARE_FILES))
