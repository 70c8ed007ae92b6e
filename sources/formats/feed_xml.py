"""Parses feeds in XML, well formed or not, by feedparser."""

from __future__ import annotations

import html
import io
from typing import Any

from sources.errors import BadDocument, SourceError
from sources.formats.feed_items import Parts
from sources.text import clean


def read(text: str, content_type: str, url: str, *, channel: bool) -> list[Parts]:
    """The items of a feed. `text` has no XML declaration; `channel` is whether it has a feed's root element.

    Raises BadDocument when it has no items, and is malformed or no feed.
    """
    # A stream, since feedparser opens a string that is a path, and fetches one that is a URL.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    headers = {"content-type": f"{content_type or 'application/xml'}; charset=utf-8"}
    feed = _parsed(stream, headers, url)
    if not feed.entries and (feed.bozo or not channel):
        raise BadDocument(f"{url} has no entries and is no sound feed: {feed.get('bozo_exception', 'no channel')}")
    return [_parts(entry) for entry in feed.entries]


def _parsed(stream: io.BytesIO, headers: dict[str, str], url: str) -> Any:
    """feedparser's result. It raises for some ill-formed feeds, for example a georss point without coordinates."""
    import feedparser  # noqa: PLC0415 - 0.1 s, and only feeds need it

    try:
        return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        raise BadDocument(f"{url} is an ill-formed feed: {type(error).__name__}: {clean(str(error))[:80]}") from error


def _parts(entry: Any) -> Parts:
    def get(name: str, default: Any = "") -> Any:
        # feedparser's own get() substitutes other dates for missing ones. For an unknown element with attributes it
        # gives the attributes, such as for a creator with a language.
        value = dict.get(entry, name)
        return value if value and isinstance(value, type(default)) else default

    # `link` is the last one found, even inside another element, such as RBC's related links.
    links = (link.get("href") for link in get("links", []) if link.get("rel") == "alternate")
    return Parts(
        id=html.unescape(get("id")),  # feedparser leaves it escaped in an ill-formed feed
        link=get("pdalink") or next(filter(None, links), get("link")),
        title=get("title"),
        summary=get("summary"),
        content=next((part.get("value", "") for part in get("content", [])), ""),
        dates=[get("published"), get("updated"), get("created")],
        authors=[get("x-name") or get("x-author"), get("dc_x-creator")],
        categories=[tag.get("term") or tag.get("label") or "" for tag in get("tags", [])],
        source=get("source", {}).get("title", ""),
    )
