"""An httpx transport over aiohttp's client, which parses HTTP in C and pools connections; and WebSockets over the same.

All policy of aiohttp is off: redirects, cookies, decompression, retries and timeouts are the session's.
"""

import asyncio
import select
import socket
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import httpx

from sources.http.errors import failure, progress
from sources.http.guard import Guard
from sources.http.tls import TrustContext, reading_no_authorities, trust
from sources.model.transcript import Witness
from sources.options import HttpOptions

with reading_no_authorities():
    import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.tracing import Trace
from yarl import URL

KEPT = 256  # idle connections over all hosts: each is an open file
_LONGEST_LINE = 16_384  # bytes of one header, or of the status line; httpcore accepts more
_LARGEST = 1_000_000  # bytes of a message on a WebSocket
_SECONDS = 20.0  # for a WebSocket to open, and for the answer to a ping, of which one goes out as often

NO_ANSWER = "Server disconnected without sending a response."  # httpcore's words
_AS_HTTPX: dict[type[Exception], type[httpx.TransportError]] = {  # the first match counts
    aiohttp.ClientConnectorError: httpx.ConnectError,
    aiohttp.ClientOSError: httpx.ReadError,
    aiohttp.InvalidURL: httpx.UnsupportedProtocol,
    aiohttp.ClientError: httpx.RemoteProtocolError,
    ValueError: httpx.LocalProtocolError,  # a line break in a header
}


class Handler(ResponseHandler):
    """aiohttp's connection, which is not reused after unsolicited data arrived on it.

    aiohttp's parser keeps reading on an idle connection, and would take such data for the next response. TLS and peer
    are remembered, since the connection may be closed before they are asked for.
    """

    idle = False
    peer: object = None
    tls: ssl.SSLObject | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the peer and TLS after the handshake."""
        super().connection_made(transport)
        self.peer, self.tls = transport.get_extra_info("peername"), transport.get_extra_info("ssl_object")

    def data_received(self, data: bytes) -> None:
        """Parse received data; mark the connection as unusable if it was idle."""
        if self.idle and data:  # aiohttp also calls it without data, to resume parsing
            self.close()
            return
        body = self._payload
        super().data_received(data)
        if body and self.exception() and not (body.is_eof() or body.exception()):
            # For a malformed chunk in a later packet aiohttp only closes the connection: the reader would wait.
            body.set_exception(aiohttp.ClientPayloadError("a malformed chunk"))

    def is_stale(self) -> bool:
        """Whether it was closed, or data is waiting, also in the socket's buffer."""
        if self.should_close or not self.transport or self.transport.is_closing():
            return True
        waiting = select.poll()
        waiting.register(self.transport.get_extra_info("socket"), select.POLLIN)
        return bool(waiting.poll(0))


class KeptConnections:
    """Bounds the idle connections of aiohttp's pool, which has no limit for them; the longest idle is closed first."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._idle: OrderedDict[Handler, None] = OrderedDict()

    def __len__(self) -> int:
        return sum(each.is_connected() for each in self._idle)

    def take(self, connection: Handler) -> bool:
        """Remove a connection from the idle ones; whether it can still be used."""
        was_idle, connection.idle = connection.idle, False
        self._idle.pop(connection, None)
        return not (was_idle and connection.is_stale())

    def put(self, connection: Handler) -> None:
        """Add a connection to the idle ones, after its response ended."""
        if not connection.should_close:
            connection.idle = True
            self._idle[connection] = None
        while len(self._idle) > self._most:
            self._idle.popitem(last=False)[0].close()


class GuardedConnector(aiohttp.TCPConnector):
    """Connects only to addresses that the guard allows, and reuses no stale connection."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(
            resolver=GuardedResolver(guard),
            socket_factory=guard.socket,
            use_dns_cache=False,  # a name is resolved, and checked, for each connection
            limit=0,  # the scheduler bounds the requests
            keepalive_timeout=75.0,  # seconds: a source that is checked every minute keeps its connection
        )
        self.kept = KeptConnections()
        handler: type[ResponseHandler] = Handler
        self._factory = partial(handler, loop=asyncio.get_running_loop())  # there is no public parameter

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> aiohttp.connector.Connection:
        """A connection for a request: pooled or new."""
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
    """The guard's addresses, through aiohttp's resolver interface."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # noqa: ARG002
        """Raises OSError and AddressRefused."""
        result = partial(ResolveResult, hostname=host, port=port, proto=0, flags=socket.AI_NUMERICHOST)
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [result(host=each, family=families[":" in each]) for each in await self._guard.resolve(host, port)]

    async def close(self) -> None:
        """Do nothing: the resolver's threads are daemons."""


class _Body(httpx.AsyncByteStream):
    """The body as a stream, without the framing of chunks."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with errors_of_aiohttp():
            async for piece in self._response.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        self._response.close()  # no effect if the body was read to its end: the connection is back in the pool


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends one request at a time per connection. Raises httpx's exceptions, and AddressRefused.

    A request's extensions may have `trust`, a TrustContext, and `proving`, which adds a `witness` to the response's.
    """

    def __init__(self, guard: Guard) -> None:
        connector = GuardedConnector(guard)
        self.kept = connector.kept
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the session's deadline covers everything
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            max_headers=128,
        )
        self._session._retry_connection = False  # noqa: SLF001 - there is no public parameter

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response once its headers have arrived; the caller must close its stream."""
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
        handler = response._protocol  # noqa: SLF001 - `connection` is None once the whole response has arrived
        assert isinstance(handler, Handler)  # noqa: S101 - the class that was given
        if isinstance(trust, TrustContext) and handler.tls:
            trust.remember(request.url.host, handler.tls)
        extensions = {}
        if request.extensions.get("proving"):
            extensions["witness"] = Witness.of(
                b"%d.%d" % (response.version or aiohttp.HttpVersion11),
                response.status,
                (response.reason or "").encode("utf-8", "surrogateescape"),
                response.raw_headers,
                handler.peer,
                handler.tls,
            )
        return httpx.Response(
            response.status, headers=response.raw_headers, stream=_Body(response), extensions=extensions
        )

    async def aclose(self) -> None:
        """Close all connections, also those in use."""
        await self._session.close()


@contextmanager
def errors_of_aiohttp() -> Iterator[None]:
    """Translate aiohttp's exceptions to httpx's, with the cause kept."""
    try:
        yield
    except tuple(_AS_HTTPX) as error:
        kind = next(_AS_HTTPX[each] for each in _AS_HTTPX if isinstance(error, each))
        raise kind(NO_ANSWER if isinstance(error, aiohttp.ServerDisconnectedError) else str(error)) from error


@asynccontextmanager
async def open_websocket(http: HttpOptions, url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A WebSocket to where the address guard allows, with the frames that come, for what services push to a program
    that nobody can reach from outside. It ends where the other side leaves, falls silent, or says too much.

    Raises FetchError, whose text has nothing of the address but the host, also where it fails while it is used.
    """
    guard, host = Guard(http.private_addresses), httpx.URL(url).host
    guard.check_literal(host)
    wait = aiohttp.ClientTimeout(total=None, sock_connect=_SECONDS, sock_read=_SECONDS)
    try:
        with errors_of_aiohttp():
            async with (
                aiohttp.ClientSession(connector=GuardedConnector(guard), timeout=wait) as session,
                session.ws_connect(url, heartbeat=_SECONDS, max_msg_size=_LARGEST, ssl=trust(None)) as frames,
            ):
                yield frames
    except httpx.TransportError as error:
        raise failure(error, host, _SECONDS) from None
