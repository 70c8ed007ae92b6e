"""From pages to a finding: believe, diff and match; and the occasions to read pages more than once."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from dataclasses import replace

from alerts.watchlist import Watchlist
from sources import Entry, Page, SourceError
from state.belief import doubt
from state.mark import reading_mark
from state.model import Acceptance, Change, Commit, Difference, Mention, SourceState
from watcher.dispatch import Ask
from watcher.found import Accepted, Checked, Doubted, Mentioning
from watcher.snapshot import entries_of, keep, read
from watcher.watched import Watched

log = logging.getLogger(__name__)


def read_again(
    watched: Watched, state: SourceState, before: list[Page]
) -> Generator[Ask, Page, tuple[list[Page], Difference]]:
    """Pages shift while they are read: an entry of a source of several pages is gone only if two readings miss it."""
    differ, seen = watched.differ(state), set()

    def see(entry: Entry) -> None:
        seen.add(entry.key)
        differ.see(entry)

    pages, whole = yield from read(watched.source, see, max_pages=watched.max_pages)
    for entry in entries_of(watched.source, before, watched.max_pages):
        if entry.key not in seen:
            differ.see(entry)
    return pages, differ.finish(whole=whole)


def judge(watched: Watched, state: SourceState, pages: Sequence[Page], difference: Difference) -> Accepted | Doubted:
    """believe -> match: is the snapshot believable, and whom do its changes mention."""
    baseline, source = watched.is_new(state), watched.source
    kept = [keep(page) for page in pages]
    mentions = [mentions_of(watched.watchlist, change) for change in difference.changes]
    mentioning = [
        Mentioning(change.entry, found) for change, found in zip(difference.changes, mentions, strict=True) if found
    ]
    reason = doubt(
        difference,
        known=0 if baseline else state.entries,
        min_entries=source.min_entries,
        max_lost=source.max_lost,
        listing=source.listing,
    )
    if reason:
        return Doubted(reason, kept, mentioning)
    return Accepted(difference, kept, baseline, mentions, mentioning)


def mentions_of(watchlist: Watchlist, change: Change) -> list[Mention]:
    """Whom a change is about: looked for in the whole entry as it is, then as it was, for a name that was taken out
    is news too.
    """
    found = [mention for entry in (change.after, change.before) if entry for mention in watchlist.mentions(entry)]
    return list({(mention.entity, mention.field, mention.name): mention for mention in reversed(found)}.values())[::-1]


def reread_if_edited(watched: Watched) -> SourceState:
    """Read the stored pages anew when the source's options, or its kind's reader, are not those they were read with.

    So better reading is never news: it changes what is known, silently, before the fresh page is compared with it.
    Pages that the new reader cannot read leave the known state as it is, and the fresh page is read in full all the
    same.
    """
    name, source, store = watched.name, watched.source, watched.store
    state = store.source(name)
    if watched.is_new(state) or not watched.is_edited(state):
        return state
    pages = store.pages(name)
    differ = watched.differ(state)
    try:
        for entry in entries_of(source, [stored.page for stored in pages], watched.max_pages):
            differ.see(entry)
        difference = differ.finish()
    except SourceError as error:
        log.warning("%s: its options changed, and the stored pages cannot be read with them: %s", name, error)
        return state

    def decide_reread(current: SourceState) -> Commit | None:
        if current.revision != state.revision:
            return None
        after = replace(current, entries=difference.count, digest=difference.digest, reread=None)
        return Commit(after, Acceptance(difference, pages, reading_mark(source), state.place))

    if store.commit(name, decide_reread) is not None:
        log.info("%s: re-read with its new options: %d entries", name, difference.count)
    return store.source(name)


def compare_again(watched: Watched, checked: Checked) -> Checked:
    """The finding of pages that were fetched already, against the state as another process has left it since."""
    assert isinstance(checked.found, Accepted | Doubted)  # noqa: S101 - what `decide` calls stale
    state = watched.store.source(watched.name)
    pages = [stored.page for stored in checked.found.pages]
    differ = watched.differ(state)
    for entry in entries_of(watched.source, pages, watched.max_pages):
        differ.see(entry)
    difference = differ.finish(whole=len(pages) < watched.max_pages)
    return replace(checked, base=state.revision, found=judge(watched, state, pages, difference))
