"""The connections that all requests share, and which transport sends each."""

from functools import cache

import httpx

from sources.http.errors import is_malformed, progress
from sources.http.guard import Guard
from sources.http.tls import trust
from sources.http.transport import AiohttpTransport
from sources.options import WireOptions


class Connections:
    """Sends requests by aiohttp, or by httpcore: through a proxy, and to a host whose HTTP aiohttp refuses. `transport`
    replaces both.
    """

    def __init__(self, guard: Guard, transport: httpx.AsyncBaseTransport | None, *, proving: bool) -> None:
        self._guard, self._given, self._proving = guard, transport, proving
        self._direct: AiohttpTransport | None = None
        self._lenient: dict[bytes, None] = {}
        self._trust = cache(trust)

    async def send(self, request: httpx.Request, wire: WireOptions, *, safe: bool) -> httpx.Response:
        """The response to a request once its headers have arrived; the caller must close it.

        Where it is found out now that aiohttp refuses its HTTP, a request that is `safe` to repeat is sent again.
        Raises httpx.TransportError and FetchError, such as AddressRefused.

        The transport is called directly, without an AsyncClient: redirects, cookies and credentials are decided by the
        session, and the client costs 0.07 ms of processor time per request, a fifth of an unchanged check.
        """
        url = request.url
        request.extensions = {
            "trust": self._trust(wire.ca_file) if url.scheme == "https" else None,
            "proving": self._proving,
        }
        transport = self._transport(wire, url)
        try:
            return await transport.handle_async_request(request)
        except httpx.TransportError as error:
            unsent = isinstance(error, httpx.UnsupportedProtocol)  # an address that only aiohttp cannot parse
            if not isinstance(transport, AiohttpTransport) or not (unsent or is_malformed(error)):
                raise
            self._lenient[url.netloc] = None
            if len(self._lenient) > 1000:  # the most hosts that are remembered to need httpcore
                del self._lenient[next(iter(self._lenient))]
            if not unsent and not safe:
                raise
        progress.get().stage = "connect"
        return await self._transport(wire, url).handle_async_request(request)

    def _transport(self, wire: WireOptions, url: httpx.URL) -> httpx.AsyncBaseTransport:
        """The transport for a request with these options. Raises AddressRefused, and FetchError for invalid options."""
        self._guard.check_literal(url.host)
        if self._given:
            return self._given
        if self.needs_httpcore(wire, url):
            from sources.http.httpcore_transport import HttpcoreTransport  # noqa: PLC0415 - rarely needed

            secure = url.scheme == "https" or (wire.proxy or "").startswith("https:")
            return HttpcoreTransport(self._guard, self._trust(wire.ca_file) if secure else None, wire.proxy)
        self._direct = self._direct or AiohttpTransport(self._guard)
        return self._direct

    def needs_httpcore(self, wire: WireOptions, url: httpx.URL) -> bool:
        """Whether a request needs httpcore: through a proxy, or to a host whose HTTP aiohttp cannot parse."""
        return bool(wire.proxy) or (bool(self._lenient) and url.netloc in self._lenient)

    async def aclose(self) -> None:
        """Close those that are kept, in the event loop that opened them; the next request opens new ones."""
        direct, self._direct = self._direct, None
        if direct:
            await direct.aclose()
