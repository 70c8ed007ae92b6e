"""Feeds of all formats as items in plain text: RSS 0.9 to 2.0, RDF, Atom, by feedparser; JSON Feed."""

import html
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sources.errors import BadDocument, SourceError, WrongContent
from sources.formats.dates import read_date
from sources.formats.download import Download
from sources.formats.html import not_html, plain
from sources.formats.links import absolute
from sources.text import clean

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
# To feedparser, an empty element takes the place of a text before it, such as content:encoded after a description.
_EMPTY = re.compile(
    r"<((?:[\w.-]+:)?(?:description|encoded|summary))\b[^<>]*(?:/>|>(?:\s|<!\[CDATA\[\s*\]\]>)*+</\1\s*>)",
    re.IGNORECASE,
)
_TRACKING = re.compile(r"(?<=[?&])(?:utm_\w+=[^&#]*|from=rss[^&#]*)&?")
_EXCERPT = 80  # characters: a summary that begins as the content does is an excerpt


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed. `link` is absolute, or "" when there is none.

    `fields` has the other stable values: author, categories, source. The time of update is left out: in many feeds it
    changes at each load.
    """

    id: str
    link: str
    title: str
    text: str
    published: datetime | None
    fields: dict[str, str]


def read_feed(page: Download) -> list[Item]:
    """The items of a feed, in order; empty for a valid feed without items.

    Raises WrongContent when the page is no feed, BadDocument when it cannot be parsed, or is truncated.
    """
    text = page.text.lstrip("\ufeff \t\r\n")
    items = _json_items(page) if text[:1] in ("{", "[") else _xml_items(page, text)
    telling = [item for item in items if item.id or item.link or item.title or item.text]
    if items and not telling:
        raise BadDocument(f"{page.url}: none of its {len(items)} items has an id, a link, a title or a text")
    return telling


def _xml_items(page: Download, text: str) -> list[Item]:
    found = _ROOT.search(text, 0, _HEAD)
    root = found[1].lower() if found else ""
    if root not in ("rss", "rdf", "feed"):
        if found:
            title = _TITLE.search(text[:_HEAD])
            what = f'an HTML page titled "{clean(plain(title[1]))[:80]}"' if title else "an HTML page"
        else:
            tag = re.search(r"<([\w:.-]+)", text[:_HEAD])
            what = not_html(page) or (f"an XML document <{tag[1]}>" if tag else f"text: {clean(text)[:60]!r}")
        raise WrongContent(f"{page.url} is no feed but {what}")
    if not re.search(rf"</(?:\w+:)?(?:{root}{'' if root == 'feed' else '|channel'})\s*>", text, re.IGNORECASE):
        raise BadDocument(f"{page.url} has no end </{root}>: the answer was cut off")
    # The declared encoding is wrong for decoded text.
    declaration = _DECLARATION.match(text)
    text = _EMPTY.sub("", _PEOPLE.sub(r"\1x-\2", text[declaration.end() if declaration else 0 :]))
    # A stream, since feedparser opens a string that is a path, and fetches one that is a URL.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    headers = {"content-type": f"{page.content_type or 'application/xml'}; charset=utf-8"}
    import feedparser  # noqa: PLC0415 - 0.1 s, and only feeds need it

    try:
        feed = feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (SourceError, MemoryError):
        raise
    except Exception as error:  # such as for a georss point without coordinates
        what = f"{type(error).__name__}: {clean(str(error))[:80]}"
        raise BadDocument(f"{page.url} is an ill-formed feed: {what}") from error
    if not feed.entries and (feed.bozo or (root != "feed" and "<channel" not in text.lower())):
        raise BadDocument(f"{page.url} has no entries and is no sound feed: {feed.get('bozo_exception', 'no channel')}")
    return [_xml_item(entry, page.url) for entry in feed.entries]


def _xml_item(entry: Any, base: str) -> Item:
    def get(name: str, default: Any = "") -> Any:
        # feedparser's own get() substitutes other dates for missing ones. For an unknown element with attributes it
        # gives the attributes, such as for a creator with a language.
        value = dict.get(entry, name)
        return value if value and isinstance(value, type(default)) else default

    # `link` is the last one found, even inside another element, such as RBC's related links.
    links = (link.get("href") for link in get("links", []) if link.get("rel") == "alternate")
    return _make_item(
        base,
        plain,
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


def _json_items(page: Download) -> list[Item]:
    feed = page.json()
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version")):
        raise WrongContent(f"{page.url} is JSON but no JSON Feed; the kind json reads any JSON")
    return [_json_item(item, page.url) for item in items if isinstance(item, dict)]


def _json_item(item: dict[str, Any], base: str) -> Item:
    def get(*names: str) -> str:
        return next((str(item[name]) for name in names if item.get(name)), "")

    authors = [*(item.get("authors") or []), item.get("author")]
    return _make_item(
        base,
        str,
        id=get("id"),
        link=get("url", "external_url"),
        title=get("title"),
        summary=get("summary"),
        content=get("content_text") or plain(get("content_html")),
        dates=[get("date_published"), get("date_modified")],
        authors=[str(author.get("name") or "") for author in authors if isinstance(author, dict)],
        categories=[str(tag) for tag in item.get("tags") or []],
    )


def _make_item(
    base: str,
    convert: Callable[[str], str],
    *,
    id: str,  # noqa: A002 - as it is called in feeds
    link: str,
    title: str,
    summary: str,
    content: str,
    dates: Iterable[object],
    authors: Iterable[str],
    categories: Iterable[str],
    source: str = "",
) -> Item:
    """An item of its parts, "" for those that are missing; `convert` makes plain text of texts that may be HTML.

    `link` may be relative to the feed at `base`. `dates` are the texts of published, updated and created.
    """

    def distinct(texts: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(filter(None, (clean(convert(text)) for text in texts))))

    summary, content, link = convert(summary), convert(content), link.strip()
    is_excerpt = clean(summary)[:_EXCERPT] in clean(content)
    fields = {
        "author": ", ".join(distinct(authors)),
        "categories": "; ".join(sorted(distinct(categories))),  # sorted: feeds change their order
        "source": clean(convert(source)),
    }
    return Item(
        clean(id),
        _TRACKING.sub("", absolute(base, link)).rstrip("?&") if link else "",
        clean(convert(title)),
        content if is_excerpt else f"{summary}\n{content}".strip(),
        next(filter(None, map(read_date, dates)), None),
        {name: value for name, value in fields.items() if value},
    )
