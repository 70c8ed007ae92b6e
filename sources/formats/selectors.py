"""CSS and XPath, in which options name elements of a page, and the values in them.

A selector is CSS, or XPath after "xpath:". A place is a selector of elements below another one, and what of them
counts: "h3 a" is the text of such elements, "a@href" an attribute of them, "p::text" their text without that of their
child elements; "." and "@data-id" are of the element itself, and "xpath:string(.//dd[2])" is what the path gives. A "?"
at the end marks a place that may be absent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from lxml import etree
from lxml.html import HtmlElement, fromstring
from pydantic import AfterValidator, WithJsonSchema

from sources.errors import BadDocument
from sources.formats.html import text_of
from sources.text import clean, clean_lines, listing

if TYPE_CHECKING:
    from cssselect import GenericTranslator

XPATH = "xpath:"
_LONGEST, _LONGEST_CSS = 2_000, 20_000  # characters of XPath and of CSS: more than a person writes
_NO_ELEMENTS = re.compile(r"(?:@[\w:.*-]+|\btext\(\))\s*\Z")
_PLACE = re.compile(r"(.*?)(?:@([\w:.-]+)|(::text))?", re.DOTALL)
_LAYOUT = frozenset(
    ("html", "head", "body", "br", "hr", "script", "style", "link", "meta", "option", "path", "td", "th")
)
CSS_NAME = re.compile(r"-?[A-Za-z_][\w-]*")  # a name that needs no escaping in CSS
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NOTHING = fromstring("<p>")
_SHOWN = 15  # elements in an error message


@lru_cache(maxsize=1024)
def compile_selector(selector: str) -> Callable[[HtmlElement], Any]:
    """What finds the elements, or with XPath also texts and numbers. Raises ValueError with the reason."""
    if not selector.startswith(XPATH):
        from cssselect import SelectorError  # slow to import

        if len(selector) > _LONGEST_CSS:
            raise ValueError(f"CSS of {len(selector):,} characters is not evaluated: at most {_LONGEST_CSS:,}")
        try:
            return etree.XPath(_translator().css_to_xpath(selector))
        except (SelectorError, RecursionError, etree.XPathError) as error:
            raise ValueError(f"{selector!r} is no CSS selector: {error}") from None
    path = selector.removeprefix(XPATH).strip()
    if len(path) > _LONGEST:
        raise ValueError(f"XPath of {len(path):,} characters is not evaluated: at most {_LONGEST:,}")
    try:
        compiled = etree.XPath(path, smart_strings=False)
        compiled(_NOTHING)  # functions and prefixes are looked up when they are first used
    except etree.XPathError as error:
        raise ValueError(f"{path!r} is no XPath: {error}") from None
    return compiled


@cache
def _translator() -> GenericTranslator:
    """CSS to XPath as lxml.cssselect does, but without its function in Python for `:contains()`: a compiled path that
    calls one keeps its name in memory of the first document, and reads freed memory with the next.
    """
    from cssselect import ExpressionError, HTMLTranslator
    from cssselect.parser import Function
    from cssselect.xpath import XPathExpr

    class Translator(HTMLTranslator):
        def xpath_contains_function(self, xpath: XPathExpr, function: Function) -> XPathExpr:
            if function.argument_types() not in (["STRING"], ["IDENT"]):
                raise ExpressionError(f"Expected a single string or ident for :contains(), got {function.arguments!r}")
            text = (function.arguments[0].value or "").lower()
            letters = [
                letter for letter in dict.fromkeys(text) if len(letter.upper()) == 1 and letter.upper() != letter
            ]
            lower = "".join(letters)
            found = f"translate(string(.), {self.xpath_literal(lower.upper())}, {self.xpath_literal(lower)})"
            return xpath.add_condition(f"contains({found}, {self.xpath_literal(text)})")

    return Translator()


def check_selector(selector: str) -> str:
    """Return the selector if it compiles and may select elements. Raises ValueError with the reason."""
    compiled = compile_selector(selector)
    if selector.startswith(XPATH) and (_NO_ELEMENTS.search(selector) or not isinstance(compiled(_NOTHING), list)):
        raise ValueError(f"{selector!r} selects no elements but attributes, texts or numbers")
    return selector


class Parsed(NamedTuple):
    """A parsed place: the selector ("" for the element itself), the attribute's name, whether only the element's own
    text counts, and whether the place may be absent.
    """

    selector: str
    attribute: str | None
    own: bool
    optional: bool


@lru_cache(maxsize=1024)
def parse_place(place: str) -> Parsed:
    """Parse a place."""
    bare = place.strip().removesuffix("?")
    optional = bare != place.strip()
    if bare.startswith(XPATH):
        return Parsed(bare, None, own=False, optional=optional)
    match = _PLACE.fullmatch(bare)
    assert match  # noqa: S101 - the pattern matches any text
    css = match[1].strip()
    return Parsed("" if css == "." else css, match[2], bool(match[3]), optional)


def check_place(place: str) -> str:
    """Return the place if its selector compiles. Raises ValueError with the reason."""
    selector, attribute, own, _ = parse_place(place)
    if selector:
        compile_selector(selector)
    elif not attribute and not own and place.strip().removesuffix("?") != ".":
        raise ValueError(f'{place!r} names no place: CSS such as "h3 a", "a@href", "." or "@data-id", or "xpath:..."')
    return place


Place = Annotated[str, AfterValidator(check_place), WithJsonSchema({"type": "string", "format": "css-selector"})]


def class_names(element: HtmlElement) -> list[str]:
    """The classes of an element that need no escaping in CSS."""
    return [name for name in (element.get("class") or "").split() if CSS_NAME.fullmatch(name)]


def css_tag(element: HtmlElement) -> str:
    """The tag of an element as CSS: "*" for one that CSS would read otherwise, such as `<o:p>` and `<t=>`."""
    tag = str(element.tag)
    return tag if _TAG.fullmatch(tag) else "*"


def _evaluate(element: HtmlElement, selector: str) -> list[Any]:
    """What a selector gives, as a list. Raises BadDocument where XPath cannot be evaluated on the document."""
    try:
        found = compile_selector(selector)(element)
    except etree.XPathError as error:
        raise BadDocument(f"{selector!r} cannot be evaluated: {error}") from None
    return found if isinstance(found, list) else [found]


def select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """The matching elements in document order: descendants, or the element itself for ""."""
    if not selector:
        return [element]
    found = _evaluate(element, selector)
    return [each for each in found if isinstance(each, HtmlElement)] if selector.startswith(XPATH) else found


def find_values(element: HtmlElement, place: str) -> list[str]:
    """The values at a place: the texts, or the attributes, of the outermost elements that match."""
    selector, attribute, own, _ = parse_place(place)
    found = _evaluate(element, selector) if selector else [element]
    if attribute:
        return [value for each in found if (value := each.get(attribute)) is not None]
    if own:
        return [clean(" ".join([each.text or "", *(child.tail or "" for child in each)])) for each in found]
    elements = [each for each in found if isinstance(each, HtmlElement)]
    if len(elements) < len(found):  # XPath gives texts and numbers, too
        return [clean_lines(_text_of_result(each)) for each in found]
    return [clean_lines(text_of(each)) for each in keep_outermost(elements)]


def _text_of_result(result: Any) -> str:
    """What XPath gives, as text: 3 and not 3.0, "" for a comment."""
    if isinstance(result, HtmlElement):
        return text_of(result)
    return f"{result:.15g}" if isinstance(result, float) else result if isinstance(result, str) else ""


def keep_outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The elements that are not descendants of others in the list."""
    found = set(elements)
    return [element for element in elements if found.isdisjoint(element.iterancestors())]


def find_addresses(element: HtmlElement, place: str) -> list[str]:
    """The values at a link's place: without an attribute, the targets of the elements or of the first link in each."""
    selector, attribute, _, _ = parse_place(place)
    elements = [] if attribute else select(element, selector)
    if not elements:  # an attribute, or what XPath gives
        return find_values(element, place)
    links = (select(each, "a[href], area[href], link[href]") for each in elements)
    return [found[0].get("href", "").strip() for found in links if found]


def find_dates(element: HtmlElement, place: str) -> list[str]:
    """The values at a date's place: without an attribute, the datetime of a <time>, else the text."""
    selector, attribute, _, _ = parse_place(place)
    times = [] if attribute else [each.get("datetime") for each in select(element, selector)]
    return list(filter(None, times)) or find_values(element, place)


def first(found: Sequence[str]) -> str:
    """The first non-empty value, or ""."""
    return next(filter(None, found), "")


def describe_repeated(root: HtmlElement) -> str:
    """The elements that repeat side by side on a page, as CSS with their number: for an error message."""
    counts: Counter[str] = Counter()
    for parent in root.iter():
        beside = Counter(_label(child) for child in parent.iterchildren("*") if child.tag not in _LAYOUT)
        counts.update({label: count for label, count in beside.items() if count > 2})
    return listing((f"{label} ({count})" for label, count in counts.most_common(_SHOWN)), most=_SHOWN)


def describe_inside(element: HtmlElement) -> str:
    """The elements inside one, as CSS, in order: for an error message."""
    return listing(dict.fromkeys(_label(each) for each in element.iter("*") if each is not element), most=_SHOWN)


def describe_named(root: HtmlElement) -> str:
    """The elements of a page that have an id or a landmark tag, as CSS: for an error message."""
    parts = select(root, "main, article, div[id], section[id], table[id], ul[id]")
    names = dict.fromkeys(f"#{part.get('id')}" if part.get("id") else str(part.tag) for part in parts)
    return listing(names, most=_SHOWN)


def _label(element: HtmlElement) -> str:
    classes = clean(element.get("class") or "").split()
    return ".".join([str(element.tag), *classes[:3]])
