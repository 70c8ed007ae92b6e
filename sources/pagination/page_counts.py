"""What a page says in words of the list that it is a page of: "page 1 of 3", "1-20 of 60"."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sources.formats.markup.html import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_LINES = 20_000
_LONGEST_LINE = 300  # characters: a longer one is no pager
_MOST_PAGES = 100_000
_N = r"(\d{1,3}(?:[.,'\s]\d{3})+(?!\d)|\d{1,9})"
_OF_WORDS = "of|out of|von|из|sur|de|di|van|z|av|af|от"
_ABOUT = "(?:about |over |всего )?"
_OF = rf"\s{{0,3}}(?:{_OF_WORDS})\s{{0,3}}{_ABOUT}"
_RANGE = re.compile(
    rf"(?<![\d.,/-]){_N}\s{{0,3}}(?:[-–—]|to|bis|a|à|do|до|по)\s{{0,3}}{_N}{_OF}{_N}(?![\d/-])", re.IGNORECASE
)
_SHOWN = re.compile(
    rf"(?:show|display|view|anzeig|zeig|показан|affich|mostra)\w{{0,8}}\D{{0,20}}{_N}{_OF}{_N}(?![\d/-])", re.IGNORECASE
)
_PAGE = r"(?:page|seite|página|pagina|страница|стр\.?|strona|sida|side)\s{0,3}"
_PAGE_OF = re.compile(rf"{_PAGE}{_N}(?:{_OF}|\s{{0,3}}/\s{{0,3}}){_N}", re.IGNORECASE)
# What each of these has, in small letters: most pages have no such text, and to split a page into lines takes 3 ms.
_LIKELY = (re.compile(rf"\d\s*(?:{_OF_WORDS})\s*{_ABOUT}\d"), re.compile(rf"{_PAGE}\d"))


class Counts(NamedTuple):
    """The page's own number, how many pages there are, and how many entries where these are not the last."""

    page: int | None = None
    pages: int | None = None
    entries: int | None = None


def counts_in_words(root: HtmlElement) -> Counts:
    """What the page says of pages and entries, in words."""
    found = Counts()
    text = root.text_content().casefold()
    if not any(likely.search(text) for likely in _LIKELY):
        return found
    for line in islice(text_of(root).split("\n"), _MOST_LINES):
        if len(line) > _LONGEST_LINE or not any(map(str.isdigit, line)):
            continue
        if found.page is None and (said := _PAGE_OF.search(line)):
            page, pages = map(_number, said.groups())
            found = found._replace(page=page, pages=pages) if 0 < page <= pages <= _MOST_PAGES else found
        if found.entries is None and (total := _total(line)):
            found = found._replace(entries=total)
    return found


def _total(line: str) -> int | None:
    """How many entries there are by a line such as "1-20 of 60"; None where these are the last, or all."""
    if said := _RANGE.search(line):
        first, last, total = map(_number, said.groups())
        return total if first <= last < total else None
    if said := _SHOWN.search(line):
        shown, total = map(_number, said.groups())
        return total if 0 < shown < total else None
    return None


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))
