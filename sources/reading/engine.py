"""A source's check as a generator: it yields requests and entries. The caller fetches the pages."""

import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import blake2b
from itertools import groupby, islice
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
    locate_error,
)
from sources.formats.links import LONGEST_URL, explain_too_long
from sources.http.course import course
from sources.model import Entry, Get, Page, Source
from sources.model.entry import MOST_FIELDS, Rows, each_alone
from sources.options import largest_page
from sources.reading.completeness import find_total
from sources.reading.entry_fingerprints import Block, Pack, entry_fingerprint, row_fingerprints
from sources.reading.known_filter import PATIENCE, KnownFilter
from sources.reading.placement import is_light, needs_subprocess
from sources.text import fold_name

READ_SECONDS = 60.0  # the time limit for parsing one page, of up to 30 MB
MOST_ENTRIES = 2_000_000  # ends a kind that yields for ever; of a larger page, one entry for each 10 bytes
_PIECE = 900_000  # bytes of a body in one message
MOST_REPEATS = 20  # how often one check may repeat a request: sites that first give a token need some

# Held while a large page is parsed in the calling thread: one at a time, as it competes with the event loop.
_LIGHT = threading.Lock()

PageReader = Callable[[Source, Page], Iterator[Entry | Get]]


def steps(
    source: Source, max_pages: int = 50, *, by: PageReader | None = None
) -> Generator[Get | Entry, Page | None, bool]:
    """Read one source: yields each Get that needs an answer (send its Page back) and each Entry.

    `by` parses a page (default `read_page`). Returns whether the source was read completely: False when `max_pages`
    left requests unsent. Raises SourceError; any other exception of a kind becomes ReaderFailed.
    """
    queue = deque([first_request(source)])
    asked: Counter[str] = Counter()
    entries = 0
    while queue and asked.total() < max_pages:
        get = queue.popleft()
        asked[get.identity] += 1
        if asked[get.identity] > MOST_REPEATS:
            raise TooManyRequests(f"{get.url} gave no final answer after {MOST_REPEATS} requests")
        page = yield get
        assert page is not None  # noqa: S101 - the protocol: a Get is answered with its Page
        for item in (by or read_page)(source, page):
            if isinstance(item, Get):
                queue.append(item)
                continue
            entries += 1
            _check_number(entries, page)
            yield item
    return not queue


def read_page(source: Source, page: Page) -> Iterator[Entry | Get]:
    """The validated entries and requests that the kind yields for one page; parsed in a subprocess if it may be
    expensive.

    Raises ReadError.
    """
    if not needs_subprocess(source, page):
        yield from read_here(source, page)
        return
    for item in _run_task("read", source, page):
        if isinstance(item, Get):
            yield item
        else:
            yield from item[0].entries


def read_seconds(size: int) -> float:
    """The time limit for parsing a page of so many bytes."""
    return READ_SECONDS + 2 * max(0, size - 30_000_000) / 1e6


def total_of(source: Source, page: Page) -> int | None:
    """The number of entries that the page states (`expect.total`), None without that option. Raises ReadError."""
    return next(iter(list(_run_task("total", source, page))), None) if source.expect.total else None


def earlier_than(source: Source, page: Page) -> Get | None:
    """The kind's request for the page before this one; None when there is none. Raises ReadError."""
    return next(iter(list(_run_task("earlier", source, page))), None)


def without_personal(source: Source, page: Page) -> bytes | None:
    """The body that the state keeps in place of the page's own (`Source.without_personal`), None for that itself.

    Raises ReadError.
    """
    if not source.left_out or type(source).without_personal is Source.without_personal:
        return None
    return b"".join(_run_task("without_personal", source, page))


def _run_task(task: str, source: Source, page: Page, ignore: Collection[str] = ()) -> Iterator[Any]:
    """The items of a task, which runs in a subprocess if it may be expensive."""
    if not needs_subprocess(source, page):
        yield from TASKS[task](source, page)
        return
    from sources.reading import pool  # noqa: PLC0415 - most checks need no subprocess

    seconds = read_seconds(len(page.content))
    with closing(pool.items_of(task, source, page, seconds, ignore)) as items:
        for item in items:
            yield _check_request(source, item) if isinstance(item, Get) else item


Sifted = Get | Block | tuple[Block, Pack]


def sift(source: Source, page: Page, known_filter: KnownFilter, read: Iterable[Sifted] | None = None) -> Iterator[Get]:
    """As `read_page`, but entries go into the filter; yields only the requests. `read` is what was read ahead."""
    with known_filter.page():
        for item in read_blocks(source, page, known_filter.ignore) if read is None else read:
            if isinstance(item, Get):
                yield item
            elif isinstance(item, Block):
                known_filter.see_block(item)
            else:
                known_filter.see_block(*item)
            _check_number(known_filter.taken, page)


def read_blocks(source: Source, page: Page, ignore: Collection[str], *, apart: bool = False) -> Iterator[Sifted]:
    """As `read_page`, but entries come many at once with their fingerprints, from a subprocess also as packs. With
    `apart` no large page is parsed in the calling thread.
    """
    is_large = needs_subprocess(source, page)
    held = is_large and not apart and is_light(source, page) and _LIGHT.acquire(blocking=False)
    try:
        if is_large and not held:
            yield from _run_task("read", source, page, ignore)
        else:
            yield from _in_blocks(_items_here(source, page), ignore)
    finally:
        if held:
            _LIGHT.release()


def read_here(source: Source, page: Page, seconds: float | None = None) -> Iterator[Entry | Get]:
    """As `read_page`, in this process and thread, in at most `seconds` (default READ_SECONDS)."""
    return each_alone(_items_here(source, page, seconds))


def _read_as_subprocess(source: Source, page: Page, ignore: Collection[str]) -> Iterator[Pack | Get]:
    """`read_here` inside the subprocess: yields requests, and Packs of entries with their fingerprints."""
    from sources.reading.messages import packs  # noqa: PLC0415 - msgspec is loaded for the subprocess alone

    for item in _in_blocks(_items_here(source, page), ignore):
        if isinstance(item, Get):
            yield item
        else:
            yield from packs(item)


def _in_blocks(items: Iterable[Entry | Rows | Get], ignore: Collection[str]) -> Iterator[Block | Get]:
    """The entries with their fingerprints, many at once; requests keep their place among them."""
    for alone, group in groupby(items, lambda item: isinstance(item, Entry)):
        while alone and (some := [each for each in islice(group, PATIENCE) if isinstance(each, Entry)]):
            yield Block([entry_fingerprint(entry, ignore) for entry in some], some)
        for item in group:
            if isinstance(item, Rows):
                yield Block(row_fingerprints(item, ignore), item)
            elif isinstance(item, Get):
                yield item


def _total_here(source: Source, page: Page, _: Collection[str] = ()) -> Iterator[int]:
    with _name_fault(source, "expect.total"):
        yield find_total(page, source.expect.total or "")


def _earlier_here(source: Source, page: Page, _: Collection[str] = ()) -> Iterator[Get]:
    with _name_fault(source, "earlier()"):
        found = source.earlier(page)
        if found is not None:
            yield _check_request(source, found)


def _without_personal_here(source: Source, page: Page, _: Collection[str] = ()) -> Iterator[bytes]:
    with _name_fault(source, "without_personal()"):
        body = source.without_personal(page)
        if body is None:
            raise ReaderFailed(f"the kind {source.kind} wrote no page without what is personal")
    yield from (body[start : start + _PIECE] for start in range(0, len(body), _PIECE))


TASKS: Mapping[str, Callable[..., Iterator[Any]]] = {
    "read": _read_as_subprocess,
    "total": _total_here,
    "earlier": _earlier_here,
    "without_personal": _without_personal_here,
}


def _items_here(source: Source, page: Page, seconds: float | None = None) -> Iterator[Entry | Rows | Get]:
    _refuse_block(source, page)
    reader, left_out = page.get.reader, frozenset(map(fold_name, source.left_out))
    seconds = seconds or read_seconds(len(page.content))
    ends = time.monotonic() + seconds
    room = 4 * largest_page(source)  # entries may be so many times as large as `max_bytes`: spanning cells repeat text
    entries, last, leads_on, reached = 0, "", bool(page.get.carry), course.get()
    try:
        with _name_fault(source, f"{reader}()"):
            for item in getattr(source, reader)(page):
                if isinstance(item, Entry | Rows):
                    item = item.without(left_out) if left_out else item  # noqa: PLW2901 - nothing else may see it
                    room -= item.size
                    keys = item.keys if isinstance(item, Rows) else (item.key,)
                    entries, last = entries + len(keys), keys[-1] if keys else last
                    reached.entries += len(keys)
                    if len(item.fields) > MOST_FIELDS:
                        raise BadDocument(f"an entry of {page.url} has more than {MOST_FIELDS:,} fields")
                elif isinstance(item, Get):
                    leads_on = _check_request(source, item) is not None
                else:
                    raise ReaderFailed(f"the kind {source.kind} yielded {type(item).__name__}, not an Entry or a Get")
                if time.monotonic() > ends:
                    raise ReaderTooSlow(f"reading {page.url} took longer than {seconds:.0f} s")
                if room < 0:
                    raise BadDocument(f"the entries of {page.url} are many times as large as a page may be (max_bytes)")
                yield item
        empty = entries == 0 or (entries == 1 and last.endswith(("...", "…")))  # a row that says "Loading..."
        doubted = empty and not leads_on and source.min_entries and not source.expect.any_page
        if doubted and (unfilled := _explain_unfilled(source, page)):
            raise unfilled
    except NotFound as error:
        raise _explain_unfilled(source, page) or error from None


def _explain_unfilled(source: Source, page: Page) -> Blocked | None:
    from sources.blocked.classify import explain_unfilled  # noqa: PLC0415 - as below

    return explain_unfilled(page, rendered=source.fetch == "browser")


def essence(source: Source, page: Page) -> str:
    """The fingerprint of the part of a page that its entries depend on (`Source.essence`).

    Pages with an equal one have equal entries. "" when the kind gives none, or the page is blocked.
    """
    supported = type(source).essence is not Source.essence and source.expect.total is None and not source.left_out
    if not supported or needs_subprocess(source, page):
        return ""
    try:
        _refuse_block(source, page)
        part = source.essence(page)
    except Exception:  # noqa: BLE001 - parsing the page will report it
        return ""
    return blake2b(part, digest_size=16).hexdigest() if part else ""


def first_url(source: Source) -> str:
    """The URL of the first request of a check; "" when the kind raises, which the check itself will report."""
    try:
        return first_request(source).url
    except ReaderFailed:
        return ""


def first_request(source: Source) -> Get:
    """The first request of a check. Raises SourceError."""
    with _name_fault(source, "start()"):
        return _check_request(source, source.start())


def request_since(source: Source, known: Get, get: Get) -> Get | None:
    """The request for the deltas between two versions of a file (`Source.since`). Raises SourceError."""
    with _name_fault(source, "since()"):
        found = source.since(known, get)
        return found and _check_request(source, found)


def _check_request(source: Source, get: object) -> Get:
    """A request that a kind yields. The fetcher relies on its types, the engine on the name of its reader."""
    sound = (
        isinstance(get, Get)
        and isinstance(get.url, str)
        and isinstance(get.after, int | float)
        and 0 <= get.after <= 3600  # the longest `Get.after`, in seconds
        and not hasattr(BaseModel, get.reader)
        and callable(getattr(source, get.reader, None))
    )
    if not isinstance(get, Get) or not sound:
        raise ReaderFailed(f"the kind {source.kind} asks for what is no request: {get!r}"[:300])
    if len(get.url) > LONGEST_URL:
        raise FetchError(explain_too_long(get.url), code="bad_url")
    return get


def _refuse_block(source: Source, page: Page) -> None:
    from sources.blocked.classify import check_content  # noqa: PLC0415 - slow to import; most checks read nothing

    try:
        page.once(check_content, lambda: check_content(page, rendered=source.fetch == "browser"))
    except Blocked as error:
        if not (source.expect.any_page or (source.reads_data and error.code == "needs_javascript")):
            raise


def _check_number(entries: int, page: Page) -> None:
    if entries > (most := max(MOST_ENTRIES, len(page.content) // 10)):
        raise ReaderTooSlow(f"more than {most:,} entries: the kind does not seem to end")


@contextmanager
def _name_fault(source: Source, where: str) -> Iterator[None]:
    """Say where an exception of a kind was raised: ReaderFailed."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        place = locate_error(error, getattr(sys.modules.get(type(source).__module__), "__file__", None))
        why = f"the kind {source.kind} failed in {where}: {type(error).__name__}: {error}"
        raise ReaderFailed(why[:300] + place) from error
