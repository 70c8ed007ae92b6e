"""Why a match is not the entity's name, by all rules in their order. Pure."""

from __future__ import annotations

from collections.abc import Collection

from alerts.recognition.finder import Match
from alerts.recognition.guards import abbreviations, appositions, longer_names, other_kinds, places, quoted
from alerts.recognition.guards.casing import Casing
from alerts.recognition.guards.match_context import MatchContext, Profile, Reason
from alerts.recognition.guards.people import first_names, persons, surnames
from alerts.recognition.guards.words import adjectives, beginnings, common_words, noun_phrases, ordinary_words, papers
from alerts.recognition.text.words import Span, Words

RULES = (
    *papers.RULES,
    *common_words.RULES,
    *adjectives.RULES,
    *abbreviations.RULES,
    *surnames.RULES,
    *persons.RULES,
    *places.RULES,
    *longer_names.RULES,
    *other_kinds.RULES,
    *appositions.RULES,
    *noun_phrases.FOR_ALL,
)
FOR_SEVERAL = (*common_words.FOR_SEVERAL, *persons.FOR_SEVERAL, *longer_names.FOR_SEVERAL, *RULES)
"""For names of several words in the text."""
FOR_AMBIGUOUS = (
    *common_words.FOR_AMBIGUOUS,
    *persons.FOR_AMBIGUOUS,
    *first_names.FOR_AMBIGUOUS,
    *quoted.FOR_AMBIGUOUS,
    *places.FOR_AMBIGUOUS,
    *longer_names.FOR_AMBIGUOUS,
    *other_kinds.FOR_AMBIGUOUS,
    *beginnings.FOR_AMBIGUOUS,
    *ordinary_words.RULES,
    *noun_phrases.RULES,
)


def reason_against(
    words: Words, casing: Casing, match: Match, profile: Profile, context: list[Span], named: Collection[Span] = ()
) -> Reason:
    """Why a match is not a mention, in a few words; None if nothing speaks against it. `context`: the positions of the
    entity's context words in the text; `named`: of all context words that are names.
    """
    look = MatchContext(words, casing, match, profile, context, named)
    for rule in RULES if look.single else FOR_SEVERAL:
        if found := rule(look):
            return found
    if profile.ambiguous:
        for rule in FOR_AMBIGUOUS:
            if found := rule(look):
                return found
    return None
