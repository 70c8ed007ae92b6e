"""An index of names by their consonants, to find how a name is written in another script. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from itertools import filterfalse
from math import inf
from typing import NamedTuple

from alerts.recognition.sound.alphabets import ABJADS, LETTERS, SYLLABLES, VOWELLESS, Phones, alphabet, phones, said
from alerts.recognition.sound.letters import Letters, keys, most_bits
from alerts.recognition.sound.likeness import (
    VOWELS,
    Consonant,
    Limit,
    WordKind,
    alike,
    consonants,
    counted,
    least,
    needed,
    needed_beside,
    vowel_bits,
    worth,
)

_ROUNDED = 0.01  # by which a sum of bits may be wrong
_LONGER = 4, 8  # sounds by which one word may be longer, and where the text writes syllables
_MOST = 200  # candidates compared with one word

# What languages in Latin letters spell in different ways. Other words are romanized alike by all: roots suffice.
_ODD = re.compile(r"[^\x00-\x7f]|[cjwqxzyh]|[aeo][iu]|oo|ee|g[eiuy]|ie|([bdfgklmnprst])\1")
_ODD_NAME = re.compile(rf"{_ODD.pattern}|[aeiou]s[aeiou]|i[aou]")

_OTHER = {"latin": "cyrillic", "cyrillic": "latin"}
_ARTICLE = ("aeo-", "l")
_EAST_ASIAN = frozenset({"han", "kana", "hangul"})
_PERSIAN = re.compile("[پچژگٹڈڑ]")  # letters of Persian and Urdu, for which Arabic has others

Sounding = tuple[int, float]
"""A word of a name that a word of a text sounds like, and the bits that they have in common."""


class _Name(NamedTuple):
    """What a word of a script needs to be a name's word: the bits in common, and those below which nothing makes up for
    the rest; how the name's word sounds, its consonants, and the bits of the vowels and of all; what it is, its script,
    and its number.
    """

    enough: float
    floor: float
    phones: Phones
    consonants: tuple[Consonant, ...]
    vowels: float
    own: float
    kind: WordKind
    syllables: int
    script: str
    number: int


Read = tuple[str, Phones, float, float, Limit]
"""The script of a form of a word, how it sounds, the bits that others may have in common with it and with its vowels,
and the bits that each of their consonants may add.
"""


@lru_cache(maxsize=1_000)
def read_aloud(form: str) -> Read:
    """A form of a word, kept for the next names."""
    sounds = phones(form)
    limits = Limit(frozenset(filterfalse(VOWELS.issuperset, sounds)))
    return alphabet(form), sounds, most_bits(sounds), vowel_bits(sounds), limits


class Heard:
    """Numbered words of names. First add all of them, then ask: what a script needs is made with its first word."""

    def __init__(self) -> None:
        self._words: list[tuple[int, str, str]] = []
        self._spelt: set[int] = set()
        self._of_others: list[int] = []  # the places of the words of other scripts
        self._said: set[int] = set()
        self._unsaid: list[tuple[int, str]] = []  # Latin words, and how they are said, which only other scripts ask
        self.joined: set[int] = set()
        """Words that are several words of a name, written together."""
        self.parts: set[int] = set()
        """Words that need not be told by their sound alone: others of their name, or a context word, are near them."""
        self.alone: set[int] = set()
        """Words that may stand alone. The others stand beside more of their name."""
        self.guarded: set[int] = set()
        """Words that may stand alone if a context word is near."""
        self.established: dict[int, frozenset[str]] = {}
        """The scripts in which the spellings of a word are known."""
        self._named = cache(self._name)
        self._letters: dict[str, Letters] = {}
        self._beside_others: dict[tuple[int, str, bool], list[tuple[_Name, float]]] = {}

    def add(self, number: int, word: str, *, spelt: bool = False, written: bool = True) -> None:
        """Add a word of a name, in one script. One that is `spelt` in letters elsewhere is not heard in those; what
        is not `written` is only said so.
        """
        script = alphabet(word)
        if written and script == "latin":
            self._unsaid.append((number, word.lower()))
        if not written:
            self._said.add(len(self._words))
        if spelt:
            self._spelt.add(len(self._words))
        elif script not in LETTERS:
            self._of_others.append(len(self._words))
        self._words.append((number, word, "persian" if script == "arabic" and _PERSIAN.search(word) else script))

    def like(self, forms: Iterable[str], script: str) -> list[Sounding]:
        """The names' words, of other scripts, that one of the forms of a word of a text sounds like: between Latin and
        Cyrillic, only of those that may stand alone.
        """
        if script in LETTERS:
            return _best(one for form in forms for one in self._like_letters(form, script))
        index, vowelless = self._loose if script in SYLLABLES else self._all, script in VOWELLESS
        found: list[Sounding] = []
        for form in forms:
            keyed = keys(phones(form), vowelless=vowelless)
            places = [index[key] for key in keyed if key in index]
            found += self._near(script, form, places) if places else ()
        return _best(found) if found else []

    def _like_letters(self, form: str, script: str) -> list[Sounding]:
        """The same for one form in Latin or Cyrillic letters, all of them small."""
        odd = script == "cyrillic" or _ODD.search(form)
        found = self._letters_of(_OTHER[script]).like(form, script, alone=True) if odd else []
        if self._of_others:
            places = [self._others[key] for key in keys(phones(form)) if key in self._others]
            found += self._near(script, form, places) if places else ()
        return found

    def like_part(self, form: str) -> list[Sounding]:
        """The same between Latin and Cyrillic for those that stand beside other words of their name."""
        form, script = form.lower(), alphabet(form)
        if script not in LETTERS or (script == "latin" and not _ODD.search(form)):
            return []
        return _best(self._letters_of(_OTHER[script]).like(form, script, alone=False))

    def may_be_part(self, script: str) -> bool:
        """Whether a word of a script, Latin or Cyrillic, may sound like one that stands beside others of its name."""
        return script in LETTERS and self._letters_of(_OTHER[script]).has(alone=False)

    def like_spelt(self, form: str) -> list[Sounding]:
        """The same for names' words of its own script, in a language that writes foreign names as it hears them."""
        script = alphabet(form)
        return _best(self._letters_of(script).spelt(form)) if script in LETTERS else []

    def _near(self, script: str, form: str, near: Sequence[Sequence[int]]) -> Iterator[Sounding]:
        """Those of the words at `near` places that one sounds like: of another script than Latin or Cyrillic, or for
        one of those.
        """
        _, read, at_most, most_vowels, limits = read_aloud(form)
        article = script == "arabic" and read[:2] == _ARTICLE  # whose l is not that of a name
        named, longer = self._named, _LONGER[script in SYLLABLES]
        for place in sorted(set().union(*near))[:_MOST]:
            enough, floor, sounds, clear, vowels, own, kind, syllables, other, number = named(place, script)
            if at_most < floor or sum(map(limits.__getitem__, clear)) + min(vowels, most_vowels) < floor:
                continue  # nearly all
            if abs(len(sounds) - len(read)) > longer or (article and sounds[0] == "l"):
                continue
            bits = _common(read, script, sounds, other, floor)
            if bits >= floor and (bits := counted(bits, kind, own, script, syllables)) >= enough:
                yield number, bits

    def _name(self, place: int, script: str) -> _Name:
        """What a word of a script needs to be the name's word at a place; endless, if that is not heard there."""
        number, word, other = self._words[place]
        sounds, kind = phones(word), WordKind.PART if number in self.parts else WordKind.WHOLE
        if number in self.joined:
            kind = WordKind.SPELT if place in self._spelt else WordKind.JOINED
        own, syllables = worth(sounds), len(word) if place in self._spelt and other in {"han", "hangul"} else 0
        established, guarded = script in self.established.get(number, ()), number in self.guarded
        enough = needed(kind, own, script, other, established=established, guarded=guarded)
        unheard = place in self._spelt and script not in _EAST_ASIAN  # a reading says too little elsewhere
        if other == script or unheard or (established and place in self._said):
            enough = inf
        floor = least(enough, own, script, syllables) - _ROUNDED if enough < inf else inf
        clear = consonants(sounds, loose=script in SYLLABLES)
        return _Name(enough, floor, sounds, clear, vowel_bits(sounds), own, kind, syllables, other, number)

    def beside(self, heads: Iterable[tuple[Read, str]], number: int, least: int, *, given: bool) -> tuple[float, str]:
        """The most bits that a head of a word has in common with a word of a name, beside another word of it, and its
        ending, if they are enough, and `least` at least; else none: not even the consonants need be the same. `given`:
        whether it is the given name.
        """
        best = 0.0, ""
        for (script, read, at_most, most_vowels, limits), ending in heads:
            for name, needs in self._beside(number, script, given):
                enough = max(needs, least)
                floor, vowels = enough - _ROUNDED, min(name.vowels, most_vowels)
                if at_most < floor or sum(map(limits.__getitem__, name.consonants)) + vowels < floor:
                    continue  # nearly all
                if abs(len(name.phones) - len(read)) <= _LONGER[script in SYLLABLES]:
                    bits = _common(read, script, name.phones, name.script, floor)
                    if bits >= enough:
                        best = max(best, (counted(bits, name.kind, name.own, script, name.syllables), ending))
        return best

    def _beside(self, number: int, script: str, given: bool) -> list[tuple[_Name, float]]:
        """The words of a name that a script may have beside another word of it, and the bits that one needs for it."""
        key = number, script, given
        if key not in self._beside_others:
            places = (place for place in self._places.get(number, ()) if place not in self._spelt)
            names = (name for place in places if (name := self._named(place, script)).script != script)
            self._beside_others[key] = [
                (name, needed_beside(name.own, script, name.script, given=given)) for name in names
            ]
        return self._beside_others[key]

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        """The places of each number's words."""
        self._say()
        found: dict[int, list[int]] = {}
        for place, (number, _, _) in enumerate(self._words):
            found.setdefault(number, []).append(place)
        return found

    def _letters_of(self, own: str) -> Letters:
        """The words of a script, Latin or Cyrillic, as they are written."""
        if own in self._letters:
            return self._letters[own]
        found = Letters(own)
        for place, (number, word, script) in enumerate(self._words):
            if place in self._said or script != own:
                continue
            if script == "cyrillic" or _ODD_NAME.search(word.lower()):
                found.add(number, word, self._roles(number))
        self._letters[own] = found
        return found

    def _roles(self, number: int) -> Iterator[tuple[bool, bool]]:
        """Whether a word has something near that speaks for it, and whether it may stand alone: it may do both."""
        part = number in self.parts and number not in self.joined
        if number in self.guarded:
            yield part, True
            return
        if number in self.alone or not part:
            yield False, True
        if part:
            yield True, False

    @cached_property
    def _others(self) -> dict[str, list[int]]:
        return self._by_key(self._of_others)

    @cached_property
    def _all(self) -> dict[str, list[int]]:
        self._say()
        return self._by_key(range(len(self._words)))

    @cached_property
    def _loose(self) -> dict[str, list[int]]:
        self._say()
        return self._by_key(range(len(self._words)), loose=True)

    def _by_key(self, places: Iterable[int], *, loose: bool = False) -> dict[str, list[int]]:
        """The places of words by their consonants."""
        found: dict[str, list[int]] = {}
        for place in places:
            _, word, script = self._words[place]
            for key in filter(None, keys(phones(word), loose=loose, vowelless=script in VOWELLESS)):
                found.setdefault(key, []).append(place)
        return found

    def _say(self) -> None:
        """Add how Latin words are said by the rules of their languages."""
        unsaid, self._unsaid = self._unsaid, []
        for number, word in unsaid:
            for form in said(word):
                self.add(number, form, written=False)


def _best(found: Iterable[Sounding]) -> list[Sounding]:
    best: dict[int, float] = {}
    for number, bits in found:
        best[number] = max(bits, best.get(number, 0.0))
    return list(best.items())


def _common(read: Phones, script: str, name: Phones, other: str, enough: float) -> float:
    """The bits that a word of a text and a name's word have in common."""
    in_text, in_name = _vowel_costs(script, other)
    return alike(read, name, text_vowels=in_text, name_vowels=in_name, loose=script in SYLLABLES, enough=enough)


@cache
def _vowel_costs(script: str, name: str) -> tuple[float, float]:
    """What a vowel costs that the name lacks, and one that the text lacks: a Chinese character has all of its vowels,
    and abjads write most vowels of foreign names.
    """
    in_text, in_name = (-0.3 if each in SYLLABLES and name != "han" else -1.2 for each in (script, name))
    if script in VOWELLESS:
        in_name = -0.2 if name in ABJADS else -0.7
    return -0.2 if name in VOWELLESS else in_text, in_name
