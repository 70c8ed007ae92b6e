"""Reads the newest version of a source: of a large page the records that altered, of a file the deltas since the one
that is stored, and all of it where neither is enough.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from sources import Get, Page, ReadError, Source, SourceError, TooManyRequests
from sources.formats.download import pieces_of
from sources.formats.unpack import Spool
from sources.http.exchange import Validators
from sources.model.page import DELTAS
from sources.options import largest_page, most_pages
from sources.reading.engine import read_page, request_since
from sources.reading.placement import can_be_cut
from state.compare.diff import Differ
from state.model import Prefetched, SourceState, StoredPage
from watcher.check.context import CheckTarget
from watcher.check.fetching import CheckIO, read

log = logging.getLogger(__name__)


class Newest(NamedTuple):
    """What was read: the differ that took the entries, the pages in the order of the requests, and whether these are
    all. `altered` says that the differ took only what altered in the page.
    """

    differ: Differ
    pages: list[Page]
    whole: bool
    altered: bool = False


async def read_newest(
    io: CheckIO, target: CheckTarget, prefetched: Prefetched, first: Page | None, *, by_deltas: bool
) -> Newest:
    """fetch -> read, in the shortest way. `first` is used in place of the first page. Raises SourceError."""
    state, stored = prefetched
    if first and can_be_cut(target.source, first):
        differ = await io.offload(read_altered, target, state, stored, first)
        if differ:
            return Newest(differ, [first], whole=True, altered=True)
    newest = await _read_deltas(io, target, state, stored, first) if by_deltas else None
    return newest or await read_in_full(io, target, state, first)


def read_altered(target: CheckTarget, state: SourceState, stored: Sequence[StoredPage], page: Page) -> Differ | None:
    """A differ that took of a page what was not in the one that is stored; None where that is not enough."""
    from sources.reading.records import find_altered  # small pages need none of it

    if target.is_new(state) or target.is_edited(state) or len(stored) != 1 or state.habits.part:
        return None
    [before] = target.store.pages(target.name)
    if before.kept is not None or before.body_hash != stored[0].body_hash:  # another process has stored a later one
        return None
    altered, differ = find_altered(target.source, before.page, page, state.entries), target.differ(state)
    return differ if altered is not None and differ.take_altered(altered, state.habits.filled) else None


async def read_in_full(io: CheckIO, target: CheckTarget, state: SourceState, first: Page | None) -> Newest:
    """fetch -> read, all of it. Raises SourceError."""
    differ = target.differ(state)
    return Newest(differ, *await read(io, target.source, differ.take, max_pages=target.max_pages, first=first))


async def _read_deltas(
    io: CheckIO, target: CheckTarget, state: SourceState, stored: Sequence[StoredPage], first: Page | None
) -> Newest | None:
    """As `read_in_full`, but by deltas where the publisher has them; None where these do not fit."""
    source, differ = target.source, target.differ(state)
    updating = DeltaIO(io, source, stored, lambda: target.store.pages(target.name))

    def take(source: Source, page: Page) -> Iterator[Get]:
        if page.deltas_at and updating.start:
            from sources.reading.records import find_altered_by_deltas

            altered = find_altered_by_deltas(source, page, updating.start, state.entries)
            if altered and differ.take_altered(altered, state.habits.filled):
                return iter(())
        return differ.take(source, page)

    try:
        return Newest(differ, *await read(updating, source, take, max_pages=target.max_pages, first=first))
    except ReadError as error:
        if updating.start is None:
            raise
        log.warning("%s: the deltas do not fit, so it is read in full: %s", target.name, error)
    return None


class DeltaIO:
    """The same interface, but a file of which the state has an older version is fetched as the deltas since then, where
    its publisher has them. `start` is the byte of the page where these begin, None if it was not: what they give is not
    yet known to be right. `load` gives the stored pages with their bodies.
    """

    def __init__(
        self, io: CheckIO, source: Source, stored: Sequence[StoredPage], load: Callable[[], Sequence[StoredPage]]
    ) -> None:
        self._io, self._source, self._stored, self._load, self.offload = io, source, stored, load, io.offload
        self.start: int | None = None

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page, brought up to date or else fetched in full. Raises FetchError."""
        for old in self._stored:
            way = request_since(self._source, old.page.get, get) if old.kept is None else None
            if way:
                try:
                    return await self._bring_up(old, get, way)
                except SourceError as error:
                    log.info("%s: no way by its deltas, so it is read in full: %s", get.url, error)
                    break
        return await self._io.fetch(get, validators)

    async def _bring_up(self, old: StoredPage, get: Get, way: Get) -> Page:
        deltas = [await self._io.fetch(way)]
        if way.reader == "deltas":
            gets = await self.offload(list, read_page(self._source, deltas.pop()))
            if len(gets) > most_pages(self._source):
                raise TooManyRequests(f"{way.url} names {len(gets)} deltas")
            deltas = [await self._io.fetch(each) for each in gets if isinstance(each, Get)]
        bodies = await self.offload(self._load)
        known = next(each.page for each in bodies if each.body_hash == old.body_hash)
        self.start = len(known.content) + 1
        return await self.offload(join_deltas, known, get, deltas, largest_page(self._source))


def join_deltas(known: Page, get: Get, deltas: Sequence[Page], limit: int) -> Page:
    """A known version of a file as the answer to the request for a newer one: as it came, and behind it the deltas in
    between as they came, each after a line break. Raises TooLarge beyond `limit` bytes.
    """
    parts = [known, *deltas]
    with Spool(limit, get.url) as spool:
        for part in parts:
            if part is not known:
                spool.write(b"\n")
            for piece in pieces_of(part.content):
                spool.write(piece)
        content = spool.content()
    headers = {name: text for name, text in known.headers.items() if name.lower() not in ("etag", "last-modified")}
    starts = [*known.deltas_at, *accumulate(len(part.content) + 1 for part in parts[:-1])]
    headers[DELTAS] = " ".join(map(str, starts))
    came = max(part.fetched for part in parts)
    return Page(get, known.url, known.status, headers, content, came, known.encoding, deltas=deltas)
