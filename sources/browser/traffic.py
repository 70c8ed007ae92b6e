"""The requests of a page: which of them are under way, what broke off, and the responses that evidence keeps."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources.errors import BadResponse
from sources.model.transcript import Reported

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Response

_MAIN = {"document", "xhr", "fetch"}
_FILLING = _MAIN | {"script"}  # what a list may be made of
# A response that broke off, as Chromium calls it; not one that the page itself gave up, or that was refused.
_BROKEN = re.compile(
    r"ERR_(CONNECTION_(RESET|CLOSED|ABORTED)|CONTENT_\w+|INCOMPLETE_\w+|INVALID_CHUNKED\w*|EMPTY_RESPONSE|HTTP2_\w+)"
)
_MOST_RESPONSES, _MOST_BYTES = 60, 30_000_000  # that are kept of one visit
_REST = 0.5  # seconds without a request
_REST_LOOK = 0.05
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
        """Wait until no request was under way for a while; for ever, if the page never rests."""
        self._moved = time.monotonic()  # what was done before may still lead to a request
        while self._under_way or time.monotonic() - self._moved < _REST:  # noqa: ASYNC110 - it is about time passing
            await asyncio.sleep(_REST_LOOK)

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
