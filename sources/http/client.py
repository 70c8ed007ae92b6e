"""What the sessions of all checks share: connections, trust, the address guard, robots.txt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import httpx

from sources.http.errors import is_malformed, progress
from sources.http.guard import Guard
from sources.http.request import new_headers
from sources.http.tls import TrustContext, trust
from sources.http.transport import AiohttpTransport
from sources.options import HttpOptions, WireOptions

if TYPE_CHECKING:
    from sources.http.httpcore_transport import HttpcoreTransport
    from sources.http.robots import Robots

_LENIENT = 1000  # the most hosts that are remembered to need httpcore


class HttpClient:
    """Sends the requests of all sessions, in one event loop. `clock` gives the time (UTC) of pages.

    With `proving`, each page with a body carries the transcript of its exchange. Tests replace `guard` and `transport`.
    """

    def __init__(
        self,
        http: HttpOptions,
        *,
        clock: Callable[[], datetime],
        guard: Guard | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        proving: bool = False,
    ) -> None:
        self.http, self.clock, self.proving = http, clock, proving
        self.headers = new_headers({"User-Agent": http.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"})
        self.guard = guard or Guard(http.private_addresses)
        self._given = transport
        self._direct: AiohttpTransport | None = None
        self.robots: Robots | None = None
        if http.robots != "ignore":
            from sources.http.robots import Robots  # noqa: PLC0415 - Protego is only needed here

            self.robots = Robots(http.user_agent)
        self._lenient: dict[bytes, None] = {}
        self._trust: dict[str | None, TrustContext] = {}
        self._under_way, self._retired = 0, False
        self._closing: asyncio.Future[None] | None = None
        logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs addresses, whose query may have a key
        logging.getLogger("httpcore").setLevel(logging.INFO)  # at DEBUG it logs cookies and the passwords of proxies

    async def send(self, request: httpx.Request, wire: WireOptions, *, safe: bool) -> httpx.Response:
        """The response to a request once its headers have arrived; the caller must close it.

        aiohttp sends it, or httpcore: through a proxy, and to a host whose HTTP aiohttp refuses. Where that is found
        out now, a request that is `safe` to repeat is sent again. Raises httpx.TransportError and FetchError, such as
        AddressRefused.

        The transport is called directly, without an AsyncClient: redirects, cookies and credentials are decided by the
        session, and the client costs 0.07 ms of processor time per request, a fifth of an unchanged check.
        """
        url = request.url
        request.extensions = {
            "trust": self.trust(wire.ca_file) if url.scheme == "https" else None,
            "proving": self.proving,
        }
        transport = self._transport(wire, url)
        try:
            return await transport.handle_async_request(request)
        except httpx.TransportError as error:
            unsent = isinstance(error, httpx.UnsupportedProtocol)  # an address that only aiohttp cannot parse
            if not isinstance(transport, AiohttpTransport) or not (unsent or is_malformed(error)):
                raise
            self._lenient[url.netloc] = None
            if len(self._lenient) > _LENIENT:
                del self._lenient[next(iter(self._lenient))]
            if not unsent and not safe:
                raise
        progress.get().stage = "connect"
        return await self._transport(wire, url).handle_async_request(request)

    def _transport(self, wire: WireOptions, url: httpx.URL) -> httpx.AsyncBaseTransport:
        """The transport for a request with these options. Raises AddressRefused, and FetchError for invalid options."""
        self.guard.check_literal(url.host)
        if self._given:
            return self._given
        if self.needs_httpcore(wire, url):
            return self._by_httpcore(wire, url)
        self._direct = self._direct or AiohttpTransport(self.guard)
        return self._direct

    def trust(self, ca_file: str | None) -> TrustContext:
        """The TLS context for a `ca_file`; cached. Raises TlsFailed."""
        if ca_file not in self._trust:
            self._trust[ca_file] = trust(ca_file)
        return self._trust[ca_file]

    def needs_httpcore(self, wire: WireOptions, url: httpx.URL) -> bool:
        """Whether a request needs httpcore: through a proxy, or to a host whose HTTP aiohttp cannot parse."""
        return bool(wire.proxy) or (bool(self._lenient) and url.netloc in self._lenient)

    def _by_httpcore(self, wire: WireOptions, url: httpx.URL) -> HttpcoreTransport:
        from sources.http.httpcore_transport import HttpcoreTransport  # noqa: PLC0415 - rarely needed

        secure = url.scheme == "https" or (wire.proxy or "").startswith("https:")
        return HttpcoreTransport(self.guard, self.trust(wire.ca_file) if secure else None, wire.proxy)

    @contextmanager
    def using(self) -> Iterator[None]:
        """Counts a request as in progress, so that `retire` closes no connection in use."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._close_if_retired()

    def retire(self) -> None:
        """Close the connections as soon as no request is in progress: a new fetcher has replaced this one."""
        self._retired = True
        self._close_if_retired()

    def _close_if_retired(self) -> None:
        if self._retired and not self._under_way:
            self._closing = asyncio.ensure_future(self.aclose())

    async def aclose(self) -> None:
        """Close the pooled connections, in the event loop that opened them; the next request opens new ones."""
        direct, self._direct = self._direct, None
        if direct:
            await direct.aclose()
