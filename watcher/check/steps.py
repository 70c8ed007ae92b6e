"""From pages to a finding: believe, diff and match; and the occasions to read pages more than once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sources import Page, Source, SourceError
from sources.reading.completeness import unread
from sources.reading.engine import earlier_than, essence, total_of
from sources.reading.profile import Profile
from sources.reading.remainder import Part
from state.compare.diff import Differ
from state.compare.expectations import breach, emptied
from state.compare.fingerprints import snapshot_id
from state.compare.mass_change import MassChange, mass_change
from state.compare.plausibility import Suspicion, doubt
from state.model import Acceptance, Commit, Difference, SourceState
from watcher.check.check_io import CheckIO
from watcher.check.context import Watched
from watcher.check.fetching import entries_of, keep, read
from watcher.check.matching import mentioned
from watcher.check.outcome import Accepted, Checked, Mentioning, Suspicious
from watcher.check.selection import News

log = logging.getLogger(__name__)


class Read(NamedTuple):
    """A snapshot that was read: how it differs from what is known, and what it looks like as a whole.

    `part` says how much of the list it is, where that is not all: then nothing counts as removed.
    """

    difference: Difference
    profile: Profile
    part: Part | None = None


async def page_back(io: CheckIO, watched: Watched, differ: Differ, pages: Sequence[Page]) -> list[Page]:
    """The pages before a window that has nothing in common with the last one, until it has, or the site has no more."""
    earlier: list[Page] = []
    while differ.has_gap() and len(pages) + len(earlier) < watched.max_pages:
        get = await io.offload(earlier_than, watched.source, [*pages, *earlier][-1])
        if get is None:
            break
        page = await io.fetch(get)
        earlier.append(page)
        await io.offload(_take, watched, differ, page)
    return earlier


def _take(watched: Watched, differ: Differ, page: Page) -> None:
    for _ in differ.take(watched.source, page):
        pass  # what it asks for is asked for by `page_back`


async def read_again(io: CheckIO, watched: Watched, state: SourceState, before: list[Page]) -> tuple[list[Page], Read]:
    """What two readings miss is gone: pages shift while they are read, and a cache may answer with an older page."""
    differ = watched.differ(state, keys=True)
    pages, whole = await read(io, watched.source, differ.take, max_pages=watched.max_pages)
    part = await io.offload(part_of, watched, differ, pages, whole=whole)
    return pages, await io.offload(_with_those_before, watched, differ, before, part, whole=whole)


def _with_those_before(
    watched: Watched, differ: Differ, before: Sequence[Page], part: Part | None, *, whole: bool
) -> Read:
    """A reading, to which the entries of an earlier one are added that it missed."""
    seen = set(differ.keys)
    for entry in entries_of(watched.source, before, watched.max_pages):
        if entry.key not in seen:
            differ.see(entry)
    return finish(differ, part, whole=whole)


def finish(differ: Differ, part: Part | None, *, whole: bool) -> Read:
    """The snapshot of a reading that has seen all of its pages; `whole` is False when it stopped at `max_pages`."""
    return Read(differ.finish(whole=whole, part=part is not None), differ.profile, part)


def concluded(watched: Watched, differ: Differ, pages: Sequence[Page]) -> Read:
    """As `finish`, of pages that were fetched earlier."""
    whole = len(pages) < watched.max_pages
    return finish(differ, part_of(watched, differ, pages, whole=whole), whole=whole)


def part_of(watched: Watched, differ: Differ, pages: Sequence[Page], *, whole: bool) -> Part | None:
    """How much of its list the source has read, where that is not all."""
    return unread(watched.source, pages, differ.taken, whole=whole)


def judge(watched: Watched, state: SourceState, pages: Sequence[Page], read: Read) -> Accepted | Suspicious:
    """believe -> match: is the snapshot believable, and whom do its changes mention. Raises SourceError."""
    accepted = match(watched, state, pages, read)
    reason = reason_to_doubt(watched.source, state, pages, read, accepted.mass, baseline=accepted.baseline)
    if not reason:
        return accepted
    mass = accepted.mass if accepted.mass and reason is accepted.mass.suspicion else None
    return Suspicious(reason, accepted.pages, accepted.mentioning, snapshot_id(state, read.difference), mass)


def match(watched: Watched, state: SourceState, pages: Sequence[Page], read: Read) -> Accepted:
    """The snapshot as one that is believed, with whom its changes mention. Raises SourceError."""
    changes, baseline = read.difference.changes, watched.is_new(state)
    news, mentioning = News(), list[Mentioning]()
    mass = None if baseline else moved_at_once(watched.source, state, read)
    # Of a baseline, which may have a million entries, only those are kept that mention somebody.
    for change, mentions in mentioned(watched, changes if watched.watchlist or not baseline else ()):
        if mentions:
            mentioning.append(Mentioning(change.entry, mentions))
        if mass and mass.is_only_form(change):
            news.sum_up(change)
        elif not baseline:
            news.add(change, mentions)
    kept = [keep(page, essence(watched.source, page, checked=True)) for page in pages]
    if read.part:
        said = "; ".join(filter(None, (read.part.words, read.part.advice)))
        log.warning("%s: %s; nothing counts as removed", watched.name, said)
    filled = dict(read.profile.filled)
    return Accepted(read.difference, kept, baseline, news, mentioning, filled, part=read.part, mass=mass)


def moved_at_once(source: Source, state: SourceState, read: Read) -> MassChange | None:
    """The fields that changed in most of the entries that are known, at once."""
    known, most, is_text = state.entries, source.max_changed, source.mentions_in == "added_lines"
    return mass_change(read.difference, state.habits, known=known, max_changed=most, is_text=is_text)


def reason_to_doubt(
    source: Source, state: SourceState, pages: Sequence[Page], read: Read, mass: MassChange | None, *, baseline: bool
) -> Suspicion | None:
    """The rule that the snapshot breaks: its size and its losses, then the source's contract, then a field that
    emptied, then `mass`, what `moved_at_once` found. A `baseline` is compared with nothing.
    """
    total = total_of(source, pages[0])
    size = doubt(
        read.difference,
        known=0 if baseline else state.entries,
        min_entries=source.min_entries,
        max_lost=source.max_lost,
        max_new=source.max_new,
        listing=source.listing,
    )
    return (
        size
        or breach(read.profile, source.expect, total)
        or (None if baseline else emptied(read.difference, state.habits.filled))
        or (mass.suspicion if mass else None)
    )


def reread(watched: Watched, state: SourceState) -> SourceState:
    """Read the stored pages anew: the source's options, or its kind's reader, are not those they were read with.

    So better reading is never news: it changes what is known, silently, before the fresh page is compared with it.
    Pages that the new reader cannot read leave the known state as it is, and the fresh page is read in full all the
    same.
    """
    name, source, store = watched.name, watched.source, watched.store
    pages = store.pages(name)
    differ, used = watched.differ(state), list[Page]()
    try:
        for entry in entries_of(source, [stored.page for stored in pages], watched.max_pages, used):
            differ.see(entry)
        whole = len(used) < watched.max_pages
        part = part_of(watched, differ, used, whole=whole)
        difference = differ.finish(whole=whole, part=part is not None)
    except SourceError as error:
        log.warning("%s: its options changed, and the stored pages cannot be read with them: %s", name, error)
        return state

    def decide_reread(current: SourceState) -> Commit | None:
        if current.revision != state.revision:
            return None
        after = replace(current, entries=difference.count, digest=difference.digest, reread=None)
        return Commit(after, Acceptance(difference, pages, watched.reading, state.place))

    if store.commit(name, decide_reread) is not None:
        log.info("%s: re-read with its new options: %d entries", name, difference.count)
    return store.source(name)


def compare_again(watched: Watched, checked: Checked) -> Checked:
    """The finding of pages that were fetched already, against the state as another process has left it since."""
    assert isinstance(checked.found, Accepted | Suspicious)  # noqa: S101 - what `decide` calls stale
    state = watched.store.source(watched.name)
    pages = [stored.page for stored in checked.found.pages]
    differ = watched.differ(state)
    for entry in entries_of(watched.source, pages, watched.max_pages):
        differ.see(entry)
    read_now = concluded(watched, differ, pages)
    return replace(checked, base=state.revision, found=judge(watched, state, pages, read_now))
