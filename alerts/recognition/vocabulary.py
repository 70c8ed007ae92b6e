"""The words of names, contexts and phrases, and how a word of a text is recognized as one of them: by its letters, or
by its sound, with the endings of each language. Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from alerts.recognition.language.dictionary import SAME, is_frequent
from alerts.recognition.language.endings import (
    GEORGIAN_NOMINATIVE,
    LEAST_LEFT,
    SUFFIXES,
    Kind,
    bare,
    borrowed,
    forms,
    spoken,
    stems,
)
from alerts.recognition.language.misspelling import SHORTEST
from alerts.recognition.language.scripts import Script, fold, fold_and_script, one_form, script_of, umlauts
from alerts.recognition.sound.alphabets import LETTERS, alphabet, said
from alerts.recognition.sound.heard import Heard, Read, Sounding, read_aloud
from alerts.recognition.sound.likeness import ALONE_LETTERS
from alerts.recognition.stems import SHORT, Added, Split, Stems, heads, is_changed_short, splits
from alerts.recognition.tables import listed
from alerts.recognition.words import Hit, How, Span, surest

if TYPE_CHECKING:
    from alerts.recognition.sound.readings import Spelt

_JOINED = frozenset({"מ", "ל", "ב", "ש", "כש", "ו", "ומ", "ול", "וב", "וש"})  # Hebrew: not the article
_MADDA = "آ"
_BEGINNING = 3  # letters of a Thai word by which it is looked up
_LONGEST = 100  # letters: a longer word is no name
_REMEMBERED = 50_000  # pairs kept in the cache
_NONE: frozenset[str] = frozenset()
LEAST_HEARD = 3
"""Letters of a word that may be heard."""
_PLURAL = frozenset(listed("ов ів ев ам ям ами ями ах ях"))
_OF_ADJECTIVES = frozenset(
    listed("ый ий ой ого его ому ему ым им ая яя ую юю ое ее ые ие ых их ыми ими ій ої ата та то те")
)


@lru_cache(maxsize=500)
def _heads_of_beside(word: str) -> list[tuple[Read, str]]:
    """What of a word may be a name, with the ending that is cut off: asked for each partner near it."""
    folded, script = fold_and_script(word) if len(word) <= _LONGEST else ("", "none")
    if script == "other":
        return [(read_aloud(form), "") for form in forms(folded)]
    if script not in {"latin", "cyrillic"} or not word[0].isupper():
        return []
    spoken = said(word.lower(), anywhere=True) if script == "latin" else ()
    found = (*heads(word, folded, splits(folded, script)), *((form, "") for form in spoken))
    return [(read_aloud(head), ending) for head, ending in found]


class BySound:
    """What `Heard` has heard, as hits."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._known: dict[tuple[str, int, int], Hit | None] = {}  # what stands beside other words of a name

    def beside(self, word: str, number: int, least: int, *, given: bool) -> Hit | None:
        """Whether a word sounds like a numbered one, which is the `given` name or another word of a name, by `least`
        bits.
        """
        key = word, number, least
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            best, ending = self._heard.beside(_heads_of_beside(word), number, least, given=given)
            languages = SUFFIXES.get(ending, _NONE) if word[0].isascii() else _NONE
            self._known[key] = Hit(number, How.HEARD, ending, languages=languages, bits=best) if best else None
        return self._known[key]

    def capitalized(self, word: str, divided: Sequence[Split], folded: str) -> list[Hit]:
        """The same for a Latin or Cyrillic word with a capital letter, and its endings."""
        hits: list[Hit] = []
        for head, ending, languages in _heads(word.lower(), folded, divided):
            if found := self._heard.like((head,), alphabet(word)):
                hits += _of_sound(found, head, ending, languages)
        return hits

    def part(self, word: str) -> Iterator[Hit]:
        """The words of names of several words that a capitalized word sounds like, beside another one of these."""
        folded, script = fold_and_script(word)
        if script in {"latin", "cyrillic"}:
            for head, ending, languages in _heads(word, folded, splits(folded, script)):
                yield from _of_sound(self._heard.like_part(head), head, ending, languages)

    def spelt_otherwise(self, word: str, longest: int) -> Iterator[Hit]:
        """The words of its script that it sounds like, in a language that writes foreign names as it hears them."""
        folded, script = fold_and_script(word)
        if not LEAST_HEARD <= len(word) <= longest or script not in {"latin", "cyrillic"}:
            return
        for head, ending, languages in _heads(word, folded, splits(folded, script)):
            for number, bits in self._heard.like_spelt(head) if ending not in _PLURAL else ():
                yield Hit(number, How.HEARD, ending, languages=languages, bits=bits)


def _heads(word: str, folded: str, divided: Sequence[Split]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """A word and what is left without its endings; each ending, and the languages that have it if not all have."""
    is_latin = alphabet(word) == "latin"
    for head, ending in heads(word, folded, divided):
        yield head, ending, SUFFIXES.get(ending, _NONE) if is_latin else _NONE


def _of_sound(found: Iterable[Sounding], head: str, ending: str, languages: frozenset[str]) -> list[Hit]:
    """The hits. A short word, told by its sound alone, has no adjective's ending."""
    # Whether a stem may be a Slavic surname that is declined as an adjective: Вуйцицкий
    short = ending not in _OF_ADJECTIVES or head.lower().endswith(("ск", "цк"))
    return [
        Hit(number, How.HEARD, ending, languages=languages, bits=bits)
        for number, bits in found
        if short or bits != ALONE_LETTERS
    ]


class ForeignWords:
    """Numbered words: foreign ones as a script writes them, and Chinese characters. First add them, then look up."""

    def __init__(self) -> None:
        self.written: dict[str, list[int]] = {}
        """The numbers of foreign words, by their forms."""
        self._guarded: set[int] = set()
        self.characters: list[tuple[int, str]] = []
        """Chinese characters."""
        self._thai: dict[str, list[str]] | None = None
        self._accents: dict[int, int] = {}

    def add(self, number: int, word: str, folded: str, *, guarded: bool) -> None:
        """Add a foreign word, `guarded` by a context word: a short one may then be joined to others."""
        self._accents[number] = _accent(word)
        if guarded:
            self._guarded.add(number)
        for form in {folded, folded.removesuffix(GEORGIAN_NOMINATIVE)}:
            self.written.setdefault(form, []).append(number)

    def like(self, word: str, folded: str, read: Iterable[str]) -> Iterator[int]:
        """The foreign words that a word of a text is, or is with what its script adds to such words: see `borrowed`. A
        Greek word with its accent elsewhere is another word.
        """
        for form in read:
            if numbers := self.written.get(form):
                accent = _accent(word)
                numbers = [one for one in numbers if -1 in {accent, self._accents[one]} or accent == self._accents[one]]
                # What is joined to a short form may be letters of another word, unless it, or a rare letter, tells that
                # it is a name.
                joined = folded.removesuffix(form)
                short = joined not in {"", folded} and len(form) <= LEAST_LEFT
                doubtful = short and not (joined in _JOINED or _MADDA in word)
                yield from filter(self._guarded.__contains__, numbers) if doubtful else numbers

    def like_character(self, char: str) -> Iterable[int]:
        """The Chinese characters of which one of a text is a form."""
        return self._of_one_form.get(one_form(char), ()) if self.characters and alphabet(char) == "han" else ()

    def listed_in(self, text: str, part: Span, others: Iterable[str]) -> list[Span]:
        """Where Thai words are in a part of a text, the longest at each place. `others`: those found exactly, always
        the same.
        """
        if self._thai is None:
            self._thai = {}  # by their beginning, the longest first: made with the first text in Thai
            for word in sorted({*others, *self.written}, key=len, reverse=True):
                if len(word) > _BEGINNING and alphabet(word) == "thai":
                    self._thai.setdefault(word[:_BEGINNING], []).append(word)
        (start, end), known, found = part, self._thai, list[Span]()
        for at in range(start, end):
            if words := known.get(text[at : at + _BEGINNING]):  # seldom
                found += [(at, min(end, at + len(word))) for word in words if text.startswith(word, at)][:1]
        return found

    @cached_property
    def _of_one_form(self) -> dict[str, list[int]]:
        """The characters in one form: made with the first text in these."""
        found: dict[str, list[int]] = {}
        for number, char in self.characters:
            found.setdefault(one_form(char), []).append(number)
        return found


def _accent(word: str) -> int:
    """Where a Greek word has its accent; -1 without one."""
    return unicodedata.normalize("NFD", word).find("\u0301") if "\u0370" <= word[:1] <= "\u03ff" else -1


REMEMBERED = 100_000
"""Words of texts that a cache keeps, at 100 bytes each."""
LONGEST = 100
"""Letters: a longer word is no name, and the search for misspellings would take too long."""


class Cache(dict[str, Sequence[Hit]]):
    """The words of the vocabulary that each word of a text may be: mostly none. A new word is looked up."""

    def __init__(self, look_up: Callable[[str, Cache], Sequence[Hit]]) -> None:
        self._look_up = look_up
        self.beginnings: set[str] = set()
        """The words with which a name may begin."""
        self.parts: dict[str, Sequence[Hit] | None] = {}
        """What may be a part of a name: looked for when it stands beside another capitalized word."""

    def __missing__(self, word: str) -> Sequence[Hit]:
        if len(word) > LONGEST:
            return ()
        hits = self[word] = self._look_up(word, self)
        return hits

    def forget(self) -> None:
        """Forget all."""
        for kept in (self, self.beginnings, self.parts):
            kept.clear()


def with_room(cache: Cache) -> Cache:
    """The cache, emptied if it is full: never between two words of a text, which would lose the first of them."""
    if len(cache) >= REMEMBERED:
        cache.forget()
    return cache


_MANY = 5_000  # words of names, for which more is made before the first text
_FAR = 2  # words from one word of a name to another one
CHARACTER = 8.0
"""Bits of a Chinese character that is the name's."""
_UNSURE = frozenset({How.BEGINNING, How.MISSPELT, How.HEARD})
_INFINITIVE = tuple(listed("ать ить еть ять ыть уть ати ити іти яти"))


class Vocabulary:
    """Numbered words. First add all of them, and prepare; then look up words of texts. Look-ups are cached."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._stems = Stems()
        self._exact: dict[str, list[tuple[int, bool]]] = {}
        self._foreign = ForeignWords()
        self._stems_of_context: dict[str, list[int]] = {}
        self.heard = Heard()
        self.by_sound = BySound(self.heard)
        self._beginnings: frozenset[int] = frozenset()
        self._usual, self._small = Cache(self._looked_up), Cache(self._looked_up)  # of texts in small letters
        self._spelt: dict[str, Sequence[Hit]] = {}

    def add(
        self, word: str, kind: Kind = "word", *, name: bool = False, baltic: bool = False, several: bool = False
    ) -> int:
        """The number of a word that is found in all its forms; a `name` also misspelt, and in any script. A `baltic`
        name loses the ending of its nominative; one of `several` words is declined as a surname is, however short.
        """
        folded = fold(word)
        several = several and is_changed_short(folded)
        number, new = self._number(folded, f"{kind}{name}{baltic}{several}")
        if new:
            script = script_of(folded)
            if script in {"latin", "cyrillic"}:
                self._stems.add(Added(number, folded, script, kind, name, several, baltic))
                for same in SAME.get(folded, ()) if name else ():
                    self._stems.add(Added(number, same, script, kind, name))
                if script == "latin" and (other := umlauts(word)):
                    self._stems.add(Added(number, other, script, kind, name))
            else:
                self._add_native(number, folded, name=name)
            if name and len(folded) > 1 and script != "none":
                for form in spoken(word, folded):
                    self.heard.add(number, form, written=form == word)
        return number

    def add_exact(self, word: str) -> int:
        """The number of a word without other forms, such as a register's number."""
        number, new = self._number(fold(word), "exact")
        if new:
            self._exact.setdefault(fold(word), []).append((number, True))
        return number

    def add_written(self, word: str, *, guarded: bool) -> int:
        """The number of a foreign word that is found in its own script only, as that adds to such words; a `guarded`
        one needs a context word.
        """
        folded = fold(word)
        number, new = self._number(folded, "written")
        if new and script_of(folded) == "cyrillic":
            self._stems.add(Added(number, folded, "cyrillic"), ["cyrillic"])
        elif new:
            self._foreign.add(number, word, folded, guarded=guarded)
        return number

    def add_spellings(self, spelt: Spelt) -> int:
        """The number of a word with several spellings in Latin and Cyrillic letters, found in all their forms."""
        number, new = self._number(" ".join(spelt.spellings), "spellings")
        if new:
            for folded in map(fold, spelt.spellings):
                script = script_of(folded)
                if script in {"latin", "cyrillic"}:
                    self._stems.add(Added(number, folded, script))
                else:
                    self._exact.setdefault(folded, []).append((number, False))
            for sound in dict.fromkeys([spelt.sound, *(word for word in spelt.spellings if alphabet(word) == "kana")]):
                self.heard.add(number, sound, spelt=True)
        return number

    def prepare(self, beginnings: frozenset[int]) -> None:
        """Ready to look up, after the last word; `beginnings`: the words with which a name may begin. Tables of a
        script are made with its first text; but of many words now, as that text would wait for seconds.
        """
        self._beginnings = beginnings
        for script in LETTERS if len(self._numbers) > _MANY else ():
            self._stems.prepare(script)
            self.heard.may_be_part(script)

    def add_beginning(self, word: str) -> int:
        """The number of a context word in small letters, with which other words begin: карта, картами, карточный."""
        folded = fold(word)
        number, new = self._number(folded, "beginning")
        stem = folded
        if script_of(folded) == "cyrillic":
            infinitive = folded.endswith(_INFINITIVE)
            stem = folded[:-2] if infinitive else min((stem.text for stem in stems(folded)), key=len)
        if new and len(stem) >= SHORT:
            self._stems_of_context.setdefault(stem, []).append(number)
        return number

    def look_up_all(self, words: Sequence[str], text: str) -> list[Sequence[Hit]]:
        """The words of the vocabulary that each word of a text may be."""
        cache = with_room(self._small if text.islower() else self._usual)
        return self._heard_beside(words, list(map(cache.__getitem__, words)), text)

    def look_up_named(self, words: Sequence[str], text: str) -> list[Sequence[Hit]] | None:
        """The same; None if a name begins with no word of a text, as in most texts."""
        cache = with_room(self._small if text.islower() else self._usual)
        hits = list(map(cache.__getitem__, words))
        none = cache.beginnings.isdisjoint(words) and (text[1:].islower() or cache.parts.keys().isdisjoint(words))
        return None if none else self._heard_beside(words, hits, text)

    def _heard_beside(self, words: Sequence[str], hits: list[Sequence[Hit]], text: str) -> list[Sequence[Hit]]:
        """The hits, with those of capitalized words that are beside others: a name of several words may be there."""
        parts = self._usual.parts
        if text[1:].islower() or parts.keys().isdisjoint(words):
            return hits
        found = list(hits)
        for at, word in enumerate(words):
            near = (*words[max(0, at - _FAR) : at], *words[at + 1 : at + 1 + _FAR]) if word in parts else ()
            if any(other[0].isupper() for other in near):
                found[at] = surest([*hits[at], *self._part(word)])
        return found

    def look_up(self, word: str) -> Sequence[Hit]:
        """The words of the vocabulary that a word of a text may be, the most certain first; mostly none."""
        hits = with_room(self._usual)[word]
        return surest([*hits, *self._part(word)]) if word in self._usual.parts else hits

    def listed_in(self, text: str, part: Span) -> list[Span]:
        """Where listed Thai words are in a part of a text, the longest at each place."""
        return self._foreign.listed_in(text, part, self._exact)

    def look_up_spelt(self, words: Sequence[str], hits: Sequence[Sequence[Hit]]) -> list[Sequence[Hit]]:
        """The same for the words of a text whose language writes foreign names as it hears them, given their hits."""
        return [
            self._as_heard(word) if word[0].isupper() and all(hit.how in _UNSURE - {How.HEARD} for hit in own) else own
            for word, own in zip(words, hits, strict=True)
        ]

    def _as_heard(self, word: str) -> Sequence[Hit]:
        if word not in self._spelt:
            if len(self._spelt) >= REMEMBERED:
                self._spelt = {}
            self._spelt[word] = surest([*self.look_up(word), *self.by_sound.spelt_otherwise(word, LONGEST)])
        return self._spelt[word]

    def _looked_up(self, word: str, cache: Cache) -> Sequence[Hit]:
        """What a new word is, but for its sound beside others."""
        found = self._recognize(word, small=cache is self._small)
        heard = word[0].isupper() and len(word) >= LEAST_HEARD and self.heard.may_be_part(alphabet(word))
        if heard and word.isalpha() and _is_unsure(found):
            cache.parts[word] = None
        if not found:  # most words
            return ()
        if not self._beginnings.isdisjoint([hit.word for hit in found]):
            cache.beginnings.add(word)
        return surest(found)

    def _part(self, word: str) -> Sequence[Hit]:
        """The words of names of several words that a word sounds like."""
        parts = self._usual.parts
        hits = parts[word]
        if hits is None:
            hits = parts[word] = surest(list(self.by_sound.part(word)))
            if not hits:
                del parts[word]
        return hits

    def _number(self, folded: str, kind: str) -> tuple[int, bool]:
        count = len(self._numbers)
        number = self._numbers.setdefault((folded, kind), count)
        return number, number == count

    def _add_native(self, number: int, folded: str, *, name: bool) -> None:
        self._exact.setdefault(folded, []).append((number, True))
        if len(folded) == 1 and alphabet(folded) == "han":
            self._foreign.characters.append((number, folded))
        elif name and len(folded) > 1:
            for form in bare(folded):
                self._exact.setdefault(form, []).append((number, form == folded))

    def _recognize(self, word: str, *, small: bool) -> list[Hit]:
        folded, script = fold_and_script(word)
        exact = self._exact.get(folded, ())
        hits = [Hit(number, How.EXACT if whole else How.INFLECTED) for number, whole in exact] if exact else []
        if script in {"latin", "cyrillic"}:
            found = self._of_one_script(word, folded, script, small=small)
            return [*hits, *found] if hits else found
        if script == "mixed":
            hits += self._stems.disguised(word) or self._stems.declined(folded)
        elif script == "other":
            if len(folded) == 1:  # a character, which may be another one in the form of another place
                return [*hits, *(Hit(number, How.EXACT) for number in self._foreign.like_character(folded))]
            foreign = borrowed(folded)
            if not self._foreign.written.keys().isdisjoint(foreign):
                hits += [Hit(number, How.TRANSLITERATED) for number in self._foreign.like(word, folded, foreign)]
            hits = hits or self._native(folded, foreign)
        return hits

    def _of_one_script(self, word: str, folded: str, script: Script, *, small: bool) -> list[Hit]:
        capital = word[0].isupper()
        divided = splits(folded, script, capital=capital)
        hits = self._stems.find(word, folded, divided, script)
        known = self._stems_of_context
        heads = (folded[:length] for length in range(SHORT, len(folded) + 1)) if known else ()
        begun = [Hit(number, How.BEGINNING) for head in heads if head in known for number in known[head]]
        if len(folded) >= SHORTEST - 1 and not hits:
            hits += self._stems.misspelt(word, divided, script, small=small)
        if capital and len(folded) > 2 and _is_unsure(hits) and word.isalpha():
            hits += self.by_sound.capitalized(word, divided, folded)
        if begun:
            return [*hits, *begun]
        return hits or ([] if folded.isalpha() else self._stems.disguised(word))

    def _native(self, folded: str, foreign: Sequence[str]) -> list[Hit]:
        """A word of another script: an inflected form of a listed one, or one that sounds like a name."""
        read = dict.fromkeys((*forms(folded), *foreign))
        if not self._exact.keys().isdisjoint(read):
            found = [self._exact[form] for form in read if form in self._exact]
            return [Hit(number, How.INFLECTED) for numbers in found for number, _ in numbers]
        if folded[0].isdigit() or is_frequent(folded):
            return []
        return [Hit(number, How.HEARD, bits=bits) for number, bits in self.heard.like(read, alphabet(folded))]


def _is_unsure(hits: Sequence[Hit]) -> bool:
    """Whether nothing is known of a word, or only what is not sure."""
    return not hits or all(hit.how in _UNSURE for hit in hits)
