"""Reasons why a match is no name but a word of the language: a common noun, a verb, a small word. Pure.

An entity with `context` or `not` has an ambiguous name. In small letters it then counts as a common word.
"""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.scripts import script_of
from alerts.recognition.language.which import is_small, may_be_small
from alerts.recognition.names import humps
from alerts.recognition.tables import by_language, listed, words
from alerts.recognition.vocabulary.hits import How

_DETERMINER = frozenset(listed("a an each every some any no"))
_INTO = frozenset(listed("в во на через про наш ваш твой мой свой этот весь нашего вашего моего своего нашем вашем"))
"""Words before a masculine noun in the nominative, accusative or prepositional case."""
_BRANDS = frozenset({"сбербанк", "сбер"})  # which the dictionary has
_BESIDE = 1  # words between a name and its context, in a text without capital letters


def common_noun(look: MatchContext) -> Reason:
    """A name in small letters that is also a common word; in a text without capitals not beside its context."""
    listed = look.match.phrase.text
    if not (look.lower and look.single) or look.hashtag() or not any(map(str.isupper, listed)):
        return None
    if look.profile.own_context and look.casing.is_lower_only and look.context_within(_BESIDE):
        return None
    latin = script_of(look.folded) == "latin"
    abbreviation = listed.isupper() and len(listed) <= 3 and (latin or dictionary.is_word(look.folded))
    if (abbreviation or look.profile.ambiguous or look.match.phrase.core) and look.casing.has_capitals:
        return "in small letters it is a common word"
    if latin and look.before() in _DETERMINER and (not look.after() or look.after() in words("function")):
        return "with an article it is a common word"
    if look.match.how is How.MISSPELT or script_of(look.folded) != "cyrillic" or len(humps(listed)) > 1:
        return None
    common = look.folded not in _BRANDS and dictionary.is_common(look.folded)
    return "in small letters it is a common word" if common else None


def ordinary_in_small_letters(look: MatchContext) -> Reason:
    """An ordinary word of the text's language, in small letters or in the spelling of that language, which the name has
    not; but after a preposition it is a service.
    """
    if not look.single or look.hashtag() or look.hyphened() or look.before() in words("within"):
        return None
    own = look.match.how in {How.MISSPELT, How.HEARD} or look.word.casefold() != look.folded
    if not (own or (look.lower and look.casing.has_capitals)) or look.word.isupper():
        return None
    known = look.words.language in by_language("small").get(look.folded, ())
    return "it is an ordinary word of this language" if known else None


def verb(look: MatchContext) -> Reason:
    """A name used as an English verb: `to acme it`, or `Acme the term` as a request."""
    if not look.single or look.match.hits[0].ending or script_of(look.folded) != "latin":
        return None
    if look.after() not in words("object"):
        return None
    if look.lower and look.before() in words("before_verb"):
        return "it is a verb here"
    starts = look.casing.begins_sentence(look.match.first) and look.casing.is_capitalized(look.match.first)
    has = look.next_word() == "a" and look.words.language == "fr"  # a verb
    return "it is a request here" if starts and not has and not look.casing.is_title else None


def misspelt_word(look: MatchContext) -> Reason:
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
    if not hit.ending and (look.before() in _INTO or look.casing.begins_sentence(first)):
        return None
    return "it is another word"


def small_word(look: MatchContext) -> Reason:
    """A word that is one of the small words of the text's language: German über is no Uber."""
    if not (look.single and may_be_small(look.word)) or look.word.isupper() or look.quoted():
        return None
    if not is_small(look.word, look.words.language):
        return None
    accented = not look.word.isascii() and look.word.casefold() != look.match.phrase.text.casefold()
    first = look.profile.own_context and look.begins() and not look.casing.is_title and not look.context_within(0)
    return "it is a small word of this language" if look.lower or accented or first else None
