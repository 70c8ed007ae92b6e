"""An httpx transport over httpcore: for proxies, and for servers whose HTTP aiohttp refuses and other clients accept.

Examples: two equal Content-Length headers, Content-Length beside Transfer-Encoding, a body after 204 or 304, bytes
after the body, long or many headers.
"""

import ssl
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from sources.errors import FetchError
from sources.http.errors import progress
from sources.http.guard import Guard
from sources.model.transcript import Witness

_SCHEMES = ("http", "https", "socks5", "socks5h")


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the guard's addresses for one request, and closes the connections it opened.

    httpcore leaks connections when it is cancelled in a handshake, and so at each deadline.
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
        """Connect to the first address of `host` that accepts; each address gets a share of the remaining time."""
        try:
            addresses = await self._guard.resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(error) from error
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


class _OneRequest(httpx.AsyncHTTPTransport):
    """httpx's own transport for one request; it has no public way to set a network backend."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool


class _HttpcoreBody(httpx.AsyncByteStream):
    """The body as a stream; closing it closes the connection."""

    def __init__(self, stream: AsyncIterable[bytes], backend: GuardedBackend) -> None:
        self._stream, self._backend = stream, backend

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        await self._backend.aclose()


class HttpcoreTransport(httpx.AsyncBaseTransport):
    """Sends requests, through a proxy if there is one.

    Raises httpx's exceptions, AddressRefused, and FetchError (`bad_proxy`), whose message has no credentials. Each
    request has a connection of its own: this path is rare.
    """

    def __init__(self, guard: Guard, trust: ssl.SSLContext | None, proxy: str | None = None) -> None:
        self._guard, self._trust = guard, trust
        self._proxy = read_proxy(proxy, trust) if proxy else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response once its headers have arrived; the caller must close its stream."""
        backend = GuardedBackend(self._guard)
        pool = httpcore.AsyncConnectionPool(ssl_context=self._trust, proxy=self._proxy, network_backend=backend)
        try:
            response = await _OneRequest(pool).handle_async_request(request)
        except BaseException as error:
            await backend.aclose()
            # A proxy that does not speak SOCKS5 shows as an error of socksio, or as an assertion in httpcore.
            if isinstance(error, AssertionError) or type(error).__module__.startswith("socksio"):
                raise httpx.ProxyError("it does not speak SOCKS5") from error
            raise
        assert isinstance(response.stream, AsyncIterable)  # noqa: S101 - it came from an async pool
        response.stream = _HttpcoreBody(response.stream, backend)
        extensions, response.extensions = response.extensions, {}
        if request.extensions.get("proving"):
            connection = extensions.get("network_stream")
            info = connection.get_extra_info if connection else {}.get
            response.extensions["witness"] = Witness.of(
                extensions.get("http_version", b"HTTP/1.1").removeprefix(b"HTTP/"),
                response.status_code,
                extensions.get("reason_phrase", b""),
                response.headers.raw,
                info("server_addr"),
                info("ssl_object"),
            )
        return response


def read_proxy(text: str, trust: ssl.SSLContext | None = None) -> httpcore.Proxy:
    """Parse the option `proxy`. Raises FetchError (`bad_proxy`); its message has no credentials."""
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
