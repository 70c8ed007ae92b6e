"""Reasons why an abbreviation is short for other words, which the text has, than the entity's name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language.scripts import latin, romanized
from alerts.recognition.language.stopwords import FUNCTION
from alerts.recognition.language.word_lists.abbreviating import LINKING, LINKING_LETTERS, USUAL
from alerts.recognition.sound.alphabets import alphabet

_PREFIX = 3  # letters of the first part of a compound
_LONG = 9  # letters that a compound has more of
_SMALL = 3  # letters of a word that may stand between the others
_MOST_BETWEEN = 4  # small words in what is abbreviated
_ENOUGH = 3  # letters of one that may be spelled out anywhere in the text, or after a comma
_MOST_LINKING = 3  # words such as "short for"
_HEADLINE = 8  # words: in a longer one with capitals, their letters say nothing
_MOST = 2_000  # words of a text that are searched
_DASHES = frozenset({"—", "–", "="})
_COMMAS = frozenset({", ", " — ", " – ", " - "})
_OPEN = ("(", "（", "[")
_ENDS = re.compile(r"[.!?;]")
_EAST_ASIAN = frozenset({"han", "kana"})
_AFTER_NAME = re.compile(r"\s?[(（\[]|,\s|\s?[–—=]\s?|\s-\s")
_NOTHING = ("\0",)
_MANY = 4  # words of which one may be known from the entity's context
_SAME = str.maketrans("cqw", "kkv")
_OTHER = "it is short for other words here"


def _spelled_out(look: MatchContext) -> Reason:
    """An abbreviation in brackets, or called short, after the words that it stands for."""
    last = _before_linking(look)
    if last is None:
        return None
    letters = _letters(look)
    for first in range(last, max(-1, last - len(letters) - _MOST_BETWEEN), -1):
        used = _used(look, letters, first, last + 1)
        if used is not None and used[-1] == last:
            return None if _is_own_name(look, used) else _OTHER
    if _is_in_another_order(look, last, letters):
        return _OTHER
    return _OTHER if _is_translated(look, last, letters) else None


def _before_linking(look: MatchContext) -> int | None:
    """The number of the last word before an abbreviation, and before "(" or "known as"; None if nothing links them."""
    at, linked = look.match.first, False
    while at > 0 and look.match.first - at <= _MOST_LINKING:
        gap = look.words.between(at)
        linked = (
            linked
            or gap.endswith(_OPEN)
            or (gap in _COMMAS and look.words.after(look.match.end - 1).startswith(gap.rstrip()))
        )
        if look.words.folded[at - 1] not in LINKING:
            break
        linked = linked or at <= look.match.first
        at -= 1
    start = look.words.spans[look.match.first][0]
    tail = look.words.text[max(0, start - 4) : start].rstrip("“「『\"'：: ")
    if tail.endswith(LINKING_LETTERS):
        return look.match.first - 3 if look.match.first >= 3 else None
    return at - 1 if linked and at > 0 else None


def _is_in_another_order(look: MatchContext, last: int, letters: str) -> bool:
    """Whether the words before a bracket begin with the letters in another order: le Fonds monétaire arabe (AMF)."""
    words = look.words.folded
    used: list[int] = []
    for at in range(last, max(-1, last - len(letters) - _MOST_BETWEEN), -1):
        if len(used) == len(letters):
            break
        if len(words[at]) > _SMALL or _initials(words[at])[:1] == letters[-1]:
            used.append(at)
    begins = sorted(_initials(words[at])[:1] for at in used)
    capital = bool(used) and look.words.words[used[-1]][0].isupper()
    return len(letters) >= _ENOUGH and capital and begins == sorted(letters) and not _is_own_name(look, used)


def _is_translated(look: MatchContext, last: int, letters: str) -> bool:
    """Whether the last letter, after Chinese characters that are a translation, ends it: 维生素K（VK）."""
    words = look.words.words
    return last > 0 and _initials(look.words.folded[last]) == letters[-1] and alphabet(words[last - 1]) in _EAST_ASIAN


def _spelled_out_after(look: MatchContext) -> Reason:
    """An abbreviation before the words that it stands for, in brackets or after a comma."""
    words, first = look.words, look.match.end
    if look.compound() and first < len(words.words) and words.words[first].islower():
        first += 1  # an ending after a hyphen
    gap = words.after(first - 1)
    bracket = gap.lstrip().startswith(_OPEN)
    if not _AFTER_NAME.match(gap):
        return None
    linked = bracket or gap.strip() in _DASHES
    while first < len(words.words) and words.folded[first] in LINKING:
        first, linked = first + 1, linked or words.folded[first] != "the"
    if first >= len(words.words):
        return None
    one = words.after(first) == "-"  # a name of several words, not the names of several things
    told = linked or ((one or len(look.word) >= _ENOUGH) and words.words[first][0].isupper())
    return _OTHER if told and _spells(look, first, capitals=False) else None


def _spelled_out_elsewhere(look: MatchContext) -> Reason:
    """An abbreviation whose letters begin capitalized words somewhere in the text, or which is spelled out in another
    place of it. Looked for once in a text.
    """
    told = look.words.told
    key = (look.word, look.match.phrase.entity)
    if key not in told:
        told[key] = _is_elsewhere(look) or any(map(_is_told, _others(look)))
    return _OTHER if told[key] else None


def _others(look: MatchContext) -> Iterator[MatchContext]:
    """The same abbreviation in other places."""
    first, length = look.match.first, look.match.end - look.match.first
    for at, word in enumerate(look.words.words[:_MOST]):
        if word == look.word and at != first:
            match = look.match._replace(first=at, end=at + length)
            yield MatchContext(look.words, look.casing, match, look.profile, look.context, look.named)


def _is_told(look: MatchContext) -> bool:
    return bool(_spelled_out(look) or _spelled_out_after(look))


def _is_elsewhere(look: MatchContext) -> bool:
    words = look.words.words
    if len(look.word) < _ENOUGH or look.casing.is_capitals or (look.casing.is_title and len(words) > _HEADLINE):
        return False
    starts = (at for at, word in enumerate(words[:_MOST]) if word[0].isupper() and len(word) > 1)
    return any(_spells(look, at, capitals=True) for at in starts if words[at] != look.word)


def _spells(look: MatchContext, first: int, *, capitals: bool) -> bool:
    """Whether the words from `first` on begin with the letters of the abbreviation, and are not the entity's."""
    words, end = look.words, min(len(look.words.words), first + len(look.word) + _MOST_BETWEEN)
    if look.word in words.words[first:end]:
        end = words.words.index(look.word, first, end)
    used = _used(look, _letters(look), first, end)
    if used is None or _is_own_name(look, used):
        return False
    text = words.text[words.spans[first][0] : words.spans[used[-1]][0]]
    return not _ENDS.search(text) and (not capitals or all(words.words[at][0].isupper() for at in used))


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
    small = folded in FUNCTION or len(folded) <= _SMALL
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
    usual = USUAL.get(look.folded, _NOTHING)
    own = sum(look.is_own(at) or look.words.folded[at].startswith(usual) for at in used)
    return own * 2 >= len(used) or (own > 0 and len(used) >= _MANY)


def _letters(look: MatchContext) -> str:
    return "".join(_initials(letter)[:1] for letter in look.folded)


def _initials(folded: str) -> str:
    """A word in Latin letters, to be compared with an abbreviation in either script."""
    written = folded if folded.isascii() else latin(romanized(folded)) or folded
    return written.translate(_SAME)


RULES = (_spelled_out, _spelled_out_after, _spelled_out_elsewhere)
