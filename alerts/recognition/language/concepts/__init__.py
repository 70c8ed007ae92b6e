"""Context words in other languages: a text about an exchange may say Börse, borsası or 取引所. Pure.

words       the table of concepts, put together
technology  apps, networks, devices
money       banks, markets, payments
trade       companies, shops, goods
transport   ships, aircraft, railways
resources   energy, mining, agriculture
public      the state, law, crime, war
culture     the press, arts, sports, learning
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_LONGEST_ENDING = 2  # letters of a word with a capital letter that may follow a concept's stem


class Form(NamedTuple):
    """One way to write a concept's word: the word or its beginning, folded; or a part of a compound."""

    text: str
    begins: bool
    inside: bool


def others(folded: str, *, capital: bool = False) -> list[Form]:
    """All forms of the concepts that a context word belongs to; none for most words. One with a `capital` letter may be
    a name that begins like a word: Naftogaz has no other forms than its own.
    """
    concepts = _concepts()
    rows = sorted(concepts.of(folded, capital=capital))
    return [form for start, end in rows for form in map(_form, concepts.table[start:end].split())]


def _form(written: str) -> Form:
    return Form(written.strip("*"), written.endswith("*"), written.startswith("*"))


class _Concepts:
    """The table as one text, which is searched: an index of it takes longer than the look-ups that a start needs."""

    def __init__(self, table: str) -> None:
        self.table = table.replace("\n ", " ").replace("\n", " \n ")
        self._inside = set(re.findall(r" \*([^\s*]+)", self.table))

    def of(self, folded: str, *, capital: bool) -> set[tuple[int, int]]:
        """Where the rows that have a word begin and end."""
        shortest = max(1, len(folded) - _LONGEST_ENDING) if capital else 1
        wanted = [f" {folded} ", f"*{folded} "]
        for length in range(shortest, len(folded) + 1):
            wanted += (f" {folded[:length]}* ", f"*{folded[:length]}* ")
        if not capital:
            wanted += (f" *{inside}" for inside in self._inside if inside in folded)
        return {self._row(at) for text in wanted for at in self._places(text)}

    def _places(self, text: str) -> list[int]:
        found, at = [], self.table.find(text)
        while at >= 0:
            found.append(at + 1)
            at = self.table.find(text, at + 1)
        return found

    def _row(self, at: int) -> tuple[int, int]:
        return self.table.rfind("\n", 0, at), self.table.find("\n", at)


@cache
def _concepts() -> _Concepts:
    """Made with the first context word."""
    from alerts.recognition.language.concepts.words import CONCEPTS  # noqa: PLC0415 - needed for context words only

    return _Concepts(CONCEPTS)
