"""Reasons why an ambiguous name at the beginning of a sentence is an ordinary word: what follows it says so. Pure."""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language import dictionary
from alerts.recognition.language.scripts import script_of
from alerts.recognition.language.word_lists.beginnings import (
    BEING,
    DETERMINERS,
    NATURAL,
    OF_THINGS,
    PLACES,
    PLACING,
    TIMES,
)
from alerts.recognition.language.word_lists.english import is_of_companies
from alerts.recognition.language.word_lists.other_names import ORDINARY

_ENDS = re.compile("[,;:—–.!?]")
_NEAR = 3  # words between such a word and its context
_FAR = 5  # where an article follows
_ORDINARY = "it is an ordinary word at the beginning of a sentence"


def _beginning(look: MatchContext) -> Reason:
    """An ordinary word that begins a sentence, by the words after it."""
    if not look.profile.own_context or not look.single or look.lower or look.word[:2].isupper() or look.quoted():
        return None
    if not look.begins() or not look.after() or look.is_own(look.match.end) or look.hashtag():
        return None
    script = script_of(look.folded)
    if script == "cyrillic":
        return _ORDINARY if _is_placed_in_russian(look) and dictionary.is_noun_too(look.folded) else None
    if script != "latin":
        return None
    english = not look.casing.is_title and _is_said_in_english(look)
    return _ORDINARY if english or _is_placed_in_german(look) else None


def _is_said_in_english(look: MatchContext) -> bool:
    """Whether an ordinary English word is weak, or in something: Signal is weak in the valley."""
    if look.words.language not in {"en", None} or "en" not in ORDINARY.get(look.folded, ()):
        return False
    folded, index = look.words.folded, look.match.end
    second = folded[index + 1] if index + 1 < len(folded) else ""
    if look.after() in NATURAL:
        return not look.context_within(0)
    if look.after() in PLACING:
        return second in DETERMINERS and not look.context_within(_NEAR)
    if look.after() not in BEING or not (second in OF_THINGS or second in DETERMINERS):
        return False
    named = any(map(is_of_companies, folded[index + 1 : index + 2 + _NEAR]))
    close = look.context_within(_FAR if second in DETERMINERS else _NEAR) and look.context_in_clause(_ENDS)
    return not named and not close


def _is_placed_in_german(look: MatchContext) -> bool:
    """Whether a German noun is in, or on, its context: Vogel auf Tanker."""
    if look.words.language not in {"de", None} or "de" not in ORDINARY.get(look.folded, ()):
        return False
    placed = look.after() in PLACES["de"] and not acts(look)
    return (
        placed and look.words.words[look.match.end + 1 : look.match.end + 2] != [] and look.is_own(look.match.end + 1)
    )


def _is_placed_in_russian(look: MatchContext) -> bool:
    """Whether a Russian noun is in, or on, something that has no capital letter, or is for something in the dative."""
    words, index = look.words, look.match.end + 1
    if look.after() in PLACES["ru"] and index < len(words.words):
        here = words.words[index].islower() and words.folded[index] not in TIMES
        return here and not _has_verb(look, index + 1)
    return False


def _has_verb(look: MatchContext, first: int) -> bool:
    """Whether one of a few words from `first` on, in the same clause, is a Russian verb."""
    for at in range(first, min(len(look.words.words), first + _NEAR)):
        if not look.words.between(at).isspace():
            return False
        if dictionary.is_verb(look.words.folded[at]):
            return True
    return False


def _dative(look: MatchContext) -> Reason:
    """A noun that begins a sentence before another one in the dative, though it is its context: сигнал мессенджерам."""
    if not look.profile.own_context or not look.single or look.lower or look.word[:2].isupper() or look.quoted():
        return None
    if script_of(look.folded) != "cyrillic" or not look.begins() or look.match.hits[0].ending:
        return None
    following = look.words.folded[look.match.end : look.match.end + 2]
    if not look.after() or not following or not dictionary.is_noun_too(look.folded):
        return None
    dative = dictionary.is_dative(following[0]) or (following[0] == "всем" and dictionary.is_dative(following[-1]))
    return "it is an ordinary word with a noun that belongs to it" if dative else None


FOR_AMBIGUOUS = (_beginning, _dative)
