"""Finds phrases in a text as whole words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from alerts.addresses import SPACELESS, Span
from alerts.folding import fold_name

_LETTER = rf"[^\W_{SPACELESS}]"
NO_LETTER_BEFORE, NO_LETTER_AFTER = rf"(?<!{_LETTER})", rf"(?!{_LETTER})"


class Match(NamedTuple):
    """A phrase of an entity, and its span in the folded text."""

    span: Span
    entity: str
    phrase: str


class Finder:
    """Finds phrases, given as (entity, phrase): at every place the longest one, then those that it begins with."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._owners: dict[str, list[tuple[str, str]]] = {}
        for entity, phrase in phrases:
            self._owners.setdefault(fold_name(phrase), []).append((entity, phrase))
        longest_first = sorted(self._owners, key=len, reverse=True)
        alternatives = "|".join(map(flexible, longest_first))
        # a lookahead, so that the search goes on within what it found: names of several entities may overlap
        self._any = re.compile(f"{NO_LETTER_BEFORE}(?=({alternatives}){NO_LETTER_AFTER})") if longest_first else None
        self._patterns = {phrase: re.compile(flexible(phrase)) for phrase in longest_first}
        self._beginnings = {phrase: list(self._prefixes(phrase)) for phrase in longest_first}

    def find(self, text: str) -> list[Match]:
        """All matches in a folded text, from left to right."""
        places = self._any.finditer(text) if self._any else ()
        return [match for place in places for match in self._at(text, place.start(), place[1])]

    def _at(self, text: str, start: int, longest: str) -> Iterator[Match]:
        for phrase in self._beginnings[" ".join(longest.split())]:
            found = self._patterns[phrase].match(text, start)
            if found and not _in_word(text, found.span()):
                yield from (Match(found.span(), entity, name) for entity, name in self._owners[phrase])

    def _prefixes(self, phrase: str) -> Iterator[str]:
        """The phrases that a phrase begins with, the longest first: itself, and those that end with an earlier word."""
        for end in range(len(phrase), 0, -1):
            if phrase[:end] in self._owners and not re.match(_LETTER, phrase[end:]):
                yield phrase[:end]


def flexible(phrase: str) -> str:
    """A pattern for a phrase whose words may stand apart by any space."""
    return r"\s+".join(map(re.escape, phrase.split()))


def _in_word(text: str, span: Span) -> bool:
    """Whether a combining mark goes on with the word on either side: regular expressions know them not as letters."""
    sides = text[span[0] - 1 : span[0]] + text[span[1] : span[1] + 1]
    return any(unicodedata.category(char)[0] == "M" for char in sides)
