"""Whose word a page is: a register's own (record), a party's (statement), or the press's (report). Pure.

The result is a guess with its reason. What the page says about itself counts more than the form of its address.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple, get_args
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from sources import Page, Source, SourceError
from sources.loader import kind, kinds
from sources.model import Authority
from sources.reading.engine import first_url
from watcher.propose.proposal import Proposal

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
_ARTICLE_META = re.compile(r"(?i)article:(?:published_time|section|author|publisher)|news_keywords|googlebot-news")
_OUTLET_NAME = re.compile(
    r"news|times\b|herald|tribune|\bdaily\b|\bpost\b|chronicle|magazine|weekly|zeitung|nachrichten|noticias|diario|"
    r"новости|газета|ведомости|известия",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"(?:^|[\s>])article\b")
_MOST_META = 500


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
    metas = () if root is None else islice(root.iter("meta"), _MOST_META)
    meta = [((each.get("property") or each.get("name") or "").lower(), each.get("content") or "") for each in metas]
    is_feed = proposal.kind == "feed"
    is_articles = proposal.kind == "list" and bool(_ARTICLES.search(proposal.options.get("item", "")))
    known = [(name, first_url(source)) for name, source in sources.items() if source.authority == "record"]
    records = {urlsplit(url).netloc: name for name, url in known}
    beside = f"on the site of the source {records[site]}, which is a record" if site and site in records else ""
    like_news = "a feed, as outlets have" if is_feed else "its entries are articles" if is_articles else ""
    like_news += like_news and '; if it is the authority\'s own, that is authority = "record"'
    rolling = proposal.kind == "list" and "published" in proposal.options and "listing" not in proposal.options
    guesses = [
        Guess("statement", _channel(root, meta, host)),
        Guess("record", f"{host} is an authority's own site" if _OFFICIAL.search(host) else ""),
        Guess("report", "" if is_feed else _outlet(root, meta, host, proposal)),
        Guess("record", beside),
        Guess("report", like_news, False),
        Guess("statement", "a text, and nothing on it says whose word it is" if proposal.kind == "text" else "", False),
        Guess("record", "its entries have dates, as a register's and as news have" if rolling else "", False),
        Guess("record", f"{proposal.what}, with no sign of an outlet or of a channel"),
    ]
    return next(each for each in guesses if each.why)


def default_of(name: str) -> Authority:
    """The authority of a kind if the configuration gives none."""
    given: Authority = kind(name).model_fields["authority"].default
    return given


def _channel(root: HtmlElement | None, meta: Sequence[tuple[str, str]], host: str) -> str:
    """The reason why it is somebody's channel; "" if it is none."""
    if _CHANNEL_HOST.search(host):
        return f"{host} has channels, on which a party speaks"
    named = next((text.strip() for name, text in meta if name == "og:site_name"), "")
    if _CHANNEL_NAMES.fullmatch(named):
        return f"it is a channel on {named}"
    telegram = root is not None and root.xpath("boolean(//*[contains(@class, 'tgme_widget_message')])")
    return "it is a channel on Telegram" if telegram else ""


def _outlet(root: HtmlElement | None, meta: Sequence[tuple[str, str]], host: str, proposal: Proposal) -> str:
    """The reason why it is a news outlet's; "" if there is none."""
    reports = [
        each.model_fields["url"] for each in kinds().values() if each.model_fields["authority"].default == "report"
    ]
    if host and host in {urlsplit(str(url.default)).hostname for url in reports}:  # has a kind of its own
        return f"{host} is an outlet"
    if any(name in proposal.columns for name in ("content.rendered", "excerpt.rendered")):
        return "the posts of a site"
    names = [host, *(text for name, text in meta if name == "og:site_name")]
    if proposal.kind == "list" and (named := next(filter(_OUTLET_NAME.search, names), "")):
        return f"it is called {named.strip()!r}, as outlets are"
    for name, text in meta:
        # publishing systems say so of any page, even with a register's table
        if name == "og:type" and text.strip().lower() == "article" and proposal.kind != "table":
            return "the page calls itself an article (og:type)"
        if _ARTICLE_META.fullmatch(name):
            return f"the page is marked as an outlet's ({name})"
    texts = () if root is None else root.xpath("//script[@type='application/ld+json']/text() | //@itemtype")
    is_news = any(_ARTICLE.search(text[:200_000]) for text in islice(texts, 2 * _MOST_META))  # characters of JSON-LD
    return "the page is marked as news (schema.org)" if is_news else ""
