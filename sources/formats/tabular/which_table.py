"""Which table of a page is meant, and whether it is all there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sources.errors import BadDocument, NotFound
from sources.text import listing

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from sources.model import Page


def find_table(page: Page, css: str | None) -> HtmlElement:
    """The table that `css` selects, by itself or by an ancestor; without `css`, the table with most rows.

    Raises NotFound, which lists the existing tables, and BadDocument when the page was truncated.
    """
    tables = list(page.html.iter("table"))
    if css:
        found = next((table for match in page.html.cssselect(css) for table in match.iter("table")), None)
    else:
        found = max(tables, key=_rows_of(page).__getitem__) if len(tables) > 1 else next(iter(tables), None)
    if found is None:
        what = f"nothing that matches {css!r}" if css else "no table"
        rows = _rows_of(page)
        seen = listing(f"{_label(table)} ({rows[table]} rows)" for table in tables)
        raise NotFound(f"{page.url} has {what}; the tables seen: {seen}")
    check_whole(page)
    return found


def check_whole(page: Page) -> None:
    """Raise BadDocument when the page ends inside its last table: its missing rows were not removed."""
    begins = max(page.text.rfind("<table"), page.text.rfind("<TABLE"))
    tail = page.text[begins:].lower()
    if begins >= 0 and not any(end in tail for end in ("</table", "</body", "</html")):
        raise BadDocument(f"{page.url} ends in the middle of a table: the answer was cut off")


def _rows_of(page: Page) -> Counter[HtmlElement | None]:
    """The number of rows of each table."""
    return Counter(next(row.iterancestors("table"), None) for row in page.html.iter("tr"))


def _label(table: HtmlElement) -> str:
    name = table.get("id")
    return "table" + (f"#{name}" if name else "") + "".join(f".{part}" for part in (table.get("class") or "").split())
