"""An index of the Latin and Cyrillic words of names by their consonants, to find how other languages spell them.

Both scripts write all sounds, so words have to agree in more than between other scripts. Pure.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from itertools import chain, islice, product
from math import inf
from typing import NamedTuple

from alerts.recognition.sound.alphabets import LETTERS, SPELT, Phones, sounds, spelt_phones
from alerts.recognition.sound.likeness import ALONE_LETTERS, CLASS, agree, alike, certain_worth, may_agree, most, vowels

_LETTERS = CLASS | {letter: letter for letter in "pbtdkgrl"} | dict.fromkeys("vwf", "v")
_DENTAL, _LIQUID, _MAY_LACK = frozenset("td"), frozenset("rl"), frozenset("tdrlw")
MOST_KEYS = 16
"""Ways to read one word."""
# A w after k or g, or t and d before a hiss; and what scripts of syllables may lack.
_MAY_BE_SILENT = re.compile(r"[kg][^ ]* [^ ]*w|[td][^ ]* [^ ]*[sSzZCcJD]")
_MAY_BE_LACKING = re.compile(rf"{_MAY_BE_SILENT.pattern}|[rlw]")
_REPEATED = re.compile(r"([^. ])(?=\1)")


@cache
def _classes(phone: str) -> tuple[str, ...]:
    """What a phone may add to a key: hissing consonants as one, "." for a vowel, also for one that may be silent."""
    found = tuple(dict.fromkeys(_LETTERS[alternative] for alternative in phone))
    return (".",) if found == (".", "") else found


@lru_cache(maxsize=20_000)
def keys(phones: Phones, *, loose: bool = False, vowelless: bool = False) -> Sequence[str]:
    """The keys of a word. `loose`: without consonants that scripts of syllables may lack; `vowelless`: also as if a
    vowel separated all of them.
    """
    choices = list(map(_classes, phones))
    if (_MAY_BE_LACKING if loose else _MAY_BE_SILENT).search(" ".join(phones)):
        for at, phone in enumerate(phones):
            if not _MAY_LACK.isdisjoint(phone) and _may_lack(phones, at, loose=loose):
                choices[at] = (*choices[at], "")
    ways = list(islice(product(*choices), MOST_KEYS))
    told = " ".join(map("".join, ways))
    if _REPEATED.search(told):
        told = f"{told} {' '.join(map('.'.join, ways))}" if vowelless else told
        told = _REPEATED.sub("", told)  # consonants of one class in a row count once, unless a vowel separates them
    return tuple(dict.fromkeys(told.replace(".", "").split(" ")))


def _may_lack(phones: Phones, at: int, *, loose: bool) -> bool:
    """Whether a word that sounds so may lack a sound. In scripts of syllables it may be an r before a consonant or at
    the end, and a w before u and o.
    """
    phone, before, after = phones[at], phones[at - 1] if at else " ", phones[at + 1] if at + 1 < len(phones) else ""
    if "w" in phone and before[0] in "kg":  # Kwon is also heard as Kon
        return True
    if not _DENTAL.isdisjoint(phone) and after and "S" in _classes(after):  # dz is also heard as one sound
        return True
    if not loose:
        return False
    if not _LIQUID.isdisjoint(phone):
        return not after or "." not in _classes(after)
    return "w" in phone and after[:1] in {"u", "o"}


_HISSING = frozenset("sSzZCcJD")
_BEGINNINGS = {**dict.fromkeys("aeiou", "."), **dict.fromkeys(_HISSING, "S"), "w": "v", "-": ""}
_CHANGED = frozenset("x")  # before i and u, see `alphabets`


def first_sounds(read: Phones) -> str:
    """The alternatives of a word's first sound, and of those after it while it may be silent: "." is any vowel, "S" is
    any hiss.
    """
    found = ""
    for phone in read:
        found += "".join(_BEGINNINGS.get(letter, letter) for letter in phone)
        if "-" not in phone:
            break
    return "".join(dict.fromkeys(found))


def most_bits(read: Phones) -> float:
    """The bits that a word has in common with any other, at most."""
    return sum(map(most, read))


def unheard(script: str, firsts: Collection[str]) -> frozenset[str]:
    """The letters of a script with which no word begins whose first sound is one of these."""
    known = [(group[0], first_sounds(read), any("-" not in phone for phone in read)) for group, read in sounds(script)]
    heard = {letter for letter, first, certain in known if not certain or any(map(first.__contains__, firsts))}
    return frozenset(letter for letter, *_ in known) - heard - _CHANGED


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
    """Words of names in one script. A word that is a `part` has others of its name or a context word near it; one that
    does not stand `alone` has others of its name beside it.
    """

    def __init__(self, script: str) -> None:
        self._script = SPELT[script]
        self._words: list[_Word] = []
        self._indexes = {alone: _Index() for alone in (True, False)}

    def add(self, number: int, word: str, roles: Iterable[tuple[bool, bool]]) -> None:
        """Add a word in each role, whether it is a part and whether it may stand alone, unless too little is heard."""
        phones = spelt_phones(word, self._script)
        greatest, own, heard, keyed = most_bits(phones), certain_worth(phones), vowels(phones), _keys(phones)
        for part, alone in roles:
            if greatest < (_AGREEING if part else _AGREEING_ALONE) - _ROUNDED:
                continue
            like = min(max(_LEAST, _PART * own), max(_LESS, _MORE * own)) if part else ALONE_LETTERS
            short = greatest < like
            agreeing = max(_AGREEING, _NEARLY_PART * own) if part else max(_AGREEING_ALONE, _NEARLY * own)
            index, least = self._indexes[alone], min(like, agreeing)
            index.least = min(index.least, least)
            for key in keyed:
                index.places.setdefault(key, []).append(len(self._words))
            self._words.append(_Word(number, phones, heard, part, short, like, agreeing, least))

    def has(self, *, alone: bool) -> bool:
        """Whether there are words that may stand alone, or others."""
        return bool(self._indexes[alone].places)

    def like(self, word: str, own: str, *, alone: bool) -> list[tuple[int, float]]:
        """The words that a word of its `own` script sounds like, and the bits that they have in common."""
        index = self._indexes[alone]
        if word[0] in index.unheard[own]:
            return []
        read = spelt_phones(word, SPELT[own])
        if most_bits(read) + _ROUNDED < index.least:
            return []
        near = ((known, _bits(read, known, strictly=strictly)) for known, strictly in self._near(read, index))
        return [(known.number, bits) for known, bits in near if bits]

    def spelt(self, word: str) -> Iterator[tuple[int, float]]:
        """The same for a word of this script, in a language that writes foreign names as it hears them."""
        read = spelt_phones(word, self._script)
        near = (self._near(read, index, loosely=True) for index in self._indexes.values())
        for known, strictly in chain.from_iterable(near):
            bits = _bits(read, known, strictly=strictly)
            if bits and alike(read, known.phones) >= _SPELT_ALONE and agree(read, known.phones, ending=False):
                yield known.number, bits
            elif bits and known.part:
                yield known.number, min(bits, _WITH_OTHERS)

    def _near(self, read: Phones, index: _Index, *, loosely: bool = False) -> list[tuple[_Word, bool]]:
        """The words that a word may be like: those that share its consonants, that it has enough sounds for, and whose
        vowels are like its own, unless `loosely`; with whether they have to agree in every sound.
        """
        most, places, words = most_bits(read) + _ROUNDED, index.places, self._words
        found = {place for key in _keys(read) if key in places for place in places[key] if words[place].least <= most}
        if not found:  # most words
            return []
        own = vowels(read)
        near = ((word, word.short or most < word.like) for word in map(words.__getitem__, sorted(found)[:_MOST]))
        return [
            (word, strictly) for word, strictly in near if loosely or may_agree(own, word.vowels, strictly=strictly)
        ]


def _keys(read: Phones) -> list[str]:
    """What words that sound alike share: the first sound, and the consonants."""
    firsts = first_sounds(read)
    return [first + key for key in keys(read) for first in firsts]


def _bits(read: Phones, known: _Word, *, strictly: bool) -> float:
    """The bits that a word has in common with a name's; 0 if they are too few."""
    name = known.phones
    if abs(len(name) - len(read)) > _LONGER or (strictly and not agree(read, name)):
        return 0.0
    bits = alike(read, name, enough=known.least - _ROUNDED)
    if bits >= known.like:
        return bits
    if bits < known.agreeing or not (strictly or agree(read, name)):
        return 0.0
    return bits if known.part and bits < _AGREEING_ALONE else ALONE_LETTERS
