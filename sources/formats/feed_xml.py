"""Feeds in XML, well formed or not, by feedparser."""

from __future__ import annotations

import html
import io
from typing import Any

from sources.errors import BadDocument, SourceError
from sources.formats.feed_items import Parts
from sources.text import clean


def read(text: str, content_type: str, url: str, *, channel: bool) -> list[Parts]:
    """The items of a feed, its declaration taken off; `channel` is whether it looks whole when it has none.

    Raises BadDocument when there is nothing to be read in it.
    """
    # A stream, since feedparser opens a string that is the name of a file, and fetches one that is an address.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    headers = {"content-type": f"{content_type or 'application/xml'}; charset=utf-8"}
    feed = _parsed(stream, headers, url)
    if not feed.entries and (feed.bozo or not channel):
        raise BadDocument(f"{url} has no entries and is no sound feed: {feed.get('bozo_exception', 'no channel')}")
    return [_parts(entry) for entry in feed.entries]


def _parsed(stream: io.BytesIO, headers: dict[str, str], url: str) -> Any:
    """What feedparser makes of it. Some ill-formed feeds make it stumble: a place without coordinates, for one."""
    import feedparser  # noqa: PLC0415 - 0.1 s, and only feeds need it

    try:
        return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        raise BadDocument(f"{url} is an ill-formed feed: {type(error).__name__}: {clean(str(error))[:80]}") from error


def _parts(entry: Any) -> Parts:
    def get(name: str, default: Any = "") -> Any:
        # feedparser's own get() puts other dates in the place of missing ones. What it does not know and has attributes
        # is these, whatever its name: a creator with a language, for one.
        value = dict.get(entry, name)
        return value if value and isinstance(value, type(default)) else default

    # `link` itself is the last one found, even inside another element, such as RBC's related links.
    links = (link.get("href") for link in get("links", []) if link.get("rel") == "alternate")
    return Parts(
        id=html.unescape(get("id")),  # in an ill-formed feed it is still escaped
        link=get("pdalink") or next(filter(None, links), get("link")),
        title=get("title"),
        summary=get("summary"),
        content=next((part.get("value", "") for part in get("content", [])), ""),
        dates=[get("published"), get("updated"), get("created")],
        authors=[get("x-name") or get("x-author"), get("dc_x-creator")],
        categories=[tag.get("term") or tag.get("label") or "" for tag in get("tags", [])],
        source=get("source", {}).get("title", ""),
    )
