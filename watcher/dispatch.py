"""When each request goes, and where what follows is done: slots, spacing per host, waits.

The main thread calls `Dispatcher.step`: it does the requests of all checks (`task.py` is one of them) by
`sources/wire.py`, many at once, so that a silent host holds up nobody, and what is quick. What may take long is done in
a worker thread.
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
from typing import Any

from sources import ReaderTooSlow
from sources.fetch import Pause
from sources.read import READ_SECONDS
from sources.wire import Exchange, Wire
from watcher.task import GRACE, Ask, Begun, Done, Session, Task
from watcher.workers import Workers

_NETLOC = re.compile(r"[^/?#]*://(?:[^/?#]*@)?([^/?#]*)")  # urlsplit takes ten times as long, at each request

_NEXT = 200  # checks whose turn comes soon are told of
_MOMENT = 1.0  # seconds

ASK_AGAIN = 1.0  # seconds until the pacer is asked again where it knew nothing

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
    waiting: deque[Task | str] = field(default_factory=deque)
    armed: bool = False


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
        self._workers: Workers[Task] = Workers(slots, Task.go_on, self._wire.wake)
        self._timers: list[tuple[float, int, Task | _Host]] = []
        self._order = count()
        self._hosts: dict[str, _Host] = {}
        self._ungranted: set[_Host] = set()
        self._running: set[Task] = set()
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

    def _task(self, begun: Begun) -> Task:
        limit = begun.timeout.total_seconds() + self._read_seconds
        return Task(begun.name, begun.check, begun.session, limit)

    def _host(self, url: str) -> _Host:
        netloc = _netloc(url)
        host = self._hosts.get(netloc)
        if host is None:
            host = self._hosts[netloc] = _Host(netloc)
        return host

    def _at(self, when: float, what: Task | _Host) -> None:
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

    def _answer(self, task: Task) -> None:
        """Answer what a task has asked: it is its turn."""
        task.answer(task.step)
        self._see_to(task)

    def _see_to(self, task: Task) -> None:
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
            # One that was just begun keeps its turn: else all that wait are begun before the first one is answered.
            if not task.ask and (task.done or not task.at_turn):
                self._leave_host(task)
            if task.done:
                self._ended.append(task.done)
            else:
                self._run(task)
            return

    def _has_turn(self, task: Task, ask: Ask) -> bool:
        """Whether it is the task's turn at the host that it asks, as it has just been begun for that."""
        at_turn, task.at_turn = task.at_turn, False
        return at_turn and not ask.get.after and self._host(ask.get.url) is task.host

    def _run(self, task: Task) -> None:
        """Have a worker thread go on with it."""
        task.overdue, task.interrupted = float("inf"), False
        self._running.add(task)
        self._workers.put(task)

    def _leave_host(self, task: Task) -> None:
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
