"""Words of texts about matches, in thirty languages. Pure."""

from __future__ import annotations

import re
from functools import cache

_WORDS = (
    r"обыгра|сыграл[аи]? |проигра\w*+(?! (?:апелл|суд|иск|дел|спор|процесс|арбитраж|тендер|аукцион|конкурс))|вничью|вратар|форвард|полузащитник|голкипер|плей-офф|дерби|хет-трик|забил гол|чемпионате мира по|тренер команды|хоккеист|футболист|баскетболист|воротар"
    "|goalkeeper|midfielder|striker|hat-trick|playoff|quarterback|innings|wicket|defenceman|touchdown|semi-?final|quarter-?final|grand prix|kick-off|stoppage time"
    "|torwart|spieltag|der trainer|cheftrainer|bundesliga|trainerbank|gardien de but|ligue 1|milieu de terrain|delantero|portero|centrocampista|portiere|goleiro|atacante"
    "|bramkarz|napastnik|brankář|útočník|kapus|csatár|kaleci|forvet|portar|fundaş|maalivahti|väravavaht|vārtsargs|vartininkas|målvakt|målmand|keeper"
    "|τερματοφύλακα|γκολ|שוער|מחזור|حارس المرمى|الدوري|دروازه‌بان|لیگ برتر|მეკარე|դարպասապահ|골키퍼|결승골|선발투수|ゴールキーパー|決勝点|先発投手|本塁打|守门员|进球|联赛"
    "|ผู้รักษาประตู|गोलकीपर|विकेट"
)


@cache
def _pattern() -> re.Pattern[str]:
    """Compiled with the first ambiguous name in a text."""
    return re.compile(rf"(?<![a-zа-я])(?:{_WORDS})")


def is_of_sports(text: str) -> bool:
    """Whether a text is about a match."""
    return bool(_pattern().search(text.lower()))
