"""Feeds of every make as items in plain text: RSS 0.9 to 2.0, RDF, Atom, JSON Feed."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser

from sources.dates import read_date
from sources.errors import BadDocument, SourceError, WrongContent
from sources.html import not_html, plain
from sources.links import absolute
from sources.model import Page
from sources.text import clean

_ROOT = re.compile(r"<(?:\w+:)?(rss|rdf|feed|html|head|body)\b", re.IGNORECASE)
_HEAD = 20_000  # characters in which a document shows what it is
_DECLARATION = re.compile(r"<\?xml\b[^>]*>")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
# feedparser looks for e-mail addresses in names, in time that grows with the square of their length: a hostile feed
# stops the program with a name of a megabyte. Under other names it leaves them alone.
_PEOPLE = re.compile(
    r"(</?(?:[\w.-]+:)?)(author|creator|contributor|publisher|managingeditor|webmaster|owner|name|email)\b",
    re.IGNORECASE,
)
_TRACKING = re.compile(r"(?<=[?&])(?:utm_\w+=[^&#]*|from=rss[^&#]*)&?")
_FIRST_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_LINK = re.compile(r"<(?:\w+:)?link\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(["'])(.*?)\2""")
_EXCERPT = 80  # a summary that begins as the content does says nothing more


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed. `link` is absolute, or "" when there is none.

    `fields` holds what else is known and is the same at the next load: author, categories, source. When an item was
    updated is not, in many feeds.
    """

    id: str
    link: str
    title: str
    text: str
    published: datetime | None
    fields: dict[str, str]


def read_feed(page: Page) -> list[Item]:
    """The items of a feed, in its order; none when a sound feed has none.

    Raises WrongContent when the page is no feed, BadDocument when it is one that cannot be read, or not to its end.
    """
    text = page.text.lstrip("\ufeff \t\r\n")
    items = _json_items(page) if text[:1] in ("{", "[") else _xml_items(page, text)
    telling = [item for item in items if item.id or item.link or item.title or item.text]
    if items and not telling:
        raise BadDocument(f"{page.url}: none of its {len(items)} items has an id, a link, a title or a text")
    return telling


def next_page_of(page: Page) -> str | None:
    """The address of a feed's next page, which stands before its items, or None."""
    head = page.text[:_HEAD]
    if head.lstrip()[:1] == "{":
        following = page.json().get("next_url")
        return following if isinstance(following, str) else None
    for link in _LINK.findall(_FIRST_ITEM.split(head, maxsplit=1)[0]):
        attributes = {name: html.unescape(value) for name, _, value in _ATTRIBUTE.findall(link)}
        if attributes.get("rel") == "next" and attributes.get("href"):
            return attributes["href"]
    return None


def _xml_items(page: Page, text: str) -> list[Item]:
    root = _ROOT.search(text, 0, _HEAD)
    if root is None or root[1].lower() not in ("rss", "rdf", "feed"):
        raise WrongContent(f"{page.url} is no feed but {_what(page, text, root)}")
    end = root[1] if root[1].lower() == "feed" else f"(?:{root[1]}|channel)"
    if not re.search(rf"</(?:\w+:)?{end}\s*>", text, re.IGNORECASE):
        raise BadDocument(f"{page.url} has no end </{root[1]}>: the answer was cut off")
    # The declaration no longer holds, now that it is text. A stream, since feedparser opens a string that is the
    # name of a file, and fetches one that is an address.
    declaration = _DECLARATION.match(text)
    text = _PEOPLE.sub(r"\1x-\2", text[declaration.end() if declaration else 0 :])
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    headers = {"content-type": f"{page.content_type or 'application/xml'}; charset=utf-8"}
    feed = _parsed(stream, headers, page.url)
    channel = root[1].lower() == "feed" or "<channel" in text.lower()
    if not feed.entries and (feed.bozo or not channel):
        raise BadDocument(f"{page.url} has no entries and is no sound feed: {feed.get('bozo_exception', 'no channel')}")
    return [_xml_item(entry, page.url) for entry in feed.entries]


def _parsed(stream: io.BytesIO, headers: dict[str, str], url: str) -> Any:
    """What feedparser makes of it. Some ill-formed feeds make it stumble: a place without coordinates, for one."""
    try:
        return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        raise BadDocument(f"{url} is an ill-formed feed: {type(error).__name__}: {clean(str(error))[:80]}") from error


def _what(page: Page, text: str, root: re.Match[str] | None) -> str:
    if root:
        title = _TITLE.search(text[:_HEAD])
        return f'an HTML page titled "{clean(plain(title[1]))[:80]}"' if title else "an HTML page"
    tag = re.search(r"<([\w:.-]+)", text[:_HEAD])
    return not_html(page) or (f"an XML document <{tag[1]}>" if tag else f"text: {clean(text)[:60]!r}")


def _xml_item(entry: Any, base: str) -> Item:
    def get(name: str, default: Any = "") -> Any:
        return dict.get(entry, name) or default  # feedparser's own get() puts other dates in the place of missing ones

    # `link` itself is the last one found, even inside another element, such as RBC's related links.
    links = (link.get("href") for link in get("links", []) if link.get("rel") == "alternate")
    return _item(
        base,
        id=html.unescape(get("id")),  # in an ill-formed feed it is still escaped
        link=get("pdalink") or next(filter(None, links), get("link")),
        title=plain(get("title")),
        summary=plain(get("summary")),
        content=next((plain(part.get("value", "")) for part in get("content", [])), ""),
        dates=[get("published"), get("updated"), get("created")],
        authors=map(plain, (get("x-name") or get("x-author"), get("dc_x-creator"))),
        categories=[plain(tag.get("term") or tag.get("label") or "") for tag in get("tags", [])],
        source=plain(get("source", {}).get("title", "")),
    )


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
    return _item(
        base,
        id=get("id"),
        link=get("url", "external_url"),
        title=get("title"),
        summary=get("summary"),
        content=get("content_text") or plain(get("content_html")),
        dates=[get("date_published"), get("date_modified")],
        authors=[str(author.get("name") or "") for author in authors if isinstance(author, dict)],
        categories=map(str, item.get("tags") or []),
    )


def _item(
    base: str,
    *,
    id: str,  # noqa: A002 - what feeds call it
    link: str,
    title: str,
    summary: str,
    content: str,
    dates: Iterable[object],
    authors: Iterable[str],
    categories: Iterable[str],
    source: str = "",
) -> Item:
    link = link.strip()
    same = clean(summary)[:_EXCERPT] in clean(content)
    fields = {
        "author": ", ".join(_distinct(authors)),
        "categories": "; ".join(sorted(_distinct(categories))),  # feeds shuffle them
        "source": clean(source),
    }
    return Item(
        clean(id),
        _TRACKING.sub("", absolute(base, link)).rstrip("?&") if link else "",
        clean(title),
        content if same else f"{summary}\n{content}".strip(),
        next(filter(None, map(read_date, dates)), None),
        {name: value for name, value in fields.items() if value},
    )


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(clean, values))))
