"""Reads one source without a check or a commit: `watch try`."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

from sources import Entry, FetchError, Get, Page, Source
from sources.browser.fetcher import PageFetcher
from sources.http.request import Validators
from sources.model.coverage import ListCoverage
from sources.options import most_pages
from sources.reading.completeness import unread
from sources.reading.engine import PageReader, read_here, read_page
from sources.reading.fingerprints import entry_fingerprint
from sources.reading.known_filter import KnownFilter
from state.compare.plausibility import Suspicion
from state.errors import StateError
from watcher.check.fetching import Pages, Session, fill_dates, read
from watcher.config.arguments import find_source
from watcher.config.load import Config, load
from watcher.errors import UsageError
from watcher.reports.past import report_entry
from watcher.reports.past_text import print_entry
from watcher.terminal.console import complain, print_json, say
from watcher.terminal.words import count
from watcher.trials.saved_pages import saved_page
from watcher.trials.would_hold import would_hold

P = ParamSpec("P")
R = TypeVar("R")


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


def read_without_limits(source: Source, page: Page) -> Iterator[Entry | Get]:
    """The items that the kind reads from a page, in this process and without a time limit, so that a debugger can be
    used.
    """
    return read_here(source, page, math.inf)


def entries_now(path: Path | None, name: str, file: Path | None, by: PageReader = read_page) -> Trial:
    """Read the source `name` from its site, or from a saved page. Raises ConfigError, UsageError and SourceError."""
    config = load(path)
    source = find_source(config, name)
    trial = from_file(source, file, by) if file else _from_site(config, source, by)
    try:
        suspicion = would_hold(config, name, trial.pages, trial.entries, trial.part)
    except StateError as error:
        complain(f"warning: {name} cannot be compared with what is stored of it: {error}")
        return trial
    return replace(trial, suspicion=suspicion)


def _from_site(config: Config, source: Source, by: PageReader) -> Trial:
    entries: list[Entry] = []
    seen = KnownFilter(ignore=source.uncompared)

    def take(source: Source, page: Page) -> Iterator[Get]:
        with seen.page():
            for item in by(source, page):
                if isinstance(item, Get):
                    yield item
                else:
                    entries.append(item)
                    seen.see(item)

    async def fetched() -> Pages:
        async with aclosing(PageFetcher(config.http, config.browser, clock=lambda: datetime.now(UTC))) as fetcher:
            io = fill_dates(Alone(fetcher.session(source)), source, datetime.now(UTC), None)
            return await read(io, source, take, max_pages=most_pages(source))

    pages, whole = asyncio.run(fetched())
    return Trial(source, entries, pages, unread(source, pages, seen.taken - seen.repeated, whole=whole))


def from_file(source: Source, file: Path, by: PageReader = read_page) -> Trial:
    """Read a saved page as the last response of the source's site. Raises UsageError and SourceError."""
    try:
        page = saved_page(source, source.requested(), file, datetime.now(UTC))
    except FetchError as error:
        raise UsageError(error.message) from None
    items = list(by(source, page))
    entries = [item for item in items if isinstance(item, Entry)]
    follows = len(entries) < len(items)
    part = (
        ListCoverage(1, len(entries), None, None, "") if follows else unread(source, [page], len(entries), whole=True)
    )
    return Trial(source, entries, [page], part)


class Alone:
    """The CheckIO of a single reading, with no other checks beside it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The response to a request, after the delay that it asks for (`after`, seconds). Raises FetchError."""
        await asyncio.sleep(get.after)
        return await self._session.fetch(get, validators)

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """Call `work` at once and return its result."""
        return work(*args, **options)


def sharing_a_key(entries: Sequence[Entry], uncompared: Collection[str] = ()) -> int:
    """How many different entries share their key with another. They can be added and removed, but never `changed`.

    Entries that differ only in `uncompared` fields count as one.
    """
    by_key: dict[str, set[bytes]] = defaultdict(set)
    for entry in entries:
        by_key[entry.key].add(entry_fingerprint(entry, uncompared))
    return sum(len(marks) for marks in by_key.values() if len(marks) > 1)


def print_entries(trial: Trial, *, as_json: bool, limit: int | None = None) -> None:
    """Print what was read: each entry with its fields, at most `limit` of them, then a summary line."""
    shown = trial.entries[:limit]
    if as_json:
        part = trial.part.words if trial.part else None
        held = trial.suspicion and {"reason": trial.suspicion.code, "message": trial.suspicion.message}
        print_json({"entries": [report_entry(entry).dump() for entry in shown], "part": part, "held": held})
        return
    for entry in shown:
        print_entry(entry)
    pages = count(len(trial.pages), "page")
    first = "" if len(shown) == len(trial.entries) else f", of which these are the first {len(shown)}"
    say(f"{count(len(trial.entries), 'entry', 'entries')} on {pages}{first}")
    if trial.part:
        advice = f"; {trial.part.advice}" if trial.part.advice else ""
        say(f"{trial.part.words}: nothing would count as removed{advice}", hang=4)
    if shared := sharing_a_key(trial.entries, trial.source.uncompared):
        say(f"{shared} entries share their key; with one that tells them apart, their edits would be seen as changes")
    if trial.suspicion:
        say(f"a check would hold this as suspicious: {trial.suspicion.code}: {trial.suspicion.message}", hang=4)
