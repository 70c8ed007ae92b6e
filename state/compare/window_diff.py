"""A rolling list before and after: which entries were taken out, rather than pushed off its end. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Stood(NamedTuple):
    """An entry of the last window: when it was published, and its row, which is higher the later it was first seen."""

    published: datetime | None
    row: int


def fell_out(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys that stood between two that are still there, in a list that kept its order.

    Some may have changed places: the order counts as kept by the longest run that kept it, if that is more than half of
    what is still there. Entries under one key cannot be told apart, so they fix no place; they stood between others
    only if all did.
    """
    kept = _kept(old, new)
    if not kept:
        return set()
    first, last = kept[0], kept[-1]
    return set(old[first : last + 1]).difference(old[:first], old[last + 1 :])


def above(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys that stood above all that are still there, in a list that kept its order: of these, the newest may have
    been taken out (`is_newest`).
    """
    kept, there = _kept(old, new), set(new)
    first = next((at for at, key in enumerate(old) if key in there), 0) if kept else 0
    return set(old[:first]) & _once(old)


def is_newest(gone: Stood, still: Sequence[Stood]) -> bool:
    """Whether an entry was newer than all that are still there, so that it cannot have been pushed off.

    By their dates; where one has none, or it is that of another one, by when they were first seen.
    """
    dates = [each.published for each in still if each.published]
    if gone.published and len(dates) == len(still) and gone.published != (newest := max(dates)):
        return gone.published > newest
    return gone.row > max(each.row for each in still)


def _kept(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """The places in the old list of those that kept their order; none where that is not most of what is still there."""
    once = _once(old) & _once(new)
    place = {key: at for at, key in enumerate(old) if key in once}
    now = [place[key] for key in new if key in once]
    kept = _longest_rising(now)
    return kept if len(kept) >= 2 and 2 * len(kept) > len(now) else []


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The longest rising subsequence: patience sorting, in n log n steps."""
    ends, at, before = list[int](), list[int](), list[int]()  # by length: its least last number, and where that stands
    for index, number in enumerate(numbers):
        length = bisect_left(ends, number)
        ends[length : length + 1], at[length : length + 1] = [number], [index]
        before.append(at[length - 1] if length else -1)
    found, index = list[int](), at[-1] if at else -1
    while index >= 0:
        found.append(numbers[index])
        index = before[index]
    return found[::-1]


def _once(keys: Sequence[str]) -> set[str]:
    return {key for key, count in Counter(keys).items() if count == 1}
