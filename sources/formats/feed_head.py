"""What a feed says before its items: when it has nothing new, where its next page is, and its hub (WebSub).

Of the headers and the head of the document alone.
"""

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from operator import itemgetter
from typing import NamedTuple

from sources.errors import WrongContent
from sources.formats.download import Download

LONGEST = 86_400  # seconds that a feed may ask for
_HEAD = 20_000  # bytes, or characters, in which a feed's own elements stand
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed)\b|jsonfeed\.org", re.IGNORECASE)
_FIRST_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_TTL = re.compile(r"<ttl>\s*(\d{1,9})\s*</ttl>", re.ASCII)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.ASCII)
_DAY = re.compile(r"<day>\s*(\w{3})\w*\s*</day>", re.ASCII)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE | re.ASCII)
_NO_CACHE = re.compile(r"no-cache|no-store", re.IGNORECASE)
_LINK_HEADER = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?(\w{1,20})"?')
_LINK = re.compile(r"<(?:\w+:)?link\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*+=\s*(["'])(.*?)\2""")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Hint(NamedTuple):
    """`wait`: for so many seconds after a request nothing new is to be expected, as `by` says. Neither is it in these
    `hours` of the day, and on these `days` of the week (Monday is 0); both in UTC.
    """

    wait: int = 0
    by: str = ""
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


def find_hint(page: Download) -> Hint | None:
    """What a feed says of itself; None if it says nothing, or if the page is no feed."""
    head = page.content[:_HEAD].decode("ascii", "ignore")
    if not _ROOT.search(head):
        return None
    head = _FIRST_ITEM.split(head, maxsplit=1)[0]
    waits = [(0, "")]
    if ttl := _TTL.search(head):
        waits.append((min(LONGEST, int(ttl[1]) * 60), "ttl"))
    control, age = page.headers.get("cache-control", ""), page.headers.get("age", "")
    if (fresh := _MAX_AGE.search(control)) and not _NO_CACHE.search(control):
        older = int(age) if re.fullmatch(r"\d{1,9}", age, re.ASCII) else 0  # in a cache, since the site sent it
        waits.append((min(LONGEST, max(0, int(fresh[1]) - older)), "Cache-Control"))
    wait, by = max(waits, key=itemgetter(0))
    hours = {int(hour) % 24 for hour in _HOUR.findall(_within(head, "skipHours"))}  # RSS 0.91 counts from 1 to 24
    days = {_DAYS.index(day) for day in map(str.lower, _DAY.findall(_within(head, "skipDays"))) if day in _DAYS}
    hint = Hint(wait, by, tuple(sorted(hours)), tuple(sorted(days)))
    return None if hint == Hint() else hint


def _within(head: str, name: str) -> str:
    """What stands in the first element of this name."""
    return head.partition(f"<{name}>")[2].partition(f"</{name}>")[0]


def find_next_page(page: Download) -> str | None:
    """The address of a feed's next page, or None."""
    return next((address for rel, address in _links(page) if rel == "next"), None)


def find_hub(page: Download) -> tuple[str, str] | None:
    """The address of a feed's hub, and what the feed calls itself there; None if it offers none."""
    found = {rel: address for address, rel in _LINK_HEADER.findall(page.headers.get("link", ""))}
    for rel, address in _links(page):
        found.setdefault(rel, address)
    return (found["hub"], found.get("self", page.url)) if "hub" in found else None


def _links(page: Download) -> Iterator[tuple[str, str]]:
    """What each link before the items is for, and its address."""
    head = page.text[:_HEAD]
    if head.lstrip()[:1] != "{":
        for link in _LINK.findall(_FIRST_ITEM.split(head, maxsplit=1)[0]):
            attributes = {name: html.unescape(value) for name, _, value in _ATTRIBUTE.findall(link)}
            if attributes.get("rel") and attributes.get("href"):
                yield attributes["rel"], attributes["href"]
        return
    with suppress(WrongContent):
        feed = page.json()
        hubs = feed.get("hubs")
        first = hubs[0] if isinstance(hubs, list) and hubs and isinstance(hubs[0], dict) else {}
        given = {"next": feed.get("next_url"), "hub": first.get("url"), "self": feed.get("feed_url")}
        yield from ((rel, address) for rel, address in given.items() if isinstance(address, str) and address)
