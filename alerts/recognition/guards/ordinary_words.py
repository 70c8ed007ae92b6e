"""Reasons why an ambiguous name is an ordinary word of the text's language, although a context word is near. Pure.

At the beginning of a sentence, and in German for every noun, a capital letter says nothing. The context must then be in
the same clause, or next to the word where the language has it as an ordinary word.
"""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.other_names import AND, ORDINARY
from alerts.recognition.language.scripts import script_of

_NEXT = 1  # the same, for a Russian word
_BESIDE = 2  # words between an ordinary word and the context that makes it a name
_ENDS = re.compile(r"[,:—–!?]|\.\s+[^\W\d_a-z]")  # not ";", which separates the cells of a register's row
_CLAUSE = re.compile(r"[,;:—–.!?]")


def _is_doubtful(look: MatchContext) -> bool:
    """Whether the word's capital letter says nothing, and its context is in the same field."""
    if not (look.context and look.single) or look.word.isupper() or look.hashtag() or look.quoted():
        return False
    if look.lower:
        return False
    return _begins(look) or look.words.language == "de"


def _begins(look: MatchContext) -> bool:
    """Whether it begins a sentence, rather than a list after a colon."""
    gap = look.words.between(look.match.first)
    return look.match.first == 0 or (look.casing.begins_sentence(look.match.first) and not re.search("[:|;•]", gap))


def _ordinary(look: MatchContext) -> Reason:
    """An ordinary word, with a context that is too far away."""
    if not _is_doubtful(look):
        return None
    folded = look.folded
    listed = look.words.language is not None and look.words.language in ORDINARY.get(folded, ())
    unknown = look.words.language is None and folded in ORDINARY and not look.has_cyrillic
    if unknown:
        return None if look.context_in_clause(_ENDS) else "it may be an ordinary word: its context is in another clause"
    if listed and look.words.language != "en":
        return None if look.context_within(_BESIDE) else "it is an ordinary word of this language"
    if script_of(folded) == "cyrillic" and dictionary.is_common(folded):
        close = look.context_in_clause(_CLAUSE) and (look.context_within(_NEXT) or not _begins(look))
        return None if close else "it is an ordinary word, and its context is too far away"
    return None


def _counted(look: MatchContext) -> Reason:
    """A noun at the beginning of a sentence before another one in the genitive, or before "and" and a common noun."""
    index = look.match.end
    if not _is_doubtful(look) or not look.beside(index, back=False) or look.is_own(index):
        return None
    words, folded = look.words, look.words.folded
    if words.words[index][0].isdigit():
        return "before a number it is a common word"
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


RULES = (_ordinary, _counted, _of_a_place)
