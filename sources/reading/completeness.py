"""Has a source read all of its list? Pure.

A part is never the whole: of a list that goes on where the source does not follow, nothing counts as removed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sources.model import Page, Source
from sources.model.coverage import ListCoverage, Remainder
from sources.reading.processes.pool import is_ours

_MOST_ADDRESSES = 100  # of later pages, that are looked at


def unread(source: Source, pages: Sequence[Page], entries: int, *, whole: bool) -> ListCoverage | None:
    """What of its list a source has not read; None when it has read all that its last page knows of.

    `pages` are those that it has read, `entries` how many entries they have. `whole` is False when it stopped at its
    limit (`max_pages`). A rolling list that its configuration calls one (`listing = "window"`) is meant to be a part.
    """
    if whole and source.listing == "window" and _says_its_listing(source):
        return None
    pages = of_the_list(pages)
    shown = _remainder(source, pages[-1]) if pages else Remainder()
    asked = {_bare(address) for page in pages for address in (page.get.url, page.url)}
    if whole and not _goes_on(shown, asked, len(pages), entries):
        return None
    option = shown.option if whole else f"max_pages = {2 * max(shown.pages or 0, len(pages))}"
    return ListCoverage(len(pages), entries, shown.pages, shown.entries, option, source.listing == "window" and whole)


def of_the_list(pages: Sequence[Page]) -> Sequence[Page]:
    """The pages without one that was requested before them (`before`)."""
    return pages[1:] if pages and pages[0].get.reader == "begin" else pages


def _says_its_listing(source: Source) -> bool:
    return "listing" in source.model_fields_set or type(source).rests_on is not None


def _remainder(source: Source, page: Page) -> Remainder:
    """What a page shows of its list; of a kind from elsewhere, nothing is asked. Never raises."""
    if not is_ours(type(source)):
        return Remainder()
    try:
        return source.remainder(page) or Remainder()
    except Exception:  # noqa: BLE001 - the page has been read: what stands around its entries fails no check
        return Remainder()


def _goes_on(shown: Remainder, asked: Collection[str], pages: int, entries: int) -> bool:
    if any(_bare(address) not in asked for address in shown.addresses[:_MOST_ADDRESSES]):
        return True
    if shown.pages and (shown.page or pages) < shown.pages:
        return True
    return shown.more or (shown.entries is not None and shown.entries > entries)


def _bare(address: str) -> str:
    return address.partition("#")[0].rstrip("/?&")
