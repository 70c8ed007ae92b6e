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
from yarl import URL

from sources.http.guard import Guard
from sources.http.progress import progress
from sources.http.tls import TrustContext
from sources.http.transcript import Witness, head_of, witness_of

KEPT = 256  # idle connections over all hosts: each is an open file
_KEPT_FOR = 75.0  # seconds, so that a source that is checked every minute keeps its connection
_LONGEST_LINE = 16_384  # bytes of one header, or of the status line; httpcore takes more
_MOST_HEADERS = 128
_MOST_STALE = 4  # connections that turn out to be closed before a request goes out on a new one
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)  # the session's deadline is around everything

NO_ANSWER = "Server disconnected without sending a response."  # httpcore's words


class StaleConnectionError(aiohttp.ClientError):
    """A kept connection cannot be used any more; nothing was sent on it."""


class Handler(ResponseHandler):
    """aiohttp's connection, which is not used again when something comes on it that nobody has asked for.

    That would be taken for the next response: aiohttp's parser goes on reading while a connection is idle.
    """

    idle = False

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        if self.idle and data:  # aiohttp also calls it with nothing, to go on with what it has
            self.close()
        else:
            super().data_received(data)


class KeptConnections:
    """Bounds the idle connections that aiohttp keeps, which has no limit of its own; the longest idle goes first."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._idle: OrderedDict[Handler, None] = OrderedDict()

    def __len__(self) -> int:
        return sum(each.is_connected() for each in self._idle)

    def take(self, connection: Handler) -> None:
        """A request goes out on a connection. Raises StaleConnectionError."""
        if connection.idle:
            connection.idle = False
            self._idle.pop(connection, None)
            if connection.should_close or not connection.is_connected() or _has_more(connection):
                raise StaleConnectionError

    def put(self, connection: Handler) -> None:
        """A response has come to its end."""
        if connection.is_connected():
            connection.idle = True
            self._idle[connection] = None
        while len(self._idle) > self._most:
            self._idle.popitem(last=False)[0].close()


def _has_more(connection: ResponseHandler) -> bool:
    """Whether something has come that the event loop has not read yet."""
    transport = connection.transport
    connected: socket.socket | None = transport.get_extra_info("socket") if transport else None
    if connected is None:
        return True
    waiting = select.poll()
    waiting.register(connected, select.POLLIN)
    return bool(waiting.poll(0))


class GuardedResolver(AbstractResolver):
    """The guard's addresses, as aiohttp wants them."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # noqa: ARG002
        """Raises OSError and AddressRefused."""
        return [_resolved(host, port, address) for address in await self._guard.resolve(host, port)]

    async def close(self) -> None:
        """Nothing to close: its threads end by themselves."""


def _resolved(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)


class _Request(aiohttp.ClientRequest):
    kept: KeptConnections

    async def send(self, conn: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        assert isinstance(conn.protocol, Handler)  # noqa: S101 - the class that was given
        self.kept.take(conn.protocol)
        progress.get().stage = "answer"
        return await super().send(conn)


class _Response(aiohttp.ClientResponse):
    """Remembers what its connection knows: one that came whole has let that go already, and it may be closed."""

    kept: KeptConnections
    peer: object = None
    tls: ssl.SSLObject | None = None
    handler: ResponseHandler | None = None

    async def start(self, connection: aiohttp.connector.Connection) -> _Response:
        self.handler = handler = connection.protocol
        if connection.transport:
            self.peer = connection.transport.get_extra_info("peername")
            self.tls = connection.transport.get_extra_info("ssl_object")
        await super().start(connection)
        if isinstance(handler, Handler):
            self.content.on_eof(lambda: self.kept.put(handler))  # called just after aiohttp has let it go
        return self


class _Body(httpx.AsyncByteStream):
    """The body as it comes, out of its chunks."""

    def __init__(self, response: _Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        response = self._response
        closed = response.handler.closed if response.handler is not None and not response.content.is_eof() else None
        if closed:
            # A malformed chunk in a later packet only closes the connection: nobody else tells the reader.
            closed.add_done_callback(self._break_off)
        try:
            with errors_of_aiohttp():
                async for piece in response.content.iter_any():
                    yield piece
        finally:
            if closed:
                closed.remove_done_callback(self._break_off)

    async def aclose(self) -> None:
        self._response.close()  # one that was read to its end has gone back to the others already

    def _break_off(self, closed: asyncio.Future[None]) -> None:
        why = None if closed.cancelled() else closed.exception()  # which asyncio logs if nobody looks at it
        content = self._response.content
        if not content.is_eof() and content.exception() is None:
            content.set_exception(why or aiohttp.ClientPayloadError("the connection was closed within the body"))


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends one request at a time per connection. Raises httpx's exceptions, and AddressRefused.

    A request's extensions may hold `trust`, a TrustContext, and `proving`, for a `witness` in the response's.
    """

    def __init__(self, guard: Guard) -> None:
        self.kept = KeptConnections()
        self._connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(guard),
            socket_factory=guard.socket,
            use_dns_cache=False,  # a name is resolved, and checked, for each connection
            limit=0,  # the scheduler bounds the requests
            keepalive_timeout=_KEPT_FOR,
        )
        self._session = aiohttp.ClientSession(
            connector=self._connector,
            request_class=type("Request", (_Request,), {"kept": self.kept}),
            response_class=type("Response", (_Response,), {"kept": self.kept}),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            timeout=_NO_TIMEOUT,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            max_headers=_MOST_HEADERS,
        )
        # There is no public way to say so: ours is to decide whether a request is sent again, and a connection used.
        handler: type[ResponseHandler] = Handler
        self._session._retry_connection = False  # noqa: SLF001
        self._connector._factory = partial(handler, loop=asyncio.get_running_loop())  # noqa: SLF001

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, as soon as its headers are there; its stream must be closed."""
        with errors_of_aiohttp():
            response = await self._send(request)
        version = response.version or aiohttp.HttpVersion11
        extensions: dict[str, object] = {}
        if request.extensions.get("proving"):
            extensions["witness"] = _witness(response, b"%d.%d" % version)
        trust = request.extensions.get("trust")
        if isinstance(trust, TrustContext) and response.tls:
            trust.remember(request.url.host, response.tls)
        return httpx.Response(
            response.status, headers=response.raw_headers, stream=_Body(response), extensions=extensions
        )

    async def _send(self, request: httpx.Request) -> _Response:
        url = URL(str(request.url), encoded=True)
        headers = [(name.decode("ascii"), value.decode()) for name, value in request.headers.raw]
        for left in range(_MOST_STALE, -1, -1):
            try:
                response = await self._session.request(
                    request.method,
                    url,
                    headers=headers,
                    data=request.content or None,
                    allow_redirects=False,
                    ssl=request.extensions.get("trust", True),
                )
            except StaleConnectionError:
                if not left:
                    raise
            else:
                assert isinstance(response, _Response)  # noqa: S101 - the class that was given
                return response
        raise AssertionError("the loop ends with a response or an error")

    async def aclose(self) -> None:
        """Close all connections, those in use as well."""
        await self._session.close()


def _witness(response: _Response, version: bytes) -> Witness:
    reason = (response.reason or "").encode("utf-8", "surrogateescape")
    head = head_of(version, response.status, reason, response.raw_headers)
    return witness_of(head, response.peer, response.tls)


@contextmanager
def errors_of_aiohttp() -> Iterator[None]:
    """What aiohttp raises, as httpx's exception with the cause kept."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except (aiohttp.ServerDisconnectedError, StaleConnectionError) as error:
        raise httpx.RemoteProtocolError(NO_ANSWER) from error
    except aiohttp.ClientOSError as error:
        raise httpx.ReadError(str(error)) from error
    except aiohttp.InvalidURL as error:
        raise httpx.UnsupportedProtocol(str(error)) from error
    except aiohttp.ClientError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except ValueError as error:  # a line break in a header
        raise httpx.LocalProtocolError(str(error)) from error
