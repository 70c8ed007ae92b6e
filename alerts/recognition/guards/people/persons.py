"""Reasons why a match is somebody else's name. Pure."""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.legal_forms import OF_A_GROUP
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.stopwords import PARTICLE
from alerts.recognition.language.word_lists import people
from alerts.recognition.language.word_lists.roles import CASELESS
from alerts.recognition.sound.alphabets import alphabet

_WITH_DICTIONARY = frozenset({"latin", "cyrillic"})
_DOTS = "·・•‧"
_GEORGIAN = re.compile("(?:შვილ|ძე|ოვ|ევ|სკ|იან)(?:ი|მა|ს|ის|ით|თან|მ|)\\Z")
_CALLED = 6  # words after a comma that may say whose brother, or dog, somebody is
_NEAR, _NAMED = 3, 4
"""Words between a first name and a context word before it, and the name of another entity on either side."""
_AGE = re.compile(
    r"(?:,\s?|\s?\()\d{1,2}(?:[,)]|\s(?:лет|год|роки|рок|years?|ans|años|anos|anni|jahre|lat|let|éves|yaş|jaar|år|vuot)\w*)|,\s(?:our|my)\s|\sиз\s\d{1,2}\s?[-«\"]?[абвгд]\b"
)
_LONGEST_AGE = 20
_UNTITLED = frozenset({"latin", "cyrillic"})
_TITLE = 5  # words before a name among which a title may be
_SHORT_NAME = 2  # characters of a Chinese name with a given name of one
_KANA = re.compile("[\u3041-\u30fa]")
_AND = {"arabic": "و", "hebrew": "ו"}
_ANOTHER = "it is somebody else's name"
_FIRST = "it is somebody's first name"


def _given_name(look: MatchContext) -> Reason:
    """A name that is also a first name, before a surname."""
    index = look.match.end
    if not look.is_strict() or not look.beside(index, back=False) or look.is_own(index):
        return None
    word, folded = look.words.words[index], look.words.folded[index]
    if folded not in PARTICLE:
        if folded in OF_A_GROUP or not word[0].isupper() or alphabet(folded) != alphabet(look.folded):
            return None
        if (look.casing.is_title and len(look.words.words) > 4) or look.word.isupper() != word.isupper():
            return None
    return _FIRST if is_first_name(look) else None  # last: it loads a dictionary


def _first_name_elsewhere(look: MatchContext) -> Reason:
    """A first name in a script without capital letters, where the next word may always be a surname."""
    if not look.profile.own_context or not look.single or alphabet(look.folded) not in CASELESS or look.quoted():
        return None
    if not is_first_name(look):
        return None
    after = look.words.after(look.match.end - 1)
    if after[:1] in _DOTS and after[:1]:
        return _FIRST
    if look.beside(look.match.end, back=False) and _GEORGIAN.search(look.after()):
        return _FIRST
    if look.context_within(_NEAR, after=0) or look.named_within(_NAMED):
        return None
    return _FIRST


def _titled(look: MatchContext) -> Reason:
    """An ambiguous name with a person's title or trade, which may be further away in other scripts."""
    if not look.profile.own_context or not look.single or look.profile.surnames:
        return None
    if look.before() in people.TITLES and not look.is_own(look.match.first - 1):
        return _ANOTHER
    script = alphabet(look.folded)
    if script in _UNTITLED or look.has_preposition():  # what somebody uses, or where
        return None
    place = look.words.spans[look.match.end - 1][1]
    if look.words.text.endswith(people.TITLES_LETTERS, 0, look.words.spans[look.match.first][0]):
        return _ANOTHER
    if look.words.text.startswith(people.TITLES_AFTER, place) or look.after().startswith(people.TITLES_AFTER):
        return _ANOTHER
    first = look.match.first
    near = look.words.folded[max(0, first - _TITLE) : first]
    far_enough = near[:-1]  # the word directly before is the given name
    return (
        _ANOTHER if not people.TITLES_BEFORE.isdisjoint(far_enough) and people.OF_COMPANIES.isdisjoint(near) else None
    )


def _and_another(look: MatchContext) -> Reason:
    """A surname and a given name with "and" joined to it, in Arabic and Hebrew: two people."""
    if alphabet(look.folded) not in _AND:
        return None
    conjunction = _AND[alphabet(look.folded)]
    listed_words = [fold(word) for word in look.match.phrase.text.split()]
    second = look.words.folded[look.match.first + 1]
    joined = second.startswith(conjunction) and second not in listed_words
    return "they are two people" if joined and second[1:] in listed_words else None


def _longer_given_name(look: MatchContext) -> Reason:
    """A name in Chinese characters with which another character makes a longer name, or its last one another word."""
    words, end = look.words.words, look.match.end
    if end >= len(words) or alphabet(words[end]) != "han" or look.words.between(end):
        return None
    if not all(len(word) == 1 and alphabet(word) == "han" for word in words[look.match.first : end]):
        return None
    if _is_titled_in_chinese(look):
        return "the given name is longer"
    following = words[end] + (words[end + 1] if end + 1 < len(words) else "")
    if words[end - 1] + words[end] in people.JOINED_IN_CHINESE:
        return "its last character belongs to the next word"
    short = end - look.match.first == _SHORT_NAME
    longer = (
        _is_longer_in_japanese(following) if _KANA.search(look.around()) else short and _is_longer_in_chinese(following)
    )
    return "the given name is longer" if longer else None


def _after_chinese_word(look: MatchContext) -> Reason:
    """A name in Chinese characters of which the first one ends another word: 感谢兆祥集团."""
    words, first = look.words.words, look.match.first
    if not first or look.words.between(first) or alphabet(words[first]) != "han":
        return None
    joined = words[first - 1][-1] + words[first][0] in people.JOINED_BEFORE_IN_CHINESE
    return "its first character belongs to the word before" if joined else None


def _given_in_chinese(look: MatchContext) -> Reason:
    """A name of two Chinese characters after a surname of one, and after what somebody is: 厨师林小米."""
    first = look.match.first
    if look.match.end - first != _SHORT_NAME or look.profile.surnames or not first or look.words.between(first):
        return None
    if look.words.words[first - 1] not in people.CHINESE_SURNAMES:
        return None
    start = look.words.spans[first][0]
    return _ANOTHER if look.words.text.endswith(people.CHINESE_ROLES, 0, start - 1) else None


def _is_titled_in_chinese(look: MatchContext) -> bool:
    """Whether two characters, one more and a title follow each other: 华为民老师."""
    end = look.words.spans[look.match.end][1]
    short = look.match.end - look.match.first == _SHORT_NAME
    return short and look.words.text.startswith(people.CHINESE_TITLES, end)


def _is_longer_in_japanese(following: str) -> bool:
    if following[0] in people.NUMERALS:
        return following[1:] in people.AFTER_NUMERAL
    return following[0] in people.LONGER_IN_JAPANESE and following not in people.NO_NAME_IN_JAPANESE


def _is_longer_in_chinese(following: str) -> bool:
    return following[0] in people.LONGER_IN_CHINESE and following not in people.NO_NAME_IN_CHINESE


def _of_some_age(look: MatchContext) -> Reason:
    """A first name with an age, or a class of a school."""
    if not look.profile.ambiguous or not look.single or look.word.isupper():
        return None
    end = look.words.spans[look.match.end - 1][1]
    if not (_AGE.match(look.words.text, end, end + _LONGEST_AGE) or _is_pet(look)) or look.context_within(0):
        return None
    return _FIRST if is_first_name(look) else None


def _is_pet(look: MatchContext) -> bool:
    """Whether a comma follows, and within few words somebody's relative, or a dog."""
    index = look.match.end
    following = look.words.folded[index : index + _CALLED]
    return look.words.after(index - 1) == ", " and not people.TITLES.isdisjoint(following)


def is_first_name(look: MatchContext) -> bool:
    """Whether the name, as the text has it or as it is listed, is a first name."""
    if look.match.phrase.text.isupper():
        return False
    return dictionary.is_given_name(look.word) or (
        alphabet(look.folded) not in _WITH_DICTIONARY and dictionary.is_given_name(look.match.phrase.text)
    )


RULES = (_longer_given_name, _after_chinese_word, _given_in_chinese)
FOR_SEVERAL = (_and_another,)
FOR_AMBIGUOUS = (_given_name, _first_name_elsewhere, _of_some_age, _titled)
