"""Sends a filter to a subprocess, and validates the results before they are merged."""

from __future__ import annotations

from itertools import compress
from operator import gt, ne

from sources.reading.entry_buffer import Pack
from sources.reading.fingerprints import cut
from sources.reading.frames import BadFrame
from sources.reading.known_filter import FilterState, KnownFilter
from sources.reading.messages import Filled, Keys, Packing, Sums, UnchangedCheck
from sources.reading.processes.handover import check_keys, check_pack, check_texts

Back = Packing | UnchangedCheck | Keys | Filled | Sums


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
