"""Changes as an Atom feed (RFC 4287). Pure. What comes from sources stands in it as text, never as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from alerts.links import change_link, web_address
from alerts.message.wording import cut
from sources.text import clean
from state.model import Event
from watcher.tools.report import more_line

ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
LONGEST_TITLE, LONGEST_VALUE = 300, 2000  # characters
MOST_FIELDS = 30  # of one change
EMPTY = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was updated


class Head(NamedTuple):
    """What a feed says of itself. `path` is its address below the desk's; without a `base_url` there are no links."""

    path: str
    title: str
    base_url: str | None


def atom(head: Head, events: Sequence[Event]) -> bytes:
    """A feed of changes, newest first. Its ids are tag URIs (RFC 4151), the same in every feed of one desk."""
    feed = etree.Element(_atom("feed"), nsmap={None: ATOM})
    _add(feed, "id", tag_uri(head.base_url, datetime(2025, 1, 1, tzinfo=UTC), head.path.removesuffix(".atom")))
    _add(feed, "title", clean(head.title))
    _add(feed, "updated", _time(max((event.at for event in events), default=EMPTY)))
    _add(feed, "generator", "Registry Watch")
    if head.base_url:
        _link(feed, "self", f"{head.base_url}/{head.path}")
        _link(feed, "alternate", f"{head.base_url}/changes")
    for event in events:
        _entry(feed, event, head.base_url)
    return bytes(etree.tostring(feed, encoding="utf-8", xml_declaration=True))


def tag_uri(base_url: str | None, at: datetime, what: str) -> str:
    """A stable id: `tag:watch.example.org,2025-07-14:changes/17`."""
    return f"tag:{(urlsplit(base_url or '').hostname) or 'localhost'},{at.astimezone(UTC):%Y-%m-%d}:{what}"


def _entry(feed: etree._Element, event: Event, base_url: str | None) -> None:
    data, entry = event.data, etree.SubElement(feed, _atom("entry"))
    _add(entry, "id", tag_uri(base_url, event.at, f"changes/{event.id}"))
    _add(entry, "title", cut(clean(f"{data['change']}: {data['title']} ({event.label})"), LONGEST_TITLE))
    _add(entry, "updated", _time(event.at))
    _add(etree.SubElement(entry, _atom("author")), "name", clean(event.label) or event.source)
    here, there = change_link(base_url, event.id), web_address(data.get("url"))
    if here or there:
        _link(entry, "alternate", here or there or "")
    if here and there:
        _link(entry, "related", there)
    for term in dict.fromkeys((event.source, event.authority, *event.entities)):
        etree.SubElement(entry, _atom("category"), term=clean(term))
    content = etree.SubElement(entry, _atom("content"), type="xhtml")
    body = etree.SubElement(content, _xhtml("div"), nsmap={None: XHTML})
    for line in _lines(event):
        etree.SubElement(body, _xhtml("p")).text = line


def _lines(event: Event) -> Iterable[str]:
    """What changed, a line for each field."""
    data = event.data
    for name, sides in list(data["fields"].items())[:MOST_FIELDS]:
        before, after = (cut(clean(value or ""), LONGEST_VALUE) or "(nothing)" for value in sides.values())
        yield f"{clean(name)}: {before} → {after}"
    if not data["fields"]:
        for name, value in list(data.get("entry", {}).items())[:MOST_FIELDS]:
            yield f"{clean(name)}: {cut(clean(value), LONGEST_VALUE)}"
    if more := more_line(data):
        yield clean(more)
    if event.entities:
        yield f"mentions {', '.join(map(clean, event.entities))}"


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _atom(name)).text = text


def _link(parent: etree._Element, rel: str, href: str) -> None:
    etree.SubElement(parent, _atom("link"), rel=rel, href=href)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _xhtml(name: str) -> str:
    return f"{{{XHTML}}}{name}"
