"""Reasons why a name is that of a thing of another kind: an island, a toothpaste, a fruit, a maximum. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.word_lists.farming import (
    BEFORE_FOOD,
    FARMING,
    FOOD,
    FRUITS,
    JUICE,
    REMARKS,
    REMARKS_BEFORE,
)
from alerts.recognition.language.word_lists.homonyms import means_another
from alerts.recognition.language.word_lists.kinds import begins_with_kind, ends_with_kind, is_kind_after, is_kind_before
from alerts.recognition.language.word_lists.measures import MAXIMUM, MEASURES, TO, is_of_level
from alerts.recognition.language.word_lists.roles import CASELESS
from alerts.recognition.language.word_lists.sports import is_of_sports
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed
from alerts.recognition.vocabulary.hits import How

_LONGEST = 12  # letters of a noun in a script without spaces
_OPENING, _CLOSING = "«„“\"'‘「『《‹(", "»“”\"'’」』》›)"
_OF = frozenset(listed("d l of de du des di do da del der von van"))
_BETWEEN = re.compile(rf"[-\s'’]\s?[{re.escape(_OPENING)}]?")
_AFTER = re.compile(rf"[{re.escape(_CLOSING)}]?[-\s]")

_CLOSE = 1  # words between a name and its context
_BEFORE_FRUIT = 3  # words
_SPACELESS = "han"  # where each character is a word
_EAST_ASIAN = "\u3041"  # the first letter
_NOTHING = ("\0",)
_META = frozenset(listed("meta мета メタ 메타"))
_ANALYSIS = re.compile("\\s?(?:分析(?![了师師])|解析|アナリシス|분석|データ|認知)")


def _kind(look: MatchContext) -> Reason:
    """An ambiguous name beside a noun that says what else it is."""
    one_word = look.single or alphabet(look.word) == _SPACELESS
    if not look.profile.own_context or not one_word or look.hashtag():
        return None
    if acts(look) and not look.profile.surnames:  # of companies: a person who does it may be a clown
        return None
    return "it is the name of something else" if _is_before(look) or _is_after(look) else None


def _heard_kind(look: MatchContext) -> Reason:
    """A name that is only heard, after a noun that says what else it is: جزيرة بافين, the island, is no BaFin."""
    if not look.single or look.profile.own_context or look.match.how is not How.HEARD:
        return None
    return "it is the name of something else" if _is_before(look) else None


def _is_before(look: MatchContext) -> bool:
    first, folded = look.match.first, look.words.folded
    index, gap = first - 1, look.words.between(first)
    if index < 0:
        return False
    if _BETWEEN.fullmatch(gap) and not look.is_own(index):
        if is_kind_before(folded[index]):
            return True
        if folded[index] in _OF and index > 0 and not look.is_own(index - 1) and is_kind_before(folded[index - 1]):
            return True
    start = look.words.spans[first][0]
    before = look.words.text[max(0, start - _LONGEST) : start].rstrip(_OPENING + " ")
    return not look.touches(start - 1) and ends_with_kind(before)


def _is_after(look: MatchContext) -> bool:
    index = look.match.end
    if index >= len(look.words.words):
        return False
    gap = look.words.between(index)
    if _AFTER.fullmatch(gap):
        return not look.is_own(index) and is_kind_after(look.words.folded[index])
    if gap.strip(_CLOSING):
        return False
    start = look.words.spans[index][0]
    return not look.touches(start) and begins_with_kind(look.words.text[start : start + _LONGEST])


def _analysis(look: MatchContext) -> Reason:
    """An analysis of analyses, in a script without spaces: Meta分析."""
    if not look.profile.ambiguous or look.folded not in _META:
        return None
    end = look.words.spans[look.match.end - 1][1]
    return "it is a kind of analysis" if _ANALYSIS.match(look.words.text, end) else None


def _sports(look: MatchContext) -> Reason:
    """An ambiguous name in a text about a match, whose context is not close: a club's."""
    if not look.profile.own_context or not look.single or look.context_within(_CLOSE):
        return None
    return "it is a club" if is_of_sports(look.around()) else None


def _fruit(look: MatchContext) -> Reason:
    """The name of a fruit, with a word of farming or of food."""
    if look.word >= _EAST_ASIAN and _is_beside(look, BEFORE_FOOD, FOOD):
        return "it is food"
    if not look.single or look.folded not in FRUITS:
        return None
    if look.after() in FARMING and not look.is_own(look.match.end):
        return "it is a fruit"
    folded, first = look.words.folded, look.match.first
    return "it is a fruit" if not JUICE.isdisjoint(folded[max(0, first - _BEFORE_FRUIT) : first]) else None


def _is_beside(look: MatchContext, before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the text goes on directly as a table has it for these words, or leads to them."""
    start, end = look.words.span(*look.match.span)
    text, words = look.words.text, look.words.text[start:end]
    return text.startswith(after.get(words, _NOTHING), end) or text.endswith(before.get(words, _NOTHING), 0, start)


def _remark(look: MatchContext) -> Reason:
    """A comment in a forum, in Korean."""
    remark = look.word >= _EAST_ASIAN and _is_beside(look, REMARKS_BEFORE, REMARKS)
    return "it is a comment" if remark and not look.context_within(0) else None


def _maximum(look: MatchContext) -> Reason:
    """Short for the maximum."""
    if not look.profile.ambiguous or not look.single or look.folded not in MAXIMUM:
        return None
    if look.after() in MEASURES and not look.is_own(look.match.end):
        return "it is the maximum"
    after = look.words.after(look.match.end - 1) + look.next_word()[:1]
    if look.casing.has_capitals and re.match(r"\.\s[a-zа-яà-ÿ\d]", after):
        return "it is the maximum"
    if look.before() in TO and is_of_level(look.around()):
        return "it is the maximum"
    return None


def _another_of_the_name(look: MatchContext) -> Reason:
    """A name in a script without capital letters in a text about another company, or thing, of that name."""
    if not look.single or alphabet(look.folded) not in CASELESS:
        return None
    text = look.around()
    written = (look.word, *filter(look.word.endswith, forms(look.folded)))  # not what is folded: آبل is no ابل
    other = any(means_another(form, text) for form in written)
    return "something else has this name" if other else None


RULES = (_another_of_the_name, _fruit, _remark, _heard_kind)
FOR_AMBIGUOUS = (_kind, _maximum, _analysis, _sports)
