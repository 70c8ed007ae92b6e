"""One check of a source, from fetch to match. It stores nothing but what a reread of the stored pages gives."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sources import Entry, Page, Source, SourceError
from sources.reading.completeness import find_stated_total, of_the_list, unread
from sources.reading.engine import earlier_than, essence, read_page, total_of, without_personal
from sources.reading.known_filter import Profile
from state.compare.changes import changes_of_known
from state.compare.diff import Differ
from state.compare.plausibility import (
    MassChange,
    PageFrame,
    Suspicion,
    find_breaches,
    find_doubt,
    find_emptied_field,
    find_mass_change,
    frame_of,
    say_total,
)
from state.compare.reader_fingerprints import held_fingerprint, snapshot_id
from state.failpoint import reach
from state.model import (
    DAMAGED,
    Acceptance,
    Change,
    ChangeKind,
    Commit,
    Difference,
    Prefetched,
    SourceState,
    Standing,
    Status,
    StoredPage,
)
from watcher.check.context import CheckTarget
from watcher.check.fetching import CheckIO, entries_of, fill_dates, keep, outdated, read, revalidate
from watcher.check.matching import find_mentions, news_of
from watcher.check.newest import Newest, read_in_full, read_newest
from watcher.check.outcome import (
    Accepted,
    Checked,
    Failed,
    Found,
    StillSuspicious,
    Suspicious,
    Unchanged,
    without_frames,
)

log = logging.getLogger(__name__)

_FEW = 1_000  # entries that are compared and matched in one turn of a thread: a change of threads costs as much


async def check(io: CheckIO, target: CheckTarget, clock: Callable[[], datetime]) -> Checked:
    """One check of a source, from fetch to match. An error of the source is an outcome, not an exception."""
    state, stored = target.read_state()
    began, found, health = clock(), None, state.health
    try:
        if health.reason == DAMAGED and not health.failures:  # it was mended, and nobody was told yet
            raise SourceError(f"what is stored of it was damaged: {health.message}", code=DAMAGED)
        if not target.is_new(state) and target.is_edited(state):
            state = await io.offload(reread, target, state, began)
            stored = target.store.pages(target.name, bodies=False)
            began = clock()
        io = fill_dates(io, target.source, began, state.checked)
        found = await look(io, target, Prefetched(state, stored), began)
        if target.source.has_details:
            from watcher.check.details import with_details

            found = await with_details(io, target, state, found, began)
    except SourceError as error:
        found = Failed(without_frames(error))
    reach("after_read")
    seconds = max(0.0, (clock() - began).total_seconds())
    return Checked(state.revision, began, found, target.reading, target.place, seconds)


async def look(io: CheckIO, target: CheckTarget, prefetched: Prefetched, now: datetime) -> Found:
    """fetch -> read -> believe -> diff -> match, unless the stored pages are still valid. Raises SourceError."""
    first, (state, stored) = None, prefetched
    adds = any(old.page.adds for old in stored)  # then the validators say what was read: nothing is read again
    anew = target.is_new(state) or (target.is_edited(state) and not adds)
    # A reread in the future was stored before the clock was moved back: its real time is unknown.
    fresh = state.reread is not None and timedelta() <= now - state.reread < target.source.reread
    updated = any(old.page.deltas_at for old in stored)  # the full file is not the same as these
    # The requests can be made again as they are: none has a body or a delay.
    repeatable = stored and all(old.page.get.conditional and not old.page.get.after for old in stored)
    if not anew and repeatable and (fresh or not updated):
        same, first, full = await revalidate(io, target.source, stored, conditional=fresh or adds)
        if same is not None:
            moved = any(new is not old for new, old in zip(same, stored, strict=True))
            return Unchanged(same if moved else None, full)
    is_held = first and state.held and state.held == held_fingerprint(first.content, target.source)
    if is_held and state.health.status is Status.SUSPICIOUS:  # else its reason is that of a failure since
        return StillSuspicious()
    newest = await read_newest(io, target, prefetched, first, by_deltas=fresh and not anew)
    found = await compare(io, target, prefetched, newest, anew=anew)
    if newest.altered and isinstance(found, Suspicious):  # what is doubted is the whole page
        found = await compare(io, target, prefetched, await read_in_full(io, target, state, first), anew=anew)
    return found


async def compare(io: CheckIO, target: CheckTarget, prefetched: Prefetched, newest: Newest, *, anew: bool) -> Found:
    """believe -> diff -> match, with a second look where an absence may be none. Raises SourceError."""
    (state, stored), (differ, listed, whole, _), taken = prefetched, newest, newest.differ.taken
    pages = [*listed, *await page_back(io, target, differ, listed)]

    def conclude(snapshot: Accepted, pages: Sequence[Page]) -> Found:
        judged = judge(target, state, snapshot)
        found = sum_up_further(judged, target.source, state, stored, pages) if anew else judged
        for page in pages:  # the outcome may wait behind others to be written
            page.forget()
        return found

    def finish_page() -> tuple[Accepted, Sequence[Change], bool, Found | None]:
        snapshot = finish(target, state, differ, pages, listed=listed, taken=taken, whole=whole)
        several = len(pages) > 1 and not any(page.deltas_at for page in pages)  # a version does not shift
        shifting = several and Standing.REMOVED in snapshot.difference.stand.values()
        # The removals of watched entities are believed only after a second look.
        removed = find_removed(snapshot.difference) if target.watchlist else []
        missed = [change for change, mentions in find_mentions(target, removed) if mentions]
        again = whole and target.source.polled and (shifting or snapshot.difference.newest_gone or bool(missed))
        return snapshot, missed, again, None if again or taken > _FEW else conclude(snapshot, pages)

    snapshot, missed, again, found = await io.offload(finish_page)
    if again:
        if missed:  # in which a register that is being written gets whole, and its host is free for other checks
            await asyncio.sleep(target.pause.total_seconds())
        pages, snapshot = await read_again(io, target, state, pages)
        gone = {change.entry.key for change in find_removed(snapshot.difference)}
        if back := [change.entry.title for change in missed if change.entry.key not in gone]:
            shown = ", ".join(back[:5])  # entries that a line of the log names
            log.warning("%s: missing at the first look, there at the second, so not removed: %s", target.name, shown)
    return await io.offload(conclude, snapshot, pages) if found is None else found


def find_removed(difference: Difference) -> list[Change]:
    """The changes that are removals."""
    return [change for change in changes_of_known(difference.changes) if change.kind is ChangeKind.REMOVED]


async def page_back(io: CheckIO, target: CheckTarget, differ: Differ, pages: Sequence[Page]) -> list[Page]:
    """The earlier pages of a rolling list, until one shares an entry with the last snapshot, or the list ends."""
    earlier: list[Page] = []
    while differ.has_gap() and len(pages) + len(earlier) < target.max_pages:
        get = await io.offload(earlier_than, target.source, [*pages, *earlier][-1])
        if get is None:
            break
        page = await io.fetch(get)
        earlier.append(page)
        await io.offload(list, differ.take(target.source, page))  # the differ keeps the entries
    return earlier


async def read_again(
    io: CheckIO, target: CheckTarget, state: SourceState, before: list[Page]
) -> tuple[list[Page], Accepted]:
    """Read the source a second time; only what both snapshots lack is removed.

    Pages can shift while they are read, a cache may serve an older page, and a register may be half written. Where only
    the first look had an entry, the next check reads the pages anew, even if they are the same.
    """
    differ = target.differ(state, keys=True)
    pages, whole = await read(io, target.source, differ.take, max_pages=target.max_pages)

    def finish_both() -> Accepted:
        taken, seen, more = differ.taken, set(differ.keys), False
        for entry in entries_of(target.source, before, target.max_pages):
            if entry.key not in seen:
                differ.see(entry)
                more = True
        snapshot = finish(target, state, differ, pages, listed=pages, taken=taken, whole=whole)
        return replace(snapshot, pages=list(map(outdated, snapshot.pages))) if more else snapshot

    return pages, await io.offload(finish_both)


def finish(
    target: CheckTarget,
    state: SourceState,
    differ: Differ,
    pages: Sequence[Page],
    *,
    listed: Sequence[Page],
    taken: int,
    whole: bool,
) -> Accepted:
    """The snapshot after all its pages were read, as it is accepted if `judge` believes it.

    The pages that are `listed` have `taken` entries; others were added to them. `whole` is False if `max_pages` was
    reached.
    """
    part = unread(target.source, listed, taken, whole=whole)
    difference = differ.finish(whole=whole, part=part is not None, adds=any(page.adds for page in pages))
    source = target.source
    kept = [keep(source, page, essence(source, page), without_personal(source, page)) for page in pages]
    return Accepted(difference, kept, target.is_new(state), profile=differ.profile, part=part)


def read_stored(target: CheckTarget, state: SourceState, pages: Sequence[Page]) -> Accepted:
    """The snapshot that the source reads from pages fetched before. Raises SourceError."""
    differ, used = target.differ(state), list[Page]()
    for _ in entries_of(target.source, pages, target.max_pages, used, differ.take):
        pass  # the differ keeps the entries
    whole = len(used) < target.max_pages
    return finish(target, state, differ, pages, listed=used, taken=differ.taken, whole=whole)


def judge(target: CheckTarget, state: SourceState, snapshot: Accepted) -> Accepted | Suspicious:
    """match -> believe: whom the changes of a snapshot mention, and whether it is plausible. Raises SourceError."""
    accepted = match(target, state, snapshot)
    pages, mass, is_first = [stored.page for stored in accepted.pages], accepted.mass, accepted.baseline
    difference, profile = accepted.difference, accepted.profile
    reason = find_reason_to_doubt(target.source, state, pages, difference, profile, mass, baseline=is_first)
    if not (reason := reason or find_contradiction(target, state, accepted)):
        return accepted
    mass = mass if mass and reason is mass.suspicion else None
    news, id_ = [each for each in accepted.news.alone if each.mentions], snapshot_id(state, accepted.difference)
    return Suspicious(reason, accepted.pages, accepted.mentioning, id_, mass, news)


def find_contradiction(target: CheckTarget, state: SourceState, accepted: Accepted) -> Suspicion | None:
    """The reason not to believe that a watched entity was removed: the page says that there are more entries than were
    read, in the line that said before how many it had.
    """
    kinds = {told.change.kind for told in accepted.news.alone if told.mentions}
    if ChangeKind.REMOVED not in kinds or target.source.expect.total or target.source.listing != "complete":
        return None
    before, now = ([each.page for each in pages] for pages in (target.store.pages(target.name), accepted.pages))
    try:
        known = entries_of(target.source, before, target.max_pages)
        total = find_stated_total(of_the_list(before)[0], state.entries, of_the_list(now)[0], known)
    except (SourceError, IndexError):  # a page that cannot be read again says nothing
        return None
    count = accepted.difference.count
    return say_total(count, total) if total is not None and total > count else None


def match(target: CheckTarget, state: SourceState, snapshot: Accepted) -> Accepted:
    """A snapshot with the mentions in its changes. Raises SourceError."""
    difference, baseline, part = snapshot.difference, snapshot.baseline, snapshot.part
    mass = None if baseline else find_mass(target.source, state, difference, [stored.page for stored in snapshot.pages])
    news, mentioning = news_of(target, difference.changes, mass, baseline=baseline)
    if part:
        said = "; ".join(filter(None, (part.words, part.advice)))
        log.warning("%s: %s; nothing counts as removed", target.name, said)
    return replace(snapshot, news=news, mentioning=mentioning, mass=mass)


def find_mass(source: Source, state: SourceState, difference: Difference, pages: Sequence[Page]) -> MassChange | None:
    """The fields that changed in most of the known entries at once."""
    known, most, is_text = state.entries, source.max_changed, source.mentions_in == "added_lines"
    return find_mass_change(
        difference,
        state.habits,
        known=known,
        max_changed=most,
        is_text=is_text,
        find_frame=lambda: frame_of(pages[0]) if pages else PageFrame(),
    )


def find_reason_to_doubt(
    source: Source,
    state: SourceState,
    pages: Sequence[Page],
    difference: Difference,
    profile: Profile,
    mass: MassChange | None,
    *,
    baseline: bool,
) -> Suspicion | None:
    """The first rule that a snapshot breaks, or None: counts and losses, then the contract of the source, then an
    emptied field, then `mass` (from `find_mass`). A `baseline` is compared with nothing; without `pages`, what they
    state in words does not count.
    """
    size = find_doubt(
        difference,
        known=0 if baseline else state.entries,
        min_entries=source.min_entries,
        max_lost=source.max_lost,
        max_new=source.max_new,
        listing=source.listing,
    )
    total = total_of(source, of_the_list(pages)[0]) if pages and not size else None
    return (
        size
        or next(find_breaches(profile, source.expect, total), None)
        or (None if baseline else find_emptied_field(difference, state.habits.filled))
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
        snapshot = read_stored(target, state, [stored.page for stored in pages])
    except SourceError as error:
        log.warning("%s: its options or its reader changed, and the stored pages cannot be read anew: %s", name, error)
        return state

    difference = snapshot.difference

    def decide_reread(current: SourceState) -> Commit | None:
        if current.revision != state.revision:
            return None
        habits = replace(current.habits, filled=dict(snapshot.profile.filled))
        after = replace(current, entries=difference.count, digest=difference.digest, habits=habits, reread=None)
        return Commit(after, Acceptance(difference, pages, target.reading, state.place, at=at, silent=True))

    if store.commit(name, decide_reread) is not None:
        log.info("%s: re-read, as its options or its reader changed: %d entries", name, difference.count)
    return store.source(name)


def sum_up_further(
    found: Found, source: Source, state: SourceState, stored: Sequence[StoredPage], pages: Sequence[Page]
) -> Found:
    """The outcome of an edited source, without the entries that are new only because it reads further pages of its
    list: they are stored and summed up like a baseline.

    The `stored` pages do not include the further ones, so the new options cannot reread them without alerts, as for
    other edits.
    """
    asked = {each.page.get.identity for each in stored}
    wider = state.habits.part and not asked.issuperset(page.get.identity for page in pages)
    if not wider or not isinstance(found, Accepted) or found.baseline:
        return found
    known_pages = (page for page in pages if page.get.identity in asked)
    near = {item.key for page in known_pages for item in read_page(source, page) if isinstance(item, Entry)}
    news, kind = found.news, ChangeKind.ADDED
    further = {told.change.entry.key for told in news.alone if told.change.kind is kind} - near
    alone = [each for each in news.alone if each.change.entry.key not in further]
    count = sum(each.change.entry.key in further and each.change.kind is kind for each in news.alone)
    mentioning = [each for each in found.mentioning if each.entry.key in further]
    return replace(found, news=replace(news, alone=alone), further=count, mentioning=mentioning)


async def check_again(io: CheckIO, target: CheckTarget, checked: Checked) -> Checked:
    """Compare the pages of a check with the state that another process has stored since. Makes no requests."""
    try:
        return await io.offload(compare_again, target, checked)
    except SourceError as error:
        return checked._replace(found=Failed(without_frames(error)))


def compare_again(target: CheckTarget, checked: Checked) -> Checked:
    """Compare pages that were fetched already with the state that another process has stored since."""
    assert isinstance(checked.found, Accepted | Suspicious)  # noqa: S101 - only these outcomes can be stale
    state = target.store.source(target.name)
    snapshot = read_stored(target, state, [stored.page for stored in checked.found.pages])
    return checked._replace(base=state.revision, found=judge(target, state, snapshot))
