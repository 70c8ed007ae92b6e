"""How names are said in languages whose Latin spelling is not one letter for one sound. Pure.

A rule turns letters into others that `alphabets` reads as that sound: š ž č dž, kh, þ and ð for the English th.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

from alerts.recognition.tables import lines, sounds_of

_MOST = 8  # readings of one name
_CHOICES = 4  # groups of letters of one name that are read in several ways
_LONGEST = 14  # letters: longer names are told by their sound
_LETTERS = dict(zip("abcdefghiklmnopqrstuvyz", "абкдефгхиклмнопкрстувиз", strict=True))
_PARSED = [(pattern, other or [""]) for pattern, *other in map(str.split, sounds_of("respelling").splitlines())]
_BECOMES = {f"r{number}": other for number, (_, other) in enumerate(_PARSED)}
_GROUPS = re.compile("|".join(f"(?P<r{number}>{pattern})" for number, (pattern, _) in enumerate(_PARSED)))
_DOUBLED = re.compile(r"([бвгдзклмнпрстф])\1")
_DOUBLED_INSIDE = re.compile(rf"{_DOUBLED.pattern}(?=.)")
_SHORT = 5  # letters of a word of which the end tells it from others


def respelt(folded: str) -> Iterator[str]:
    """What a folded Latin name may be in Cyrillic besides what its letters say, the most likely first."""
    if not (folded.isascii() and folded.isalpha() and 3 <= len(folded) <= _LONGEST and _GROUPS.search(folded)):
        return
    # The groups of a name's letters, and what each may become.
    pieces, at, choices = list[list[str]](), 0, 0
    while at < len(folded):
        group = _GROUPS.match(folded, at)
        if group and group.end() > at:
            becomes = _BECOMES[group.lastgroup or ""]
            choices += len(becomes) > 1
            pieces.append(becomes if choices <= _CHOICES else becomes[:1])
            at = group.end()
        else:
            pieces.append([_LETTERS[folded[at]]])
            at += 1
    told = set()
    ways = sorted(product(*map(enumerate, pieces)), key=lambda way: sum(rank for rank, _ in way))
    for way in ways[:_MOST]:
        word = "".join(piece for _, piece in way)
        for reading in (word, (_DOUBLED if len(word) > _SHORT else _DOUBLED_INSIDE).sub(r"\1", word)):
            if reading not in told and len(reading) > 1:
                told.add(reading)
                yield reading


_Rules = tuple[tuple[re.Pattern[str], str], ...]
_AZERI = re.compile("x|q(?!u)|c(?![khiey])|j")


def said(word: str, *, anywhere: bool = False) -> Iterator[str]:
    """A Latin word in small letters, with accents, as each language says it that it may be of. Found `anywhere` in
    a text, it may be an Azeri or Uzbek one without showing it.
    """
    word = unicodedata.normalize("NFC", word)
    told, languages = {word}, _languages()
    for mark, rules in languages:
        if mark.search(word) or (anywhere and rules is languages[-1][1] and _AZERI.search(word)):
            spoken = word
            for letters, sound in rules:
                spoken = letters.sub(sound, spoken)  # in capitals, which no other rule finds
            spoken = spoken.lower()
            if len(spoken) > 1 and spoken not in told:
                told.add(spoken)
                yield spoken


@cache
def _languages() -> list[tuple[re.Pattern[str], _Rules]]:
    """What shows that a word may be of a language, and the rules by which it is said, in their order: those of the
    table, made with the first name in Latin letters.
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines("said.txt"):
        if line.startswith(" "):
            found[-1][1].extend(line.split())
        else:
            found.append((line.partition(": ")[2], []))
    split = [(mark, [rule.rpartition("=") for rule in rules]) for mark, rules in found]
    return [
        (re.compile(mark), tuple((re.compile(letters), sound.upper()) for letters, _, sound in rules))
        for mark, rules in split
    ]
