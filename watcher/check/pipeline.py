"""One check of a source, from fetch to match. It stores nothing but what a reread of the stored pages gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sources import SourceError
from state.compare.fingerprints import held_fingerprint
from state.failpoint import reached
from state.model import Prefetched, Standing
from watcher.check.check_io import CheckIO
from watcher.check.context import CheckTarget
from watcher.check.dated import dated
from watcher.check.fetching import read, repeatable, revalidate
from watcher.check.outcome import Checked, Failed, Found, StillSuspicious, Unchanged
from watcher.check.steps import compare_again, concluded, finish, judge, page_back, part_of, read_again, reread
from watcher.check.widening import is_wider, widened


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
