"""Whether one word is a misspelling of another. Pure.

Only one slip is allowed, and none in the first letter or, except for a doubled one, the last: different names differ
there. Short names are too similar to other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

SHORTEST = 6  # letters, for one letter doubled or not
_SWAPPED = 7  # for two letters swapped, or one that sounds similar
_ANY = 8  # for one letter added, missing, or wrong

_DOUBLED = re.compile(r"(.)\1+")
_ALIKE = [frozenset(pair) for pair in ("ao", "ei", "ea", "ou", "iu", "zs", "dt", "bp", "vf", "gk", "ks", "mn")]


def kept(right: str) -> set[str]:
    """What a misspelling of a word may have kept: each has one of these in common with `possibly_kept`.

    The first half and the last letter, or the first letter and the last half. The letter in the middle is in neither
    half, so that no swap changes both. The last two letters may be swapped.
    """
    size = len(right)
    found = {_undoubled(right)} if size < _ANY else set()
    if size >= _SWAPPED:
        begin, end = right[: size // 2], right[size // 2 + 1 :]
        found |= {begin + right[-1], begin + right[-2], right[0] + end}
    return found


def possibly_kept(word: str) -> list[str]:
    """What the words of which this may be a misspelling may have in common with it: mostly nothing."""
    begins, ends, undoubled = _places(len(word))
    first, last = word[:1], word[-1:]
    found = [word[:place] + last for place in begins] + [first + word[place:] for place in ends]
    return [*found, _undoubled(word)] if undoubled else found


@cache
def _places(size: int) -> tuple[Sequence[int], Sequence[int], bool]:
    """Where the halves end and begin in a misspelling with so many letters, and whether a doubled letter may be one."""
    sizes = [size - 1] * (size > _ANY) + [size] * (size >= _SWAPPED) + [size + 1] * (size >= _SWAPPED)
    begins = {right // 2 for right in sizes}
    ends = {size - (right - 1) // 2 for right in sizes}
    return sorted(begins), sorted(ends), SHORTEST - 1 <= size <= _ANY


def _undoubled(word: str) -> str:
    return _DOUBLED.sub(r"\1", word) if _DOUBLED.search(word) else word


def is_slip(word: str, right: str) -> bool:
    """Whether `word` is `right` with one slip."""
    added = len(word) - len(right)
    if not -1 <= added <= 1 or word[0] != right[0] or word == right or len(right) < SHORTEST:
        return False
    place = next((place for place, (one, other) in enumerate(zip(word, right, strict=False)) if one != other), -1)
    if not added:
        return _is_swap_or_other(word, right, place)
    longer, shorter = (word, right) if added > 0 else (right, word)
    if place < 0:
        return longer[-1] == longer[-2]
    if longer[place + 1 :] != shorter[place:]:
        return False
    return longer[place] == longer[place - 1] or len(right) >= _ANY


def is_doubled_end(word: str, right: str) -> bool:
    """Whether only the last letter is doubled."""
    return word == right + right[-1]


def _is_swap_or_other(word: str, right: str, place: int) -> bool:
    """The same for words of one length that differ first at a place."""
    if word[place + 1 :] == right[place + 1 :]:
        alike = frozenset((word[place], right[place])) in _ALIKE
        return place < len(right) - 1 and len(right) >= (_SWAPPED if alike else _ANY)
    swapped = word[place : place + 2] == right[place + 1] + right[place] and word[place + 2 :] == right[place + 2 :]
    return swapped and len(right) >= _SWAPPED
