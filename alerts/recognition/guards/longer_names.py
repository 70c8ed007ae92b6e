"""Reasons why a match is a part of a longer name: a place's, a film's, a product's, another company's. Pure.

An entity with `context` or `not` has an ambiguous name. For such names the neighbouring words are judged more strictly.
"""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language import dictionary
from alerts.recognition.language.legal_forms import OF_A_GROUP, form_at
from alerts.recognition.language.scripts import script_of
from alerts.recognition.language.stopwords import FUNCTION
from alerts.recognition.language.suffixes import KAZAKH, KAZAKH_POSSESSIVE, SUFFIXES
from alerts.recognition.language.word_lists.other_names import (
    COMPOUND,
    FOLLOWING,
    OF_BUSINESS,
    OF_COUNTRIES,
    OPENING,
    PRODUCT,
    STATES,
)
from alerts.recognition.text.words import Words

_FAR = 12  # words
_LONGEST = 10  # most words of a company's name
_PARTICLES = frozenset({"on", "in", "up", "to", "by"})
_GROUPS = frozenset({"group", "holding", "holdings"})
_NOT_RUSSIAN = re.compile("[әғқңөұүһіїєґўјљњћђџ]")  # words of languages that the dictionary does not have
_HUNGARIAN = frozenset({"a", "az"})  # articles
_OWN_FOUNDATION = "foundation"  # beside its context
_OF_USERS = frozenset({"active", "users"})
_PAPERS = frozenset({"daily", "herald", "tribune", "gazette", "weekly"})
_ROMAN = re.compile("I{2,3}|IV|VI{0,3}|IX")
_OF_PROGRAMS = ("код", "скрипт")


def _longer_name(look: MatchContext) -> Reason:
    """An ambiguous name that ends a longer one: a person's, a film's, a product's."""
    index = look.match.first - 1
    if not look.is_strict() or not look.beside(index, back=True) or look.is_own(index):
        return None
    if look.is_surname or look.words.language == "de" or not _is_alike(look, index):
        return None  # the words before it are a title, or a noun; other people's first names are another rule's
    word = look.words.words[index]
    if dictionary.is_given_name(word):
        return "it is a part of somebody's name"
    before_abbreviation = look.match.phrase.text.isupper() and not word.isupper()  # an adjective
    if before_abbreviation or look.words.folded[index].startswith(OF_BUSINESS):
        return None
    return "it is a part of a longer name" if _begins_name(look, index) else None


def _is_alike(look: MatchContext, index: int) -> bool:
    """Whether the word before has a capital letter like the name, which says something in this text."""
    word, folded = look.words.words[index], look.words.folded[index]
    if not word[0].isupper() or (word.isupper() and not look.word.isupper()):
        return False
    if script_of(folded) != script_of(look.folded) or folded in FUNCTION or folded in _HUNGARIAN:
        return False
    return not (look.casing.is_title or look.casing.is_capitals)


def _begins_name(look: MatchContext, index: int) -> bool:
    """Whether the word before the name is the first of a longer one, and not only of a sentence."""
    word, folded = look.words.words[index], look.words.folded[index]
    if not look.casing.begins_sentence(index):
        return True
    ending = look.match.hits[0].ending
    if len(ending) > 1 and folded.endswith(ending):
        return False  # a noun in the same case: Mobiilioperaatorile Elisale
    if script_of(folded) == "cyrillic":
        return not dictionary.is_word(word) and not _NOT_RUSSIAN.search(folded)
    if script_of(folded) == "other":
        return False
    return not (folded in OPENING or folded.startswith(OF_COUNTRIES) or word.endswith(("ing", "ed", "ly")))


def _followed(look: MatchContext) -> Reason:
    """An ambiguous name before a word that makes it another name: Orange County."""
    if not (look.profile.ambiguous or look.is_surname) or not look.single or look.casing.is_lower_only:
        return None
    index = look.match.end
    if look.is_surname and not look.next_word()[:1].isupper():
        return None
    if not look.after() or look.is_own(index) or (look.after() == _OWN_FOUNDATION and look.context_within(_FAR)):
        return None
    return "it is a part of a longer name" if _is_newspaper(look) or look.after() in FOLLOWING else None


def _is_newspaper(look: MatchContext) -> bool:
    """Whether a word for a newspaper follows, with a capital letter: Apple Daily, but not its daily active users."""
    if look.after() not in _PAPERS or not look.next_word()[0].isupper():
        return False
    index = look.match.end + 1
    return index >= len(look.words.words) or look.words.folded[index] not in _OF_USERS


def _followed_by_name(look: MatchContext) -> Reason:
    """An ambiguous name in Latin letters before a capitalized word that is no product of it, and no person's title."""
    index = look.match.end
    if not look.is_strict() or look.word.isupper() or script_of(look.folded) != "latin" or look.words.language == "de":
        return None
    if not look.beside(index, back=False) or look.is_own(index) or look.casing.is_title or not look.profile.own_context:
        return None
    if look.match.hits[0].ending == "s":
        return None  # it is somebody's or something of it
    word, folded = look.words.words[index], look.words.folded[index]
    if not word[0].isupper() or word.isupper() or script_of(folded) != "latin" or folded in FUNCTION:
        return None
    return (
        None
        if folded in OF_A_GROUP or folded in PRODUCT or form_at(look.words.folded, index)
        else "it is a part of a longer name"
    )


def _series(look: MatchContext) -> Reason:
    """A name before a Roman number: the second ship, or film, of that name."""
    if not _ROMAN.fullmatch(look.next_word()):
        return None
    return "another of the same name" if look.beside(look.match.end, back=False) else None


def _compound(look: MatchContext) -> Reason:
    """An ambiguous name that a hyphen joins to a word which is no context: Bolt-on, Orange-Nassau."""
    if not look.profile.ambiguous or not look.single or not look.compound():
        return None
    index = look.match.end
    if not re.fullmatch("[-‐‑]", look.words.after(look.match.end - 1)) or index >= len(look.words.words):
        return None
    folded = look.words.folded[index]
    if look.is_own(index) or (len(folded) <= 2 and folded not in _PARTICLES) or folded.startswith(COMPOUND):
        return None
    hungarian = look.words.language in {"hu", None} and "hu" in SUFFIXES.get(folded, ())
    if hungarian or folded in KAZAKH or folded in KAZAKH_POSSESSIVE:
        return None  # an ending
    if {script_of(look.folded), script_of(folded)} == {"latin", "cyrillic"} and not folded.startswith(_OF_PROGRAMS):
        return None  # Russian joins its nouns to foreign names with a hyphen
    return "it is a part of a compound"


def _town(look: MatchContext) -> Reason:
    """An ambiguous name before a comma and a state: a town."""
    index = look.match.end
    if not look.profile.own_context or index >= len(look.words.words) or look.words.between(index) != ", ":
        return None
    return "it is a place" if look.words.folded[index] in STATES else None


def _broken(look: MatchContext) -> Reason:
    """The first half of a word that is broken at the end of a line."""
    index = look.match.end
    if "\n" not in look.words.text or index >= len(look.words.words):
        return None
    if look.words.text[look.words.spans[index - 1][1]] not in "-‐":
        return None
    word, gap = look.words.words[index], look.words.between(index)
    broken = word[0].islower() and "\n" in gap and re.fullmatch(r"[-‐]\s+", gap) and not look.is_own(index)
    return "it is a part of a broken word" if broken else None


def _company(look: MatchContext) -> Reason:
    """An ambiguous name in a longer company name with a legal form at the end."""
    if not look.profile.ambiguous or not look.casing.is_capitalized(look.match.first):
        return None
    words = look.words
    others: list[int] = []
    index = look.match.end
    while index < min(len(words.words), look.match.end + _LONGEST) and _goes_on(words, index):
        group = bool(others) and words.folded[index] in _GROUPS and not (look.casing.is_title or acts(look))
        group = group and not any("," in words.between(at) for at in (*others, index))
        if group or form_at(words.folded, index):
            others += () if group else _words_before(look)
            known = OF_A_GROUP | PRODUCT if group else OF_A_GROUP
            strange = [at for at in others if words.folded[at] not in known and not look.is_own(at)]
            return "another company" if strange else None
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


RULES = (_broken,)
FOR_SEVERAL = (_series,)
FOR_AMBIGUOUS = (_followed, _followed_by_name, _compound, _town, _longer_name, _company)
