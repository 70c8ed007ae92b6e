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
    return [_form(written) for row in rows for written in concepts.rows[row]]


def _form(written: str) -> Form:
    return Form(written.strip("*"), written.endswith("*"), written.startswith("*"))


class _Concepts:
    """The table, with an index of what is written in it."""

    def __init__(self, table: str) -> None:
        self.rows = [row.split() for row in table.strip().replace("\n ", " ").split("\n")]
        self._rows_of: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            for written in row:
                self._rows_of.setdefault(written, []).append(number)
        self._inside = {written.strip("*") for written in self._rows_of if written[0] == "*"}

    def of(self, folded: str, *, capital: bool) -> set[int]:
        """The rows that have a word."""
        shortest = max(1, len(folded) - _LONGEST_ENDING) if capital else 1
        wanted = [folded, f"*{folded}"]
        for length in range(shortest, len(folded) + 1):
            wanted += (f"{folded[:length]}*", f"*{folded[:length]}*")
        if not capital:
            inner = (inside for inside in self._inside if inside in folded)
            wanted += (written for inside in inner for written in (f"*{inside}", f"*{inside}*"))
        return {row for written in wanted for row in self._rows_of.get(written, ())}


@cache
def _concepts() -> _Concepts:
    """Made with the first context word."""
    from alerts.recognition.language.concepts.words import CONCEPTS  # noqa: PLC0415 - needed for context words only

    return _Concepts(CONCEPTS)
