"""Reading one source for a look, without a state: `watch try`."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sources import Entry, FetchError, Get, Page, Source
from sources.http.fetcher import Fetcher
from sources.http.session import Validators
from sources.options import most_pages
from sources.reading.completeness import unread
from sources.reading.engine import PageReader, read_here, read_page
from sources.reading.fingerprints import entry_fingerprint
from sources.reading.remainder import Part
from watcher.check.check_io import Session
from watcher.check.fetching import Pages, read
from watcher.config.load import load
from watcher.errors import UsageError
from watcher.terminal.console import count, print_json, say
from watcher.tools.saved_pages import saved_page

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source read: its entries in their order, on how many pages, and how much of its list that is, where it is
    not all.
    """

    source: Source
    entries: Sequence[Entry]
    pages: int
    part: Part | None


def read_without_limits(source: Source, page: Page) -> Iterator[Entry | Get]:
    """What the kind makes of a page, in this process, however long it takes: where a debugger can follow it."""
    return read_here(source, page, math.inf)


def entries_now(path: Path | None, name: str, file: Path | None, by: PageReader = read_page) -> Trial:
    """Read the source `name` from its site, or from a saved page. Raises ConfigError, UsageError and SourceError."""
    config = load(path)
    source = config.sources.get(name)
    if source is None:
        raise UsageError(
            f'there is no source "{name}" in {config.path}; there are: {", ".join(config.sources) or "none"}'
        )
    if file:
        return from_file(source, file, by)
    entries: list[Entry] = []

    def take(source: Source, page: Page) -> Iterator[Get]:
        for item in by(source, page):
            if isinstance(item, Get):
                yield item
            else:
                entries.append(item)

    async def fetched() -> Pages:
        async with aclosing(Fetcher(config.http, clock=lambda: datetime.now(UTC))) as fetcher:
            return await read(Alone(fetcher.session(source)), source, take, max_pages=most_pages(source))

    pages, whole = asyncio.run(fetched())
    return Trial(source, entries, len(pages), unread(source, pages, len(entries), whole=whole))


def from_file(source: Source, file: Path, by: PageReader = read_page) -> Trial:
    """Read a saved page as the last answer of the source's site. Raises UsageError and SourceError."""
    try:
        page = saved_page(source, source.start(), file, datetime.now(UTC))
    except FetchError as error:
        raise UsageError(error.message) from None
    items = list(by(source, page))
    entries = [item for item in items if isinstance(item, Entry)]
    follows = len(entries) < len(items)
    part = Part(1, len(entries), None, None, "") if follows else unread(source, [page], len(entries), whole=True)
    return Trial(source, entries, 1, part)


class Alone:
    """The CheckIO of a reading that has nobody to make way for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers, after the seconds that the request asks for. Raises FetchError."""
        await asyncio.sleep(get.after)
        return await self._session.fetch(get, validators)

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """The result of `work`, done at once."""
        return work(*args, **options)


def sharing_a_key(entries: Sequence[Entry]) -> int:
    """How many different entries have their key in common with another: they can be added and removed, but never
    `changed`.
    """
    by_key: dict[str, set[bytes]] = defaultdict(set)
    for entry in entries:
        by_key[entry.key].add(entry_fingerprint(entry, ()))
    return sum(len(marks) for marks in by_key.values() if len(marks) > 1)


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry as `watch try --json` shows it."""
    return {
        "key": entry.key,
        "title": entry.title,
        "fields": dict(entry.fields),
        "url": entry.url,
        "published": entry.published.isoformat() if entry.published else None,
        "text": entry.text,
    }


def print_entries(trial: Trial, *, as_json: bool) -> None:
    """Print what was read: each entry with its fields, then a line that sums up."""
    if as_json:
        part = trial.part.words if trial.part else None
        print_json({"entries": [entry_json(entry) for entry in trial.entries], "part": part})
        return
    for entry in trial.entries:
        say(entry.title if entry.title == entry.key else f"{entry.title}  [key {entry.key}]", hang=4)
        facts = {
            "published": entry.published.isoformat(" ", "minutes") if entry.published else "",
            "link": entry.url or "",
        }
        for name, value in [*facts.items(), *entry.fields.items()]:
            if value:
                say(f"{name}: {value}", indent=4, hang=4)
        if entry.text and entry.text != entry.title:
            say(entry.text, indent=4)
    pages = count(trial.pages, "page")
    say(f"{count(len(trial.entries), 'entry', 'entries')} on {pages}")
    if trial.part:
        advice = f"; {trial.part.advice}" if trial.part.advice else ""
        say(f"{trial.part.words}: nothing would count as removed{advice}", hang=4)
    if shared := sharing_a_key(trial.entries):
        say(f"{shared} entries share their key; with one that tells them apart, their edits would be seen as changes")
