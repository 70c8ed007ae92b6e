"""A rolling list before and after: which entries were taken out, rather than pushed off its end. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence


def fell_out(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys that stood between two that are still there, in a list that kept its order.

    Some may have changed places: the order counts as kept by the longest run that kept it, if that is more than half of
    what is still there. Entries under one key cannot be told apart, so they fix no place; they stood between others
    only if all did.
    """
    once = _once(old) & _once(new)
    place = {key: at for at, key in enumerate(old) if key in once}
    now = [place[key] for key in new if key in once]
    kept = _longest_rising(now)
    if len(kept) < 2 or 2 * len(kept) <= len(now):
        return set()
    first, last = kept[0], kept[-1]
    return set(old[first : last + 1]).difference(old[:first], old[last + 1 :])


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
