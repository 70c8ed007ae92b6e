"""Completes persons' names by words that only sound like theirs, beside a word that surely is one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from alerts.recognition.language.tokens import may_be_proper
from alerts.recognition.vocabulary.hits import Hit, How
from alerts.recognition.vocabulary.vocabulary import Vocabulary

_SURE = 9.0  # bits of a word that is surely one of a name
_BESIDE = 2  # words between which a patronymic or an article may stand
_MOST_WORDS, _MOST_PARTNERS = 3, 6


class Partners:
    """Completes persons' names. A name is the numbers of its words, the surname last."""

    def __init__(self, names: Iterable[tuple[int, ...]], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._partners = _partners(names)
        self.words = self._partners.keys()
        """The words that others may complete."""

    def may_complete(self, words: Sequence[str], at: int) -> bool:
        """Whether a word of a text may stand beside another word of its name."""
        return sum(map(may_be_proper, words[max(0, at - _BESIDE) : at + _BESIDE + 1])) > 1

    def completed(self, words: Sequence[str], hits: list[Sequence[Hit]]) -> list[Sequence[Hit]]:
        """The hits, with those words that only sound a little like a person's name, but stand beside its other word."""
        proper = [at for at, word in enumerate(words) if may_be_proper(word)]
        if len(proper) < 2:
            return hits
        added: dict[int, list[Hit]] = {}
        for one, other in _neighbours(proper):
            partners = (
                pair
                for hit in hits[one]
                if hit.how is not How.HEARD or hit.bits >= _SURE
                for pair in self._partners.get(hit.word, {}).items()
            )
            for partner, given in dict(partners).items():
                hit = self._vocabulary.beside(words[other], partner, given=given)
                if hit and all(known.word != partner for known in hits[other]):
                    added.setdefault(other, []).append(hit)
        return [(*found, *added.get(at, ())) for at, found in enumerate(hits)] if added else hits


def _neighbours(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs of places, which are in order, that may belong to the same name; each in both directions."""
    for steps in range(1, _BESIDE + 1):
        for one, other in zip(places, places[steps:], strict=False):
            if other - one <= _BESIDE:
                yield one, other
                yield other, one


def _partners(names: Iterable[tuple[int, ...]]) -> dict[int, dict[int, bool]]:
    """The other words of names, for each of their words, and whether they are given names; none for a word of many
    names, as given names are.
    """
    found: dict[int, dict[int, bool]] = {}
    for words in names:
        if len(words) <= _MOST_WORDS:
            for word in words:
                others = {other: other != words[-1] for other in words if other != word}
                found.setdefault(word, {}).update(others)
    return {word: others for word, others in found.items() if len(others) <= _MOST_PARTNERS}
