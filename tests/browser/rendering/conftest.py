"""`visit`: renders an address in a real Chromium, as the program does; `trap`: a site that nothing may reach.

The desk's tests keep Playwright's synchronous loop in this thread: what is asynchronous runs in one of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from sources import Get, Page
from sources.browser.fetcher import PageFetcher
from sources.http.guard import Guard
from sources.loader import kind
from sources.options import BrowserOptions, HttpOptions
from sources.reading.engine import read_page
from tests.browser import chromium
from tests.conftest import Site

HERE = ip_network("127.0.0.1/32")
NAMES = {"trap.example": ["127.0.0.2"], "site.example": ["127.0.0.1"], "both.example": ["127.0.0.1", "127.0.0.2"]}


def look_up(host: str, port: int) -> list[str]:
    if host in NAMES:
        return NAMES[host]
    raise OSError("no such name")


class Renderer:
    """The program's fetcher in an event loop of its own."""

    def __init__(self, **browser: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        http = HttpOptions(private_addresses=(HERE,), timeout="60s", user_agent="registry-watch-test")
        options = BrowserOptions(command=chromium.path(), **browser)
        self.fetcher = PageFetcher(http, options, clock=lambda: datetime.now(UTC), proving=True)
        self.fetcher.http.guard = Guard((HERE,), look_up=look_up)

    def run(self, work: Coroutine[None, None, Any]) -> Any:
        result: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return result.result(110)

    def visit(self, url: str, **options: Any) -> Page:
        return self.visits([Get(url)], url=url, **options)[0]

    def visits(self, gets: Sequence[Get], **options: Any) -> list[Page]:
        """The pages of one check."""
        source = kind("table").model_validate({"fetch": "browser", "key": "name"} | options)
        session = self.fetcher.session(source)

        async def all_() -> list[Page]:
            return [await session.fetch(get) for get in gets]

        pages: list[Page] = self.run(all_())
        return pages

    def entries(self, url: str, **options: Any) -> list[dict[str, str]]:
        """The entries of a table on the page as it is rendered."""
        source = kind("table").model_validate({"fetch": "browser", "key": "name", "url": url} | options)
        page = self.visit(url, **options)
        return [dict(entry.fields) for entry in read_page(source, page)]  # type: ignore[union-attr]

    def close(self) -> None:
        self.run(self.fetcher.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


@pytest.fixture
def new_renderer() -> Iterator[Callable[..., Renderer]]:
    made: list[Renderer] = []

    def make(**options: Any) -> Renderer:
        made.append(Renderer(**options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def visit(renderer: Renderer) -> Callable[..., Page]:
    return renderer.visit


@pytest.fixture
def trap(new_site: Callable[..., Site]) -> Site:
    """A recording server at an address that is not allowed."""
    return new_site(at=("127.0.0.2", 0))
