"""Reasons why an ambiguous name is an ordinary word of the text's language, although a context word is near. Pure.

At the beginning of a sentence, and in German for every noun, a capital letter says nothing. The context must then be in
the same clause, or next to the word where the language has it as an ordinary word.
"""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.other_names import AND, ARTICLES, ORDINARY, OTHER_SCRIPTS, PRODUCT
from alerts.recognition.language.scripts import fold, script_of

_NEXT, _BESIDE = 1, 2
"""Words between an ordinary word and the context that makes it a name: where a sentence begins, and elsewhere."""
_NO_WORDS: frozenset[str] = frozenset()
_STEM = 2  # letters of which a stem has more
_TOO_FAR = "it is an ordinary word, and its context is too far away"
_ENDS = re.compile(r"[,:—–!?、。，：！？،؟]|\.\s+[^\W\d_a-z]")  # not ";", which separates the cells of a register's row
_CLAUSE = re.compile(r"[,;:—–.!?]")


def _is_doubtful(look: MatchContext) -> bool:
    """Whether the word's capital letter says nothing, and its context is in the same field."""
    if not (look.context and look.single) or look.word.isupper() or look.hashtag() or look.quoted():
        return False
    if look.lower:
        return False
    return script_of(look.folded) == "other" or _begins(look) or look.words.language == "de"


def _begins(look: MatchContext) -> bool:
    """Whether it begins a sentence, rather than a list after a colon."""
    gap = look.words.between(look.match.first)
    return look.match.first == 0 or (look.casing.begins_sentence(look.match.first) and not re.search("[:|;•]", gap))


def _ordinary(look: MatchContext) -> Reason:
    """An ordinary word, with a context that is too far away."""
    if not _is_doubtful(look):
        return None
    folded = look.folded
    if script_of(folded) == "other":
        return None if _is_beside(look) or not any(map(_is_listed, forms(folded))) else _TOO_FAR
    listed = look.words.language is not None and look.words.language in ORDINARY.get(folded, ())
    unknown = look.words.language is None and folded in ORDINARY and not look.has_cyrillic
    if unknown:
        return None if look.context_in_clause(_ENDS) else "it may be an ordinary word: its context is in another clause"
    if listed and look.words.language != "en":
        after_verb = look.words.folded[look.match.end + 1 : look.match.end + 2]
        articles = ARTICLES.get(look.words.language or "", _NO_WORDS)
        further = not _begins(look) or not articles.isdisjoint(after_verb)
        close = look.context_within(_BESIDE if further else _NEXT) and look.context_in_clause(_ENDS)
        return None if close else "it is an ordinary word of this language"
    if script_of(folded) == "cyrillic" and _is_russian_noun(look):
        close = look.context_in_clause(_CLAUSE) and (look.context_within(_NEXT) or not _begins(look))
        return None if close else _TOO_FAR
    return None


def _is_russian_noun(look: MatchContext) -> bool:
    """Whether the word, or the name that it is a form of in another Slavic language, is a common noun."""
    listed = look.match.phrase.text
    return dictionary.is_common(look.folded) or (script_of(fold(listed)) == "cyrillic" and dictionary.is_common(listed))


def _is_listed(form: str) -> bool:
    """Whether a word of another script is an ordinary one, or its stem."""
    return form in OTHER_SCRIPTS or any(len(form) > _STEM and word[:-1] == form for word in OTHER_SCRIPTS)


def _is_beside(look: MatchContext) -> bool:
    """Whether a context word is next to it, or a particle of one letter between."""
    first, end, words = look.match.first, look.match.end, look.words.words
    if look.context_within(0):
        return True
    particle = any(0 <= at < len(words) and len(words[at]) == 1 for at in (first - 1, end))
    return particle and look.context_within(1)


def _with_article(look: MatchContext) -> Reason:
    """A word with an article, which names of brands do not have, unless a context word or a product follows."""
    language, first = look.words.language, look.match.first
    if not look.is_strict() or not look.profile.own_context or not first or look.word.isupper() or look.hyphened():
        return None
    if language not in ARTICLES or look.words.folded[first - 1] not in ARTICLES[language]:
        return None
    known = language == "de" or language in ORDINARY.get(look.folded, ())
    if not known or look.words.between(first) not in {" ", "'", "’"}:
        return None
    index = look.match.end
    follows = look.beside(index, back=False) and (look.is_own(index) or look.words.folded[index] in PRODUCT)
    return None if follows else "with an article it is an ordinary word"


def _counted(look: MatchContext) -> Reason:
    """A noun at the beginning of a sentence before another one in the genitive, or before "and" and a common noun."""
    index = look.match.end
    if not _is_doubtful(look) or not look.beside(index, back=False) or look.is_own(index):
        return None
    words, folded = look.words, look.words.folded
    if words.words[index][0].isdigit():
        return "before a number it is a common word"
    if folded[index] == "of" and _begins(look):
        return "it is an ordinary word with what belongs to it"
    if script_of(look.folded) == "cyrillic":
        common = dictionary.is_common(look.folded) and dictionary.is_genitive(folded[index])
        return "it is an ordinary word with a noun that belongs to it" if common else None
    follows = index + 1 < len(words.words) and words.words[index + 1].islower()
    both = folded[index] in AND and follows and not look.is_own(index + 1) and look.folded in ORDINARY
    return "it is an ordinary word beside another" if both else None


def _of_a_place(look: MatchContext) -> Reason:
    """A common noun before a name in the genitive: the peak of something, the delta of a river."""
    index = look.match.end
    if not look.profile.own_context or not look.single or look.lower or look.word.isupper() or look.quoted():
        return None
    if not look.beside(index, back=False) or not look.words.words[index][0].isupper() or look.is_own(index):
        return None
    if script_of(look.folded) != "cyrillic" or not dictionary.is_common(look.folded):
        return None
    return "it is a part of a longer name" if dictionary.is_genitive(look.words.folded[index]) else None


RULES = (_ordinary, _with_article, _counted, _of_a_place)
