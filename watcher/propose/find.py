"""What can be read at an address: all proposals for a page, the best first, or else for the feed that it links to, or
for the answer of its form to search; and whose word the page is: a register's own (record), a party's (statement), or
the press's (report).

That is a guess with its reason. What the page says about itself counts more than the form of its address. A form is
asked as a browser asks it. What a site writes anew into its hidden fields at each visit is taken from the page with the
form (`before`); a form that only a script sends is filled by a browser (`steps`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple, get_args
from urllib.parse import urlencode, urlsplit

from lxml.html import FormElement, HtmlElement, InputElement

from sources import BadDocument, Blocked, BrowserFailed, Get, Page, Source, SourceError
from sources.blocked.classify import find_sparse_page
from sources.formats.html import text_of
from sources.formats.links import absolute
from sources.loader import kind, kinds
from sources.model import Authority
from sources.options import HttpOptions
from sources.reading.engine import first_url
from sources.text import clean, headline
from watcher.errors import UsageError
from watcher.propose.block import block
from watcher.propose.documents import READERS, linked_feeds
from watcher.propose.html import LEAST_SCORE, path, propose_html
from watcher.propose.html_groups import TextOutline
from watcher.propose.proposal import Proposal, Sketch, read_entries, try_proposal
from watcher.propose.site import Site, refuse_block

_BETWEEN = re.compile(r"\s+[|–—·»›:•-]+\s+|\s*[|»›]\s*")  # what stands between the parts of a title
_SITE_NAMES = "//meta[@property='og:site_name' or @name='application-name']/@content"
UNKNOWN = "https://example.org/"  # where a saved page does not say where it is from
MOST = 5
_MUCH_MORE = 2  # times the text of the page as it was sent: a script fills most of it
_MOST_WORDS = 800  # characters of text beside the form and links: a page with more is about something else
_BUTTONS = "{}::*[self::button or self::input[@type='submit']]"
_LONGEST = 200  # characters of a hidden field that is written down


def look_around(page: Page, site: Site, notice: Callable[[str], None]) -> tuple[Page, Sequence[Proposal]]:
    """A page and what could be read from it; where nothing is, its feed, which is what it offers to programs, or the
    page as a browser renders it, if its scripts may fill it; where it only shows another page in a frame, that one.

    `notice` hears of what is tried. Raises SourceError, as reading it would for what is no content.
    """
    try:
        looked, found = _look(page, site, notice)
    except Blocked as error:
        if error.code == "html_redirect" and (sparse := find_sparse_page(page)) and sparse.frame:
            notice(f"{page.url} shows another page in a frame; looking at {sparse.frame}")
            return _look(site.fetch(Get(sparse.frame)), site, notice)
        if error.code != "needs_javascript" or site.is_rendered:
            raise
        if not site.render():
            raise Blocked("; ".join(filter(None, [error.message, site.missing_browser])), code=error.code) from None
        notice(f"only scripts fill {page.url}; looking at it as Chromium renders it")
        try:
            return look_around(site.fetch(page.get), site, notice)
        except BrowserFailed as failed:
            if failed.code != "browser_missing":
                raise
            raise Blocked(f"{error.message}; {failed.message}", code=error.code) from None
    is_text = all(proposal.kind == "text" for proposal in found)
    if not is_text or b"<script" not in looked.body or site.is_rendered or not site.render():
        return looked, found
    notice(f"nothing repeats on {page.url}; looking at it as Chromium renders it")
    with suppress(SourceError):
        rendered, better = look_around(site.fetch(page.get), site, notice)
        texts = [sum(len(entry.text) for proposal in each for entry in proposal.entries) for each in (found, better)]
        if any(proposal.kind != "text" for proposal in better) or texts[1] > _MUCH_MORE * texts[0]:
            return rendered, better
    site.plain()
    return looked, found


def _look(page: Page, site: Site, notice: Callable[[str], None]) -> tuple[Page, Sequence[Proposal]]:
    refuse_block(page)
    found = [] if find_sparse_page(page) else find(page, site.http)  # a menu repeats, too
    if any(proposal.kind != "text" for proposal in found):
        return page, [proposal.adding(site.options, site.moved(page)) for proposal in found]
    for address in linked_feeds(page)[:1]:
        notice(f"nothing repeats on {page.url}; looking at the feed that it links to")
        try:
            feed = site.fetch(Get(address), plain=True)
            if feeds := find(feed, site.http):
                site.plain()
                return feed, [proposal.adding({}, site.moved(feed)) for proposal in feeds]
        except SourceError as error:
            notice(f"{address}: {error.message}")
    refuse_block(page, nothing_repeats=True)
    refuse_damaged(page, site.http)
    return page, [proposal.adding(site.options, site.moved(page)) for proposal in found or find(page, site.http)]


def refuse_damaged(page: Page, http: HttpOptions) -> None:
    """Raise BadDocument, with what is wrong, where a reader knows what a document is and cannot read it."""
    if page.body.startswith(b"%PDF-"):
        read_entries(kind("pdf_text").model_validate({"url": page.url}), page)
    for reader in READERS:
        try:
            for sketch in reader(page, http.max_bytes):
                sketch.work_out()
        except BadDocument:
            raise
        except SourceError:
            continue


def find(page: Page, http: HttpOptions) -> list[Proposal]:
    """The proposals whose kind can read the page, the best first. The source will get its wire options from `http`."""
    sketches = list[Sketch]()
    for reader in (*READERS, propose_html):
        try:
            sketches.extend(reader(page, http.max_bytes))
        except SourceError:
            continue
    found = work_out([each for each in sketches if each.score >= LEAST_SCORE], page, http)
    with suppress(SourceError):  # if nothing repeats on an HTML page, its text may be watched
        if not found and len(page.html) > 0:
            text = Proposal("text", {}, "a page on which nothing repeats like a list: its text, as one entry")
            found += filter(None, [try_proposal(text, page, http)])
    return found


def work_out(sketches: Iterable[Sketch], page: Page, http: HttpOptions) -> list[Proposal]:
    """The best of the sketches whose kind can read the page, the best first."""
    found = dict[tuple[str, ...], Proposal]()  # by the titles: others may read the same with other selectors
    for sketch in sorted(sketches, key=lambda sketch: -sketch.score):
        if len(found) == MOST:
            break
        try:
            proposal = sketch.work_out()
        except SourceError:  # a document that breaks off after a valid beginning
            continue
        if held := proposal and try_proposal(proposal, page, http):
            found.setdefault(tuple(entry.title for entry in held.entries), held)
    return list(found.values())


class SearchForm(NamedTuple):
    """A form, the field for the words in it, and the button that sends it, if it has one. A field may stand in no form:
    then a script reads it.
    """

    form: FormElement | None
    field: InputElement
    button: HtmlElement | None

    @property
    def label(self) -> str:
        """What people may know the field by."""
        own = text_of(self.field.label) if self.field.label is not None else ""
        named = map(self.field.get, ("aria-label", "placeholder", "title", "name", "id"))
        return next(filter(None, (headline(own).rstrip(": "), *named)), "words")


def find_search_form(page: Page) -> SearchForm | None:
    """The form to search that a page mainly is, None for another page."""
    try:
        outline = TextOutline(page.html)
    except SourceError:
        return None
    words = outline.content - outline.linked[outline.elements[0]]
    for field in (each for each in page.html.iter("input") if isinstance(each, InputElement)):
        form = next((each for each in field.iterancestors("form") if isinstance(each, FormElement)), None)
        within: HtmlElement = field if form is None else form
        is_text = (field.get("type") or "text").lower() in ("text", "search")
        if is_text and not outline.is_furniture(within) and not within.xpath(".//input[@type='password']"):
            buttons = within.xpath(_BUTTONS.format("following" if form is None else "descendant"))
            beside = words - (0 if form is None else outline.text.get(form, 0))
            return SearchForm(form, field, next(iter(buttons), None)) if beside < _MOST_WORDS else None
    return None


def look_or_search(
    page: Page, words: str, site: Site, notice: Callable[[str], None], ask: Callable[[str], str]
) -> tuple[Page, Sequence[Proposal]]:
    """As `look_around`; of a page that is a form to search, what its answer to the words can be read as. Without words,
    and where nothing repeats on the page, they are asked for by the field's label.

    Raises SourceError, and UsageError where nobody says what to search for.
    """
    form = find_search_form(page)
    if not (form and words):
        looked, found = look_around(page, site, notice)
        if form is None or any(proposal.kind != "text" for proposal in found):
            return looked, found
        if not (words := ask(form.label)):
            if form.form is None:
                said = f"it has a field to search ({form.label}): --search says what for"
                return looked, [proposal.adding({}, said) for proposal in found]
            raise UsageError(f"{page.url} is a form to search ({form.label}): say what for (--search)")
    return _search(form, words, page, site, notice)


def _search(
    found: SearchForm, words: str, page: Page, site: Site, notice: Callable[[str], None]
) -> tuple[Page, Sequence[Proposal]]:
    """The page that answers the words, and what could be read from it. Raises SourceError."""
    form, field, button = found
    name = field.get("name")
    if form is None or not name or (form.get("onsubmit") and not form.get("action")):
        send = {"click": path(button)} if button is not None else {"press": "Enter"}
        if not site.render():
            why = f"{page.url} is a form that only a script sends; {site.missing_browser}"
            raise Blocked(why, code="needs_javascript")
        site.options |= {"steps": [{"fill": path(field), "text": words}, send]}
        return look_around(site.fetch(page.get), site, notice)
    values = dict(form.form_values()) | {name: words}
    if button is not None and button.get("name"):
        values[button.get("name", "")] = button.get("value") or ""
    action = absolute(page.url, form.get("action") or "")
    if form.method != "POST":
        return look_around(site.fetch(Get(f"{action.partition('?')[0]}?{urlencode(values)}")), site, notice)
    # long values, and those that differ at a second visit, are taken from there
    again = find_search_form(site.fetch(page.get))
    later = dict(again.form.form_values()) if again and again.form is not None else {}
    differing = (each for each, value in later.items() if value != values.get(each) or len(value) > _LONGEST)
    taken = {each: f"taken_{at}" for at, each in enumerate(each for each in differing if each != name)}
    options: dict[str, Any] = {"form": {**values, **{each: f"{{{place}}}" for each, place in taken.items()}}}
    if taken:
        places = {place: f'[name="{each}"]@value' for each, place in taken.items()}
        options["before"] = {"url": page.get.url, "take": places}
    answer, proposals = look_around(site.fetch(Get(action, "POST", form=values)), site, notice)
    return answer, [proposal.adding(options) for proposal in proposals]


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
    for name, _ in meta:  # og:type = article is none: publishing systems say so of any page
        if _ARTICLE_META.fullmatch(name):
            return f"the page is marked as an outlet's ({name})"
    texts = () if root is None else root.xpath("//script[@type='application/ld+json']/text() | //@itemtype")
    is_news = any(_ARTICLE.search(text[:200_000]) for text in islice(texts, 2 * _MOST_META))  # characters of JSON-LD
    return "the page is marked as news (schema.org)" if is_news else ""


def source_block(proposal: Proposal, page: Page, name: str, whose: Guess) -> str:
    """A proposal for a page as the tables of a source, with the reasons as a comment."""
    url = None if proposal.own_address else page.get.url if urlsplit(page.get.url).scheme else UNKNOWN
    label = "" if proposal.own_address else label_of(page, about_one=proposal.kind == "record")
    options = {**({"label": label} if label else {}), **with_authority(proposal, whose.authority).options}
    unclear = "" if whose.is_clear else f"; authority: {whose.words}"
    return block(name, proposal.kind, url, options, f"{proposal.what}; key: {proposal.key_words}{unclear}")


def with_authority(proposal: Proposal, authority: Authority) -> Proposal:
    """The proposal, with the authority where its kind has another one."""
    if authority == default_of(proposal.kind):
        return proposal
    return replace(proposal, options={"authority": authority, **proposal.options})


def title_of(page: Page) -> str:
    """The title of an HTML page, or of a feed, "" for any other. It is read as HTML, which knows no CDATA."""
    title = next(_texts(page, "//*[self::head or self::body or self::channel or self::feed]/title/text()"), "")
    return title.removeprefix("<![CDATA[").removesuffix("]]>").strip()


def label_of(page: Page, *, about_one: bool) -> str:
    """What a page is called in messages: its site, by its own word or as in the title, and its heading, if it has them.
    Of a page about one only the site, else its host, as its entry has the heading for its title.
    """
    parts = [part for part in _BETWEEN.split(title_of(page)) if part]
    headings = list(_texts(page, "//h1"))
    named = {part.casefold() for part in parts}
    heading = next((text for text in headings if text.casefold() in named), [*parts, *headings, ""][0])
    others = [part for part in (*parts, *_texts(page, _SITE_NAMES)) if part.casefold() != heading.casefold()]
    site = others[-1] if others else (urlsplit(page.url).hostname or "") if about_one else ""
    return headline(site if about_one else ": ".join(filter(None, (site, heading))))


def _texts(page: Page, xpath: str) -> Iterator[str]:
    with suppress(SourceError):
        found = page.html.xpath(xpath)
        yield from filter(None, map(clean, (each if isinstance(each, str) else text_of(each) for each in found)))
