"""Completes persons' names by words that only sound like theirs, beside a word that surely is one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerts.recognition.language.tokens import may_be_proper
from alerts.recognition.vocabulary.hits import Hit, How
from alerts.recognition.vocabulary.vocabulary import Vocabulary

_SURE = 10.0  # bits of a word that is surely one of a name
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
        added: dict[int, list[Hit]] = {}
        for one, own in enumerate(hits):
            sure = [hit.word for hit in own if hit.how is not How.HEARD or hit.bits >= _SURE] if own else ()
            partners = {word: given for hit in sure for word, given in self._partners.get(hit, {}).items()}
            if not partners or not may_be_proper(words[one]):
                continue
            for other in _neighbours(words, one):
                for partner, given in partners.items():
                    hit = self._vocabulary.beside(words[other], partner, given=given)
                    if hit and all(known.word != partner for known in hits[other]):
                        added.setdefault(other, []).append(hit)
        return [(*found, *added.get(at, ())) for at, found in enumerate(hits)] if added else hits


def _neighbours(words: Sequence[str], at: int) -> list[int]:
    """The places of the proper words, up to two on either side, that may belong to the same name as one."""
    last = min(len(words), at + _BESIDE + 1)
    return [place for place in range(max(0, at - _BESIDE), last) if place != at and may_be_proper(words[place])]


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
