"""The pages that a proposal is made of: fetched from their site at its pace, or saved in a file."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sources import Get, Page, Source, SourceError
from sources.blocked.classify import check, unfilled
from sources.http.fetcher import Fetcher
from sources.options import HttpOptions
from watcher.errors import UsageError
from watcher.tools.saved_pages import saved_page


class Site:
    """Asks a site for pages, not more often than `[http] spacing` says."""

    def __init__(self, http: HttpOptions) -> None:
        self.http = http
        self._free = 0.0  # when the next request may go, by the monotonic clock

    def fetch(self, get: Get) -> Page:
        """The page that answers. Raises FetchError."""
        time.sleep(max(0.0, self._free - time.monotonic()))
        try:
            return asyncio.run(self._fetch(get))
        finally:
            self._free = time.monotonic() + self.http.spacing.total_seconds()

    async def _fetch(self, get: Get) -> Page:
        async with aclosing(Fetcher(self.http, clock=lambda: datetime.now(UTC))) as fetcher:
            return await fetcher.session(Source(url=get.url)).fetch(get)


def saved(address: str) -> Path | None:
    """The file that an address is, None where it is none. Raises UsageError for a folder."""
    file = Path(address)
    if "://" in address or not file.exists():
        return None
    if file.is_dir():
        raise UsageError(f"{file} is a folder; give the file of one page, or the address of one")
    return file


def from_file(file: Path, url: str | None, http: HttpOptions) -> Page:
    """A saved page, under the address that is given, or that it gives as its own. Raises FetchError."""
    page = saved_page(Source().under(http), Get(url or str(file)), file, datetime.now(UTC))
    own = url or _own_address(page)
    return replace(page, get=Get(own), url=own) if own else page


def web_address(address: str) -> str:
    """An address as it is asked for. Raises UsageError for what is none."""
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
    """Raise, as reading it would, for a page in place of the content: a challenge, a login, an empty shell.

    Where nothing repeats, one that only JavaScript would fill is no content either, though it may have some data in it.
    """
    check(page)
    if nothing_repeats and (shell := unfilled(page)):
        raise shell


def _own_address(page: Page) -> str | None:
    """The address that a saved page gives as its own."""
    try:
        root = page.html
    except SourceError:
        return None
    own = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
    own += [meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:url"]
    return next((address for address in own if address and address.startswith(("https://", "http://"))), None)
