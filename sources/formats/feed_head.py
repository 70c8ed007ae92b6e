"""What a feed says before its items: where its next page is, and which hub (WebSub) says when it has something new."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sources.errors import WrongContent
from sources.formats.feed_hints import FIRST_ITEM

if TYPE_CHECKING:
    from sources.model import Page

_HEAD = 20_000  # characters in which a feed's own links stand
_LINK_HEADER = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?(\w{1,20})"?')
_LINK = re.compile(r"<(?:\w+:)?link\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*+=\s*(["'])(.*?)\2""")
_WANTED = ("hub", "self")


def next_page_of(page: Page) -> str | None:
    """The address of a feed's next page, or None."""
    if not _is_json(page):
        return next((address for rel, address in _links(page) if rel == "next"), None)
    following = page.json().get("next_url")
    return following if isinstance(following, str) else None


def hub_of(page: Page) -> tuple[str, str] | None:
    """The address of a feed's hub, and what the feed calls itself there; None if it offers none."""
    found = {rel: address for address, rel in _LINK_HEADER.findall(page.headers.get("link", "")) if rel in _WANTED}
    for rel, address in _in_json(page) if _is_json(page) else _links(page):
        found.setdefault(rel, address)
    return (found["hub"], found.get("self", page.url)) if "hub" in found else None


def _is_json(page: Page) -> bool:
    return page.text[:_HEAD].lstrip()[:1] == "{"


def _links(page: Page) -> Iterator[tuple[str, str]]:
    """What each link before the items is for, and its address."""
    for link in _LINK.findall(FIRST_ITEM.split(page.text[:_HEAD], maxsplit=1)[0]):
        attributes = {name: html.unescape(value) for name, _, value in _ATTRIBUTE.findall(link)}
        if attributes.get("rel") and attributes.get("href"):
            yield attributes["rel"], attributes["href"]


def _in_json(page: Page) -> list[tuple[str, str]]:
    try:
        feed = page.json()
    except WrongContent:
        return []
    hubs = feed.get("hubs") if isinstance(feed, dict) else None
    first = hubs[0] if isinstance(hubs, list) and hubs and isinstance(hubs[0], dict) else {}
    given = {"hub": first.get("url"), "self": feed.get("feed_url") if isinstance(feed, dict) else None}
    return [(rel, address) for rel, address in given.items() if isinstance(address, str) and address]
