"""An index of names by their consonants, to find how a name is written in another script. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from alerts.recognition.sound.alphabets import ABJADS, LETTERS, SYLLABLES, VOWELLESS, Phones, alphabet, phones
from alerts.recognition.sound.likeness import Key, alike, keys, worth

LEAST = 4.5  # bits that a word must have in common with a word of a name
_PART = 0.45  # of a name's own bits
ALONE, ALONE_LETTERS = 11.0, 17.0
"""Bits that a word needs which nothing else speaks for: in another script, and between Latin and Cyrillic."""
_LEAST_LETTERS, _LETTERS_PART = 10.5, 0.6  # between Latin and Cyrillic, which both write all sounds
_LONGER = 4  # sounds by which one word may be longer
_MOST = 200  # candidates compared with one word


# What languages in Latin letters spell in different ways. Other words are romanized alike by all: roots suffice.
_ODD = re.compile(r"[^\x00-\x7f]|[cjwqxzyh]|[aeo][iu]|oo|ee|g[eiuy]|ie|([bdfgklmnprst])\1")


def _first(read: Phones) -> str:
    """What the first sound of a word may be."""
    return next((phone for phone in read if "-" not in phone), "")


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
        if script in LETTERS and not self._has_others:
            other = "cyrillic" if script == "latin" else "latin"
            if other not in self._scripts or (script == "latin" and not _ODD.search(form.lower())):
                return
        read = phones(form)
        for place in self._candidates(form, script, read):
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

    def _candidates(self, form: str, script: str, read: Phones) -> list[int]:
        """The places of the words that may sound like a word of a text, the first of too many."""
        near: set[int] = set()
        if script in LETTERS:
            other = "cyrillic" if script == "latin" else "latin"
            if script == "cyrillic" or _ODD.search(form.lower()):
                for key in keys(read, kind=Key.LETTERS):
                    for letter in _first(read):
                        near.update(self._by_letters.get((other, letter, key), ()))
            if self._has_others:
                near.update(*(self._others.get(key, ()) for key in keys(read) if key))
        else:
            index = self._loose if script in SYLLABLES else self._all
            near.update(*(index.get(key, ()) for key in keys(read, vowelless=script in VOWELLESS) if key))
        return sorted(near)[:_MOST]

    @cached_property
    def _scripts(self) -> frozenset[str]:
        return frozenset(script for script, _, _ in self._by_letters)

    @cached_property
    def _has_others(self) -> bool:
        return bool(self._others)

    @cached_property
    def _by_letters(self) -> dict[tuple[str, str, str], list[int]]:
        found: dict[tuple[str, str, str], list[int]] = {}
        for place, (number, word, script) in enumerate(self._words):
            if number not in self._parts and worth(phones(word)) < ALONE_LETTERS:
                continue
            if script == "cyrillic" or (script == "latin" and _ODD.search(word.lower())):
                read = phones(word)
                for key in keys(read, kind=Key.LETTERS):
                    for first in _first(read):
                        found.setdefault((script, first, key), []).append(place)
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
