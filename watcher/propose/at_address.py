"""What could be read at an address, and a proposal as a block of TOML: for whoever shows proposals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from sources import Blocked, BrowserFailed, Get, Page, SourceError
from sources.model import Authority
from sources.text import clean
from watcher.propose.authority import default_of
from watcher.propose.block import block
from watcher.propose.documents.feed import linked
from watcher.propose.find import find
from watcher.propose.proposal import Proposal
from watcher.propose.show import key_words
from watcher.propose.site import Site, refuse_block

UNKNOWN = "https://example.org/"  # where a saved page does not say where it is from


def look_around(page: Page, site: Site, notice: Callable[[str], None]) -> tuple[Page, Sequence[Proposal]]:
    """A page and what could be read from it; where nothing is, its feed, which is what it offers to programs; where
    only its scripts fill it, the page as a browser renders it.

    `notice` hears of what is tried. Raises SourceError, as reading it would for what is no content.
    """
    try:
        return _as_it_is(page, site, notice)
    except Blocked as error:
        if error.code != "needs_javascript" or site.is_rendered or not site.render():
            raise
        empty = error
    notice(f"only scripts fill {page.url}; looking at it as Chromium renders it")
    return rendered_page(page.get, site, notice, empty)


def rendered_page(
    get: Get, site: Site, notice: Callable[[str], None], empty: Blocked | None = None
) -> tuple[Page, Sequence[Proposal]]:
    """As `look_around`, for a page that a browser renders. Where none can be started, that is added to the reason for
    which it is wanted (`empty`).
    """
    try:
        page = site.fetch(get)
    except BrowserFailed as error:
        if empty is None or error.code != "browser_missing":
            raise
        raise Blocked(f"{empty.message}; {error.message}", code=empty.code) from None
    rendered, found = _as_it_is(page, site, notice)
    return rendered, [replace(proposal, options={**proposal.options, **site.options}) for proposal in found]


def _as_it_is(page: Page, site: Site, notice: Callable[[str], None]) -> tuple[Page, Sequence[Proposal]]:
    refuse_block(page)
    found = find(page, site.http)
    if any(proposal.key for proposal in found):
        return page, found
    for address in linked(page)[:1]:
        notice(f"nothing repeats on {page.url}; looking at the feed that it links to")
        try:
            feed = site.fetch(Get(address), plain=True)
        except SourceError as error:
            notice(f"{address}: {error.message}")
        else:
            if feeds := find(feed, site.http):
                site.plain()
                return feed, feeds
    refuse_block(page, nothing_repeats=True)
    return page, found


def source_block(proposal: Proposal, page: Page, name: str) -> str:
    """A proposal for a page as the tables of a source."""
    url = None if proposal.own_address else page.get.url if urlsplit(page.get.url).scheme else UNKNOWN
    return block(name, proposal.kind, url, proposal.options, f"{proposal.what}; key: {key_words(proposal)}")


def with_authority(proposal: Proposal, authority: Authority) -> Proposal:
    """The proposal, with the authority where its kind has another one."""
    if authority == default_of(proposal.kind):
        return proposal
    return replace(proposal, options={"authority": authority, **proposal.options})


def title_of(page: Page) -> str:
    """The title of an HTML page, "" for any other."""
    try:
        return next((clean(title.text or "") for title in page.html.iter("title")), "")
    except SourceError:
        return ""
