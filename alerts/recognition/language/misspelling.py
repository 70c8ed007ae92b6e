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
    if word[0] != right[0] or word == right or len(right) < SHORTEST:
        return False
    if len(word) == len(right):
        return _is_swap_or_other(word, right)
    longer, shorter = (word, right) if len(word) > len(right) else (right, word)
    if len(longer) - len(shorter) != 1:
        return False
    place = next((place for place in range(len(shorter)) if longer[place] != shorter[place]), len(shorter))
    if longer[place + 1 :] != shorter[place:]:
        return False
    doubled = longer[place] == longer[place - 1]
    return doubled or (len(right) >= _ANY and place < len(shorter))


def is_doubled_end(word: str, right: str) -> bool:
    """Whether only the last letter is doubled."""
    return word == right + right[-1]


def _is_swap_or_other(word: str, right: str) -> bool:
    places = [place for place in range(len(right)) if word[place] != right[place]]
    first, last = places[0], places[-1]
    if len(places) == 2 and last == first + 1 and word[first] == right[last] and word[last] == right[first]:
        return len(right) >= _SWAPPED
    if len(places) != 1 or first == len(right) - 1:
        return False
    alike = frozenset((word[first], right[first])) in _ALIKE
    return len(right) >= (_SWAPPED if alike else _ANY)
