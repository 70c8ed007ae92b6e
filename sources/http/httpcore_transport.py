"""An httpx transport over httpcore: through proxies, and for servers whose HTTP aiohttp refuses and others read.

Such are two equal Content-Length headers, Content-Length beside Transfer-Encoding, a body after 204 or 304, bytes
behind the body, long or many headers.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from sources.errors import FetchError
from sources.http.guard import Guard
from sources.http.progress import progress
from sources.http.transcript import Witness, head_of, witness_of

_SCHEMES = ("http", "https", "socks5", "socks5h")
_SAME_NAME = ("ConnectTimeout", "ReadTimeout", "WriteTimeout", "ConnectError", "ReadError", "WriteError", "ProxyError",
              "UnsupportedProtocol", "LocalProtocolError", "RemoteProtocolError")  # fmt: skip
_AS_HTTPX: dict[type[Exception], type[httpx.TransportError]] = {
    OSError: httpx.ConnectError,
    **{getattr(httpcore, name): getattr(httpx, name) for name in _SAME_NAME},
}


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Dials the guard's addresses for one request, and closes what it has opened.

    httpcore loses connections when it is cancelled in a handshake, and so at each deadline.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard, self._dialler = guard, httpcore.AnyIOBackend()
        self._opened: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of `host` that takes one: a silent one gets its share of the time left."""
        addresses = await self._guard.resolve(host, port)
        for more, address in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            share = (progress.get().ends - time.monotonic()) / (more + 1) if more else timeout
            try:
                stream = await self._dialler.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not more:
                    raise
            else:
                self._opened.append(stream)
                progress.get().stage = "answer"
                return stream
        raise AssertionError("the loop ends with a connection or an error")

    async def aclose(self) -> None:
        """Close what was opened."""
        while self._opened:
            await self._opened.pop().aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response, close: Callable[[], Awaitable[None]]) -> None:
        self._response, self._close = response, close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._response.stream, AsyncIterable)  # noqa: S101 - it came from an async pool
        with errors_of_httpcore():
            async for piece in self._response.stream:
                yield piece

    async def aclose(self) -> None:
        try:
            await self._response.aclose()
        finally:
            await self._close()


class HttpcoreTransport(httpx.AsyncBaseTransport):
    """Sends requests, through a proxy if there is one. Raises httpx's exceptions, AddressRefused, and FetchError
    (`bad_proxy`), whose message has no credentials.

    Each request has a connection of its own: what goes this way is seldom asked often.
    """

    def __init__(self, guard: Guard, trust: ssl.SSLContext | None, proxy: str | None = None) -> None:
        self._guard, self._trust = guard, trust
        self._proxy = read_proxy(proxy, trust) if proxy else None
        self._in_use: set[GuardedBackend] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, as soon as its headers are there; its stream must be closed."""
        url, backend = request.url, GuardedBackend(self._guard)
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(request.method, target, headers=request.headers.raw, content=request.content)
        pool = httpcore.AsyncConnectionPool(ssl_context=self._trust, proxy=self._proxy, network_backend=backend)
        self._in_use.add(backend)
        try:
            with errors_of_httpcore():
                response = await pool.handle_async_request(sent)
        except BaseException:
            await self._close(backend)
            raise
        extensions = {"witness": _witness(response)} if request.extensions.get("proving") else {}
        body = _Body(response, partial(self._close, backend))
        return httpx.Response(response.status, headers=response.headers, stream=body, extensions=extensions)

    async def aclose(self) -> None:
        """Close all connections, those in use as well."""
        for backend in list(self._in_use):
            await self._close(backend)

    async def _close(self, backend: GuardedBackend) -> None:
        self._in_use.discard(backend)
        await backend.aclose()


def _witness(response: httpcore.Response) -> Witness:
    version = response.extensions.get("http_version", b"HTTP/1.1").removeprefix(b"HTTP/")
    head = head_of(version, response.status, response.extensions.get("reason_phrase", b""), response.headers)
    stream = response.extensions.get("network_stream")
    told = stream.get_extra_info if stream else {}.get
    return witness_of(head, told("server_addr"), told("ssl_object"))


@contextmanager
def errors_of_httpcore() -> Iterator[None]:
    """What httpcore, and socksio below it, raise, as httpx's exception with the cause kept."""
    try:
        yield
    except tuple(_AS_HTTPX) as error:
        # httpcore wraps the system's exception as its only argument, and drops the chain.
        cause = next((each for each in error.args if isinstance(each, BaseException)), error)
        kind = next(_AS_HTTPX[each] for each in type(error).__mro__ if each in _AS_HTTPX)
        raise kind(str(error)) from cause
    except Exception as error:
        if not _is_of_socks(error):
            raise
        raise httpx.ProxyError("it does not speak SOCKS5") from error


def _is_of_socks(error: Exception) -> bool:
    """Whether it comes of a proxy that answers something else: socksio's own error, and httpcore's assertions."""
    return isinstance(error, AssertionError) or type(error).__module__.startswith("socksio")


def read_proxy(text: str, trust: ssl.SSLContext | None = None) -> httpcore.Proxy:
    """Read the option `proxy`. Raises FetchError (`bad_proxy`); its message has no credentials."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not host.isascii() or parts.scheme not in _SCHEMES:
        write = "write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT"
        raise FetchError(f"proxy is no proxy address; {write}", code="bad_proxy")
    if parts.scheme.startswith("socks") and not find_spec("socksio"):
        lacks = "the package socksio, which is not installed: pip install socksio"
        raise FetchError(f"the proxy {host} needs {lacks}", code="bad_proxy")
    url = httpcore.URL(scheme=parts.scheme, host=host, port=port, target="/")
    auth = None
    if parts.username is not None:
        auth = (unquote(parts.username).encode(), unquote(parts.password or "").encode())
    return httpcore.Proxy(url, auth, ssl_context=trust if parts.scheme == "https" else None)
