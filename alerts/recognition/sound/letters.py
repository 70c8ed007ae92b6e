"""An index of the Latin and Cyrillic words of names by their consonants, to find how other languages spell them.

Both scripts write all sounds, so words have to agree in more than between other scripts. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from math import inf
from typing import NamedTuple

from alerts.recognition.sound.agreement import agree, certain_worth, may_agree, vowels
from alerts.recognition.sound.alphabets import LETTERS, SPELT, Phones
from alerts.recognition.sound.consonants import Consonants, unheard
from alerts.recognition.sound.enough import ALONE_LETTERS
from alerts.recognition.sound.likeness import Key, alike

_LEAST, _PART = 10.5, 0.6  # bits of a word that others are near, and which part of the name's own
_LESS, _MORE = 9.0, 0.8  # fewer bits that are a greater part of them
_AGREEING, _AGREEING_ALONE = 4.5, 11.5
"""Bits that are enough for a part of a name, and for a name of one word, if all sounds agree."""
_NEARLY, _NEARLY_PART = 0.7, 0.55  # of a name's own bits, which it needs even so
_WITH_OTHERS = ALONE_LETTERS - 1  # bits at most of a word that is found with the others of its name only
_SPELT_ALONE = 14.0  # in one script, where the same sounds are more likely another word
_LONGER = 4  # sounds by which one word may be longer
_MOST = 200  # candidates compared with one word
_ROUNDED = 0.01  # by which a sum of bits may be wrong


class _Word(NamedTuple):
    """A word of a name: how it sounds, with its vowels apart; whether it is a part; the bits that a word needs that is
    like it, and one that agrees with it in every sound. A `short` one can only be told so.
    """

    number: int
    phones: Phones
    vowels: Phones
    part: bool
    short: bool
    like: float
    agreeing: float
    least: float


class _Index:
    """The places of words by what words share that sound alike, and the fewest bits that one of them needs."""

    def __init__(self) -> None:
        self.places: dict[str, list[int]] = {}
        self.least = inf

    @cached_property
    def unheard(self) -> dict[str, frozenset[str]]:
        """For each script, the letters with which nothing begins that is here, after the last word was added."""
        firsts = {key[0] for key in self.places}
        return {script: unheard(SPELT[script], firsts) for script in LETTERS}


class Letters:
    """Words of names, by script. A word that is a `part` has others of its name or a context word near it; one that
    does not stand `alone` has others of its name beside it.
    """

    def __init__(self) -> None:
        self._words: list[_Word] = []
        self._indexes = {script: {alone: _Index() for alone in (True, False)} for script in LETTERS}

    def add(self, number: int, word: str, script: str, *, part: bool, alone: bool) -> None:
        """Add a word, unless too little of it can be heard."""
        read = Consonants(word, SPELT[script])
        if read.most < (_AGREEING if part else _AGREEING_ALONE) - _ROUNDED:
            return
        phones, own = read.phones, certain_worth(read.phones)
        like = min(max(_LEAST, _PART * own), max(_LESS, _MORE * own)) if part else ALONE_LETTERS
        short = read.most < like
        agreeing = max(_AGREEING, _NEARLY_PART * own) if part else max(_AGREEING_ALONE, _NEARLY * own)
        index, least = self._indexes[script][alone], min(like, agreeing)
        index.least = min(index.least, least)
        for key in _keys(read):
            index.places.setdefault(key, []).append(len(self._words))
        self._words.append(_Word(number, phones, vowels(phones), part, short, like, agreeing, least))

    def has(self, script: str, *, alone: bool) -> bool:
        """Whether there are words in a script that may stand alone, or others."""
        return bool(self._indexes[script][alone].places)

    def like(self, word: str, own: str, script: str, *, alone: bool) -> list[tuple[int, float]]:
        """The words of a script that a word of its `own` one sounds like, and the bits that they have in common."""
        index = self._indexes[script][alone]
        if word[0] in index.unheard[own]:
            return []
        read = Consonants(word, SPELT[own])
        if read.most + _ROUNDED < index.least:
            return []
        near = ((known, _bits(read.phones, known, strictly=strictly)) for known, strictly in self._near(read, index))
        return [(known.number, bits) for known, bits in near if bits]

    def spelt(self, word: str, script: str) -> Iterator[tuple[int, float]]:
        """The same for words of its own script, in a language that writes foreign names as it hears them."""
        read = Consonants(word, SPELT[script])
        near = (self._near(read, index, loosely=True) for index in self._indexes[script].values())
        for known, strictly in chain.from_iterable(near):
            bits = _bits(read.phones, known, strictly=strictly)
            if bits and _is_sure(read.phones, known.phones):
                yield known.number, bits
            elif bits and known.part:
                yield known.number, min(bits, _WITH_OTHERS)

    def _near(self, read: Consonants, index: _Index, *, loosely: bool = False) -> list[tuple[_Word, bool]]:
        """The words that a word may be like: those that share its consonants, that it has enough sounds for, and whose
        vowels are like its own, unless `loosely`; with whether they have to agree in every sound.
        """
        most, places, words = read.most + _ROUNDED, index.places, self._words
        found = {place for key in _keys(read) if key in places for place in places[key] if words[place].least <= most}
        if not found:  # most words
            return []
        own = vowels(read.phones)
        near = ((word, word.short or most < word.like) for word in map(words.__getitem__, sorted(found)[:_MOST]))
        return [
            (word, strictly) for word, strictly in near if loosely or may_agree(own, word.vowels, strictly=strictly)
        ]


def _keys(read: Consonants) -> list[str]:
    """What words that sound alike share: the first sound, and the consonants."""
    firsts, keys = read.first, read.keys(Key.LETTERS)
    return [firsts + key for key in keys] if len(firsts) == 1 else [first + key for key in keys for first in firsts]


def _bits(read: Phones, known: _Word, *, strictly: bool) -> float:
    """The bits that a word has in common with a name's; 0 if they are too few."""
    name = known.phones
    if abs(len(name) - len(read)) > _LONGER or (strictly and not agree(read, name)):
        return 0.0
    bits = alike(read, name)
    if bits >= known.like:
        return bits
    if bits < known.agreeing or not (strictly or agree(read, name)):
        return 0.0
    return bits if known.part and bits < _AGREEING_ALONE else ALONE_LETTERS


def _is_sure(read: Phones, name: Phones) -> bool:
    return alike(read, name) >= _SPELT_ALONE and agree(read, name, ending=False)
