"""Many requests at once without threads: sockets that do not block, in whichever thread calls `step`.

Each exchange is a generator that says what it waits for and is resumed when that has come, so that it reads as if it
waited itself. What goes wrong raises what httpcore would raise (`failures.py` knows what that means). Requests through
proxies are not for here: httpcore sends those, in a thread.
"""

from __future__ import annotations

import errno
import os
import resource
import socket
import ssl
import time
from collections.abc import Generator, Mapping
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import Any, NamedTuple

import httpcore

from sources.connections import Connections, Trust
from sources.failures import WIRE_ERRORS, cut_off
from sources.headers import content_length
from sources.http1 import Headers, Reading, request_bytes
from sources.lines import KEPT, NOTHING, READ, WRITE, Key, Line, Lines
from sources.request import Request
from sources.resolver import Resolver
from sources.transcript import Witness, witness_of
from sources.transport import SlowName, is_address
from sources.unpack import Spool, too_large

MOST = 2000  # exchanges at once, if the system lets us have as many open files
SMALL = 65_536  # bytes of an unwanted body that are read, so that its connection can be kept

_PIECE = 65_536
_FIRST_PIECE = 16_384  # while there are no headers: what comes in place of them may be slow to read
_TURN = 0.01  # seconds that one exchange reads before the others have their turn
_SPARE_FILES = 200  # for the state, the readers, deliveries


class Exchange(NamedTuple):
    """One request to send, and how: `extra` headers, whom to trust, the time (monotonic) at which it has failed, and
    how many bytes of a body are taken. `seconds` is the whole deadline, for messages.
    """

    request: Request
    extra: Mapping[str, str]
    connections: Connections
    trust: Trust
    ends: float
    seconds: float
    limit: int
    proving: bool = False


class Raw(NamedTuple):
    """What came back. Names of headers are in lower case; the body is packed as it came, and of an answer that is not
    2xx its beginning. `witness` is what there is to prove it, where that was asked for.
    """

    status: int
    headers: Headers
    body: bytes
    witness: Witness | None = None


class Ended(NamedTuple):
    """An exchange that has ended: whose it was, and its answer or what it raised."""

    owner: Any
    raw: Raw | None
    error: Exception | None


class _Job:
    """An exchange under way. `until` is when it is woken with `late`, `waits` whether for a name to be resolved."""

    __slots__ = ("exchange", "late", "line", "owner", "steps", "until", "waits")

    def __init__(self, owner: Any, exchange: Exchange) -> None:
        self.owner, self.exchange = owner, exchange
        self.until = exchange.ends
        self.late: type[Exception] = httpcore.ConnectTimeout
        self.line: Line | None = None
        self.waits = False
        self.steps: Generator[int, Any, Raw]


class _Enough(Exception):
    """No more of this body is wanted."""


class Wire:
    """Exchanges under way, and the connections that are kept for the next ones. Its methods are for one thread, but for
    `wake`.
    """

    def __init__(self) -> None:
        self._lines = Lines()
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        self._lines.listen(self._pipe[0])
        self._woken = False
        self._jobs: set[_Job] = set()
        self._next_late = float("inf")
        self._ended: list[Ended] = []
        self._resolver: Resolver[_Job] = Resolver(self.wake)
        self._most = _room()
        self._closed = False

    def __len__(self) -> int:
        """The number of exchanges under way."""
        return len(self._jobs)

    @property
    def free(self) -> bool:
        """Whether another exchange may begin."""
        return len(self._jobs) < self._most

    def begin(self, owner: Any, exchange: Exchange) -> None:
        """Begin an exchange; `step` returns it, with its owner, when it has ended."""
        job = _Job(owner, exchange)
        job.steps = self._exchange(job)
        self._jobs.add(job)
        self._resume(job)

    def step(self, wait: float) -> list[Ended]:
        """Move all exchanges on, waiting at most so many seconds for something to come; those that have ended."""
        if not self._ended:
            late = self._next_late - time.monotonic()
            for line in self._lines.select(max(0.0, min(wait, late))):
                if line is None:
                    self._read_pipe()
                elif line.job:
                    self._resume(line.job)
                else:
                    self._lines.drop(line)  # the server closed it
            for job, answer in self._resolver.found():
                if job in self._jobs:
                    self._resume(job, answer)
            self._wake_late(time.monotonic())
        ended, self._ended = self._ended, []
        return ended

    def wake(self) -> None:
        """Make `step` return early; may be called from any thread, and from a signal handler."""
        if not self._woken:
            self._woken = True
            with suppress(OSError):
                os.write(self._pipe[1], b"x")

    def close(self) -> None:
        """End everything."""
        if self._closed:
            return
        self._closed = True
        self._resolver.close()
        for job in list(self._jobs):
            job.steps.close()
        self._lines.close()
        for end in self._pipe:
            os.close(end)

    def __del__(self) -> None:
        self.close()

    def _read_pipe(self) -> None:
        with suppress(OSError):
            os.read(self._pipe[0], 4096)
        # Only now: whoever wakes us between the two would write what is just read away, and nobody ever again.
        self._woken = False

    def _resume(self, job: _Job, value: Any = None, error: Exception | None = None) -> None:
        """Let an exchange go on until it waits again, or has ended."""
        try:
            events = job.steps.throw(error) if error else job.steps.send(value)
        except StopIteration as end:
            self._end(job, end.value, None)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is this exchange's
            self._end(job, None, fault)
        else:
            job.waits = events == NOTHING
            if job.line:
                self._lines.wait_for(job.line, events)
            self._next_late = min(self._next_late, job.until)

    def _end(self, job: _Job, raw: Raw | None, error: Exception | None) -> None:
        self._jobs.discard(job)
        self._ended.append(Ended(job.owner, raw, error))

    def _wake_late(self, now: float) -> None:
        """Tell those whose time is over, and give up connections that were idle for too long."""
        if now >= self._next_late:
            for job in [job for job in self._jobs if job.until <= now]:
                self._resume(job, error=job.late("the deadline has passed"))
            self._next_late = min((job.until for job in self._jobs), default=float("inf"))
        self._lines.drop_old(now)

    def _exchange(self, job: _Job) -> Generator[int, Any, Raw]:
        """Send the request and read its answer. A connection whose answer was read to its end is kept."""
        request, extra = job.exchange.request, job.exchange.extra
        try:
            lines = request.lines(extra)
        except ValueError as error:
            raise httpcore.LocalProtocolError(str(error)) from None
        try:
            job.line = self._lines.take(_key(job.exchange)) or (yield from self._connect(job))
            job.line.job, job.late = job, httpcore.WriteTimeout
            yield from self._send(job.line, request_bytes(request, lines))
            raw, reusable = yield from self._answer(job, Reading(request, request.pairs(extra)))
        except BaseException:
            if job.line:
                self._lines.drop(job.line)
            raise
        self._lines.keep(job.line, reusable=reusable)
        return raw

    def _send(self, line: Line, data: bytes) -> Generator[int, Any, None]:
        left = memoryview(data)
        try:
            while left:
                try:
                    left = left[line.socket.send(left) :]
                except (BlockingIOError, ssl.SSLWantWriteError):
                    yield WRITE
                except ssl.SSLWantReadError:
                    yield READ
        except OSError:
            return  # it may have answered before it closed: reading will tell

    def _answer(self, job: _Job, reading: Reading) -> Generator[int, Any, tuple[Raw, bool]]:
        job.late = httpcore.ReadTimeout
        parts: list[bytes] = []
        with Spool(job.exchange.limit, job.exchange.request.address.shown) as spool:
            reading.headed = partial(_headed, job, spool, parts)
            try:
                yield READ
                yield from self._read(job, reading)
            except _Enough:
                reading.reusable = False
            except WIRE_ERRORS as error:
                if not reading.status:
                    raise
                if 200 <= reading.status < 300:
                    raise cut_off(error, spool.where, job.exchange.seconds) from None
                reading.reusable = False  # the beginning will do
            witness = witness_of(reading.head, job.line.socket) if job.exchange.proving and job.line else None
            body = b"".join(parts) or spool.content()
            return Raw(reading.status, reading.headers, body, witness), reading.reusable

    def _read(self, job: _Job, reading: Reading) -> Generator[int, Any, None]:
        assert job.line  # noqa: S101 - it was connected
        source, turn_ends = job.line.socket, time.monotonic() + _TURN
        while True:
            try:
                piece = source.recv(_PIECE if reading.status else _FIRST_PIECE)
            except (BlockingIOError, ssl.SSLWantReadError):
                yield READ
                continue
            except ssl.SSLWantWriteError:
                yield WRITE
                continue
            except OSError as error:
                raise httpcore.ReadError(error) from error
            if reading.feed(piece):
                return
            if time.monotonic() > turn_ends:
                yield READ
                turn_ends = time.monotonic() + _TURN

    def _connect(self, job: _Job) -> Generator[int, Any, Line]:
        """A connection to the first address of the host that takes one; all of them are checked first."""
        key, network = _key(job.exchange), job.exchange.connections.network
        if key.scheme == "https":
            job.exchange.connections.context(key.trust.ca_file)  # a file that is of no use is told first
        addresses = [ip_address(found) for found in (yield from self._resolve(job, key))]
        for address in addresses:
            network.check(key.host, address)
        for more, address in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            now = time.monotonic()
            # A silent address gets its share of the time, so that some is left for the next.
            job.until, job.late = now + (job.exchange.ends - now) / (more + 1), httpcore.ConnectTimeout
            try:
                line = yield from self._dial(job, key, str(address))
                break
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not more:
                    raise
        else:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        job.until = job.exchange.ends
        if key.scheme == "https":
            yield from self._secure(job, line)
        return line

    def _resolve(self, job: _Job, key: Key) -> Generator[int, Any, list[str]]:
        network = job.exchange.connections.network
        if is_address(key.host):
            return network.resolve(key.host, key.port)
        job.late, job.waits = SlowName, True
        self._resolver.ask(job, network.resolve, key.host, key.port)
        answer = yield NOTHING
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    def _dial(self, job: _Job, key: Key, address: str) -> Generator[int, Any, Line]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            dialled = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        line = job.line = Line(key, dialled, job)
        try:
            dialled.setblocking(False)
            dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = dialled.connect_ex((address, key.port))
            if code in (errno.EINPROGRESS, errno.EAGAIN):
                yield WRITE
                code = dialled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise httpcore.ConnectError(OSError(code, os.strerror(code)))
        except BaseException as error:
            self._lines.drop(line)
            job.line = None
            if isinstance(error, OSError):
                raise httpcore.ConnectError(error) from error
            raise
        return line

    def _secure(self, job: _Job, line: Line) -> Generator[int, Any, None]:
        """Speak TLS on a connection from now on; a session that is not too old is resumed."""
        context = job.exchange.connections.context(line.key.trust.ca_file)
        session = self._lines.session(line.key)
        self._lines.wait_for(line, NOTHING)
        try:
            line.socket = context.wrap_socket(
                line.socket, server_hostname=line.key.host, do_handshake_on_connect=False, session=session
            )
            while True:
                try:
                    line.socket.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    yield READ
                except ssl.SSLWantWriteError:
                    yield WRITE
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        if not line.socket.session_reused:
            self._lines.forget_session(line.key)


def _key(exchange: Exchange) -> Key:
    address = exchange.request.address
    port = address.port or (443 if address.scheme == "https" else 80)
    return Key(exchange.connections, exchange.trust, address.scheme, address.raw_host, port)


def _headed(job: _Job, spool: Spool, parts: list[bytes], reading: Reading) -> None:
    """The headers are there: of an answer that is the content everything is wanted, of another one a little."""
    if 200 <= reading.status < 300:
        if job.exchange.request.method != "HEAD" and content_length(dict(reading.headers)) > job.exchange.limit:
            raise too_large(job.exchange.limit, spool.where)
        reading.body = spool.write
        return
    job.until = min(job.until, time.monotonic() + 1)
    left = SMALL

    def little(piece: bytes) -> None:
        nonlocal left
        parts.append(piece)
        left -= len(piece)
        if left < 0:
            raise _Enough

    reading.body = little


def _room() -> int:
    """How many exchanges may be under way: each has an open file, of which the system allows so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + KEPT + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST if soft == resource.RLIM_INFINITY else max(16, min(MOST, soft - KEPT - _SPARE_FILES))
