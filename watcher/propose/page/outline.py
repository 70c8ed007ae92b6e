"""Measures an HTML page: how much text each element has, how much of it is in links, and what is navigation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDDEN = frozenset(("head", "script", "style", "noscript", "template", "svg", "select", "button", "iframe", "object"))
_FURNITURE_TAGS = frozenset(("nav", "header", "footer", "aside"))
_FURNITURE_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar", "complementary"))
_FURNITURE_NAMES = """
    ads advert banner breadcrumb breadcrumbs carousel cookie cookies dropdown footer gallery header lang language
    languages masthead megamenu menu modal nav navbar navigation newsletter pager pagination popup promo share sharing
    sidebar skip slideshow social subscribe subnav submenu tabs toolbar topbar
"""
_FURNITURE_WORDS = frozenset(_FURNITURE_NAMES.split())
_FURNITURE_ENDS = ("menu", "nav", "navigation", "footer", "navbar")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MOST_OF_PAGE = 0.6  # an element with more of the text is the page itself, whatever its name


class Outline:
    """The visible elements of a page in document order, with the lengths of their text (characters)."""

    def __init__(self, root: HtmlElement) -> None:
        self.elements = _visible(root)  # also keeps lxml's proxies alive, so that elements can be compared by identity
        self.text: dict[HtmlElement, int] = {}
        self.linked: dict[HtmlElement, int] = {}
        self._measure()
        self.whole = max(1, self.text.get(root, 0))
        self._furniture: dict[HtmlElement, bool] = {}
        for element in self.elements:
            parent = element.getparent()
            inherited = parent is not None and self._furniture.get(parent, False)
            self._furniture[element] = inherited or self._begins_furniture(element)
        outside = (e for e in self.elements if self._furniture[e] and not self.is_furniture(e.getparent()))
        self.content = max(1, self.whole - sum(self.text[element] for element in outside))

    def is_furniture(self, element: HtmlElement | None) -> bool:
        """Whether the element belongs to a menu, a footer or the like."""
        return element is not None and self._furniture.get(element, False)

    def _measure(self) -> None:
        for element in reversed(self.elements):
            inner = [child for child in element if child in self.text]
            own = _length(element.text) + sum(_length(child.tail) for child in element)
            self.text[element] = own + sum(self.text[child] for child in inner)
            is_link = element.tag == "a" and element.get("href")
            self.linked[element] = self.text[element] if is_link else sum(self.linked[child] for child in inner)

    def _begins_furniture(self, element: HtmlElement) -> bool:
        if element.tag in ("html", "body", "main", "article"):
            return False
        if element.tag in _FURNITURE_TAGS or element.get("role") in _FURNITURE_ROLES:
            return next(element.iter("main", "article"), None) is None
        if self.text[element] > self.whole * _MOST_OF_PAGE:
            return False
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        words = [word.lower() for word in _WORDS.findall(named)]
        return any(word in _FURNITURE_WORDS or word.endswith(_FURNITURE_ENDS) for word in words)


def _visible(root: HtmlElement) -> list[HtmlElement]:
    found: list[HtmlElement] = []
    stack = [root]
    while stack:
        element = stack.pop()
        if isinstance(element.tag, str) and element.tag not in _HIDDEN:
            found.append(element)
            stack.extend(reversed(element))
    return found


def _length(text: str | None) -> int:
    return len(" ".join(text.split())) if text else 0
