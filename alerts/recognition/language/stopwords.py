"""Sets of small words of English and Russian that classify the words beside them. Pure."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


BEFORE_VERB = _set("to can could should must may might will would shall let lets just please i you we they")
MODAL = BEFORE_VERB - _set("to i you")
OBJECT = _set("it that this them these those the a an my your his her their our him me us you everyone how what for")
DETERMINER = _set("a an each every some any no")
FUNCTION = (
    DETERMINER
    | OBJECT
    | BEFORE_VERB
    | _set(
        "and are as at but by from has have if in into is its of off on or so than then was were when where which while"
        " who whose why with do does did not new now here inside today yesterday tomorrow after before since until"
        " under over via per about against all both between during despite former ex like unlike only even also more"
        " most other he she vs v versus news app company firm giant owner maker"
    )
)
"""Words that no name of a person or a product begins with."""

CITED = _set(
    "ст статья стаття артыкул article articles art artikel abschnitt articulo artículo articolo artigo artykuł artykul article článek clanek paragraf paragraph absatz section"
)
"""Words for an article of a law, as they stand before its number."""
CITING = CITED | _set(
    "статьи статье статью статей статтею статті статтю ч часть части частью п пп пункт пункта пункту кодекс кодекса абз абзац abs satz nr no odst ust alinea alinéa par"
)
"""The same after a preposition, and words for its parts."""
OF_A_STATE = _set("рф рсфср рк рб")
STREET = _set(
    "ул улица улицы улице улицу улицей пр просп проспект проспекта проспекте пл площадь площади пер переулок переулке"
    " вул вулиця вулиці вулицю вулицею площа площі площу провулок провулку проспекті"
    " вуліца вуліцы улицата булевард ulica ulicy ulicę alei"
    " переулка бульвар бульваре наб набережная набережной шоссе метро станция станции имени им памяти street"
    " rue calle rua avenida viale corso piazza plaza plac aleja utca ulice"
)
PARTICLE = _set("фон ван де да дер ди ле von van der di le la du del")
INTO = _set("в во на через про наш ваш твой мой свой этот весь нашего вашего моего своего нашем вашем")
"""Words before a masculine noun in the nominative, accusative or prepositional case."""

FEMININE_ENDINGS = ("ою", "ой", "ею", "ей")
PLURAL_ENDINGS = _set("ы и ов ей ам ям ами ями ах ях")
SHARED_ENDINGS = _set("а у и і е ы")
"""Endings that a masculine noun and a feminine one with the same stem have both."""
