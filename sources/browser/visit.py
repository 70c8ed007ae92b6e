"""One visit: open the address in a new context, do the steps, wait, and take the document as it then stands.

It follows the requests of the page: which of them are under way, and the responses that evidence keeps.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from sources.blocked.outline import where_cut
from sources.browser.gateway import USER, Gateway
from sources.browser.steps import Actor, evaluate
from sources.errors import BadDocument, BadResponse, BrowserFailed, SourceError, TooLarge
from sources.model.transcript import Place, Rendering, Reported
from sources.options import Step

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Request, Response, Route, StorageState

WIDTH, HEIGHT = 1280, 900  # pixels of a page before its screenshot
MOST_FRAMES = 50  # of a page at once: each site in them has a process
_SECONDS = 10.0
# What may be a row of a list, with its text: neither what is as tall as a part of the page, nor what is out of sight.
_PLACES = """(() => {
  const found = [], ends = performance.now() + 500;
  const told = 'tr, th, td, li, dl, dt, dd, article, section, div, p, span, a, b, strong, h1, h2, h3, h4';
  for (const each of document.querySelectorAll(told)) {
    if (found.length == 3000 || performance.now() > ends) break;
    const box = each.getBoundingClientRect();
    if (box.width < 4 || box.height < 4 || box.height > 400 || box.top < 0 || box.bottom > innerHeight) continue;
    const text = (each.innerText || '').slice(0, 3000).replace(/\\s+/g, ' ').trim().slice(0, 1000);
    if (text) found.push([box.left, box.top, box.width, box.height, text]);
  }
  return JSON.stringify(found);
})()"""
T = TypeVar("T")
_UNSEEN = {"image", "media", "font"}  # not loaded unless a screenshot is made
_NO_BODY = "ERR_HTTP_RESPONSE_CODE_FAILURE"
_DOCUMENT = """(() => {
  const kind = document.doctype ? '<!DOCTYPE ' + document.doctype.name + '>' : '';
  const text = kind + (document.documentElement ? document.documentElement.outerHTML : '');
  return JSON.stringify(text.length > MOST ? {length: text.length} : {text: text, type: document.contentType});
})()"""

_MAIN = {"document", "xhr", "fetch"}
_FILLING = _MAIN | {"script"}  # what a list may be made of
# A response that broke off, as Chromium calls it; not one that the page itself gave up, or that was refused.
_BROKEN = re.compile(
    r"ERR_(CONNECTION_(RESET|CLOSED|ABORTED)|CONTENT_\w+|INCOMPLETE_\w+|INVALID_CHUNKED\w*|EMPTY_RESPONSE|HTTP2_\w+)"
)
_MOST_RESPONSES, _MOST_BYTES = 60, 30_000_000  # that are kept of one visit
_REST = 0.5  # seconds without a request
_IDLE = "new Promise(done => requestIdleCallback(() => done('0'), {timeout: 1000}))"
_SECRET_HEADERS = {"set-cookie", "set-cookie2"}


class Traffic:
    """Follows the requests of a page, without those of its popups. `document` is the last response to a navigation,
    `broken` has the addresses whose responses broke off, with the browser's words.
    """

    def __init__(self, page: Page, clock: Callable[[], datetime]) -> None:
        self._page, self._clock = page, clock
        self._under_way: set[Request] = set()
        self._moved = time.monotonic()
        self.document: Response | None = None
        self.broken: dict[str, str] = {}
        self.broke_off = asyncio.Event()  # the document did: the browser waits for its rest, for ever
        self._responses: list[tuple[Response, datetime]] = []
        page.on("request", self._note_request)
        page.on("requestfinished", self._note_whole)
        page.on("requestfailed", self._note_broken)
        page.on("response", self._note_response)

    async def rest(self) -> None:
        """Wait until no request was under way for a while, and the page has nothing left to do; for ever, if it never
        rests.
        """
        from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

        asked = self._moved = time.monotonic()  # what was done before may still lead to a request
        while self._under_way or self._moved >= asked:
            if self._under_way or time.monotonic() - self._moved < _REST:
                await asyncio.sleep(0.05)
                continue
            asked = time.monotonic()  # a busy machine may not have run its scripts yet
            with suppress(Error):  # the page is another one now, or gone
                await evaluate(self._page, _IDLE)

    async def responses(self, peers: Mapping[str, str]) -> tuple[Reported, ...]:
        """The main responses as the browser reports them; `peers` has the addresses of hosts."""
        kept, size = list[Reported](), 0
        for response, at in self._responses:
            body = b""
            with suppress(Exception):  # the browser keeps no body of a redirect, nor all large ones
                body = await response.body()
            size += len(body)
            if size > _MOST_BYTES:
                break
            headers = [(each["name"], each["value"]) for each in await response.headers_array()]
            kept.append(
                Reported(
                    response.request.method,
                    response.url,
                    response.status,
                    response.status_text,
                    [(name, value) for name, value in headers if name.lower() not in _SECRET_HEADERS],
                    body,
                    peers.get(urlsplit(response.url).hostname or "", ""),
                    at,
                )
            )
        return tuple(kept)

    def refuse_part(self, document: Response) -> None:
        """Raise BadResponse where the page, or a response of its own site that it may be made of, broke off: a browser
        shows what it has, and a part of a list looks like a list.
        """
        host = urlsplit(document.url).hostname
        for url, why in self.broken.items():
            if urlsplit(url).hostname == host:
                what = "its page" if url == document.url else "what its page asks for"
                raise BadResponse(f"{host} broke off in the middle of {what} ({why}): a part is not read")

    def _note_request(self, request: Request) -> None:
        self._under_way.add(request)
        self._moved = time.monotonic()

    def _note_whole(self, request: Request) -> None:
        self.broken.pop(request.url, None)  # the page may ask once more
        self._end(request)

    def _note_broken(self, request: Request) -> None:
        if request.resource_type in _FILLING and (found := _BROKEN.search(request.failure or "")):
            self.broken[request.url] = found[0]
            if self.document and self.document.request == request:
                self.broke_off.set()
        self._end(request)

    def _end(self, request: Request) -> None:
        self._under_way.discard(request)
        self._moved = time.monotonic()

    def _note_response(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self.document = response
        if request.resource_type in _MAIN and len(self._responses) < _MOST_RESPONSES:
            self._responses.append((response, self._clock()))


async def picture(page: Page) -> tuple[bytes, tuple[Place, ...]]:
    """A screenshot as PNG, of the top of a very long page, and the places on it; no bytes if it cannot be made, or is
    too large.
    """
    from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

    made, places = b"", tuple[Place, ...]()
    with suppress(Error):
        height = min(8000, int(await page.evaluate("document.documentElement.scrollHeight")))  # pixels of a screenshot
        await page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, height)})
        made = await page.screenshot(type="png", timeout=_SECONDS * 1000, animations="disabled")
        if len(made) > 8_000_000:  # bytes
            return b"", ()
        found = await evaluate(page, _PLACES)
        places = tuple(Place(round(x), round(y), round(wide), round(high), text) for x, y, wide, high, text in found)
    return made, places


class Taken(NamedTuple):
    """What a visit brought: the page's final address, the response to its last navigation, and its content.

    `body` is the rendered document as HTML in UTF-8, or the response's own body where that is no HTML. `hops` are the
    addresses of redirects.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    rendered: bool
    hops: tuple[str, ...]


class Wish(NamedTuple):
    """What is asked of a visit. `seconds` is for the whole of it; `credentials` are for the origin of `url` alone."""

    url: str
    seconds: float
    max_bytes: int
    headers: dict[str, str]
    user_agent: str
    credentials: Any
    steps: Sequence[Step]
    wait_for: str | None
    screenshot: bool
    proving: bool


@dataclass
class Visit:
    """A visit with a context and a gateway of its own. `storage` are the cookies that it begins with, and then those
    that it ends with.
    """

    browser: Browser
    gateway: Gateway
    clock: Callable[[], datetime]
    pages: set[int]
    storage: StorageState | None = None
    _opened: BrowserContext | None = None
    _process: int = 0

    async def pay(self, wish: Wish) -> tuple[Taken, Rendering]:
        """The document and what the browser reports. Raises FetchError, TimeoutError and playwright's Error."""
        began, ends = self.clock(), time.monotonic() + wish.seconds
        context = self._opened = await self._context(wish)
        page = await context.new_page()
        self._process = await _process_of(page)
        self.pages.add(self._process)
        context.on("page", _close)  # popups

        async def limit_frames(_: object) -> None:
            if len(page.frames) > MOST_FRAMES:
                self.gateway.exceeded = TooLarge(f"the page has more than {MOST_FRAMES} frames")
                await _close(page)

        page.on("frameattached", limit_frames)
        traffic = Traffic(page, self.clock)
        actor = Actor(page, traffic.rest, wish.seconds, ends, wish.max_bytes, urlsplit(wish.url).hostname or "")
        taken = await _unless_ended(page, traffic, self._look(wish, page, traffic, actor))
        shot, places = await picture(page) if wish.screenshot else (b"", ())
        responses = await traffic.responses(self.gateway.peers) if wish.proving else ()
        self.storage = await context.storage_state()
        name = f"Chromium {self.browser.version}"
        return taken, Rendering(name, began, self.clock(), responses, shot, self.gateway.refused, places)

    async def aclose(self) -> None:
        """Close the context; a browser that does not answer is found broken by the next visit."""
        self.pages.discard(self._process)
        if self._opened:
            with suppress(Exception):
                await asyncio.wait_for(self._opened.close(), 5.0)

    async def _context(self, wish: Wish) -> BrowserContext:
        context = await self.browser.new_context(
            proxy={
                "server": self.gateway.address,
                "username": USER,
                "password": self.gateway.password,
                "bypass": "<-loopback>",
            },
            accept_downloads=False,
            service_workers="block",
            permissions=[],
            user_agent=wish.user_agent,
            extra_http_headers=wish.headers,
            http_credentials=wish.credentials,
            storage_state=self.storage,
            viewport={"width": WIDTH, "height": HEIGHT},
        )
        if not wish.screenshot:
            await context.route("**/*", _without_pictures)
        return context

    async def _look(self, wish: Wish, page: Page, traffic: Traffic, actor: Actor) -> Taken:
        if refusal := await self._open(wish, page, traffic):
            return refusal
        if wish.steps:
            await traffic.rest()  # a script has to be there before what it listens for
        await actor.do(wish.steps)
        if wish.wait_for:
            await actor.appear(wish.wait_for)
        if wish.wait_for or (wish.steps and wish.steps[-1].wait_for):
            await _settle(page)
        else:
            await traffic.rest()
        self._stop_if_refused(traffic)
        document = traffic.document
        if document is None:
            raise BadResponse("the browser has no answer to this address")
        traffic.refuse_part(document)
        found = await evaluate(page, _DOCUMENT.replace("MOST", str(wish.max_bytes)))
        if "text" not in found:
            raise TooLarge(f"the rendered page has {found['length']:,} characters (max_bytes: {wish.max_bytes:,})")
        rendered = "html" in found["type"]
        if rendered:  # where the document ends in the middle, the browser has closed what was left open
            from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

            with suppress(Error, UnicodeError):  # the browser keeps no large body
                text = (await document.body()).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
                if cut := await asyncio.to_thread(where_cut, text):
                    raise BadDocument(f"{document.url} ends {cut}: the answer was cut off", code="truncated")
        body = found["text"].encode("utf-8", "replace") if rendered else await document.body()
        if len(body) > wish.max_bytes:
            raise TooLarge(f"the page has {len(body):,} bytes (max_bytes: {wish.max_bytes:,})")
        return Taken(page.url, document.status, await document.all_headers(), body, rendered, _hops(document))

    async def _open(self, wish: Wish, page: Page, traffic: Traffic) -> Taken | None:
        """Go to the address. An error status without a body is no page for the browser: it is returned."""
        from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

        try:
            await page.goto(wish.url, wait_until="domcontentloaded", timeout=0)
        except Error as error:
            self._stop_if_refused(traffic)
            document = traffic.document
            if document is None or _NO_BODY not in str(error):
                raise
            headers = await document.all_headers()
            return Taken(document.url, document.status, headers, b"", rendered=False, hops=_hops(document))
        self._stop_if_refused(traffic)
        return None

    def _stop_if_refused(self, traffic: Traffic) -> None:
        """Raise the gateway's own error where the page could not be reached, or was too large."""
        if self.gateway.exceeded:
            raise self.gateway.exceeded
        if traffic.document:
            host = urlsplit(traffic.document.url).hostname or ""
            if host in self.gateway.failures and host not in self.gateway.peers:
                raise self.gateway.failures[host]


async def _process_of(page: Page) -> int:
    """The number of the process of a new page, with which the numbers of its requests begin: nothing else tells it at
    once. Some versions add 10 ** 9 to it. 0 if it is not told.
    """
    numbers, control = list[str](), await page.context.new_cdp_session(page)
    control.on("Network.requestWillBeSent", lambda told: numbers.append(told["requestId"]))
    await control.send("Network.enable")
    await control.send("Runtime.evaluate", {"expression": "fetch('data:,')", "awaitPromise": True})
    await control.detach()
    return next((int(found[0]) % 10**9 for each in numbers if (found := re.match(r"\d+(?=\.)", each))), 0)


async def _unless_ended(page: Page, traffic: Traffic, work: Awaitable[T]) -> T:
    """The result of `work`. Raises BrowserFailed as soon as the page's process ends, and BadResponse as soon as its
    document broke off.
    """
    gone = asyncio.Event()

    def end(_: Page) -> None:
        gone.set()

    page.on("crash", end)
    page.on("close", end)
    crash, cut = asyncio.ensure_future(gone.wait()), asyncio.ensure_future(traffic.broke_off.wait())
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task, crash, cut}, return_when=asyncio.FIRST_COMPLETED)
        failed = task.exception() if task.done() else None
        if failed and not isinstance(failed, SourceError):  # a crash may be heard of after the call that it ended
            await asyncio.wait({crash}, timeout=0.5)
        if task.done() and not gone.is_set():
            return task.result()
        if not gone.is_set() and traffic.document:
            traffic.refuse_part(traffic.document)
        raise BrowserFailed("the browser's process for this page ended: it crashed", code="browser_crashed")
    finally:
        for each in (task, crash, cut):
            each.cancel()
        await asyncio.gather(task, crash, cut, return_exceptions=True)


async def _without_pictures(route: Route) -> None:
    with suppress(Exception):  # the page is gone
        if route.request.resource_type in _UNSEEN:
            await route.abort()
        else:
            await route.continue_()


async def _close(page: Page) -> None:
    with suppress(Exception):
        await page.close()


async def _settle(page: Page) -> None:
    """Wait until the number of elements stays the same, for a while at most."""
    count, loop = -1, asyncio.get_running_loop()
    ends = loop.time() + 2.0  # seconds within which the list that `wait_for` saw may still grow
    while loop.time() < ends:
        before, count = count, int(await page.evaluate("document.getElementsByTagName('*').length"))
        if count == before:
            return
        await asyncio.sleep(0.25)


def _hops(document: Response) -> tuple[str, ...]:
    hops, request = list[str](), document.request.redirected_from
    while request:
        hops.append(request.url)
        request = request.redirected_from
    return tuple(reversed(hops))
