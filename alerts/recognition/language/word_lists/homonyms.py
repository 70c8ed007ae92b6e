"""Abbreviations and names that several bodies share, and what tells that another one is meant. Folded. Pure."""

from __future__ import annotations

import re
from functools import cache

from alerts.recognition.tables import listed

# An abbreviation or a name, and beginnings of words that a text has if another body is meant.
_OTHERS = r"""
sec=conference football league college schedule quarterback touchdown basketball athletic electricid combustibles
nabu=naturschutz vogel vögel artenschutz moor storch umweltverb wolfe
fsb=small.business stability.board basel.committee
vk=brexit vk.\d+(?:[.,]\d+)?.?(?:€|eur) vk.prefix radio.amateur vk.preis vorverkauf abendkasse cricket kohli batting innings rcb vodka drink bottles vitamin volejbal vaterpol odbojk 维生素 維生素 ビタミン 비타민 витамин призывник военком повестк медкомисс волейбол военн.кафедр vitamín
вк=вк.поликлиник врачебн медкомис водоохран витамин вітамін ватерпол волейбал одбојк одбојкаш водни призывник военком повестк медкомисс волейбол военной.кафедр водонагревател
гпб=библиотек щедрин рукопис
gpb=library
ск=спортивн спортклуб чемпионат страхов стрелков
фас=фас.[а-яё-]+ого.округа алкогольн беремен овчарк собак пес командуют синдром
fas=alcohol syndrome foetal fetal pregnan
ton=tons tonne truck lorry
gru=airport aeroporto guarulhos minion despicable aeropuerto
cbr=honda motorcycle мотоцикл canberra case-based
mvd=motor.vehicle motorist driver.licen
мтс=трактор колхоз совхоз машинно
mts=motion michigan tractor tyre
фнс=сабел настольн
сбу=бюджет установ
nca=cheer church.aid collegiate
sfo=flights airport runway
amf=bowling arabe arab.monetary
nbu=bulgarian.university blinde netherlands o.zbekiston uzbekistan
цб=целлюлоз библиотек
пвк=водоканал
сво=шереметьев
vtb=vilnius.tech basket.league
втб=единой.лиге баскетбол единая.лига
нтв=телескоп
bp=blood.pressure systolic diastolic base.pair mmhg
cia=companhia companía cía institute.of.arts culinary
rt=retweet real.time reverse.transcript
bis=basel bâle settlements
cma=cgm country.music container nashville
acm=computing.machinery turing.award
fca=fiat chrysler
нбу=ректор узбекистан ўзбекистон ташкент
מקס=.?.?אשראי
ркн=пуска?.ркн космодром байконур стартового.стола
btk=inhibitor kinase leukemia lymphoma demir.yolu demiryolu railway
uke=uke.in.hamburg notaufnahme klinik ukulele
إبل=.
ابل=سباق.ابل هجن رعي قطيع لحوم حليب
кнб=камень ножниц
"""


@cache
def _others() -> dict[str, re.Pattern[str]]:
    rows = (line.partition("=") for line in _OTHERS.strip().split("\n"))
    return {short: re.compile("|".join(map(_beginning, words.split()))) for short, _, words in rows}


def _beginning(word: str) -> str:
    """A word where it begins; Chinese, Japanese and Korean ones wherever they are."""
    return word if word > "\u2fff" else rf"\b{word}"


def means_another(folded: str, text: str) -> bool:
    """Whether a text has words of another body with this abbreviation."""
    pattern = _others().get(folded)
    return bool(pattern and pattern.search(text.lower()))


UNITS = frozenset(
    listed(
        "sec min max mm cm km kg ton tons lb lbs oz bar mol rad gal hz khz mhz ghz rpm mph psi ppm kwh mwh kb mb gb tb px pt usd eur gbp rub"
    )
)
"""Units, after a number."""

OTHER_STATES = listed(
    "chilen nigeri filipin philippin thai indones brasil brazil argentin mexic colombi peruan peruvi bolivi ghan kenya uganda zambi tanzan pakistan banglad"
    " vietnam malays cambod myanmar sudafric south-afric marocain algeri tunisi egypt venezol ecuator paragua urugua"
)
"""Beginnings of words for states that seldom are the ones of a watched body."""
