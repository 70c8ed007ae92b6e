"""An index of names by their consonants, to find how a name is written in another script. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import NamedTuple

from alerts.recognition.sound.alphabets import ABJADS, LETTERS, SYLLABLES, VOWELLESS, alphabet, phones
from alerts.recognition.sound.consonants import Consonants
from alerts.recognition.sound.likeness import Key, alike, keys, worth

LEAST = 4.5  # bits that a word must have in common with a word of a name
_PART = 0.45  # of a name's own bits
ALONE, ALONE_LETTERS = 11.0, 17.0
"""Bits that a word needs which nothing else speaks for: in another script, and between Latin and Cyrillic."""
_LEAST_LETTERS, _LETTERS_PART = 10.5, 0.6  # between Latin and Cyrillic, which both write all sounds
_NEVER_ENOUGH = _LEAST_LETTERS - 0.01  # for a sum, which is rounded
_LONGER = 4  # sounds by which one word may be longer
_MOST = 200  # candidates compared with one word


# What languages in Latin letters spell in different ways. Other words are romanized alike by all: roots suffice.
_ODD = re.compile(r"[^\x00-\x7f]|[cjwqxzyh]|[aeo][iu]|oo|ee|g[eiuy]|ie|([bdfgklmnprst])\1")


class Sounding(NamedTuple):
    """A word of a name that a word of a text sounds like, and the bits that they have in common."""

    number: int
    bits: float


class Heard:
    """Numbered words of names. First add all of them, then ask. The index is built with the first question."""

    def __init__(self) -> None:
        self._words: list[tuple[int, str, str]] = []
        self._spelt: set[int] = set()
        self._parts: set[int] = set()

    def add(self, number: int, word: str, *, spelt: bool = False) -> None:
        """Add a word of a name, in one script. One that is `spelt` in letters elsewhere is not heard in those."""
        if spelt:
            self._spelt.add(len(self._words))
        self._words.append((number, word, alphabet(word)))

    def add_parts(self, numbers: Iterable[int]) -> None:
        """Words that need not be told by their sound alone: others of their name, or a context word, are near them."""
        self._parts.update(numbers)

    def like(self, forms: Iterable[str]) -> list[Sounding]:
        """The names' words, of other scripts, that one of the forms of a word of a text sounds like."""
        best: dict[int, float] = {}
        for form in forms:
            for number, bits in self._like(form):
                best[number] = max(bits, best.get(number, 0.0))
        return [Sounding(number, bits) for number, bits in best.items()]

    def _like(self, form: str) -> Iterator[tuple[int, float]]:
        script = alphabet(form)
        places = self._by_spelling(form, script) if script in LETTERS else self._by_sound(form, script)
        if not places:
            return
        read = phones(form)
        for place in sorted(places)[:_MOST]:
            number, word, other = self._words[place]
            if other == script:
                continue
            name = phones(word)
            if abs(len(name) - len(read)) > _LONGER:
                continue
            bits = alike(
                read,
                name,
                text_vowels=_text_vowels(script, other),
                name_vowels=_name_vowels(script, other),
                loose=script in SYLLABLES,
            )
            letters = script in LETTERS and other in LETTERS
            least, part = (_LEAST_LETTERS, _LETTERS_PART) if letters else (LEAST, _PART)
            if number not in self._parts:
                least = ALONE_LETTERS if letters else ALONE
            if bits >= least and bits >= part * worth(name):
                yield number, bits

    def _by_spelling(self, form: str, script: str) -> set[int]:
        """The places of the words that a Latin or Cyrillic word may sound like."""
        near: set[int] = set()
        other = self._by_letters["cyrillic" if script == "latin" else "latin"]
        odd = bool(other) and (script == "cyrillic" or _ODD.search(form.lower()))
        read = Consonants(form, script) if odd or self._others else None
        if read and odd and read.most > _NEVER_ENOUGH:
            for letter, key in product(read.first, read.keys(Key.LETTERS)):
                near.update(other.get(letter + key, ()))
        if read and self._others:
            near.update(*(self._others.get(key, ()) for key in read.keys(Key.CLASSES) if key))
        return near

    def _by_sound(self, form: str, script: str) -> set[int]:
        """The places of the words that a word of another script may sound like."""
        index = self._loose if script in SYLLABLES else self._all
        found = keys(phones(form), vowelless=script in VOWELLESS)
        return set().union(*(index.get(key, ()) for key in found if key))

    @cached_property
    def _by_letters(self) -> dict[str, dict[str, list[int]]]:
        """The places of Latin and of Cyrillic words by their first sound and their consonants."""
        found: dict[str, dict[str, list[int]]] = {script: {} for script in LETTERS}
        for place, (number, word, script) in enumerate(self._words):
            if script not in LETTERS or (script == "latin" and not _ODD.search(word.lower())):
                continue
            read = Consonants(word, script)
            if read.most > _NEVER_ENOUGH if number in self._parts else read.worth >= ALONE_LETTERS:
                for letter, key in product(read.first, read.keys(Key.LETTERS)):
                    found[script].setdefault(letter + key, []).append(place)
        return found

    @cached_property
    def _others(self) -> dict[str, list[int]]:
        return self._by_class(lambda place: self._words[place][2] not in LETTERS and place not in self._spelt)

    @cached_property
    def _all(self) -> dict[str, list[int]]:
        return self._by_class(lambda _: True)

    @cached_property
    def _loose(self) -> dict[str, list[int]]:
        return self._by_class(lambda _: True, kind=Key.LOOSE)

    def _by_class(self, of: Callable[[int], bool], kind: Key = Key.CLASSES) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, (_, word, script) in enumerate(self._words):
            if of(place):
                for key in keys(phones(word), kind=kind, vowelless=script in VOWELLESS):
                    found.setdefault(key, []).append(place)
        return found


def _text_vowels(script: str, name: str) -> float:
    """What a vowel costs that the name lacks."""
    if name in VOWELLESS:
        return -0.2
    return -0.3 if script in SYLLABLES else -1.2


def _name_vowels(script: str, name: str) -> float:
    """What a vowel costs that the text lacks: abjads write most vowels of foreign names."""
    if script in VOWELLESS:
        return -0.2 if name in ABJADS else -0.7
    return -0.3 if name in SYLLABLES else -1.2
