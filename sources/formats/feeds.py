"""Feeds of all formats as items in plain text: RSS 0.9 to 2.0, RDF, Atom, JSON Feed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sources.errors import BadDocument, WrongContent
from sources.formats import feed_xml
from sources.formats.feed_items import Item, Parts, from_markup, from_text
from sources.formats.markup.html import not_html, plain
from sources.text import clean

if TYPE_CHECKING:
    from sources.model import Page

_ROOT = re.compile(r"<(?:\w+:)?(rss|rdf|feed|html|head|body)\b", re.IGNORECASE)
_HEAD = 20_000  # characters in which the format is detected
_DECLARATION = re.compile(r"<\?xml\b[^>]*>")
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)</title", re.IGNORECASE)
# feedparser searches these elements for e-mail addresses in quadratic time, so a hostile name of a megabyte would block
# the program. Renamed elements are not searched.
_PEOPLE = re.compile(
    r"(</?(?:[\w.-]+:)?)(author|creator|contributor|publisher|managingeditor|webmaster|owner|name|email)\b",
    re.IGNORECASE,
)


def read_feed(page: Page) -> list[Item]:
    """The items of a feed, in order; empty for a valid feed without items.

    Raises WrongContent when the page is no feed, BadDocument when it cannot be parsed, or is truncated.
    """
    text = page.text.lstrip("\ufeff \t\r\n")
    items = _json_items(page) if text[:1] in ("{", "[") else _xml_items(page, text)
    telling = [item for item in items if item.id or item.link or item.title or item.text]
    if items and not telling:
        raise BadDocument(f"{page.url}: none of its {len(items)} items has an id, a link, a title or a text")
    return telling


def _xml_items(page: Page, text: str) -> list[Item]:
    root = _ROOT.search(text, 0, _HEAD)
    if root is None or root[1].lower() not in ("rss", "rdf", "feed"):
        raise WrongContent(f"{page.url} is no feed but {_what(page, text, root)}")
    end = root[1] if root[1].lower() == "feed" else f"(?:{root[1]}|channel)"
    if not re.search(rf"</(?:\w+:)?{end}\s*>", text, re.IGNORECASE):
        raise BadDocument(f"{page.url} has no end </{root[1]}>: the answer was cut off")
    # The declared encoding is wrong for decoded text.
    declaration = _DECLARATION.match(text)
    text = _PEOPLE.sub(r"\1x-\2", text[declaration.end() if declaration else 0 :])
    channel = root[1].lower() == "feed" or "<channel" in text.lower()
    parts = feed_xml.read(text, page.content_type, page.url, channel=channel)
    return [from_markup(each, page.url) for each in parts]


def _what(page: Page, text: str, root: re.Match[str] | None) -> str:
    if root:
        title = _TITLE.search(text[:_HEAD])
        return f'an HTML page titled "{clean(plain(title[1]))[:80]}"' if title else "an HTML page"
    tag = re.search(r"<([\w:.-]+)", text[:_HEAD])
    return not_html(page) or (f"an XML document <{tag[1]}>" if tag else f"text: {clean(text)[:60]!r}")


def _json_items(page: Page) -> list[Item]:
    feed = page.json()
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version")):
        raise WrongContent(f"{page.url} is JSON but no JSON Feed; the kind json reads any JSON")
    return [_json_item(item, page.url) for item in items if isinstance(item, dict)]


def _json_item(item: dict[str, Any], base: str) -> Item:
    def get(*names: str) -> str:
        return next((str(item[name]) for name in names if item.get(name)), "")

    authors = [*(item.get("authors") or []), item.get("author")]
    parts = Parts(
        id=get("id"),
        link=get("url", "external_url"),
        title=get("title"),
        summary=get("summary"),
        content=get("content_text") or plain(get("content_html")),
        dates=[get("date_published"), get("date_modified")],
        authors=[str(author.get("name") or "") for author in authors if isinstance(author, dict)],
        categories=[str(tag) for tag in item.get("tags") or []],
    )
    return from_text(parts, base)
