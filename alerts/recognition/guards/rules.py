"""Why a match is not the entity's name, by all rules in their order. Pure.

Each rule enters, and stays, by what it does on texts that it was not written from: docs/matching.md.
"""

from __future__ import annotations

from collections.abc import Collection

from alerts.recognition.finder import Match
from alerts.recognition.guards.abbreviations import as_a_word, cited, kind_of_body, spelled_out
from alerts.recognition.guards.common_words import (
    common_noun,
    misspelt_word,
    ordinary_in_small_letters,
    small_word,
    verb,
)
from alerts.recognition.guards.longer_names import compound, followed, followed_by_name, longer_name, other_kind, quoted
from alerts.recognition.guards.match_context import Casing, MatchContext, Profile, Reason
from alerts.recognition.guards.ordinary_words import counted, ordinary, with_article
from alerts.recognition.guards.people import another_person, first_name
from alerts.recognition.text.words import Span, Words

RULES = (
    small_word, ordinary_in_small_letters, misspelt_word, common_noun, verb,
    kind_of_body, cited, spelled_out, as_a_word, another_person,
)  # fmt: skip
FOR_AMBIGUOUS = (
    first_name, quoted, followed, followed_by_name, compound, longer_name, other_kind, ordinary, with_article, counted,
)  # fmt: skip
"""For names with `context` or `not`."""


def reason_against(
    words: Words, casing: Casing, match: Match, profile: Profile, context: list[Span], named: Collection[Span] = ()
) -> Reason:
    """Why a match is not a mention, in a few words; None if nothing speaks against it. `context`: the positions of the
    entity's context words in the text; `named`: of all context words that are names.
    """
    look = MatchContext(words, casing, match, profile, context, named)
    rules = (*RULES, *FOR_AMBIGUOUS) if profile.ambiguous else RULES
    return next((found for rule in rules if (found := rule(look))), None)
