"""How a word of a text was recognized as a word of a name. Pure."""

from enum import StrEnum
from typing import NamedTuple


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
