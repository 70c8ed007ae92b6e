"""Endings that languages add to foreign names without an apostrophe, and what they change in these. Pure.

A short or ambiguous name takes such an ending only in a text of that language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from alerts.recognition.language.scripts import fold
from alerts.recognition.tables import listed

Endings = Mapping[str, frozenset[str]]
"""Each ending, folded, with the languages that have it."""

_ENDINGS = {
    "tr": "i ı u ü in ın un ün nin nın yi yı yu e a ye ya de da te ta den dan ten tan deki daki teki taki nda nde ndan nden le la yle yla ler lar leri ları lerin",
    "az": "i ı u ü in ın un ün nin nın ni nı e ə a yə ya də da nda ndə dən dan ndan ndən nun nün ilə la lər lar dəki dakı",
    "uz": "ning ga ka qa da dan ni lar larning dagi gacha",
    "hu": "t et ot at öt nak nek ban ben ba be ból ből val vel al el n on en ön hoz hez höz tól től ra re ról ről ig ért k ek ok i os es nél nál ként ul ül vá vé",
    "fi": "n in en a ä ia an aan ta tä ssa ssä issa issä sta stä ista istä lla llä illa illä lta ltä ilta iltä lle ille iin ksi iksi t it",
    "et": "i ile is ist il ilt iga sse isse it ga le ni ta st lt e ele es est el elt ega esse et ale ast alt aga ul ule ult uga ust",
    "lt": "s as is us os o io ius iaus iui iumi ui umi u iu e ę ė ėje ą į ai iai ams iams ais iais ose uose ų",
    "lv": "s a am im u ā is i ai ei as ās ām ais us os iem ē e es",
    "pl": "a u em iem owi ie y i ego iego emu iemu ym im ą ę ów om ach ami",
    "cs": "a u em ovi e y i ou ém ého ému ým ím ů ům ho mu ův ova ovo ovu ovy ově ovou ových ovým ovými",
    "sk": "a u om ovi e y i ou ého ému ým ov mi ho mu ova ovo ovu ovej ovou ových ovým ovými",
    "hr": "a u om em e i ima",
    "de": "s es sche schen scher",
    "sq": "i it in u un ut e es ën ës a at n s t",
    "eu": "k a ak ek en ren rekin ri ko ra tik rik an n z etik eko era ean",
    "ro": "ul ului le lui ii uri urile ilor a ei",
}  # fmt: skip
# What takes the place of the end of a name: of "a" in Polish "y".
_CHANGES = {
    "a": "pl=y,i,ę,ą,o,ie cs=y,u,ou,o,e,ovi sk=y,u,ou,e,ovi hr=e,i,u,om,o lt=os,ai,oje,ų lv=as,ai,u,ām ro=ei sq=ën,ës",
    "o": "pl=y,i,ę,ą,ie,e cs=a,ovi,em,u sk=a,ovi,om,u hr=a,u,om,e",
    "y": "pl=ego,emu,ym cs=ého,ému,ým sk=ého,ému,ým",
    "t": "pl=cie", "ta": "pl=cie", "d": "pl=dzie", "da": "pl=dzie", "r": "pl=rze", "ra": "pl=rze", "ro": "pl=rze", "ka": "pl=ce cs=ce sk=ke",
    "ko": "pl=ce cs=ka,kovi,kem", "ga": "pl=dze cs=ze", "ch": "pl=sze", "cha": "pl=sze", "ł": "pl=le", "ła": "pl=le",
    "ek": "pl=ka,ku,kiem,kowi cs=ka,ku,kem,kovi sk=ka,ku,kom,kovi hr=ka,ku,kom", "ec": "pl=ca,cu,cem,cowi cs=ce,ci,cem,covi sk=ca,com,covi hr=ca,cu,cem",
    "ska": "pl=skiej,ską", "cka": "pl=ckiej,cką", "ova": "sk=ovej", "iec": "pl=ca,cu,cem,cowi", "ac": "hr=ca,cu,cem", "el": "cs=la,lu,lem,lovi",
    "cs": "hu=ccsal,ccsel", "sz": "hu=sszal,sszel", "zs": "hu=zzsal,zzsel", "gy": "hu=ggyal,ggyel", "ny": "hu=nnyal,nnyel", "ly": "hu=llyal,llyel",
    "nen": "fi=sen,sta,seen,sella,selle,selta,sesta,sessa,seksi,sena", "s": "fi=ksen,kseen,ksella,kselle,kselta,ksesta,ksessa",
    "ne": "et=se,sele,selt,sega,sest,sel",
}  # fmt: skip
_LONGEST_CHANGED = max(map(len, _CHANGES))
_VOWELS = "aeiou"
_SHORTEST = 4  # letters of a name that changes its end


def _by_ending(endings: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, text in endings.items():
        for ending in map(fold, listed(text)):
            found[ending] = found.get(ending, frozenset()) | {language}
    return found


def _changed(text: str) -> Endings:
    parts = (part.partition("=") for part in text.split())
    return _by_ending({language: endings.replace(",", " ") for language, _, endings in parts})


SUFFIXES = _by_ending(_ENDINGS)
_DOUBLING = {f"{letter}{rest}" for letter in "bcdfghjklmnprstzv" for rest in ("al", "el")}
"""The Hungarian ending that begins with the last consonant of the name: Zsomborral."""
_DOUBLING = (_DOUBLING | {"szal", "szel"}) - set(map(fold, listed(_ENDINGS["hu"])))
for _ending in _DOUBLING:
    SUFFIXES[_ending] = SUFFIXES.get(_ending, frozenset()) | {"hu"}
_OF_CHANGED = {end: _changed(text) for end, text in _CHANGES.items()}

KAZAKH = frozenset(
    listed(
        "ның нің дың дің тың тің ға ге қа ке да де та те дан ден тан тен нан нен ды ді ты ті ны ні мен бен пен лар лер дар дер тар тер дағы дегі"
        " тағы тегі нын нин дын дин тын тин ни нікі дікі тікі"
    )
)
"""Kazakh and Kyrgyz endings."""
KAZAKH_POSSESSIVE = frozenset(
    listed("ына іне ының інің ынан інен ында інде ымен імен сына сіне сының сінің сында сінде")
)
"""What Kazakh joins to an abbreviation that belongs to somebody, with a hyphen: ФАС-ына."""
CYRILLIC: Endings = {
    **dict.fromkeys(KAZAKH, frozenset({"kk"})),
    **_by_ending({"bg": "ът ят", "mk": "от"}),
    **dict.fromkeys(("та", "те"), frozenset({"kk", "bg", "mk"})),
}
ARTICLES = frozenset({"ът", "ят", "от"})
"""Bulgarian and Macedonian endings that an ordinary word has more often than a name."""
JOINED_NOUNS = listed(
    "groepen groep kanalen kanaal kanale kanal berichten bericht gesprekken gesprek accounts account gebruikers gebruiker gruppen gruppe grupp konten konto kontot"
    " nachrichten nachricht nutzern nutzer aktien aktie chats chat anvandare brukere brukarar beskeder meldinger"
)
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
