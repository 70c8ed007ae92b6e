"""Whether one word is a misspelling of another. Pure.

Only one slip is allowed, and none in the first letter or, except for a doubled one, the last: different names differ
there. Short names are too similar to other words.
"""

from __future__ import annotations

import re

SHORTEST = 6  # letters, for one letter doubled or not
_SWAPPED = 7  # for two letters swapped, or one that sounds similar
_ANY = 8  # for one letter added, missing, or wrong

_DOUBLED = re.compile(r"(.)\1+")
_ALIKE = [frozenset(pair) for pair in ("ao", "ei", "ea", "ou", "iu", "zs", "dt", "bp", "vf", "gk", "ks", "mn")]


def kept(right: str) -> set[str]:
    """What a misspelling of a word may have kept: each has one of these in common with `possibly_kept`."""
    size = len(right)
    found = {_undoubled(right)} if size < _ANY else set()
    if size >= _SWAPPED:  # the last two letters may be swapped
        found |= {*_halves(right, size), f"{size}{right[: size // 2]}{right[-2]}"}
    return found


def possibly_kept(word: str) -> list[str]:
    """What the words of which this may be a misspelling may have in common with it: mostly nothing."""
    size = len(word)
    found = [_undoubled(word)] if SHORTEST - 1 <= size <= _ANY else []
    if size >= _SWAPPED:
        found += _halves(word, size)
        found += _halves(word, size + 1)
    if size > _ANY:
        found += _halves(word, size - 1)
    return found


def _halves(word: str, size: int) -> tuple[str, str]:
    """The first half and the last letter, and the first letter and the last half, as a word with this length has them
    that was misspelt so. The letter in the middle is in neither half, so that no swap changes both.
    """
    middle = size // 2
    return f"{size}{word[:middle]}{word[-1]}", f"{word[0]}{word[len(word) - size + middle + 1 :]}{size}"


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
