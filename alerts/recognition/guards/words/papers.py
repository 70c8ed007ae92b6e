"""Reasons why what is called like a messenger is a telegram on paper, or a newspaper. Pure."""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.word_lists.cities import OF_PAPERS, PRINTED
from alerts.recognition.language.word_lists.english import is_of_companies
from alerts.recognition.language.word_lists.other_names import (
    DOUBLED,
    FEMININE_STEMS,
    OF_A_SERVICE,
    OF_THEM,
    PAPERS,
    WITHIN,
)
from alerts.recognition.tables import listed
from alerts.recognition.vocabulary.hits import How

_OLD = re.compile(r"\b1[89]\d\d\b")
_NEAR_YEAR = 30  # characters
_PAPER = "a feminine noun with the same stem is meant"
_ON_PAPER = "it is one on paper"
_NOT_RUSSIAN = re.compile("[іїєґўјљњћђџѓќ]", re.IGNORECASE)
_WITHOUT_DOUBLE_M = frozenset({"uk", "be", "bg", "sr", "mk"})
_FEMININE = frozenset({"а", "у", "и", "ы", "ою", "ой", "ами", "ам", "ах", "ата", "ите"})
_AGREEING = {
    "у": listed("в ў ла ло ли лі ти ть ці ну ву ту шу ую юю є на за про"),
    "а": listed("ла лася ра на ва ка та ша ця ха"),
}
"""What the word before a feminine noun ends with, by its ending."""
_NOMINATIVE = ("телеграма", "тэлеграма")
_SENDING = frozenset(listed("від до ад да от"))
"""Words before who has sent it, or receives it."""
_BULGARIAN_IN = frozenset(listed("в във с със"))
_WITH_WISHES = listed(
    "kondol condol gratul gluckwunsch поздравит сауче вітальн віншавальн соболезн співчут спачув"
    " uzuojaut lidzjut sveikin apsveik tebrik taziye"
)
"""Beginnings of words for what is said on paper."""
_ON_A_SERVICE = WITHIN | {"в", "во", "у", "на", "ў", "auf"}
_FEMININE_FORMS = frozenset(listed("telegramoje telegramos telegramomis telegramose telegramoms"))  # Lithuanian
_STAR = "star"  # Fort Worth Star-Telegram
_ENGLISH = "telegram"
_ENGLISH_BEFORE = frozenset(listed("the a this that last old"))
_ENGLISH_OWNERS = _ENGLISH_BEFORE | {"s", "his", "her", "their"}
_ENGLISH_AFTER = frozenset(listed("from to read arrived came"))
_STEMS = (*PAPERS, *FEMININE_STEMS, "ტელეგრამ")
_GEORGIAN, _UNTIL = "ტელეგრამა", "მდე"  # the messenger has another stem


def _feminine_elsewhere(look: MatchContext) -> Reason:
    """A feminine noun of Ukrainian, Belarusian or Bulgarian with the stem of a name, in small letters: телеграму."""
    if not look.folded.startswith(FEMININE_STEMS) or not look.lower or not look.single or look.hyphened():
        return None
    stem = next(filter(look.folded.startswith, FEMININE_STEMS))
    ending, before = look.folded[len(stem) :], look.before()
    slavic = bool(_NOT_RUSSIAN.search(look.around())) or look.words.language in _WITHOUT_DOUBLE_M
    if ending in _FEMININE and (slavic or before in _BULGARIAN_IN) and _is_sent(look):
        return _PAPER
    if not slavic and (not before or dictionary.is_word(before)):
        return None
    if before in OF_THEM or before.startswith(OF_A_SERVICE) or ending not in _FEMININE:
        return None
    agreeing = _AGREEING.get(ending, ("",)) if slavic else ("",)
    return _PAPER if not before or before.endswith(agreeing) else None


def _is_sent(look: MatchContext) -> bool:
    """Whether the text says who has sent it, or to whom: not until when."""
    index = look.match.end + 1
    return look.after() in _SENDING and index < len(look.words.words) and not look.words.words[index].isdigit()


def _on_paper(look: MatchContext) -> Reason:
    """A telegram on paper: the German noun, or one of a year when there was no other."""
    stem = look.folded.startswith(PAPERS)
    if not look.single or not stem:
        return None
    doubled = look.folded.startswith(DOUBLED) and look.words.language in {"de", "fr"}
    if doubled and not look.joined().startswith(OF_A_SERVICE):
        return "it is an ordinary word of this language"
    if _is_newspaper(look):
        return "it is a newspaper"
    text, end = look.words.text, look.words.spans[look.match.end - 1][1]
    wishes = look.before().startswith(_WITH_WISHES) or look.after().startswith(_WITH_WISHES)
    wishes = wishes and (look.lower or look.begins()) and look.before() not in _ON_A_SERVICE
    old = _OLD.search(text, end, end + _NEAR_YEAR)
    return _ON_PAPER if old or wishes or look.folded in _FEMININE_FORMS else None


def _is_newspaper(look: MatchContext) -> bool:
    """Whether the words beside it, with capital letters, make it a newspaper: Belfast Telegram archive."""
    index = look.match.first - 1
    if index >= 0 and look.words.between(index + 1) == "-" and look.words.folded[index] == _STAR:
        return True
    if look.lower or not look.before() or not look.casing.is_capitalized(index) or is_of_companies(look.after()):
        return False
    return look.before() in OF_PAPERS or (look.after() in PRINTED and look.casing.says_something(look.match.first))


def _nominative(look: MatchContext) -> Reason:
    """The feminine noun at the beginning of a sentence, by what follows."""
    if look.folded not in _NOMINATIVE or not look.begins() or look.lower or fold(look.match.phrase.text) in _NOMINATIVE:
        return None
    return _PAPER if _is_sent(look) or look.after().endswith("ла") else None


def _georgian(look: MatchContext) -> Reason:
    """The Georgian noun, which is another word than the messenger's name."""
    if not look.folded.startswith(_GEORGIAN) or look.match.how is How.EXACT or look.folded.endswith(_UNTIL):
        return None
    return _ON_PAPER


def _in_english(look: MatchContext) -> Reason:
    """The English noun, in small letters, with who has sent it, or to whom, or when: the telegram from his aunt."""
    if not look.lower or look.folded != _ENGLISH or look.words.language not in {"en", None} or look.hashtag():
        return None
    start = look.words.spans[look.match.first][0]
    sent = look.after() in _ENGLISH_AFTER and look.before() in _ENGLISH_BEFORE
    old = look.before() in _ENGLISH_OWNERS and _OLD.search(look.words.text, max(0, start - 2 * _NEAR_YEAR), start)
    return _ON_PAPER if sent or old else None


def _telegram(look: MatchContext) -> Reason:
    """The rules of this module, for a name that begins like the word for a telegram."""
    if not look.folded.startswith(_STEMS):
        return None
    return next(filter(None, (rule(look) for rule in _RULES)), None)


_RULES = (_in_english, _feminine_elsewhere, _nominative, _georgian, _on_paper)
RULES = (_telegram,)
