"""Words where "max" is short for the maximum, in thirty languages. Folded. Pure."""

from __future__ import annotations

import re

from alerts.recognition.tables import listed

MAXIMUM = frozenset(listed("max maks макс"))
TO = frozenset(listed("to the at na do au al auf op til pa a на по до la"))
"""Words before it."""
MEASURES = frozenset(
    listed(
        "speed temperature height length width capacity load weight power size depth number amount volume pressure resolution duration limit brightness"
        " score dose output range throughput bitrate скорость температура длина высота вес мощность нагрузка размер объем громкость"
        " geschwindigkeit anzahl leistung vitesse velocidad velocita predkosc rychlost antal aantal antall nombre numero liczba pocet szama maara arv skaits skaicius"
    )
)
"""What is measured, after it."""
_LEVELS = re.compile(
    "volum|bright|sound|speed|dial|heat|throttle|thrust|setting|громкост|яркост|скорост|звук|мощност|гучн|яскрав|głośno|jasno|hlasit|lautst|hellig|volym"
    "|hanger[őo]|äänenvoim|parlak|luminosité|brillo|garsum|skaļum|helitugevus|à fond"
)


def is_of_level(text: str) -> bool:
    """Whether a text is about something that is turned up and down."""
    return bool(_LEVELS.search(text.lower()))
