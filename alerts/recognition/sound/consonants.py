"""The consonants of Latin and Cyrillic words, straight from their letters: each capitalized word of a text needs them.

`likeness.keys` and `likeness.worth` make the same of a word's phones, but take four times as long. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from itertools import chain, product
from math import prod
from typing import NamedTuple

from alerts.recognition.sound.alphabets import Phones, letters_of, sounds
from alerts.recognition.sound.likeness import CLASSES, MOST_KEYS, Key, keys, most, worth

_HISSING = frozenset("sSzZCcJD")
_BEGINNINGS = {**dict.fromkeys("aeiou", "."), **dict.fromkeys(_HISSING, "S"), "w": "v", "-": ""}
_CHANGED = frozenset("x")  # before i and u, see `letters_of`
_REPEATED = re.compile(r"([^.])\1+")


class Consonants:
    """The consonants of one word."""

    __slots__ = ("_groups", "_letters", "_phones", "_table")

    def __init__(self, word: str, script: str) -> None:
        self._table = _table(script)
        self._letters = letters_of(word, script)
        self._groups = self._table.groups.findall(self._letters)
        self._phones: Phones | None = None

    @property
    def phones(self) -> Phones:
        """How the word sounds."""
        if self._phones is None:
            self._phones = tuple(chain.from_iterable(map(self._table.sounds.__getitem__, self._groups)))
        return self._phones

    @property
    def first(self) -> str:
        """The alternatives of its first sound, and of those after it while it may be silent: "." is any vowel, "S" is
        any hiss.
        """
        found = ""
        for group in self._groups:
            found, certain = f"{found}{self._table.firsts[group][0]}", self._table.firsts[group][1]
            if certain:
                break
        return found if len(found) < 2 else "".join(dict.fromkeys(found))

    @property
    def worth(self) -> float:
        """The bits that the word has in common with itself."""
        return sum(chain.from_iterable(map(self._table.worths.__getitem__, self._groups)))

    @property
    def most(self) -> float:
        """The bits that the word has in common with any other, at most."""
        return sum(map(self._table.most.__getitem__, self._groups))

    def keys(self, kind: Key) -> Collection[str]:
        """Its consonants, for each way to read it; `kind` is LETTERS or CLASSES."""
        if self._table.stops.search(self._letters):
            return keys(self.phones, kind=kind)
        added = self._table.letters if kind is Key.LETTERS else self._table.classes
        if added.ambiguous.isdisjoint(self._groups):  # most words
            return (_once("".join(map(added.first.__getitem__, self._groups))),)
        choices = list(map(added.all.__getitem__, self._groups))
        if prod(map(len, choices)) > MOST_KEYS:
            return keys(self.phones, kind=kind)
        return set(_once(" ".join(map("".join, product(*choices)))).split(" "))


def _once(classes: str) -> str:
    """Consonants of one class in a row count once, unless a vowel separates them."""
    if _REPEATED.search(classes):  # few words: to substitute takes longer
        classes = _REPEATED.sub(r"\1", classes)
    return classes.replace(".", "")


class _Added(NamedTuple):
    """What each group of letters may add to a key: all of it, the first, and the groups that may add several."""

    all: dict[str, tuple[str, ...]]
    first: dict[str, str]
    ambiguous: frozenset[str]


class _Table(NamedTuple):
    """The groups of letters of a script: how they sound, their first sound, what their phones are worth, and at most;
    what they may add to a key of each kind; and a k or g before a w, for which `keys` has a rule: it may be silent.
    """

    groups: re.Pattern[str]
    sounds: dict[str, Phones]
    firsts: dict[str, tuple[str, bool]]
    worths: dict[str, tuple[float, ...]]
    most: dict[str, float]
    letters: _Added
    classes: _Added
    stops: re.Pattern[str]


@cache
def _table(script: str) -> _Table:
    pattern, known = sounds(script)
    return _Table(
        pattern,
        known,
        {group: _first(read) for group, read in known.items()},
        {group: tuple(worth((phone,)) for phone in read) for group, read in known.items()},
        {group: sum(map(most, read)) for group, read in known.items()},
        _added(known, Key.LETTERS),
        _added(known, Key.CLASSES),
        _stops(known),
    )


def unheard(script: str, firsts: Collection[str]) -> frozenset[str]:
    """The letters of a script with which no word begins whose first sound is one of these."""
    known = [(group[0], *first) for group, first in _table(script).firsts.items()]
    heard = {letter for letter, first, certain in known if not certain or any(map(first.__contains__, firsts))}
    return frozenset(letter for letter, *_ in known) - heard - _CHANGED


def _first(read: Phones) -> tuple[str, bool]:
    """What a word may begin with that begins with these phones, and whether one of them is certainly heard."""
    found = ""
    for phone in read:
        found += "".join(_BEGINNINGS.get(letter, letter) for letter in phone)
        if "-" not in phone:
            return found, True
    return found, False


def _stops(known: dict[str, Phones]) -> re.Pattern[str]:
    stops = _any(group[-1] for group, read in known.items() if read and read[-1][0] in "kg")
    w = _any(group[0] for group, read in known.items() if read and "w" in read[0])
    sounding = _any("".join(group for group, read in known.items() if read))
    t = _any(group[-1] for group, read in known.items() if read and set(read[-1]) & set("td"))
    hissing = _any(group[0] for group, read in known.items() if read and set(read[0]) & _HISSING)
    return re.compile(f"[{stops}][^{sounding}]*[{w}]|[{t}][^{sounding}]*[{hissing}]")


def _any(letters: Iterable[str]) -> str:
    return "".join(sorted(set(letters)))


def _added(known: dict[str, Phones], kind: Key) -> _Added:
    found = {
        group: tuple(dict.fromkeys(map("".join, product(*(CLASSES[kind][phone] for phone in read)))))
        for group, read in known.items()
    }
    ambiguous = frozenset(group for group, added in found.items() if len(added) > 1)
    return _Added(found, {group: added[0] for group, added in found.items()}, ambiguous)
