"""Short words of names with two letters swapped, which count beside another word of the name: Csah for Cash. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from operator import ne

from alerts.recognition.language.misspelling import SHORTEST, mixed
from alerts.recognition.vocabulary.hits import Hit, How

_SHORTEST = 4  # letters
_SWAPPED = 2  # letters that differ


class Swapped:
    """Numbered words. First add them, then look up."""

    def __init__(self) -> None:
        self._words: dict[str, list[tuple[int, str]]] = {}

    def add(self, number: int, folded: str) -> None:
        """Add a word."""
        self._words.setdefault(mixed(folded), []).append((number, folded))

    def like(self, folded: str) -> Iterator[Hit]:
        """The words that have the letters of a word of a text, two of them the other way round."""
        if not self._words or not may_be_swapped(folded):
            return
        for number, word in self._words.get(mixed(folded), ()):
            if len(word) == len(folded) and sum(map(ne, word, folded)) == _SWAPPED:
                yield Hit(number, How.MISSPELT)


def may_be_swapped(folded: str) -> bool:
    """Whether a word has so few letters that it is not found misspelt by itself."""
    return _SHORTEST <= len(folded) < SHORTEST and folded.isalpha()
