"""Finds the way to the next page of a list, and tries it on the second page before it is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic import ValidationError

from sources import Entry, Get, Page, Source, SourceError
from sources.pagination.html_pager import find_pager
from sources.pagination.json_pager import find_json_pager, suggest_more_options, suggest_options
from sources.pagination.next_page import counting_options, set_parameter
from sources.reading.entry_fingerprints import entry_fingerprint
from watcher.propose.proposal import Proposal, read_entries, source_of, where_entries
from watcher.propose.site import Site
from watcher.trials.try_source import count_sharing_a_key

KINDS = ("table", "list", "json")  # kinds that can follow to further pages
MOST_TRIED = 6  # ways to the next page
MOST_FOLLOWED = 20  # pages of a rolling list; of a longer one, only the first is watched
MOST_LOOKED_AT = 5  # pages to look at if their number is unknown
MOST_SCROLLED = 200  # times
MOST_PAGES = 500  # pages of a register: each is requested at each check
_USUAL_LIMIT = 50  # pages (the default of max_pages)
_NEW = 0.5  # least share of new entries on a second page


class _Ways(NamedTuple):
    """The ways that may lead to the next page, how many pages there are, and the step that may page the list where a
    script does; empty if there is a script's pager, and nothing to click.
    """

    options: Sequence[Mapping[str, Any]]
    guessed: Sequence[Mapping[str, Any]]
    pages: int | None
    more: bool
    step: Mapping[str, Any] | None = None


def add_further_pages(proposal: Proposal, page: Page, site: Site) -> Proposal:
    """The proposal with the way to the next page, or that it is a part where the page shows more and no way was found.
    Errors of the site are not raised.
    """
    if proposal.kind not in KINDS or proposal.own_address or proposal.more:
        return proposal
    ways = _ways(proposal, page)
    if ways.step is not None:
        return _page_by_script(proposal, ways.step, page, site)
    rolling = _newest_first(proposal.entries)
    if ways.more and rolling and ways.pages and ways.pages > MOST_FOLLOWED:
        return _first_alone(proposal, f"page 1 of {ways.pages}")
    for number, way in enumerate([*ways.options, *ways.guessed][: MOST_TRIED if ways.more else 0]):
        if found := _follow(proposal, way, page, site):
            if rolling and not ways.pages and _goes_on(found, site):
                return _first_alone(proposal, "the first page")
            sure = way if number < len(ways.options) else _find_first_page(proposal, way, page, found.entries, site)
            return _read_whole(proposal, sure, found, ways.pages)
    said = "there are further pages, and no way to them was found: of this part, nothing counts as removed"
    return proposal.adding({}, said if ways.more else "")


def _page_by_script(proposal: Proposal, step: Mapping[str, Any], page: Page, site: Site) -> Proposal:
    """The proposal with the steps that page a list which a script drives, if a browser reads more with them."""
    entry = where_entries(proposal)
    usual, first = site.options, {each.key for each in proposal.entries}
    why = site.missing_browser
    if step and entry and site.render():
        site.options |= {"wait_for": entry, "steps": [{"wait_for": entry}, {**step, "keep": entry}]}
        try:
            source = source_of(proposal, page.get.url, site.http, site.options)
            entries, _ = read_entries(source, site.fetch(page.get))
        except (ValidationError, SourceError) as error:
            entries, why = [], f"the steps did not bring it to its end: {error}"
        if len(entries) > len(first) and first <= {each.key for each in entries}:
            said = f"a script pages it; with steps to its end, {len(entries)} entries are read"
            shared = count_sharing_a_key(entries, source.uncompared)
            return replace(proposal.adding(site.options, said), shared=shared)
    site.options = usual
    part = 'a script pages the list: of this part, nothing counts as removed, unless listing = "complete" calls it all'
    return proposal.adding({}, f"{part}; {why}" if why else part)


def _first_alone(proposal: Proposal, what: str) -> Proposal:
    return proposal.adding({"listing": "window"}, f"{what} of a rolling list, the newest first, is watched")


def _read_whole(proposal: Proposal, way: Mapping[str, Any], found: _SecondPage, pages: int | None) -> Proposal:
    if pages and pages > MOST_PAGES:
        said = f"there are {pages} pages, too many for each check: of a part, nothing counts as removed"
        return proposal.adding({}, said)
    said = f"the next page was found and read: {len(found.entries)} entries on page 2{f' of {pages}' if pages else ''}"
    more: dict[str, Any] = {"max_pages": 2 * pages} if pages and pages > _USUAL_LIMIT // 2 else {}
    more |= {"every": "6h"} if pages and pages > _USUAL_LIMIT else {}
    shared = count_sharing_a_key([*proposal.entries, *found.entries], found.source.uncompared)
    better = "another key (--key) may tell the entries of its pages apart" if shared > proposal.shared else ""
    return replace(proposal.adding({**way, **more}, said, better), shared=shared)


def _ways(proposal: Proposal, page: Page) -> _Ways:
    try:
        return _of_json(proposal, page) if proposal.kind == "json" else _of_html(proposal, page)
    except (SourceError, ValueError):
        return _Ways((), (), None, more=False)


def _of_html(proposal: Proposal, page: Page) -> _Ways:
    found = find_pager(page)
    ways: list[Mapping[str, Any]] = [{"next": found.css}] if found.css else []
    ways += [{"pages": counting_options(page.url, found.numbering)}] if found.numbering else []
    said = found.said
    by_entries = -(-(said.entries or 0) // len(proposal.entries))
    pages = max(said.pages or 0, found.numbering.last if found.numbering else 0) or by_entries or None
    stated = bool(said.entries or (said.page and said.pages and said.page < said.pages))
    guessed = [{"pages": {"parameter": "page"}}] if stated and not ways else []
    step: dict[str, Any] | None = {"scroll": MOST_SCROLLED} if found.scrolls else None
    if found.click is not None:
        step = {"click": found.click.replace(":contains(", ":has-text("), "until": "gone"} if found.click else {}
    return _Ways(ways, guessed, pages, bool(ways) or stated, step)


def _of_json(proposal: Proposal, page: Page) -> _Ways:
    found = find_json_pager(page, page.json())
    here = len(proposal.entries)
    total = found.total.value if found.total else 0
    pages = found.pages.value if found.pages else -(-total // here) if total > here else None
    counting = list[Mapping[str, Any]]()
    if found.following and not found.next:  # in an HTTP Link header, which no option can follow: count up to it
        for name, first in (("page", 1), ("p", 1), ("page", 0)):
            second = set_parameter(page.url, name, str(first + 1))
            if second == found.following or f"{name}={first + 1}" in found.following:
                counting.append({"pages": {"parameter": name} | ({"first": first} if first != 1 else {})})
    more = bool(found.following or found.cursor or found.more or (pages or 0) > 1 or total > here)
    found = found.of_all(here)
    ways = [*suggest_options(found), *counting]
    taken = [way["pages"]["parameter"] for way in ways if "pages" in way]
    return _Ways(ways, suggest_more_options(found, taken), pages, more and found.more is not False)


class _SecondPage(NamedTuple):
    """The second page as read by a source, and the request for the third."""

    source: Source
    entries: Sequence[Entry]
    following: Get | None


def _follow(proposal: Proposal, way: Mapping[str, Any], page: Page, site: Site) -> _SecondPage | None:
    """The second page, if the way leads to one with other entries."""
    try:
        source = source_of(proposal, page.get.url, site.http, way)
        _, second = read_entries(source, page)
        found = _SecondPage(source, *(read_entries(source, site.fetch(second)) if second else ([], None)))
    except (ValidationError, SourceError):
        return None
    known = not found.entries or _share_known(source, proposal.entries, found.entries) > 1 - _NEW
    return None if known else found


def _share_known(source: Source, first: Sequence[Entry], entries: Sequence[Entry]) -> float:
    known = {entry_fingerprint(entry, source.uncompared) for entry in first}
    return sum(entry_fingerprint(entry, source.uncompared) in known for entry in entries) / len(entries)


def _goes_on(found: _SecondPage, site: Site) -> bool:
    """Whether there are more pages than are looked at."""
    following = found.following
    with suppress(SourceError):
        for _ in range(MOST_LOOKED_AT - 2):
            _, following = read_entries(found.source, site.fetch(following)) if following else ([], None)
        return following is not None
    return False


def _find_first_page(
    proposal: Proposal, way: Mapping[str, Any], page: Page, second: Sequence[Entry], site: Site
) -> Mapping[str, Any]:
    """A guessed way with the number of its first page: 0, if page 1 differs from the first page."""
    pages = way["pages"]
    if "step" in pages:
        return way
    try:
        source = source_of(proposal, page.get.url, site.http)
        one = site.fetch(replace(page.get, url=set_parameter(page.get.url, pages["parameter"], "1")))
        entries, _ = read_entries(source, one)
    except SourceError:
        return way
    other = entries and all(_share_known(source, before, entries) < _NEW for before in (proposal.entries, second))
    return {"pages": {**pages, "first": 0}} if other else way


def _newest_first(entries: Sequence[Entry]) -> bool:
    """Whether the entries have dates in descending order."""
    dates = [entry.published for entry in entries if entry.published]
    if len(dates) < 3 or len(dates) < 0.9 * len(entries):
        return False
    return dates[0] > dates[-1] and all(before >= after for before, after in pairwise(dates))
