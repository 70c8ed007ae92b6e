"""What of an HTML page a script has still to fill: a place that is made for it, with hardly a word beside it. Pure.

Such a place is known by its form: a spinner or a skeleton, a root element without content, a table without rows, or a
frame around another page. Menus, forms and dialogs are no words of a page, as all pages of a site have them.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = frozenset(("head", "script", "style", "noscript", "template", "svg", "title", "option"))
_APART = frozenset(("form", "button", "select", "textarea", "dialog", "nav", "footer", "aside", "header"))
_ROLE_NAMES = "navigation banner contentinfo search menu menubar complementary dialog tablist toolbar"  # of WAI-ARIA
_APART_ROLES = frozenset(_ROLE_NAMES.split())
_WHOLE = frozenset(("main", "article", "footer"))  # what has one of these in it is the page, whatever its own name
_WHOLE_FORM = _WHOLE | {"header", "h1", "h2"}  # ASP.NET wraps a whole page in a form
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BUSY = frozenset(("loading", "loader", "preloader", "spinner", "skeleton", "shimmer"))
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ROOT_IDS = frozenset(("root", "app", "__next", "__nuxt", "application", "svelte"))
_ROOT_TAG = re.compile(r"(?:[a-z]+-)?(?:app|root)")
_PROMISE = re.compile(r"[^.…]{0,60}(?:…|\.\.\.)")
_CONTENT = frozenset(("li", "dt", "dd", "h3", "article", "td"))
_DATA = re.compile(r"[\s\w.\[\]'\"]{0,80}=\s{0,9}[\[{]")
_MUCH_DATA = 2000  # characters of scripts
_WORD = re.compile(r"[^\W_]{2,}")
_NEXT_TO_NONE = 60  # letters of a place
# Letters beside a spinner, which may only lie over the page, or a frame, which may show a film; beside another place.
_HARDLY_ANY, _FEW = 150, 350
_ROWS = 3  # points of a list, cells of a table, or parts with a heading: content, however short


class Unfilled(NamedTuple):
    """What a page has in place of its content, for people, and the address of the frame if that is one."""

    words: str
    frame: str = ""


def find_unfilled(root: HtmlElement, base: str) -> Unfilled | None:
    """What of a page, or of a part of it, a script has still to fill, or another page in a frame; None if there is no
    such place, or enough beside it. `base` is the page's address.
    """
    found = _survey(root)
    if found is None:
        return None
    hardly = found.letters <= _HARDLY_ANY
    address = urljoin(base, found.frame) if found.frame and hardly else ""
    if not found.place and not found.busy and address.startswith(("http://", "https://")):
        return Unfilled(f"it shows another page in a frame: {address}", address)
    data = data_of_scripts(root)
    if data is None:
        return None
    busy = "it says that it is loading" if found.busy and hardly else ""
    words = found.place or busy or (found.empty if data > _MUCH_DATA else "")
    return Unfilled(words) if words else None


def is_sign_in(root: HtmlElement) -> bool:
    """Whether a page is a form that asks for a password, with hardly a word beside it."""
    asks = any((each.get("type") or "").lower() == "password" for each in root.iter("input"))
    return asks and _survey(root) is not None


class _Survey(NamedTuple):
    """The first place to be filled, in words, whether something is busy, the source of a frame, an empty element by
    name, and the letters beside them.
    """

    place: str
    busy: bool
    frame: str
    empty: str
    letters: int


def _survey(root: HtmlElement) -> _Survey | None:
    """What there is on a page with hardly a word of its own; None for another page."""
    page = _Measures(root)
    place, busy, frame, empty = "", False, "", ""
    letters = rows = 0
    stack = [(root, False)]
    while stack:
        element, inside = stack.pop()
        if page.is_apart(element, inside=inside):
            continue
        if element.tag in ("iframe", "frame"):
            frame = frame or (element.get("src") or "").strip()
        elif page.is_busy(element):
            busy = True
        elif words := page.words_of_place(element):
            place = place or words
        else:
            children = page.inner[element]
            own = page.letters[element] - sum(page.letters[child] for child in children)
            letters += own
            rows += element.tag in _CONTENT and page.letters[element] > 0
            if letters > _FEW or rows >= _ROWS:
                return None
            if not len(element) and not own and element.get("id") and element.tag in ("div", "section"):
                empty = f'its <{element.tag} id="{element.get("id")}"> is empty, and a script has its data'
            inside = inside or element.tag in ("main", "article") or element.get("role") == "main"
            stack += [(child, inside) for child in reversed(children)]
    return _Survey(place, busy, frame, empty, letters)


def data_of_scripts(root: HtmlElement) -> int | None:
    """How many characters of data the scripts of a page have; None if the page has no script that does anything."""
    scripts = list(root.getroottree().iter("script"))
    data = [each for each in scripts if "json" in (each.get("type") or "") or _DATA.match(each.text or "")]
    acting = any("json" not in (each.get("type") or "") for each in scripts)
    return sum(len(each.text or "") for each in data) if acting else None


def is_promise(text: str) -> bool:
    """Whether a text says nothing but that more will come, in any language: "Loading..."."""
    return _PROMISE.fullmatch(text.strip()) is not None


class _Measures:
    """The visible elements in each element, and the letters in it, in its links and in its headings. One pass."""

    def __init__(self, root: HtmlElement) -> None:
        self.inner: dict[HtmlElement, list[HtmlElement]] = {}
        stack = [root]
        while stack:
            element = stack.pop()
            children = [each for each in element if isinstance(each.tag, str) and each.tag not in _UNSEEN]
            self.inner[element] = children
            stack += children
        self.letters, self._linked, self._headed = (Counter["HtmlElement"]() for _ in range(3))
        self._within: dict[HtmlElement, frozenset[str]] = {}  # names of elements that matter
        for element, children in reversed(self.inner.items()):
            own = sum(map(_count_letters, [element.text, *(child.tail for child in element)]))
            self.letters[element] = own + sum(self.letters[child] for child in children)
            for sums, names in ((self._linked, ("a",)), (self._headed, ("h1", "h2"))):
                whole = element.tag in names
                sums[element] = self.letters[element] if whole else sum(sums[child] for child in children)
            here = {str(child.tag) for child in children} & (_WHOLE_FORM | {"td", "th"})
            self._within[element] = frozenset(here.union(*(self._within[child] for child in children)))

    def is_apart(self, element: HtmlElement, *, inside: bool) -> bool:
        """Whether an element is no part of the page's content; `inside` says that it is in the main part."""
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
            return True
        if element.tag in _APART or element.get("role") in _APART_ROLES:
            whole = _WHOLE_FORM if element.tag == "form" else _WHOLE
            return whole.isdisjoint(self._within[element]) and not (inside and element.tag == "header")
        is_list = element.tag in ("ul", "ol") and not inside
        return is_list and 0 < self.letters[element] <= self._linked[element]  # a menu

    def is_busy(self, element: HtmlElement) -> bool:
        """Whether an element only says that content is on its way."""
        names = {name.lower() for name in _NAME.findall(f"{element.get('class') or ''} {element.get('id') or ''}")}
        if element.get("aria-busy") == "true" or element.get("role") == "progressbar" or names & _BUSY:
            return self.letters[element] <= _NEXT_TO_NONE
        return not len(element) and element.tag != "a" and is_promise(element.text or "")

    def words_of_place(self, element: HtmlElement) -> str:
        """What is to be filled, if the element is a place for that."""
        letters = self.letters[element]
        if element.tag == "table":
            cells = [each for each in element.iter("td") if self.letters[each]]
            headed = "th" in self._within[element] or "td" not in self._within[element]
            filled = len(cells) > 1 or any(not is_promise(each.text_content()) for each in cells)
            return "" if filled or not headed else "its table has no rows"
        if element.get("id") in _ROOT_IDS or _ROOT_TAG.fullmatch(str(element.tag)):
            return f"its <{element.tag!s}> is empty" if letters <= _NEXT_TO_NONE else ""
        is_main = element.tag == "main" or element.get("role") == "main"
        return "its main part is empty" if is_main and letters <= self._headed[element] else ""


def _count_letters(text: str | None) -> int:
    return sum(map(len, _WORD.findall(text))) if text else 0
