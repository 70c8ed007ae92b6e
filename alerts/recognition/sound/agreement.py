"""Whether two words in Latin or Cyrillic letters may be the same word, sound by sound. Pure.

`likeness` weighs what two words share, so a short name can never be told by it. If every sound of both has its
counterpart, the two are one name in two spellings, however short.
"""

from __future__ import annotations

from functools import cache, lru_cache

from alerts.recognition.sound.alphabets import Phones
from alerts.recognition.sound.likeness import worth

_VOWELS = frozenset("aeiou")


def agree(text: Phones, name: Phones, *, ending: bool = True) -> bool:
    """Whether each sound of two words is also in the other one, or may be silent. The text's word may have one more
    vowel, as its `ending`, and the name one that it has lost for that.
    """
    places = _silently({0}, name)
    for at, phone in enumerate(text, 1):
        before = places
        places = {place + 1 for place in before if place < len(name) and _same(phone, name[place])}
        if "-" in phone or (ending and at == len(text) and phone[0] in _VOWELS):
            places |= before
        if not places:
            return False
        places = _silently(places, name)
    return len(name) in places or (ending and len(name) - 1 in places and name[-1][0] in _VOWELS)


def vowels(phones: Phones) -> Phones:
    """The vowels that are heard in any case."""
    return tuple(phone for phone in phones if phone[0] in _VOWELS and "-" not in phone)


def may_agree(text: Phones, name: Phones, *, strictly: bool) -> bool:
    """Whether words with these vowels may be alike, a fast test that most pairs fail: half of them must be the same,
    `strictly` all but one, which may be an ending.
    """
    if text == name or len(text) != len(name):
        return True
    same = sum(map(_same, text, name))
    return same >= len(text) - 1 if strictly else 2 * same >= len(text)


@lru_cache(maxsize=20_000)
def certain_worth(name: Phones) -> float:
    """The bits of the sounds of a word that are heard in any case."""
    return worth(tuple(phone for phone in name if "-" not in phone))


def _silently(places: set[int], name: Phones) -> set[int]:
    """These places in a name, and those after sounds that may be silent."""
    for place in range(min(places), len(name)):
        if place in places and "-" in name[place]:
            places.add(place + 1)
    return places


@cache
def _same(one: str, other: str) -> bool:
    return not set(one).isdisjoint(other.replace("-", ""))
