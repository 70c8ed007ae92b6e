"""Reasons why a name in quotation marks is that of something else, or a part of a longer one. Pure."""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language import dictionary
from alerts.recognition.language.legal_forms import OF_A_GROUP
from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.language.word_lists.acts import SKIPPED
from alerts.recognition.language.word_lists.beginnings import PLACES
from alerts.recognition.language.word_lists.other_names import KINDS
from alerts.recognition.language.word_lists.quoted import OF_ACTORS, OF_COMPANIES, OF_THINGS

_QUOTED = 4  # most words of a name in quotation marks
_OPEN, _CLOSE = re.compile(r"""[«„“"‘]\Z"""), re.compile(r"""\A[»“”"’]""")
_BEFORE = re.compile('\\s[«„“"]')
_SHORT = 4  # letters of a noun with no such ending
_SHORTEST = 3  # letters of a noun


def _longer(look: MatchContext) -> Reason:
    """An ambiguous name in quotation marks with other words, which are the name together."""
    if not look.profile.ambiguous or not look.single:
        return None
    start, stop = _marks(look)
    words, first, end = look.words, look.match.first, look.match.end
    if start is None or stop is None or not 1 < stop - start <= _QUOTED or words.words[start][0].islower():
        return None
    others = [at for at in range(start, stop) if not first <= at < end]
    if any(_CLOSE.match(words.after(at)) for at in range(start, stop - 1)) or _is_sentence(look, others):
        return None
    strange = [at for at in others if not look.is_own(at) and words.folded[at] not in OF_A_GROUP | PLACES["ru"]]
    strange = [at for at in strange if script_of(words.folded[at]) == script_of(look.folded)]
    return "it is a part of a longer name in quotation marks" if strange else None


def _marks(look: MatchContext) -> tuple[int | None, int | None]:
    """The first word in the quotation marks around the match, and the end; None where there is no mark near."""
    words, first, end = look.words, look.match.first, look.match.end
    start = next((at for at in range(first, max(-1, first - _QUOTED), -1) if _OPEN.search(words.between(at))), None)
    last = min(len(words.words), end + _QUOTED)
    return start, next((at for at in range(end, last + 1) if _CLOSE.match(words.after(at - 1))), None)


def _is_sentence(look: MatchContext, others: list[int]) -> bool:
    """Whether something is quoted that is said of the entity: a verb is there."""
    if acts(look) or look.after() in SKIPPED:
        return True
    folded = look.words.folded
    return any(script_of(folded[at]) == "cyrillic" and dictionary.is_verb(folded[at]) for at in others)


def _of_a_kind(look: MatchContext) -> Reason:
    """An ambiguous name in quotation marks after a noun that says what else it is: the cruiser «Aurora»."""
    before = look.match.first - 1
    if not look.profile.own_context or not look.single or before < 0 or look.is_own(before):
        return None
    if not _BEFORE.fullmatch(look.words.between(look.match.first)):
        return None
    folded = look.words.folded[before]
    other = folded.startswith(KINDS) or (_is_base(look) and _is_another_noun(folded))
    return "it is the name of something else" if other else None


def _is_base(look: MatchContext) -> bool:
    """Whether the name is not declined, and alone in its quotation marks: «Signal» beside a noun in any case."""
    base = not look.match.hits[0].ending or fold(look.match.phrase.text) == look.folded
    return base and bool(_CLOSE.match(look.words.after(look.match.end - 1)))


def _is_another_noun(folded: str) -> bool:
    """Whether a word is a noun for no company, nor for anything that is said of one."""
    if folded.startswith(OF_THINGS):
        return True
    if (
        folded.startswith(OF_COMPANIES)
        or (len(folded) > _SHORT and folded.endswith(OF_ACTORS))
        or len(folded) < _SHORTEST
    ):
        return False
    return script_of(folded) == "cyrillic" and dictionary.is_noun(folded)


FOR_AMBIGUOUS = (_of_a_kind, _longer)
