"""A rolling list before and after: which entries were taken out, rather than pushed off its end. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def fell_out(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys that stood between two that are still there, in a list that kept its order.

    Entries under one key cannot be told apart, so they fix no place; they stood between others only if all
    did.
    """
    once = _once(old) & _once(new)
    fixed = [place for place, key in enumerate(old) if key in once]
    if len(fixed) < 2 or [old[place] for place in fixed] != [key for key in new if key in once]:
        return set()
    first, last = fixed[0], fixed[-1]
    return set(old[first : last + 1]).difference(old[:first], old[last + 1 :])


def _once(keys: Sequence[str]) -> set[str]:
    return {key for key, count in Counter(keys).items() if count == 1}
