"""Reasons why a match is a part of a longer name, another person's, the name of a thing of another kind, or short for
something else. Pure.

An entity with `context` or `not` has an ambiguous name. For such names the neighbouring words are judged more strictly.
A surname is somebody else's with another first name, or other initials, beside it. An abbreviation may stand for other
words, or be a word of its own.
"""

import re
from collections.abc import Iterable
from functools import cache

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.dictionary import SAME, is_foreign
from alerts.recognition.language.endings import forms
from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.language.tokens import SPACELESS
from alerts.recognition.names import form_at
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed, words
from alerts.recognition.words import How

_LONGER = "it is a part of a longer name"
_PARTICLES = frozenset({"on", "in", "up", "to", "by"})
_NOT_RUSSIAN = re.compile("[әғқңөұүһіїєґўјљњћђџ]")  # words of languages that the dictionary does not have
_LONGEST_NOUN = 12  # letters of a noun in a script without spaces
_OPENING, _CLOSING = "«„“\"'‘「『《‹(", "»“”\"'’」』》›)"
_OF = frozenset(listed("d l of de du des di do da del der von van"))
_BETWEEN = re.compile(rf"[-\s'’]\s?[{re.escape(_OPENING)}]?")
_AFTER = re.compile(rf"[{re.escape(_CLOSING)}]?[-\s]")
_PREPOSITION = 4  # letters that a word has at most which may stand before any name


def longer_name(look: MatchContext) -> Reason:
    """An ambiguous name that ends a longer one: a person's, a film's, a product's."""
    index = look.match.first - 1
    if not look.is_strict() or not look.beside(index, back=True) or look.is_own(index):
        return None
    if look.is_surname or look.words.language == "de":
        return None  # the words before it are a title, or a noun; other people's first names are another rule's
    word, folded = look.words.words[index], look.words.folded[index]
    if not word[0].isupper() or (word.isupper() and not look.word.isupper()) or folded in words("function"):
        return None
    if script_of(folded) != script_of(look.folded) or look.casing.is_title or look.casing.is_capitals:
        return None
    if dictionary.is_given_name(word):
        return "it is a part of somebody's name"
    if look.match.phrase.text.isupper() and not word.isupper():
        return None  # an adjective before an abbreviation
    if not look.casing.begins_sentence(index):
        return _LONGER
    ending = look.match.hits[0].ending
    if len(ending) > 1 and folded.endswith(ending):
        return None  # a noun in the same case: Mobiilioperaatorile Elisale
    if script_of(folded) == "cyrillic":
        return None if dictionary.is_word(word) or _NOT_RUSSIAN.search(folded) else _LONGER
    plain = script_of(folded) == "latin" and len(word) > _PREPOSITION and not word.endswith(("ing", "ed", "ly"))
    return _LONGER if plain else None


def followed(look: MatchContext) -> Reason:
    """An ambiguous name before a word that makes it another name: Orange County."""
    if not (look.profile.ambiguous or look.is_surname) or not (look.casing.has_capitals and look.single):
        return None
    if look.after() not in words("following") or look.is_own(look.match.end):
        return None
    return None if look.is_surname and not look.next_word()[0].isupper() else _LONGER


def followed_by_name(look: MatchContext) -> Reason:
    """An ambiguous name in Latin letters before another capitalized word, which is none of its group's."""
    index = look.match.end
    if not look.is_strict() or look.word.isupper() or script_of(look.folded) != "latin" or look.words.language == "de":
        return None
    if not look.beside(index, back=False) or look.is_own(index) or look.casing.is_title or not look.profile.own_context:
        return None
    if look.match.hits[0].ending == "s":
        return None  # it is somebody's or something of it
    word, folded = look.words.words[index], look.words.folded[index]
    if not word[0].isupper() or word.isupper() or script_of(folded) != "latin" or folded in words("function"):
        return None
    if folded in words("of_a_group") or form_at(look.words.folded, index):
        return None
    return _LONGER


def compound(look: MatchContext) -> Reason:
    """An ambiguous name that a hyphen joins to a word which is no context: Bolt-on, Orange-Nassau."""
    if not look.profile.ambiguous or not look.single or not look.compound():
        return None
    index = look.match.end
    if not re.fullmatch("[-‐‑]", look.words.after(look.match.end - 1)) or index >= len(look.words.words):
        return None
    folded = look.words.folded[index]
    if look.is_own(index) or (len(folded) <= 2 and folded not in _PARTICLES):
        return None
    if {script_of(look.folded), script_of(folded)} == {"latin", "cyrillic"}:
        return None  # Russian joins its nouns to foreign names with a hyphen
    return "it is a part of a compound"


def other_kind(look: MatchContext) -> Reason:
    """An ambiguous name beside a noun that says what else it is: the island, the toothpaste, the film of that name."""
    one_word = look.single or alphabet(look.word) == "han"  # where each character is a word
    if not look.profile.own_context or not one_word or look.hashtag():
        return None
    return "it is the name of something else" if _is_after_kind(look) or _is_before_kind(look) else None


def _is_after_kind(look: MatchContext) -> bool:
    first, folded = look.match.first, look.words.folded
    index, gap = first - 1, look.words.between(first)
    if index < 0:
        return False
    if _BETWEEN.fullmatch(gap) and not look.is_own(index):
        if _is_kind(folded[index], before=True):
            return True
        of = folded[index] in _OF and index > 0 and not look.is_own(index - 1)
        if of and _is_kind(folded[index - 1], before=True):
            return True
    start = look.words.spans[first][0]
    before = look.words.text[max(0, start - _LONGEST_NOUN) : start].rstrip(_OPENING + " ")
    return not look.touches(start - 1) and before.endswith(_kinds(before=True)[2])


def _is_before_kind(look: MatchContext) -> bool:
    index = look.match.end
    if index >= len(look.words.words):
        return False
    gap = look.words.between(index)
    if _AFTER.fullmatch(gap):
        return not look.is_own(index) and _is_kind(look.words.folded[index])
    if gap.strip(_CLOSING):
        return False
    start = look.words.spans[index][0]
    return not look.touches(start) and look.words.text.startswith(_kinds()[2], start)


@cache
def _kinds(*, before: bool = False) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """The nouns for other things behind a name, or before it: all, beginnings, and those of scripts without spaces."""
    every = words("beside") | (words("before") if before else frozenset())
    spaceless = re.compile(f"[{SPACELESS}]")
    begins = tuple(word[:-1] for word in every if word.endswith("*"))
    return every, begins, tuple(word for word in every if spaceless.match(word))


def _is_kind(folded: str, *, before: bool = False) -> bool:
    whole, begins, _ = _kinds(before=before)
    if folded in whole or folded.startswith(begins):
        return True
    return script_of(folded) == "other" and any(form in whole for form in forms(folded))


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


_LONGEST = 5  # letters of an abbreviation
_KIND = 3  # letters of one that may be a kind of company or club
_TITLED = 4  # letters of an abbreviation that is often written with one capital letter
_OTHER_LETTERS = frozenset({How.TRANSLITERATED, How.HEARD, How.MISSPELT})
_PREFIX = 3  # letters of the first part of a compound
_LONG_WORD = 9  # letters that a compound has more of
_SMALL = 3  # letters of a word that may stand between the others
_MOST_BETWEEN = 4  # small words in what is abbreviated
_ENOUGH = 3  # letters of one that may be spelled out after a comma
_MANY = 4  # words of which one may be known from the entity's context
_OPEN = ("(", "（", "[")
_AFTER_NAME = re.compile(r"\s?[(（\[]|,\s|\s?[–—=]\s?|\s-\s")
_ENDS = re.compile(r"[.!?;]")
_CITATION = 6  # words of a citation: ст. 12 ч. 2 п. 1
_STATES = frozenset({"рф", "рсфср", "рк", "рб"})
_SAME = str.maketrans("cqw", "kkv")
_SHORT_FOR_OTHERS = "it is short for other words here"


def _is_abbreviation(look: MatchContext) -> bool:
    return look.single and look.word.isupper() and 2 <= len(look.word) <= _LONGEST


def kind_of_body(look: MatchContext) -> Reason:
    """A short abbreviation directly before a name in quotation marks: what kind of body that is."""
    index = look.match.end
    if not _is_abbreviation(look) or len(look.word) > _KIND or index >= len(look.words.words) or look.is_own(index):
        return None
    if look.words.between(look.match.first).endswith(("«", '"', "„")):
        return None
    return "it is the kind of another body" if re.fullmatch(r"\s[«„“\"]", look.words.between(index)) else None


def as_a_word(look: MatchContext) -> Reason:
    """An abbreviation as a word: in small letters of another alphabet, or with one capital and no context beside it."""
    listed_as = look.match.phrase.text
    if not (look.single and listed_as.isupper() and listed_as.isalpha()) or look.hashtag() or look.word.isupper():
        return None
    if look.lower and look.match.how in _OTHER_LETTERS and look.casing.has_capitals:
        return "in small letters it is another word"
    longest = _TITLED if look.profile.own_context else _TITLED - 1
    title = look.word.istitle() and len(listed_as) <= longest and not look.match.hits[0].ending
    if title and not look.casing.is_title and not (look.hyphened() or look.context_within(0)):
        return "with one capital letter it may be another abbreviation"
    return None


def spelled_out(look: MatchContext) -> Reason:
    """An abbreviation in brackets after other words that it stands for, or before them, or before a dash and these."""
    if not _is_abbreviation(look):
        return None
    letters = "".join(_initials(letter)[:1] for letter in look.folded)
    last = look.match.first - 1
    if last >= 0 and look.words.between(look.match.first).endswith(_OPEN):
        for first in range(last, max(-1, last - len(letters) - _MOST_BETWEEN), -1):
            used = _used(look, letters, first, last + 1)
            if used is not None and used[-1] == last:
                return None if _is_own_name(look, used) else _SHORT_FOR_OTHERS
    text, first = look.words, look.match.end
    gap = text.after(first - 1)
    if first >= len(text.words) or not _AFTER_NAME.match(gap):
        return None
    linked = gap.lstrip().startswith(_OPEN) or gap.strip() in {"—", "–", "="}
    if not linked and not (len(look.word) >= _ENOUGH and text.words[first][0].isupper()):
        return None
    used = _used(look, letters, first, min(len(text.words), first + len(letters) + _MOST_BETWEEN))
    if used is None or _is_own_name(look, used):
        return None
    return None if _ENDS.search(text.text, text.spans[first][0], text.spans[used[-1]][0]) else _SHORT_FOR_OTHERS


def cited(look: MatchContext) -> Reason:
    """An abbreviation for a code of laws, after the number of an article: ст. 5 АБК РФ, статья 65 ВК, § 12 ABC."""
    if not _is_abbreviation(look):
        return None
    folded, first = look.words.folded, look.match.first
    for at in range(first - 1, max(-1, first - 1 - _CITATION), -1):
        if "§" in look.words.between(at) or folded[at] in words("citing"):
            return "a law is cited" if at < first - 1 or look.after() in _STATES else None
        if not folded[at].isdigit():
            break
    return None


def _used(look: MatchContext, letters: str, first: int, end: int) -> list[int] | None:
    """The words from `first` on that begin with the letters; small words between them do not matter. A long word may
    stand for several letters, which are in it: electroencephalography.
    """
    if not letters:
        return []
    if first >= end:
        return None
    folded = look.words.folded[first]
    for count in range(1, _stands_for(letters, _initials(folded)) + 1):
        rest = _used(look, letters[count:], first + 1, end)
        if rest is not None:
            return [first, *rest]
    small = folded in words("function") or len(folded) <= _SMALL
    return _used(look, letters, first + 1, end) if small else None


def _stands_for(letters: str, word: str) -> int:
    """For how many letters of an abbreviation a word may stand."""
    if not word or word[0] != letters[0]:
        return 0
    count, at = 1, _PREFIX
    while len(word) > _LONG_WORD and count < len(letters) and (at := word.find(letters[count], at)) >= 0:
        count, at = count + 1, at + 1
    return count


def _is_own_name(look: MatchContext, used: list[int]) -> bool:
    """Whether half of the words are the entity's, or one of many."""
    own = sum(map(look.is_own, used))
    return own * 2 >= len(used) or (own > 0 and len(used) >= _MANY)


def _initials(folded: str) -> str:
    """A word in Latin letters, to be compared with an abbreviation in either script."""
    written = folded if folded.isascii() else latin(romanized(folded)) or folded
    return written.translate(_SAME)
