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

_LENIENT = 1000  # hosts that are remembered to need httpcore


class Wire(NamedTuple):
    """A source's options of the wire, with the defaults of `[http]` and our own."""

    seconds: float
    max_bytes: int
    headers: Mapping[str, str]
    auth: bytes
    ca_file: str | None
    proxy: str | None
    encoding: str | None


class Fetcher:
    """Fetches for all sources, in one event loop. `clock` gives the time (UTC) that pages bear.

    With `proving`, each page that came with a body brings along what went over the wire for it. `guard` and
    `transport` are the edges that tests replace.
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
        self._guard = guard or Guard(http.private_addresses)
        self._given = transport
        self._direct: AiohttpTransport | None = None
        self._lenient: dict[bytes, None] = {}
        self._trust: dict[str | None, TrustContext] = {}
        self._under_way, self._retired = 0, False
        self._closing: asyncio.Future[None] | None = None
        logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes addresses with their keys
        logging.getLogger("httpcore").setLevel(logging.INFO)  # at DEBUG cookies, and the passwords of proxies

    def session(self, source: Source) -> Session:
        """What fetches for one check of one source."""
        return Session(self, source)

    def wire_of(self, source: Source) -> Wire:
        """How requests of a source go out; one that was not loaded with `[http]` is put under it here."""
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
        """What sends a request that goes out this way. Raises AddressRefused, and FetchError for unusable options."""
        self._guard.check_literal(url.host)
        if self._given:
            return self._given
        if self.needs_httpcore(wire, url):
            return self._by_httpcore(wire, url)
        self._direct = self._direct or AiohttpTransport(self._guard)
        return self._direct

    def be_lenient(self, transport: httpx.AsyncBaseTransport, url: httpx.URL) -> bool:
        """Ask a host by httpcore from now on, if it was aiohttp that did not read its HTTP; returns whether it was."""
        if not isinstance(transport, AiohttpTransport):
            return False
        self._lenient[url.netloc] = None
        if len(self._lenient) > _LENIENT:
            del self._lenient[next(iter(self._lenient))]
        return True

    def trust(self, ca_file: str | None) -> TrustContext:
        """Whom to trust; made once. Raises TlsFailed."""
        if ca_file not in self._trust:
            self._trust[ca_file] = trust(ca_file)
        return self._trust[ca_file]

    def needs_httpcore(self, wire: Wire, url: httpx.URL) -> bool:
        """Whether a request goes by httpcore: through a proxy, and to a host whose HTTP aiohttp does not read."""
        return bool(wire.proxy) or (bool(self._lenient) and url.netloc in self._lenient)

    def _by_httpcore(self, wire: Wire, url: httpx.URL) -> HttpcoreTransport:
        from sources.http.httpcore_transport import HttpcoreTransport  # noqa: PLC0415 - seldom needed

        secure = url.scheme == "https" or (wire.proxy or "").startswith("https:")
        return HttpcoreTransport(self._guard, self.trust(wire.ca_file) if secure else None, wire.proxy)

    @contextmanager
    def using(self) -> Iterator[None]:
        """Around each request, so that `retire` closes nothing that is in use."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._close_if_retired()

    def retire(self) -> None:
        """Close the connections as soon as no request is under way: another fetcher has taken over."""
        self._retired = True
        self._close_if_retired()

    def _close_if_retired(self) -> None:
        if self._retired and not self._under_way:
            self._closing = asyncio.ensure_future(self.aclose())

    async def aclose(self) -> None:
        """Close the connections that are kept, in the loop that they were opened in; the next request opens others."""
        direct, self._direct = self._direct, None
        if direct:
            await direct.aclose()
