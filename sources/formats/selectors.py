"""The place of a value in an HTML element: CSS below it, and an attribute.

"h3 a" is the text of the first such element, "a@href" an attribute of it, "." and "@data-id" the element itself, and
"p::text" its text without that of its child elements. A "?" at the end marks a place that may be absent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement
from pydantic import AfterValidator, WithJsonSchema

from sources.formats.html import text_of
from sources.text import clean, clean_lines, listing

_PLACE = re.compile(r"(.*?)(?:@([\w:.-]+)|(::text))?", re.DOTALL)
_LAYOUT = frozenset(
    ("html", "head", "body", "br", "hr", "script", "style", "link", "meta", "option", "path", "td", "th")
)
_SHOWN = 15  # elements in an error message


class Parsed(NamedTuple):
    """A parsed place: CSS ("" for the element itself), the attribute's name, whether only the element's own text
    counts, and whether the place may be absent.
    """

    css: str
    attribute: str | None
    own: bool
    optional: bool


@lru_cache(maxsize=1024)
def parsed(place: str) -> Parsed:
    """Parse a place."""
    bare = place.strip().removesuffix("?")
    match = _PLACE.fullmatch(bare)
    assert match  # noqa: S101 - the pattern matches any text
    css = match[1].strip()
    return Parsed("" if css == "." else css, match[2], bool(match[3]), bare != place.strip())


def check_place(place: str) -> str:
    """Return the place if its CSS compiles. Raises ValueError with the reason."""
    css, attribute, own, _ = parsed(place)
    if css:
        check_css(css)
    elif not attribute and not own and place.strip().removesuffix("?") != ".":
        raise ValueError(f'{place!r} names no place: CSS such as "h3 a", "a@href", "." or "@data-id"')
    return place


Place = Annotated[str, AfterValidator(check_place), WithJsonSchema({"type": "string", "format": "css-selector"})]


def select(element: HtmlElement, css: str) -> list[HtmlElement]:
    """The matching elements in document order: descendants, or the element itself for ""."""
    return list(_compiled(css)(element))


def values(element: HtmlElement, place: str) -> list[str]:
    """The values at a place: the texts, or the attributes, of the outermost elements that match."""
    css, attribute, own, _ = parsed(place)
    found = select(element, css) if css else [element]
    if attribute:
        return [value for each in found if (value := each.get(attribute)) is not None]
    if own:
        return [clean(" ".join([each.text or "", *(child.tail or "" for child in each)])) for each in found]
    return [clean_lines(text_of(each)) for each in outermost(found)]


def outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The elements that are not descendants of others in the list."""
    found = set(elements)
    return [element for element in elements if found.isdisjoint(element.iterancestors())]


def addresses(element: HtmlElement, place: str) -> list[str]:
    """The values at a link's place: without an attribute, the targets of the elements or of the first link in each."""
    css, attribute, _, _ = parsed(place)
    if attribute:
        return values(element, place)
    links = (select(each, "a[href], area[href], link[href]") for each in (select(element, css) if css else [element]))
    return [found[0].get("href", "").strip() for found in links if found]


def dates(element: HtmlElement, place: str) -> list[str]:
    """The values at a date's place: without an attribute, the datetime of a <time>, else the text."""
    css, attribute, _, _ = parsed(place)
    times = [] if attribute else [each.get("datetime") for each in (select(element, css) if css else [element])]
    return list(filter(None, times)) or values(element, place)


def first(found: Sequence[str]) -> str:
    """The first non-empty value, or ""."""
    return next(filter(None, found), "")


def repeated(root: HtmlElement) -> str:
    """The elements that repeat side by side on a page, as CSS with their number: for an error message."""
    counts: Counter[str] = Counter()
    for parent in root.iter():
        beside = Counter(_label(child) for child in parent.iterchildren("*") if child.tag not in _LAYOUT)
        counts.update({label: count for label, count in beside.items() if count > 2})
    return listing((f"{label} ({count})" for label, count in counts.most_common(_SHOWN)), most=_SHOWN)


def inside(element: HtmlElement) -> str:
    """The elements inside one, as CSS, in order: for an error message."""
    return listing(dict.fromkeys(_label(each) for each in element.iter("*") if each is not element), most=_SHOWN)


def named(root: HtmlElement) -> str:
    """The elements of a page that have an id or a landmark tag, as CSS: for an error message."""
    parts = root.cssselect("main, article, div[id], section[id], table[id], ul[id]")
    names = dict.fromkeys(f"#{part.get('id')}" if part.get("id") else str(part.tag) for part in parts)
    return listing(names, most=_SHOWN)


def _label(element: HtmlElement) -> str:
    classes = clean(element.get("class") or "").split()
    return ".".join([str(element.tag), *classes[:3]])


@lru_cache(maxsize=1024)
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def check_css(selector: str) -> str:
    """Return the selector if it compiles. Raises ValueError with the reason."""
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from None
    return selector


Css = Annotated[str, AfterValidator(check_css), WithJsonSchema({"type": "string", "format": "css-selector"})]
