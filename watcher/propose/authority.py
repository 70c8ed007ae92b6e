"""Whose word a page is: a register's own (record), a party's (statement), or the press's (report). Pure.

The result is a guess with its reason. What the page says about itself counts more than the form of its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, get_args
from urllib.parse import urlsplit

from sources import Page, Source, SourceError
from sources.loader import kind, kinds
from sources.model import Authority
from sources.reading.engine import first_url
from watcher.propose.proposal import Proposal

if TYPE_CHECKING:
    from lxml.html import HtmlElement

AUTHORITIES: tuple[Authority, ...] = get_args(Authority)
_OFFICIAL = re.compile(
    r"(?:^|\.)(?:gov|mil|gob|gouv|gub|govt|int|europa|bund|admin)(?:\.[a-z]{2,4})*$|(?:^|\.)(?:go|gc|gv|gov)\.[a-z]{2}$"
)
_CHANNEL_HOST = re.compile(
    r"(?:^|\.)(?:t\.me|telegram\.me|x\.com|twitter\.com|facebook\.com|instagram\.com|threads\.net|youtube\.com|vk\.com|ok\.ru|"
    r"linkedin\.com|tiktok\.com|bsky\.app|mastodon\.social|substack\.com|medium\.com)$"
)
_CHANNEL_NAMES = re.compile(
    r"telegram|x \(formerly twitter\)|twitter|facebook|instagram|threads|youtube|vk|вконтакте|linkedin|tiktok|mastodon|"
    r"bluesky.*",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(?:\w*NewsArticle|NewsMediaOrganization|BlogPosting|LiveBlogPosting)\b")
_ARTICLE_META = re.compile(
    r"article:(?:published_time|section|author|publisher)|news_keywords|googlebot-news", re.IGNORECASE
)
_OUTLET_NAME = re.compile(
    r"news|times\b|herald|tribune|\bdaily\b|\bpost\b|chronicle|magazine|weekly|zeitung|nachrichten|noticias|diario|"
    r"новости|газета|ведомости|известия",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"(?:^|[\s>])article\b")
_POSTS = ("content.rendered", "excerpt.rendered")
_MOST_META = 500
_LONGEST_DATA = 200_000  # characters of JSON-LD


class Guess(NamedTuple):
    """The authority of a source, the reason for it, and whether that is clear: else a person is asked."""

    authority: Authority
    why: str
    is_clear: bool = True

    @property
    def words(self) -> str:
        """The authority and the reason, for people."""
        return f"{self.authority} ({self.why})" if self.is_clear else f"{self.authority}, but not clear ({self.why})"


def guess(page: Page, proposal: Proposal, sources: Mapping[str, Source]) -> Guess:
    """Guess the authority of the entries of a proposal. `sources` are those of the configuration: what stands on the
    site of a register is its authority's word, too.
    """
    if proposal.own_address:
        return Guess(default_of(proposal.kind), f"as the kind {proposal.kind} says")
    host, site = urlsplit(page.url).hostname or "", urlsplit(page.url).netloc
    try:
        root = page.html
    except SourceError:
        root = None
    is_feed = proposal.kind == "feed"
    is_articles = proposal.kind == "list" and bool(_ARTICLES.search(proposal.options.get("item", "")))
    records = {
        urlsplit(first_url(source)).netloc: name for name, source in sources.items() if source.authority == "record"
    }
    beside = f"on the site of the source {records[site]}, which is a record" if site and site in records else ""
    like_news = "a feed, as outlets have" if is_feed else "its entries are articles" if is_articles else ""
    rolling = proposal.kind == "list" and "published" in proposal.options and "listing" not in proposal.options
    guesses = [
        Guess("statement", _channel(root, host)),
        Guess("record", f"{host} is an authority's own site" if _OFFICIAL.search(host) else ""),
        Guess("report", "" if is_feed else _outlet(root, host, proposal)),
        Guess("record", beside),
        Guess(
            "report", like_news and f'{like_news}; if it is the authority\'s own, that is authority = "record"', False
        ),
        Guess("statement", "a text, and nothing on it says whose word it is" if proposal.kind == "text" else "", False),
        Guess("record", "its entries have dates, as a register's and as news have" if rolling else "", False),
        Guess("record", f"{proposal.what}, with no sign of an outlet or of a channel"),
    ]
    return next(each for each in guesses if each.why)


def default_of(name: str) -> Authority:
    """The authority of a kind if the configuration gives none."""
    given: Authority = kind(name).model_fields["authority"].default
    return given


def _channel(root: HtmlElement | None, host: str) -> str:
    """The reason why it is somebody's channel; "" if it is none."""
    if _CHANNEL_HOST.search(host):
        return f"{host} has channels, on which a party speaks"
    if root is None:
        return ""
    named = next((text for name, text in _meta(root) if name == "og:site_name"), "")
    if _CHANNEL_NAMES.fullmatch(named.strip()):
        return f"it is a channel on {named.strip()}"
    telegram = root.xpath("boolean(//*[contains(@class, 'tgme_widget_message')])")
    return "it is a channel on Telegram" if telegram else ""


def _outlet(root: HtmlElement | None, host: str, proposal: Proposal) -> str:
    """The reason why it is a news outlet's; "" if there is none."""
    if host in _outlets():
        return f"{host} is an outlet"
    if any(name in proposal.columns for name in _POSTS):
        return "the posts of a site"
    names = [host, *(text for name, text in _meta(root) if name == "og:site_name")] if root is not None else [host]
    if proposal.kind == "list" and (named := next(filter(_OUTLET_NAME.search, names), "")):
        return f"it is called {named.strip()!r}, as outlets are"
    return "" if root is None else _article(root, proposal)


def _article(root: HtmlElement, proposal: Proposal) -> str:
    for name, text in _meta(root):
        # publishing systems say so of any page, even with a register's table
        if name == "og:type" and text.strip().lower() == "article" and proposal.kind != "table":
            return "the page calls itself an article (og:type)"
        if _ARTICLE_META.fullmatch(name):
            return f"the page is marked as an outlet's ({name})"
    scripts = (each for each in root.iter("script") if each.get("type") == "application/ld+json")
    types = (str(each) for each in root.xpath("//@itemtype"))
    texts = (*(each.text or "" for each in islice(scripts, _MOST_META)), *islice(types, _MOST_META))
    if any(_ARTICLE.search(text[:_LONGEST_DATA]) for text in texts):
        return "the page is marked as news (schema.org)"
    return ""


def _meta(root: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in islice(root.iter("meta"), _MOST_META):
        yield (meta.get("property") or meta.get("name") or "").lower(), meta.get("content") or ""


@cache
def _outlets() -> frozenset[str]:
    """The hosts of the outlets that have a kind of their own."""
    reports = (each for each in kinds().values() if each.model_fields["authority"].default == "report")
    hosts = {urlsplit(str(each.model_fields["url"].default)).hostname or "" for each in reports}
    return frozenset(host for host in hosts if host)
