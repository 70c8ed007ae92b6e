"""The steps of a check after fetching: believe, diff and match; and the cases in which pages are read again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sources import Page, Source, SourceError
from sources.reading.completeness import of_the_list, unread
from sources.reading.engine import earlier_than, essence, total_of
from sources.reading.profile import Profile
from sources.reading.remainder import Part
from state.compare.diff import Differ
from state.compare.fingerprints import snapshot_id
from state.compare.mass_change import MassChange, find_mass_change
from state.compare.plausibility import Suspicion, find_breach, find_doubt, find_emptied_field
from state.model import Acceptance, Change, Commit, Difference, SourceState
from watcher.check.check_io import CheckIO
from watcher.check.context import CheckTarget
from watcher.check.events.selection import News
from watcher.check.fetching import entries_of, keep, read, take_all
from watcher.check.matching import mentioned
from watcher.check.outcome import Accepted, Checked, Mentioning, Suspicious

log = logging.getLogger(__name__)


class Read(NamedTuple):
    """A snapshot that was read: its difference to what is known, and its profile.

    `part` says how much of the list was read, if not all; then nothing counts as removed.
    """

    difference: Difference
    profile: Profile
    part: Part | None = None


async def page_back(io: CheckIO, target: CheckTarget, differ: Differ, pages: Sequence[Page]) -> list[Page]:
    """The earlier pages of a rolling list, until one shares an entry with the last snapshot, or there are no more."""
    earlier: list[Page] = []
    while differ.has_gap() and len(pages) + len(earlier) < target.max_pages:
        get = await io.offload(earlier_than, target.source, [*pages, *earlier][-1])
        if get is None:
            break
        page = await io.fetch(get)
        earlier.append(page)
        await io.offload(_take, target, differ, page)
    return earlier


def _take(target: CheckTarget, differ: Differ, page: Page) -> None:
    for _ in differ.take(target.source, page):
        pass  # `page_back` makes the requests


async def read_again(
    io: CheckIO, target: CheckTarget, state: SourceState, before: list[Page]
) -> tuple[list[Page], Read]:
    """Read the source a second time; only what both snapshots lack is removed.

    Pages can shift while they are read, and a cache may serve an older page.
    """
    differ = target.differ(state, keys=True)
    pages, whole = await read(io, target.source, differ.take, max_pages=target.max_pages)
    part = await io.offload(part_of, target, differ, pages, whole=whole)
    return pages, await io.offload(_with_those_before, target, differ, before, part, whole=whole)


def _with_those_before(
    target: CheckTarget, differ: Differ, before: Sequence[Page], part: Part | None, *, whole: bool
) -> Read:
    """The second snapshot, with the entries that only the first one had."""
    seen = set(differ.keys)
    for entry in entries_of(target.source, before, target.max_pages):
        if entry.key not in seen:
            differ.see(entry)
    return finish(differ, part, whole=whole)


def finish(differ: Differ, part: Part | None, *, whole: bool) -> Read:
    """The snapshot, after all its pages were read. `whole` is False if `max_pages` was reached."""
    return Read(differ.finish(whole=whole, part=part is not None), differ.profile, part)


def concluded(target: CheckTarget, differ: Differ, pages: Sequence[Page], *, whole: bool) -> Read:
    """Like `finish`; also decides how much of its list the source has read."""
    return finish(differ, part_of(target, differ, pages, whole=whole), whole=whole)


def read_stored(target: CheckTarget, state: SourceState, pages: Sequence[Page]) -> Read:
    """The snapshot that the source reads from pages fetched before. Raises SourceError."""
    differ = target.differ(state)
    used = take_all(differ, target.source, pages, target.max_pages)
    return concluded(target, differ, used, whole=len(used) < target.max_pages)


def part_of(target: CheckTarget, differ: Differ, pages: Sequence[Page], *, whole: bool) -> Part | None:
    """How much of its list the source has read; None if all."""
    return unread(target.source, pages, differ.taken, whole=whole)


def judge(target: CheckTarget, state: SourceState, pages: Sequence[Page], read: Read) -> Accepted | Suspicious:
    """believe -> match: whether the snapshot is plausible, and whom its changes mention. Raises SourceError."""
    accepted = match(target, state, pages, read)
    reason = reason_to_doubt(target.source, state, pages, read, accepted.mass, baseline=accepted.baseline)
    if not reason:
        return accepted
    mass = accepted.mass if accepted.mass and reason is accepted.mass.suspicion else None
    return Suspicious(reason, accepted.pages, accepted.mentioning, snapshot_id(state, read.difference), mass)


def match(target: CheckTarget, state: SourceState, pages: Sequence[Page], read: Read) -> Accepted:
    """The snapshot as an accepted one, with the mentions in its changes. Raises SourceError."""
    changes, baseline = read.difference.changes, target.is_new(state)
    mass = None if baseline else moved_at_once(target.source, state, read)
    news, mentioning = news_of(target, changes, mass, baseline=baseline)
    kept = [keep(page, essence(target.source, page)) for page in pages]
    if read.part:
        said = "; ".join(filter(None, (read.part.words, read.part.advice)))
        log.warning("%s: %s; nothing counts as removed", target.name, said)
    filled = dict(read.profile.filled)
    return Accepted(read.difference, kept, baseline, news, mentioning, filled, part=read.part, mass=mass)


def news_of(
    target: CheckTarget, changes: Sequence[Change], mass: MassChange | None, *, baseline: bool
) -> tuple[News, list[Mentioning]]:
    """The changes that become events, and the entries that mention somebody. Raises ReadError."""
    news, mentioning = News(), list[Mentioning]()
    # Of a baseline, which may have a million entries, only those are kept that mention somebody.
    for change, mentions in mentioned(target, changes if target.watchlist or not baseline else ()):
        if mentions:
            mentioning.append(Mentioning(change.entry, mentions))
        if mass and mass.is_only_form(change):
            news.sum_up(change)
        elif not baseline:
            news.add(change, mentions)
    return news, mentioning


def moved_at_once(source: Source, state: SourceState, read: Read) -> MassChange | None:
    """The fields that changed in most of the known entries at once."""
    known, most, is_text = state.entries, source.max_changed, source.mentions_in == "added_lines"
    return find_mass_change(read.difference, state.habits, known=known, max_changed=most, is_text=is_text)


def reason_to_doubt(
    source: Source, state: SourceState, pages: Sequence[Page], read: Read, mass: MassChange | None, *, baseline: bool
) -> Suspicion | None:
    """The first rule that the snapshot breaks, or None: counts and losses, then the source's contract, then an emptied
    field, then `mass` (from `moved_at_once`). A `baseline` is compared with nothing.
    """
    total = total_of(source, of_the_list(pages)[0])
    size = find_doubt(
        read.difference,
        known=0 if baseline else state.entries,
        min_entries=source.min_entries,
        max_lost=source.max_lost,
        max_new=source.max_new,
        listing=source.listing,
    )
    return (
        size
        or find_breach(read.profile, source.expect, total)
        or (None if baseline else find_emptied_field(read.difference, state.habits.filled))
        or (mass.suspicion if mass else None)
    )


def reread(target: CheckTarget, state: SourceState, at: datetime) -> SourceState:
    """Read the stored pages again, because the options or the code of the reader changed.

    This updates the known entries without alerts before the fresh page is compared: better reading is never news. If
    the new reader cannot read the stored pages, the known state stays. The history has the time `at` for it.
    """
    name, store = target.name, target.store
    pages = store.pages(name)
    try:
        difference = read_stored(target, state, [stored.page for stored in pages]).difference
    except SourceError as error:
        log.warning("%s: its options changed, and the stored pages cannot be read with them: %s", name, error)
        return state

    def decide_reread(current: SourceState) -> Commit | None:
        if current.revision != state.revision:
            return None
        after = replace(current, entries=difference.count, digest=difference.digest, reread=None)
        return Commit(after, Acceptance(difference, pages, target.reading, state.place, at=at, silent=True))

    if store.commit(name, decide_reread) is not None:
        log.info("%s: re-read with its new options: %d entries", name, difference.count)
    return store.source(name)


def compare_again(target: CheckTarget, checked: Checked) -> Checked:
    """Compare pages that were fetched already with the state that another process has stored since."""
    assert isinstance(checked.found, Accepted | Suspicious)  # noqa: S101 - only these outcomes can be stale
    state = target.store.source(target.name)
    pages = [stored.page for stored in checked.found.pages]
    return replace(checked, base=state.revision, found=judge(target, state, pages, read_stored(target, state, pages)))
