"""The pager of an HTML page: the link to the next page, numbered links, "1-20 of 60"; and one that a script drives.

Only the two ends of a large page are looked at, less its scripts: that is where pagers stand. Links belong to the list
if they lead to the same path with another query, or with another number in it; a script's have no address.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from sources.formats.download import LARGE
from sources.formats.html import text_of
from sources.formats.links import absolute
from sources.formats.selectors import CSS_NAME, class_names, css_tag, select
from sources.model import Page
from sources.model.page import Remainder

_LONGEST_LABEL = 60
_MOST_TRIED = 10  # links that say "next"
_NEXT_WORDS = """
    next, next page, go to next page, next results, older, older posts, older entries, older news, more results,
    weiter, nächste, nächste seite, suivant, suivante, page suivante, siguiente, página siguiente, seguinte,
    próxima, próxima página, próximo, successiva, successivo, pagina successiva, avanti, volgende, volgende pagina,
    næste, neste, nästa, seuraava, következő, następna, następny, následující, další, ďalšia, dalej, далее, дальше,
    вперед, вперёд, следующая, следующая страница, след, наступна, далі, următoarea, επόμενη, sonraki, 次へ, 次,
    次のページ, 下一页, 下一頁, 다음
"""
_NEXT = frozenset(" ".join(word.split()) for word in _NEXT_WORDS.split(","))
_SIGNS = frozenset(("›", "»", ">", ">>", "→", "⟩", "▶", "≫"))
_NEXT_TOKEN = re.compile(r"(?:^|.*[-_])next(?:$|[-_].*)|nextpostslink", re.IGNORECASE)
_OTHER_TOKEN = re.compile(r"slick|slide|swiper|carousel|month|year|day|week|post-nav|nav-next$", re.IGNORECASE)

# Links of the list.
_END = 32_000  # bytes of each end of a large page
_MOST_LINKS, _MOST_GRIDS = 5_000, 20
_PLACE = re.compile(
    r"(?:[/_-]?(?:page|pg?|seite|pagina|strona|sida|side)?[/_=-]?\d{1,6})?(\.[a-z]{2,5})?/?$", re.IGNORECASE
)
_MOST_PAGES = 100_000
_LAST_NUMBER = re.compile(r"\d{1,6}(?=\D*$)")

# "Page 1 of 3", "1-20 of 60".
_N = r"(\d{1,3}(?:[.,'\s]\d{3})+(?!\d)|\d{1,9})"
_OF_WORDS = "of|out of|von|из|sur|de|di|van|z|av|af|от"
_ABOUT = "(?:about |over |всего )?"
_OF = rf"\s{{0,3}}(?:{_OF_WORDS})\s{{0,3}}{_ABOUT}"
_RANGE = re.compile(
    rf"(?<![\d.,/-]){_N}\s{{0,3}}(?:[-–—]|to|bis|a|à|do|до|по)\s{{0,3}}{_N}{_OF}{_N}(?![\d/-])", re.IGNORECASE
)
_SHOWN = re.compile(
    rf"(?:show|display|view|anzeig|zeig|показан|affich|mostra)\w{{0,8}}\D{{0,20}}{_N}{_OF}{_N}(?![\d/-])", re.IGNORECASE
)
_PAGE = r"(?:page|seite|página|pagina|страница|стр\.?|strona|sida|side)\s{0,3}"
_PAGE_OF = re.compile(rf"{_PAGE}{_N}(?:{_OF}|\s{{0,3}}/\s{{0,3}}){_N}", re.IGNORECASE)
# What each of these has, in small letters: most pages have no such text, and to split a page into lines takes 3 ms.
_LIKELY = (re.compile(rf"\d\s*(?:{_OF_WORDS})\s*{_ABOUT}\d"), re.compile(rf"{_PAGE}\d"))


class Pager(NamedTuple):
    """What a page shows of its list: the CSS of the link to the next page and its address, numbered links, what it
    says in words, and without such links the CSS of what a script pages by ("" if it is not known, None for nothing).
    `scrolls` says that it draws only those entries that are in sight.
    """

    css: str
    following: str
    numbering: Numbering | None
    said: Remainder
    click: str | None = None
    scrolls: bool = False


def find_pager(page: Page) -> Pager:
    """The pager of a page. Raises SourceError for what is no HTML."""
    page = cut_to_ends(page)
    root, links, here = page.html, find_list_links(page), page.url.partition("#")[0]
    numbered = find_numbering(page.url, links)
    saying = (link for link in links if link.url != here and _says_next(link, numbered=numbered is not None))
    css, following = "", ""
    for link in islice(saying, _MOST_TRIED):
        leading = ((css, (each for each in select(root, css) if each.get("href"))) for css in _selectors(link))
        if css := next((css for css, found in leading if next(found, None) is link.element), ""):
            following = link.url
            break
    click = None if css or numbered else find_script_pager(root)
    scrolls = (b"aria-rowcount" in page.body or b"absolute" in page.body) and _draws_in_sight(root)
    return Pager(css, following, numbered, find_counts(root), click, scrolls)


def _says_next(link: Link, *, numbered: bool) -> bool:
    element = link.element
    if "next" in (element.get("rel") or "").lower().split():
        return True
    if element.tag == "link":
        return False
    said = [link.text, element.get("title") or "", element.get("aria-label") or ""]
    if any(_words(each) in _NEXT for each in said):
        return True
    near = (each for each in (element, element.getparent()) if each is not None)
    tokens = (token for each in near for token in class_names(each))
    named = any(_NEXT_TOKEN.fullmatch(token) and not _OTHER_TOKEN.search(token) for token in tokens)
    return named or (numbered and link.text in _SIGNS)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text[:_LONGEST_LABEL]).casefold().split())


def _selectors(link: Link) -> Iterator[str]:
    """CSS that may find a link, that which is most likely to last first."""
    element = link.element
    tag = css_tag(element)
    rel = (element.get("rel") or "").split()
    yield from (f'{tag}[rel~="{word}"]' for word in rel if word.lower() == "next")
    yield from (f"{tag}.{each}" for each in class_names(element) if _NEXT_TOKEN.fullmatch(each))
    if not link.url:
        called = sorted(class_names(element), key=lambda token: not _MORE_TOKEN.fullmatch(token))
        names = [f"#{element.get('id')}", *(f".{token}" for token in called)]
        yield from (f"{tag}{name}" for name in names if CSS_NAME.fullmatch(name[1:]))
    parent = element.getparent()
    if parent is not None:
        named = (f"{css_tag(parent)}.{each}" for each in class_names(parent) if _NEXT_TOKEN.fullmatch(each))
        yield from (f"{each} > {tag}" for each in named)
    for name in ("aria-label", "title"):
        value = element.get(name) or ""
        if _words(value) in _NEXT and '"' not in value and "\\" not in value:
            yield f'{tag}[{name}="{value}"]'
    if 0 < len(link.text) <= _LONGEST_LABEL and '"' not in link.text and "\\" not in link.text:
        yield f'{tag}:contains("{link.text}")'


def find_script_pager(root: HtmlElement) -> str | None:
    """The CSS of the element that brings more of a list, without an address; "" if there is one and no CSS finds it,
    None if there is none: "next", "load more", or page numbers, of which the present one is not the last.
    """
    controls = [each for each in islice(root.iter("a", "button"), _MOST_LINKS) if _is_control(each)]
    links = [Link(each, "", " ".join(text_of(each).split())) for each in controls]
    numbers = [link for link in links if _NUMBER_ALONE.fullmatch(link.text)]
    calendar = {int(link.text) for link in numbers} >= _DAYS
    presents = ((link.element, _find_present(link)) for link in numbers if not calendar)
    later = [(element, shown) for element, shown in presents if shown is not None]
    saying = [link for link in links if _says_next(link, numbered=bool(later))]
    if saying:
        return next((css for css in _selectors(saying[0]) if _is_first(root, css, saying[0].element)), "")
    alone = [link for link in links if next(link.element.iterancestors(*_IN_AN_ENTRY), None) is None]
    called = [link for link in alone if any(map(_MORE_TOKEN.fullmatch, class_names(link.element)))]
    placed = ((link, _find_list_before(link.element)) for link in links if _may_bring_more(link))
    lists = list(islice(((link, rows) for link, rows in placed if rows is not None), _MOST_TRIED))
    letters = len(text_of(root)) if lists else 0
    behind = [link for link, rows in lists if _SHARE * len(text_of(rows)) >= letters]
    for link in (each[0] for each in (called, behind) if len(each) == 1):  # several of them open texts
        return next((css for css in _selectors(link) if select(root, css) == [link.element]), "")
    found = (css for element, shown in later[:1] for css in _after(shown, element) if _is_first(root, css, element))
    return next(found, "") if later else None


def _draws_in_sight(root: HtmlElement) -> bool:
    """Whether a list says that it has more rows than are in the page (`aria-rowcount`, -1 for any number), or whose
    rows stand at places in a box that goes on far below them.
    """
    for grid in root.xpath("//*[@aria-rowcount]")[:_MOST_GRIDS]:  # the rows of all within each other are their square
        drawn, said = len(grid.xpath(".//*[@aria-rowindex]")), _WHOLE_NUMBER.match(grid.get("aria-rowcount"))
        if drawn and said and not 0 <= int(said[0]) <= drawn:
            return True
    for box in root.xpath("//*[contains(@style, 'height')]"):
        rows = [each for each in box if "absolute" in (each.get("style") or "")]
        ends = [_pixels(_TOP, row) + 3 * _pixels(_HEIGHT, row) for row in rows]
        if len(rows) > 2 and _pixels(_HEIGHT, box) > max(ends):
            return True
    return False


def _pixels(pattern: re.Pattern[str], element: HtmlElement) -> int:
    found = pattern.search(element.get("style") or "")
    return int(found[1]) if found else 0


_TOP = re.compile(r"(?:\btop\s*:\s*|translateY\(|translate3d\([^,()]{1,20},\s*|translate\([^,()]{1,20},\s*)(\d{1,8})")
_HEIGHT = re.compile(r"(?<![\w-])height\s*:\s*(\d{1,8})")
_WHOLE_NUMBER = re.compile(r"-?\d{1,9}")
_UNSHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"\d{1,4}")
_WORDLIKE = re.compile(r"\w")
_DAYS = frozenset(range(1, 29))  # numbers of a calendar
# What programs call it, in English whatever the page's language.
_MORE_TOKEN = re.compile(r"(?:^|.*[-_])(?:load|show|view)[-_]?more(?:$|[-_].*)", re.IGNORECASE)
_IN_AN_ENTRY = ("li", "tr", "dd", "p", "article", "nav", "aside")
_NOT_SEEN = ("script", "style", "noscript", "template")
_OPENS = frozenset(("aria-expanded", "aria-haspopup", "aria-pressed", "data-toggle", "data-bs-toggle"))  # a part
_OF_THE_BROWSER = re.compile(r"\b(?:print|history|close|scroll\w*)\b")  # functions that bring no entries
_ROWS = 3  # elements alike, at least
_SHARE = 3  # a list has a third of the letters of its page, or more
_NEAR = 4  # steps from a number to the element that has all of them
_LONGEST_ROW = 40  # words of such an element


def _is_control(element: HtmlElement) -> bool:
    """Whether a script does something when it is clicked, as far as its markup tells."""
    href = (element.get("href") or "").strip()
    if href.lower() not in ("", "#", "#!") and not href.lower().startswith("javascript:"):
        return False
    near = [element, *islice(element.iterancestors(), _NEAR)]
    elsewhere = any(_OTHER_TOKEN.search(token) for each in near for token in class_names(each))
    hidden = any(each.get("hidden") is not None or _UNSHOWN.search(each.get("style") or "") for each in near)
    return not elsewhere and not hidden and not _is_disabled(element)


def _may_bring_more(link: Link) -> bool:
    """Whether a control has a short label, and is none that sends a form, opens a part of the page, leads to its top or
    asks something of the browser itself.
    """
    control, runs = link.element, f"{link.element.get('onclick')} {link.element.get('href')}"
    sends = control.get("type") != "button" and next(control.iterancestors("form"), None) is not None
    to_the_top = set(control.attrib) <= {"href"} and "javascript:" not in runs
    is_other = (sends if control.tag == "button" else to_the_top) or not _OPENS.isdisjoint(control.attrib)
    return 0 < len(link.text) <= _LONGEST_LABEL and not is_other and not _OF_THE_BROWSER.search(runs)


def _find_list_before(control: HtmlElement) -> HtmlElement | None:
    """What has rows directly behind which there is nothing but controls, of which this one is the last, and the only
    one that works: "load more", or "next" after a "previous" that is disabled.
    """
    part = control
    for around in islice(control.iterancestors(), _NEAR):
        *others, last = around.iter("a", "button")
        words = sum(len(_first_words(each)) for each in (*others, last))
        if last is not control or not all(map(_is_disabled, others)) or len(_first_words(around)) > words:
            break
        part = around
    beside = next((each.tag for each in _with_words(part.itersiblings())), "")
    row = next(_with_words(part.itersiblings(preceding=True)), None) if beside not in ("a", "button") else None
    for _ in range(_NEAR):
        if row is None:
            break
        rows = [row, *islice(_with_words(row.itersiblings(preceding=True)), _ROWS - 1)]
        if len(rows) == _ROWS and len({(each.tag, *(child.tag for child in each[:1])) for each in rows}) == 1:
            return row.getparent() if row.tag != "p" else None
        row = next(_with_words(reversed(row)), None)
    return None


def _with_words(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    return (each for each in elements if isinstance(each.tag, str) and each.tag not in _NOT_SEEN and _first_words(each))


def _first_words(element: HtmlElement) -> list[str]:
    return " ".join(islice(element.itertext(), 4 * _LONGEST_ROW)).split()[: _LONGEST_ROW + 1]


def _find_present(link: Link) -> HtmlElement | None:
    """The element with the number of the page that is shown, in a row of page numbers in which the link has the next
    one: it is marked, or leads nowhere, or else is the first.
    """
    for row in islice(link.element.iterancestors(), _NEAR):
        beside = islice(row.iterchildren("*"), _LONGEST_ROW)
        cells = [each for each in beside if _NUMBER_ALONE.fullmatch(" ".join(_first_words(each)))]
        if len(cells) > 1:
            shown = next(filter(_is_present, cells), cells[0])
            follows = int(text_of(shown)) + 1 == int(link.text) and not _WORDLIKE.search(shown.tail or "")
            return shown if follows else None
    return None


def _is_present(cell: HtmlElement) -> bool:
    marks = {token.rpartition("-")[2] for each in (cell, *cell) for token in class_names(each)}
    marked = marks & {"active", "current", "selected"} or any(each.get("aria-current") for each in (cell, *cell))
    return bool(marked) or next(cell.iter("a", "button"), None) is None


def _after(cell: HtmlElement, element: HtmlElement) -> Iterator[str]:
    """CSS that may find what follows the number of the page that is shown, wherever that is."""
    following = cell.getnext()
    if following is None or next((each for each in following.iter() if each is element), None) is None:
        return
    href = (element.get("href") or "").partition("(")[0]
    target = css_tag(element) if following is element else f"{css_tag(following)} {css_tag(element)}"
    target += f'[href^="{href}"]' if href.startswith("javascript:") and '"' not in href else ""
    marks = [f".{token}" for token in class_names(cell) if token not in class_names(following)]
    marks += ["[aria-current]"] if cell.get("aria-current") else []
    marks += [":has([aria-current])" for each in cell if each.get("aria-current")]
    marks += [f":has(> {css_tag(each)})" for each in cell if each.tag not in ("a", "button")]
    yield from (f"{css_tag(cell)}{mark} + {target}" for mark in marks)


def _is_first(root: HtmlElement, css: str, element: HtmlElement) -> bool:
    """Whether a selector finds an element before any other that is shown."""
    return next(iter(select(root, css)), None) is element


class Link(NamedTuple):
    """A link: its element, where it leads, and its text on one line."""

    element: HtmlElement
    url: str
    text: str


def find_list_links(page: Page) -> list[Link]:
    """The links to other pages of the page's list. Raises SourceError for what is no HTML."""
    found = list[Link]()
    for element in cut_to_ends(page).html.iter("a", "link"):
        href = (element.get("href") or "").strip()
        url = absolute(page.url, href) if href and not href.startswith(("#", "javascript:", "mailto:")) else ""
        if url and _is_of_the_list(page.url, url) and not _is_disabled(element):
            text = text_of(element) if element.tag == "a" else ""
            found.append(Link(element, url.partition("#")[0], " ".join(text.split())))
            if len(found) == _MOST_LINKS:
                break
    return found


def cut_to_ends(page: Page) -> Page:
    """The page itself if it is small, else its two ends, without what is not shown: their ends are they themselves."""
    content = page.content
    if len(content) <= 2 * _END:
        return page
    parts = [content[:]] if len(content) <= LARGE else [content[: LARGE // 2], content[-LARGE // 2 :]]
    for name in (b"script", b"style", b"svg"):
        parts = [_without(part, name) for part in parts]
    if sum(map(len, parts)) > 2 * _END:
        parts = [parts[0][: _END - 1], b">\n", parts[-1][1 - _END :]]
    return replace(page, content=b"".join(parts))


def _without(body: bytes, name: bytes) -> bytes:
    """A body without elements of a name, as it is usually written, in time that grows with its length alone."""
    kept, at = bytearray(), 0
    while (begins := body.find(b"<" + name, at)) >= 0:
        ends = body.find(b"</" + name, begins)
        if ends < 0:
            break
        kept += body[at:begins]
        at = ends
    return bytes(kept) + body[at:] if at else body


def _is_disabled(element: HtmlElement) -> bool:
    return element.get("disabled") is not None or any(
        "disabled" in (each.get("class") or "").split() or each.get("aria-disabled") == "true"
        for each in (element, element.getparent())
        if each is not None
    )


def _is_of_the_list(base: str, url: str) -> bool:
    try:
        one, other = urlsplit(base), urlsplit(url)
        if (one.hostname, one.port) != (other.hostname, other.port):
            return False
    except ValueError:
        return False
    if one.path.rstrip("/") == other.path.rstrip("/"):
        return one.query != other.query
    # Without a page's number and without the ending: "/list" of "/list/page/2/" and of "/list.html".
    stems = {_PLACE.sub("", each.path, count=1).rstrip("/") for each in (one, other)}
    return len(stems) == 1


class Numbering(NamedTuple):
    """Numbered links: which address has which page. The option `pages`, and the numbers that are linked to.

    `parameter` or `url` say where the number stands, as in the option `pages`; the first page's is `first`, each
    further one's more by `step`.
    """

    parameter: str
    url: str
    first: int
    step: int
    later: Mapping[int, str]


def find_numbering(base: str, links: Sequence[Link]) -> Numbering | None:
    """What the numbered links say of how pages are counted: of several ways, that which has most pages."""
    ways: defaultdict[tuple[str, str], dict[int, tuple[int, str]]] = defaultdict(dict)
    for link in links:
        if re.fullmatch(r"\d{1,6}", link.text) and 0 < (number := int(link.text)) <= _MOST_PAGES:
            for way, value in _places(base, link.url):
                ways[way].setdefault(number, (value, link.url))
    found = [way_on for way, values in ways.items() if (way_on := _fit(base, *way, values))]
    return max(found, key=lambda way_on: (len(way_on.later), bool(way_on.parameter)), default=None)


def is_last(page: Page, parameter: str, url: str, now: int) -> bool:
    """Whether the page links back to earlier pages, by the numbers in their addresses, and on to none.

    `parameter` or `url` say where the numbers stand, as in the option `pages`; `now` is the page's own.
    """
    numbers = {number for link in find_list_links(page) if (number := _number_at(link.url, parameter, url)) is not None}
    return bool(numbers) and max(numbers) <= now and min(numbers) < now


def _places(base: str, url: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Where in an address a page's number may stand (parameter, or address with {}), and the number there."""
    one, other = urlsplit(base), urlsplit(url)
    if one.path.rstrip("/") == other.path.rstrip("/"):
        own = parse_qsl(one.query, keep_blank_values=True)
        for name, value in islice(parse_qsl(other.query, keep_blank_values=True), 50):
            if value.isascii() and value.isdigit() and len(value) < 10 and (name, value) not in own:
                yield (name, ""), int(value)
    elif (number := _LAST_NUMBER.search(other.path)) and "{" not in url:
        path = f"{other.path[: number.start()]}{{}}{other.path[number.end() :]}"
        yield ("", f"{path}?{other.query}" if other.query else path), int(number[0])


def _fit(base: str, parameter: str, url: str, values: Mapping[int, tuple[int, str]]) -> Numbering | None:
    """The way of counting that fits the linked pages' numbers; None where none does, or no later page follows."""
    numbers = sorted(values)
    low, high = numbers[0], numbers[-1]
    if low == high:
        step = 1 if values[low][0] in (low, low - 1) else values[low][0] // max(1, low - 1)
    else:
        step = (values[high][0] - values[low][0]) // (high - low)
    if step < 1:
        return None
    first = values[low][0] - (low - 1) * step
    if first < 0 or any(values[number][0] != first + (number - 1) * step for number in numbers):
        return None
    now = _number_at(base, parameter, url)
    at = 1 if now is None else (now - first) // step + 1
    later = {number: address for number, (_, address) in sorted(values.items()) if number > at}
    return Numbering(parameter, url, first, step, later) if at + 1 in later or (later and at > 1) else None


def _number_at(address: str, parameter: str, url: str) -> int | None:
    """The number in an address, where an option `pages` has it; None where there is none."""
    parts = urlsplit(address)
    if parameter:
        value = dict(parse_qsl(parts.query)).get(parameter, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    before, _, after = urlsplit(absolute(address, url)).path.partition("{}")
    inner = parts.path[len(before) : len(parts.path) - len(after) if after else None]
    sound = parts.path.startswith(before) and parts.path.endswith(after) and inner.isascii() and inner.isdigit()
    return int(inner) if sound and len(inner) < 10 else None


def find_counts(root: HtmlElement) -> Remainder:
    """What the page says in words: its own number, how many pages there are, and how many entries where these are not
    the last.
    """
    page = pages = entries = None
    text = root.text_content().casefold()
    lines = text_of(root).split("\n") if any(likely.search(text) for likely in _LIKELY) else []
    for line in lines[:20_000]:
        if len(line) > 300 or not any(map(str.isdigit, line)):  # characters: a longer one is no pager
            continue
        if page is None and (said := _PAGE_OF.search(line)):
            number, last = map(_number, said.groups())
            page, pages = (number, last) if 0 < number <= last <= _MOST_PAGES else (None, None)
        entries = entries or _total(line)
    return Remainder(page=page, pages=pages, entries=entries)


def _total(line: str) -> int | None:
    """How many entries there are by a line such as "1-20 of 60"; None where these are the last, or all."""
    if said := _RANGE.search(line):
        first, last, total = map(_number, said.groups())
        return total if first <= last < total else None
    if said := _SHOWN.search(line):
        shown, total = map(_number, said.groups())
        return total if 0 < shown < total else None
    return None


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))
