"""What of an HTML page a script has still to fill: a place that is made for it, with hardly a word beside it. Pure.

Such a place is known by its form: a spinner or a skeleton, a root element without content, a table without rows, or a
frame around another page. Menus, forms and dialogs are no words of a page, as all pages of a site have them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = frozenset(("head", "script", "style", "noscript", "template", "svg", "title", "option"))
_APART = frozenset(("form", "button", "select", "textarea", "dialog", "nav", "footer", "aside", "header"))
_ROLE_NAMES = "navigation banner contentinfo search menu menubar complementary dialog tablist toolbar"  # of WAI-ARIA
_APART_ROLES = frozenset(_ROLE_NAMES.split())
_WHOLE = ("main", "article", "footer")  # what has one of these in it is the page, whatever its own name
_WHOLE_FORM = (*_WHOLE, "header", "h1", "h2")  # ASP.NET wraps a whole page in a form
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BUSY = frozenset(("loading", "loader", "preloader", "spinner", "skeleton", "shimmer"))
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ROOT_IDS = frozenset(("root", "app", "__next", "__nuxt", "application", "svelte"))
_ROOT_TAG = re.compile(r"(?:[a-z]+-)?(?:app|root)")
_PROMISE = re.compile(r"[^.…]{0,60}(?:…|\.\.\.)")  # in any language, a text that only says that more will come
_CONTENT = frozenset(("li", "dt", "dd", "h3", "article", "td"))
_DATA = re.compile(r"[\s\w.\[\]'\"]{0,80}=\s{0,9}[\[{]")
MUCH_DATA = 2000  # characters of scripts
_WORD = re.compile(r"[^\W_]{2,}")
_SHORT = "it has hardly a word, and no heading"
_NEXT_TO_NONE = 60  # letters of a place, or of a page
# Letters beside a spinner, which may only lie over the page, or a frame, which may show a film; beside another place.
_HARDLY_ANY, _FEW = 150, 350
_ROWS = 3  # points of a list, cells of a table, or parts with a heading: content, however short


class Sparse(NamedTuple):
    """What there is on a page with hardly a word of its own: what of it a script has still to fill, for people, and the
    address of the page that it shows in a frame in place of that; "" for neither.
    """

    unfilled: str
    frame: str


def find_sparse(root: HtmlElement, base: str) -> Sparse | None:
    """What there is on a page, or in a part of it; None if it has words of its own. `base` is the page's address."""
    letters = _count_letters(root)
    place = busy = frame = empty = ""
    beside = rows = headings = 0
    stack = [(root, False)]
    while stack:
        element, inside = stack.pop()
        if element not in letters or _is_apart(element, letters, inside=inside):
            continue
        if element.tag in ("iframe", "frame"):
            frame = frame or (element.get("src") or "").strip()
        elif _is_busy(element, letters[element]):
            busy = "it says that it is loading"
        elif words := _words_of_place(element, letters):
            place = place or words
        else:
            own = letters[element] - sum(letters.get(child, 0) for child in element)
            beside += own
            rows += element.tag in _CONTENT and letters[element] > 0
            headings += element.tag in ("h1", "h2", "h3") and letters[element] > 0
            if beside > _FEW or rows >= _ROWS:
                return None
            if not len(element) and not own and element.get("id") and element.tag in ("div", "section"):
                empty = f'its <{element.tag} id="{element.get("id")}"> is empty, and a script has its data'
            inside = inside or element.tag in ("main", "article") or element.get("role") == "main"
            stack += [(child, inside) for child in reversed(element)]
    hardly, words, data = beside <= _HARDLY_ANY, "", _data_of_scripts(root)
    if data is not None:
        short = root.tag == "html" and beside <= _NEXT_TO_NONE and not (headings or frame)
        words = place or (busy if hardly else "") or (empty if data > MUCH_DATA else "") or (_SHORT if short else "")
    address = urljoin(base, frame) if frame and hardly and not words else ""
    return Sparse(words, address if address.startswith(("http://", "https://")) else "")


def _data_of_scripts(root: HtmlElement) -> int | None:
    """How many characters of data the scripts of a page have; None if the page has no script that does anything."""
    scripts = list(root.getroottree().iter("script"))
    data = [each for each in scripts if "json" in (each.get("type") or "") or _DATA.match(each.text or "")]
    acting = any("json" not in (each.get("type") or "") for each in scripts)
    return sum(len(each.text or "") for each in data) if acting else None


def _count_letters(root: HtmlElement) -> dict[HtmlElement, int]:
    """The visible elements, and the letters in each, in one pass."""
    found, stack = list["HtmlElement"](), [root]
    while stack:
        found.append(stack.pop())
        stack += [each for each in found[-1] if isinstance(each.tag, str) and each.tag not in _UNSEEN]
    letters: dict[HtmlElement, int] = {}
    for element in reversed(found):
        own = " ".join(filter(None, [element.text, *(child.tail for child in element)]))
        letters[element] = sum(map(len, _WORD.findall(own))) + sum(letters.get(child, 0) for child in element)
    return letters


def _is_apart(element: HtmlElement, letters: Mapping[HtmlElement, int], *, inside: bool) -> bool:
    """Whether an element is no part of the page's content; `inside` says that it is in the main part."""
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    if element.tag == "form" and letters[element] > _FEW and any(letters.get(cell) for cell in element.iter("td")):
        return False
    if element.tag in _APART or element.get("role") in _APART_ROLES:
        inner = element.iterdescendants(*(_WHOLE_FORM if element.tag == "form" else _WHOLE))
        return next(inner, None) is None and not (inside and element.tag == "header")
    linked = sum(letters.get(each, 0) for each in element.iter("a")) if element.tag in ("ul", "ol") else 0
    return not inside and 0 < letters[element] <= linked  # a menu


def _is_busy(element: HtmlElement, letters: int) -> bool:
    """Whether an element only says that content is on its way."""
    names = {name.lower() for name in _NAME.findall(f"{element.get('class') or ''} {element.get('id') or ''}")}
    if element.get("aria-busy") == "true" or element.get("role") == "progressbar" or names & _BUSY:
        return letters <= _NEXT_TO_NONE
    return not len(element) and element.tag != "a" and _PROMISE.fullmatch((element.text or "").strip()) is not None


def _words_of_place(element: HtmlElement, letters: Mapping[HtmlElement, int]) -> str:
    """What is to be filled, if the element is a place for that."""
    if element.tag == "table":
        cells = [each for each in element.iter("td") if letters.get(each)]
        headed = next(element.iter("th"), None) is not None or next(element.iter("td"), None) is None
        filled = len(cells) > 1 or any(not _PROMISE.fullmatch(each.text_content().strip()) for each in cells)
        return "its table has no rows" if headed and not filled else ""
    if element.get("id") in _ROOT_IDS or _ROOT_TAG.fullmatch(str(element.tag)):
        return f"its <{element.tag!s}> is empty" if letters[element] <= _NEXT_TO_NONE else ""
    if element.tag == "main" or element.get("role") == "main":
        headings = sum(letters.get(each, 0) for each in element.iter("h1", "h2"))
        return "its main part is empty" if letters[element] <= headings else ""
    return ""
