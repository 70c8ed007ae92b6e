"""Context words that are recognized by their beginning, or within another word. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from alerts.recognition.language.case_endings import stems
from alerts.recognition.language.concepts import Form
from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.vocabulary import roots
from alerts.recognition.vocabulary.hits import Hit, How

_SHORTEST = 3  # letters of a beginning
_INFINITIVE = ("ать", "ить", "еть", "ять", "ыть", "уть", "ати", "ити", "іти", "яти")


class ConceptWords:
    """Numbered context words. First add all of them, then ask."""

    def __init__(self) -> None:
        self._beginnings: dict[str, list[int]] = {}
        self._inside: dict[str, list[int]] = {}
        self.known = False
        """Whether there is any word."""

    def add(self, number: int, word: str, others: Iterable[Form]) -> Iterator[str]:
        """Add a word, by its beginning if it is long and in small letters, and what it is called in other languages.
        Gives those of these that must be whole words.
        """
        self.known = True
        folded = fold(word)
        stem = _stem(folded) if script_of(folded) == "cyrillic" else folded
        if len(stem) >= roots.SHORT and word == word.lower():
            self._beginnings.setdefault(stem, []).append(number)
        for form in others:
            if form.inside:
                self._inside.setdefault(form.text, []).append(number)
            elif form.begins and len(form.text) >= _SHORTEST:
                self._beginnings.setdefault(form.text, []).append(number)
            else:
                yield form.text

    def begun(self, folded: str, hits: Sequence[Hit]) -> list[Hit]:
        """The words that a word of a text begins like, or has inside, but for those that it is already."""
        known = {hit.word for hit in hits}
        begun = (folded[:length] for length in range(_SHORTEST, len(folded) + 1))
        numbers = [number for beginning in begun for number in self._beginnings.get(beginning, ())]
        numbers += [number for inside, inner in self._inside.items() if inside in folded for number in inner]
        return [Hit(number, How.BEGINNING) for number in numbers if number not in known]


def _stem(folded: str) -> str:
    """What the forms of a Cyrillic word begin with: a verb's, without the ending of its infinitive."""
    if folded.endswith(_INFINITIVE):
        return folded[:-2]
    return min((stem.text for stem in stems(folded)), key=len)
