"""Whether one word is a misspelling of another. Pure.

Only one slip is allowed, and none in the first letter, or in the last but for a doubled one, or for n in place of m in
a long word: different names differ there. Short names are too similar to other words.
"""

import re
from itertools import compress, count
from operator import ne

SHORTEST = 6  # letters, for one letter doubled or not, or two within the word swapped
_SWAPPED = 7  # for any two letters swapped, or one that sounds similar
_ANY = 8  # for one letter added, missing, or wrong

_DOUBLED = re.compile(r"(.)\1+")
_ALIKE_AT_END = {"m": "n", "n": "m", "м": "н", "н": "м"}  # in a long word: Telegran
_LIQUIDS = frozenset("lrлр")  # beside a vowel, they change places in other names: Garcia, Gracia
_VOWELS = frozenset("aeiouyаеиоуыэюяії")
_ALIKE = [frozenset(pair) for pair in ("ao", "ei", "ea", "ou", "iu", "zs", "dt", "bp", "vf", "gk", "ks", "mn")]


def kept(right: str) -> set[str]:
    """What a misspelling of a word may have kept: each has one of these in common with `possibly_kept`.

    The first letters and the last one, or the first letter and the last ones. Two letters may be swapped where both
    halves meet, and at the end.
    """
    size, found = len(right), {undoubled(right)}
    if size == SHORTEST:
        found.add(_sorted(right))
    if size >= _SWAPPED:
        half = 4 if size >= _ANY else 3
        begin = right[:half]
        found |= {begin + right[-1], begin + right[-2], right[0] + right[-half:]}
    if size >= _ANY and right[-1] in _ALIKE_AT_END:
        found.add(begin + _ALIKE_AT_END[right[-1]])
    if size == _ANY:
        found.add(right[:3] + right[4] + right[-1])
    return found


def possibly_kept(word: str) -> tuple[str, ...]:
    """What the words of which this may be a misspelling may have in common with it: mostly nothing."""
    size, first, last = len(word), word[0], word[-1]
    if size > _ANY:
        return word[:4] + last, first + word[-4:]
    if size == _ANY:
        return word[:4] + last, first + word[-4:], undoubled(word)
    if size == _SWAPPED:  # the word may have seven letters or eight
        return word[:3] + last, first + word[-3:], word[:4] + last, first + word[-4:], undoubled(word)
    return (undoubled(word), _sorted(word)) if size == SHORTEST else (undoubled(word),)


def _sorted(word: str) -> str:
    """A word with the letters between its first and its last one in their order in the alphabet."""
    return word[0] + "".join(sorted(word[1:-1])) + word[-1]


def undoubled(word: str) -> str:
    """A word with each letter once that is there twice or more: what a word with a letter doubled, or not, has kept."""
    return _DOUBLED.sub(r"\1", word) if _DOUBLED.search(word) else word


def is_slip(word: str, right: str) -> bool:
    """Whether `word` is `right` with one slip."""
    added = len(word) - len(right)
    if not -1 <= added <= 1 or word[0] != right[0] or word == right or len(right) < SHORTEST:
        return False
    place = next(compress(count(), map(ne, word, right)), -1)  # where they differ first
    if not added:
        return _is_swap_or_other(word, right, place)
    longer, shorter = (word, right) if added > 0 else (right, word)
    if place < 0:
        return longer[-1] == longer[-2]
    if longer[place + 1 :] != shorter[place:]:
        return False
    return longer[place] == longer[place - 1] or len(right) >= _ANY


def _is_swap_or_other(word: str, right: str, place: int) -> bool:
    """The same for words of one length that differ first at a place."""
    if word[place + 1 :] == right[place + 1 :]:
        if place == len(right) - 1:
            return len(right) >= _ANY and _ALIKE_AT_END.get(right[-1]) == word[-1]
        alike = frozenset((word[place], right[place])) in _ALIKE
        return place < len(right) - 1 and len(right) >= (_SWAPPED if alike else _ANY)
    pair = right[place : place + 2]
    swapped = word[place : place + 2] == pair[::-1] and word[place + 2 :] == right[place + 2 :]
    if len(right) >= _SWAPPED or not swapped:
        return swapped
    return len(right[place:]) > len(pair) and (_LIQUIDS.isdisjoint(pair) or _VOWELS.isdisjoint(pair))
