"""The visits of one check, with the interface of `sources.http.session.Session`."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources.browser.chromium import Chromium
from sources.browser.document import failure, has_crashed, page_of
from sources.browser.gateway import Gateway
from sources.browser.visit import Visit, Wish
from sources.errors import BrowserFailed, FetchError, SourceError, TimedOut
from sources.http.request import Validators, harmless, read_address, shown
from sources.http.session import Session
from sources.model import Get, Page, Source
from sources.options import WAIT_FOR

if TYPE_CHECKING:
    from playwright.async_api import Browser, StorageState

    from sources.http.client import HttpClient

_NO_TUNNEL = "ERR_TUNNEL_CONNECTION_FAILED"
_NOT_SENT = {"user-agent", "accept", "accept-encoding", "content-type"}  # the browser's own, or given otherwise


class BrowserSession:
    """Opens the addresses of one check, one at a time. A page is always loaded in full.

    Each visit has a new context; the cookies and the local storage of one go on to the next. The steps of the source
    are done where its own address is opened, and not on the further pages that a kind asks for.
    """

    def __init__(self, client: HttpClient, source: Source, chromium: Chromium) -> None:
        self._client, self._source, self._chromium = client, source, chromium
        self._wire, self._rules = client.wire_of(source), Session(client, source)
        self._storage: StorageState | None = None

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:  # noqa: ARG002 - as in a Session
        """The page at the address of `get` as it is rendered. Raises FetchError."""
        if not get.conditional:
            what = 'a browser opens addresses, and this kind sends a form: read it without fetch = "browser"'
            raise FetchError(what, code="bad_request")
        with self._client.using():
            async with self._chromium.lent() as browser:
                return await self._visited(get, browser)

    async def _visited(self, get: Get, browser: Browser) -> Page:
        from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

        wish, began = self._wish(get), time.monotonic()
        gateway = Gateway(self._client.guard, self._wire.max_bytes, self._chromium.proxy_host)
        await gateway.start()
        visit = Visit(browser, gateway, self._client.clock, self._storage)
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
        page: Page = await asyncio.to_thread(page_of, get, taken, rendering, self._client.clock(), self._wire.encoding)
        return page

    async def _obey(self, *urls: str) -> None:
        """Raise RobotsForbid for a page that robots.txt forbids, or one that leads to such a page."""
        for url in urls:
            if url.startswith("http"):
                await self._rules.obey(read_address(url)[0])

    def _wish(self, get: Get) -> Wish:
        source, wire = self._source, self._wire
        url, userinfo = read_address(get.url)
        if get.query:
            url = url.copy_merge_params(dict(get.query))
        user, _, password = (userinfo or wire.auth).decode("utf-8", "replace").partition(":")
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(str(url)))
        at_home = origin == "{0.scheme}://{0.netloc}".format(urlsplit(source.start().url))
        given = {name.lower(): value for name, value in wire.headers.items()}
        is_own = get.said() == source.start().said()
        return Wish(
            url=str(url),
            origin=origin,
            seconds=wire.seconds,
            max_bytes=wire.max_bytes,
            headers={name: value for name, value in harmless(given).items() if name not in _NOT_SENT},
            user_agent=given.get("user-agent") or f"{self._chromium.user_agent} {self._client.http.user_agent}",
            auth=(user, password) if user and (userinfo or at_home) else None,
            steps=source.steps if is_own else (),
            wait_for=get.carry.get(WAIT_FOR, source.wait_for),
            screenshot=source.screenshot,
            proving=self._client.proving,
        )

    def _reason(self, error: Exception, wish: Wish, gateway: Gateway, began: float) -> SourceError:
        """The error of a source for whatever ended a visit. A page of another visit may have been killed meanwhile: for
        this one it counts only if its own has crashed.
        """
        if self._chromium.killed_at > began and has_crashed(error):
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
