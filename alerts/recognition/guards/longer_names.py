"""Reasons why a match is a part of a longer name, or the name of a thing of another kind: a film, an island. Pure.

An entity with `context` or `not` has an ambiguous name. For such names the neighbouring words are judged more strictly.
"""

import re
from functools import cache

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.scripts import script_of
from alerts.recognition.language.tokens import SPACELESS
from alerts.recognition.names import OF_A_GROUP, form_at
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed, words

_LONGER = "it is a part of a longer name"
_PARTICLES = frozenset({"on", "in", "up", "to", "by"})
_NOT_RUSSIAN = re.compile("[әғқңөұүһіїєґўјљњћђџ]")  # words of languages that the dictionary does not have
_LONGEST_NOUN = 12  # letters of a noun in a script without spaces
_OPENING, _CLOSING = "«„“\"'‘「『《‹(", "»“”\"'’」』》›)"
_OF = frozenset(listed("d l of de du des di do da del der von van"))
_BETWEEN = re.compile(rf"[-\s'’]\s?[{re.escape(_OPENING)}]?")
_AFTER = re.compile(rf"[{re.escape(_CLOSING)}]?[-\s]")
_PREPOSITION = 4  # letters that a word has at most which may stand before any name


def longer_name(look: MatchContext) -> Reason:
    """An ambiguous name that ends a longer one: a person's, a film's, a product's."""
    index = look.match.first - 1
    if not look.is_strict() or not look.beside(index, back=True) or look.is_own(index):
        return None
    if look.is_surname or look.words.language == "de":
        return None  # the words before it are a title, or a noun; other people's first names are another rule's
    word, folded = look.words.words[index], look.words.folded[index]
    if not word[0].isupper() or (word.isupper() and not look.word.isupper()) or folded in words("function"):
        return None
    if script_of(folded) != script_of(look.folded) or look.casing.is_title or look.casing.is_capitals:
        return None
    if dictionary.is_given_name(word):
        return "it is a part of somebody's name"
    if look.match.phrase.text.isupper() and not word.isupper():
        return None  # an adjective before an abbreviation
    if not look.casing.begins_sentence(index):
        return _LONGER
    ending = look.match.hits[0].ending
    if len(ending) > 1 and folded.endswith(ending):
        return None  # a noun in the same case: Mobiilioperaatorile Elisale
    if script_of(folded) == "cyrillic":
        return None if dictionary.is_word(word) or _NOT_RUSSIAN.search(folded) else _LONGER
    plain = script_of(folded) == "latin" and len(word) > _PREPOSITION and not word.endswith(("ing", "ed", "ly"))
    return _LONGER if plain else None


def followed(look: MatchContext) -> Reason:
    """An ambiguous name before a word that makes it another name: Orange County."""
    if not (look.profile.ambiguous or look.is_surname) or not (look.casing.has_capitals and look.single):
        return None
    if look.after() not in words("following") or look.is_own(look.match.end):
        return None
    return None if look.is_surname and not look.next_word()[0].isupper() else _LONGER


def followed_by_name(look: MatchContext) -> Reason:
    """An ambiguous name in Latin letters before another capitalized word, which is none of its group's."""
    index = look.match.end
    if not look.is_strict() or look.word.isupper() or script_of(look.folded) != "latin" or look.words.language == "de":
        return None
    if not look.beside(index, back=False) or look.is_own(index) or look.casing.is_title or not look.profile.own_context:
        return None
    if look.match.hits[0].ending == "s":
        return None  # it is somebody's or something of it
    word, folded = look.words.words[index], look.words.folded[index]
    if not word[0].isupper() or word.isupper() or script_of(folded) != "latin" or folded in words("function"):
        return None
    if folded in OF_A_GROUP or form_at(look.words.folded, index):
        return None
    return _LONGER


def compound(look: MatchContext) -> Reason:
    """An ambiguous name that a hyphen joins to a word which is no context: Bolt-on, Orange-Nassau."""
    if not look.profile.ambiguous or not look.single or not look.compound():
        return None
    index = look.match.end
    if not re.fullmatch("[-‐‑]", look.words.after(look.match.end - 1)) or index >= len(look.words.words):
        return None
    folded = look.words.folded[index]
    if look.is_own(index) or (len(folded) <= 2 and folded not in _PARTICLES):
        return None
    if {script_of(look.folded), script_of(folded)} == {"latin", "cyrillic"}:
        return None  # Russian joins its nouns to foreign names with a hyphen
    return "it is a part of a compound"


def other_kind(look: MatchContext) -> Reason:
    """An ambiguous name beside a noun that says what else it is: the island, the toothpaste, the film of that name."""
    one_word = look.single or alphabet(look.word) == "han"  # where each character is a word
    if not look.profile.own_context or not one_word or look.hashtag():
        return None
    return "it is the name of something else" if _is_after_kind(look) or _is_before_kind(look) else None


def _is_after_kind(look: MatchContext) -> bool:
    first, folded = look.match.first, look.words.folded
    index, gap = first - 1, look.words.between(first)
    if index < 0:
        return False
    if _BETWEEN.fullmatch(gap) and not look.is_own(index):
        if _is_kind(folded[index], "before"):
            return True
        of = folded[index] in _OF and index > 0 and not look.is_own(index - 1)
        if of and _is_kind(folded[index - 1], "before"):
            return True
    start = look.words.spans[first][0]
    before = look.words.text[max(0, start - _LONGEST_NOUN) : start].rstrip(_OPENING + " ")
    return not look.touches(start - 1) and before.endswith(_kinds("before")[2])


def _is_before_kind(look: MatchContext) -> bool:
    index = look.match.end
    if index >= len(look.words.words):
        return False
    gap = look.words.between(index)
    if _AFTER.fullmatch(gap):
        return not look.is_own(index) and _is_kind(look.words.folded[index], "institutions")
    if gap.strip(_CLOSING):
        return False
    start = look.words.spans[index][0]
    return not look.touches(start) and look.words.text.startswith(_kinds("institutions")[2], start)


@cache
def _kinds(side: str) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """The nouns for other things on one side of a name: all, beginnings, and those of scripts without spaces."""
    every = words("beside") | words(side)
    spaceless = re.compile(f"[{SPACELESS}]")
    begins = tuple(word[:-1] for word in every if word.endswith("*"))
    return every, begins, tuple(word for word in every if spaceless.match(word))


def _is_kind(folded: str, side: str) -> bool:
    whole, begins, _ = _kinds(side)
    if folded in whole or folded.startswith(begins):
        return True
    return script_of(folded) == "other" and any(form in whole for form in forms(folded))
