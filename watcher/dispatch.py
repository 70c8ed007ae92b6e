"""When each request goes, and where what follows is done: slots, spacing per host, waits.

A check is a generator that yields an Ask and is sent its Page, or thrown its FetchError; what it returns is its
outcome. The main thread calls `Dispatcher.step`: it does the requests (`sources/wire.py`), many at once, so that a
silent host holds up nobody, and what is quick. Before what may take long a check yields ASIDE and goes on in a worker
thread.
"""

from __future__ import annotations

import heapq
import re
import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count, islice
from typing import Any, NamedTuple, Protocol

from sources import FetchError, Get, Page, ReaderTooSlow
from sources.fetch import ASIDE, Pause, Validators
from sources.read import READ_SECONDS
from sources.wire import Exchange, Wire
from state.failpoint import reached
from watcher.workers import Workers

_NETLOC = re.compile(r"[^/?#]*://(?:[^/?#]*@)?([^/?#]*)")  # urlsplit takes ten times as long, at each request

_NEXT = 200  # checks whose turn comes soon are told of
_MOMENT = 1.0  # seconds

ASK_AGAIN = 1.0  # seconds until the pacer is asked again where it knew nothing
GRACE = 5.0  # seconds past its limits before a step is broken off, and again before it is given up


class Ask(NamedTuple):
    """A request of a check, with the validators that make it conditional."""

    get: Get
    validators: Validators | None = None


class Session(Protocol):
    """Who answers the requests of one check: all at once, in a thread; or by `walk`, if it has one (see
    `sources.fetch.Session`).
    """

    def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """Raises FetchError."""
        ...


class Done(NamedTuple):
    """A check that has ended: what it returned, or the exception that it raised."""

    name: str
    outcome: Any
    error: Exception | None


class Begun(NamedTuple):
    """A check to be run, who answers its requests, and the deadline of each of them."""

    name: str
    check: Generator[Any, Any, Any]
    session: Session
    timeout: timedelta


Pacer = Callable[[Sequence[str], float], Mapping[str, float]]
"""Whether a request to each of these hosts may go now, with so many seconds between two: 0, or in how many seconds to
ask again. Of a host that is not in the answer nothing is known at the moment.
"""


@dataclass(eq=False, slots=True)
class _Host:
    """One host and port: who is asking it, who waits to, and when the next request may go.

    `granted` says that who spares hosts for several processes lets us go now.
    """

    name: str
    active: int = 0
    granted: bool = False
    next_at: float = 0.0
    waiting: deque[_Task | str] = field(default_factory=deque)
    armed: bool = False


@dataclass(eq=False, slots=True)
class _Task:
    """A check on its way. What it waits for is answered by calling `go`."""

    name: str
    check: Generator[Any, Any, Any]
    session: Any
    limit: float
    ask: Ask | None = None
    walk: Any = None  # of the request that is being answered
    host: _Host | None = None
    done: Done | None = None
    step: Any = None  # what it waits for: Ask, Exchange, Pause, ASIDE; None when it has ended
    at_turn: bool = False  # it has just been begun, and its host has room for it
    overdue: float = float("inf")
    interrupted: bool = False

    def go(self, value: Any = None, error: Exception | None = None) -> None:
        """Let it go on, with what it has waited for, until it waits again or has ended."""
        try:
            self.step = self._through_walk(value, error) if self.walk else _next(self.check, value, error)
        except StopIteration as end:
            self._end(end.value, None)
        except Exception as fault:  # noqa: BLE001 - one check's fault is reported as its own, the others go on
            self._end(None, fault)

    def go_on(self) -> None:
        """In a worker thread: until it waits for something that is not for threads to do."""
        self.overdue = time.monotonic() + self.limit + GRACE
        while True:
            if self.ask and not self.walk:
                self._fetch(self.ask)
            elif self.step is ASIDE:
                self.go()
            elif isinstance(self.step, Exchange) and not self.session.by_wire:
                self._exchange(self.step)
            else:
                return

    def answer(self, ask: Ask) -> None:
        """Begin to answer what was asked."""
        self.ask, self.step = ask, ASIDE
        if walk := getattr(self.session, "walk", None):
            try:
                self.walk = walk(*ask)
            except Exception as fault:  # noqa: BLE001 - a page's link may be no address; as in `go`
                self.ask = None
                self.go(None, fault)
            else:
                self.go()

    def _fetch(self, ask: Ask) -> None:
        """Answer here and now what was asked."""
        try:
            page, failed = self.session.fetch(*ask), None
            reached("after_fetch")
        except FetchError as fault:
            page, failed = None, fault
        except Exception as fault:  # noqa: BLE001 - as in `go`
            self._end(None, fault)
            return
        self.ask = None
        self.go(page, failed)

    def _exchange(self, step: Exchange) -> None:
        """Send a request here and now."""
        try:
            raw, failed = self.session.exchange(step), None
        except Exception as fault:  # noqa: BLE001 - the walk knows what it means
            raw, failed = None, fault
        self.go(raw, failed)

    def _through_walk(self, value: Any, error: Exception | None) -> Any:
        """Go on with the request under way; when it is answered, with the check."""
        try:
            return _next(self.walk, value, error)
        except StopIteration as end:
            page, failed = end.value, None
        except FetchError as fault:
            page, failed = None, fault
        self.walk = self.ask = None
        if not failed:
            reached("after_fetch")
        return _next(self.check, page, failed)

    def _end(self, outcome: Any, error: Exception | None) -> None:
        self.step, self.walk, self.ask = None, None, None
        self.done = Done(self.name, outcome, error)


def _next(steps: Generator[Any, Any, Any], value: Any, error: Exception | None) -> Any:
    return steps.throw(error) if error else steps.send(value)


class Dispatcher:
    """Runs checks, many at once, each host at its pace.

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
        begin: Callable[[Sequence[str], Callable[[], list[str]]], Iterator[Begun]] = lambda _, __: iter(()),
        pacer: Pacer | None = None,
    ) -> None:
        self._read_seconds = read_seconds
        self._begin, self._pacer = begin, pacer
        self.pace(per_host=per_host, spacing=spacing)
        self._wire = Wire()
        self._workers: Workers[_Task] = Workers(slots, _Task.go_on, self._wire.wake)
        self._timers: list[tuple[float, int, _Task | _Host]] = []
        self._order = count()
        self._hosts: dict[str, _Host] = {}
        self._ungranted: set[_Host] = set()
        self._running: set[_Task] = set()
        self._coming: list[tuple[str, _Host]] = []
        self._ended: list[Done] = []
        self._unfinished = 0

    def __len__(self) -> int:
        """The number of checks that have not ended."""
        return self._unfinished

    def pace(self, *, per_host: int, spacing: timedelta) -> None:
        """Set how hosts are spared from now on."""
        self._per_host, self._spacing = per_host, spacing.total_seconds()

    def start(self, name: str, check: Generator[Any, Any, Any], session: Session, timeout: timedelta) -> None:
        """Take on a check; it moves when `step` is called. `timeout` is the deadline of each of its requests."""
        self.take(Begun(name, check, session, timeout))

    def take(self, begun: Begun) -> None:
        """As `start`."""
        self._unfinished += 1
        self._at(0.0, self._task(begun))

    def expect(self, name: str, url: str) -> None:
        """Take on a check whose first request goes to `url`: it is begun when its host has room for it."""
        self._unfinished += 1
        host = self._host(url)
        host.waiting.append(name)
        self._arm(host)

    def step(self, wait: float) -> Iterator[Done]:
        """Let go what may go, then wait at most `wait` seconds for checks to end; yields those that have."""
        self._release()
        wait = 0.0 if self._ended else min(wait, self._until_next())
        for ended in self._wire.step(wait):
            ended.owner.go(ended.raw, ended.error)
            self._see_to(ended.owner)
        for task in self._workers.finished():
            self._running.discard(task)
            self._see_to(task)
        self._give_up_overdue()
        self._release()
        done, self._ended = self._ended, []
        self._unfinished -= len(done)
        yield from done

    def wake(self) -> None:
        """Make `step` return early; may be called from a signal handler."""
        self._wire.wake()

    def close(self) -> None:
        """End the requests under way, and let the worker threads end when they have finished what they do."""
        self._workers.close()
        self._wire.close()

    def _task(self, begun: Begun) -> _Task:
        limit = begun.timeout.total_seconds() + self._read_seconds
        return _Task(begun.name, begun.check, begun.session, limit)

    def _host(self, url: str) -> _Host:
        netloc = _netloc(url)
        host = self._hosts.get(netloc)
        if host is None:
            host = self._hosts[netloc] = _Host(netloc)
        return host

    def _at(self, when: float, what: _Task | _Host) -> None:
        heapq.heappush(self._timers, (when, next(self._order), what))

    def _until_next(self) -> float:
        """Seconds until a timer may let something go; GRACE when only something that ends can."""
        if not self._timers or not self._has_room():
            return GRACE
        return min(GRACE, max(0.0, self._timers[0][0] - time.monotonic()))

    def _has_room(self) -> bool:
        return self._wire.free and self._workers.free

    def _release(self) -> None:
        """Let every task go whose time has come, and whose host is free."""
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now and self._has_room():
            what = heapq.heappop(self._timers)[2]
            if isinstance(what, _Host):
                what.armed = False
                self._serve(what, now)
                if len(self._coming) >= 200:
                    self._begin_coming()
            elif isinstance(what.step, Ask):
                what.host = self._host(what.step.get.url)
                what.host.waiting.append(what)
                self._serve(what.host, now)
            else:  # it is new, or has paused
                what.go()
                self._see_to(what)
        self._ask_pacer()
        self._begin_coming()

    def _ask_pacer(self) -> None:
        """Ask together for all hosts that are spared for several processes, and have somebody waiting."""
        if not self._pacer or not self._ungranted:
            return
        hosts, self._ungranted = self._ungranted, set()
        waits = self._pacer([host.name for host in hosts], self._spacing)
        now = time.monotonic()
        for host in hosts:
            wait = waits.get(host.name, ASK_AGAIN)
            host.granted, host.next_at = wait <= 0, now + wait
            self._serve(host, now)

    def _serve(self, host: _Host, now: float) -> None:
        """Let those that wait for a host go, as far as its pace allows; else come back when it does."""
        while host.waiting and host.active < self._per_host and host.next_at <= now and self._has_room():
            if self._pacer and self._spacing and not host.granted:
                self._ungranted.add(host)
                return
            host.granted = False
            host.active += 1
            host.next_at = now + self._spacing
            task = host.waiting.popleft()
            if isinstance(task, str):
                self._coming.append((task, host))
            else:
                self._answer(task)
        if host.waiting and host.active < self._per_host:
            self._arm(host)

    def _arm(self, host: _Host) -> None:
        if not host.armed:
            host.armed = True
            self._at(host.next_at, host)

    def _begin_coming(self) -> None:
        """Begin the checks whose turn it is at their hosts: what they need is loaded for all of them at once."""
        while self._coming:
            coming, self._coming = dict(self._coming), []
            for begun in self._begin(list(coming), partial(self._soon, set(coming.values()))):
                task = self._task(begun)
                task.host, task.at_turn = coming.pop(begun.name), True
                task.go()
                self._see_to(task)
            for host in coming.values():  # there is nothing to check any more
                self._unfinished -= 1
                self._leave(host)

    def _soon(self, hosts: Collection[_Host]) -> list[str]:
        """Those that are next at these hosts, if their turn comes in a moment."""
        if self._spacing > _MOMENT / _NEXT:
            return []
        most = max(1, _NEXT // len(hosts))
        waiting = (what for host in hosts for what in islice(host.waiting, most))
        return [what for what in waiting if isinstance(what, str)]

    def _answer(self, task: _Task) -> None:
        """Answer what a task has asked: it is its turn."""
        task.answer(task.step)
        self._see_to(task)

    def _see_to(self, task: _Task) -> None:
        """Do what a task waits for."""
        while True:
            step = task.step
            if isinstance(step, Exchange) and task.session.by_wire:
                self._wire.begin(task, step)
                return
            if isinstance(step, Pause):
                self._at(time.monotonic() + step.seconds, task)
                return
            if isinstance(step, Ask):
                if self._has_turn(task, step):
                    task.answer(step)
                    continue
                self._leave_host(task)
                self._at(time.monotonic() + step.get.after, task)
                return
            if not task.ask:  # it asks its host nothing any more, or not yet
                self._leave_host(task)
            if task.done:
                self._ended.append(task.done)
            else:
                self._run(task)
            return

    def _has_turn(self, task: _Task, ask: Ask) -> bool:
        """Whether it is the task's turn at the host that it asks, as it has just been begun for that."""
        at_turn, task.at_turn = task.at_turn, False
        return at_turn and not ask.get.after and self._host(ask.get.url) is task.host

    def _run(self, task: _Task) -> None:
        """Have a worker thread go on with it."""
        task.overdue, task.interrupted = float("inf"), False
        self._running.add(task)
        self._workers.put(task)

    def _leave_host(self, task: _Task) -> None:
        if task.host:
            host, task.host = task.host, None
            self._leave(host)

    def _leave(self, host: _Host) -> None:
        host.active -= 1
        if host.waiting:
            self._arm(host)

    def _give_up_overdue(self) -> None:
        """Break off steps that take too long; those that cannot be broken off are given up, thread and all."""
        now = time.monotonic()
        for task in [task for task in self._running if task.overdue <= now]:
            if not task.interrupted:
                task.interrupted, task.overdue = True, now + GRACE
                self._workers.interrupt(task)
                continue
            self._workers.give_up(task)
            self._running.discard(task)
            self._leave_host(task)
            what = f"reading took longer than {self._read_seconds:.0f} s and does not stop"
            self._ended.append(Done(task.name, None, ReaderTooSlow(what)))


def _netloc(url: str) -> str:
    """Host and port, without credentials; "" of what is no address, as a page may say it: asking will tell."""
    found = _NETLOC.match(url)
    return found[1].lower() if found else ""
