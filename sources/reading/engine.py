"""A source's check as a generator: it asks for pages and yields entries; who fetches, and when, is not its concern."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel

from sources.errors import (
    BadDocument,
    Blocked,
    FetchError,
    NotFound,
    ReaderFailed,
    ReaderTooSlow,
    SourceError,
    TooManyRequests,
)
from sources.formats.markup.links import LONGEST_URL, too_long
from sources.model import Entry, Get, Page, Source
from sources.options import largest_page
from sources.reading.frames import BadFrame
from sources.reading.known_filter import PATIENCE, KnownFilter, Luggage
from sources.reading.messages import MOST_FIELDS, Answer, Asks, Entries, GetForm, Outcome, Piece, Total
from sources.reading.processes import pool
from sources.reading.processes.filter_transfer import Journey
from sources.reading.processes.handover import get_of, sound_entries
from sources.reading.row_batch import Rows, each_alone

READ_SECONDS = 60.0  # the longest that reading one page may take
MOST_ENTRIES = 2_000_000  # a kind that yields for ever ends here, if not at the time limit
_ROOM = 4  # a page's entries hold at most so many times what a page may: cells that span repeat
_LONGEST_AFTER = 3600  # seconds that a kind may wait before it asks again
MOST_REPEATS = 20  # how often one check may ask for the same thing, as token-wait-result sites make it

_LIGHT = threading.Lock()  # whoever reads a large page in a thread; it spares a process, but takes turns with all else

PageReader = Callable[[Source, Page], Iterator[Entry | Get]]


def read_page(source: Source, page: Page) -> Iterator[Entry | Get]:
    """What the kind makes of one page: sound items; read by a process of its own where it may cost much.

    Raises ReadError.
    """
    return _where_it_is_safe("read", source, page)


def sift(source: Source, page: Page, known_filter: KnownFilter) -> Iterator[Get]:
    """As `read_page`, but the entries go through a filter, which travels to where the page is read; the requests."""
    if not pool.wanted(source, page):
        yield from _sift_here(source, page, known_filter)
    elif pool.is_light(source, page) and _LIGHT.acquire(blocking=False):
        try:
            yield from _sift_here(source, page, known_filter)
        finally:
            _LIGHT.release()
    else:
        yield from _sift_apart(source, page, known_filter)


def _sift_apart(source: Source, page: Page, known_filter: KnownFilter) -> Iterator[Get]:
    journey = Journey(known_filter)
    with _apart("sift", source, page, journey.luggage) as answers:
        for said in answers:
            match said:
                case Asks(gets):
                    yield from _gets(source, gets)
                case Outcome():
                    journey.end()
                case Entries() | Total() | Piece():
                    raise BadFrame("an answer to something else")
                case _:
                    journey.take(said)
    _check_number(known_filter.taken)


def steps(
    source: Source, max_pages: int = 50, *, by: PageReader = read_page
) -> Generator[Get | Entry, Page | None, bool]:
    """Read one source: yields each Get that must be answered (send its Page back) and each Entry.

    `by` is what reads each page. Returns whether the source was read to its end: False when `max_pages`
    left requests unasked. Raises SourceError; what a kind raises of its own becomes ReaderFailed.
    """
    queue = deque([_start(source)])
    asked: Counter[str] = Counter()
    entries = 0
    while queue and asked.total() < max_pages:
        get = queue.popleft()
        asked[get.identity] += 1
        if asked[get.identity] > MOST_REPEATS:
            raise TooManyRequests(f"{get.url} gave no final answer after {MOST_REPEATS} requests")
        page = yield get
        assert page is not None  # noqa: S101 - the protocol: a Get is answered with its Page
        for item in by(source, page):
            if isinstance(item, Get):
                queue.append(item)
                continue
            entries += 1
            _check_number(entries)
            yield item
    return not queue


def first_url(source: Source) -> str:
    """Where the first request of a check goes; "" where the kind cannot say, which its reading will tell."""
    try:
        return _start(source).url
    except ReaderFailed:
        return ""


def _start(source: Source) -> Get:
    with _faults(source, "start()"):
        get = source.start()
        _check_get(source, get)
        return get


def _check_get(source: Source, get: object) -> None:
    """Those who send requests rely on this, and who has the answer read by what the request names."""
    sound = isinstance(get, Get) and isinstance(get.url, str) and isinstance(get.after, int | float)
    sound = sound and not hasattr(BaseModel, get.reader) and callable(getattr(source, get.reader, None))  # type: ignore[attr-defined]
    if not sound or not 0 <= get.after <= _LONGEST_AFTER:  # type: ignore[attr-defined]
        raise ReaderFailed(f"the kind {source.kind} asks for what is no request: {get!r}"[:300])
    if len(get.url) > LONGEST_URL:  # type: ignore[attr-defined]
        raise FetchError(too_long(get.url), code="bad_url")  # type: ignore[attr-defined]


def total_of(source: Source, page: Page) -> int | None:
    """How many entries the page says that there are (`expect.total`), None where nobody asked. Raises ReadError."""
    totals = list(_where_it_is_safe("total", source, page)) if source.expect.total else []
    return totals[0] if totals else None


def earlier_than(source: Source, page: Page) -> Get | None:
    """What the kind asks for to get what came before the page; None when there is nothing. Raises ReadError."""
    gets = list(_where_it_is_safe("earlier", source, page))
    return gets[0] if gets else None


def _where_it_is_safe(task: str, source: Source, page: Page) -> Iterator[Any]:
    """What comes of a task, which is done by a process of its own where it may cost much."""
    return _items_apart(task, source, page) if pool.wanted(source, page) else TASKS[task](source, page)


def _items_apart(task: str, source: Source, page: Page) -> Iterator[Any]:
    with _apart(task, source, page) as answers:
        for said in answers:
            match said:
                case Entries(entries):
                    yield from sound_entries(entries)
                case Asks(gets):
                    yield from _gets(source, gets)
                case Total(total):
                    yield total


@contextmanager
def _apart(task: str, source: Source, page: Page, *more: Luggage) -> Iterator[Iterator[Answer]]:
    """The answers of a process that does a task. Whoever gets one that cannot be true raises BadFrame: it is ended."""
    try:
        with closing(pool.work(task, source, page, READ_SECONDS, *more)) as answers:
            yield answers
    except BadFrame as error:
        raise ReaderFailed(f"the process that read {page.url} answered what it may not: {error}") from None


def _gets(source: Source, forms: Sequence[GetForm]) -> Iterator[Get]:
    for form in forms:
        get = get_of(form)
        _check_get(source, get)
        yield get


def read_here(source: Source, page: Page, seconds: float | None = None) -> Iterator[Entry | Get]:
    """As `read_page`, in this process and thread; it may take `seconds` (READ_SECONDS)."""
    return each_alone(_items_here(source, page, seconds))


def _items_here(source: Source, page: Page, seconds: float | None = None) -> Iterator[Entry | Rows | Get]:
    _check(source, page)
    reader = page.get.reader
    ends = time.monotonic() + (seconds or READ_SECONDS)
    room = _ROOM * largest_page(source)
    try:
        for item in getattr(source, reader)(page):
            if isinstance(item, Entry | Rows):
                room -= item.size
                if len(item.fields) > MOST_FIELDS:
                    raise BadDocument(f"an entry of {page.url} has more than {MOST_FIELDS:,} fields")
            elif isinstance(item, Get):
                _check_get(source, item)
            else:
                raise ReaderFailed(f"the kind {source.kind} yielded {type(item).__name__}, not an Entry or a Get")
            if time.monotonic() > ends:
                raise ReaderTooSlow(f"reading {page.url} took longer than {READ_SECONDS:.0f} s")
            if room < 0:
                raise BadDocument(f"the entries of {page.url} are many times as large as a page may be (max_bytes)")
            yield item
    except NotFound as error:
        from sources.blocked.classify import unfilled  # noqa: PLC0415 - as below

        raise unfilled(page) or error from None
    except SourceError:
        raise
    except Exception as error:
        raise ReaderFailed(_fault(source, f"{reader}()", error)) from error


def _sift_away(source: Source, page: Page, luggage: Luggage) -> Iterator[Any]:
    """What comes of `sift` away from home: requests, what is held in Packs, then what the filter answers."""
    known_filter = KnownFilter.unpacked(luggage)
    yield from _sift_here(source, page, known_filter, away=True)
    yield from (*known_filter.held.give(), *known_filter.answers(luggage))


def _sift_here(source: Source, page: Page, known_filter: KnownFilter, *, away: bool = False) -> Iterator[Any]:
    """What comes of `sift`; `away` from home, what is held is given as it comes, in Packs."""
    for item in _items_here(source, page):
        if isinstance(item, Get):
            yield item
            continue
        if isinstance(item, Rows):
            known_filter.see_all(item)
        else:
            known_filter.see(item)
        _check_number(known_filter.taken)
        if away and len(known_filter.held) >= PATIENCE:
            yield from known_filter.held.give()


def _check_number(entries: int) -> None:
    if entries > MOST_ENTRIES:
        raise ReaderTooSlow(f"more than {MOST_ENTRIES:,} entries: the kind does not seem to end")


def essence(source: Source, page: Page, *, checked: bool = False) -> str:
    """The fingerprint of what the kind makes its entries of; "" where it does not say, or the page is no content.

    Of two pages with the same one the entries are the same. `checked` says that the page is known to be content.
    """
    said = type(source).essence is not Source.essence and source.expect.total is None
    if not said or pool.wanted(source, page):
        return ""
    try:
        if not checked:
            _check(source, page)
        part = source.essence(page)
    except Exception:  # noqa: BLE001 - whatever it is, reading the page will tell
        return ""
    return blake2b(part, digest_size=16).hexdigest() if part else ""


def _total_here(source: Source, page: Page) -> Iterator[int]:
    from sources.reading.stated_total import stated_total  # noqa: PLC0415 - with lxml slow to import; most sources state none

    with _faults(source, "expect.total"):
        yield stated_total(page, source.expect.total or "")


def _earlier_here(source: Source, page: Page) -> Iterator[Get]:
    with _faults(source, "earlier()"):
        found = source.earlier(page)
        if found is not None:
            _check_get(source, found)
    if found:
        yield found


TASKS: Mapping[str, Callable[..., Iterator[Any]]] = {
    "read": read_here,
    "sift": _sift_away,
    "total": _total_here,
    "earlier": _earlier_here,
}


def _check(source: Source, page: Page) -> None:
    from sources.blocked.classify import check  # noqa: PLC0415 - slow to import; most checks read nothing

    try:
        page.once(check, lambda: check(page))
    except Blocked:
        if not source.expect.any_page:
            raise


@contextmanager
def _faults(source: Source, where: str) -> Iterator[None]:
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        raise ReaderFailed(_fault(source, where, error)) from error


def _fault(source: Source, where: str, error: Exception) -> str:
    return f"the kind {source.kind} failed in {where}: {type(error).__name__}: {error}"[:300]
