"""Looks up a word: in a Russian dictionary, which is loaded (0.3 s, 30 MB) with the first word; among first names; and
among the frequent words of other scripts than Latin and Cyrillic, which are no names by their sound alone.

The table of frequent words is made by .ci/frequent_words.py, and its licence is said in it.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from alerts.recognition.language.endings import forms
from alerts.recognition.language.scripts import cyrillic, fold, script_of
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import lines, words

_LONGEST = 30  # letters of a name in another script
_WITH_VOWELS = frozenset({"greek", "georgian", "armenian", "devanagari"})


def is_foreign(folded: str) -> bool:
    """Whether a word is a first name that no Russian dictionary has, in Latin letters or in another script that writes
    the vowels.
    """
    names = words("given_names")
    if folded.isascii() or len(folded) > _LONGEST or alphabet(folded) not in _WITH_VOWELS:
        return folded in names
    from anyascii import anyascii  # noqa: PLC0415 - a table of all scripts, needed for few texts

    return str(anyascii(folded)).lower().replace("'", "") in names


SAME: dict[str, list[str]] = {}
"""The names that stand for a name in another language: Володимир for Владимир."""
for _group in words("same_names"):
    for _name in _group.split("="):
        SAME[_name] = [_other for _other in _group.split("=") if _other != _name]

_PROPER = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"})
_INFLECTED = frozenset({"NOUN", "NPRO", "ADJF", "ADJS", "PRTF", "PRTS", "VERB", "INFN", "NUMR"})
_SMALL = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})


@cache
def _dictionary() -> Any:
    import pymorphy3_dicts_ru  # noqa: PLC0415 - slow to import, and seldom needed
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 - as above

    return MorphAnalyzer(path=pymorphy3_dicts_ru.get_path())


@lru_cache(maxsize=20_000)
def _known(folded: str) -> tuple[frozenset[str], ...]:
    """The grammemes of each reading of a word; none if the dictionary lacks it."""
    dictionary = _dictionary()
    if not dictionary.word_is_known(folded):
        return ()
    return tuple(frozenset(reading.tag.grammemes) for reading in dictionary.parse(folded))


def is_word(word: str) -> bool:
    """Whether it is a Russian word in any form, including names."""
    return bool(_known(fold(word)))


def is_common(word: str) -> bool:
    """Whether it is an inflected Russian word that, in its most likely reading, is not a name."""
    readings = _known(fold(word))
    return bool(readings) and bool(readings[0] & _INFLECTED) and not readings[0] & _PROPER


def is_noun_too(folded: str) -> bool:
    """Whether it is, in any reading, a Russian common noun: мороз, which is a surname, too."""
    return any("NOUN" in reading and not reading & _PROPER for reading in _known(folded))


def is_genitive(folded: str) -> bool:
    """Whether it is a Russian noun that may be in the genitive case."""
    return any("NOUN" in reading and "gent" in reading for reading in _known(folded))


def is_given_name(word: str) -> bool:
    """Whether it is a first name: a Russian one, in Cyrillic or in Latin letters that can be read so, or a usual one of
    another language.
    """
    folded = fold(word)
    if is_foreign(folded) or folded in SAME or (folded.endswith("s") and is_foreign(folded[:-1])):  # Oskars
        return True
    if any(_known(folded)[:1]) and _known(folded)[0] & _SMALL:
        return False
    return any("Name" in reading for form in _readings(word) for reading in _known(form))


def _readings(word: str) -> Iterator[str]:
    folded = fold(word)
    if script_of(folded) == "cyrillic":
        yield folded
    elif script_of(folded) == "latin":
        yield from cyrillic(folded)


_SHORTEST = 2  # letters of a word
_KOREAN_ENDINGS = "은는이가을를의에도와과로서고며지기만들한할함하해했된될됨되됐었았였다면데게던적인일임여러"
"""The syllables of particles, and of endings of verbs."""


@lru_cache(maxsize=10_000)
def is_frequent(folded: str) -> bool:
    """Whether a word is a frequent one, with what its script joins to it, or in Thai is made of frequent ones."""
    script = alphabet(folded)
    known, lengths = _of_script(script)
    return bool(known) and is_made_of(known, folded, script, lengths)


def is_made_of(known: Container[str], folded: str, script: str, lengths: Mapping[str, Iterable[int]]) -> bool:
    """Whether a word is one of these with what its script joins to it, or in Thai one after another of them. `lengths`
    has how many letters they may have, by their first two.
    """
    if script == "hangul":
        stem = folded.rstrip(_KOREAN_ENDINGS)
        starts = range(max(len(stem), _SHORTEST), len(folded) + 1)
        return any(folded[:end] in known for end in starts)
    if script != "thai":
        return any(form in known for form in forms(folded))
    ends, tried = [0], {0}
    while ends:  # of known words, one after another from the beginning
        start = ends.pop()
        for length in lengths.get(folded[start : start + _SHORTEST], ()):
            end = start + length
            if end not in tried and folded[start:end] in known and end <= len(folded):
                if end == len(folded):
                    return True
                tried.add(end)
                ends.append(end)
    return False


@cache
def _of_script(script: str) -> tuple[frozenset[str], dict[str, set[int]]]:
    """The frequent words of all languages of a script, and how many letters those have that begin with two letters."""
    rows = (line.split(" ") for line in lines("frequent.txt"))
    found = frozenset(word for _, written, *words in rows if written == script for word in words)
    return found, lengths_of(found)


def lengths_of(words: Iterable[str]) -> dict[str, set[int]]:
    """How many letters words have, by their first two."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[:_SHORTEST], set()).add(len(word))
    return lengths
