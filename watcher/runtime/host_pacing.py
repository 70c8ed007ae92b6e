"""The pace of requests: for each host the number under way, the time between two, and the queue."""

from __future__ import annotations

import asyncio
import re
import resource
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from sources.formats.links import LONGEST_URL
from watcher.runtime.background import put_off

if TYPE_CHECKING:
    from state.storage.workers import Wanted

MOST_REQUESTS = 2000  # at once, if the limit of open files allows it
ASK_AGAIN = 1.0  # seconds until the rate limiter is asked again about a host that it left out
TELL = 0.05  # seconds for which ended requests are collected before they are reported to the rate limiter
MOST_HOSTS = 1000  # kept in memory, before idle ones are dropped

_SPARE_FILES = 500  # for the state, parsers, deliveries, idle connections
_NETLOC = re.compile(r"[^/?#]*://(?:[^/?#]*@)?([^/?#]*)")  # urlsplit takes ten times as long for each request
_NEXT = 200  # most checks that `soon` names


class RateLimiter(Protocol):
    """Limits requests to hosts for several processes together. Its methods may raise StateError."""

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> Mapping[str, float]:
        """Ask whether the requests may be sent now: for each host 0, or the seconds until to ask again.

        A host that is missing from the result is unknown at the moment.
        """
        ...

    def tell(self, active: Mapping[str, int]) -> None:
        """Report how many requests to these hosts are under way."""
        ...


@dataclass(eq=False, slots=True)
class Host:
    """One host and port: the number of its requests under way, the queue, and the time of the next request.

    `waiting` has a future for a check that has begun, and the name of one that has not. `granted` is how many requests
    the rate limiter allows now. `next_at` is monotonic, in seconds.
    """

    name: str
    active: int = 0
    granted: int = 0
    next_at: float = 0.0
    waiting: deque[asyncio.Future[None] | str] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None


class Hosts:
    """All hosts. `has_room` says whether any request may be sent; `begin` is called with a name whose turn has come,
    and its host. All but the constructor, `pace`, `host` and `expect` must be called in the event loop's thread.
    """

    def __init__(
        self, has_room: Callable[[], bool], begin: Callable[[str, Host], None], rate_limiter: RateLimiter | None = None
    ) -> None:
        self._may_go, self._begin, self._rate_limiter = has_room, begin, rate_limiter
        self._hosts: dict[str, Host] = {}
        self._most_hosts = MOST_HOSTS
        self._ungranted: set[Host] = set()
        self._left: set[Host] = set()  # a request has ended; to be reported to the rate limiter
        self._blocked: set[Host] = set()  # waiting for `has_room`, not for their pace
        self._active, self._most = 0, _room()
        self.pace(per_host=2, spacing=timedelta(seconds=1))

    def pace(self, *, per_host: int, spacing: timedelta) -> None:
        """Set the limits of each host from now on."""
        self._per_host, self._spacing = per_host, spacing.total_seconds()

    def host(self, url: str) -> Host:
        """The host and port of a URL, without credentials. Its name is "" if it is no URL, as in a bad link of a page:
        the request will then fail with a clear error.
        """
        found = _NETLOC.match(url) if len(url) <= LONGEST_URL else None
        name = found[1].lower() if found else ""
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= self._most_hosts:  # drop idle ones: pages can link to any number of hosts
                now, hosts = time.monotonic(), self._hosts.items()  # the event loop's clock, too
                self._hosts = {name: host for name, host in hosts if host.active or host.waiting or host.next_at > now}
                self._most_hosts = max(MOST_HOSTS, 2 * len(self._hosts))
            host = self._hosts[name] = Host(name)
        return host

    def expect(self, name: str, url: str) -> Host:
        """Put a name into the queue of a URL's host. Call `serve` with the host afterwards."""
        host = self.host(url)
        host.waiting.append(name)
        return host

    async def wait_for_turn(self, host: Host) -> None:
        """Wait until a request may be sent to the host. Call `leave` when it has ended."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        host.waiting.append(turn)
        self.serve(host)
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
        if self._rate_limiter:
            if not self._left:
                asyncio.get_running_loop().call_later(TELL, self._report_ended, self._rate_limiter)
            self._left.add(host)
        if host.waiting:
            self.serve(host)
        if self._blocked:
            self.unblock()

    def serve(self, host: Host) -> None:
        """Let the queue of a host advance as far as its pace allows; set a timer for the rest."""
        loop = asyncio.get_running_loop()
        while host.waiting and host.active < self._per_host:
            now = time.monotonic()
            if host.next_at > now:
                host.timer = host.timer or loop.call_at(host.next_at, self._serve_again, host)
                return
            if not self._has_room():
                self._blocked.add(host)
                return
            if self._rate_limiter and not host.granted:
                if not self._ungranted:
                    loop.call_soon(self._ask_rate_limiter, self._rate_limiter)
                self._ungranted.add(host)
                return
            waiting = host.waiting.popleft()  # the first in the queue gets its turn
            if isinstance(waiting, str):
                self._begin(waiting, host)
            elif waiting.cancelled():
                continue
            else:
                waiting.set_result(None)
            host.granted = max(0, host.granted - 1)
            host.active += 1
            self._active += 1
            host.next_at = now + self._spacing

    def unblock(self) -> None:
        """Serve the hosts that waited for `has_room`."""
        while self._blocked and self._has_room():
            self.serve(self._blocked.pop())

    def soon(self, hosts: Collection[Host]) -> list[str]:
        """The names that are next in the queues of these hosts, if their turn comes within a moment."""
        if self._spacing > 1.0 / _NEXT:  # seconds
            return []
        most = max(1, _NEXT // len(hosts))
        waiting = (each for host in hosts for each in islice(host.waiting, most))
        return [each for each in waiting if isinstance(each, str)]

    def busy(self) -> dict[str, int]:
        """The number of requests under way for each host that has any."""
        return {name: host.active for name, host in self._hosts.items() if host.active}

    def _has_room(self) -> bool:
        return self._active < self._most and self._may_go()

    def _serve_again(self, host: Host) -> None:
        host.timer = None
        self.serve(host)

    def _ask_rate_limiter(self, rate_limiter: RateLimiter) -> None:
        """Ask the rate limiter once about all hosts that have a queue."""
        from state.storage.workers import Wanted  # noqa: PLC0415 - only workers on PostgreSQL have one

        hosts, self._ungranted = {host.name: host for host in self._ungranted}, set()
        wanted = list[Wanted]()
        for host in hosts.values():  # how many requests to each could be sent at once
            more = 1 if self._spacing else min(len(host.waiting), self._per_host - host.active)
            wanted.append(Wanted(host.name, host.active, more))
        waits: Mapping[str, float] = {}
        with put_off("hosts have to wait"):
            waits = rate_limiter.ask(wanted, spacing=self._spacing, per_host=self._per_host)
        now = time.monotonic()
        for name, _, more in wanted:
            wait, host = waits.get(name, ASK_AGAIN), hosts[name]
            host.granted, host.next_at = 0 if wait > 0 else more, now + wait
            self.serve(host)

    def _report_ended(self, rate_limiter: RateLimiter) -> None:
        hosts, self._left = self._left, set()
        with put_off("that requests have ended is not stored"):  # the old count expires
            rate_limiter.tell({host.name: host.active + host.granted for host in hosts})


def _room() -> int:
    """How many requests may be under way: each needs an open file. Raises the soft limit of open files if it can."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_REQUESTS + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_REQUESTS if soft == resource.RLIM_INFINITY else max(16, min(MOST_REQUESTS, soft - _SPARE_FILES))
