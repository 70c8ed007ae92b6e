"""How names are said in languages whose Latin spelling is not one letter for one sound. Pure.

A rule turns letters into others that `alphabets` reads as that sound: š ž č dž, kh, þ and ð for the English th.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


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
