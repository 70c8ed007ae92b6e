"""What became of entries that a window does not have any more: removed, or scrolled off. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class WindowEntry(NamedTuple):
    """An entry of the last window: its publication time, and its row id, which grows with the time it was
    first seen.
    """

    published: datetime | None
    row: int


def find_removed_keys(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys between two remaining ones, in a list that kept its order: those absent were removed.

    Some entries may have moved: the longest common subsequence counts as the kept order, if it has more than half of
    the remaining entries. Duplicate keys cannot be located, so they are no anchors; they are between others only if all
    are.
    """
    kept = _find_anchors(old, new)
    if not kept:
        return set()
    first, last = kept[0], kept[-1]
    return set(old[first : last + 1]).difference(old[:first], old[last + 1 :])


def find_keys_above(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys above all remaining ones, in a list that kept its order: the newest of them may have been removed (see
    `is_newest`).
    """
    kept, there = _find_anchors(old, new), set(new)
    first = next((at for at, key in enumerate(old) if key in there), 0) if kept else 0
    return set(old[:first]) & _once(old)


def is_newest(gone: WindowEntry, still: Sequence[WindowEntry]) -> bool:
    """Whether an absent entry was newer than all remaining ones, so that it cannot have scrolled off.

    By publication time; if one is missing or equal to another, by when they were first seen.
    """
    dates = [each.published for each in still if each.published]
    if gone.published and len(dates) == len(still) and gone.published != (newest := max(dates)):
        return gone.published > newest
    return gone.row > max(each.row for each in still)


def _find_anchors(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """The indexes in the old list of entries that kept their order; empty unless they are most of the
    remaining ones.
    """
    once = _once(old) & _once(new)
    place = {key: at for at, key in enumerate(old) if key in once}
    now = [place[key] for key in new if key in once]
    kept = _longest_rising(now)
    return kept if len(kept) >= 2 and 2 * len(kept) > len(now) else []


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The longest increasing subsequence, by patience sorting in O(n log n)."""
    # By length: the least last number of a subsequence, and its index.
    ends, at, before = list[int](), list[int](), list[int]()
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
