"""The words of one text, with what each may be: how a word was recognized as a word of a name. Pure."""

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from alerts.recognition.language.scripts import fold_all
from alerts.recognition.language.which import language_of

_LETTER = r"[^\W\d_]"
_HIDDEN = "\u00ad\u200b\u200e\u200f\u2060\ufeff"
# Inside a word, an accent and what breaks a line are also known without a semicolon.
_BARE = r"[A-Za-z](?:uml|acute|grave|circ|tilde|cedil|ring|slash)|shy|nbsp|szlig"
_WHOLE = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_ENTITY = rf"{_WHOLE}|(?<={_LETTER})&(?:{_BARE}|#173)(?={_LETTER})"
_TAG = rf"(?<={_LETTER})</?(?:[abiu]|em|strong|span|mark|font|small|wbr)(?:\s[^<>]{{0,200}})?/?>(?={_LETTER})"
_INNER = rf"(?<={_LETTER})[{_HIDDEN}]{{1,9}}(?={_LETTER})"
_DOT = r"(?<=\w)\[(?:\.|dot)\](?=\w)"
_DAMAGE = re.compile(f"{_ENTITY}|{_TAG}|{_INNER}|{_DOT}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SEEN = re.compile(f"[{_HIDDEN}]")


class Restored(NamedTuple):
    """A text without damage, and the places where it got shorter: in it, and in the text as it was."""

    text: str
    shifts: tuple[tuple[int, int], ...] = ()

    def origin(self, place: int) -> int:
        """The place in the text as it was."""
        if not self.shifts:
            return place
        at = bisect_right(self.shifts, place, key=lambda shift: shift[0]) - 1
        return place if at < 0 else place - self.shifts[at][0] + self.shifts[at][1]


def may_be_damaged(text: str) -> bool:
    """Whether a text has a character that damage has: a fast test that nearly all texts fail."""
    return "&" in text or "<" in text or "[" in text or (not text.isprintable() and bool(_SEEN.search(text)))


def restored(text: str) -> Restored:
    """The text with the characters that its entities stand for; invisible ones and tags inside a word are taken out."""
    if not may_be_damaged(text) or not _DAMAGE.search(text):
        return Restored(text)
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    size = done = 0
    for found in _DAMAGE.finditer(text):
        plain = html.unescape(found[0]) if found[0][0] == "&" else "." if found[0][0] == "[" else ""
        if plain == found[0]:
            continue
        new = _INVISIBLE.sub("", plain)
        parts += (text[done : found.start()], new)
        size += found.start() - done + len(new)
        done = found.end()
        shifts.append((size, done))
    return Restored("".join([*parts, text[done:]]), tuple(shifts))


class How(StrEnum):
    """How a word was recognized, from the most to the least certain."""

    EXACT = "as listed"
    INFLECTED = "inflected"
    TRANSLITERATED = "in other letters"
    DISGUISED = "look-alike letters"
    BEGINNING = "begins so"
    MISSPELT = "misspelt"
    HEARD = "by its sound in another script"


SURENESS = {how: rank for rank, how in enumerate(How)}


class Hit(NamedTuple):
    """A word of the vocabulary found in a text: its number, how it was recognized, and with which ending; the
    languages that have this ending, if not all have; the bits that its sound has in common with the name, if it was
    recognized by that.
    """

    word: int
    how: How
    ending: str = ""
    languages: frozenset[str] = frozenset()
    bits: float = 0.0


_LIKE_LETTERS = 17.0
"""Bits of a sound that is as certain as a misspelling."""


def _rank(hit: Hit) -> tuple[int, float]:
    how = How.DISGUISED if hit.bits >= _LIKE_LETTERS else hit.how
    return SURENESS[how], -hit.bits


def surest(hits: list[Hit]) -> tuple[Hit, ...]:
    """The most certain hit for each word of the vocabulary."""
    if len(hits) < 2:
        return tuple(hits)
    best: dict[int, Hit] = {}
    for hit in hits:
        known = best.get(hit.word)
        if known is None or _rank(hit) < _rank(known):
            best[hit.word] = hit
    return tuple(best.values())


Span = tuple[int, int]
_CYRILLIC = re.compile("[а-яіїєґё]", re.IGNORECASE)


class Words:
    """The words of one text, and the possible words of the vocabulary for each."""

    def __init__(self, text: str, words: list[str], hits: Sequence[Sequence[Hit]], spans: Sequence[Span]) -> None:
        self.text, self.words, self.hits, self.spans = text, words, hits, spans

    @cached_property
    def folded(self) -> list[str]:
        """The words, folded (see `scripts.fold`)."""
        return fold_all(self.words)

    @cached_property
    def language(self) -> str | None:
        """The most likely language of the text; None if nothing tells it."""
        return language_of(self.words, self.text)

    @cached_property
    def has_cyrillic(self) -> bool:
        """Whether the text has a Cyrillic letter."""
        return bool(_CYRILLIC.search(self.text))

    def between(self, index: int) -> str:
        """The text before a word, after the word before it."""
        return self.text[self.spans[index - 1][1] if index else 0 : self.spans[index][0]]

    def after(self, index: int) -> str:
        """The text after a word, up to the next one."""
        end = self.spans[index + 1][0] if index + 1 < len(self.spans) else len(self.text)
        return self.text[self.spans[index][1] : end]

    def span(self, first: int, end: int) -> Span:
        """The position of the words from `first` to before `end` in the text."""
        return self.spans[first][0], self.spans[end - 1][1]
