"""One request, within its deadline and limits: the only importer of httpx and tenacity.

Addresses, headers and cookies are httpx's, connections httpcore's (`connections.py`, `transport.py`).
Redirects are walked here, since it is ours to say where credentials may follow.
"""

from __future__ import annotations

import logging
import time
from base64 import b64encode
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http.client import responses
from typing import TYPE_CHECKING, NamedTuple

import httpcore

from sources.connections import Connections, Trust, read_proxy
from sources.errors import BadRedirect, BadResponse, HttpStatus, TooLarge
from sources.failures import WIRE_ERRORS, broke_off, cut_off, failure, never_connected
from sources.headers import content_length, harmless, joined_headers, plain_headers, retry_after
from sources.http1 import head_of
from sources.model import Get, Page, Source
from sources.options import HttpOptions
from sources.request import Address, Request, plain_request, read_address, request_with_body, same_site, with_query
from sources.transcript import Hop, Transcript, Witness, witness_through
from sources.transport import Network, deadline
from sources.unpack import collect, glimpse, too_large, unpack
from sources.wire import SMALL, Exchange, Raw

if TYPE_CHECKING:
    import httpx

_TIMEOUT = timedelta(seconds=30)
_MAX_BYTES = 50_000_000
_MOST_HOPS = 10
_ATTEMPTS = 3
_PAUSE = 0.2  # seconds before the second attempt, doubled before the third; chance adds as much again at most
_NO_MORE_AFTER = 3  # seconds: what took longer to fail, such as a name server, would do so again
_SHORT_WAIT = timedelta(seconds=2)  # a Retry-After up to here is waited for; longer ones are the schedule's
_REDIRECTS = {301, 302, 303, 307, 308}
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


class _Answer(NamedTuple):
    address: Address
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    retry_after: timedelta | None = None
    transcript: Transcript | None = None


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
        self._jars: dict[int | None, httpx.Cookies] = {}  # by port: to a cookie, all ports of a host are one

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
        )

    def exchange(self, step: Exchange) -> Raw:
        """Send one request, once, and wait for its answer. Raises WIRE_ERRORS and FetchError."""
        address = step.request.address
        target = httpcore.URL(
            scheme=address.scheme, host=address.raw_host, port=address.port, target=address.target.encode("ascii")
        )
        headers = step.request.pairs(step.extra)
        sent = httpcore.Request(step.request.method, target, headers=headers, content=step.request.content)
        with deadline(step.ends - time.monotonic()), self._connections.answer(sent, self._trust) as response:
            got = plain_headers(response.headers)
            if 200 <= response.status < 300:
                body = self._body(step.request, joined_headers(got), response)
                return Raw(response.status, got, body, _witness(response) if step.proving else None)
            return Raw(response.status, got, _drain(response))

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
    ) -> Generator[Exchange | Pause | Aside, Raw | None, _Answer]:
        """Follow redirects to the final answer."""
        asked, ends = request.address.text, time.monotonic() + self._seconds
        given_at = validators and (validators.url or asked)
        seen, hops = set(), list[Hop]()
        for _ in range(_MOST_HOPS + 1):
            cookies = self._cookies(request)
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
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                if not 200 <= answer.status < 300:
                    yield ASIDE
                return _along(hops, _accepted(answer, asked, partial="range" in request.headers))
            hops.append(Hop(request.address.text, answer.status))
            request = _redirected(request, answer)
        raise BadRedirect(f"more than {_MOST_HOPS} redirects, the last one to {request.address.shown}")

    def _send(self, exchange: Exchange) -> Generator[Exchange | Pause | Aside, Raw | None, _Answer]:
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
    ) -> Generator[Exchange | Pause | Aside, Raw | None, _Answer]:
        """What came, unpacked; its cookies are kept."""
        address, headers = exchange.request.address, joined_headers(raw.headers)
        self._keep_cookies(exchange.request, raw)
        packing = headers.get("content-encoding", "")
        if 200 <= raw.status < 300:
            transcript = self._transcript(exchange, raw, asked)
            body = yield from self._unpacked(raw.body, packing, address.shown)
            return _Answer(address, raw.status, headers, body, transcript=transcript)
        wait = retry_after(headers, self._clock()) if "retry-after" in headers else None
        return _Answer(address, raw.status, headers, raw.body and glimpse(raw.body, packing, SMALL), wait)

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

    def _unpacked(self, body: bytes, packing: str, where: str) -> Generator[Aside, None, bytes]:
        """The body unpacked: at once if it is small and stays so, else after making way."""
        if packing and len(body) <= _QUICK:
            with suppress(TooLarge):
                return unpack(body, packing, min(self._limit, _QUICK_UNPACKED), where)
        if packing:
            yield ASIDE
        return unpack(body, packing, self._limit, where)

    def _body(self, request: Request, got: Mapping[str, str], response: httpcore.Response) -> bytes:
        """The body as it comes, at most `max_bytes` long."""
        where = request.address.shown
        if request.method != "HEAD" and content_length(got) > self._limit:
            raise too_large(self._limit, where)
        try:
            return collect(response.iter_stream(), self._limit, where)
        except WIRE_ERRORS as error:
            raise cut_off(error, where, self._seconds) from None

    def _cookies(self, request: Request) -> str:
        """The Cookie header: what the options give, and what the site set in this check."""
        given = request.headers.get("cookie", ("", ""))[1]
        jar = self._jars.get(request.address.port)
        if not jar:
            return given
        import httpx  # noqa: PLC0415 - slow to import, and seldom needed

        probe = httpx.Request("GET", request.address.text)
        probe.headers.encoding = "utf-8"  # of its own accord httpx takes nothing but ASCII
        jar.set_cookie_header(probe)
        return "; ".join(each for each in (given, probe.headers.get("cookie", "")) if each)

    def _keep_cookies(self, request: Request, raw: Raw) -> None:
        if not any(name == "set-cookie" for name, _ in raw.headers):
            return
        import httpx  # noqa: PLC0415 - slow to import, and seldom needed

        headers = [(name.encode(), value.encode()) for name, value in raw.headers]
        whole = httpx.Response(raw.status, headers=headers, request=httpx.Request(request.method, request.address.text))
        self._jars.setdefault(request.address.port, httpx.Cookies()).extract_cookies(whole)

    def _peer(self, address: Address) -> str:
        if not self._trust.proxy:
            return address.host
        return f"{address.host} through the proxy {read_proxy(self._trust.proxy).url.host.decode()}"


def _along(hops: list[Hop], answer: _Answer) -> _Answer:
    """The answer with the redirects that led to it."""
    if not hops or answer.transcript is None:
        return answer
    return answer._replace(transcript=replace(answer.transcript, hops=tuple(hops)))


def _witness(response: httpcore.Response) -> Witness:
    version = response.extensions.get("http_version", b"HTTP/1.1").removeprefix(b"HTTP/")
    reason = response.extensions.get("reason_phrase", b"")
    return witness_through(head_of(version, response.status, reason, response.headers), response)


def _accepted(answer: _Answer, asked: str, *, partial: bool) -> _Answer:
    """The answer, unless its status is an error; then the page that came with it may say why."""
    shown = answer.address.shown
    if answer.status == 206 and not partial:
        raise BadResponse(f"{shown} sent a part of the document, which was not asked for")
    if 200 <= answer.status < 300:
        return answer
    from sources.blocked import Answer, classify  # noqa: PLC0415 - slow to import, and needed for errors alone
    from sources.decode import decode  # noqa: PLC0415 - as above

    message = f"{shown} answered {answer.status} {responses.get(answer.status, '')}".rstrip()
    text = decode(answer.body, answer.headers.get("content-type", ""))
    block = classify(Answer(answer.status, answer.headers, asked, answer.address.text, text))
    if block is None:
        raise HttpStatus(answer.status, message, retry_after=answer.retry_after)
    raise HttpStatus(answer.status, f"{message}: {block.why}", code=block.code, retry_after=answer.retry_after)


def _redirected(request: Request, answer: _Answer) -> Request:
    """The request that a redirect asks for. Raises BadRedirect when it is not followed."""
    here, there = request.address, _destination(request.address, answer.headers["location"])
    method, body, headers = request.method, request.content, dict(request.headers)
    if (answer.status == 303 and method != "HEAD") or (answer.status in (301, 302) and method == "POST"):
        method, body = "GET", b""
        for name in ("content-length", "content-type", "transfer-encoding"):
            headers.pop(name, None)
    if same_site(here, there):
        return Request(method, there, headers, body)
    if body:
        raise BadRedirect(f"{here.shown} redirects a form to {there.host}: not sent to another host")
    empty = {"Content-Length": "0"} if method not in ("GET", "HEAD") else {}
    return plain_request(method, there, harmless(dict(headers.values())), empty)


def _destination(address: Address, location: str) -> Address:
    try:
        target = address.join(location.strip())
    except ValueError:
        raise BadRedirect(f"{address.shown} redirects to what is no address") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise BadRedirect(f"{address.shown} redirects to {target.scheme[:20]}:, which is not followed")
    if address.scheme == "https" and target.scheme == "http":
        raise BadRedirect(f"{address.shown} redirects from https to http ({target.shown}), which is not followed")
    return target


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _drain(response: httpcore.Response) -> bytes:
    """Read what little there is of a body that is not the content, so that the connection can be kept."""
    parts, left = [], SMALL
    chunks: Iterable[bytes] = response.iter_stream()
    with suppress(*WIRE_ERRORS), deadline(1):
        for chunk in chunks:
            parts.append(chunk)
            left -= len(chunk)
            if left < 0:
                break
    return b"".join(parts)
