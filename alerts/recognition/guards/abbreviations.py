"""Reasons why an abbreviation is short for something else. Pure."""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.hits import How
from alerts.recognition.language.stopwords import FUNCTION

_LONGEST = 5  # letters of an abbreviation
_PREFIX = 3  # letters of the first part of a compound
_KIND = 3  # letters of one that may be a kind of company or club
_FOREIGN = 2  # letters of one that is too short to be known in another alphabet
_COUNTRY = (
    "russ",
    "rus",
    "rosj",
    "venäj",
    "venem",
    "krievi",
    "oros",
    "moscow",
    "mosc",
    "moskau",
    "moskv",
    "kreml",
    "kremlin",
    "putin",
    "soviet",
    "ukrain",
    "belarus",
)
_MOST_BETWEEN = 4  # small words in what is abbreviated


def _is_abbreviation(look: MatchContext) -> bool:
    return look.single and look.word.isupper() and 2 <= len(look.word) <= _LONGEST


def _spelled_out(look: MatchContext) -> Reason:
    """An abbreviation in brackets after the words that it stands for, which are not the entity's name."""
    first = look.match.first
    if not look.words.between(first).endswith("("):
        return None
    letters, at = list(look.word.casefold()), first - 1
    own = False
    while letters and at >= 0 and first - at <= len(look.word) + _MOST_BETWEEN:
        folded = look.words.folded[at]
        if count := _stands_for(letters, folded):
            del letters[-count:]
            own = own or look.is_own(at)
        elif folded not in FUNCTION and len(folded) > 3:
            return None
        at -= 1
    return "it is short for other words here" if not letters and not own else None


def _spelled_out_after(look: MatchContext) -> Reason:
    """An abbreviation before brackets with the words that it stands for, which are not the entity's name."""
    words, first = look.words, look.match.end
    if len(look.word) < _KIND or not look.words.after(first - 1).endswith("("):
        return None
    letters = list(look.word.casefold())
    for at in range(first, min(len(words.words), first + len(look.word) + _MOST_BETWEEN)):
        if look.is_own(at):
            return None
        if letters and words.folded[at][0] == letters[0]:
            del letters[0]
        elif words.folded[at] not in FUNCTION and len(words.folded[at]) > 3:
            return None
        if ")" in words.after(at):
            return None if letters else "it is short for other words here"
    return None


def _model(look: MatchContext) -> Reason:
    """A short abbreviation with a number after a hyphen: a model of something."""
    if len(look.word) > _KIND or not look.compound():
        return None
    return "with a number it is the name of a model" if look.next_word().isdigit() else None


def _stands_for(letters: list[str], folded: str) -> int:
    """For how many letters at the end of an abbreviation a word stands: a compound (межведомственный) for two."""
    if folded[0] == letters[-1]:
        return 1
    return 2 if len(letters) > 1 and folded[0] == letters[-2] and letters[-1] in folded[_PREFIX:] else 0


def _kind(look: MatchContext) -> Reason:
    """A short abbreviation directly before a name in quotation marks: what kind of body that is."""
    if len(look.word) > _KIND:
        return None
    index = look.match.end
    if (
        index >= len(look.words.words)
        or look.is_own(index)
        or look.words.between(look.match.first).endswith(("«", '"', "„"))
    ):
        return None
    return "it is the kind of another body" if re.fullmatch(r"\s[«„“\"]", look.words.between(index)) else None


def _foreign(look: MatchContext) -> Reason:
    """A short abbreviation in another alphabet than listed, where nothing else speaks of its country."""
    if look.match.how is not How.TRANSLITERATED or len(look.word) > _FOREIGN:
        return None
    if look.has_cyrillic or look.hyphened() or any(folded.startswith(_COUNTRY) for folded in look.words.different):
        return None
    others = (index for index in range(len(look.words.words)) if not look.match.first <= index < look.match.end)
    return None if any(map(look.is_own, others)) else "so short an abbreviation may be another one in this alphabet"


def _abbreviation(look: MatchContext) -> Reason:
    """All of these, for an abbreviation."""
    return next(filter(None, (rule(look) for rule in _RULES)), None) if _is_abbreviation(look) else None


_RULES = (_spelled_out, _spelled_out_after, _model, _kind, _foreign)
RULES = (_abbreviation,)
