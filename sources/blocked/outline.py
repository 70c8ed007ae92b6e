"""Measures an HTML page's text and structure by counting and cutting: a tree would cost many times more. Pure.

Whether a text is HTML, and whether it is complete, is decided here, too.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from sources.text import clean

# Elements that a browser does not show as text. Such an element ends at the first end tag of its name, whatever is
# inside. The lookahead on the first letters skips most tags of a large table quickly.
_UNSEEN = re.compile(r"<(?=[!SNIsni]|[Tt][EIei])(?i:(script|style|noscript|template|svg|title|textarea|iframe)\b|!--)")
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]{2,}")
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{0,500})</title", re.IGNORECASE)
# Pattern texts: `re` compiles them on first use, which is rare for pages with content.
_LONG = 600  # characters of a heading with its markup
_CLAIM = r"""og:type["'][^<>]{0,40}\barticle\b"""
_CLASS = r"""<\w+ [^<>]*?\bclass\s*=\s*["']?([\w -]+)"""
_FIELD = r"<(?:input|textarea|select)\b[^<>]*>"
_NOT_ASKED = r"""\btype\s*=\s*["']?(hidden|submit|button|image|checkbox|radio|reset|password)"""
_UNREADABLE = r"""<input\b[^<>]*\btype\s*=\s*["']?password"""
_PARTS = r"\s+[|•·—–:»«/-]{1,2}\s+|\s*[|•·—–»]\s*"
_HEAD = 20_000  # characters in which the title is searched
_LARGE = 65_536  # characters: for larger pages cheap counts come first
_ENDS = ("</a>", "</li>", "</p>", "</td>")
_MANY = 300  # repeated elements that prove content
_MUCH = 3000  # letters: more than any block page shows
_CELLS = 20


class _Piece(NamedTuple):
    """A stretch of visible markup, and the invisible element after it; "" and "" at the end."""

    shown: str
    name: str
    unseen: str
    ended: bool


class Outline:
    """The measures of an HTML page, each computed on first access."""

    def __init__(self, text: str, title: str | None = None) -> None:
        self.text = text
        self._title = title

    @cached_property
    def lower(self) -> str:
        """The markup in lower case: of a large page only its two ends, where a block page has its features."""
        text = self.text if len(self.text) <= 2 * _LARGE else f"{self.text[:_LARGE]}\n{self.text[-_LARGE:]}"
        return text.lower()

    @cached_property
    def full(self) -> bool:
        """Whether there is so much that it must be content, or a site's whole menu."""
        if len(self.text) > _LARGE and sum(self.text.count(end, 0, 4 * _LARGE) for end in _ENDS) > _MANY:
            return True
        if self.tabular:
            return True
        letters = 0
        for piece in _pieces(self.text):
            # Without a tag that is not complete in these characters: it may hold a large inline image.
            begins = piece.shown[:_HEAD]
            last = begins.rfind("<")
            letters += _letters(begins if last <= begins.rfind(">") else begins[:last])
            if letters > _MUCH:
                return True
        return self.body.count("<td") > _CELLS

    @cached_property
    def tabular(self) -> bool:
        """Whether it shows so many table cells that it must be content: a fast test that most registers pass."""
        return _shows_cells(self.text[: 4 * _LARGE]) or (len(self.text) > 4 * _LARGE and _shows_cells(self.text))

    @cached_property
    def _all(self) -> list[_Piece]:
        return list(_pieces(self.text))

    @cached_property
    def body(self) -> str:
        """The visible markup, in lower case."""
        return " ".join(piece.shown for piece in self._all).lower()

    @property
    def endless(self) -> str:
        """The name of an invisible element without an end tag; "" when there is none."""
        return next((piece.name for piece in self._all if not piece.ended), "")

    def find_unseen(self, name: str) -> list[str]:
        """The invisible elements of this name, in lower case."""
        return [piece.unseen.lower() for piece in self._all if piece.name == name]

    @cached_property
    def shown(self) -> str:
        """The text visible without JavaScript, its beginning if it is long, on one line, in lower case."""
        return _line(_TAG.sub(" ", self.body))[:_HEAD]

    @cached_property
    def stated(self) -> str:
        """As `shown`, without the texts of links, which describe other pages."""
        return _line(_TAG.sub(" ", re.sub(r"<a\b[^<>]*>[^<>]*(?=</a)", " ", self.body)))[:_HEAD]

    @cached_property
    def letters(self) -> int:
        """The number of visible letters and digits; isolated ones, as in a formula, do not count."""
        return _letters(self.body)

    @cached_property
    def titles(self) -> list[str]:
        """The title, whole and in its parts ("404 | Example"), in lower case, without final dots."""
        found = _TITLE.search(self.text, 0, _HEAD)
        whole = _name(self._title if self._title is not None else found[1] if found else "")
        return list(dict.fromkeys(part for part in (whole, *map(_name, re.split(_PARTS, whole))) if part))

    @cached_property
    def headings(self) -> list[str]:
        """The first three headings with words, in lower case, without final dots."""
        found: list[str] = []
        for begins in islice(re.finditer(r"<h[12]\b[^<>]*>", self.body), 6):
            ends = self.body.find("</h", begins.end(), begins.end() + _LONG)
            found.append(_name(_TAG.sub(" ", self.body[begins.end() : max(ends, begins.end())])))
        return [*filter(None, found)][:3]

    @property
    def heading(self) -> str:
        """The first heading, or ""."""
        return next(iter(self.headings), "")

    @cached_property
    def records(self) -> bool:
        """Whether it has what only content has: rows of data, dated or separate items."""
        return self.body.count("<td") > 3 or "<article" in self.body or "<time" in self.body

    @cached_property
    def repeats(self) -> bool:
        """Whether an element repeats, as entries and menus do."""
        if self.records or self.body.count("<li") > 1 or self.body.count("<h3") > 1 or self.body.count("<dt") > 1:
            return True
        classes = Counter(re.findall(_CLASS, self.body)).most_common(1)
        return bool(classes) and classes[0][1] > 3

    @cached_property
    def prose(self) -> bool:
        """Whether it looks like an article: long paragraphs, or an article's metadata."""
        return len(re.findall(r">[^<>]{120,}<", self.body)) > 2 or bool(re.search(_CLAIM, self.lower))

    @cached_property
    def links(self) -> int:
        """The number of links."""
        return self.body.count("<a ")

    @cached_property
    def questions(self) -> int:
        """The number of fields for a person to fill in or choose from, without passwords."""
        return sum(not re.search(_NOT_ASKED, field) for field in re.findall(_FIELD, self.lower))

    @cached_property
    def password(self) -> bool:
        """Whether it asks for a password."""
        return bool(re.search(_UNREADABLE, self.lower))


def _shows_cells(text: str) -> bool:
    cells = 0
    for piece in _pieces(text):
        cells += piece.shown.count("<td") + piece.shown.count("<TD")  # cheap, and often sufficient
        if cells > _CELLS:
            return True
    return False


def _letters(markup: str) -> int:
    return sum(map(len, _WORD.findall(_TAG.sub(" ", markup))))


def _pieces(text: str) -> Iterator[_Piece]:
    """Cut the markup at invisible elements, in linear time for any input."""
    absent: set[str] = set()  # end tags that do not occur in the rest
    at = 0
    while begins := _UNSEEN.search(text, at):
        name = begins[1] or ""
        ends = _find_end(text, name, begins.end(), absent)
        unseen = text[begins.start() : ends if ends >= 0 else None]
        yield _Piece(text[at : begins.start()], name.lower(), unseen, ended=ends >= 0)
        if ends < 0:
            return
        at = text.find(">", ends) + 1 or len(text)
    yield _Piece(text[at:], "", "", ended=True)


def _find_end(text: str, name: str, start: int, absent: set[str]) -> int:
    """The index of the element's end tag, -1 when there is none. Tries three spellings, as ignoring case is slow."""
    for end in (f"</{name}", f"</{name.lower()}", f"</{name.upper()}") if name else ("-->",):
        found = -1 if end in absent else text.find(end, start)
        if found >= 0:
            return found
        absent.add(end)
    return -1


def _line(text: str) -> str:
    return clean(html.unescape(text)).lower().replace("’", "'")


def _name(text: str) -> str:
    return _line(text).rstrip(".… ")


_HTML = re.compile(
    r"<(!doctype\s+html|html|head|body|title|meta|link|script|style|div|section|main|p|h[1-6]|center|form|table|br|b|pre)\b",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r"<(?![!?])[\w:-]+")
_BEGINNING = 2048  # characters in which the format is detected
_TAIL = 65_536
_LAST_TAGS = ("</html", "</body", "</HTML", "</BODY", "</Html", "</Body")
_OPEN_TAG = re.compile(r"<[a-z!/][^<>]*\Z", re.IGNORECASE)
_CLOSED = ("ul", "ol", "dl", "table", "main", "section", "article", "form")


def is_html(text: str) -> bool:
    """Whether a text is HTML: neither a feed nor other XML, though these may have HTML inside."""
    head = text[:_BEGINNING].lstrip("\ufeff \t\r\n")
    found, element = _HTML.search(head), _ELEMENT.search(head)
    if not head.startswith("<") or not found:
        return False
    return found[0].startswith("<!") or element is None or element.start() >= found.start()


def is_empty(text: str) -> bool:
    """Whether the page is empty: no words, no numbers, no media or embedded content."""
    page = Outline(text)
    if len(text) > _BEGINNING or page.titles or re.search(r"\w", page.shown):
        return False
    return not re.search(r"<(script|img|i?frame|frameset|input|link|object|embed|svg|a|noscript)\b", page.lower)


def where_cut(text: str) -> str | None:
    """The place where a truncated HTML page breaks off, in words; None when it is complete, or did not begin as HTML.

    Pages may omit the end tags of <html> and <body>. So evidence is an end inside a tag or a script, an unclosed list
    or table, or two unclosed <div>; a single unclosed <div> is a common error of authors.
    """
    head = text[:_BEGINNING].lower()
    if not is_html(text) or ("<html" not in head and "<!doctype" not in head):
        return None
    if any(end in text[-_TAIL:] for end in _LAST_TAGS):
        return None
    if _OPEN_TAG.search(text[-4096:]):
        return "inside a tag"
    page = Outline(text)
    if page.endless:
        return f"inside <{page.endless}>"
    left = next((name for name in _CLOSED if _left_open(page.body, name) > 0), "")
    return f"inside <{left}>" if left else "inside its <div>s" if _left_open(page.body, "div") > 1 else None


def _left_open(markup: str, name: str) -> int:
    return len(re.findall(rf"<{name}[\s>]", markup)) - markup.count(f"</{name}")
