"""Many requests at once without threads: sockets that do not block, in whichever thread calls `step`.

Each exchange is a generator that says what it waits for and is resumed when that has come, so that it reads as if it
waited itself. What goes wrong raises what httpcore would raise (`failures.py` knows what that means). Requests through
proxies are not for here: httpcore sends those, in a thread.
"""

from __future__ import annotations

import errno
import os
import resource
import selectors
import socket
import ssl
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import httpcore

from sources.connections import Connections, Trust
from sources.failures import WIRE_ERRORS, cut_off
from sources.headers import content_length
from sources.http1 import Headers, Reading, request_bytes
from sources.request import Request
from sources.transcript import Witness, witness_of
from sources.transport import SlowName, is_address
from sources.unpack import Spool, too_large

KEPT = 256  # idle connections over all hosts
KEPT_FOR = 75.0  # seconds, so that a source that is checked every minute keeps its connection
MOST = 2000  # exchanges at once, if the system lets us have as many open files
SMALL = 65_536  # bytes of an unwanted body that are read, so that its connection can be kept

_READ, _WRITE, _NOTHING = selectors.EVENT_READ, selectors.EVENT_WRITE, 0
_PIECE = 65_536
_FIRST_PIECE = 16_384  # while there are no headers: what comes in place of them may be slow to read
_TURN = 0.01  # seconds that one exchange reads before the others have their turn
_RESOLVERS = 64  # threads: the system's resolver may take half a minute for a name whose servers are silent
_SESSION_FOR = 3600.0  # seconds in which a TLS session is resumed: then the certificate is looked at again
_SESSIONS = 1024
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


class _Key(NamedTuple):
    connections: Connections
    trust: Trust
    scheme: str
    host: str
    port: int


class _Line:
    """One connection."""

    __slots__ = ("events", "fd", "job", "key", "since", "socket")

    def __init__(self, key: _Key, connected: socket.socket) -> None:
        self.key, self.socket, self.fd = key, connected, connected.fileno()
        self.events, self.since = _NOTHING, 0.0
        self.job: _Job | None = None

    def is_quiet(self) -> bool:
        """Whether it is still open and nothing came that nobody asked for."""
        try:
            if isinstance(self.socket, ssl.SSLSocket):
                self.socket.recv(1)
            else:
                self.socket.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False


class _Job:
    """An exchange under way. `until` is when it is woken with `late`."""

    __slots__ = ("exchange", "late", "line", "owner", "steps", "until", "waits")

    def __init__(self, owner: Any, exchange: Exchange) -> None:
        self.owner, self.exchange = owner, exchange
        self.until = exchange.ends
        self.late: type[Exception] = httpcore.ConnectTimeout
        self.line: _Line | None = None
        self.waits = False  # for a name to be resolved
        self.steps: Generator[int, Any, Raw]


class _Enough(Exception):
    """No more of this body is wanted."""


class Wire:
    """Exchanges under way, and the connections that are kept for the next ones. Its methods are for one thread, but for
    `wake`.
    """

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        self._selector.register(self._pipe[0], _READ)
        self._woken = False
        self._jobs: set[_Job] = set()
        self._next_late = float("inf")
        self._ended: list[Ended] = []
        self._idle: dict[_Key, list[_Line]] = {}
        self._kept: OrderedDict[_Line, None] = OrderedDict()  # the longest idle first
        self._sessions: OrderedDict[_Key, tuple[float, ssl.SSLSession]] = OrderedDict()
        self._names = _Names(self.wake)
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
            for key, _ in self._selector.select(max(0.0, min(wait, late))):
                line = key.data
                if line is None:
                    self._read_pipe()
                elif line.job:
                    self._resume(line.job)
                else:
                    self._drop(line)  # the server closed it
            for job, answer in self._names.found():
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
        self._names.close()
        for job in list(self._jobs):
            job.steps.close()
        for line in list(self._kept):
            self._drop(line)
        self._selector.close()
        for end in self._pipe:
            os.close(end)

    def __del__(self) -> None:
        self.close()

    def _read_pipe(self) -> None:
        self._woken = False
        with suppress(OSError):
            os.read(self._pipe[0], 4096)

    def _resume(self, job: _Job, value: Any = None, error: Exception | None = None) -> None:
        """Let an exchange go on until it waits again, or has ended."""
        try:
            events = job.steps.throw(error) if error else job.steps.send(value)
        except StopIteration as end:
            self._end(job, end.value, None)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is this exchange's
            self._end(job, None, fault)
        else:
            job.waits = events == _NOTHING
            if job.line:
                self._await(job.line, events)
            self._next_late = min(self._next_late, job.until)

    def _end(self, job: _Job, raw: Raw | None, error: Exception | None) -> None:
        self._jobs.discard(job)
        self._ended.append(Ended(job.owner, raw, error))

    def _await(self, line: _Line, events: int) -> None:
        if events == line.events:
            return
        if not line.events:
            self._selector.register(line.fd, events, line)
        elif not events:
            self._selector.unregister(line.fd)
        else:
            self._selector.modify(line.fd, events, line)
        line.events = events

    def _wake_late(self, now: float) -> None:
        """Tell those whose time is over, and give up connections that were idle for too long."""
        if now >= self._next_late:
            for job in [job for job in self._jobs if job.until <= now]:
                self._resume(job, error=job.late("the deadline has passed"))
            self._next_late = min((job.until for job in self._jobs), default=float("inf"))
        while self._kept and now - (oldest := next(iter(self._kept))).since > KEPT_FOR:
            self._drop(oldest)

    def _exchange(self, job: _Job) -> Generator[int, Any, Raw]:
        """Send the request and read its answer. A connection whose answer was read to its end is kept."""
        request, extra = job.exchange.request, job.exchange.extra
        try:
            lines = request.lines(extra)
        except ValueError as error:
            raise httpcore.LocalProtocolError(str(error)) from None
        try:
            job.line = self._take(_key(job.exchange)) or (yield from self._connect(job))
            job.line.job, job.late = job, httpcore.WriteTimeout
            yield from self._send(job.line, request_bytes(request, lines))
            raw, reusable = yield from self._answer(job, Reading(request, request.pairs(extra)))
        except BaseException:
            if job.line:
                self._drop(job.line)
            raise
        self._keep(job.line, reusable=reusable)
        return raw

    def _send(self, line: _Line, data: bytes) -> Generator[int, Any, None]:
        left = memoryview(data)
        try:
            while left:
                try:
                    left = left[line.socket.send(left) :]
                except (BlockingIOError, ssl.SSLWantWriteError):
                    yield _WRITE
                except ssl.SSLWantReadError:
                    yield _READ
        except OSError:
            return  # it may have answered before it closed: reading will tell

    def _answer(self, job: _Job, reading: Reading) -> Generator[int, Any, tuple[Raw, bool]]:
        job.late = httpcore.ReadTimeout
        parts: list[bytes] = []
        with Spool(job.exchange.limit, job.exchange.request.address.shown) as spool:
            reading.headed = lambda: _headed(job, reading, spool, parts)
            try:
                yield _READ
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
                yield _READ
                continue
            except ssl.SSLWantWriteError:
                yield _WRITE
                continue
            except OSError as error:
                raise httpcore.ReadError(error) from error
            if reading.feed(piece):
                return
            if time.monotonic() > turn_ends:
                yield _READ
                turn_ends = time.monotonic() + _TURN

    def _connect(self, job: _Job) -> Generator[int, Any, _Line]:
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

    def _resolve(self, job: _Job, key: _Key) -> Generator[int, Any, list[str]]:
        network = job.exchange.connections.network
        if is_address(key.host):
            return network.resolve(key.host, key.port)
        job.late, job.waits = SlowName, True
        self._names.ask(job, network.resolve, key.host, key.port)
        answer = yield _NOTHING
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    def _dial(self, job: _Job, key: _Key, address: str) -> Generator[int, Any, _Line]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            dialled = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        line = job.line = _Line(key, dialled)
        line.job = job
        try:
            dialled.setblocking(False)
            dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = dialled.connect_ex((address, key.port))
            if code in (errno.EINPROGRESS, errno.EAGAIN):
                yield _WRITE
                code = dialled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise httpcore.ConnectError(OSError(code, os.strerror(code)))
        except BaseException as error:
            self._drop(line)
            job.line = None
            if isinstance(error, OSError):
                raise httpcore.ConnectError(error) from error
            raise
        return line

    def _secure(self, job: _Job, line: _Line) -> Generator[int, Any, None]:
        """Speak TLS on a connection from now on; a session that is not too old is resumed."""
        context = job.exchange.connections.context(line.key.trust.ca_file)
        begun, session = self._sessions.get(line.key, (0.0, None))
        if time.monotonic() - begun > _SESSION_FOR:
            session = None
        self._await(line, _NOTHING)
        try:
            line.socket = context.wrap_socket(
                line.socket, server_hostname=line.key.host, do_handshake_on_connect=False, session=session
            )
            while True:
                try:
                    line.socket.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    yield _READ
                except ssl.SSLWantWriteError:
                    yield _WRITE
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        if not line.socket.session_reused:
            self._sessions.pop(line.key, None)

    def _take(self, key: _Key) -> _Line | None:
        """An idle connection, the last one used first; None when there is none that still lives."""
        while lines := self._idle.get(key):
            line = lines[-1]
            if line.is_quiet():
                self._forget(line)
                return line
            self._drop(line)
        return None

    def _keep(self, line: _Line, *, reusable: bool) -> None:
        line.job = None
        if isinstance(line.socket, ssl.SSLSocket):
            self._remember(line.key, line.socket.session)
        if not reusable or self._closed:
            self._drop(line)
            return
        self._await(line, _READ)
        line.since = time.monotonic()
        self._idle.setdefault(line.key, []).append(line)
        self._kept[line] = None
        if len(self._kept) > KEPT:
            self._drop(next(iter(self._kept)))

    def _remember(self, key: _Key, session: ssl.SSLSession | None) -> None:
        if session is None:
            return
        begun = self._sessions[key][0] if key in self._sessions else time.monotonic()
        self._sessions[key] = begun, session
        self._sessions.move_to_end(key)
        if len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)

    def _drop(self, line: _Line) -> None:
        self._forget(line)
        self._await(line, _NOTHING)
        line.socket.close()

    def _forget(self, line: _Line) -> None:
        """It is no longer idle."""
        if line in self._kept:
            del self._kept[line]
            lines = self._idle[line.key]
            lines.remove(line)
            if not lines:
                del self._idle[line.key]


class _Names:
    """Names that are being resolved, in threads: the system's resolver knows no timeout."""

    def __init__(self, wake: Any) -> None:
        self._wake = wake
        self._todo: SimpleQueue[Any] = SimpleQueue()
        self._done: deque[tuple[_Job, Any]] = deque()
        self._lock = threading.Lock()
        self._waiting = self._threads = 0

    def ask(self, job: _Job, resolve: Any, host: str, port: int) -> None:
        """Resolve a name; `found` tells."""
        with self._lock:
            self._waiting += 1
            more = self._threads < min(self._waiting, _RESOLVERS)
            self._threads += more
        self._todo.put((job, resolve, host, port))
        if more:
            threading.Thread(target=self._run, name="resolver", daemon=True).start()

    def found(self) -> Iterator[tuple[_Job, Any]]:
        """Those that were resolved since: addresses, or what was raised."""
        while self._done:
            yield self._done.popleft()

    def close(self) -> None:
        """Let the threads end."""
        for _ in range(self._threads):
            self._todo.put(None)

    def _run(self) -> None:
        with suppress(Empty):
            while item := self._todo.get(timeout=10):
                job, resolve, host, port = item
                if job.waits:  # else it was given up meanwhile
                    self._done.append((job, _outcome(resolve, host, port)))
                    self._wake()
                with self._lock:
                    self._waiting -= 1
        with self._lock:
            self._threads -= 1


def _outcome(resolve: Any, host: str, port: int) -> Any:
    try:
        return resolve(host, port)
    except Exception as error:  # noqa: BLE001 - it is raised where the name was asked for
        return error


def _key(exchange: Exchange) -> _Key:
    address = exchange.request.address
    port = address.port or (443 if address.scheme == "https" else 80)
    return _Key(exchange.connections, exchange.trust, address.scheme, address.raw_host, port)


def _headed(job: _Job, reading: Reading, spool: Spool, parts: list[bytes]) -> None:
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
