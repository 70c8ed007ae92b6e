"""Whether the next check would find what a source reads now suspicious: for `watch try`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from alerts.matching.lazy_watchlist import LazyWatchlist
from sources import Entry, Page, Source, SourceError
from sources.model.coverage import ListCoverage
from sources.reading.fingerprints import cut, entry_fingerprint
from state.compare.diff import Differ
from state.compare.plausibility import Suspicion
from state.model import NOTHING, Difference, Known, SourceState, Standing, StoredEntry
from state.store import Store
from watcher.check.context import CheckTarget, differ
from watcher.check.fetching import entries_of
from watcher.check.pipeline import find_mass, find_reason_to_doubt
from watcher.config.load import Config
from watcher.config.open_state import open_known_state


def would_hold(
    config: Config, name: str, pages: Sequence[Page], entries: Iterable[Entry], part: ListCoverage | None
) -> Suspicion | None:
    """The reason why the next check would find this snapshot suspicious, or None. Raises SourceError and StateError.

    It is compared with what is stored. If the source's options were edited since, it is compared with what they read
    from the stored pages, as a check does.
    """
    source = config.sources[name]
    with open_known_state(config) as store:
        state, known = _known(config, name, store)
        seeing = differ(source, known or NOTHING, state.digest if known else b"")
        difference = _see_all(seeing, entries, part)
        mass = find_mass(source, state, difference) if known else None
        return find_reason_to_doubt(source, state, pages, difference, seeing.profile, mass, baseline=known is None)


def _known(config: Config, name: str, store: Store | None) -> tuple[SourceState, Known | None]:
    """What the next check would compare with; None if it would be the first."""
    if store is None:
        return SourceState(name), None
    source, hide = config.sources[name], config.secrets.hide
    target = CheckTarget(name, source, store, LazyWatchlist(config.entities), hide)
    state = store.source(name)
    if target.is_new(state):
        return state, None
    if target.is_edited(state):
        with suppress(SourceError):  # a check keeps the stored entries then, too
            return _read_anew(target, state)
    return state, store.known(name)


def _read_anew(target: CheckTarget, state: SourceState) -> tuple[SourceState, Known]:
    """What the present options read from the stored pages. Raises SourceError."""
    pages = [stored.page for stored in target.store.pages(target.name)]
    entries = list(entries_of(target.source, pages, target.max_pages))
    seeing = differ(target.source, NOTHING, b"")
    difference = _see_all(seeing, entries, None)
    habits = replace(state.habits, filled=dict(seeing.profile.filled))
    now = replace(state, entries=difference.count, digest=difference.digest, habits=habits)
    return now, _in_memory(target.source, entries)


def _see_all(seeing: Differ, entries: Iterable[Entry], part: ListCoverage | None) -> Difference:
    for entry in entries:
        seeing.see(entry)
    return seeing.finish(whole=part is None, part=part is not None)


def _in_memory(source: Source, entries: Sequence[Entry]) -> Known:
    """Entries as the known ones, without a database."""
    distinct = {entry_fingerprint(entry, source.uncompared): entry for entry in entries}
    marks, stored = b"".join(distinct), list(distinct.values())

    def rows(*_: object) -> list[tuple[bytes, StoredEntry]]:
        keyed = zip(cut(marks), stored, strict=True)
        return [(mark, StoredEntry(at, entry.key, Standing.PRESENT)) for at, (mark, entry) in enumerate(keyed)]

    def contents(ids: Collection[int]) -> Mapping[int, Entry]:
        return {at: stored[at] for at in ids}

    order = [entry.key for entry in entries] if source.listing == "window" else []
    return Known(marks, rows, order, contents)
