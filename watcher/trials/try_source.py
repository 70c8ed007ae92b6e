"""Reads one source without a check or a commit, and says whether the next check would find that suspicious."""

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alerts.matching.watchlist import Watchlist
from sources import Entry, FetchError, Get, Page, Source, SourceError
from sources.browser.fetcher import PageFetcher
from sources.errors import TimedOut
from sources.http.course import following
from sources.model.page import ListCoverage
from sources.options import most_pages
from sources.pagination.detail import Detailed
from sources.reading.completeness import unread
from sources.reading.engine import PageReader, read_page
from sources.reading.entry_fingerprints import Digest, entry_fingerprint
from sources.reading.known_filter import KnownFilter
from state.compare.diff import Differ
from state.compare.plausibility import Suspicion
from state.errors import StateError
from state.model import NOTHING, Difference, Habits, Known, SourceState, Standing, StoredEntry
from state.store import Store
from watcher.check.context import CheckTarget, differ
from watcher.check.details import detail_request, merge_fields, read_fields
from watcher.check.fetching import Alone, CheckIO, entries_of, fill_dates, read
from watcher.check.pipeline import find_mass, find_reason_to_doubt
from watcher.config.arguments import find_source
from watcher.config.load import Config, load
from watcher.config.open_state import open_known_state
from watcher.errors import UsageError
from watcher.reports.past import EntryReport, print_entry
from watcher.terminal.console import complain, print_json, say
from watcher.terminal.words import count
from watcher.trials.saved_pages import read_saved_page

DETAILS = 3  # entries whose own pages are read


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source read: its entries in order, the pages, how much of its list they are (None: all), and why the next
    check would find the snapshot suspicious, if it would.
    """

    source: Source
    entries: Sequence[Entry]
    pages: Sequence[Page]
    part: ListCoverage | None
    suspicion: Suspicion | None = None
    details: Sequence[Entry] = ()  # the first entries with the fields of their own pages
    untold: str = ""  # why the own page of one of them could not be read

    @property
    def shown(self) -> Sequence[Entry]:
        """The entries, the first with the fields of their own pages."""
        return [*self.details, *self.entries[len(self.details) :]]

    def dump(self, limit: int | None = None) -> dict[str, Any]:
        """It as `watch try --json` shows it, with at most `limit` entries."""
        held = self.suspicion and {"reason": self.suspicion.code, "message": self.suspicion.message}
        entries = [EntryReport.of(entry).dump() for entry in self.shown[:limit]]
        return {"entries": entries, "part": self.part.words if self.part else None, "held": held}


def entries_now(path: Path | None, name: str, file: Path | None, by: PageReader = read_page) -> Trial:
    """Read the source `name` from its site, or from a saved page. Raises ConfigError, UsageError and SourceError."""
    config = load(path)
    source = find_source(config, name)
    with following(name):
        trial = from_file(source, file, by, [], []) if file else read_site(config, source, by, [], [])
    try:
        return replace(trial, suspicion=would_hold(config, name, trial.pages, trial.entries, trial.part))
    except StateError as error:
        complain(f"warning: {name} cannot be compared with what is stored of it: {error}")
        return trial


def read_site(
    config: Config, source: Source, by: PageReader, pages: list[Page], entries: list[Entry], seconds: float = math.inf
) -> Trial:
    """Read a source from its site, with transcripts, for so many `seconds` at most. Pages and entries are added to
    the lists as they come, also if it then raises SourceError. Raises UsageError for what programs push.
    """
    if not source.polled:
        raise UsageError("programs push its entries: there is no site to read, only a saved push")
    seen = KnownFilter(ignore=source.uncompared)

    def take(source: Source, page: Page) -> Iterator[Get]:
        pages.append(page)
        with seen.page():
            for item in by(source, page):
                if isinstance(item, Get):
                    yield item
                else:
                    entries.append(item)
                    seen.see(item)

    async def fetch_all() -> Trial:
        fetcher = PageFetcher(config.http, config.browser, clock=lambda: datetime.now(UTC), proving=True)
        async with aclosing(fetcher), asyncio.timeout(None if math.isinf(seconds) else seconds):
            io = fill_dates(Alone(fetcher.session(source)), source, datetime.now(UTC), None)
            _, whole = await read(io, source, take, max_pages=most_pages(source))
            details, untold = await _read_details(io, source, entries)
        part = unread(source, pages, seen.taken - seen.repeated, whole=whole)
        return Trial(source, entries, pages, part, details=details, untold=untold)

    try:
        return asyncio.run(fetch_all())
    except TimeoutError:
        raise TimedOut(f"reading it took more than {seconds:g} s") from None


async def _read_details(io: CheckIO, source: Source, entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    """The first entries with the fields of their own pages, and why one of these could not be read."""
    found, untold = list[Entry](), ""
    if not isinstance(source, Detailed) or not source.detail:
        return found, untold
    for entry in entries[:DETAILS]:
        fields = dict[str, str]()
        try:
            if request := detail_request(source, entry):
                fields = read_fields(source, source.detail, await io.fetch(request))
            else:
                untold = f"{entry.title}: the entry has no page of its own (option detail)"
        except SourceError as error:
            untold = f"{entry.title}: {error.code}: {error.message}"
        found.append(merge_fields(entry, fields) or entry)
    return found, untold


def from_file(source: Source, file: Path, by: PageReader, pages: list[Page], entries: list[Entry]) -> Trial:
    """Read a saved page as the last response of the source's site; page and entries are added as by `read_site`.

    Raises UsageError and SourceError.
    """
    try:
        pages.append(page := read_saved_page(source, source.requested(), file, datetime.now(UTC)))
    except FetchError as error:
        raise UsageError(error.message) from None
    items = list(by(source, page))
    entries += [item for item in items if isinstance(item, Entry)]
    whole = len(entries) == len(items)  # else a further page would be asked for
    part = unread(source, pages, len(entries), whole=True) if whole else ListCoverage(1, len(entries), None, None, "")
    return Trial(source, entries, pages, part)


def would_hold(
    config: Config, name: str, pages: Sequence[Page], entries: Iterable[Entry], part: ListCoverage | None
) -> Suspicion | None:
    """The reason why the next check would find this snapshot suspicious, or None. Raises SourceError and StateError.

    It is compared with what is stored. If the source's options were edited since, it is compared with what they read
    from the stored pages, as a check does.
    """
    source = config.sources[name]
    with open_known_state(config) as store:
        state, known = _find_known(config, name, store)
        seeing = differ(source, known or NOTHING, state.digest if known else b"")
        difference = _see_all(seeing, entries, part)
        mass = find_mass(source, state, difference, pages) if known else None
        return find_reason_to_doubt(source, state, pages, difference, seeing.profile, mass, baseline=known is None)


def _find_known(config: Config, name: str, store: Store | None) -> tuple[SourceState, Known | None]:
    """What the next check would compare with; None if it would be the first."""
    if store is None:
        return SourceState(name), None
    source, hide = config.sources[name], config.secrets.hide
    target = CheckTarget(name, source, store, Watchlist(config.entities), hide)
    state = store.source(name)
    if target.is_new(state):
        return state, None
    if not target.is_edited(state):
        return state, store.known(name)
    try:  # what the present options read from the stored pages
        pages = [stored.page for stored in store.pages(name)]
        entries = list(entries_of(source, pages, target.max_pages))
        seeing = differ(source, NOTHING, b"")
        difference = _see_all(seeing, entries, None)
    except SourceError:  # a check keeps the stored entries then, too
        return state, store.known(name)
    habits = replace(state.habits, filled=dict(seeing.profile.filled))
    now = replace(state, entries=difference.count, digest=difference.digest, habits=habits)
    return now, _make_known(source, entries)


def _see_all(seeing: Differ, entries: Iterable[Entry], part: ListCoverage | None) -> Difference:
    for entry in entries:
        seeing.see(entry)
    return seeing.finish(whole=part is None, part=part is not None)


def _make_known(source: Source, entries: Sequence[Entry]) -> Known:
    """Entries as the known ones, without a database."""
    distinct = {entry_fingerprint(entry, source.uncompared): entry for entry in entries}
    numbers, stored = {mark: at for at, mark in enumerate(distinct)}, list(distinct.values())
    register = Register(numbers, {mark: entry.key for mark, entry in distinct.items()})
    return register.known(lambda ids: {at: stored[at] for at in ids}, is_window=source.listing == "window")


@dataclass(frozen=True, slots=True)
class Register:
    """What a reading of a source has, in its order: the number and the key of each entry, by its fingerprint."""

    numbers: Mapping[bytes, int]
    keys: Mapping[bytes, str]

    def known(self, contents: Callable[[Collection[int]], Mapping[int, Entry]], *, is_window: bool) -> Known:
        """It as what another reading is compared with."""

        def rows(marks: Iterable[bytes] | None = None, keys: Iterable[str] = ()) -> Iterator[tuple[bytes, StoredEntry]]:
            some, named = set(marks or ()), set(keys)
            for mark, number in self.numbers.items():
                if marks is None or mark in some or self.keys[mark] in named:
                    yield mark, StoredEntry(number, self.keys[mark], Standing.PRESENT)

        return Known(lambda: b"".join(self.numbers), rows, list(self.keys.values()) if is_window else [], contents)

    def state(self, name: str, habits: Habits) -> SourceState:
        """The state of a source that has it."""
        digest = Digest()
        digest.add_all(self.numbers.keys())
        return SourceState(name, entries=digest.count, digest=digest.value(), habits=habits)


def count_sharing_a_key(entries: Sequence[Entry], uncompared: Collection[str] = ()) -> int:
    """How many different entries share their key with another. They can be added and removed, but never `changed`.

    Entries that differ only in `uncompared` fields count as one.
    """
    by_key: dict[str, set[bytes]] = defaultdict(set)
    for entry in entries:
        by_key[entry.key].add(entry_fingerprint(entry, uncompared))
    return sum(len(marks) for marks in by_key.values() if len(marks) > 1)


def print_entries(trial: Trial, *, as_json: bool, limit: int | None = None) -> None:
    """Print what was read: each entry with its fields, at most `limit` of them, then a summary line."""
    if as_json:
        print_json(trial.dump(limit))
        return
    shown = trial.shown[:limit]
    for entry in shown:
        print_entry(entry)
    pages = count(len(trial.pages), "page")
    first = "" if len(shown) == len(trial.entries) else f", of which these are the first {len(shown)}"
    say(f"{count(len(trial.entries), 'entry', 'entries')} on {pages}{first}")
    if trial.details:
        what = f"the first {len(trial.details)} are shown with the fields of their own pages (detail)"
        say(f"{what}; {trial.untold}" if trial.untold else what, hang=4)
    if trial.part:
        advice = f"; {trial.part.advice}" if trial.part.advice else ""
        say(f"{trial.part.words}: nothing would count as removed{advice}", hang=4)
    if shared := count_sharing_a_key(trial.entries, trial.source.uncompared):
        say(f"{shared} entries share their key; with one that tells them apart, their edits would be seen as changes")
    if trial.suspicion:
        say(f"a check would hold this as suspicious: {trial.suspicion.code}: {trial.suspicion.message}", hang=4)
