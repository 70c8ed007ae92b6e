"""Reasons why an abbreviation is short for something else, or is a word of its own. Pure."""

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language.scripts import latin, romanized
from alerts.recognition.tables import words
from alerts.recognition.vocabulary.hits import How

_LONGEST = 5  # letters of an abbreviation
_KIND = 3  # letters of one that may be a kind of company or club
_TITLED = 4  # letters of an abbreviation that is often written with one capital letter
_OTHER_LETTERS = frozenset({How.TRANSLITERATED, How.HEARD, How.MISSPELT})
_PREFIX = 3  # letters of the first part of a compound
_LONG = 9  # letters that a compound has more of
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
_OTHER = "it is short for other words here"


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
                return None if _is_own_name(look, used) else _OTHER
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
    return None if _ENDS.search(text.text, text.spans[first][0], text.spans[used[-1]][0]) else _OTHER


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
    while len(word) > _LONG and count < len(letters) and (at := word.find(letters[count], at)) >= 0:
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
