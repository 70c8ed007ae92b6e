"""The frame of an HTML page: what stands around its content on every page of a site. Pure.

Structure alone tells it: `header`, `footer`, `nav` and `aside`, the first heading, and blocks that are links for the
most part, as menus are.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml.html import HtmlElement

from sources.errors import SourceError
from sources.formats.download import Download
from sources.formats.html import BLOCKS, HIDDEN, parse_html, text_of
from sources.text import clean_lines

_FRAMES = ("header", "footer", "nav", "aside", "h1")
_LINKED = 0.8  # of a block's letters that stand in links, at least: it is a menu


class PageFrame(NamedTuple):
    """The lines of text in a page's frame, and what stands on its buttons and beside its fields."""

    lines: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def stays(self, before: str, after: str) -> bool:
        """Whether there is a frame, and what came into the text came inside of it for the most part."""
        came = set(after.split("\n")).difference(before.split("\n"))
        in_frame = sum(map(len, came & self.lines))
        return bool(self.lines) and 2 * in_frame <= sum(map(len, came))

    def inside(self, text: str) -> str:
        """A text of the page without the lines of its frame."""
        return "\n".join(line for line in text.split("\n") if line not in self.lines)


def frame_of(page: Download) -> PageFrame:
    """The frame of a page; an empty one where it is no HTML."""
    try:
        root = parse_html(page) if page.text.lstrip("\ufeff \t\r\n").startswith("<") else None
    except SourceError:
        root = None
    if root is None:
        return PageFrame()
    framing = [*root.iter(*_FRAMES), *_find_menus(root)]
    return PageFrame(_lines_of(framing), _lines_of(list(root.iter("button", "label"))))


def _lines_of(elements: list[HtmlElement]) -> frozenset[str]:
    return frozenset(line for each in elements for line in clean_lines(text_of(each)).split("\n"))


def _find_menus(root: HtmlElement) -> list[HtmlElement]:
    """The outermost blocks that are links for the most part."""
    letters, linked = dict[HtmlElement, int](), dict[HtmlElement, int]()
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    for each in reversed(elements):  # what stands in an element comes before it
        own = 0 if each.tag in HIDDEN else len("".join((each.text or "").split()))
        tails = sum(len("".join((child.tail or "").split())) for child in each)
        letters[each] = own + tails + sum(letters.get(child, 0) for child in each)
        linked[each] = letters[each] if each.tag == "a" else sum(linked.get(child, 0) for child in each)
    menus, inside = list[HtmlElement](), set[HtmlElement]()
    for each in elements:
        if each.getparent() in inside:
            inside.add(each)
        elif each.tag in BLOCKS and 0 < letters[each] * _LINKED <= linked[each]:
            menus.append(each)
            inside.add(each)
    return menus
