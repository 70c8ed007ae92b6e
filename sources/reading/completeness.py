"""Has a source read all of its list, and how many entries does the register state? Pure.

A part is never the whole: of a list that goes on where the source does not follow, nothing counts as removed.
"""

import json
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

from sources.errors import NotFound
from sources.model import Entry, Page, Source
from sources.model.page import ListCoverage, Remainder
from sources.reading.placement import SMALL, is_ours

_NUMBER = re.compile(r"\d{1,3}(?:[\s,.'\u00a0\u202f]\d{3})+(?!\d)|\d+")
_DIGITS = 12  # more digits are no count of entries


def unread(source: Source, pages: Sequence[Page], entries: int, *, whole: bool) -> ListCoverage | None:
    """What of its list a source has not read; None when it has read all that its last page knows of.

    `pages` are those that it has read, `entries` how many entries they have. `whole` is False when it stopped at its
    limit (`max_pages`). A rolling list that its configuration calls one (`listing = "window"`) is meant to be a part.
    """
    says_its_listing = "listing" in source.model_fields_set or type(source).rests_on is not None
    if whole and source.listing == "window" and says_its_listing:
        return None
    pages = of_the_list(pages)
    shown = Remainder()
    if pages and is_ours(type(source)):  # a kind from elsewhere is not asked
        with suppress(Exception):  # the page has been read: what stands around its entries fails no check
            shown = source.remainder(pages[-1]) or shown
    asked = {_bare(address) for page in pages for address in (page.get.url, page.url)}
    goes_on = (
        any(_bare(address) not in asked for address in shown.addresses[:100])  # of later pages, that are looked at
        or (shown.pages and (shown.page or len(pages)) < shown.pages)
        or shown.more
        or (shown.entries is not None and shown.entries > entries)
    )
    if whole and not goes_on:
        return None
    option = shown.option if whole else f"max_pages = {2 * max(shown.pages or 0, len(pages))}"
    return ListCoverage(len(pages), entries, shown.pages, shown.entries, option, source.listing == "window" and whole)


def of_the_list(pages: Sequence[Page]) -> Sequence[Page]:
    """The pages without one that was requested before them (`before`)."""
    return pages[1:] if pages and pages[0].get.reader == "begin" else pages


def find_stated_total(before: Page, had: int, now: Page, entries: Iterable[Entry]) -> int | None:
    """How many entries a page of HTML says that there are, where nobody has configured where it says so; or None.

    It is in the line that said `had`, the number of its entries, on the page `before`: one that has words, is there
    once on both pages, and is no part of the `entries` of that page, which may have the same number in a date.
    """
    if not all(page.text.lstrip().startswith("<") and len(page.content) <= SMALL for page in (before, now)):
        return None
    said, says = _counting_lines(before), _counting_lines(now)
    places = [
        (words, at)
        for words, lines in said.items()
        for at, number in enumerate(lines[0][1])
        if number == had and len(lines) == len(says.get(words, ())) == 1
    ]
    texts = {words: said[words][0][0] for words, _ in places}
    for entry in entries if texts else ():
        texts = {words: line for words, line in texts.items() if not _is_part(line, entry)}
    found = {says[words][0][1][at] for words, at in places if words in texts}
    return found.pop() if len(found) == 1 else None


def _is_part(line: str, entry: Entry) -> bool:
    """Whether a line of a page is one of an entry: all of it stands in a value, or its title or two values in it."""
    values = {entry.title, entry.key, entry.text, *entry.fields.values()}
    named = [value for value in values if any(map(str.isalpha, value)) and value in line]
    return len(named) > 1 or not {entry.title, entry.key}.isdisjoint(named) or any(line in value for value in values)


def _counting_lines(page: Page) -> dict[str, list[tuple[str, list[int]]]]:
    """The lines of a page with words and numbers, by what they say without the numbers: each, and its numbers."""
    from sources.formats.html import text_of  # noqa: PLC0415 - lxml is slow to import, and this is seldom asked

    found = dict[str, list[tuple[str, list[int]]]]()
    for line in text_of(page.html).split("\n"):
        if any(map(str.isalpha, line)) and (numbers := _NUMBER.findall(line)):
            values = [int(digits) for number in numbers if len(digits := re.sub(r"\D", "", number)) <= _DIGITS]
            found.setdefault(_NUMBER.sub("#", line), []).append((line, values))
    return found


def _bare(address: str) -> str:
    return address.partition("#")[0].rstrip("/?&")


def find_total(page: Page, where: str) -> int:
    """The number at a place of the page: `where` is JMESPath for a JSON document, else CSS or XPath.

    Of several numbers ("Displaying 1 - 10 of 3,167 results") the largest counts. Raises NotFound when there is none.
    """
    # With lxml they are slow to import, and most sources state no total.
    from sources.formats.html import text_of  # noqa: PLC0415 - as above
    from sources.formats.json_paths import check_path, find  # noqa: PLC0415 - as above
    from sources.formats.selectors import check_selector, select  # noqa: PLC0415 - as above

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
