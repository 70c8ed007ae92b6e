"""Reasons why an abbreviation is that of a code of laws, or a unit: it stands after a number. Pure."""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language.stopwords import CITED, CITING, OF_A_STATE
from alerts.recognition.language.word_lists.english import is_of_companies
from alerts.recognition.language.word_lists.homonyms import UNITS

_LONGEST = 5  # letters of such an abbreviation
_FAR = 6  # words of a citation: ст. 12 ч. 2 п. 1
_YEAR = 4  # digits
_LAW = "a law is cited"


def _law(look: MatchContext) -> Reason:
    """An abbreviation for a code of laws: ст. 5 АБК РФ, статья 65 ВК, § 12 Absatz 3."""
    if not look.single or not look.word.isupper() or len(look.word) > _LONGEST:
        return None
    folded, first, end = look.words.folded, look.match.first, look.match.end + 1
    if look.after() in OF_A_STATE:
        beside = folded[max(0, first - 1) : first] + folded[end : end + 1]
        return _LAW if any(word.isdigit() or word in CITING for word in beside) else None
    return _LAW if look.before().isdigit() and _is_cited(look) else None


def _is_cited(look: MatchContext) -> bool:
    """Whether only numbers and their parts stand between a word for an article of a law and the abbreviation. After a
    preposition, somebody may do something by that article.
    """
    words = look.words
    for at in range(look.match.first - 1, max(-1, look.match.first - 1 - _FAR), -1):
        if "§" in words.between(at):
            return True
        if words.folded[at] in CITING:
            last = at == 0 or (words.folded[at - 1] not in CITING and not words.folded[at - 1].isdigit())
            if last:
                return words.folded[at] in CITED or not acts(look)
        elif not words.folded[at].isdigit():
            return False
    return False


def _unit(look: MatchContext) -> Reason:
    """A unit after a number that is no year: 5 SEC."""
    if look.folded not in UNITS or not look.single:
        return None
    number = look.before()
    if not number.isdigit() or len(number) == _YEAR:
        return None
    return None if acts(look) or is_of_companies(look.after()) else "it is a unit"


RULES = (_law, _unit)
