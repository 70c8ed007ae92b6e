"""Endings that languages in Latin letters, and Kazakh, add to foreign names without an apostrophe. Pure.

A short or ambiguous name takes such an ending only in a text of that language.
"""

from __future__ import annotations

from alerts.recognition.tables import listed

_ENDINGS = {
    "tr": "i ı u ü in ın un ün nin nın yi yı yu e a ye ya de da te ta den dan ten tan deki daki le la yle yla ler lar leri ları lerin",
    "az": "i ı u ü in ın un ün nin nın ni nı e ə a yə ya də da dən dan ilə la lər lar dəki dakı",
    "uz": "ning ga ka qa da dan ni lar larning dagi gacha",
    "hu": "t et ot at öt nak nek ban ben ba be ból ből val vel al el n on en ön hoz hez höz tól től ra re ról ről ig ért k ek ok i os es nél nál",
    "fi": "n in en a ä ia ta tä ssa ssä issa issä sta stä ista istä lla llä illa illä lta ltä ilta iltä lle ille iin ksi iksi t it",
    "et": "i ile is ist il ilt iga sse isse it ga le ni ta st lt",
    "lt": "as is us os o io ui iui u iu e ą ai ams ų",
    "lv": "s a am im u ā is i ai ei as us iem",
    "pl": "a u em iem owi ie y i ego iego emu iemu ym im ą ę ów om ach ami",
    "cs": "a u em ovi e y i ou ém ého ému ým ím ů ům",
    "hr": "a u om em e i ima",
    "de": "s es sche schen scher",
    "sq": "i it in",
    "ro": "ul ului",
}
SUFFIXES: dict[str, frozenset[str]] = {}
"""Each ending, folded, with the languages that have it."""
_FOLDED = str.maketrans("ıüöőűäąęéíýůóáā", "iuoouaaeeiyuoaa")
for _language, _text in _ENDINGS.items():
    for _ending in {ending.translate(_FOLDED) for ending in _text.split()}:
        SUFFIXES[_ending] = SUFFIXES.get(_ending, frozenset()) | {_language}

KAZAKH = frozenset(
    listed(
        "ның нің дың дің тың тің ға ге қа ке да де та те дан ден тан тен нан нен ды ді ты ті ны ні мен бен пен лар лер дар дер тар тер дағы дегі"
        " тағы тегі нын нин дын дин тын тин ни"
    )
)
"""Kazakh and Kyrgyz endings."""
LONGEST = max(map(len, [*SUFFIXES, *KAZAKH]))
