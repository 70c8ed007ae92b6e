"""A letter in HTML as a person sees it: without what is hidden, and without the footer. Pure.

Hidden is what CSS, of the element or in <style>, does not show; what has no size; and what has the colour of its
ground. The footer is all from the first block on that is called so, or has the link that ends the subscription, if next
to nothing follows that block.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from html import escape
from itertools import islice
from typing import NamedTuple

from lxml import etree
from lxml.html import Element, HtmlElement, defs

from sources.errors import BadDocument
from sources.formats.html import parse_text, text_of
from sources.formats.selectors import compile_selector

WAY_OUT = re.compile(r"unsubscri|opt[-_ ]?out", re.IGNORECASE)  # as RFC 8058 and laws call it
_TAG = re.compile(r"<[^<>]*>")
_DECLARATION = re.compile(r"([a-z-]{2,30})\s*:\s*([^;{}!]*)")
_UNSHOWN = ("style", "script", "title")
_TOLD = (*_UNSHOWN, "a")  # links have a colour of their own
_MOST_CSS, _MOST_TRIED = 500_000, 1_000_000  # characters of <style>; elements that selectors are tried on
_SIZES = ("height", "max-height", "width", "max-width")
_NO_SIZE = re.compile(r"0+(?:\.0*)?(?:[a-z]{2,4}|%)?")
_SPECK = re.compile(rf"{_NO_SIZE.pattern}|(?:0*1|0?\.\d+)(?:\.0*)?(?:px|pt)")  # a font of a pixel at most
_OWN_SIZE = re.compile(r"[\d.]+(?:px|pt|in|mm|cm)|(?:xx?-)?(?:small|large)|medium")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([^()]*\)|[a-z]+")
_PICTURE = re.compile(r"(?:url|gradient|image)\(")
_NAMED = {"white": "#ffffff", "black": "#000000"}
_BLOCKS = (defs.block_tags - {"ins", "del"}) | {"body", "article", "section", "footer"}
_CALLED_FOOTER = re.compile(r"(?:^|[\s_-])footer(?:[\s_-]|$)", re.IGNORECASE)
_SMALL = 5  # what is found by its link is at most the fifth part of a letter, and so is what follows a footer
_SENTENCE = 400  # characters of a block in which it is said what its link does
_MOST_BLOCKS, _HIGHEST = 20, 30  # that are tried as the footer; levels above a link


def see_letter(markup: str, ends: Callable[[str], bool]) -> HtmlElement:
    """What a person sees of a letter, as a tree. `ends` says of an address whether it ends the subscription."""
    try:
        root = parse_text(markup)
    except BadDocument:  # nested too deeply: its words are all there is
        root = parse_text(escape(_TAG.sub(" ", markup)))
    if root is None:
        return Element("p")
    _drop_hidden(root)
    _drop_footer(root, ends)
    return root


class _Ink(NamedTuple):
    """How text is shown: its colour and that of its ground, "" where unknown; whether it is too small to be read."""

    colour: str = _NAMED["black"]
    ground: str = _NAMED["white"]
    speck: bool = False

    @property
    def unseen(self) -> bool:
        return self.speck or self.colour == "transparent" or "" != self.colour == self.ground

    def inside(self, element: HtmlElement, style: Mapping[str, str]) -> _Ink:
        """How the text of an element in it is shown."""
        around = self._replace(colour="") if element.tag == "a" else self
        colour, size = style.get("color") or element.get("color"), style.get("font-size", "")
        ground = style.get("background-color") or style.get("background") or element.get("bgcolor") or "none"
        if element.get("background") or _PICTURE.search(
            style.get("background", "") + style.get("background-image", "")
        ):
            around, ground = around._replace(ground=""), "none"
        return _Ink(
            around.colour if colour in (None, "inherit") else _read_colour(colour),
            around.ground if ground in ("none", "transparent", "inherit") else _read_colour(ground),
            (around.speck and not _OWN_SIZE.fullmatch(size)) or _SPECK.fullmatch(size) is not None,
        )


@lru_cache(maxsize=4096)
def _read_colour(value: str) -> str:
    """The first colour in a value: as #rrggbb, or its name."""
    text = (_COLOUR.search(value.lower()) or [""])[0]
    if text.startswith("rgb"):
        return "#" + "".join(f"{min(255, int(number)):02x}" for number in re.findall(r"\d{1,4}", text)[:3])
    if text.startswith("#"):
        return "#" + "".join(sign * 2 for sign in text[1:4]) if len(text) < 6 else text[:7]
    return _NAMED.get(text, text)


def _drop_hidden(root: HtmlElement) -> None:
    """Empty the elements that are not shown, and take away texts that nobody can see."""
    styles, stack = _read_styles(root), [(root, _Ink())]
    while stack:
        element, ink = stack.pop()
        if element.attrib or element in styles or element.tag in _TOLD:
            style = {**styles.get(element, {}), **_declarations((element.get("style") or "").lower())}
            if element.tag in _UNSHOWN or element.get("hidden") is not None or _hides(style):
                element.clear(keep_tail=True)
                continue
            ink = ink.inside(element, style)
        element.text = None if ink.unseen else element.text
        for child in element:
            child.tail = None if ink.unseen else child.tail
            if isinstance(child.tag, str):
                stack.append((child, ink))


def _hides(style: Mapping[str, str]) -> bool:
    """Whether an element is not shown, with all that is in it."""
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or bool(_NO_SIZE.fullmatch(style.get("opacity") or "1"))
        or (style.get("overflow") == "hidden" and any(_NO_SIZE.fullmatch(style.get(name) or "1") for name in _SIZES))
    )


@lru_cache(maxsize=4096)
def _declarations(text: str) -> Mapping[str, str]:
    return {name: value.strip() for name, value in _DECLARATION.findall(text[:5_000]) if value.strip()}


def _read_styles(root: HtmlElement) -> Mapping[HtmlElement, dict[str, str]]:
    """What <style> says of elements, a later rule before an earlier one. Rules for some screens do not count."""
    found = defaultdict[HtmlElement, dict[str, str]](dict)
    css = "\n".join(each.text or "" for each in root.iter("style"))[:_MOST_CSS].lower()
    left = _MOST_TRIED // (1 + sum(1 for _ in root.iter()))
    for selector, text in _rules(re.sub(r"/\*[^*]*(?:\*(?!/)[^*]*)*\*/|<!\[cdata\[|<!--|-->", "", css)):
        if left and _declarations(text):
            left -= 1
            with suppress(ValueError, etree.XPathError):
                for element in compile_selector(selector)(root):
                    found[element].update(_declarations(text))
    return found


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Each selector of a style sheet with its declarations, without those inside of @media and the like."""
    pieces, depth, head = re.split(r"([{}])", css), 0, ""
    for text, sign in zip(pieces[::2], pieces[1::2], strict=False):
        head = text if sign == "{" and not depth else head
        if sign == "}" and depth == 1 and not head.lstrip().startswith("@"):
            yield from ((selector.strip(), text) for selector in head.split(",") if selector.strip())
        depth = depth + 1 if sign == "{" else max(0, depth - 1)


def _drop_footer(root: HtmlElement, ends: Callable[[str], bool]) -> None:
    """Take away the footer, if there is one."""
    whole, sentences, found = _count(root, "descendant"), dict[HtmlElement, str](), list[HtmlElement]()
    for element in root.iterdescendants("*"):
        names = f"{element.tag!s} {element.get('class') or ''} {element.get('id') or ''}"
        href = element.get("href") if element.tag == "a" else None
        leads_out = href and (ends(href.strip()) or WAY_OUT.search(sentence_of(element, sentences)))
        if leads_out or _CALLED_FOOTER.search(names):
            found.append(element)
    for element in found[-_MOST_BLOCKS:]:
        block = _enlarge(element, whole) if element.tag == "a" else element
        after = _count(block, "following")
        before = whole - after - _count(block, "descendant")
        if before and _SMALL * (after if len(block) else _count(element, "following")) <= whole:
            _cut_from(block)
            return


def _enlarge(link: HtmlElement, whole: int) -> HtmlElement:
    """The largest block around a link that is a small part of a letter; without such blocks what begins its line."""
    block = _block_of(link)
    if 2 * length_of(block) > whole:
        while link.tag != "br" and (before := link.getprevious()) is not None and before.tag not in _BLOCKS:
            link = before
        return link
    for above in islice(block.iterancestors(), _HIGHEST):
        if _SMALL * length_of(above) > whole:
            break
        block = above
    return block


def sentence_of(link: HtmlElement, known: dict[HtmlElement, str]) -> str:
    """The text of the block around a link, "" where it is long; `known` are those that were asked for before."""
    block = _block_of(link)
    if block not in known:
        known[block] = text_of(block) if length_of(block) < _SENTENCE else ""
    return known[block]


def _block_of(element: HtmlElement) -> HtmlElement:
    return next((each for each in element.iterancestors() if each.tag in _BLOCKS), element)


def length_of(element: HtmlElement) -> int:
    """How many characters of text an element has."""
    return int(element.xpath("string-length(normalize-space(.))"))


def _count(element: HtmlElement, axis: str) -> int:
    """How many characters the texts on an axis of XPath have."""
    return sum(len(text.strip()) for text in element.xpath(f"{axis}::text()"))


def _cut_from(element: HtmlElement) -> None:
    """Take away an element, and all that follows it."""
    first = element
    while (parent := element.getparent()) is not None:
        for later in [*element.itersiblings()]:
            parent.remove(later)
        element.tail, element = None, parent
    first.drop_tree()
