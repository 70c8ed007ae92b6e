"""Completes a proposal by further requests: what a browser waits for, the way to the next page, volatile fields.

Each step takes a proposal and returns it with further options, and with a remark on what was found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from sources import Entry, Get, Page, SourceError
from sources.kinds._still_text import MovingText, find_moving
from sources.kinds.text import Text
from sources.pagination.detail import Detailed
from sources.reading.completeness import unread
from sources.text import listing
from state.compare.changes import field_changes
from watcher.check.details import merge_fields, read_fields
from watcher.propose import looks
from watcher.propose.documents import linked_feeds
from watcher.propose.find import find
from watcher.propose.further import add_further_pages
from watcher.propose.proposal import Proposal, read_entries, source_of, where_entries
from watcher.propose.site import Site
from watcher.trials.try_source import DETAILS

_LARGEST = 10_000_000  # bytes; a larger page is not fetched twice
_SHARE = 0.5  # of the entries: a field that changes in so many within a second is no news
_VOLATILE_NAME = re.compile(
    r"updat|refresh|generat|modif|checked|retriev|timestamp|as.?of|now\b|view|visit|hit|like|count|seen|nonce|token|просмотр",
    re.IGNORECASE,
)
_STAMP_NAME = re.compile(r"(?:updated|modified|refreshed|last.?changed?)(?:.?(?:at|on|date|time))?$", re.IGNORECASE)
_MOSTLY = 0.8  # of the entries


def complete(proposal: Proposal, page: Page, site: Site, *, saved: bool) -> Proposal:
    """The completed proposal, with remarks about what was found. For a saved page no requests are made."""
    if saved:
        if proposal.more or proposal.own_address:
            return proposal
        part = unread(source_of(proposal, page.url, site.http), [page], len(proposal.entries), whole=True)
        untried = "from a saved page, the way to the others was not tried"
        return proposal.adding({}, f"{part.words}; {untried}. {part.advice}" if part else "")
    for step in (
        _ignore_stamps,
        _warn_of_scripts,
        _add_wait,
        add_further_pages,
        ignore_volatile,
        _add_detail,
        _name_feed,
    ):
        proposal = step(proposal, page, site)
    return proposal


def _ignore_stamps(proposal: Proposal, _page: Page, _site: Site) -> Proposal:
    """The proposal with the times of an entry's last edit under `ignore`: they come along with every other change."""
    names = dict.fromkeys(name for entry in proposal.entries for name in entry.fields)
    values = {name: [entry.fields.get(name, "") for entry in proposal.entries] for name in names}
    stamps = [name for name in names if _STAMP_NAME.search(name) and looks.share(values[name], looks.is_date) > _MOSTLY]
    if not stamps or len(names) < len(stamps) + 2:  # beside the key, there is something else to compare
        return proposal
    said = f"changes whenever something else does, so proposed under ignore: {listing(stamps)}"
    return proposal.adding({"ignore": stamps}, said)


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


def ignore_volatile(proposal: Proposal, page: Page, site: Site) -> Proposal:
    """The proposal with the fields that changed at a second look under `ignore`, a text without what moved in it."""
    if len(page.body) > _LARGEST:
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
    moving = find_volatile(pairs, source.uncompared)
    if fields := [name for name in moving if name != "text"]:
        said = f"changed at a second look, so proposed under ignore: {listing(fields)}"
        proposal = proposal.adding({"ignore": [*proposal.options.get("ignore", ()), *fields]}, said)
    if "text" in moving and isinstance(source, Text):
        return _leave_out(proposal, find_moving(source, again, proposal.entries[0].text, then[0].text))
    said = "the text changed at a second look: see what moves in it before you watch it"
    return proposal.adding({}, said if "text" in moving else "")  # to ignore a text would hide every change


def find_volatile(pairs: Sequence[tuple[Entry, Entry]], uncompared: Collection[str] = ()) -> list[str]:
    """The fields that changed between two readings of each entry, shortly after each other, in half of the entries, or
    in any if the name is that of a counter or time; those in `uncompared` are left out. Pure.
    """
    changed = Counter(name for before, after in pairs for name in field_changes(before, after, uncompared))
    return [name for name, times in changed.items() if times >= _SHARE * len(pairs) or _VOLATILE_NAME.search(name)]


def _leave_out(proposal: Proposal, moving: MovingText) -> Proposal:
    """The proposal of a text with the options that leave out what moved in it."""
    moved = f"the text changed at a second look: {moving.words}"
    if moving.options:
        return proposal.adding(moving.options, moved, f"left out, as proposed, by {listing(moving.options)}")
    untold = "no select, remove or remove_lines was found that leaves this out: each check would tell of it"
    return replace(proposal.adding({}, moved, untold), moving=True)


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
            found.append(merge_fields(entry, read_fields(source.detail, own)) or entry)
    except SourceError:
        return proposal
    finally:
        site.options = usual
    return replace(detailed, entries=[*found, *proposal.entries[len(found) :]])


def _name_feed(proposal: Proposal, page: Page, _site: Site) -> Proposal:
    feeds = linked_feeds(page)[:1] if proposal.kind in ("list", "text") else []
    return proposal.adding({}, *(f"it links to a feed, too: watch add {feed}" for feed in feeds))
