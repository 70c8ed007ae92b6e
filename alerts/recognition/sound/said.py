"""How names are said in languages whose Latin spelling is not one letter for one sound. Pure.

A rule turns letters into others that `alphabets` reads as that sound: š ž č dž, kh, þ and ð for the English th.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

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


class _Language(NamedTuple):
    """What shows that a word may be of a language, and the rules by which it is said."""

    mark: re.Pattern[str]
    rules: tuple[tuple[re.Pattern[str], str], ...]


# Rules of each language, in their order: `letters=said`. In the first line, what shows that a word is of that language.
_LANGUAGES = (
    # French: mute ends, vowels of several letters
    r"""[éèêëâîôûçœ]|eau|au[dltx]|oi|gn|ou|ille|qu|gu[ei]|[aeo]n[ctd]$
    eaux?=o au[dtlx]+s?$=o au=o oî=ua oi[stx]?$=ua oi=ua guill=gi guy=gi gu(?=[eiéèêy])=g g(?=[eiéèêy])=ž j=ž qu=k tch=č ch=š gn=n'i œu=e
    eu=e ou=u aî=e ai=e ei=e ç=s c(?=[eiéèêy])=s c(?=[aoulr])=k ph=f th=t ill=i h= [éèêëœ]=e â=a ô=o û=u î=i (?<=[aeE])s(?=[nlmt])= ent$=an er$=e
    (?<=[aeiouAEIOU])[stdxzp]+$= (?<=r)[dt]$= (?<=n)[tdcg]s?$= es?$= y=i w=v""",
    # English: letters that are not heard, th, vowels
    r"""th|wh|wr|kn|gh|alk|ea|a[iy]|o[awy]|oo|ey|geo|qu|[^aeiou]les?$|mb$|[nrd]ge$|[aiou][bcdfgklmnprstvz]es?$
    wright=rait (?<=[aeiouAEIOU])ght=t igh=ai wr=r ^kn=n wh=w tch=č ch=č sch=sk ck=k sh=š alk=ok (?<=[aeiouAEIOU])ugh=f gh=g dge=dž geo=dže
    ge(?=.)=dže gi(?=.)=dži ge$=dž j=dž qu=kw ph=f ^th=þ th=ð c(?=[eiy])=s c(?=[aoulr])=k x=ks mb$=m oo=u ee=i ea=i a[iy]=ei ey=i
    (?<=[aeiou][bdfgklmnprstvz])e$= (?<=[dtbpkg])le$=l (?<=[dtbpkgl])le(?=[bcdfghmnpst])=l (?<=[a-z])e$= u(?=[bdgkmnpt][^aeiou])=a y=i""",
    # German: the sounds of s, z, v, w, eu and ei
    r"""tz|eu|ei|äu|zs|[äöüß]|chs|th|qu|^s[pt]|^v|[aeo]h[lmnr]
    zsch=č tsch=č sch=š ^s(?=[pt])=š chs=ks ch=kh ck=k qu=kv t?z=ts eu=oi äu=oi e[iy]=ai a[iy]=ai ie=i ä=e ö=e ü=iu ß=s ph=f th=t v=f w=v
    (?<=[aeiouäöüAEIOU])h= y=i j=i""",
    # Polish: nasal vowels, rz
    r"""[ąęłńśźżó]|rz|cz|sz
    szcz=šč cz=č sz=š dź=dž dż=dž dzi(?=[aeou])=dž ci(?=[aeou])=č si(?=[aeou])=š zi(?=[aeou])=ž (?<=[pkth])rz=š rz=ž ch=kh ą(?=[bp])=om ą=on
    ę(?=[bp])=em ę=en ó=u ś=s ć=č ń=n ź=z ż=ž w=v c(?=[^h])=ts c$=ts j=i y=i""",
    # Czech
    r"""[řěů]|[čšžáéíýú]
    ch=kh (?<=[ptkch])ř=rš ř=rž ě=ie ů=u c=ts j=i y=i ý=i á=a é=e í=i ú=u""",
    # Hungarian
    r"""gy|zs|cs|ny|ly|sz|[őű]
    dzs=dž cs=č zs=ž sz=§ s=š §=s gy=di ny=ni ly=i ty=ti c=ts j=i ö=e ő=e ü=iu ű=iu á=a é=e í=i ó=o ú=u""",
    # Uzbek, Azeri and Turkish: x is a rough h, j and c an affricate
    r"""[ʻəğıİş]
    oʻ=u gʻ=g ʻ= x=kh q=g ə=a c=dž ç=č ş=š j=ž ğ=g""",
)


_AZERI = re.compile("x|q(?!u)|c(?![khiey])|j")


def said(word: str, *, anywhere: bool = False) -> Iterator[str]:
    """A Latin word in small letters, with accents, as each language says it that it may be of. Found `anywhere` in a text,
    it may be an Azeri or Uzbek one without showing it.
    """
    word = unicodedata.normalize("NFC", word)
    told = {word}
    *others, last = _languages()
    for language in (*others, last):
        if language.mark.search(word) or (anywhere and language is last and _AZERI.search(word)):
            spoken = word
            for letters, sound in language.rules:
                spoken = letters.sub(sound, spoken)  # in capitals, which no other rule finds
            spoken = spoken.lower()
            if len(spoken) > 1 and spoken not in told:
                told.add(spoken)
                yield spoken


@cache
def _languages() -> tuple[_Language, ...]:
    """Made with the first name in Latin letters."""
    found = []
    for text in _LANGUAGES:
        mark, *rules = text.split()
        split = (rule.rpartition("=") for rule in rules)
        found.append(
            _Language(re.compile(mark), tuple((re.compile(letters), sound.upper()) for letters, _, sound in split))
        )
    return tuple(found)
