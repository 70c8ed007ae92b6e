"""CSS selectors that find an element again, also after the page has grown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from watcher.propose.page.groups import looks_random, tokens

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TELLING = ("summary", "aria-label", "title")  # attributes that describe a table


def table_selector(root: HtmlElement, table: HtmlElement, heading: str) -> str | None:
    """CSS whose first match has the table as its first one, as the kind `table` searches for it; None if there is none.

    It uses an id, class or caption rather than a position, which changes when something is inserted above. `heading` is
    the text of one of the table's <th>, or "".
    """
    return next((css for css in _table_selectors(table, heading) if _finds(root, css, table)), None)


def _table_selectors(table: HtmlElement, heading: str) -> Iterator[str]:
    own = table.get("id") or ""
    if own.isascii() and own.isidentifier() and not looks_random(own):
        yield f"table#{own}"
    classes = [f"table.{token}" for token in tokens(table) if not looks_random(token)]
    yield from classes
    for name in _TELLING:
        value = table.get(name) or ""
        if value and '"' not in value and "\\" not in value:
            yield f'table[{name}="{value}"]'
    if heading and '"' not in heading and "\\" not in heading:
        yield from (f'{css}:has(th:contains("{heading}"))' for css in (*classes, "table"))
    yield path(table)


def path(element: HtmlElement) -> str:
    """The path to an element from its nearest ancestor with an id, by positions among siblings."""
    steps: list[str] = []
    for node in (element, *element.iterancestors()):
        own = node.get("id") or ""
        if own.isascii() and own.isidentifier() and not looks_random(own):
            steps.append(f"#{own}")
            break
        steps.append(_step(node))
        if node.tag == "body":
            break
    return " > ".join(reversed(steps))


def _step(node: HtmlElement) -> str:
    return f"{node.tag!s}{nth_of_type(node)}"


def nth_of_type(node: HtmlElement) -> str:
    """ ":nth-of-type(2)" for the second of several siblings of one tag; "" if there is only one."""
    parent = node.getparent()
    like = [child for child in parent if child.tag == node.tag] if parent is not None else [node]
    return "" if len(like) == 1 else f":nth-of-type({like.index(node) + 1})"


def _finds(root: HtmlElement, css: str, table: HtmlElement) -> bool:
    found = (inner for match in root.cssselect(css) for inner in match.iter("table"))
    return next(found, None) is table


def picker(place: str) -> Callable[[HtmlElement], HtmlElement | None]:
    """A function from an item to the first element at a place below it; "" and "." are the item itself."""
    from lxml.cssselect import CSSSelector

    if place in ("", "."):
        return lambda item: item
    select = CSSSelector(place, translator="html")
    return lambda item: next((found for found in select(item) if found is not item), None)
