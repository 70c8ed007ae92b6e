"""Completes a proposal by further requests: what a browser waits for, the way to the next page, volatile fields."""

from __future__ import annotations

from dataclasses import replace

from sources import Entry, Page, SourceError
from sources.options import HttpOptions
from sources.reading.completeness import unread
from sources.reading.engine import read_page
from sources.text import listing
from watcher.propose.further import further
from watcher.propose.proposal import Proposal, source_of
from watcher.propose.site import Site
from watcher.propose.volatile import second_look

_LARGEST = 10_000_000  # bytes; a larger page is not fetched twice


def completed(proposal: Proposal, page: Page, site: Site, *, saved: bool) -> tuple[Proposal, list[str]]:
    """The completed proposal, and remarks for people. For a saved page no requests are made."""
    if saved:
        return proposal, _of_saved(proposal, page, site.http)
    waiting, awaited = _with_wait(proposal, page, site)
    followed, said = _with_next_page(waiting, page, site)
    ignoring, seen = _with_ignored(followed, page, site)
    return ignoring, [*awaited, *said, *seen]


def _of_saved(proposal: Proposal, page: Page, http: HttpOptions) -> list[str]:
    source = source_of(proposal, page.url, http)
    part = None if proposal.more or proposal.own_address else unread(source, [page], len(proposal.entries), whole=True)
    return [f"{part.words}; from a saved page, the way to the others was not tried. {part.advice}"] if part else []


def _with_wait(proposal: Proposal, page: Page, site: Site) -> tuple[Proposal, list[str]]:
    """The proposal with the element that shows that the page is filled, if a browser renders it and finds it."""
    entry = _entry_selector(proposal)
    if not site.is_rendered or not entry:
        return proposal, []
    usual, site.options = site.options, {**site.options, "wait_for": entry}
    try:
        site.fetch(page.get)
    except SourceError as error:
        site.options = usual
        return proposal, [f"without wait_for, as it did not appear again ({error.message})"]
    return replace(proposal, options={**proposal.options, **site.options}), []


def _entry_selector(proposal: Proposal) -> str:
    """The CSS of what is there when a list is; "" if unknown."""
    if proposal.kind == "list":
        return str(proposal.options["item"])
    return f"{proposal.options.get('table', 'table')} td" if proposal.kind == "table" else ""


def _with_next_page(proposal: Proposal, page: Page, site: Site) -> tuple[Proposal, list[str]]:
    found = further(proposal, page, site)
    if found is None:
        return proposal, []
    followed = replace(proposal, options={**proposal.options, **found.options})
    shared = {entry.key for entry in proposal.entries} & {entry.key for entry in found.entries}
    again = f"{len(shared)} keys of page 2 are on page 1 too: another key (--key) may tell these entries apart"
    return followed, [found.words, *([again] if shared else [])]


def _with_ignored(proposal: Proposal, page: Page, site: Site) -> tuple[Proposal, list[str]]:
    """The proposal with the fields that changed at a second look under `ignore`."""
    if len(page.body) > _LARGEST:
        return proposal, []
    source = source_of(proposal, page.url, site.http)
    try:
        then = [item for item in read_page(source, site.fetch(page.get)) if isinstance(item, Entry)]
    except SourceError:
        return proposal, []
    second = second_look(proposal.entries, then, source.uncompared)
    if second.same_key * 2 < second.entries:
        return proposal, ["at a second look, most entries had other keys: another key (--key) may be one that stays"]
    texts = ["the text changed at a second look: see what moves in it before you watch it"] if second.texts else []
    if not second.moving:
        return proposal, texts
    said = f"changed at a second look, so proposed under ignore: {listing(second.moving)}"
    return replace(proposal, options={**proposal.options, "ignore": list(second.moving)}), [said, *texts]
