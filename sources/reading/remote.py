"""The program's side of a page that is parsed in a subprocess: what comes back is validated, then used."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from itertools import compress
from operator import gt, ne

from sources.errors import ReaderFailed
from sources.model import Entry, Get, Page, Source
from sources.reading import pool
from sources.reading.blocks import Pack
from sources.reading.fingerprints import cut
from sources.reading.handover import check_keys, check_pack, check_texts, get_of, sound_entries
from sources.reading.known_filter import FilterState, KnownFilter
from sources.reading.messages import (
    Answer,
    Asks,
    BadFrame,
    Entries,
    Filled,
    Keys,
    Outcome,
    Packing,
    Sums,
    Total,
    UnchangedCheck,
)

Back = Packing | UnchangedCheck | Keys | Filled | Sums


def items_of(task: str, source: Source, page: Page, seconds: float) -> Generator[Entry | Get | int]:
    """What a task of the engine yields in a subprocess. Raises ReadError; closing it early kills the subprocess."""
    with _answers_of(task, source, page, seconds) as answers:
        for answer in answers:
            match answer:
                case Entries(entries):
                    yield from sound_entries(entries)
                case Asks(forms):
                    yield from map(get_of, forms)
                case Total(total):
                    yield total


def sift(source: Source, page: Page, known_filter: KnownFilter, seconds: float) -> Generator[Get]:
    """Let a copy of the filter take the entries in a subprocess; yields the requests. Raises ReadError."""
    transfer = FilterTransfer(known_filter)
    with _answers_of("sift", source, page, seconds, transfer.filter_state) as answers:
        for answer in answers:
            if isinstance(answer, Asks):
                yield from map(get_of, answer.gets)
            elif isinstance(answer, Outcome):
                transfer.end()
            elif isinstance(answer, Back):
                transfer.take(answer)


@contextmanager
def _answers_of(
    task: str, source: Source, page: Page, seconds: float, *more: FilterState
) -> Iterator[Iterator[Answer]]:
    """The answers of a subprocess to a task. If the caller raises BadFrame for one, the subprocess is killed."""
    try:
        with closing(pool.work(task, source, page, seconds, *more)) as answers:
            yield answers
    except BadFrame as error:
        raise ReaderFailed(f"the process that read {page.url} answered what it may not: {error}") from None


class FilterTransfer:
    """Collects the results of a filter's copy for one page. The original filter does not change until `end`."""

    def __init__(self, known_filter: KnownFilter) -> None:
        self._filter = known_filter
        self.filter_state: FilterState = known_filter.export()
        self._flags: list[bytes] = []
        self._news: list[bytes] = []  # the fingerprints of each pack, concatenated
        self._packs: list[Pack] = []
        self._keys: list[str] = []
        self._filled: dict[str, int] = {}
        self._sums: Sums | None = None

    def take(self, answer: Back) -> None:
        """Validate and collect one answer. Raises BadFrame."""
        match answer:
            case Packing(data, form):
                self._packs.append(Pack(check_pack(form), data))
                self._news.append(form.marks)
            case UnchangedCheck(flags):
                self._flags.append(flags)
            case Keys(keys):
                check_keys(keys)
                self._keys += keys
            case Filled(counts):
                check_texts(tuple(counts))
                self._filled |= counts
            case Sums(odd_key=odd_key):
                check_texts([odd_key])
                self._sums = answer

    def end(self) -> None:
        """Merge the results into the filter. Raises BadFrame when they are not consistent with what was sent."""
        form, known, before, news_before = self.filter_state
        flags, news = b"".join(self._flags), cut(b"".join(self._news))
        if len(flags) != len(before) or flags.translate(None, b"\0\1") or any(map(gt, before, flags)):
            raise BadFrame("it answers about others than the known entries")
        fresh, marks = set(news), cut(known)
        if len(fresh) < len(news) or not (fresh.isdisjoint(marks) and fresh.isdisjoint(cut(news_before))):
            raise BadFrame("an entry that is no news")
        passed = list(compress(marks, map(ne, before, flags)))
        distinct = len(passed) + len(news)
        sums = self._sums
        if sums is None or sums.distinct != distinct or not distinct <= sums.taken or sums.odd > distinct:
            raise BadFrame("sums of other entries")
        if len(self._keys) != (distinct if form.keys else 0) or max(self._filled.values(), default=0) > distinct:
            raise BadFrame("keys or fields of other entries")
        after = self.filter_state._replace(passed=flags, news=b"".join([news_before, *self._news]))
        self._filter.resume(after, [*passed, *news], self._packs, self._keys, self._filled, sums)
