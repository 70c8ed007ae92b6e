"""Completes a proposal by further requests: what a browser waits for, the way to the next page, volatile fields.

Each step takes a proposal and returns it with further options, and with a remark on what was found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from sources import Entry, Get, Page, Source, SourceError
from sources.kinds.text import MAIN, Text, find_moving
from sources.pagination.detail import Detailed
from sources.pagination.html_pager import find_pager
from sources.pagination.json_pager import find_json_pager, suggest_more_options, suggest_options
from sources.pagination.next_page import counting_options, set_parameter
from sources.reading.completeness import unread
from sources.reading.entry_fingerprints import entry_fingerprint
from sources.text import listing
from state.compare.changes import field_changes
from watcher.check.details import merge_fields, read_fields
from watcher.propose import looks
from watcher.propose.documents import linked_feeds
from watcher.propose.find import find
from watcher.propose.html_groups import TextOutline
from watcher.propose.proposal import Proposal, read_entries, source_of, try_proposal, where_entries
from watcher.propose.site import Site
from watcher.trials.try_source import DETAILS, count_sharing_a_key

_SHARE = 0.5  # of the entries: a field that changes in so many within a second is no news
_VOLATILE_NAME = re.compile(
    r"updat|refresh|generat|modif|checked|retriev|timestamp|as.?of|now\b|view|visit|hit|like|count|seen|nonce|token|просмотр",
    re.IGNORECASE,
)
_STAMP_NAME = re.compile(r"(?:updated|modified|refreshed|last.?changed?)(?:.?(?:at|on|date|time))?$", re.IGNORECASE)
_MOSTLY = 0.8  # of the entries
KINDS = ("table", "list", "json")  # kinds that can follow to further pages
MOST_TRIED = 6  # ways to the next page
MOST_FOLLOWED = 20  # pages of a rolling list; of a longer one, only the first is watched
MOST_LOOKED_AT = 5  # pages to look at if their number is unknown
MOST_SCROLLED = 200  # times
MOST_PAGES = 500  # pages of a register: each is requested at each check
_USUAL_LIMIT = 50  # pages (the default of max_pages)
_NEW = 0.5  # least share of new entries on a second page


def complete(proposal: Proposal, page: Page, site: Site, *, saved: bool) -> Proposal:
    """The completed proposal, with remarks about what was found. For a saved page no requests are made."""
    proposal = _select_main(proposal, page, site)
    if saved:
        if proposal.more or proposal.own_address:
            return proposal
        part = unread(source_of(proposal, page.url, site.http), [page], len(proposal.entries), whole=True)
        untried = "from a saved page, the way to the others was not tried"
        return proposal.adding({}, f"{part.words}; {untried}. {part.advice}" if part else "")
    steps = (_ignore_stamps, _warn_of_scripts, _add_wait, _add_further_pages, ignore_volatile, _add_detail)
    for step in steps:
        proposal = step(proposal, page, site)
    feeds = linked_feeds(page)[:1] if proposal.kind in ("list", "text") else []
    return proposal.adding({}, *(f"it links to a feed, too: watch add {feed}" for feed in feeds))


def _select_main(proposal: Proposal, page: Page, site: Site) -> Proposal:
    """The proposal of a whole text, of the page's main part alone: HTML calls `main` the dominant content of a page."""
    with suppress(SourceError):
        outline = TextOutline(page.html) if proposal.kind == "text" and "select" not in proposal.options else None
        for css in MAIN if outline else ():
            parts = page.html.cssselect(css)
            if outline and len(parts) == 1 and outline.text.get(parts[0], 0) * 2 > outline.content:
                said = f"only its main part counts ({css}), not the menus, banners and footers around it"
                return try_proposal(proposal.adding({"select": css}, said), page, site.http) or proposal
    return proposal


def _ignore_stamps(proposal: Proposal, _page: Page, _site: Site) -> Proposal:
    """The proposal with the times of an entry's last edit under `ignore`: they come along with every other change."""
    names = dict.fromkeys(name for entry in proposal.entries for name in entry.fields)
    values = {name: [entry.fields.get(name, "") for entry in proposal.entries] for name in names}
    stamps = [name for name in names if _STAMP_NAME.search(name) and looks.share(values[name], looks.is_date) > _MOSTLY]
    if not stamps or len(names) < len(stamps) + 2:  # beside the key, there is something else to compare
        return proposal
    said = f"changes whenever something else does, so proposed under ignore: {listing(stamps)}"
    return proposal.adding({"ignore": [*proposal.options.get("ignore", ()), *stamps]}, said)


def _warn_of_scripts(proposal: Proposal, page: Page, site: Site) -> Proposal:
    missing = site.missing_browser if proposal.kind == "text" and b"<script" in page.body else ""
    said = f"a script may fill this page, and then its text is not all that people see; {missing}"
    return proposal.adding({}, said if missing else "")


def _add_wait(proposal: Proposal, page: Page, site: Site) -> Proposal:
    """The proposal with the element that shows that the page is filled, if a browser renders it and finds it."""
    entry = where_entries(proposal)
    if not site.is_rendered or not entry:
        return proposal
    usual, site.options = site.options, {**site.options, "wait_for": entry}
    try:
        site.fetch(page.get)
    except SourceError as error:
        site.options = usual
        return proposal.adding({}, f"without wait_for, as it did not appear again ({error.message})")
    return proposal.adding(site.options)


class _Ways(NamedTuple):
    """The ways that may lead to the next page, how many pages there are, and the step that may page the list where a
    script does; empty if there is a script's pager, and nothing to click.
    """

    options: Sequence[Mapping[str, Any]]
    guessed: Sequence[Mapping[str, Any]]
    pages: int | None
    more: bool
    step: Mapping[str, Any] | None = None


def _add_further_pages(proposal: Proposal, page: Page, site: Site) -> Proposal:
    """The proposal with the way to the next page, or that it is a part where the page shows more and no way was found.
    Errors of the site are not raised.
    """
    if proposal.kind not in KINDS or proposal.own_address or proposal.more:
        return proposal
    try:
        ways = _of_json(proposal, page) if proposal.kind == "json" else _of_html(proposal, page)
    except (SourceError, ValueError):
        ways = _Ways((), (), None, more=False)
    if ways.step is not None:
        return _page_by_script(proposal, ways.step, page, site)
    rolling = _newest_first(proposal.entries)
    if ways.more and rolling and ways.pages and ways.pages > MOST_FOLLOWED:
        return _first_alone(proposal, f"page 1 of {ways.pages}")
    for number, way in enumerate([*ways.options, *ways.guessed][: MOST_TRIED if ways.more else 0]):
        if found := _read_second(proposal, way, page, site):
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
            return replace(proposal.adding(site.options, said), shared=count_sharing_a_key(entries, source.uncompared))
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


def _of_html(proposal: Proposal, page: Page) -> _Ways:
    found = find_pager(page)
    ways: list[Mapping[str, Any]] = [{"next": found.css}] if found.css else []
    ways += [{"pages": counting_options(page.url, found.numbering)}] if found.numbering else []
    said = found.said
    by_entries = -(-(said.entries or 0) // len(proposal.entries))
    pages = max(said.pages or 0, max(found.numbering.later) if found.numbering else 0) or by_entries or None
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


def _read_second(proposal: Proposal, way: Mapping[str, Any], page: Page, site: Site) -> _SecondPage | None:
    """The second page, if the way leads to one with other entries."""
    try:
        source = source_of(proposal, page.get.url, site.http, way)
        _, second = read_entries(source, page)
        entries, third = read_entries(source, site.fetch(second)) if second else ([], None)
    except (ValidationError, SourceError):
        return None
    is_new = entries and _share_known(source, proposal.entries, entries) <= 1 - _NEW
    return _SecondPage(source, entries, third) if is_new else None


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
    falling = dates[:1] > dates[-1:] and dates == sorted(dates, reverse=True)
    return falling and len(dates) >= max(3, 0.9 * len(entries))


def ignore_volatile(proposal: Proposal, page: Page, site: Site) -> Proposal:
    """The proposal with the fields that changed at a second look under `ignore`, a text without what moved in it."""
    if len(page.body) > 10_000_000:  # bytes; a larger page is not fetched twice
        return proposal
    source = source_of(proposal, page.url, site.http)
    try:
        again = site.fetch(page.get)
        then, _ = read_entries(source, again)
    except SourceError:
        return proposal
    now = {entry.key: entry for entry in then}
    pairs = [(entry, now[entry.key]) for entry in proposal.entries if entry.key in now]
    if len(pairs) * 2 < len(proposal.entries):
        said = "at a second look, most entries had other keys: another key (--key) may be one that stays"
        return replace(proposal.adding({}, said), moving=True)
    # those that changed in half of the entries, or in any if the name is that of a counter or time
    times = Counter(entry.key for entry in (*proposal.entries, *then))  # which of several with one key is which?
    alone = [pair for pair in pairs if times[pair[0].key] == len(pair)]
    changed = Counter(name for sides in alone for name in field_changes(*sides, source.uncompared))
    moving = [name for name in changed if changed[name] >= _SHARE * len(pairs) or _VOLATILE_NAME.search(name)]
    if fields := [name for name in moving if name != "text"]:
        said = f"changed at a second look, so proposed under ignore: {listing(fields)}"
        proposal = proposal.adding({"ignore": [*proposal.options.get("ignore", ()), *fields]}, said)
    if "text" in moving and isinstance(source, Text):
        moved = find_moving(source, again, proposal.entries[0].text, then[0].text)
        untold = "no select, remove or remove_lines was found that leaves this out: each check would tell of it"
        out = f"left out, as proposed, by {listing(moved.options)}" if moved.options else untold
        told = proposal.adding(moved.options, f"the text changed at a second look: {moved.words}", out)
        return replace(told, moving=not moved.options)
    said = "the text changed at a second look: see what moves in it before you watch it"
    return proposal.adding({}, said if "text" in moving else "")  # to ignore a text would hide every change


def _add_detail(proposal: Proposal, page: Page, site: Site) -> Proposal:
    """The proposal with `detail` where its entries are nothing but links to pages that are each about one, which makes
    it a register; the first entries then have the fields of theirs.
    """
    entries = proposal.entries[:DETAILS]
    bare = all(each.url and not each.fields and each.text in ("", each.title) for each in proposal.entries)
    if proposal.kind != "list" or "published" in proposal.options or not bare or len(proposal.entries) < 2:
        return proposal
    said = "each entry is a link to a page about one: its labels are read, too (detail), here of"
    shown = source_of(proposal, page.url, site.http).remainder(page)  # of a list that a script pages, a part
    listed = {} if "listing" in proposal.options or (shown and shown.more) else {"listing": "complete"}
    detailed = proposal.adding({**listed, "detail": {"kind": "record"}}, f"{said} {len(entries)}")
    source, usual, found = source_of(detailed, page.url, site.http), site.options, list[Entry]()
    assert isinstance(source, Detailed) and source.detail  # noqa: S101, PT018 - a list with the option
    site.options = {name: value for name, value in usual.items() if name != "wait_for"}
    try:
        for entry in entries:
            own = site.fetch(Get(str(entry.url)))
            if not any(each.kind == "record" for each in find(own, site.http)):
                return proposal
            found.append(merge_fields(entry, read_fields(source, source.detail, own)) or entry)
    except SourceError:
        return proposal
    finally:
        site.options = usual
    return replace(detailed, entries=[*found, *proposal.entries[len(found) :]])
