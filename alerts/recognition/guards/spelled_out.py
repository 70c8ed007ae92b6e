"""Reasons why an abbreviation is short for other words, which the text has, than the entity's name. Pure."""

from __future__ import annotations

import re

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language.abbreviating import LINKING, LINKING_LETTERS
from alerts.recognition.language.scripts import latin, romanized
from alerts.recognition.language.stopwords import FUNCTION
from alerts.recognition.sound.alphabets import alphabet

_PREFIX = 3  # letters of the first part of a compound
_LONG = 9  # letters that a compound has more of
_SMALL = 3  # letters of a word that may stand between the others
_MOST_BETWEEN = 4  # small words in what is abbreviated
_ENOUGH = 3  # letters of one that may be spelled out anywhere in the text, or after a comma
_MOST_LINKING = 3  # words such as "short for"
_HEADLINE = 8  # words: in a longer one with capitals, their letters say nothing
_NEAR = 60  # words around it
_OPEN = ("(", "（", "[")
_AFTER_NAME = re.compile(r"\s?[(（\[]|,\s|\s?[–—=]\s?|\s-\s")
_OTHER = "it is short for other words here"


def _spelled_out(look: MatchContext) -> Reason:
    """An abbreviation in brackets, or called short, after the words that it stands for."""
    last = _before_linking(look)
    if last is None:
        return None
    letters, used = _letters(look), 0
    own: list[bool] = []
    for at in range(last, max(-1, last - len(look.word) - _MOST_BETWEEN), -1):
        if not letters:
            break
        folded = look.words.folded[at]
        if count := _stands_for(letters, _initials(folded)):
            del letters[-count:]
            used += count
            own.append(look.is_own(at))
        elif folded not in FUNCTION and len(folded) > _SMALL:
            return None
    if used and _is_han_before(look, last, letters):
        letters = []
    return None if letters or _is_own_name(own) else _OTHER


def _before_linking(look: MatchContext) -> int | None:
    """The number of the last word before an abbreviation, and before "(" or "known as"; None if nothing links them."""
    at, linked = look.match.first, False
    while at > 0 and look.match.first - at <= _MOST_LINKING:
        gap = look.words.between(at)
        linked = linked or gap.endswith(_OPEN)
        if look.words.folded[at - 1] not in LINKING:
            break
        linked = linked or at <= look.match.first
        at -= 1
    start = look.words.spans[look.match.first][0]
    tail = look.words.text[max(0, start - 4) : start].rstrip("“「『\"'：: ")
    if tail.endswith(LINKING_LETTERS):
        return look.match.first - 3 if look.match.first >= 3 else None
    return at - 1 if linked and at > 0 else None


def _is_han_before(look: MatchContext, last: int, letters: list[str]) -> bool:
    """Whether a letter after Chinese characters, which are a translation, ends what is abbreviated: 维生素K（VK）."""
    return len(letters) == 1 and last > 0 and alphabet(look.words.words[last - 1]) in {"han", "kana"}


def _spelled_out_after(look: MatchContext) -> Reason:
    """An abbreviation before the words that it stands for, in brackets or after a comma."""
    words, first = look.words, look.match.end
    if look.compound() and first < len(words.words) and words.words[first].islower():
        first += 1  # an ending after a hyphen
    gap = words.after(first - 1)
    bracket = gap.lstrip().startswith(_OPEN)
    if not _AFTER_NAME.match(gap):
        return None
    linked = bracket
    while first < len(words.words) and words.folded[first] in LINKING:
        first, linked = first + 1, linked or words.folded[first] != "the"
    if first >= len(words.words) or not (linked or (len(look.word) >= _ENOUGH and words.words[first][0].isupper())):
        return None
    return _OTHER if _spells(look, first, capitals=False) else None


def _spelled_out_elsewhere(look: MatchContext) -> Reason:
    """An abbreviation whose letters begin capitalized words somewhere in the text."""
    if (
        len(look.word) < _ENOUGH
        or (look.casing.is_title and len(look.words.words) > _HEADLINE)
        or look.casing.is_capitals
    ):
        return None
    words, first = look.words.words, look.match.first
    near = range(max(0, first - _NEAR), min(len(words), first + _NEAR))
    starts = (at for at in near if words[at][0].isupper() and len(words[at]) > 1)
    return _OTHER if any(_spells(look, at, capitals=True) for at in starts) else None


def _spells(look: MatchContext, first: int, *, capitals: bool) -> bool:
    """Whether the words from `first` on begin with the letters of the abbreviation, and are not the entity's."""
    letters, own, words = _letters(look), [], look.words
    for at in range(first, min(len(words.words), first + len(look.word) + _MOST_BETWEEN)):
        folded = words.folded[at]
        if not letters:
            break
        count = _begins_as(letters, _initials(folded)) if words.words[at][0].isupper() or not capitals else 0
        if at >= look.match.first and at < look.match.end:
            return False
        if count:
            del letters[:count]
            own.append(look.is_own(at))
        elif folded not in FUNCTION and len(folded) > _SMALL:
            return False
        if at > first and re.search(r"[.!?;]", words.between(at)):
            return False
    return not letters and not _is_own_name(own)


def _is_own_name(own: list[bool]) -> bool:
    """Whether most words are the entity's."""
    return sum(own) * 2 >= len(own)


def _letters(look: MatchContext) -> list[str]:
    return [latin(romanized(letter))[:1] or letter for letter in look.folded]


def _initials(folded: str) -> str:
    """A word in Latin letters, to be compared with an abbreviation in either script."""
    return latin(romanized(folded)) or folded


def _stands_for(letters: list[str], word: str) -> int:
    """For how many letters at the end of an abbreviation a word stands: a compound (межведомственный) for two."""
    if word[0] == letters[-1]:
        return 1
    return 2 if len(letters) > 1 and word[0] == letters[-2] and letters[-1] in word[_PREFIX:] else 0


def _begins_as(letters: list[str], word: str) -> int:
    """The same at its beginning, for a long compound that is the whole of it."""
    if word[0] != letters[0]:
        return 0
    return 2 if len(letters) == 2 and len(word) > _LONG and letters[1] in word[_PREFIX:] else 1


RULES = (_spelled_out, _spelled_out_after, _spelled_out_elsewhere)
