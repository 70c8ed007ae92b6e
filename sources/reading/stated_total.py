"""The number of entries that a register states on its page."""

from __future__ import annotations

import json
import re

from sources.errors import NotFound
from sources.formats.html import text_of
from sources.formats.json_paths import check_path, find
from sources.formats.selectors import check_selector, select
from sources.model import Page

_NUMBER = re.compile(r"\d{1,3}(?:[\s,.'\u00a0\u202f]\d{3})+(?!\d)|\d+")
_DIGITS = 12  # more digits are no count of entries


def stated_total(page: Page, where: str) -> int:
    """The number at a place of the page: `where` is JMESPath for a JSON document, else CSS or XPath.

    Of several numbers ("Displaying 1 - 10 of 3,167 results") the largest counts. Raises NotFound when there is none.
    """
    is_json = page.text.lstrip()[:1] in {"{", "["}
    try:
        (check_path if is_json else check_selector)(where)
    except ValueError as error:
        raise NotFound(f"expect.total: {error}") from None
    text = json.dumps(find(where, page.json())) if is_json else " ".join(map(text_of, select(page.html, where)))
    numbers = [int(digits) for number in _NUMBER.findall(text) if len(digits := re.sub(r"\D", "", number)) <= _DIGITS]
    if not numbers:
        raise NotFound(f"{page.url}: no number at {where!r} (expect.total); seen there: {text[:80]!r}")
    return max(numbers)
