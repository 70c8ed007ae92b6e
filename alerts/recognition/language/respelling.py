"""How Russian says English and French names that are not read letter by letter. Pure.

Short names and words in small letters need this; `sound` finds the others, whatever their language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

_MOST = 8  # readings of one name
_CHOICES = 4  # groups of letters of one name that are read in several ways
_LONGEST = 14  # letters: longer names are told by their sound
# Groups of letters, of which the first that fits counts, and what each may become.
_RULES = """
[eo]?ault$ о
[eo]?aud$ о
eaux?$ о
[eo]ot$ о
tion шн шен
sion жн жен шн
igh ай
th(?=er) з т
th т з
^you ю
^wha ва во уо
wh в у
ee и
ea и
oo у
eu(?=[^aeiouy]) е ой
ck к
sh ш
ch ч
ph ф
qu кв
ow$ оу
oa оу
ae(?=r) е
a[iy] эй
ey$ и
(?<=[^aeiouy])le$ л
a(?=[^aeiouy]e$) эй а
i(?=[^aeiouy]e[rsn]?$) ай и
i(?=nd) и ай
o(?=[^aeiouy]e$) о оу
u(?=[^aeiouy]e$) ю у
u(?=[^aeiouy]+$) а у ю
u(?=[^aeiouyrl][^aeiouy]) а у
aw(?=[nkls]|$) о оу
(?<=^[^aeiou])a(?=[^aeiouy]+$) э а
^a(?=pp|tt|ll|dd|bb|ff) э а
(?<=^[^aeiou])i(?=[^aeiouy][aeiou].*e$) и ай
a(?=nce$) а е
^n(?=v) эн
(?<=[aeiou])s(?=e$) з с
ge$ ж дж
g(?=[eiy]) дж ж г
c(?=[eiy]) с
(?<=[^aeiou])e$
j дж
w в у
x кс
y$ и
y(?=[aou]) й
"""
_LETTERS = dict(zip("abcdefghiklmnopqrstuvyz", "абкдефгхиклмнопкрстувиз", strict=True))
_PARSED = [(pattern, other or [""]) for pattern, *other in map(str.split, _RULES.strip().splitlines())]
_BECOMES = {f"r{number}": other for number, (_, other) in enumerate(_PARSED)}
_GROUPS = re.compile("|".join(f"(?P<r{number}>{pattern})" for number, (pattern, _) in enumerate(_PARSED)))
_DOUBLED = re.compile(r"([бвгдзклмнпрстф])\1")
_DOUBLED_INSIDE = re.compile(rf"{_DOUBLED.pattern}(?=.)")
_SHORT = 5  # letters of a word of which the end tells it from others


def respelt(folded: str) -> Iterator[str]:
    """What a folded Latin name may be in Cyrillic besides what its letters say, the most likely first."""
    if not (folded.isascii() and folded.isalpha() and 3 <= len(folded) <= _LONGEST and _GROUPS.search(folded)):
        return
    told = set()
    ways = sorted(product(*map(enumerate, _pieces(folded))), key=lambda way: sum(rank for rank, _ in way))
    for way in ways[:_MOST]:
        word = "".join(piece for _, piece in way)
        for reading in (word, (_DOUBLED if len(word) > _SHORT else _DOUBLED_INSIDE).sub(r"\1", word)):
            if reading not in told and len(reading) > 1:
                told.add(reading)
                yield reading


def _pieces(folded: str) -> list[list[str]]:
    """The groups of a name's letters, and what each may become."""
    found: list[list[str]] = []
    at = choices = 0
    while at < len(folded):
        group = _GROUPS.match(folded, at)
        if group and group.end() > at:
            becomes = _BECOMES[group.lastgroup or ""]
            choices += len(becomes) > 1
            found.append(becomes if choices <= _CHOICES else becomes[:1])
            at = group.end()
        else:
            found.append([_LETTERS[folded[at]]])
            at += 1
    return found
