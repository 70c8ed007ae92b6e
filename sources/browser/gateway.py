"""The proxy that all traffic of one visit goes through.

Interception within the browser does not see everything: WebSockets, prefetching, and what the browser itself loads. So
a context gets a proxy as its only way out, which resolves each name itself, checks the addresses, and connects to
exactly those. It answers only to the password of its visit, and counts the bytes.
"""

import asyncio
import logging
import secrets
import socket
import struct
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from hmac import compare_digest
from typing import NamedTuple
from urllib.parse import urlsplit

from sources.errors import AddressRefused, FetchError, TooLarge, Unreachable
from sources.http.guard import Guard

LONGEST_HEAD = 131_072  # bytes
_HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization", b"te", b"upgrade"}
_PORTS = {"http": 80}

log = logging.getLogger(__name__)
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
USER = "visit"
_SECONDS = 20.0  # for a connection
# The browser is not for attacks on mail servers and the like; it refuses most such ports itself.
_REFUSED_PORTS = {22, 23, 25, 110, 143, 465, 587, 993, 995}
# What Chromium itself asks where it does not trust a certificate, to learn whether it is in a hotel.
_OF_CHROMIUM = {"connectivitycheck.gstatic.com"}


class Asked(NamedTuple):
    """A request of the browser: where it goes, and its head for the server; without one it is a tunnel (CONNECT)."""

    host: str
    port: int
    head: bytes
    authorization: bytes


def parse_request(head: bytes) -> Asked:
    """Parse the head of a request to a proxy. Raises ValueError."""
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    method, target, version = first.split(b" ")
    authorization = next((v for name, v in map(_header, lines) if name == b"proxy-authorization"), b"")
    if method == b"CONNECT":
        url = urlsplit(f"//{target.decode('ascii')}")
        if not url.hostname or not url.port:
            raise ValueError("a tunnel needs a host and a port")
        return Asked(url.hostname, url.port, b"", authorization)
    url = urlsplit(target.decode("ascii"))
    if url.scheme not in _PORTS or not url.hostname:
        raise ValueError("a proxy is asked for whole http addresses")
    path = target.split(b"/", 3)[3:]
    line = b" ".join((method, b"/" + b"".join(path), version))
    return Asked(url.hostname, url.port or _PORTS[url.scheme], _closing(line, lines), authorization)


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


def _closing(first: bytes, lines: list[bytes]) -> bytes:
    kept = [line for line in lines if _header(line)[0] not in _HOP_BY_HOP]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


class Gateway:
    """A guarded proxy for one visit, for `most_bytes` bytes from all servers together. `at` is the local address;
    `owner` is the host of the source, which has its share of the look-ups.
    """

    def __init__(self, guard: Guard, most_bytes: int, at: str = "127.0.0.1", *, owner: str = "") -> None:
        self._guard, self._left, self._most, self._at, self._owner = guard, most_bytes, most_bytes, at, owner
        self.password = secrets.token_urlsafe(24)
        self._key = b"Basic " + b64encode(f"{USER}:{self.password}".encode())
        self.failures: dict[str, FetchError] = {}  # by host
        self.peers: dict[str, str] = {}  # the address of each host that was connected to
        self.exceeded: TooLarge | None = None
        self._tasks = set[asyncio.Task[None]]()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where the browser finds it."""
        assert self._server  # noqa: S101 - it was started
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def refused(self) -> tuple[str, ...]:
        """The hosts whose addresses were refused."""
        return tuple(host for host, error in self.failures.items() if isinstance(error, AddressRefused))

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, self._at, 0, limit=LONGEST_HEAD)

    async def aclose(self) -> None:
        """End all connections."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task  # noqa: S101 - asyncio runs this in a task
        self._tasks.add(task)
        try:
            if len(self._tasks) <= 256:
                await self._serve(reader, writer)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            log.debug("a connection of the browser ended: %s", type(error).__name__)
        except asyncio.CancelledError:  # the visit is over: asyncio would log it
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = parse_request(await reader.readuntil(b"\r\n\r\n"))
        refused = ""
        if not compare_digest(request.authorization, self._key):
            refused = '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="gateway"'
        elif request.host in _OF_CHROMIUM:
            refused = "403 Forbidden"
        else:
            try:
                back, forth = await self._connect(request)
            except FetchError as error:
                if len(self.failures) < 200:  # whose failures are remembered
                    self.failures.setdefault(request.host, error)
                refused = "403 Forbidden" if isinstance(error, AddressRefused) else "502 Bad Gateway"
        if refused:
            writer.write(f"HTTP/1.1 {refused}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            return
        try:
            await self._exchange(request, reader, writer, back, forth)
        finally:
            forth.close()

    async def _exchange(
        self,
        request: Asked,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        back: asyncio.StreamReader,
        forth: asyncio.StreamWriter,
    ) -> None:
        if request.head:
            forth.write(request.head)
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
        sending = asyncio.create_task(_copy(reader, forth, lambda _: None))
        try:
            while request.head:
                head = await back.readuntil(b"\r\n\r\n")
                self._take(len(head))
                if head.partition(b" ")[2][:1] == b"1":  # another one follows: 100 Continue, 103 Early Hints
                    writer.write(head)
                    continue
                first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
                # The browser makes its next request on another connection: that one may go to another server.
                writer.write(_closing(first, lines))
                break
            await _copy(back, writer, self._take)
        except BaseException:
            with suppress(OSError):  # the browser has closed it
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()  # a reset: a clean end would say that this was all
            raise
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _connect(self, request: Asked) -> _Streams:
        """A connection to one of the host's addresses, each of which was checked. Raises FetchError."""
        host, port = request.host, request.port
        if port in _REFUSED_PORTS:
            raise AddressRefused(f"{host}: port {port} is not for web pages")
        if self.exceeded:
            raise self.exceeded
        self._guard.check_literal(host)
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._first_of(await self._guard.resolve(host, port, self._owner), request)
        except socket.gaierror:
            raise Unreachable(f"could not resolve {host}") from None
        except TimeoutError:
            raise Unreachable(f"no connection to {host} within {_SECONDS:g} s") from None
        except OSError as error:
            raise Unreachable(f"could not reach {host}: {(error.strerror or 'no connection').lower()}") from None

    async def _first_of(self, addresses: Sequence[str], request: Asked) -> _Streams:
        problem: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            made = self._guard.socket((family, socket.SOCK_STREAM, 0, "", (address, request.port)))
            made.setblocking(False)
            try:
                await asyncio.get_running_loop().sock_connect(made, (address, request.port))
            except OSError as error:
                made.close()
                problem = error
            except BaseException:
                made.close()
                raise
            else:
                self.peers[request.host] = address
                return await asyncio.open_connection(sock=made, limit=LONGEST_HEAD)
        raise problem

    def _take(self, count: int) -> None:
        """Count bytes from servers. Raises EOFError beyond the limit."""
        self._left -= count
        if self._left < 0:
            self.exceeded = self.exceeded or TooLarge(f"the page loaded more than {self._most:,} bytes (max_bytes)")
            raise EOFError("too much")


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Callable[[int], None]) -> None:
    """Copy until the end. Raises OSError where a connection broke off, and what `take` raises."""
    while piece := await reader.read(65_536):
        take(len(piece))
        writer.write(piece)
        await writer.drain()
