"""The proposal for a feed, and the feeds that a page links to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urljoin

from sources import Page, SourceError
from sources.formats.feeds import read_feed
from watcher.propose.keys import explain
from watcher.propose.proposal import Proposal, Sketch

_SCORE = 3.0  # certain: the document says that it is a feed
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")


def propose(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """The feed. Raises SourceError if the page is none, or cannot be read."""
    items = read_feed(page)
    columns = {
        "id": [item.id for item in items],
        "link": [item.link for item in items],
        "title": [item.title for item in items],
        "author": [item.fields.get("author", "") for item in items],
        "published": [item.published.isoformat() if item.published else "" for item in items],
        "text": [item.text for item in items],
    }
    columns = {name: values for name, values in columns.items() if any(values)}
    if items and columns:
        yield Sketch(_SCORE, partial(_proposal, len(items), columns))


def _proposal(number: int, columns: dict[str, list[str]]) -> Proposal:
    usual = next(name for name in columns if all(columns[name]) or name in ("title", "text"))
    key, options = explain(columns, [usual]), dict[str, Any]()
    if key.shared:
        # With the id in the key, a later item of the same title is another entry.
        together = (explain(columns, [usual, name]) for name in columns if name != usual)
        key = min([key, *together], key=lambda key: key.shared)
        options |= {"key": list(key.names)} if len(key.names) > 1 else {}
    return Proposal("feed", options, f"a feed of {number} items", key, columns)


def linked(page: Page) -> list[str]:
    """The addresses of the feeds that a page links to."""
    try:
        links = list(page.html.iter("link"))
    except SourceError:
        return []
    feeds = [link for link in links if "alternate" in (link.get("rel") or "") and link.get("type") in _TYPES]
    return list(dict.fromkeys(urljoin(page.url, link.get("href", "").strip()) for link in feeds if link.get("href")))
