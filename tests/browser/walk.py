"""Opens every page of the desk that links lead to: a few of each shape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import Page

ALIKE = 3  # pages whose addresses differ in a number, a name, or the query
_VARIES = re.compile(r"^(/(?:cases|sources|config/\w+)/)[^/]+|\d+")
_NO_PAGE = re.compile(r"^/(?:api|feeds|static)/|^/metrics$|\.zip$|/page/(?:before|after)$")
_LINKS = "links => links.map(link => link.href)"


def walk(page: Page, *starts: str) -> Iterator[str]:
    """The path of each page, which is open then; those at `starts` first. What is no page is left out."""
    shapes, seen = Counter[tuple[str, bool]](), set[str]()
    waiting = [*starts, "/"]
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        shape = _VARIES.sub(r"\1", parts.path), bool(parts.query)
        if address in seen or shapes[shape] == ALIKE:
            continue
        seen.add(address)
        shapes[shape] += 1
        page.goto(address)
        yield address
        waiting += _found(page)


def _found(page: Page) -> Iterator[str]:
    """The paths of other pages of the desk that a page links to, with their queries."""
    here = urlsplit(page.url)
    for link in page.locator("a[href]").evaluate_all(_LINKS):
        parts = urlsplit(urldefrag(urljoin(page.url, link)).url)
        if parts.netloc == here.netloc and parts.scheme == here.scheme and not _NO_PAGE.search(parts.path):
            yield parts._replace(scheme="", netloc="").geturl()
