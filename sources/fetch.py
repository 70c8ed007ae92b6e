"""One request of a check, from its address to its page, within its deadline and limits.

Redirects are walked here, since it is ours to say where credentials may follow (`answers.py`, `cookies.py`). Requests
go by `wire.py`, or through httpcore (`waiting.py`).
"""

from __future__ import annotations

import logging
import time
from base64 import b64encode
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from sources.answers import REDIRECTS, Answer, accepted, along, redirected
from sources.connections import Connections, Trust, read_proxy
from sources.cookies import Cookies
from sources.errors import BadRedirect, TooLarge
from sources.failures import WIRE_ERRORS, broke_off, failure, never_connected
from sources.headers import harmless, joined_headers, retry_after
from sources.model import Get, Page, Source
from sources.options import HttpOptions
from sources.request import Address, Request, plain_request, read_address, request_with_body, same_site, with_query
from sources.transcript import Hop, Transcript
from sources.transport import Network, deadline
from sources.unpack import Unpacked, glimpse, unpack
from sources.waiting import exchange_now
from sources.wire import SMALL, Exchange, Raw

_TIMEOUT = timedelta(seconds=30)
_MAX_BYTES = 50_000_000
_MOST_HOPS = 10
_ATTEMPTS = 3
_PAUSE = 0.2  # seconds before the second attempt, doubled before the third; chance adds as much again at most
_NO_MORE_AFTER = 3  # seconds: what took longer to fail, such as a name server, would do so again
_SHORT_WAIT = timedelta(seconds=2)  # a Retry-After up to here is waited for; longer ones are the schedule's
_BUSY = {502, 503, 504}
_QUICK, _QUICK_UNPACKED = 32_768, 1_000_000  # bytes of a body, packed and unpacked: that takes some milliseconds


class Validators(NamedTuple):
    """What a server gave with a page, to ask whether it has changed since.

    They are sent to the address that gave them and to no other: to `url` (the page's, after redirects), or
    without it to the request's own. Elsewhere an equal tag or a later date would say "not modified" of some
    other page, such as a login.
    """

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None


class Pause(NamedTuple):
    """A step of a walk: so many seconds are to pass."""

    seconds: float


class Aside:
    """A step of a walk, or of a check: what follows may take long, and is better done in a thread."""


ASIDE = Aside()
Walk = Generator[Exchange | Pause | Aside, Raw | None, Page]


class Fetcher:
    """Fetches for all sources, from any number of threads. `clock` gives the time (UTC) that pages bear.

    With `proving`, each page that came with a body brings along what went over the wire for it.
    """

    def __init__(
        self,
        http: HttpOptions,
        *,
        clock: Callable[[], datetime],
        network: Network | None = None,
        proving: bool = False,
    ) -> None:
        self._http = http
        self._proving = proving
        self._clock = clock
        self._connections = Connections(network or Network(http.private_addresses))
        # At DEBUG httpcore writes cookies and the passwords of proxies.
        logging.getLogger("httpcore").setLevel(logging.INFO)

    def session(self, source: Source) -> Session:
        """What fetches for one check of one source."""
        return Session(self._http, source, self._connections, self._clock, proving=self._proving)

    def close(self) -> None:
        """Close the idle connections; requests under way end by themselves, by their deadline."""
        self._connections.close()


class Session:
    """The requests of one check, one at a time, with cookies of its own.

    The source's headers and `auth` are for the site of the first request, wherever later ones go.
    """

    def __init__(
        self,
        http: HttpOptions,
        source: Source,
        connections: Connections,
        clock: Callable[[], datetime],
        *,
        proving: bool = False,
    ) -> None:
        self._connections = connections
        self._proving = proving
        self._clock = clock
        self._trust = Trust(source.ca_file or http.ca_file, source.proxy or http.proxy)
        self._seconds = (source.timeout or http.timeout or _TIMEOUT).total_seconds()
        self._limit = source.max_bytes or http.max_bytes or _MAX_BYTES
        self._encoding = source.encoding or http.encoding
        self._http, self._source = http, source
        self._home: Address | None = None
        self._cookies = Cookies()

    @property
    def by_wire(self) -> bool:
        """Whether `wire.py` can do its exchanges; else `exchange` does, in a thread."""
        return not self._trust.proxy and self._connections.network.dials

    def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers `get`: its status is 2xx, or 304 when validators were sent and still hold.

        Raises the subclasses of FetchError; no message has a password or a query in it.
        """
        return self._drive(self.walk(get, validators))

    def post(self, url: str, content: bytes, content_type: str) -> Page:
        """As `fetch`, for what protocols send that are no web pages."""
        get = Get(url, method="POST")
        request = self._request(get)
        size = ("Content-Length", str(len(content)))
        headers = {**request.headers, "content-type": ("Content-Type", content_type), "content-length": size}
        return self._drive(self._walk(get, request._replace(headers=headers, content=content), None))

    def _drive(self, walk: Walk) -> Page:
        """Do the steps of a walk here and now."""
        with deadline(self._seconds):
            try:
                step = next(walk)
                while True:
                    step = self._done(step, walk)
            except StopIteration as end:
                page: Page = end.value
                return page

    def walk(self, get: Get, validators: Validators | None = None) -> Walk:
        """As `fetch`, a step at a time, for whoever has other things to do meanwhile: an Exchange is answered with
        what came of it, or it is thrown what went wrong.
        """
        return self._walk(get, self._request(get), validators if get.conditional else None)

    def _walk(self, get: Get, request: Request, validators: Validators | None) -> Walk:
        answer = yield from self._follow(request, validators)
        return Page(
            get=get,
            url=answer.address.text,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched=self._clock(),
            encoding=self._encoding,
            transcript=answer.transcript,
            gzip=answer.gzip,
        )

    def exchange(self, step: Exchange) -> Raw:
        """Send one request, once, and wait for its answer. Raises WIRE_ERRORS and FetchError."""
        return exchange_now(step)

    def _done(self, step: Exchange | Pause | Aside, walk: Walk) -> Exchange | Pause | Aside:
        """Do a step here and now; the next one."""
        if isinstance(step, Pause):
            time.sleep(step.seconds)
        if not isinstance(step, Exchange):
            return walk.send(None)
        try:
            raw = self.exchange(step)
        except Exception as error:  # noqa: BLE001 - the walk knows what it means
            return walk.throw(error)
        return walk.send(raw)

    def _request(self, get: Get) -> Request:
        """The request without cookies and validators, which each hop has its own of."""
        address, userinfo = read_address(get.url)
        if get.query:
            address = with_query(address, get.query)
        self._home = self._home or address
        at_home, http, source = same_site(self._home, address), self._http, self._source
        given: list[Mapping[str, str]] = [{"User-Agent": http.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}]
        given += [headers if at_home else harmless(headers) for headers in (http.headers, source.headers)]
        given.append(get.headers)
        auth = userinfo or ((source.auth or http.auth or "").encode() if at_home else b"")
        if auth:
            given.insert(0, {"Authorization": f"Basic {b64encode(auth).decode()}"})
        if get.method in ("GET", "HEAD") and get.form is None and get.json is None:
            return plain_request(get.method, address, *given)
        return request_with_body(get.method, address, *given, form=get.form, json=get.json)

    def _follow(
        self, request: Request, validators: Validators | None
    ) -> Generator[Exchange | Pause | Aside, Raw | None, Answer]:
        """Follow redirects to the final answer."""
        asked, ends = request.address.text, time.monotonic() + self._seconds
        given_at = validators and (validators.url or asked)
        seen, hops = set(), list[Hop]()
        for _ in range(_MOST_HOPS + 1):
            cookies = self._cookies.for_request(request)
            hop = (request.method, request.address.text, cookies)  # a new cookie makes it no circle
            if hop in seen:
                raise BadRedirect(f"{request.address.shown} redirects in a circle")
            seen.add(hop)
            conditions = _conditions(validators) if validators and request.address.text == given_at else {}
            extra = conditions | ({"Cookie": cookies} if cookies else {})
            answer = yield from self._send(
                Exchange(
                    request, extra, self._connections, self._trust, ends, self._seconds, self._limit, self._proving
                )
            )
            if answer.status == 304 and conditions:
                return answer
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                if not 200 <= answer.status < 300:
                    yield ASIDE
                return along(hops, accepted(answer, asked, partial="range" in request.headers))
            hops.append(Hop(request.address.text, answer.status))
            request = redirected(request, answer)
        raise BadRedirect(f"more than {_MOST_HOPS} redirects, the last one to {request.address.shown}")

    def _send(self, exchange: Exchange) -> Generator[Exchange | Pause | Aside, Raw | None, Answer]:
        """Send one request, and again at once where that is harmless and may help."""
        began, asked = time.monotonic(), self._clock() if self._proving else None
        try:
            try:
                raw = yield exchange
            except WIRE_ERRORS as error:
                first: Raw | Exception = error
            else:
                assert raw  # noqa: S101 - the protocol: an Exchange is answered
                if raw.status not in _BUSY:
                    return (yield from self._received(exchange, raw, asked))
                first = raw
            raw = yield from self._again(exchange, first, began)
        except WIRE_ERRORS as error:
            raise failure(error, self._peer(exchange.request.address), self._seconds) from None
        return (yield from self._received(exchange, raw, asked))

    def _again(
        self, exchange: Exchange, came: Raw | Exception, began: float
    ) -> Generator[Exchange | Pause | Aside, Raw | None, Raw]:
        """Try once more after what the first attempt came to, if that may help; the last attempt's answer or error."""
        from sources.retry import Attempts  # noqa: PLC0415 - tenacity is seldom needed

        attempts: Attempts[Raw | Exception] = Attempts(
            most=_ATTEMPTS,
            none_after=_NO_MORE_AFTER,
            pause=_PAUSE,
            began=began,
            ends=exchange.ends,
            worth=self._worth(exchange),
        )
        while (pause := attempts.next(came)) is not None:
            yield Pause(pause)
            try:
                raw = yield exchange
                assert raw  # noqa: S101 - as above
                came = raw
            except WIRE_ERRORS as error:
                came = error
        if isinstance(came, Exception):
            raise came
        return came

    def _worth(self, exchange: Exchange) -> Callable[[Raw | Exception], float | None]:
        """Whether another attempt may help after what came: the least seconds to wait before it, or None."""

        def worth(came: Raw | Exception) -> float | None:
            if isinstance(came, Exception):
                return 0.0 if never_connected(came) or (exchange.request.safe and broke_off(came)) else None
            wait = retry_after(joined_headers(came.headers), self._clock()) or timedelta()
            busy = exchange.request.safe and came.status in _BUSY and wait <= _SHORT_WAIT
            return wait.total_seconds() if busy else None

        return worth

    def _received(
        self, exchange: Exchange, raw: Raw, asked: datetime | None
    ) -> Generator[Exchange | Pause | Aside, Raw | None, Answer]:
        """What came, unpacked; its cookies are kept."""
        address, headers = exchange.request.address, joined_headers(raw.headers)
        self._cookies.keep(exchange.request, raw.status, raw.headers)
        packing = headers.get("content-encoding", "")
        if 200 <= raw.status < 300:
            transcript = self._transcript(exchange, raw, asked)
            body = yield from self._unpacked(raw.body, packing, address.shown)
            return Answer(address, raw.status, headers, *body, transcript=transcript)
        wait = retry_after(headers, self._clock()) if "retry-after" in headers else None
        beginning = raw.body and glimpse(raw.body, packing, SMALL)
        return Answer(address, raw.status, headers, beginning, retry_after=wait)

    def _transcript(self, exchange: Exchange, raw: Raw, asked: datetime | None) -> Transcript | None:
        """What went over the wire, where it is to be proven."""
        if raw.witness is None or asked is None:
            return None
        request = exchange.request
        return Transcript(
            method=request.method,
            target=request.address.target,
            sent=request.pairs(exchange.extra),
            content=request.content,
            witness=raw.witness,
            body=raw.body,
            proxied=self._trust.proxy is not None,
            began=asked,
            ended=self._clock(),
        )

    def _unpacked(self, body: bytes, packing: str, where: str) -> Generator[Aside, None, Unpacked]:
        """The body unpacked: at once if it is small and stays so, else after making way."""
        if packing and len(body) <= _QUICK:
            with suppress(TooLarge):
                return unpack(body, packing, min(self._limit, _QUICK_UNPACKED), where)
        if packing:
            yield ASIDE
        return unpack(body, packing, self._limit, where)

    def _peer(self, address: Address) -> str:
        if not self._trust.proxy:
            return address.host
        return f"{address.host} through the proxy {read_proxy(self._trust.proxy).url.host.decode()}"


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value}
