"""Words of names as stems in Latin and Cyrillic letters, and which word of a text is a form of one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from alerts.recognition.language.case_endings import ENDINGS, Kind, Stem, stems
from alerts.recognition.language.respelling import respelt
from alerts.recognition.language.scripts import Script, cyrillic, latin, romanized
from alerts.recognition.language.suffixes import (
    CHANGED_ENDINGS,
    CYRILLIC,
    SUFFIXES,
    Endings,
    changes,
    may_end,
)
from alerts.recognition.tables import listed
from alerts.recognition.vocabulary.hits import How

SHORT = 5  # letters: a shorter name must match letter by letter, and takes few endings
_GIVEN = 3  # letters of many given names: Jan
_IES = frozenset({"ies"})
_LATIN_ENDINGS = frozenset({"", "s", "es", "a", "u", "em", "om", "ie", "owi", "y"})
_LATIN_VOWELS = "aeiouy"
_INDECLINABLE, _FOREIGN_VOWELS = frozenset({""}), "оеэиу"
_NO_LANGUAGES: frozenset[str] = frozenset()
_NO_ENDINGS: frozenset[str] = frozenset()
_BASE = frozenset({"", "а", "я", "о", "е", "ь", "й", "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие"})


class Root(NamedTuple):
    """A stem of a word of the vocabulary. `literal` is None if its script differs from that of the word; `foreign` are
    the endings that only some languages have, if these are others than for most stems.
    """

    word: int
    stem: str
    literal: str | None
    endings: frozenset[str]
    size: int
    foreign: Endings | None = None


class Split(NamedTuple):
    """A word of a text as stem and ending; `key` is the stem in the spelling under which roots are stored."""

    key: str
    stem: str
    ending: str
    usual: bool = True  # whether names of all languages may have this ending


def roots_of(
    number: int, folded: str, script: Script, kind: Kind, *, several: bool = False
) -> Iterator[tuple[Script, Root, bool]]:
    """The roots of a word with the script of the texts that they occur in, and whether misspellings of them count. A
    short word of a name with `several` words changes its end, too.
    """
    own = script == "cyrillic"
    yield from _of_cyrillic(number, folded, kind, own=own)
    spelt = latin(romanized(folded) if own else folded)
    root = Root(number, spelt, None if own else folded, _LATIN_ENDINGS, len(folded))
    yield "latin", root, True
    if own and spelt.endswith("z") and len(folded) > SHORT:
        yield "latin", root._replace(stem=spelt[:-1] + "s"), False  # German has no z with this sound
    if script == "latin" and several and len(folded) == _GIVEN:
        yield "latin", root._replace(endings=_NO_ENDINGS, foreign=SUFFIXES), False
    if script == "latin" and len(folded) > _GIVEN:
        for changed in _changed(root, folded, several=several):
            yield "latin", changed, False


def _of_cyrillic(number: int, folded: str, kind: Kind, *, own: bool) -> Iterator[tuple[Script, Root, bool]]:
    """The roots of a word in Cyrillic letters: as it is, or as Russian would write it."""
    for read in _in_russian(folded) if own else cyrillic(folded):
        for stem in stems(read, kind):
            literal = stem.text if own else None
            yield "cyrillic", Root(number, romanized(stem.text), literal, stem.endings, len(folded)), True
        if own and len(folded) > 3 and _DOUBLED.search(folded):  # short names may lose it, too
            for stem in stems(_DOUBLED.sub(r"\1", folded), kind):
                yield "cyrillic", Root(number, romanized(stem.text), None, stem.endings, len(folded) - 1), False
    for read in () if own else respelt(folded):
        for stem in [Stem(read, _INDECLINABLE)] if read[-1] in _FOREIGN_VOWELS else stems(read, kind):
            yield "cyrillic", Root(number, romanized(stem.text), None, stem.endings, len(folded)), False


def _in_russian(folded: str) -> list[str]:
    """A Cyrillic word, and a Belarusian or Serbian one as Russian has it, too."""
    other = folded.replace("ў", "в").replace("ђ", "дж")
    if other.endswith(("скі", "цкі")):
        other = f"{other[:-1]}ий"
    return [folded] if other == folded else [folded, other]


def _changed(root: Root, folded: str, *, several: bool) -> Iterator[Root]:
    """The roots of a Latin word that loses its end when it is declined."""
    spelt = root.stem
    if folded[-1] == "y" and folded[-2] not in _LATIN_VOWELS:
        yield root._replace(stem=spelt[:-1], literal=folded[:-1], endings=_IES)
    if folded[-1] == "a":
        yield root._replace(stem=spelt[:-1], literal=folded[:-1], endings=_OF_A if len(folded) > SHORT else _OF_SHORT_A)
    if folded.endswith("le") and len(folded) >= SHORT:
        yield root._replace(stem=spelt[:-1], literal=folded[:-1], endings=_OF_LE)
    if folded.endswith(("ski", "cki", "sky")):  # a Polish surname is declined as an adjective
        yield root._replace(stem=latin(folded[:-1]), literal=folded[:-1], endings=_ADJECTIVE)
    for stem, foreign in changes(folded) if several or len(folded) > SHORT else ():
        changed = root._replace(stem=latin(stem), literal=stem, endings=_NO_ENDINGS, foreign=foreign)
        yield changed
        if stem[-1] == "c":  # "ck" is one sound for `latin`
            yield changed._replace(stem=changed.stem[:-1])


def is_changed_short(folded: str) -> bool:
    """Whether a Latin word is short, and is declined only beside other words of its name."""
    return len(folded) == _GIVEN or (len(folded) <= SHORT and any(True for _ in changes(folded)))


def is_baltic(name: str) -> bool:
    """Whether a name has letters that only Latvian and Lithuanian have, or the endings of a Lithuanian man's."""
    if not name.isascii() and _BALTIC.search(name.lower()):
        return True
    words = name.split()
    return len(words) > 1 and all(word.endswith(("as", "is", "us", "ys")) for word in words)


def baltic(number: int, folded: str) -> Iterator[Root]:
    """The root of a Latvian or Lithuanian word without the ending of its nominative: Ozoliņš, Ozoliņu."""
    if len(folded) >= SHORT and folded[-1] == "s":
        stem = folded[:-2] if folded.endswith(("as", "is", "us", "ys")) else folded[:-1]
        yield Root(number, latin(stem), stem, _OF_BALTIC, len(folded))


_DOUBLED = re.compile(r"([бвгдзклмнпрстфцчш])\1(?=.)")
_BALTIC = re.compile("[āēģīķļņėįųū]")
_OF_BALTIC = frozenset(listed("a u am im i e em o ui io iu iui"))
_OF_A = frozenset(listed("y ou u os oje"))  # Polish, Czech and Lithuanian
_OF_SHORT_A = frozenset(listed("y ou u"))  # Czech: Metu
_OF_LE = frozenset(listed("u em"))  # Czech and Slovak: Applu
_ADJECTIVE = frozenset(listed("ego iego emu iemu im ymi a iej ich"))
_ENDING_KEYS = {
    "cyrillic": {ending: len(romanized(ending)) for ending in ENDINGS | CYRILLIC.keys()},
    "latin": {
        ending: len(latin(ending))
        for ending in _LATIN_ENDINGS | _IES | _ADJECTIVE | _OF_A | _OF_BALTIC | CHANGED_ENDINGS | SUFFIXES.keys()
    },
}
_USUAL = {
    "cyrillic": {ending: len(romanized(ending)) for ending in ENDINGS},
    "latin": {ending: len(latin(ending)) for ending in _LATIN_ENDINGS | _IES | _ADJECTIVE},
}


def splits(folded: str, script: Script, *, capital: bool = True) -> list[Split]:
    """All divisions of a word into stem and ending; the whole word first. Without a `capital` letter, it takes only the
    endings that names of all languages may have.
    """
    key = romanized(folded) if script == "cyrillic" else latin(folded)
    found = [Split(key, folded, "")]
    usual = _USUAL[script]
    known, lengths = (_ENDING_KEYS[script], _LENGTHS[script]) if capital else (usual, _USUAL_LENGTHS[script])
    for length in lengths.get(folded[-2:], _ONE):
        ending = folded[-length:]
        if ending in known and length <= len(folded) - 2:
            found.append(Split(key[: len(key) - known[ending]], folded[:-length], ending, ending in usual))
    return found


def _lengths(endings: Iterable[str]) -> dict[str, list[int]]:
    """How long the endings of words with these last two letters may be; any may have one of one letter."""
    found: dict[str, set[int]] = {}
    for ending in endings:
        if len(ending) > 1:
            found.setdefault(ending[-2:], {1}).add(len(ending))
    return {last: sorted(lengths) for last, lengths in found.items()}


_LENGTHS = {script: _lengths(endings) for script, endings in _ENDING_KEYS.items()}
_USUAL_LENGTHS = {script: _lengths(endings) for script, endings in _USUAL.items()}
_ONE = [1]


def languages(split: Split, root: Root, script: Script) -> frozenset[str]:
    """The languages in which a stem has this ending, if only some have it; no language if all have."""
    if split.ending in root.endings:
        return _NO_LANGUAGES
    return _foreign(root, script).get(split.ending, _NO_LANGUAGES)


def _foreign(root: Root, script: Script) -> Endings:
    if root.foreign is not None:
        return root.foreign
    return SUFFIXES if script == "latin" else CYRILLIC


def fits(word: str, split: Split, root: Root, script: Script) -> bool:
    """Whether a name's stem can have this ending, and is long enough to differ from other words."""
    if split.ending not in root.endings and not _fits_some_language(word, split, root, script):
        return False
    if (
        script == "latin"
        and split.ending
        and split.ending in _LATIN_ENDINGS
        and not _fits_latin(word, split.ending, root)
    ):
        return _fits_some_language(word, split, root, script)
    if root.size >= SHORT or root.literal == split.stem:
        return True
    return root.literal is None and root.size >= 3 and word[0].isupper()


def _fits_some_language(word: str, split: Split, root: Root, script: Script) -> bool:
    if not split.ending or not word[0].isupper():
        return False
    if root.foreign is None and ("" not in root.endings or root.size < SHORT - 1):
        return False
    return split.ending in _foreign(root, script) and may_end(split.stem, split.ending)


def _fits_latin(word: str, ending: str, root: Root) -> bool:
    """English plurals of any word; Polish, Czech and similar case endings of names."""
    if root.size < 4 or (ending == "s" and root.stem[-1] == "s"):
        return False
    if ending == "es":
        return root.stem.endswith(("s", "z", "sh", "ch"))
    return ending in {"s", "ies"} or (root.stem[-1] not in _LATIN_VOWELS and word[0].isupper())


def how(split: Split, root: Root) -> How:
    """How a form was recognized."""
    if root.literal is None:
        return How.TRANSLITERATED
    if split.stem != root.literal or (split.ending and len(split.stem) + len(split.ending) != root.size):
        return How.INFLECTED
    return How.EXACT if split.ending in _BASE else How.INFLECTED  # the base form of a word in -а has an ending, too


def heads(word: str, folded: str, divided: Sequence[Split]) -> list[tuple[str, str]]:
    """What may sound like a name: the word, and without each ending that has a consonant; with that ending."""
    found = [(word, "")]
    if len(word) == len(folded):
        for _, stem, ending, _ in divided[1:]:
            if len(ending) > 1 or ending in "sntmk":
                found.append((word[: len(stem)], ending))
    return found
