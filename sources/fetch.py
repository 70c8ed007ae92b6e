"""One request, within its deadline and limits: the only importer of httpx and tenacity.

Addresses, headers and cookies are httpx's, connections httpcore's (`connections.py`, `transport.py`).
Redirects are walked here, since it is ours to say where credentials may follow.
"""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from http.client import responses
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import httpcore
import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    retry_if_result,
    stop_after_attempt,
    stop_after_delay,
    stop_before_delay,
    wait_exponential_jitter,
)

from sources.blocked import Answer, classify
from sources.connections import Connections, Trust, read_proxy
from sources.decode import decode
from sources.errors import BadRedirect, BadResponse, FetchError, HttpStatus
from sources.failures import WIRE_ERRORS, broke_off, cut_off, failure, never_connected
from sources.headers import content_length, harmless, plain_headers, retry_after
from sources.model import Get, Page, Source
from sources.options import HttpOptions
from sources.transport import Network, deadline, seconds_left
from sources.unpack import collect, glimpse, too_large, unpack

_TIMEOUT = timedelta(seconds=30)
_MAX_BYTES = 50_000_000
_MOST_HOPS = 10
_ATTEMPTS = 3
_PAUSE = 0.2  # seconds before the second attempt, doubled before the third; chance adds as much again at most
_NO_MORE_AFTER = 3  # seconds: what took longer to fail, such as a name server, would do so again
_SHORT_WAIT = timedelta(seconds=2)  # a Retry-After up to here is waited for; longer ones are the schedule's
_SMALL = 65_536  # bytes of an unwanted body that are read, so that its connection can be kept
_REDIRECTS = {301, 302, 303, 307, 308}
_BUSY = {502, 503, 504}
_NO_ADDRESS = (httpx.InvalidURL, ValueError)  # the second for a host name that cannot be decoded: http://xn--/


class Validators(NamedTuple):
    """What a server gave with a page, to ask whether it has changed since.

    They are sent to the address that gave them and to no other: to `url` (the page's, after redirects), or
    without it to the request's own. Elsewhere an equal tag or a later date would say "not modified" of some
    other page, such as a login.
    """

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None


class Fetcher:
    """Fetches for all sources, from any number of threads. `clock` gives the time (UTC) that pages bear."""

    def __init__(self, http: HttpOptions, *, clock: Callable[[], datetime], network: Network | None = None) -> None:
        self._http = http
        self._clock = clock
        self._connections = Connections(network or Network(http.private_addresses))
        # At DEBUG httpcore writes cookies and the passwords of proxies.
        logging.getLogger("httpcore").setLevel(logging.INFO)

    def session(self, source: Source) -> Session:
        """What fetches for one check of one source."""
        return Session(self._http, source, self._connections, self._clock)

    def close(self) -> None:
        """Close the idle connections; requests under way end by themselves, by their deadline."""
        self._connections.close()


class _Answer(NamedTuple):
    url: httpx.URL
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    retry_after: timedelta | None = None


class Session:
    """The requests of one check, one at a time, with cookies of its own.

    The source's headers and `auth` are for the site of the first request, wherever later ones go.
    """

    def __init__(
        self, http: HttpOptions, source: Source, connections: Connections, clock: Callable[[], datetime]
    ) -> None:
        self._connections = connections
        self._clock = clock
        self._trust = Trust(source.ca_file or http.ca_file, source.proxy or http.proxy)
        self._seconds = (source.timeout or http.timeout or _TIMEOUT).total_seconds()
        self._limit = source.max_bytes or http.max_bytes or _MAX_BYTES
        self._encoding = source.encoding or http.encoding
        self._auth = (source.auth or http.auth or "").encode()
        self._agent = {"User-Agent": http.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        self._private = {**http.headers, **source.headers}
        self._home: httpx.URL | None = None
        self._jars: dict[int | None, httpx.Cookies] = {}  # by port: to a cookie, all ports of a host are one

    def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers `get`: its status is 2xx, or 304 when validators were sent and still hold.

        Raises the subclasses of FetchError; no message has a password or a query in it.
        """
        with deadline(self._seconds):
            answer = self._walk(self._request(get), validators if get.conditional else None)
        return Page(
            get=get,
            url=str(answer.url),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched=self._clock(),
            encoding=self._encoding,
        )

    def _request(self, get: Get) -> httpx.Request:
        """The request without cookies and validators, which each hop has its own of."""
        url, userinfo = _read_url(get.url)
        if get.query:
            url = url.copy_merge_params(dict(get.query))
        self._home = self._home or url
        at_home = _same_site(self._home, url)
        headers = _headers(self._agent, self._private if at_home else harmless(self._private), get.headers)
        auth = userinfo or (self._auth if at_home else b"")
        if auth:
            headers.setdefault("Authorization", f"Basic {b64encode(auth).decode()}")
        return httpx.Request(get.method, url, headers=headers, data=get.form and dict(get.form), json=get.json)

    def _walk(self, request: httpx.Request, validators: Validators | None) -> _Answer:
        """Follow redirects to the final answer."""
        asked = str(request.url)
        given_at = validators and (validators.url or asked)
        seen = set()
        for _ in range(_MOST_HOPS + 1):
            cookies = self._cookies(request)
            hop = (request.method, request.url, cookies)  # a new cookie makes it no circle
            if hop in seen:
                raise BadRedirect(f"{_shown(request.url)} redirects in a circle")
            seen.add(hop)
            conditions = _conditions(validators) if validators and str(request.url) == given_at else {}
            answer = self._send(request, conditions | ({"Cookie": cookies} if cookies else {}))
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return _accepted(answer, asked, conditional=bool(conditions), partial="range" in request.headers)
            request = _redirected(request, answer)
        raise BadRedirect(f"more than {_MOST_HOPS} redirects, the last one to {_shown(request.url)}")

    def _send(self, request: httpx.Request, extra: Mapping[str, str]) -> _Answer:
        """Send one request, and again at once where that is harmless and may help."""
        safe = request.method in ("GET", "HEAD") and not request.content
        retrying = Retrying(
            stop=stop_after_attempt(_ATTEMPTS)
            | stop_after_delay(_NO_MORE_AFTER)
            | stop_before_delay(seconds_left() or 0),
            wait=_pause,
            retry=retry_if_exception(lambda error: never_connected(error) or (safe and broke_off(error)))
            | retry_if_result(lambda answer: safe and _briefly_busy(answer)),
            retry_error_callback=_last_outcome,
        )
        try:
            return retrying(self._exchange, request, extra)
        except WIRE_ERRORS as error:
            raise failure(error, self._peer(request.url), self._seconds) from None

    def _exchange(self, request: httpx.Request, extra: Mapping[str, str]) -> _Answer:
        """One request and its answer, once."""
        url = request.url
        replaced = {name.lower().encode() for name in extra}
        headers = [pair for pair in request.headers.raw if pair[0].lower() not in replaced]
        headers += [(name.encode(), value.encode()) for name, value in extra.items()]
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(request.method, target, headers=headers, content=request.content)
        with self._connections.answer(sent, self._trust) as response:
            self._keep_cookies(request, response)
            got = plain_headers(response.headers)
            if 200 <= response.status < 300:
                return _Answer(url, response.status, got, self._body(request, got, response))
            body = glimpse(_drain(response), got.get("content-encoding", ""), _SMALL)
            return _Answer(url, response.status, got, body, retry_after(got, self._clock()))

    def _body(self, request: httpx.Request, got: Mapping[str, str], response: httpcore.Response) -> bytes:
        """The body, at most `max_bytes` long as it comes, and as it is unpacked."""
        where = _shown(request.url)
        if request.method != "HEAD" and content_length(got) > self._limit:
            raise too_large(self._limit, where)
        try:
            packed = collect(response.iter_stream(), self._limit, where)
        except WIRE_ERRORS as error:
            raise cut_off(error, where, self._seconds) from None
        return unpack(packed, got.get("content-encoding", ""), self._limit, where)

    def _jar(self, url: httpx.URL) -> httpx.Cookies:
        return self._jars.setdefault(url.port, httpx.Cookies())

    def _cookies(self, request: httpx.Request) -> str:
        """The Cookie header: what the options give, and what the site set in this check."""
        given: str = request.headers.get("cookie", "")
        jar = self._jar(request.url)
        if not jar:
            return given
        probe = httpx.Request("GET", request.url)
        probe.headers.encoding = "utf-8"  # of its own accord httpx takes nothing but ASCII
        jar.set_cookie_header(probe)
        return "; ".join(each for each in (given, probe.headers.get("cookie", "")) if each)

    def _keep_cookies(self, request: httpx.Request, response: httpcore.Response) -> None:
        if any(name.lower() == b"set-cookie" for name, _ in response.headers):
            whole = httpx.Response(response.status, headers=response.headers, request=request)
            self._jar(request.url).extract_cookies(whole)

    def _peer(self, url: httpx.URL) -> str:
        if not self._trust.proxy:
            return url.host
        return f"{url.host} through the proxy {read_proxy(self._trust.proxy).url.host.decode()}"


def _accepted(answer: _Answer, asked: str, *, conditional: bool, partial: bool) -> _Answer:
    """The answer, unless its status is an error; then the page that came with it may say why."""
    if answer.status == 206 and not partial:
        raise BadResponse(f"{_shown(answer.url)} sent a part of the document, which was not asked for")
    if 200 <= answer.status < 300 or (answer.status == 304 and conditional):
        return answer
    message = f"{_shown(answer.url)} answered {answer.status} {responses.get(answer.status, '')}".rstrip()
    text = decode(answer.body, answer.headers.get("content-type", ""))
    block = classify(Answer(answer.status, answer.headers, asked, str(answer.url), text))
    if block is None:
        raise HttpStatus(answer.status, message, retry_after=answer.retry_after)
    raise HttpStatus(answer.status, f"{message}: {block.why}", code=block.code, retry_after=answer.retry_after)


def _redirected(request: httpx.Request, answer: _Answer) -> httpx.Request:
    """The request that a redirect asks for. Raises BadRedirect when it is not followed."""
    url = _destination(request.url, answer.headers["location"])
    method, body, headers = request.method, request.content, request.headers.copy()
    if (answer.status == 303 and method != "HEAD") or (answer.status in (301, 302) and method == "POST"):
        method, body = "GET", b""
        for name in ("content-length", "content-type", "transfer-encoding"):
            headers.pop(name, None)
    if not _same_site(request.url, url):
        if body:
            raise BadRedirect(f"{_shown(request.url)} redirects a form to {url.host}: not sent to another host")
        headers = _headers(harmless(headers))
    return httpx.Request(method, url, headers=headers, content=body)


def _destination(url: httpx.URL, location: str) -> httpx.URL:
    try:
        target = _bare(url.join(location.strip()))
        host = target.host
    except _NO_ADDRESS:
        raise BadRedirect(f"{_shown(url)} redirects to what is no address") from None
    if target.scheme not in ("http", "https") or not host:
        raise BadRedirect(f"{_shown(url)} redirects to {target.scheme[:20]}:, which is not followed")
    if url.scheme == "https" and target.scheme == "http":
        raise BadRedirect(f"{_shown(url)} redirects from https to http ({_shown(target)}), which is not followed")
    return target


def _same_site(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether what is meant for `one` may go to `other`: the same origin, or the same host by https now."""
    if one.host != other.host:
        return False
    upgraded = one.scheme == "http" and other.scheme == "https" and one.port is None and other.port is None
    return upgraded or (one.scheme == other.scheme and one.port == other.port)


def _headers(*given: Mapping[str, str]) -> httpx.Headers:
    """One set of headers; the later ones win."""
    headers = httpx.Headers(encoding="utf-8")
    for each in given:
        for name, value in each.items():
            headers[name] = value
    return headers


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value}


@lru_cache(maxsize=1024)
def _read_url(text: str) -> tuple[httpx.URL, bytes]:
    """The address, and the "user:password" in it. Raises FetchError (`bad_url`)."""
    try:
        url = httpx.URL(text)
        readable = url.scheme in ("http", "https") and bool(url.host)
    except _NO_ADDRESS:
        readable = False
    if not readable:
        shown = re.sub(r"//[^/]*@", "//", text.partition("?")[0])
        raise FetchError(f"{shown[:200]!r} is no http or https address", code="bad_url")
    return _bare(url), unquote_to_bytes(url.userinfo)


def _bare(url: httpx.URL) -> httpx.URL:
    """Without user, password and fragment."""
    return url.copy_with(username="", password="", fragment=None) if url.userinfo or url.fragment else url


def _shown(url: httpx.URL) -> str:
    """The address for messages: without its query, which may hold a key."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{host}{port}{url.raw_path.decode('ascii').partition('?')[0]}"


def _drain(response: httpcore.Response) -> bytes:
    """Read what little there is of a body that is not the content, so that the connection can be kept."""
    parts, left = [], _SMALL
    chunks: Iterable[bytes] = response.iter_stream()
    with suppress(*WIRE_ERRORS), deadline(1):
        for chunk in chunks:
            parts.append(chunk)
            left -= len(chunk)
            if left < 0:
                break
    return b"".join(parts)


def _briefly_busy(answer: _Answer) -> bool:
    return answer.status in _BUSY and (answer.retry_after or timedelta()) <= _SHORT_WAIT


def _pause(state: RetryCallState) -> float:
    """Seconds until the next attempt."""
    pause = wait_exponential_jitter(multiplier=_PAUSE, jitter=_PAUSE)(state)
    if state.outcome is None or state.outcome.failed:
        return pause
    asked: timedelta | None = state.outcome.result().retry_after
    return max(pause, asked.total_seconds()) if asked else pause


def _last_outcome(state: RetryCallState) -> _Answer:
    """The attempts are used up: the last answer, or the last error."""
    assert state.outcome is not None  # noqa: S101 - tenacity calls this after an attempt
    answer: _Answer = state.outcome.result()
    return answer
