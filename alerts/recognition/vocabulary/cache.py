"""What words of texts are, remembered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alerts.recognition.vocabulary.hits import Hit

REMEMBERED = 100_000
"""Words of texts that a cache keeps, at 100 bytes each."""
LONGEST = 100
"""Letters: a longer word is no name, and the search for misspellings would take too long."""


class Cache(dict[str, Sequence[Hit]]):
    """The words of the vocabulary that each word of a text may be: mostly none. A new word is looked up."""

    def __init__(self, look_up: Callable[[str, Cache], Sequence[Hit]]) -> None:
        self._look_up = look_up
        self.beginnings: set[str] = set()
        """The words with which a name may begin."""
        self.parts: dict[str, Sequence[Hit] | None] = {}
        """What may be a part of a name: looked for when it stands beside another capitalized word."""

    def __missing__(self, word: str) -> Sequence[Hit]:
        if len(word) > LONGEST:
            return ()
        hits = self[word] = self._look_up(word, self)
        return hits

    def forget(self) -> None:
        """Forget all."""
        for kept in (self, self.beginnings, self.parts):
            kept.clear()


def with_room(cache: Cache) -> Cache:
    """The cache, emptied if it is full: never between two words of a text, which would lose the first of them."""
    if len(cache) >= REMEMBERED:
        cache.forget()
    return cache
