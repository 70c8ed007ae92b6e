"""Reasons why a match is somebody else's name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary, people
from alerts.recognition.language.given_names import SAME
from alerts.recognition.language.legal_forms import OF_A_GROUP
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.other_names import OF_COUNTRIES
from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.language.stopwords import PARTICLE, STREET
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed
from alerts.recognition.text.words import Words

# Languages that decline a man's surname, so that -ova may be its genitive.
_DECLINING = frozenset(listed("ru uk be bg sr hr pl cs sk lv lt"))
_WITH_DICTIONARY = frozenset({"latin", "cyrillic"})
CASELESS = frozenset(listed("arabic hebrew georgian devanagari thai hangul kana han"))
"""Scripts without capital letters."""
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
_SAME = 3  # letters that the forms of a first name have in common
_ANOTHER = "it is somebody else's name"
_FIRST = "it is somebody's first name"


def _person(look: MatchContext) -> Reason:
    """A surname with another person's given name or initials, or in the name of a street."""
    given = next((names for last, names in look.profile.surnames.items() if _is_base(look, last)), None)
    if given is None or not look.single:
        return None
    if look.match.first and look.words.folded[look.match.first - 1] in STREET:
        return "it is part of a place's name"
    initials = {_letter(other) for name in given for other in (name, *SAME.get(fold(name), ()))}
    for index, back in ((look.match.first - 1, True), (look.match.end, False)):
        if not 0 <= index < len(look.words.words) or look.is_own(index):
            continue
        word, gap = look.words.words[index], look.words.after(index) if back else look.words.between(index)
        if len(word) == 1 and word.isupper() and re.match(r"\.?\s?\Z", gap) and _has_dot(look.words, index):
            first = _first_initial(look.words, index) if back else word
            if _letter(first) not in initials:
                return "somebody else with this surname"
        elif gap.isspace() and _is_others_given_name(look, index, given, back=back):
            return "somebody else with this surname"
    return None


def _is_others_given_name(look: MatchContext, index: int, given: Iterable[str], *, back: bool) -> bool:
    """Whether a word beside a surname is a first name, by itself or by its capital letter within a sentence."""
    word, folded = look.words.words[index], look.words.folded[index]
    if not word[0].isupper():
        return alphabet(word) in CASELESS and any(form in people.NATIVE_NAMES for form in forms(folded))
    if dictionary.is_given_name(word):
        return True
    if not back or not look.casing.says_something(index) or look.words.language == "de" or word.isupper():
        return False
    if script_of(folded) != "latin" or not _is_after_noun(look, index) or _is_no_first_name(look, index):
        return False
    return not any(latin(romanized(fold(name)))[:_SAME] == latin(folded)[:_SAME] for name in given)


def _is_no_first_name(look: MatchContext, index: int) -> bool:
    """Whether a word is a title, or of a country, or after a preposition a place or a day."""
    folded = look.words.folded[index]
    if folded in people.RANKS or folded in people.TITLES or folded.startswith(OF_COUNTRIES):
        return True
    return index > 0 and look.words.folded[index - 1] in people.IN


def _is_after_noun(look: MatchContext, index: int) -> bool:
    """Whether the text's nouns have small letters, as the one before a word has that may be a first name."""
    known = look.words.language is not None
    return known or (index > 0 and look.words.words[index - 1].islower() and len(look.words.words[index - 1]) > _SAME)


def _small(look: MatchContext) -> Reason:
    """A person's surname in small letters: an ordinary word, unless the whole text is in small letters."""
    if not (look.is_surname and look.lower and look.casing.has_capitals) or look.hashtag():
        return None
    given = look.profile.surnames[fold(look.match.phrase.text)]
    return "a surname in small letters is another word" if any(map(dictionary.is_given_name, given)) else None


def _letter(name: str) -> str:
    """The first letter of a name, the same in both scripts."""
    folded = fold(name)
    return latin(romanized(folded))[:1]


def _is_base(look: MatchContext, last: str) -> bool:
    return fold(look.match.phrase.text) == last


def _has_dot(words: Words, index: int) -> bool:
    return words.after(index).startswith(".")


def _first_initial(words: Words, index: int) -> str:
    before = index - 1
    has_another = index > 0 and len(words.words[before]) == 1 and words.after(before).strip() == "."
    return words.words[before if has_another else index]


def _woman(look: MatchContext) -> Reason:
    """A surname in -ov with -a in a text of a language without cases: a woman's surname."""
    if (
        not look.profile.surnames
        or not look.single
        or not look.folded.endswith(("ova", "eva", "ina", "skaya", "skaia"))
    ):
        return None
    if script_of(look.folded) != "latin" or look.words.language in _DECLINING:
        return None
    return "a woman's surname" if any(_is_base(look, last) for last in look.profile.surnames) else None


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


def _of_a_village(look: MatchContext) -> Reason:
    """A surname that is a village's name, in the prepositional case: в Дурове под Смоленском."""
    if not look.profile.surnames or not look.single or look.before() not in {"в", "во", "из"}:
        return None
    return "it is a place" if look.after() in {"под", "близ", "возле", "недалеко", "района", "области"} else None


def _titled(look: MatchContext) -> Reason:
    """An ambiguous name with a person's title or trade, which may be further away in other scripts."""
    if not look.profile.own_context or not look.single or look.profile.surnames:
        return None
    if look.before() in people.TITLES and not look.is_own(look.match.first - 1):
        return _ANOTHER
    script = alphabet(look.folded)
    if script in _UNTITLED:
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


def _after_dot(look: MatchContext) -> Reason:
    """A surname alone after a dot, in a script where one stands between a person's names."""
    first = look.match.first
    start = look.words.spans[first][0]
    if not look.single or start < 1 or look.words.text[start - 1] not in _DOTS or look.is_own(first - 1):
        return None
    return _ANOTHER if alphabet(look.word) in {"han", "kana", "hangul"} and look.is_surname else None


def _and_another(look: MatchContext) -> Reason:
    """A surname and a given name with "and" joined to it, in Arabic and Hebrew: two people."""
    if look.single or alphabet(look.folded) not in _AND:
        return None
    conjunction = _AND[alphabet(look.folded)]
    listed_words = [fold(word) for word in look.match.phrase.text.split()]
    second = look.words.folded[look.match.first + 1]
    joined = second.startswith(conjunction) and second not in listed_words
    return "they are two people" if joined and second[1:] in listed_words else None


def _longer_given_name(look: MatchContext) -> Reason:
    """A name in Chinese characters with which another character makes a longer name, or its last one another word."""
    words, end = look.words.words, look.match.end
    if end >= len(words) or look.words.between(end) or alphabet(words[end]) != "han":
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


RULES = (_small, _person, _woman, _longer_given_name, _and_another, _of_a_village, _after_dot)
FOR_AMBIGUOUS = (_given_name, _first_name_elsewhere, _of_some_age, _titled)
