"""Reasons why a match is somebody else: another first name or initial before the surname, a first name. Pure."""

import re
from collections.abc import Iterable

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.dictionary import SAME, is_foreign
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.scripts import fold, latin, romanized
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed, words

_CASELESS = frozenset(listed("arabic hebrew georgian devanagari thai hangul kana han"))  # scripts without capitals
_DOTS = re.compile(r"\s?[·・•‧･]\s?")
_ARTICLES = frozenset(listed("al el as az ad ar ash аль эль ас аз ад аш эш א אל"))
_TITLES = {"m": ("fr", None), "p": ("pl", "cs", "sk"), "d": ("es", "pt")}
"""Titles of one letter, with the languages that write them so: M. Dupont, p. Nowak."""
_LIKE_ALI = "على"  # an Arabic preposition, which is folded like a first name
_OTHER = "somebody else with this surname"


def another_person(look: MatchContext) -> Reason:
    """A surname with another person's given name or initials, or in the name of a street or a place."""
    if not look.is_surname:
        return None
    given = look.profile.surnames[fold(look.match.phrase.text)]
    first, folded = look.match.first, look.words.folded
    if look.lower and look.casing.has_capitals and not look.hashtag() and any(map(dictionary.is_given_name, given)):
        return "a surname in small letters is another word"
    if first and folded[first - 1] in words("street"):
        return "it is part of a place's name"
    if look.after() in words("places") and look.next_word()[0].isupper() and not look.lower:
        return "it is part of a place's name"
    before = first - 1
    if before > 0 and folded[before] in _ARTICLES and look.words.after(before) in {"-", " "}:
        before -= 1  # an Arabic article that is written apart
    for index, back in ((before, True), (look.match.end, False)):
        if 0 <= index < len(folded) and not look.is_own(index) and _is_anothers(look, index, given, back=back):
            return _OTHER
    return None


def _is_anothers(look: MatchContext, index: int, given: Iterable[str], *, back: bool) -> bool:
    """Whether a word beside a surname is an initial or a first name that the entity has not."""
    text = look.words
    word, gap = text.words[index], text.after(index) if back else text.between(index)
    if len(word) == 1 and word.isupper() and re.match(r"\.?\s?\Z", gap) and text.after(index).startswith("."):
        if text.language in _TITLES.get(word.lower(), ()) and back:
            return False
        before = index - 1
        several = back and index > 0 and len(text.words[before]) == 1 and text.after(before).strip() == "."
        initials = {_letter(other) for name in given for other in (name, *SAME.get(fold(name), ()))}
        return _letter(text.words[before if several else index]) not in initials
    if _DOTS.fullmatch(gap):
        return back and alphabet(word) in {"han", "kana"}
    if not gap.isspace():
        return False
    if alphabet(word) not in _CASELESS:
        return word[0].isupper() and dictionary.is_given_name(word)
    if word == _LIKE_ALI:
        return False
    return any(form in words("first_names") or is_foreign(form) for form in forms(text.folded[index]))


def _letter(name: str) -> str:
    """The first letter of a name, the same in both scripts."""
    return latin(romanized(fold(name)))[:1]
