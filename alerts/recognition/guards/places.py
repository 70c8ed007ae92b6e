"""Reasons why a name is a place's: a city that is called like a brand, a village that is called like a person. Pure."""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.word_lists.cities import ARTICLES, CITIES, GOVERNORS, OF_OTHERS, WHERE
from alerts.recognition.language.word_lists.english import is_of_companies
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed

_AROUND = 130  # words among which a context may be
_PLACE = "it is a place"
_OF = frozenset({"of", "de", "du", "del", "do"})
_ROMANCE = frozenset({"es", "it", "pt", "fr", "ro"})
_OWNED = frozenset(listed("share shares stake stakes stock interest confidence trust invest"))
_NAMED = 8  # words
_CITY = ("市", "城", "港", "시에", "시의")
_IN = frozenset({"в", "во"})
_STREETS = frozenset(
    listed("road avenue lane boulevard highway drive crescent terrace trail mahallesi caddesi sokagi bulvari")
)
_IN_HEBREW = frozenset("בל")  # in, and to
_UNDER = frozenset({"под", "близ", "возле", "недалеко", "района", "области"})


def _city(look: MatchContext) -> Reason:
    """A brand that is called like a city, where something is, if its context is not beside it."""
    if not look.profile.own_context or not look.single or fold(look.match.phrase.text) not in CITIES:
        return None
    if look.context_within(0) or look.hashtag():
        return None
    if _is_where(look):
        return _PLACE
    return _PLACE if not acts(look) and (_is_of_a_city(look) or _is_other_bank(look)) else None


def _is_where(look: MatchContext) -> bool:
    """Whether a preposition before it, or a word for a city after it, makes it a place."""
    before = look.before()
    romance = look.words.language in _ROMANCE and not look.named_within(_NAMED)  # Spanish has it before persons, too
    article = before == "a" and not romance
    if before == "in" and look.before(2) in _OWNED:
        return False
    if before in WHERE and not article and alphabet(before) == alphabet(look.folded):
        return True
    if before in _OF and look.before(2) in GOVERNORS:
        return True
    if look.words.text.startswith(_CITY, look.words.spans[look.match.end - 1][1]):
        return True
    return look.folded[0] in _IN_HEBREW and look.has_preposition()


def _is_of_a_city(look: MatchContext) -> bool:
    """Whether an article is before it, and after it a noun for no company's: a Santander fish market."""
    after = look.after()
    if look.before() == "a" and look.words.language != "en":
        return False  # a preposition, or a Hungarian article
    return bool(after) and look.before() in ARTICLES and look.next_word().islower() and not is_of_companies(after)


def _is_other_bank(look: MatchContext) -> bool:
    """Whether each context word near is of something else: a bank of fog."""
    words = look.words
    ends = {span[1] for span in look.near}
    first, last = max(0, look.match.first - _AROUND), min(len(words.words) - 1, look.match.end + _AROUND)
    following = [at + 1 for at in range(first, last) if words.spans[at][1] in ends]
    others = [at for at in following if words.folded[at] in OF_OTHERS and words.words[at].islower()]
    named = (at + 1 for at in others if at + 1 < len(words.words))
    return bool(ends) and len(others) == len(ends) and all(words.words[at].islower() for at in named)


def _village(look: MatchContext) -> Reason:
    """A surname that is a village's name, in the prepositional case: в Дурове под Смоленском."""
    if not look.profile.surnames or not look.single or look.before() not in _IN | {"из"}:
        return None
    if look.after() in _UNDER:
        return _PLACE
    begins = look.casing.begins_sentence(look.match.first - 1) and look.before() in _IN
    return _PLACE if begins and look.match.hits[0].ending == "е" and look.after() else None


def _street(look: MatchContext) -> Reason:
    """A name before a word for a street, with a capital letter: Kestrel Road."""
    if not look.next_word().istitle() or look.after() not in _STREETS or look.is_own(look.match.end):
        return None
    return None if look.word.isupper() or look.casing.is_title else _PLACE


RULES = (_village, _street)
FOR_AMBIGUOUS = (_city,)
