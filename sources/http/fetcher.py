"""What the sessions of all checks share: connections, trust, the address guard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import httpx

from sources.http.guard import Guard
from sources.http.request import new_headers
from sources.http.session import Session
from sources.http.tls import TrustContext, trust
from sources.http.transport import AiohttpTransport
from sources.model import Source
from sources.options import HttpOptions, deadline, largest_page

if TYPE_CHECKING:
    from sources.http.httpcore_transport import HttpcoreTransport
    from sources.http.robots import Robots

_LENIENT = 1000  # the most hosts that are remembered to need httpcore


class Wire(NamedTuple):
    """A source's HTTP options, with the defaults of `[http]` and of the program filled in."""

    seconds: float
    max_bytes: int
    headers: Mapping[str, str]
    auth: bytes
    ca_file: str | None
    proxy: str | None
    encoding: str | None


class Fetcher:
    """Fetches for all sources, in one event loop. `clock` gives the time (UTC) of pages.

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
        self.robots = self._robots()
        self._lenient: dict[bytes, None] = {}
        self._trust: dict[str | None, TrustContext] = {}
        self._under_way, self._retired = 0, False
        self._closing: asyncio.Future[None] | None = None
        logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs addresses, whose query may have a key
        logging.getLogger("httpcore").setLevel(logging.INFO)  # at DEBUG it logs cookies and the passwords of proxies

    def _robots(self) -> Robots | None:
        if self.http.robots == "ignore":
            return None
        from sources.http.robots import Robots  # noqa: PLC0415 - Protego is only needed here

        return Robots(self.http.user_agent)

    def session(self, source: Source) -> Session:
        """A new session, for one check of a source."""
        return Session(self, source)

    def wire_of(self, source: Source) -> Wire:
        """The HTTP options of a source; one that was not loaded with `[http]` takes them over here."""
        options = source.under(self.http)
        return Wire(
            deadline(options).total_seconds(),
            largest_page(options),
            options.headers,
            (options.auth or "").encode(),
            options.ca_file,
            options.proxy,
            options.encoding,
        )

    def transport(self, wire: Wire, url: httpx.URL) -> httpx.AsyncBaseTransport:
        """The transport for a request with these options. Raises AddressRefused, and FetchError for invalid options."""
        self.guard.check_literal(url.host)
        if self._given:
            return self._given
        if self.needs_httpcore(wire, url):
            return self._by_httpcore(wire, url)
        self._direct = self._direct or AiohttpTransport(self.guard)
        return self._direct

    def be_lenient(self, transport: httpx.AsyncBaseTransport, url: httpx.URL) -> bool:
        """Switch a host to httpcore if aiohttp could not parse its HTTP; returns whether it was switched."""
        if not isinstance(transport, AiohttpTransport):
            return False
        self._lenient[url.netloc] = None
        if len(self._lenient) > _LENIENT:
            del self._lenient[next(iter(self._lenient))]
        return True

    def trust(self, ca_file: str | None) -> TrustContext:
        """The TLS context for a `ca_file`; cached. Raises TlsFailed."""
        if ca_file not in self._trust:
            self._trust[ca_file] = trust(ca_file)
        return self._trust[ca_file]

    def needs_httpcore(self, wire: Wire, url: httpx.URL) -> bool:
        """Whether a request needs httpcore: through a proxy, or to a host whose HTTP aiohttp cannot parse."""
        return bool(wire.proxy) or (bool(self._lenient) and url.netloc in self._lenient)

    def _by_httpcore(self, wire: Wire, url: httpx.URL) -> HttpcoreTransport:
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
