"""The keys of a word: its consonants, for each way to read it. Words that sound alike share one. Pure."""

from __future__ import annotations

import re
from itertools import islice, product

from alerts.recognition.sound.alphabets import Phones
from alerts.recognition.sound.likeness import CLASS

_LETTERS = CLASS | {letter: letter for letter in "pbtdkgrl"} | dict.fromkeys("vwf", "v")
_DENTAL, _LIQUID, _MAY_LACK = frozenset("td"), frozenset("rl"), frozenset("tdrlw")
MOST_KEYS = 16
"""Ways to read one word."""
# A w after k or g, or t and d before a hiss; and what scripts of syllables may lack.
_MAY_BE_SILENT = re.compile(r"[kg][^ ]* [^ ]*w|[td][^ ]* [^ ]*[sSzZCcJD]")
_MAY_BE_LACKING = re.compile(rf"{_MAY_BE_SILENT.pattern}|[rlw]")
_REPEATED = re.compile(r"([^. ])(?=\1)")


class _Classes(dict[str, tuple[str, ...]]):
    """The classes of a phone's alternatives; a vowel that may be silent is one."""

    def __missing__(self, phone: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(_LETTERS[alternative] for alternative in phone))
        found = self[phone] = (".",) if found == (".", "") else found
        return found


CLASSES = _Classes()
"""What each phone may add to a key: hissing consonants as one, "." for a vowel."""


def keys(phones: Phones, *, loose: bool = False, vowelless: bool = False) -> list[str]:
    """The keys of a word. `loose`: without consonants that scripts of syllables may lack; `vowelless`: also as if a
    vowel separated all of them.
    """
    choices = list(map(CLASSES.__getitem__, phones))
    if (_MAY_BE_LACKING if loose else _MAY_BE_SILENT).search(" ".join(phones)):
        for at, phone in enumerate(phones):
            if not _MAY_LACK.isdisjoint(phone) and _may_lack(phones, at, loose=loose):
                choices[at] = (*choices[at], "")
    ways = list(islice(product(*choices), MOST_KEYS))
    told = " ".join(map("".join, ways))
    if vowelless and _REPEATED.search(told):
        told = f"{told} {' '.join(map('.'.join, ways))}"
    return list(dict.fromkeys(once(told).split(" ")))


def once(classes: str) -> str:
    """Consonants of one class in a row count once, unless a vowel separates them."""
    return _REPEATED.sub("", classes).replace(".", "")


def _may_lack(phones: Phones, at: int, *, loose: bool) -> bool:
    """Whether a word that sounds so may lack a sound. In scripts of syllables it may be an r before a consonant or at
    the end, and a w before u and o.
    """
    phone, before, after = phones[at], phones[at - 1] if at else " ", phones[at + 1] if at + 1 < len(phones) else ""
    if "w" in phone and before[0] in "kg":  # Kwon is also heard as Kon
        return True
    if not _DENTAL.isdisjoint(phone) and after and "S" in CLASSES[after]:  # dz is also heard as one sound
        return True
    if not loose:
        return False
    if not _LIQUID.isdisjoint(phone):
        return not after or "." not in CLASSES[after]
    return "w" in phone and after[:1] in {"u", "o"}
