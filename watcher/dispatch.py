"""When each request goes: slots, spacing per host, waits.

A check is a generator that yields an Ask and is sent its Page, or thrown its FetchError; what it returns is its
outcome. So nothing holds a slot while it waits for a host's pace or for `Get(after=...)`. The main thread calls
`Dispatcher.step`; worker threads fetch and read.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from sources import FetchError, Get, Page, ReaderTooSlow
from sources.fetch import Validators
from sources.read import READ_SECONDS
from state.failpoint import reached
from watcher.workers import Workers

GRACE = 5.0  # seconds past its limits before a step is broken off, and again before it is given up


class Ask(NamedTuple):
    """A request of a check, with the validators that make it conditional."""

    get: Get
    validators: Validators | None = None


class Session(Protocol):
    """Who answers the requests of one check."""

    def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """Raises FetchError."""
        ...


class Done(NamedTuple):
    """A check that has ended: what it returned, or the exception that it raised."""

    name: str
    outcome: Any
    error: Exception | None


@dataclass(eq=False)
class _Host:
    """One host and port: who is asking it, who waits to, and when the next request may go."""

    active: int = 0
    next_at: float = 0.0
    waiting: deque[_Task] = field(default_factory=deque)
    armed: bool = False


@dataclass(eq=False)
class _Task:
    """A check on its way."""

    name: str
    check: Generator[Ask, Page, Any]
    session: Session
    limit: float
    ask: Ask | None = None
    host: _Host | None = None
    done: Done | None = None
    overdue: float = 0.0
    interrupted: bool = False

    def advance(self) -> None:
        """One step, in a worker thread: fetch what was asked and let the check read it."""
        try:
            self.ask = self._answer(self.ask) if self.ask else next(self.check)
        except StopIteration as end:
            self.done = Done(self.name, end.value, None)
        except Exception as error:  # noqa: BLE001 - one check's fault is reported as its own, the others go on
            self.done = Done(self.name, None, error)

    def _answer(self, ask: Ask) -> Ask:
        try:
            page = self.session.fetch(ask.get, ask.validators)
        except FetchError as error:
            return self.check.throw(error)
        reached("after_fetch")
        return self.check.send(page)


class Dispatcher:
    """Runs checks, many at once, each host at its pace.

    `slots` bounds the requests and readings under way, `per_host` those to one host and port, `spacing` the time
    between two requests to it, `read_seconds` one step's reading.
    """

    def __init__(
        self,
        *,
        slots: int = 64,
        per_host: int = 2,
        spacing: timedelta = timedelta(seconds=1),
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._read_seconds = read_seconds
        self.pace(per_host=per_host, spacing=spacing)
        self._workers: Workers[_Task] = Workers(slots, _Task.advance)
        self._timers: list[tuple[float, int, _Task | _Host]] = []
        self._order = count()
        self._hosts: dict[str, _Host] = {}
        self._running: set[_Task] = set()
        self._unfinished = 0

    def __len__(self) -> int:
        """The number of checks that have not ended."""
        return self._unfinished

    def pace(self, *, per_host: int, spacing: timedelta) -> None:
        """Set how hosts are spared from now on."""
        self._per_host, self._spacing = per_host, spacing.total_seconds()

    def start(self, name: str, check: Generator[Ask, Page, Any], session: Session, timeout: timedelta) -> None:
        """Take on a check; it moves when `step` is called. `timeout` is the deadline of each of its requests."""
        self._unfinished += 1
        self._at(0.0, _Task(name, check, session, timeout.total_seconds() + self._read_seconds))

    def step(self, wait: float) -> Iterator[Done]:
        """Let go what may go, then wait at most `wait` seconds for checks to end; yields those that have."""
        self._release()
        for task in self._workers.finished(min(wait, self._until_next())):
            self._running.discard(task)
            self._leave_host(task)
            if task.done:
                self._unfinished -= 1
                yield task.done
            elif task.ask:
                self._at(time.monotonic() + task.ask.get.after, task)
        yield from self._give_up_overdue()
        self._release()

    def wake(self) -> None:
        """Make `step` return early; may be called from a signal handler."""
        self._workers.wake()

    def close(self) -> None:
        """Let the worker threads end when they have finished what they do."""
        self._workers.close()

    def _at(self, when: float, what: _Task | _Host) -> None:
        heapq.heappush(self._timers, (when, next(self._order), what))

    def _until_next(self) -> float:
        """Seconds until a timer may let something go; GRACE when only a worker's end can."""
        if not self._timers or not self._workers.free:
            return GRACE
        return min(GRACE, max(0.0, self._timers[0][0] - time.monotonic()))

    def _release(self) -> None:
        """Hand every task whose time has come, and whose host is free, to a worker."""
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now and self._workers.free:
            what = heapq.heappop(self._timers)[2]
            if isinstance(what, _Host):
                what.armed = False
                self._serve(what, now)
            elif what.ask is None:
                self._run(what, now)
            else:
                what.host = self._hosts.setdefault(_netloc(what.ask.get.url), _Host())
                what.host.waiting.append(what)
                self._serve(what.host, now)

    def _serve(self, host: _Host, now: float) -> None:
        """Let those that wait for a host go, as far as its pace allows; else come back when it does."""
        while host.waiting and host.active < self._per_host and host.next_at <= now and self._workers.free:
            host.active += 1
            host.next_at = now + self._spacing
            self._run(host.waiting.popleft(), now)
        if host.waiting and host.active < self._per_host and not host.armed:
            host.armed = True
            self._at(host.next_at, host)

    def _run(self, task: _Task, now: float) -> None:
        task.overdue, task.interrupted = now + task.limit + GRACE, False
        self._running.add(task)
        self._workers.put(task)

    def _leave_host(self, task: _Task) -> None:
        if task.host:
            host, task.host = task.host, None
            host.active -= 1
            self._serve(host, time.monotonic())

    def _give_up_overdue(self) -> Iterator[Done]:
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
            self._unfinished -= 1
            yield Done(
                task.name,
                None,
                ReaderTooSlow(f"reading took longer than {self._read_seconds:.0f} s and does not stop"),
            )


def _netloc(url: str) -> str:
    """Host and port, without credentials."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
