"""An httpx transport over aiohttp's client, which reads HTTP in C and keeps the connections.

aiohttp is told to decide nothing: no redirects, no cookies, no decompression, no retries, no timeouts of its own.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.tracing import Trace
from yarl import URL

from sources.http.guard import Guard
from sources.http.progress import progress
from sources.http.tls import TrustContext
from sources.http.transcript import Witness, head_of, witness_of

KEPT = 256  # idle connections over all hosts: each is an open file
_KEPT_FOR = 75.0  # seconds, so that a source that is checked every minute keeps its connection
_LONGEST_LINE = 16_384  # bytes of one header, or of the status line; httpcore takes more
_MOST_HEADERS = 128
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)  # the session's deadline is around everything

NO_ANSWER = "Server disconnected without sending a response."  # httpcore's words
_AS_HTTPX: dict[type[Exception], type[httpx.TransportError]] = {  # the first one that fits
    aiohttp.ClientConnectorError: httpx.ConnectError,
    aiohttp.ClientOSError: httpx.ReadError,
    aiohttp.InvalidURL: httpx.UnsupportedProtocol,
    aiohttp.ClientError: httpx.RemoteProtocolError,
    ValueError: httpx.LocalProtocolError,  # a line break in a header
}


class Handler(ResponseHandler):
    """aiohttp's connection, which is not used again when something comes on it that nobody has asked for.

    That would be taken for the next response: aiohttp's parser goes on reading while a connection is idle. It remembers
    what it knew while it was open: an answer that came whole has let it go already, and it may be closed.
    """

    idle = False
    peer: object = None
    tls: ssl.SSLObject | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is done."""
        super().connection_made(transport)
        self.peer, self.tls = transport.get_extra_info("peername"), transport.get_extra_info("ssl_object")

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        if self.idle and data:  # aiohttp also calls it with nothing, to go on with what it has
            self.close()
            return
        body = self._payload
        super().data_received(data)
        if body and self.exception() and not (body.is_eof() or body.exception()):
            # A malformed chunk in a later packet only closes the connection: nobody else tells the reader.
            body.set_exception(aiohttp.ClientPayloadError("a malformed chunk"))

    def is_stale(self) -> bool:
        """Whether it was closed, or something has come, also what the event loop has not read yet."""
        if self.should_close or not self.transport or self.transport.is_closing():
            return True
        waiting = select.poll()
        waiting.register(self.transport.get_extra_info("socket"), select.POLLIN)
        return bool(waiting.poll(0))


class KeptConnections:
    """Bounds the idle connections that aiohttp keeps, which has no limit of its own; the longest idle goes first."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._idle: OrderedDict[Handler, None] = OrderedDict()

    def __len__(self) -> int:
        return sum(each.is_connected() for each in self._idle)

    def take(self, connection: Handler) -> bool:
        """Whether a request can go out on a connection, which is not idle any more."""
        was_idle, connection.idle = connection.idle, False
        self._idle.pop(connection, None)
        return not (was_idle and connection.is_stale())

    def put(self, connection: Handler) -> None:
        """A response has come to its end, and its connection is let go."""
        if not connection.should_close:
            connection.idle = True
            self._idle[connection] = None
        while len(self._idle) > self._most:
            self._idle.popitem(last=False)[0].close()


class GuardedConnector(aiohttp.TCPConnector):
    """Connects to the guard's addresses alone, and gives out no kept connection that cannot be used any more."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(
            resolver=GuardedResolver(guard),
            socket_factory=guard.socket,
            use_dns_cache=False,  # a name is resolved, and checked, for each connection
            limit=0,  # the scheduler bounds the requests
            keepalive_timeout=_KEPT_FOR,
        )
        self.kept = KeptConnections()
        handler: type[ResponseHandler] = Handler
        self._factory = partial(handler, loop=asyncio.get_running_loop())  # there is no public way to say so

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109
    ) -> aiohttp.connector.Connection:
        """A connection for a request: one that was kept, or a new one."""
        while True:
            connection = await super().connect(req, traces, timeout)
            handler = connection.protocol
            assert isinstance(handler, Handler)  # noqa: S101 - the class that was given
            if self.kept.take(handler):
                connection.add_callback(partial(self.kept.put, handler))
                progress.get().stage = "answer"
                return connection
            connection.close()


class GuardedResolver(AbstractResolver):
    """The guard's addresses, as aiohttp wants them."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # noqa: ARG002
        """Raises OSError and AddressRefused."""
        said = partial(ResolveResult, hostname=host, port=port, proto=0, flags=socket.AI_NUMERICHOST)
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [said(host=each, family=families[":" in each]) for each in await self._guard.resolve(host, port)]

    async def close(self) -> None:
        """Nothing to close: its threads end by themselves."""


class _Body(httpx.AsyncByteStream):
    """The body as it comes, out of its chunks."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with errors_of_aiohttp():
            async for piece in self._response.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        self._response.close()  # one that was read to its end has gone back to the others already


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends one request at a time per connection. Raises httpx's exceptions, and AddressRefused.

    A request's extensions may hold `trust`, a TrustContext, and `proving`, for a `witness` in the response's.
    """

    def __init__(self, guard: Guard) -> None:
        connector = GuardedConnector(guard)
        self.kept = connector.kept
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            timeout=_NO_TIMEOUT,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            max_headers=_MOST_HEADERS,
        )
        self._session._retry_connection = False  # noqa: SLF001 - there is no public way to say so

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, as soon as its headers are there; its stream must be closed."""
        headers, trust = request.headers.raw, request.extensions.get("trust")
        with errors_of_aiohttp():
            response = await self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=[(name.decode("ascii"), value.decode()) for name, value in headers],
                data=request.content or None,
                allow_redirects=False,
                ssl=trust or True,
            )
        handler = response._protocol  # noqa: SLF001 - of an answer that came whole, `connection` is None by now
        assert isinstance(handler, Handler)  # noqa: S101 - the class that was given
        if isinstance(trust, TrustContext) and handler.tls:
            trust.remember(request.url.host, handler.tls)
        extensions = {"witness": _witness(response, handler)} if request.extensions.get("proving") else {}
        return httpx.Response(
            response.status, headers=response.raw_headers, stream=_Body(response), extensions=extensions
        )

    async def aclose(self) -> None:
        """Close all connections, those in use as well."""
        await self._session.close()


def _witness(response: aiohttp.ClientResponse, connection: Handler) -> Witness:
    version, reason = response.version or aiohttp.HttpVersion11, response.reason or ""
    said = reason.encode("utf-8", "surrogateescape")
    head = head_of(b"%d.%d" % version, response.status, said, response.raw_headers)
    return witness_of(head, connection.peer, connection.tls)


@contextmanager
def errors_of_aiohttp() -> Iterator[None]:
    """What aiohttp raises, as httpx's exception with the cause kept."""
    try:
        yield
    except tuple(_AS_HTTPX) as error:
        kind = next(_AS_HTTPX[each] for each in _AS_HTTPX if isinstance(error, each))
        raise kind(NO_ANSWER if isinstance(error, aiohttp.ServerDisconnectedError) else str(error)) from error
