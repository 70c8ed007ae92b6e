"""A source's check as a generator: it asks for pages and yields entries; who fetches, and when, is not its concern."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Generator, Iterator

from sources import apart
from sources.blocked import check, unfilled
from sources.errors import BadDocument, Blocked, NotFound, ReaderFailed, ReaderTooSlow, SourceError, TooManyRequests
from sources.model import Entry, Get, Page, Source

READ_SECONDS = 60.0  # the longest that reading one page may take
MOST_ENTRIES = 2_000_000  # a kind that yields for ever ends here, if not at the time limit
_MAX_BYTES, _ROOM = 50_000_000, 4  # a page's entries hold at most so many times what a page may: cells that span repeat
MOST_REPEATS = 20  # how often one check may ask for the same thing, as token-wait-result sites make it


def steps(source: Source, max_pages: int = 50) -> Generator[Get | Entry, Page | None, bool]:
    """Read one source: yields each Get that must be answered (send its Page back) and each Entry.

    Returns whether the source was read to its end: False when `max_pages` left requests unasked. Raises
    SourceError; what a kind raises of its own becomes ReaderFailed.
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
        for item in read_page(source, page):
            if isinstance(item, Get):
                queue.append(item)
                continue
            entries += 1
            if entries > MOST_ENTRIES:
                raise ReaderTooSlow(f"more than {MOST_ENTRIES:,} entries: the kind does not seem to end")
            yield item
    return not queue


def _start(source: Source) -> Get:
    try:
        return source.start()
    except Exception as error:
        raise ReaderFailed(_fault(source, "start", error)) from error


def read_page(source: Source, page: Page) -> Iterator[Entry | Get]:
    """What the kind makes of one page: sound items; read by a process of its own where it may cost much.

    Raises ReadError.
    """
    return apart.read(source, page, READ_SECONDS) if apart.wanted(source, page) else read_here(source, page)


def read_here(source: Source, page: Page) -> Iterator[Entry | Get]:
    """As `read_page`, in this process and thread."""
    _check(source, page)
    reader = page.get.reader
    ends = time.monotonic() + READ_SECONDS
    room = _ROOM * (source.max_bytes or _MAX_BYTES)
    try:
        for item in getattr(source, reader)(page):
            if not isinstance(item, Entry | Get):
                raise ReaderFailed(f"the kind {source.kind} yielded {type(item).__name__}, not an Entry or a Get")
            if time.monotonic() > ends:
                raise ReaderTooSlow(f"reading {page.url} took longer than {READ_SECONDS:.0f} s")
            room -= item.size if isinstance(item, Entry) else 0
            if room < 0:
                raise BadDocument(f"the entries of {page.url} are many times as large as a page may be (max_bytes)")
            yield item
    except NotFound as error:
        raise unfilled(page) or error from None
    except SourceError:
        raise
    except Exception as error:
        raise ReaderFailed(_fault(source, reader, error)) from error


def _check(source: Source, page: Page) -> None:
    try:
        check(page)
    except Blocked:
        if not source.expect.any_page:
            raise


def _fault(source: Source, reader: str, error: Exception) -> str:
    return f"the kind {source.kind} failed in {reader}(): {type(error).__name__}: {error}"[:300]
