"""Words after an ordinary word at the beginning of a sentence, which say that no company is meant, or one is. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

BEING = frozenset(listed("is was are were has have isn wasn"))
OF_THINGS = frozenset(
    listed(
        "weak weaker weakest strong stronger poor patchy faint bad low lost thin thick loose tight hard soft sweet harder sour ripe ripening red green blue yellow white black"
        " long short tall heavy light empty broken cracked brittle rough smooth warm cold hot wet dry seven eight nine ten six five four three two eleven twelve"
        " clear unclear visible delicious tasty rich juicy seasonal edible common rare normal natural inevitable bad-tempered scarce plentiful high higher lower"
        " steady stable when where what how greek latin slang short-lived contagious missed met reached exceeded lost jammed detected picked hit season worn torn tightened"
    )
)
"""What is said of things, and not of companies and services."""
NATURAL = frozenset(
    listed(
        "rose rises billows billowed drifts drifted hisses flows flowed flickers flickered fades faded drips swells rippled ripens ripened hangs hung grows grew blooms withers"
    )
)
"""Verbs of things at the beginning of a sentence."""
PLACING = frozenset(listed("from on in of at near under over through between inside behind across along into for with"))
DETERMINERS = frozenset(listed("a an the your his her my our their its this that these those every each all both"))
_GERMAN_PLACES = "auf im in am an unter uber aus vom von vor hinter zwischen"
_RUSSIAN_PLACES = "в во на под над у около возле из без от среди за при с со для"
PLACES = {"de": frozenset(listed(_GERMAN_PLACES)), "ru": frozenset(listed(_RUSSIAN_PLACES))}
"""Prepositions before where something is."""
TIMES = frozenset(
    listed(
        "неделе неделю днях фоне этой этом этот прошлой прошлом прошлый первом втором третьем четвертом начале конце ходе рамках итоге год году среду субботу"
        " пятницу четверг понедельник вторник воскресенье январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре очередной разы раз ответ"
        " связи отличие ближайшее суде суда днем ночь целом течение обмен октября рф сша"
    )
)
"""Words after a preposition that say when, or why."""
