"""Reasons why an abbreviation is short for something else. Pure."""

from __future__ import annotations

import re
import unicodedata

from alerts.recognition.guards import cited, spelled_out
from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.language.word_lists.abbreviating import OF_DELIVERY, TERMS_OF_DELIVERY
from alerts.recognition.language.word_lists.homonyms import OTHER_STATES, means_another
from alerts.recognition.sound.alphabets import ABJADS, LETTERS, alphabet
from alerts.recognition.tables import listed
from alerts.recognition.vocabulary.hits import How

_LONGEST = 5  # letters of an abbreviation
_KIND = 3  # letters of one that may be a kind of company or club
_FOREIGN = 2  # letters of one that is too short to be known in another alphabet
_COUNTRY = listed(
    "russ rus rosj venäj venem krievi oros moscow mosc moskau moskv kreml kremlin putin soviet ukrain belarus"
)
_LONG_VOWELS = frozenset("ÁÉÍÓÚŮÝĀĒĪŪŐŰ")
_VOWELS = re.compile("[aeiouyаеиоуыэюяіїє]")
_WRITTEN_VOWELS = re.compile("[اويאוי]")
_NAMED_FOR = frozenset({"имени", "им", "імені", "ім", "имя"})
_OTHER_LETTERS = frozenset({How.TRANSLITERATED, How.HEARD, How.MISSPELT})
_TITLED = 4  # letters of an abbreviation that is often written with one capital letter
_FEW = 3  # words between a term of delivery and such a word


def _is_abbreviation(look: MatchContext) -> bool:
    return look.single and look.word.isupper() and 2 <= len(look.word) <= _LONGEST


def _accented(look: MatchContext) -> Reason:
    """A Latin abbreviation with an accent that the listed one has not: NBÚ is not NBU, but MČS is МЧС."""
    word = unicodedata.normalize("NFKC", look.word)  # full width is no accent
    if word.isascii() or script_of(look.folded) != "latin":
        return None
    listed_as = look.match.phrase.text
    if word.replace("İ", "I").casefold() == listed_as.casefold():
        return None
    same = script_of(fold(listed_as)) != "latin" and _LONG_VOWELS.isdisjoint(word)
    return None if same else "with this accent it is another abbreviation"


def _term_of_delivery(look: MatchContext) -> Reason:
    """A term of delivery, such as FAS or FOB, near a port."""
    if look.folded not in TERMS_OF_DELIVERY:
        return None
    first, end = look.match.first, look.match.end
    near = look.words.folded[max(0, first - _FEW) : first] + look.words.folded[end : end + _FEW]
    return "it is a term of delivery" if not OF_DELIVERY.isdisjoint(near) else None


def _model(look: MatchContext) -> Reason:
    """A short abbreviation with a number after a hyphen: a model of something."""
    if len(look.word) > _KIND or not look.compound():
        return None
    return "with a number it is the name of a model" if look.next_word().isdigit() else None


def _kind(look: MatchContext) -> Reason:
    """A short abbreviation directly before a name in quotation marks: what kind of body that is."""
    if len(look.word) > _KIND:
        return None
    index = look.match.end
    if (
        index >= len(look.words.words)
        or look.is_own(index)
        or look.words.between(look.match.first).endswith(("«", '"', "„"))
    ):
        return None
    return "it is the kind of another body" if re.fullmatch(r"\s[«„“\"]", look.words.between(index)) else None


def _foreign(look: MatchContext) -> Reason:
    """A short abbreviation in another alphabet than listed, where nothing else speaks of its country."""
    if look.match.how is not How.TRANSLITERATED or len(look.word) > _FOREIGN:
        return None
    if (
        look.words.has_cyrillic
        or look.hyphened()
        or any(folded.startswith(_COUNTRY) for folded in look.words.different)
    ):
        return None
    others = (index for index in range(len(look.words.words)) if not look.match.first <= index < look.match.end)
    return None if any(map(look.is_own, others)) else "so short an abbreviation may be another one in this alphabet"


def _as_a_word(look: MatchContext) -> Reason:
    """An abbreviation as a word: in small letters of another alphabet, or with one capital and no context beside it."""
    listed_as = look.match.phrase.text
    if not (look.single and listed_as.isupper() and listed_as.isalpha()) or look.hashtag() or look.word.isupper():
        return None
    if look.lower and look.match.how in _OTHER_LETTERS and look.casing.has_capitals:
        return "in small letters it is another word"
    if look.word.istitle() and look.words.after(look.match.end - 1).startswith("!"):
        return "it is a call"
    longest = _TITLED if look.profile.own_context else _TITLED - 1
    title = look.word.istitle() and len(listed_as) <= longest and not look.match.hits[0].ending
    if title and not look.casing.is_title and not (look.hyphened() or look.context_within(0) or acts(look)):
        return "with one capital letter it may be another abbreviation"
    return None


def _heard(look: MatchContext) -> Reason:
    """An abbreviation without vowels in another script, which would write the names of its letters."""
    if not look.single or not look.match.phrase.text.isupper() or look.match.how is not How.HEARD:
        return None
    name = fold(look.match.phrase.text)
    if len(name) > _LONGEST or alphabet(look.folded) in LETTERS:
        return None
    said = _VOWELS.search(name) and _has_vowels(look.folded, name)
    return None if said else "so short an abbreviation is not said so"


def _has_vowels(folded: str, name: str) -> bool:
    """Whether a word of a script that may omit vowels has as many as an abbreviation."""
    if alphabet(folded) not in ABJADS:
        return True
    return len(_WRITTEN_VOWELS.findall(folded)) >= len(_VOWELS.findall(name[1:]))


def _another_body(look: MatchContext) -> Reason:
    """An abbreviation that other bodies have, too, in a text about one of these."""
    if means_another(look.folded, look.around()):
        return "another body has this abbreviation"
    if look.after() in _NAMED_FOR:
        return "it is an institution that is named for somebody"
    state = look.after().startswith(OTHER_STATES) or look.before().startswith(OTHER_STATES)
    return "it is a body of another state" if state else None


def _abbreviation(look: MatchContext) -> Reason:
    """All of these, for an abbreviation."""
    return next(filter(None, (rule(look) for rule in _RULES)), None) if _is_abbreviation(look) else None


_RULES = (_accented, *spelled_out.RULES, _term_of_delivery, _another_body, _model, _kind, _foreign)
RULES = (*cited.RULES, _abbreviation, _as_a_word, _heard)
