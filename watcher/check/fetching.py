"""Gets the pages of a source: the interface through which a check fetches and offloads, dates in requests, revalidation
of the stored pages, and reading in full.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Generic, NamedTuple, ParamSpec, Protocol, TypeVar
from urllib.parse import quote

from sources import Entry, Get, NotFound, Page, Source
from sources.http.exchange import Validators
from sources.placeholders import fill, fill_text
from sources.reading.engine import PageReader, essence, read_page, steps
from state.compare.reader_fingerprints import body_fingerprint
from state.model import StoredPage

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_OVERLAP = timedelta(days=1)  # a register dates by its own clock, and may enter things late in the day
_FIRST = timedelta(days=30)
_quoted = partial(quote, safe="")

Taker = Callable[[Source, Page], Iterator[Get]]
_SMALL = 262_144  # bytes of a body: the comparison takes less than a millisecond


class CheckSession(Protocol):
    """Answers the requests of one check: `sources.http.session.Session`, or stored pages."""

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The response to a request; of a CheckIO, when its host allows it. Raises FetchError."""
        ...


class CheckIO(CheckSession, Protocol):
    """What a check may await. All other work of it runs at once, in the event loop's thread."""

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """Run long work in a worker thread and return its result. Raises ReaderTooSlow, and what `work` raises."""
        ...


class Alone:
    """The CheckIO of a single reading, with no other checks beside it."""

    def __init__(self, session: CheckSession) -> None:
        self._session = session

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The response to a request, after the delay that it asks for (`after`, seconds). Raises FetchError."""
        await asyncio.sleep(get.after)
        return await self._session.fetch(get, validators)

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """Call `work` at once and return its result."""
        return work(*args, **options)


class SessionMaker(Protocol):
    """Makes the HTTP session of each check. Cookies stay within one check."""

    def session(self, source: Source) -> CheckSession:
        """A new session for one check of a source."""
        ...


class Begun(NamedTuple, Generic[T]):
    """A check to run, and the session that answers its requests. `extra` are the seconds by which a job of it may take
    longer than one of a small page.
    """

    name: str
    check: Callable[[CheckIO], Awaitable[T]]
    session: CheckSession
    extra: float = 0.0


def fill_dates(io: CheckIO, source: Source, now: datetime, last: datetime | None) -> CheckIO:
    """The same interface, but {today} and {since} are filled, if the source has any.

    {since} is the day before the `last` check that could read the source; before the first one, 30 days ago.
    """
    if not source.dated:
        return io
    since = last - _OVERLAP if last else now - _FIRST
    return _DatedIO(io, {"today": now.date(), "since": since.date()})


class _DatedIO:
    def __init__(self, io: CheckIO, dates: Mapping[str, date]) -> None:
        self._io, self._dates, self.offload = io, dates, io.offload

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page has the request as it was asked for: with a date in it, it would not be found again tomorrow."""
        form = get.form and {name: fill_text(text, self._dates) for name, text in get.form.items()}
        url, body = fill_text(get.url, self._dates, _quoted), fill(get.json, self._dates)
        dated = replace(get, url=url, form=form, json=body, carry={**get.carry, "dates": self._dates})
        return replace(await self._io.fetch(dated, validators), get=get)


def keep(source: Source, page: Page, essence: str = "", kept: bytes | None = None) -> StoredPage:
    """A page with the fingerprints and validators that are stored with it, and the body that is stored in its place.

    What is left out is part of the fingerprint, so that a page that was stored with more than that is stored anew.
    """
    left_out = "\n".join(sorted(source.left_out)).encode()
    body_hash = page.once((body_fingerprint, left_out), lambda: body_fingerprint(page.content, left_out))
    return StoredPage(page, body_hash, *validators_of(page), essence, kept)


def outdated(stored: StoredPage) -> StoredPage:
    """A page to store so that no answer is the same as it."""
    return StoredPage(stored.page, body_fingerprint(stored.body_hash), None, None, "", stored.kept)


def validators_of(page: Page) -> tuple[str | None, str | None]:
    """The ETag and the Last-Modified of a response, without a date that is the answer's own: in the rest of that second
    the page may have been modified again (RFC 9110, 8.8.2.2).
    """
    changed = page.headers.get("last-modified")
    return page.headers.get("etag"), None if changed == page.headers.get("date") else changed


async def revalidate(
    io: CheckIO, source: Source, stored: Sequence[StoredPage], *, conditional: bool
) -> tuple[list[StoredPage] | None, Page | None, bool]:
    """Request each stored page again; stop at the first whose content differs for the reader. With `conditional`, send
    the stored validators, and ask for no page whose version one before it says.

    Returns the stored pages (a new object where the validators changed), or None if a page differs; then the source's
    first page if it was fetched with its body, so that it need not be fetched twice; and whether every page came with
    its body.
    """
    now: list[StoredPage] = []
    full = True
    for old in stored:
        validators = Validators(old.etag, old.last_modified, old.page.url) if conditional else None
        is_said = conditional and bool(now) and source.is_versioned(old.page.get)
        page = None if is_said else await io.fetch(old.page.get, validators)
        if page is None or page.status == 304:
            full = False
            now.append(old)
            continue
        new = keep(source, page) if len(page.content) <= _SMALL else await io.offload(keep, source, page)
        if new.body_hash == old.body_hash:
            same = (new.etag, new.last_modified) == (old.etag, old.last_modified)
            now.append(old if same else new._replace(essence=old.essence, kept=old.kept))
        elif old.essence and await io.offload(essence, source, page) == old.essence:
            now.append(new._replace(essence=old.essence))
        else:
            return None, None if now else page, full
    return now, None, full


async def read(
    io: CheckIO, source: Source, take: Taker, *, max_pages: int, first: Page | None = None
) -> tuple[list[Page], bool]:
    """Read a source in full, without validators: its pages in the order of the requests, and whether these are all; not
    if `max_pages` was reached. `first` is used in place of its first page. Raises SourceError.

    `take` gets each page, keeps its entries, and returns the further requests.
    """
    reading = steps(source, max_pages, by=take)
    pages: list[Page] = []
    step = _next(reading, None)
    while isinstance(step, Get):
        page = first if first and not pages else await io.fetch(step)
        pages.append(page)
        step = await io.offload(_next, reading, page)
    return pages, step


def _next(reading: Generator[Get | Entry, Page | None, bool], page: Page | None) -> Get | bool:
    """The next request; at the end, whether the source was read in full."""
    try:
        step = reading.send(page)
    except StopIteration as end:  # StopIteration cannot cross a coroutine
        return bool(end.value)
    assert isinstance(step, Get)  # noqa: S101 - `take` keeps the entries
    return step


def entries_of(
    source: Source, pages: Sequence[Page], max_pages: int, used: list[Page] | None = None, by: PageReader = read_page
) -> Iterator[Entry]:
    """The entries that a source reads from pages fetched before. The pages that it requests are added to `used`. `by`
    parses a page.

    Raises SourceError, for instance if a page is missing.
    """
    answers: dict[str, deque[Page]] = defaultdict(deque)
    for stored in pages:
        answers[stored.get.identity].append(stored)
    page: Page | None = None
    reading = steps(source, max_pages, by=by)
    with suppress(StopIteration):
        while True:
            item, page = reading.send(page), None
            if not isinstance(item, Get):
                yield item
                continue
            if not answers[item.identity]:
                raise NotFound(f"the stored pages have no answer to {item.url}")
            page = replace(answers[item.identity].popleft(), get=item)
            if used is not None:
                used.append(page)
