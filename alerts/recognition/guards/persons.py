"""Reasons why a match is somebody else's name. Pure."""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.given_names import SAME
from alerts.recognition.language.legal_forms import OF_A_GROUP
from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.language.stopwords import PARTICLE, STREET
from alerts.recognition.tables import listed
from alerts.recognition.text.words import Words

# Languages that decline a man's surname, so that -ova may be its genitive.
_DECLINING = frozenset(listed("ru uk be bg sr hr pl cs sk lv lt"))


def _person(look: MatchContext) -> Reason:
    """A surname with another person's given name or initials, or in the name of a street."""
    given = next((names for last, names in look.profile.surnames.items() if _is_base(look, last)), None)
    if given is None or not look.single:
        return None
    if look.match.first and look.words.folded[look.match.first - 1] in STREET:
        return "it is part of a place's name"
    initials = {_letter(other) for name in given for other in (name, *SAME.get(fold(name), ()))}
    for index, back in ((look.match.first - 1, True), (look.match.end, False)):
        if not 0 <= index < len(look.words.words) or look.is_own(index):
            continue
        word, gap = look.words.words[index], look.words.after(index) if back else look.words.between(index)
        if len(word) == 1 and word.isupper() and re.match(r"\.?\s?\Z", gap) and _has_dot(look.words, index):
            first = _first_initial(look.words, index) if back else word
            if _letter(first) not in initials:
                return "somebody else with this surname"
        elif gap.isspace() and word[0].isupper() and dictionary.is_given_name(word):
            return "somebody else with this surname"
    return None


def _small(look: MatchContext) -> Reason:
    """A person's surname in small letters: an ordinary word, unless the whole text is in small letters."""
    if not (look.is_surname and look.lower and look.casing.has_capitals) or look.hashtag():
        return None
    given = look.profile.surnames[fold(look.match.phrase.text)]
    return "a surname in small letters is another word" if any(map(dictionary.is_given_name, given)) else None


def _letter(name: str) -> str:
    """The first letter of a name, the same in both scripts."""
    folded = fold(name)
    return latin(romanized(folded))[:1]


def _is_base(look: MatchContext, last: str) -> bool:
    return fold(look.match.phrase.text) == last


def _has_dot(words: Words, index: int) -> bool:
    return words.after(index).startswith(".")


def _first_initial(words: Words, index: int) -> str:
    before = index - 1
    has_another = index > 0 and len(words.words[before]) == 1 and words.after(before).strip() == "."
    return words.words[before if has_another else index]


def _woman(look: MatchContext) -> Reason:
    """A surname in -ov with -a in a text of a language without cases: a woman's surname."""
    if (
        not look.profile.surnames
        or not look.single
        or not look.folded.endswith(("ova", "eva", "ina", "skaya", "skaia"))
    ):
        return None
    if script_of(look.folded) != "latin" or look.words.language in _DECLINING:
        return None
    return "a woman's surname" if any(_is_base(look, last) for last in look.profile.surnames) else None


def _given_name(look: MatchContext) -> Reason:
    """A name that is also a first name, before a surname."""
    index = look.match.end
    if not look.is_strict() or not look.beside(index, back=False) or look.is_own(index):
        return None
    word, folded = look.words.words[index], look.words.folded[index]
    if folded not in PARTICLE:
        if folded in OF_A_GROUP or not word[0].isupper() or script_of(folded) != script_of(look.folded):
            return None
        if (look.casing.is_title and len(look.words.words) > 4) or look.word.isupper() != word.isupper():
            return None
    return "it is somebody's first name" if dictionary.is_given_name(look.word) else None  # last: it loads a dictionary


RULES = (_small, _person, _woman)
FOR_AMBIGUOUS = (_given_name,)
