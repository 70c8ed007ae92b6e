"""Reasons why a watched person's surname is somebody else's: another first name, a woman's form, a place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.given_names import SAME, is_foreign
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.language.stopwords import STREET
from alerts.recognition.language.word_lists import people
from alerts.recognition.language.word_lists.other_names import OF_COUNTRIES, PLACES
from alerts.recognition.language.word_lists.roles import CASELESS, GERMAN_WORKERS, OF_WORKERS, ROLES
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed
from alerts.recognition.text.words import Words

# Languages that decline a man's surname, so that -ova may be its genitive.
_DECLINING = frozenset(listed("ru uk be bg sr hr pl cs sk lv lt"))
_SAME = 3  # letters that the forms of a first name have in common
_ROLE = 2  # words before a first name among which one says what somebody is
_DOTS = re.compile(r"\s?[·・•‧･]\s?")
_JOINED_BY_DOTS = frozenset({"han", "kana"})
_ARTICLES = frozenset(listed("al el as az ad ar ash аль эль ас аз ад аш эш א אל"))
_PREPOSITIONS = 3  # letters of most Slavic ones, which stand before places
_OF_SLAVS = ("u", "y", "i", "ej", "ho", "ego")
_GENITIVE = {
    **dict.fromkeys(listed("ru uk be bg sr cyrillic"), tuple(listed("а я ы и і у ю ой ого его"))),
    **dict.fromkeys(("pl", "cs", "sk", "hr"), _OF_SLAVS),
}
"""What a name in the genitive case ends with, by language or script; usual first names with these ends are known."""
_OTHER = "somebody else with this surname"


def _person(look: MatchContext) -> Reason:
    """A surname with another person's given name or initials, or in the name of a street or a place."""
    if not look.profile.surnames or not look.is_surname:
        return None
    given = look.profile.surnames[fold(look.match.phrase.text)]
    before = look.words.folded[look.match.first - 1] if look.match.first else ""
    if before in STREET or (before == "via" and look.words.language == "it"):
        return "it is part of a place's name"
    if look.after() in PLACES and look.casing.is_capitalized(look.match.end) and not look.lower:
        return "it is part of a place's name"
    beside = any(_is_anothers(look, index, given, back=back) for index, back in _neighbours(look))
    return _OTHER if beside else None


def _neighbours(look: MatchContext) -> tuple[tuple[int, bool], ...]:
    """The words before and after, of which neither is the entity's; before an Arabic article that is written apart."""
    index = look.match.first - 1
    if index > 0 and look.words.folded[index] in _ARTICLES and look.words.after(index) in {"-", " "}:
        index -= 1
    both = ((index, True), (look.match.end, False))
    return tuple((at, back) for at, back in both if 0 <= at < len(look.words.words) and not look.is_own(at))


def _is_anothers(look: MatchContext, index: int, given: Iterable[str], *, back: bool) -> bool:
    """Whether a word beside a surname is an initial or a first name that the entity has not."""
    word, gap = look.words.words[index], look.words.after(index) if back else look.words.between(index)
    if len(word) == 1 and word.isupper() and re.match(r"\.?\s?\Z", gap) and _has_dot(look.words, index):
        first = _first_initial(look.words, index) if back else word
        initials = {_letter(other) for name in given for other in (name, *SAME.get(fold(name), ()))}
        return _letter(first) not in initials
    if _DOTS.fullmatch(gap):
        return back and alphabet(word) in _JOINED_BY_DOTS
    return gap.isspace() and _is_others_given_name(look, index, given, back=back)


def _is_others_given_name(look: MatchContext, index: int, given: Iterable[str], *, back: bool) -> bool:
    """Whether a word beside a surname is a first name, by itself, or because of what stands before it."""
    word = look.words.words[index]
    if not word[0].isupper() or alphabet(word) in CASELESS:
        return alphabet(word) in CASELESS and _is_native(look, index, back=back)
    if dictionary.is_given_name(word):
        return True
    if not back or word.isupper() or not _is_name(look, index):
        return False
    if script_of(look.words.folded[index]) not in set(map(script_of, map(fold, given))):
        return True  # the entity's would have been heard
    return not any(latin(romanized(fold(name)))[:_SAME] == latin(look.words.folded[index])[:_SAME] for name in given)


def _is_native(look: MatchContext, index: int, *, back: bool) -> bool:
    """Whether a word of a script without capital letters is a first name, or follows a word for what somebody is."""
    if look.words.words[index] == people.LIKE_ALI:
        return False
    if any(form in people.NATIVE_NAMES or is_foreign(form) for form in forms(look.words.folded[index])):
        return True
    before = look.words.folded[max(0, index - _ROLE) : index] if back else []
    return any(map(_is_role, before)) and not _is_role(look.words.folded[index])


def _is_role(folded: str) -> bool:
    return any(form in ROLES for form in forms(folded))


def _is_name(look: MatchContext, index: int) -> bool:
    """Whether a word's capital letter makes it a name: it is within a sentence, and no title, place or day."""
    script, word = script_of(look.words.folded[index]), look.words.words[index]
    german = look.words.language == "de" and not look.casing.is_capitals  # where all nouns have capital letters
    if not (german or look.casing.says_something(index)) or _is_no_first_name(look, index):
        return False
    if german:
        return index > 0 and (
            word[-1] not in "nr" and look.words.words[index - 1].endswith(GERMAN_WORKERS) and _is_new_noun(look, index)
        )
    if script != script_of(look.folded) or word.lower().endswith(_GENITIVE.get(look.words.language or script, ())):
        return False  # what somebody is at the head of: глава Минцифры, основатель Wildberries
    if script == "cyrillic":
        return not dictionary.is_word(word) and len(look.words.words[index - 1]) > _PREPOSITIONS
    return script == "other" or (script == "latin" and _is_after_noun(look, index))


def _is_new_noun(look: MatchContext, index: int) -> bool:
    """Whether the word before a German one is a noun, too."""
    noun = len(look.words.words[index - 1]) > _SAME and look.casing.is_capitalized(index - 1)
    return noun and look.words.between(index) == " "


def _is_no_first_name(look: MatchContext, index: int) -> bool:
    """Whether a word is a title, or of a country, or after a preposition a place or a day."""
    folded = look.words.folded[index]
    if folded in people.RANKS or folded in people.TITLES or folded.startswith(OF_COUNTRIES):
        return True
    return folded in ROLES or (index > 0 and look.words.folded[index - 1] in people.IN)


def _is_after_noun(look: MatchContext, index: int) -> bool:
    """Whether the text's nouns have small letters, as the one before a word has that may be a first name; or whether
    that one begins the sentence and says what somebody is, and the word does not.
    """
    if look.words.language is not None:
        return True
    before = look.words.words[index - 1]
    if before.islower() and len(before) > _SAME:
        return True
    if not look.casing.begins_sentence(index - 1) or look.words.folded[index].endswith(OF_WORKERS):
        return False
    role = look.words.folded[index - 1]
    return role in people.TITLES or role in people.RANKS or (len(role) > _SAME and role.endswith(OF_WORKERS))


def _small(look: MatchContext) -> Reason:
    """A person's surname in small letters: an ordinary word, unless the whole text is in small letters."""
    if not (look.lower and look.profile.surnames and look.is_surname and look.casing.has_capitals) or look.hashtag():
        return None
    given = look.profile.surnames[fold(look.match.phrase.text)]
    return "a surname in small letters is another word" if any(map(dictionary.is_given_name, given)) else None


def _letter(name: str) -> str:
    """The first letter of a name, the same in both scripts."""
    folded = fold(name)
    return latin(romanized(folded))[:1]


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
    return "a woman's surname" if look.is_surname else None


RULES = (_small, _person, _woman)
