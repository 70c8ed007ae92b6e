"""One check of a source, from fetch to match. It stores nothing but what a reread of the stored pages gives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sources import Entry, Page, Source, SourceError
from sources.model.coverage import ListCoverage
from sources.reading.completeness import of_the_list, unread
from sources.reading.engine import earlier_than, essence, read_page, total_of
from sources.reading.profile import Profile
from state.compare.diff import Differ
from state.compare.fingerprints import held_fingerprint, snapshot_id
from state.compare.mass_change import MassChange, find_mass_change
from state.compare.plausibility import Suspicion, find_breach, find_doubt, find_emptied_field
from state.failpoint import reached
from state.model import (
    Acceptance,
    ChangeKind,
    Commit,
    Difference,
    Prefetched,
    SourceState,
    Standing,
    StoredPage,
)
from watcher.check.context import CheckTarget
from watcher.check.fetching import CheckIO, dated, entries_of, keep, read, repeatable, revalidate, take_all
from watcher.check.matching import news_of
from watcher.check.outcome import Accepted, Checked, Failed, Found, StillSuspicious, Suspicious, Unchanged

log = logging.getLogger(__name__)


def is_wider(state: SourceState, stored: Sequence[StoredPage], pages: Sequence[Page]) -> bool:
    """Whether an edited source that had read only a part of its list has now read pages that it did not read before."""
    return bool(state.habits.part) and not _requests(stored).issuperset(page.get.identity for page in pages)


def widened(found: Found, source: Source, stored: Sequence[StoredPage], pages: Sequence[Page]) -> Found:
    """The outcome without the entries that are new only because of further pages. They are stored and summed up like a
    baseline.
    """
    if not isinstance(found, Accepted) or found.baseline:
        return found
    asked = _requests(stored)
    near = {
        item.key
        for page in pages
        if page.get.identity in asked
        for item in read_page(source, page)
        if isinstance(item, Entry)
    }
    return _summed_up(found, near)


def _summed_up(found: Accepted, near: Collection[str]) -> Accepted:
    news = found.news
    further = [
        each for each in news.alone if each.change.kind is ChangeKind.ADDED and each.change.entry.key not in near
    ]
    keys = {each.change.entry.key for each in further}
    alone = [each for each in news.alone if each.change.entry.key not in keys]
    mentioning = [each for each in found.mentioning if each.entry.key in keys]
    return replace(found, news=replace(news, alone=alone), further=len(further), mentioning=mentioning)


def _requests(stored: Sequence[StoredPage]) -> set[str]:
    return {each.page.get.identity for each in stored}


class Read(NamedTuple):
    """A snapshot that was read: its difference to what is known, and its profile.

    `part` says how much of the list was read, if not all; then nothing counts as removed.
    """

    difference: Difference
    profile: Profile
    part: ListCoverage | None = None


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
    target: CheckTarget, differ: Differ, before: Sequence[Page], part: ListCoverage | None, *, whole: bool
) -> Read:
    """The second snapshot, with the entries that only the first one had."""
    seen = set(differ.keys)
    for entry in entries_of(target.source, before, target.max_pages):
        if entry.key not in seen:
            differ.see(entry)
    return finish(differ, part, whole=whole)


def finish(differ: Differ, part: ListCoverage | None, *, whole: bool) -> Read:
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


def part_of(target: CheckTarget, differ: Differ, pages: Sequence[Page], *, whole: bool) -> ListCoverage | None:
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


async def check(io: CheckIO, target: CheckTarget, clock: Callable[[], datetime]) -> Checked:
    """One check of a source, from fetch to match. An error of the source is an outcome, not an exception."""
    state, stored = target.known()
    if not target.is_new(state) and target.is_edited(state):
        state = await io.offload(reread, target, state, clock())
        stored = target.store.pages(target.name, bodies=False)
    began = clock()
    try:
        io = dated(io, target.source, began, state.checked)
        found = await look(io, target, Prefetched(state, stored), began)
        if target.source.has_details:
            from watcher.check.details import with_details

            found = await with_details(io, target, found, began)
    except SourceError as error:
        found = Failed.by(error)
    reached("after_read")
    seconds = max(0.0, (clock() - began).total_seconds())
    return Checked(state.revision, began, found, target.reading, target.place, seconds)


async def look(io: CheckIO, target: CheckTarget, prefetched: Prefetched, now: datetime) -> Found:
    """fetch -> read -> believe -> diff -> match, unless the stored pages are still valid. Raises SourceError."""
    first, (state, stored) = None, prefetched
    anew = target.is_new(state) or target.is_edited(state)
    if not anew and repeatable(stored):
        # A reread in the future was stored before the clock was moved back: its real time is unknown.
        rested = state.reread is not None and timedelta() <= now - state.reread < target.source.reread
        same, first, full = await revalidate(io, target.source, stored, conditional=rested)
        if same is not None:
            moved = any(new is not old for new, old in zip(same, stored, strict=True))
            return Unchanged(same if moved else None, full)
    if first and state.held and state.held == held_fingerprint(first.body, target.source):
        return StillSuspicious()
    differ = target.differ(state)
    pages, whole = await read(io, target.source, differ.take, max_pages=target.max_pages, first=first)
    if differ.has_gap():
        part = await io.offload(part_of, target, differ, pages, whole=whole)
        pages += await page_back(io, target, differ, pages)
        done = await io.offload(finish, differ, part, whole=whole)
    else:
        done = await io.offload(concluded, target, differ, pages, whole=whole)
    shifting = len(pages) > 1 and Standing.REMOVED in done.difference.stand.values()
    if whole and (shifting or done.difference.newest_gone):
        pages, done = await read_again(io, target, state, pages)
    found = await io.offload(judge, target, state, pages, done)
    wider = anew and is_wider(state, stored, pages)
    return await io.offload(widened, found, target.source, stored, pages) if wider else found


async def check_again(io: CheckIO, target: CheckTarget, checked: Checked) -> Checked:
    """Compare the pages of a check with the state that another process has stored since. Makes no requests."""
    try:
        return await io.offload(compare_again, target, checked)
    except SourceError as error:
        return replace(checked, found=Failed.by(error))
