"""Why a match is not the entity's name, by all rules in their order. Pure.

Each rule enters, and stays, by what it does on texts that it was not written from: docs/matching.md.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence

from alerts.recognition.finder import Match
from alerts.recognition.guards.longer_names import (
    another_person,
    as_a_word,
    cited,
    compound,
    followed,
    followed_by_name,
    kind_of_body,
    longer_name,
    other_kind,
    spelled_out,
)
from alerts.recognition.guards.match_context import Casing, EntityProfile, MatchContext, Reason
from alerts.recognition.guards.ordinary_words import (
    common_noun,
    counted,
    misspelt_word,
    ordinary,
    ordinary_in_small_letters,
    small_word,
    verb,
)
from alerts.recognition.language.endings import ARTICLES, OF_CHANGES_ONLY
from alerts.recognition.sound.alphabets import LETTERS, alphabet
from alerts.recognition.sound.likeness import ALONE, ALONE_LETTERS, TOGETHER
from alerts.recognition.vocabulary import CHARACTER
from alerts.recognition.words import Hit, How, Span, Words

_CERTAIN = 12.0  # bits of a word that was recognized by its letters
_GUARDED, _GUARDED_LETTERS = 9.0, 10.5
"""Bits that a name needs whose context is near; between Latin and Cyrillic."""
_BESIDE = 7.5  # bits of a word in another script that has its context next to it
_NAMED = 30  # characters between it and a context word that is a name
_GAP = 2  # characters between a word and its neighbour: a space and a quotation mark
_SHORTEST = 6  # letters of a name that takes an ending of another language
_TELLING = 3  # letters of an ending that few words have


def sound_doubt(
    words: Words, match: Match, context: Sequence[Span], named: Collection[Span] = (), *, guarded: bool
) -> Reason:
    """Whether a match by its sound is too likely to be an accident. `context`: where context words are in the text;
    `named`: those of them that are names.
    """
    if match.how is not How.HEARD:
        return None
    bits = sum(map(_bits, match.hits, words.words[match.first : match.end]))
    several = len(match.hits) > 1
    needed = _GUARDED if guarded else TOGETHER if several else ALONE
    if not several and alphabet(words.words[match.first]) in LETTERS:
        needed = _GUARDED_LETTERS if _is_beside(words.span(*match.span), context) else ALONE_LETTERS
    elif guarded and bits >= _BESIDE:
        # A context word is next to a name in a script of its own, or one that is a name is near.
        own = words.span(*match.span)
        near = (span for span in context if span in named and span != own)
        if _is_beside(own, context) or any(max(own[0] - end, start - own[1]) <= _NAMED for start, end in near):
            return None
    return None if bits >= needed else f"its sound has only {bits:.0f} bits in common with the name"


def _is_beside(own: Span, context: Sequence[Span]) -> bool:
    """Whether one of the spans, which are in order, is next to another one."""
    at = bisect_left(context, own)
    return any(
        0 <= own[0] - span[1] <= _GAP or 0 <= span[0] - own[1] <= _GAP for span in context[max(0, at - 2) : at + 2]
    )


def _bits(hit: Hit, word: str) -> float:
    if hit.how is How.HEARD:
        return hit.bits
    return CHARACTER if len(word) == 1 and alphabet(word) == "han" else _CERTAIN


def ending_doubt(words: Words, match: Match, profile: EntityProfile, context: Sequence[Span] = ()) -> Reason:
    """Whether the text's language lacks an ending that only some languages have. One word without such an ending is
    enough in a name of several words, and a context word next to the name in a text of unknown language.
    """
    if profile.ambiguous and match.hits[-1].ending in ARTICLES:
        return "with an article it is an ordinary word"
    if not match.hits[0].languages or not all(hit.languages for hit in match.hits):
        return None
    if words.language is None and _is_beside(words.span(*match.span), context):
        return None
    for hit, word in zip(match.hits, words.words[match.first : match.end], strict=False):
        if not hit.languages or words.language in hit.languages:
            continue
        long = words.language is None and len(hit.ending) >= _TELLING
        if hit.how is How.HEARD and len(match.hits) == 1 and not long:
            return f"“-{hit.ending}” is no ending in this language"
        short = len(word) - len(hit.ending) < _SHORTEST
        rare = word.islower() or not hit.ending or (words.language and hit.ending in OF_CHANGES_ONLY)
        if rare or ((profile.ambiguous or short or words.language) and len(hit.ending) < _TELLING):
            return f"“-{hit.ending}” is no ending in this language"
    return None


RULES = (
    small_word, ordinary_in_small_letters, misspelt_word, common_noun, verb,
    kind_of_body, cited, spelled_out, as_a_word, another_person,
)  # fmt: skip
FOR_AMBIGUOUS = (
    followed, followed_by_name, compound, longer_name, other_kind, ordinary, counted,
)  # fmt: skip
"""For names with `context` or `not`."""


def reason_against(
    words: Words,
    casing: Casing,
    match: Match,
    profile: EntityProfile,
    context: list[Span],
    named: Collection[Span] = (),
) -> Reason:
    """Why a match is not a mention, in a few words; None if nothing speaks against it. `context`: the positions of the
    entity's context words in the text; `named`: of all context words that are names.
    """
    look = MatchContext(words, casing, match, profile, context, named)
    rules = (*RULES, *FOR_AMBIGUOUS) if profile.ambiguous else RULES
    return next((found for rule in rules if (found := rule(look))), None)
