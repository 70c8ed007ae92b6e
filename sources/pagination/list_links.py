"""The links of an HTML page that lead to other pages of the same list.

The same list is the same path with another query, or with another number in it. Only the two ends of a large page are
looked at, less its scripts: that is where pagers stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urlsplit

from sources.formats.markup.html import text_of
from sources.formats.markup.links import absolute
from sources.model import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_END = 32_000  # bytes of each end of a large page
_MOST_LINKS = 5_000
_UNSEEN = (b"script", b"style", b"svg")
_PLACE = re.compile(
    r"(?:[/_-]?(?:page|pg?|seite|pagina|strona|sida|side)?[/_=-]?\d{1,6})?(\.[a-z]{2,5})?/?$", re.IGNORECASE
)


class Link(NamedTuple):
    """A link: its element, where it leads, and its text on one line."""

    element: HtmlElement
    url: str
    text: str


def list_links(page: Page) -> list[Link]:
    """The links to other pages of the page's list. Raises SourceError for what is no HTML."""
    return list(islice(_links(ends(page).html, page.url), _MOST_LINKS))


def ends(page: Page) -> Page:
    """The page itself if it is small, else its two ends, without what is not shown: their ends are they themselves."""
    if len(page.body) <= 2 * _END:
        return page
    body = page.body
    for name in _UNSEEN:
        body = _without(body, name)
    return replace(page, body=body if len(body) <= 2 * _END else body[: _END - 1] + b">\n" + body[1 - _END :])


def _without(body: bytes, name: bytes) -> bytes:
    """A body without elements of a name, as it is usually written, in time that grows with its length alone."""
    kept, at = bytearray(), 0
    while (begins := body.find(b"<" + name, at)) >= 0:
        ends = body.find(b"</" + name, begins)
        if ends < 0:
            break
        kept += body[at:begins]
        at = ends
    return bytes(kept + body[at:])


def _links(root: HtmlElement, base: str) -> Iterator[Link]:
    for element in root.iter("a", "link"):
        href = (element.get("href") or "").strip()
        url = absolute(base, href) if href and not href.startswith(("#", "javascript:", "mailto:")) else ""
        if url and _is_of_the_list(base, url) and not _is_disabled(element):
            text = text_of(element) if element.tag == "a" else ""
            yield Link(element, url.partition("#")[0], " ".join(text.split()))


def _is_disabled(element: HtmlElement) -> bool:
    parent = element.getparent()
    near = [element] if parent is None else [element, parent]
    return any("disabled" in (each.get("class") or "").split() or each.get("aria-disabled") == "true" for each in near)


def _is_of_the_list(base: str, url: str) -> bool:
    one, other = _split(base), _split(url)
    if one is None or other is None or (one.hostname, one.port) != (other.hostname, other.port):
        return False
    if one.path.rstrip("/") == other.path.rstrip("/"):
        return one.query != other.query
    return _stem(one.path) == _stem(other.path) and one.path != other.path


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _stem(path: str) -> str:
    """A path without a page's number and without the ending: "/list" of "/list/page/2/" and of "/list.html"."""
    return _PLACE.sub("", path, count=1).rstrip("/")
