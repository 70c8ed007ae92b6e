"""Reasons why a match is somebody else's name: a person's, a film's, another company's. Pure.

An entity with `context` or `not` has an ambiguous name. For such names the neighbouring words are judged more strictly.
"""

from __future__ import annotations

import re

from alerts.recognition import common_words
from alerts.recognition.casing import Casing
from alerts.recognition.finder import Match
from alerts.recognition.language import dictionary
from alerts.recognition.language.legal_forms import OF_A_GROUP, form_at
from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.language.stopwords import FUNCTION, PARTICLE, STREET
from alerts.recognition.match_context import MatchContext, Profile, Reason
from alerts.recognition.words import Words

_LONGEST = 10  # most words of a company's name


def _person(look: MatchContext) -> Reason:
    """A surname with another person's given name or initials, or in the name of a street."""
    given = next((names for last, names in look.profile.surnames.items() if _is_base(look, last)), None)
    if given is None or not look.single:
        return None
    if look.match.first and look.words.folded[look.match.first - 1] in STREET:
        return "it is part of a place's name"
    initials = {_letter(name) for name in given}
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


def _longer_name(look: MatchContext) -> Reason:
    """An ambiguous name that ends a longer one: a person's, a film's, a product's."""
    index = look.match.first - 1
    if not _is_strict(look) or not look.beside(index, back=True) or look.is_own(index):
        return None
    word, casing = look.words.words[index], look.casing
    script = script_of(look.words.folded[index])
    if not word[0].isupper() or script != script_of(look.folded) or (word.isupper() and not look.word.isupper()):
        return None
    if casing.is_title or casing.is_capitals or look.words.folded[index] in FUNCTION:
        return None
    if dictionary.is_given_name(word):
        return "it is a part of somebody's name"
    initial = casing.begins_sentence(index)
    if script == "cyrillic":
        other = not dictionary.is_common(word) and not initial
    else:
        other = not initial or not (look.profile.own_context or word.endswith(("ing", "ed", "ly")))
    return "it is a part of a longer name" if other else None


def _is_strict(look: MatchContext) -> bool:
    return look.profile.ambiguous and look.single and look.casing.is_capitalized(look.match.first)


def _given_name(look: MatchContext) -> Reason:
    """A name that is also a first name, before a surname."""
    index = look.match.end
    if not _is_strict(look) or not look.beside(index, back=False) or look.is_own(index):
        return None
    word, folded = look.words.words[index], look.words.folded[index]
    if folded in OF_A_GROUP or not dictionary.is_given_name(look.word):
        return None
    if folded in PARTICLE:
        return "it is somebody's first name"
    if not word[0].isupper() or script_of(folded) != script_of(look.folded):
        return None
    if (look.casing.is_title and len(look.words.words) > 4) or look.word.isupper() != word.isupper():
        return None
    return "it is somebody's first name"


def _company(look: MatchContext) -> Reason:
    """An ambiguous name in a longer company name with a legal form at the end."""
    if not look.profile.ambiguous or not look.casing.is_capitalized(look.match.first):
        return None
    words = look.words
    others, index = [], look.match.end
    while index < min(len(words.words), look.match.end + _LONGEST) and _goes_on(words, index):
        if length := form_at(words.folded, index):
            others += _words_before(look)
            strange = [at for at in others if words.folded[at] not in OF_A_GROUP and not look.is_own(at)]
            return "another company" if strange and length else None
        others.append(index)
        index += 1
    return None


def _goes_on(words: Words, index: int) -> bool:
    joined = re.fullmatch(r",?\s+|\s&\s|[-‐‑]", words.between(index))
    return bool(joined) and (words.words[index][0].isupper() or words.words[index][0].isdigit())


def _words_before(look: MatchContext) -> list[int]:
    """The capitalized words directly before, which may belong to the same company's name."""
    found: list[int] = []
    index = look.match.first - 1
    if look.casing.is_title and len(look.words.words) > 5:
        return found
    while len(found) < _LONGEST and look.beside(index, back=True) and look.casing.is_capitalized(index):
        if look.words.folded[index] in FUNCTION or form_at(look.words.folded, index):
            break
        found.append(index)
        index -= 1
    return found


RULES = (_person, _given_name, _longer_name, _company)


def reason_against(words: Words, casing: Casing, match: Match, profile: Profile) -> Reason:
    """Why a match is not a mention, in a few words; None if nothing speaks against it."""
    look = MatchContext(words, casing, match, profile)
    return next((found for rule in (*common_words.RULES, *RULES) if (found := rule(look))), None)
