"""Frequent words of languages in other scripts than Latin and Cyrillic: they are no names by their sound alone. Pure.

The table is made by .ci/frequent_words.py, and its licence is said in it.
"""

from collections.abc import Container, Iterable, Mapping
from functools import cache, lru_cache

from alerts.recognition.language.native_forms import forms
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import lines

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
