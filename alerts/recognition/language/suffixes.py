"""Endings that languages add to foreign names without an apostrophe, and what they change in these. Pure.

A short or ambiguous name takes such an ending only in a text of that language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from alerts.recognition.language.scripts import fold
from alerts.recognition.tables import by_language, listed, words

Endings = Mapping[str, frozenset[str]]
"""Each ending, folded, with the languages that have it."""

# What takes the place of the end of a name: of "a" in Polish "y".
_CHANGES = {
    "a": "pl=y,i,ę,ą,o,ie cs=y,u,ou,o,e,ovi sk=y,u,ou,e,ovi hr=e,i,u,om,o lt=os,ai,oje,ų lv=as,ai,u,ām ro=ei sq=ën,ës",
    "o": "pl=y,i,ę,ą,ie,e cs=a,ovi,em,u sk=a,ovi,om,u hr=a,u,om,e",
    "y": "pl=ego,emu,ym cs=ého,ému,ým sk=ého,ému,ým",
    "t": "pl=cie", "ta": "pl=cie", "d": "pl=dzie", "da": "pl=dzie", "r": "pl=rze", "ra": "pl=rze", "ro": "pl=rze",
    "ka": "pl=ce cs=ce sk=ke",
    "ko": "pl=ce cs=ka,kovi,kem", "ga": "pl=dze cs=ze", "ch": "pl=sze", "cha": "pl=sze", "ł": "pl=le", "ła": "pl=le",
    "ek": "pl=ka,ku,kiem,kowi cs=ka,ku,kem,kovi sk=ka,ku,kom,kovi hr=ka,ku,kom",
    "ec": "pl=ca,cu,cem,cowi cs=ce,ci,cem,covi sk=ca,com,covi hr=ca,cu,cem",
    "ska": "pl=skiej,ską", "cka": "pl=ckiej,cką", "ova": "sk=ovej", "iec": "pl=ca,cu,cem,cowi",
    "ac": "hr=ca,cu,cem", "el": "cs=la,lu,lem,lovi",
    "cs": "hu=ccsal,ccsel", "sz": "hu=sszal,sszel", "zs": "hu=zzsal,zzsel", "gy": "hu=ggyal,ggyel",
    "ny": "hu=nnyal,nnyel", "ly": "hu=llyal,llyel",
    "nen": "fi=sen,sta,seen,sella,selle,selta,sesta,sessa,seksi,sena",
    "s": "fi=ksen,kseen,ksella,kselle,kselta,ksesta,ksessa",
    "ne": "et=se,sele,selt,sega,sest,sel",
}  # fmt: skip
_LONGEST_CHANGED = max(map(len, _CHANGES))
_VOWELS = "aeiou"
_SHORTEST = 4  # letters of a name that changes its end


def _by_ending(endings: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, text in endings.items():
        for ending in map(fold, text):
            found[ending] = found.get(ending, frozenset()) | {language}
    return found


def _changed(text: str) -> Endings:
    parts = (part.partition("=") for part in text.split())
    return _by_ending({language: endings.split(",") for language, _, endings in parts})


SUFFIXES = _by_ending(by_language("endings"))
_DOUBLING = {f"{letter}{rest}" for letter in "bcdfghjklmnprstzv" for rest in ("al", "el")}
"""The Hungarian ending that begins with the last consonant of the name: Zsomborral."""
_DOUBLING = (_DOUBLING | {"szal", "szel"}) - set(map(fold, by_language("endings")["hu"]))
for _ending in _DOUBLING:
    SUFFIXES[_ending] = SUFFIXES.get(_ending, frozenset()) | {"hu"}
_OF_CHANGED = {end: _changed(text) for end, text in _CHANGES.items()}

KAZAKH = words("kazakh")
"""Kazakh and Kyrgyz endings."""
KAZAKH_POSSESSIVE = frozenset(
    listed("ына іне ының інің ынан інен ында інде ымен імен сына сіне сының сінің сында сінде")
)
"""What Kazakh joins to an abbreviation that belongs to somebody, with a hyphen: ФАС-ына."""
CYRILLIC: Endings = {
    **dict.fromkeys(KAZAKH, frozenset({"kk"})),
    **_by_ending({"bg": ("ът", "ят"), "mk": ("от",)}),
    **dict.fromkeys(("та", "те"), frozenset({"kk", "bg", "mk"})),
}
ARTICLES = frozenset({"ът", "ят", "от"})
"""Bulgarian and Macedonian endings that an ordinary word has more often than a name."""
JOINED_NOUNS = tuple(sorted(words("joined_nouns"), key=len, reverse=True))
"""Nouns that Germanic languages join to a name, the longer ones first."""
CHANGED_ENDINGS = frozenset(ending for endings in _OF_CHANGED.values() for ending in endings)
OF_CHANGES_ONLY = CHANGED_ENDINGS - SUFFIXES.keys()


def changes(folded: str) -> Iterator[tuple[str, Endings]]:
    """What is left of a Latin name that changes its end, and the endings that it takes then."""
    if len(folded) < _SHORTEST:
        return
    for length in range(1, min(_LONGEST_CHANGED, len(folded) - 3) + 1):
        if folded[-length:] in _OF_CHANGED:
            yield folded[:-length], _OF_CHANGED[folded[-length:]]


def may_end(stem: str, ending: str) -> bool:
    """Whether the sounds of a Latin stem allow an ending."""
    if ending not in _DOUBLING:
        return True
    last = stem.rstrip(_VOWELS)[-1:]
    return ending[0] == last or (ending[0] == "s" and last in "xs")
