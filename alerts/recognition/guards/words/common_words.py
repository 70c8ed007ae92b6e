"""Reasons why a match is not a name: a common word, a verb, a law. Pure.

An entity with `context` or `not` has an ambiguous name. In small letters it then counts as a common word.
"""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language import dictionary
from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.language.stopwords import (
    BEFORE_VERB,
    DETERMINER,
    FEMININE_ENDINGS,
    FUNCTION,
    INTO,
    MODAL,
    OBJECT,
    PLURAL_ENDINGS,
    SHARED_ENDINGS,
)
from alerts.recognition.language.which import is_small, may_be_small
from alerts.recognition.language.word_lists.english import RELIEF, makes_compound
from alerts.recognition.language.word_lists.other_names import (
    OF_A_SERVICE,
    SMALL_ORDINARY,
    WITHIN,
)
from alerts.recognition.names import humps
from alerts.recognition.vocabulary.hits import How

_DATIVE = frozenset({"ам", "ям", "ами", "ями", "у", "ю", "ах", "ях"})
_ADVERBS = frozenset({"very", "quite"})
_AFTER = frozenset({"после", "от"})
_CONSONANTS = tuple("бвгджзклмнпрстфхцчшщ")
_BRANDS = frozenset({"сбербанк", "сбер"})  # which the dictionary has
_SHOUTED = 4  # letters of a name that is not taken for an abbreviation
_BESIDE = 1  # words between a name and its context, in a text without capital letters


def _common_noun(look: MatchContext) -> Reason:
    """A name in small letters that is also a common word."""
    listed = look.match.phrase.text
    if not (look.lower and look.single) or look.hashtag() or not any(map(str.isupper, listed)) or _in_haste(look):
        return None
    abbreviation = listed.isupper() and len(listed) <= 3 and _is_like_a_word(look.folded)
    if (abbreviation or look.profile.ambiguous or look.match.phrase.core) and look.casing.has_capitals:
        return "in small letters it is a common word"
    if _ends_phrase(look) and look.before() in DETERMINER and script_of(look.folded) == "latin":
        return "with an article it is a common word"
    if look.match.how is How.MISSPELT or script_of(look.folded) != "cyrillic" or len(humps(listed)) > 1:
        return None
    common = look.folded not in _BRANDS and dictionary.is_common(look.folded)
    return "in small letters it is a common word" if common else None


def _before_number(look: MatchContext) -> Reason:
    """An ambiguous name in small letters before a number: max 10."""
    if not (look.lower and look.single and look.profile.ambiguous) or look.hashtag():
        return None
    if script_of(look.folded) == "cyrillic" and _in_haste(look):
        return None
    number = re.match(r"\.?\s?\d", look.words.after(look.match.first)[:2] + look.next_word()[:1])
    return "before a number it is a common word" if number else None


def _phrase_in_small_letters(look: MatchContext) -> Reason:
    """An ambiguous name of several words in small letters: полярный кречет, the bird."""
    if not look.lower or not look.profile.ambiguous or look.match.phrase.person or look.hashtag():
        return None
    capital = look.match.phrase.text[:1].isupper()
    return "in small letters they are common words" if capital and look.casing.has_capitals else None


def _plural(look: MatchContext) -> Reason:
    """A name of several words that begins with a common noun: in the plural and small letters, others of its kind."""
    listed, hit = look.match.phrase.text, look.match.hits[0]
    if hit.ending not in PLURAL_ENDINGS or not look.word.islower() or not listed[0].isupper():
        return None
    return "in the plural it is a common noun" if dictionary.is_plural(look.folded) else None


def _several(look: MatchContext) -> Reason:
    """A name of several words, of which only the first has a capital letter, at the beginning of a sentence: a storm
    that needs cash, a signal to the messengers. None needs one before what people get after a storm.
    """
    words, first, end = look.words.words, look.match.first, look.match.end
    if look.lower and look.casing.has_capitals and look.after() in RELIEF:
        return "its words begin a compound"
    if look.lower or look.profile.surnames or not look.word[0].isupper() or not look.begins():
        return None
    listed = look.match.phrase.text.split()
    if not all(map(str.islower, words[first + 1 : end])) or any(map(str.islower, listed)) or len(listed) < end - first:
        return None
    if look.match.hits[-1].ending in _DATIVE and not look.match.hits[0].ending:
        return "the words stand in different cases"
    after = look.after()
    noun = (
        bool(after)
        and look.next_word().islower()
        and not look.is_own(end)
        and (after in RELIEF or (makes_compound(after) and not acts(look)))
    )
    return "its words begin a compound" if noun and script_of(after) == "latin" else None


def _after_event(look: MatchContext) -> Reason:
    """A name of several Russian words in small letters after a preposition of events: после торнадо кэш кончился."""
    if not look.lower or look.profile.surnames or script_of(look.folded) != "cyrillic" or not look.casing.has_capitals:
        return None
    undeclined = look.words.words[look.match.end - 1].endswith(_CONSONANTS)  # so it is the subject
    return "only its first word belongs to the one before" if undeclined and look.before() in _AFTER else None


def _in_haste(look: MatchContext) -> bool:
    """Whether the text has no capital letters, and a context word beside the name."""
    return look.profile.own_context and look.casing.is_lower_only and look.context_within(_BESIDE)


def _is_like_a_word(folded: str) -> bool:
    return script_of(folded) == "latin" or dictionary.is_word(folded)


def _ends_phrase(look: MatchContext) -> bool:
    return not look.after() or look.after() in FUNCTION


def _verb(look: MatchContext) -> Reason:
    """A name used as an English verb: `to acme it`, or `Acme the term` as a request."""
    if not look.single or look.match.hits[0].ending or script_of(look.folded) != "latin" or look.after() not in OBJECT:
        return None
    if look.lower and look.before() in BEFORE_VERB:
        return "it is a verb here"
    starts = look.casing.begins_sentence(look.match.first) and look.casing.is_capitalized(look.match.first)
    has = look.next_word() == "a" and look.words.language == "fr"  # a verb
    return "it is a request here" if starts and not has and not look.casing.is_title else None


def _after_adverb(look: MatchContext) -> Reason:
    """An ambiguous name in small letters after an adverb: very meta."""
    adjective = look.lower and look.single and look.profile.ambiguous and look.before() in _ADVERBS
    return "it is an adjective here" if adjective else None


def _verb_of_common_word(look: MatchContext) -> Reason:
    if look.profile.ambiguous and look.single and look.lower and look.before() in MODAL:
        return "it is a verb here"
    return None


def _misspelt(look: MatchContext) -> Reason:
    """A misspelling that is a word of its own. Only a capital letter, or the grammar around it, makes it a name."""
    hit = look.match.hits[0]
    if not look.single or hit.how is not How.MISSPELT or look.compound() or look.hashtag():
        return None
    if script_of(look.folded) != "cyrillic" or not dictionary.is_word(look.word):
        return None
    first = look.match.first
    if look.word.isupper() or look.casing.is_title:
        return "it is another word"
    if look.casing.says_something(first):
        return None
    if not hit.ending and (look.before() in INTO or look.casing.begins_sentence(first)):
        return None
    return "it is another word"


def _feminine(look: MatchContext) -> Reason:
    """A feminine noun with the same stem: the text has a form of it that the name cannot have."""
    hit = look.match.hits[0]
    if not look.lower or not look.single or hit.ending not in SHARED_ENDINGS or script_of(look.folded) != "cyrillic":
        return None
    stem = look.folded[: len(look.folded) - len(hit.ending)]
    forms = {stem + ending for ending in FEMININE_ENDINGS}
    if fold(look.match.phrase.text) == stem and not forms.isdisjoint(look.words.different):
        return "another word with the same stem is meant"
    return None


def _small_word(look: MatchContext) -> Reason:
    """A word that is one of the small words of the text's language: German über is no Uber."""
    if not (look.single and may_be_small(look.word)) or look.word.isupper() or look.quoted():
        return None
    if not is_small(look.word, look.words.language):
        return None
    accented = not look.word.isascii() and look.word.casefold() != look.match.phrase.text.casefold()
    first = look.profile.own_context and look.begins() and not look.casing.is_title and not look.context_within(0)
    return "it is a small word of this language" if look.lower or accented or first else None


def _ordinary_in_small_letters(look: MatchContext) -> Reason:
    """A name in small letters that is an ordinary word of the text's language, but after a preposition: on telegram."""
    if not look.lower or not look.single:
        return None
    languages = SMALL_ORDINARY.get(look.folded) or SMALL_ORDINARY.get(fold(look.match.phrase.text))
    if not languages or look.hashtag() or look.hyphened() or not look.casing.has_capitals:
        return None
    of_service = look.before().startswith(OF_A_SERVICE) or look.after().startswith(OF_A_SERVICE)
    if of_service or look.before() in WITHIN or look.words.language not in languages:
        return None
    return "in small letters it is an ordinary word of this language"


def _in_capitals(look: MatchContext) -> Reason:
    """An ambiguous name in capitals, where the text and the listed name have none: ELISA, an assay."""
    if not look.single or not look.profile.own_context or not look.word.isupper() or len(look.word) < _SHOUTED:
        return None
    if look.match.phrase.text.isupper() or look.casing.is_capitals or look.casing.is_title or look.context_within(1):
        return None
    if look.quoted():
        return None
    others = [word for word in look.words.words if len(word) > 1 and word != look.word]
    return None if any(map(str.isupper, others)) else "in capitals it is short for something else"


RULES = (
    _small_word,
    _ordinary_in_small_letters,
    _misspelt,
    _before_number,
    _common_noun,
    _verb,
    _verb_of_common_word,
    _after_adverb,
    _feminine,
)
FOR_AMBIGUOUS = (_in_capitals,)
FOR_SEVERAL = (_phrase_in_small_letters, _plural, _several, _after_event)
