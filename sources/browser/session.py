"""The visits of one check, with the interface of `sources.http.session.Session`.

A rendered document becomes the Page that a kind reads, or the error that it is.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources.browser.chromium import Chromium
from sources.browser.gateway import Gateway
from sources.browser.visit import Taken, Visit, Wish
from sources.errors import (
    BadRedirect,
    BadResponse,
    BrowserFailed,
    FetchError,
    SourceError,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from sources.http.exchange import Answer, Validators, harmless, read_address, refusal, retry_after, shown
from sources.http.session import Fetcher, Session
from sources.model import Get, Page, Source
from sources.model.transcript import Rendering
from sources.options import WAIT_FOR, deadline, largest_page
from sources.places import NEEDS_NO_ROOM, owner_of, take_room
from sources.text import clean

if TYPE_CHECKING:
    from playwright.async_api import Browser, StorageState


_NO_TUNNEL = "ERR_TUNNEL_CONNECTION_FAILED"
_NOT_SENT = {"user-agent", "accept", "accept-encoding", "content-type"}  # the browser's own, or given otherwise
_NET = re.compile(r"net::(ERR_[A-Z0-9_]+)")
# The browser's words for a failure of the network: which error it is; the first match counts.
_FAILURES: Mapping[str, tuple[type[FetchError], str]] = {
    "ERR_(CERT_|SSL_|BAD_SSL)": (TlsFailed, "the browser does not trust the certificate of {host}, or its TLS: {code}"),
    "ERR_TOO_MANY_REDIRECTS$": (BadRedirect, "{host} redirects in a circle"),
    ".*_REDIRECT$": (BadRedirect, "{host} redirects to what is not followed: {code}"),
    "ERR_(ABORTED|EMPTY_RESPONSE|INVALID_|CONTENT_|INCOMPLETE_|RESPONSE_HEADERS_)": (
        BadResponse,
        "{host} sent no page: {code}",
    ),
    "ERR_": (Unreachable, "could not reach {host}: {code}"),
}
_CRASHED = "browser_crashed"
_GONE = ("Target page, context or browser has been closed", "Target crashed", "Page crashed", "Browser closed")

# What describes the bytes as they were sent, and not the document that was made of them.
_OF_THE_WIRE = {"content-encoding", "content-length", "content-type", "transfer-encoding", "etag", "last-modified"}


class BrowserSession:
    """Opens the addresses of one check, one at a time. A page is always loaded in full.

    Each visit has a new context; the cookies and the local storage of one go on to the next. The steps of the source
    are done where its own address is opened, and not on the further pages that a kind asks for.
    """

    def __init__(self, client: Fetcher, source: Source, chromium: Chromium) -> None:
        self._client, self._source, self._chromium = client, source, chromium
        self._options, self._rules = source.under(client.http), Session(client, source)
        self._owner = owner_of(source.start().url)
        self._storage: StorageState | None = None

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:  # noqa: ARG002 - as in a Session
        """The page at the address of `get` as it is rendered. Raises FetchError."""
        if not get.conditional:
            what = 'a browser opens addresses, and this kind sends a form: read it without fetch = "browser"'
            raise FetchError(what, code="bad_request")
        with self._client.using():
            async with self._chromium.lent(self._owner) as browser:
                return await self._visit(get, browser)

    async def _visit(self, get: Get, browser: Browser) -> Page:
        from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

        wish, began = self._wish(get), time.monotonic()
        most = largest_page(self._options)
        gateway = Gateway(self._client.guard, most, self._chromium.proxy_host, owner=self._owner)
        await gateway.start()
        visit = Visit(browser, gateway, self._client.clock, self._chromium.pages, self._storage)
        try:
            async with asyncio.timeout(wish.seconds):
                await self._obey(wish.url)
                taken, rendering = await visit.pay(wish)
                await self._obey(*taken.hops, taken.url)
        except (Error, SourceError, TimeoutError) as error:
            if not isinstance(error, SourceError) or isinstance(error, BrowserFailed):
                await self._chromium.end_if_dead(browser)
            raise self._reason(error, wish, gateway, began) from None
        finally:
            await visit.aclose()
            await gateway.aclose()
        self._storage = visit.storage
        if len(taken.body) > NEEDS_NO_ROOM:
            await take_room.get()(len(taken.body))
        page: Page = await asyncio.to_thread(
            page_of, get, taken, rendering, self._client.clock(), self._options.encoding
        )
        return page

    async def _obey(self, *urls: str) -> None:
        """Raise RobotsForbid for a page that robots.txt forbids, or one that leads to such a page."""
        for url in urls:
            if url.startswith("http"):
                await self._rules.obey(read_address(url)[0])

    def _wish(self, get: Get) -> Wish:
        source, options = self._source, self._options
        url, userinfo = read_address(get.url)
        if get.query:
            url = url.copy_merge_params(dict(get.query))
        user, _, password = (userinfo or (options.auth or "").encode()).decode("utf-8", "replace").partition(":")
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(str(url)))
        at_home = origin == "{0.scheme}://{0.netloc}".format(urlsplit(source.start().url))
        credentials = (
            {"username": user, "password": password, "origin": origin} if user and (userinfo or at_home) else None
        )
        given = {name.lower(): value for name, value in options.headers.items()}
        is_own = get.said() == source.start().said()
        return Wish(
            url=str(url),
            seconds=deadline(options).total_seconds(),
            max_bytes=largest_page(options),
            headers={name: value for name, value in harmless(given).items() if name not in _NOT_SENT},
            user_agent=given.get("user-agent") or f"{self._chromium.user_agent} {self._client.http.user_agent}",
            credentials=credentials,
            steps=source.steps if is_own else (),
            wait_for=get.carry.get(WAIT_FOR, source.wait_for),
            screenshot=source.screenshot,
            proving=self._client.proving,
        )

    def _reason(self, error: Exception, wish: Wish, gateway: Gateway, began: float) -> SourceError:
        """The error of a source for whatever ended a visit. A page of another visit may have been killed meanwhile: for
        this one it counts only if its own has crashed.
        """
        crashed = getattr(error, "code", "") == _CRASHED or any(words in str(error) for words in _GONE)
        if self._chromium.killed_at > began and crashed:
            return BrowserFailed("the page took more memory than [browser] memory allows", code="browser_memory")
        # The error by what this visit has seen; the most certain reason first
        host = urlsplit(wish.url).hostname or ""
        if gateway.exceeded:
            return gateway.exceeded
        if isinstance(error, SourceError):
            return error
        if gateway.failures and _NO_TUNNEL in str(error):  # the page itself was asked for first, so it failed first
            return next(iter(gateway.failures.values()))
        if isinstance(error, TimeoutError):
            where, what = shown(read_address(wish.url)[0]), "did not come to rest"
            advice = "" if wish.wait_for else "; wait_for may name the element that shows that it is filled"
            return TimedOut(f"the page {where} {what} within {wish.seconds:g} s{advice}")
        return failure(str(error), host)


def failure(text: str, host: str) -> FetchError:
    """The error for an exception of the browser while it opened a page of `host`."""
    if any(words in text for words in _GONE):
        return BrowserFailed("the browser crashed on this page", code=_CRASHED)
    if "Download is starting" in text:
        return BadResponse(f'{host} sent a file to download: read it without fetch = "browser"')
    code = match[1] if (match := _NET.search(text)) else ""
    for pattern, (made, said) in _FAILURES.items():
        if re.match(pattern, code):
            return made(said.format(host=host, code=code))
    return BrowserFailed(f"the browser gave no page of {host}: {clean(text.splitlines()[0])[:120] if text else ''}")


def page_of(get: Get, taken: Taken, rendering: Rendering, fetched: datetime, encoding: str | None) -> Page:
    """The page. Raises HttpStatus, BadRedirect and BadResponse."""
    schemes = [urlsplit(url).scheme for url in (*taken.hops, taken.url)]
    if schemes[-1] not in {"http", "https"}:
        raise BadResponse("the browser ended on what is no page of the web")
    if ("https", "http") in pairwise(schemes):  # as for plain requests: such a page may be anyone's
        url = shown(read_address(taken.url)[0])
        raise BadRedirect(f"a redirect from https to http ({url}), which is not followed")
    headers = {name.lower(): value for name, value in taken.headers.items()}
    if not 200 <= taken.status < 300:
        wait = retry_after(headers, fetched)
        answer = Answer(read_address(taken.url)[0], taken.status, headers, taken.body[:65_536], retry_after=wait)
        raise refusal(answer, get.url, rendered=True)
    if taken.rendered:
        headers = {name: value for name, value in headers.items() if name not in _OF_THE_WIRE}
        headers["content-type"] = "text/html; charset=utf-8"
    return Page(
        get=get,
        url=str(read_address(taken.url)[0]),
        status=taken.status,
        headers=headers,
        content=taken.body,
        fetched=fetched,
        encoding=None if taken.rendered else encoding,
        rendering=rendering,
    )
