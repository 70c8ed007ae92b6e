"""The pages for a proposal: fetched with the configured spacing, rendered by a browser, or saved in a file."""

import asyncio
import math
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from sources import Get, Page, Source, SourceError
from sources.blocked.classify import check_content, explain_sign_in, explain_unfilled
from sources.browser.chromium import can_start, standing
from sources.browser.fetcher import PageFetcher
from sources.errors import TimedOut, WrongContent
from sources.formats.pdf import check_extra
from sources.options import BrowserOptions, HttpOptions
from watcher.errors import UsageError
from watcher.trials.saved_pages import read_saved_page

_MOVED = {301, 308}  # statuses of redirects that say: use that address from now on
_PICTURE = {"fetch": "browser", "screenshot": True, "timeout": "20s"}  # the page may be one that never rests


class Site:
    """Fetches pages, with `[http] spacing` seconds between two requests, and for `seconds` in all, if given. `options`
    are those of a source that is read as these pages were; with a `browser` they may be rendered.

    Used as a context manager: its connections and its browser last as long.
    """

    def __init__(self, http: HttpOptions, browser: BrowserOptions | None = None, seconds: float = math.inf) -> None:
        self.http = http
        self.options: dict[str, Any] = {}
        self._browser, self._seconds = browser, seconds
        self._ends = time.monotonic() + seconds
        self._free = 0.0  # monotonic time at which the next request may be sent
        self._moves: dict[str, str] = {}  # from where, by the new address
        self._runner = asyncio.Runner()
        self._fetcher: PageFetcher | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._runner as runner:
            if self._fetcher:
                runner.run(self._fetcher.aclose())

    @property
    def is_rendered(self) -> bool:
        """Whether a browser renders the pages."""
        return "fetch" in self.options

    def render(self) -> bool:
        """Let a browser render the pages from now on; whether there is one."""
        there = self._browser is not None and can_start(self._browser)
        self.options = {"fetch": "browser"} if there else {}
        return there

    @property
    def missing_browser(self) -> str:
        """What brings a browser, "" where there is one."""
        browser = self._browser or BrowserOptions()
        return "" if can_start(browser) else standing(browser)

    def plain(self) -> None:
        """Fetch the pages without a browser from now on."""
        self.options = {}

    def fetch(self, get: Get, *, plain: bool = False, picture: bool = False) -> Page:
        """The response; a `plain` request needs no browser, a `picture` is the page as drawn. What moved permanently is
        the answer to a request of its new address. Raises FetchError.
        """
        time.sleep(max(0.0, min(self._free, self._ends) - time.monotonic()))
        options = {} if plain else {**self.options, **(_PICTURE if picture else {})}
        source = Source.model_validate({"url": get.url, **options})

        async def fetch() -> Page:
            browser, clock = self._browser or BrowserOptions(), partial(datetime.now, UTC)
            # a proof has the redirects
            self._fetcher = self._fetcher or PageFetcher(self.http, browser, clock=clock, proving=True)
            async with asyncio.timeout(None if math.isinf(self._ends) else self._ends - time.monotonic()):
                return await self._fetcher.session(source).fetch(get)

        try:
            return self._follow(self._runner.run(fetch()))
        except TimeoutError:
            raise TimedOut(f"looking at {get.url} and what it leads to took more than {self._seconds:g} s") from None
        finally:
            self._free = time.monotonic() + self.http.spacing.total_seconds()

    def _follow(self, page: Page) -> Page:
        """A page as the answer to the address to which its own moved permanently, which has no credentials."""
        get, hops = page.get, page.transcript.hops if page.transcript else ()
        kept = len(list(takewhile(lambda hop: hop.status in _MOVED, hops)))
        if not kept or not get.conditional or "@" in urlsplit(get.url).netloc:
            return page
        new = [*(hop.url for hop in hops), page.url][kept] + "".join(get.url.partition("#")[1:])
        self._moves[new] = get.url
        return replace(page, get=replace(get, url=new, query={}))

    def moved(self, page: Page) -> str:
        """A remark on the move of a page; "" where it stayed."""
        old = self._moves.get(page.get.url)
        return f"{old} moved permanently to {page.get.url}" if old else ""


def find_saved(address: str) -> Path | None:
    """The file at an address; None if it is none. Raises UsageError for a folder."""
    file = Path(address)
    if "://" in address or not file.exists():
        return None
    if file.is_dir():
        raise UsageError(f"{file} is a folder; give the file of one page, or the address of one")
    return file


def from_file(file: Path, url: str | None, http: HttpOptions) -> Page:
    """A saved page with the given address, or else the address in it. Raises FetchError."""
    page = read_saved_page(Source().under(http), Get(url or str(file)), file, datetime.now(UTC))
    with suppress(SourceError):
        where = () if url else ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
        own = (address for xpath in where for address in page.html.xpath(xpath))
        url = url or next((address for address in own if address.startswith(("https://", "http://"))), None)
    return replace(page, get=Get(url), url=url) if url else page


def web_address(address: str) -> str:
    """The URL to fetch. Raises UsageError for an invalid one."""
    whole = address if "://" in address else f"https://{address}"
    try:
        parts = urlsplit(whole)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # such as brackets without an address in them
        usable = False
    if not usable:
        raise UsageError(f'{address} is neither a file nor an address that begins with "https://" or "http://"')
    return whole


def refuse_block(page: Page, *, nothing_repeats: bool = False) -> None:
    """Raise the error of a check for a page without content: a challenge, a login, an empty shell.

    If nothing repeats, a page that needs JavaScript counts as empty, too, even with some data in it, and so does a
    form to sign in, whose address somebody may have given; and what this program can read may be an extra.
    """
    rendered = page.rendering is not None
    check_content(page, rendered=rendered)
    if nothing_repeats and (refused := explain_unfilled(page, rendered=rendered) or explain_sign_in(page)):
        raise refused
    if nothing_repeats and page.body.startswith(b"%PDF-"):
        try:
            check_extra()
        except ValueError as error:
            raise WrongContent(f"{page.url} is a PDF file. {error}") from None
