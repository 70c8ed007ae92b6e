"""Reasons why a brand's name is somebody's first name: what the text says of it, only people do. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.people.persons import is_first_name
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.word_lists.people import LIKE_ALI, NATIVE_NAMES
from alerts.recognition.language.word_lists.personal import (
    HIS,
    MOST_PARTICLES,
    OWNED,
    PARTICLES,
    POSSESSIVES,
    RELATIVES,
    VERBS,
)
from alerts.recognition.language.word_lists.roles import CASELESS, ROLES
from alerts.recognition.sound.alphabets import alphabet

_JAPANESE = frozenset({"han", "kana"})
_KANA = re.compile("[\u3041-\u30fa]")
_FIRST = "it is somebody's first name"
_NEAR = 4  # words after a name among which something is his


def _person(look: MatchContext) -> Reason:
    """A first name with a verb, a relative or a possessive that only a person has."""
    if not look.profile.own_context or not look.single or look.word.isupper() or look.quoted() or look.hyphened():
        return None
    if look.before() and look.is_own(look.match.first - 1):
        return None
    told = _acts_like_one(look) or _has_relatives(look) or _is_somebodys(look)
    return _FIRST if told and is_first_name(look) else None


def _acts_like_one(look: MatchContext) -> bool:
    """Whether a verb follows that only people have as theirs: Max fell asleep."""
    index = look.match.end
    if look.match.hits[0].ending or not look.after():
        return False
    for word in look.words.folded[index : index + MOST_PARTICLES]:
        if word in VERBS:
            return True
        if word not in PARTICLES:
            return False
    return False


def _has_relatives(look: MatchContext) -> bool:
    """Whether the text names what is his: Max's mother, Max told his mother, дочка Макса."""
    folded, end = look.words.folded, look.match.end
    if look.match.hits[0].ending and look.before() in RELATIVES:
        return True
    after = folded[end : end + _NEAR]
    if after[:1] == ["s"] and after[1:2] and after[1] in OWNED:
        return True
    return any(one in HIS and other in OWNED for one, other in pairwise(after))


def _is_somebodys(look: MatchContext) -> bool:
    return look.before() in POSSESSIVES and not look.context_within(0)


def _is_caseless_brand(look: MatchContext) -> bool:
    """Whether it is the ambiguous name of no person, in a script without capital letters."""
    brand = look.profile.own_context and look.single and not look.profile.surnames
    return brand and alphabet(look.folded) in CASELESS


def _beside_another(look: MatchContext) -> Reason:
    """A name in a script without capital letters beside a usual first name."""
    if not _is_caseless_brand(look):
        return None
    follows = look.after() in NATIVE_NAMES and not look.is_own(look.match.end)
    precedes = look.before() in NATIVE_NAMES and look.words.words[look.match.first - 1] != LIKE_ALI
    beside = follows or (precedes and not look.is_own(look.match.first - 1))
    return _FIRST if beside and not look.context_within(0) else None


def _after_role(look: MatchContext) -> Reason:
    """A name in a script without capital letters directly after what somebody is: the singer Karim."""
    if not _is_caseless_brand(look):
        return None
    before = look.before()
    role = bool(before) and not look.is_own(look.match.first - 1) and any(form in ROLES for form in forms(before))
    return _FIRST if role else None


def _adjective(look: MatchContext) -> Reason:
    """A Japanese noun with the character that makes it an adjective: 楽天的, optimistic."""
    end = look.words.spans[look.match.end - 1][1]
    japanese = look.profile.own_context and alphabet(look.word) in _JAPANESE and _KANA.search(look.around())
    return "it is an adjective" if japanese and look.words.text.startswith("的", end) else None


FOR_AMBIGUOUS = (_person, _beside_another, _after_role, _adjective)
