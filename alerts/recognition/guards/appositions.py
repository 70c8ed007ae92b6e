"""Reasons why a name is somebody or something else's: after it, the text says what it is. Pure."""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.word_lists import people
from alerts.recognition.language.word_lists.apposed import ENDING, OF_BUSINESS, PARTS
from alerts.recognition.language.word_lists.cities import CITIES
from alerts.recognition.language.word_lists.kinds import is_kind_apposed, is_person

_OPENS = frozenset({", ", " — ", " – ", " ("})
_JOINS = frozenset({" ", "-", ""})
_FAR = 4  # words between a region and a context
_LONGEST = 7  # words of what is said
_SOMETHING = "it is the name of something else"


def _apposition(look: MatchContext) -> Reason:
    """A name before a comma and what it is: Meta, a village of 180; Max, the family's deaf spaniel."""
    if not look.single or look.hashtag() or look.words.after(look.match.end - 1) not in _OPENS:
        return None
    phrase = _phrase(look)
    if not phrase or any(map(look.is_own, phrase)) or look.words.folded[phrase[-1]] in OF_BUSINESS:
        return None
    if not look.profile.own_context:
        phrase = phrase[-1:]  # a name that is not ambiguous: only what the noun itself says
    return _SOMETHING if any(_is_kind(look, look.words.folded[at]) for at in phrase) else None


def _is_kind(look: MatchContext, folded: str) -> bool:
    """Whether a word is no company, nor a person if the entity is none, or has an ambiguous name."""
    if look.profile.surnames and not look.profile.own_context and is_person(folded):
        return False
    return is_kind_apposed(folded) or (folded in people.TITLES and not look.profile.surnames)


def _phrase(look: MatchContext) -> list[int]:
    """The words of an apposition, up to its noun."""
    words = look.words
    found: list[int] = []
    for at in range(look.match.end, min(len(words.words), look.match.end + _LONGEST)):
        opens = at == look.match.end
        if not opens and (
            words.between(at).lstrip("'’") not in _JOINS or (len(found) > 1 and words.folded[at] in ENDING - PARTS)
        ):
            break
        found.append(at)
    return found


def _where(look: MatchContext) -> Reason:
    """An ambiguous name that a region has, too, between commas after a town: en Villavicencio, Meta, hay."""
    first, words = look.match.first, look.words
    if not look.profile.own_context or not look.single or first < 2 or look.is_own(first - 1):
        return None
    if fold(look.match.phrase.text) not in CITIES:
        return None
    between = words.between(first) == ", " and words.after(look.match.end - 1).startswith(", ")
    place = between and words.words[first - 1].istitle() and words.folded[first - 2] in people.IN
    return "it is where something is" if place and not look.context_within(_FAR) else None


def _in_brackets(look: MatchContext) -> Reason:
    """An ambiguous name alone in brackets after another name, which it says the region of: Villavicencio (Meta)."""
    first, words = look.match.first, look.words
    if not look.profile.own_context or not look.single or not first or look.is_own(first - 1):
        return None
    if words.between(first) != " (" or not words.after(look.match.end - 1).startswith(")"):
        return None
    named = words.words[first - 1][0].isupper() and not look.context_within(1)
    return "it is where something is" if named else None


RULES = (_apposition, _where, _in_brackets)
