"""Brands that are named like a city or a province, and the words before one. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

CITIES = frozenset(
    listed(
        "santander sabadell orange nokia aurora phoenix austin lincoln dallas sydney victoria geneva parma siena modena toledo granada cadiz evian vichy limoges delft"
        " essen halle lancaster york reading bath boston florence savannah perth columbia alexandria meta galicia navarra bilbao macau macao luxor imola"
        " carrara ravenna verona plzen pilsen heineken monza corona bristol bolton preston derby nevada dakota"
        " сантандер аврора орион балтика сибирь волга алтай байкал урал амур кубань ямал таймыр сахалин камчатка арктика сибирь дельта"
    )
)
WHERE = frozenset(
    listed(
        "in near from to outside around nach aus en desde hacia hasta cerca vers depuis pres a in da per verso em w do pod koło kolo z ve do u blizko"
        " в во из под около возле у близ до"
    )
)
"""Prepositions before a place."""
GOVERNORS = frozenset(
    listed("governor gobernador gobernadora gouverneur governador governadora department departamento departement")
)
"""Before "of" and a region."""
ARTICLES = frozenset(listed("a the un una une ein eine el la"))
OF_OTHERS = frozenset(listed("of de di d du von"))
"""Between a word for a bank and what else it is a bank of: fog, sand, food, blood."""
OF_PAPERS = frozenset(
    listed(
        "evening daily sunday morning weekly saturday county belfast sheffield grimsby hull exeter derby nottingham coventry worcester lincoln toronto herald"
    )
)
"""Before "Telegram", which is then a newspaper."""
PRINTED = frozenset(
    listed(
        "archive archives newspaper editor reporter reporters columnist newsroom photographer journalist newsstand obituaries"
    )
)
"""After it."""
