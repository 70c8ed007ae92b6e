"""The hub of a feed (WebSub), which says when the feed has something new. Of the head of the document alone."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from sources.errors import WrongContent

if TYPE_CHECKING:
    from sources.model import Page

_HEAD = 20_000  # characters in which a feed's own links stand
_LINK_HEADER = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?(\w{1,20})"?')
_FIRST_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_LINK = re.compile(r"<(?:\w+:)?link\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*+=\s*(["'])(.*?)\2""")
_WANTED = ("hub", "self")


def hub_of(page: Page) -> tuple[str, str] | None:
    """The address of a feed's hub, and what the feed calls itself there; None if it offers none."""
    found = {rel: address for address, rel in _LINK_HEADER.findall(page.headers.get("link", "")) if rel in _WANTED}
    for rel, address in _in_json(page) if page.text[:_HEAD].lstrip()[:1] == "{" else _in_xml(page):
        found.setdefault(rel, address)
    return (found["hub"], found.get("self", page.url)) if "hub" in found else None


def _in_xml(page: Page) -> list[tuple[str, str]]:
    links = []
    for link in _LINK.findall(_FIRST_ITEM.split(page.text[:_HEAD], maxsplit=1)[0]):
        attributes = {name: html.unescape(value) for name, _, value in _ATTRIBUTE.findall(link)}
        if attributes.get("rel") in _WANTED and attributes.get("href"):
            links.append((attributes["rel"], attributes["href"]))
    return links


def _in_json(page: Page) -> list[tuple[str, str]]:
    try:
        feed = page.json()
    except WrongContent:
        return []
    hubs = feed.get("hubs") if isinstance(feed, dict) else None
    first = hubs[0] if isinstance(hubs, list) and hubs and isinstance(hubs[0], dict) else {}
    given = {"hub": first.get("url"), "self": feed.get("feed_url") if isinstance(feed, dict) else None}
    return [(rel, address) for rel, address in given.items() if isinstance(address, str) and address]
