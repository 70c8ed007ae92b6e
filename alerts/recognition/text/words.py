"""The words of one text, with what each may be. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from alerts.recognition.language.scripts import fold_all
from alerts.recognition.language.which import language_of
from alerts.recognition.vocabulary.hits import Hit

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
    def different(self) -> frozenset[str]:
        """The different folded words."""
        return frozenset(self.folded)

    @cached_property
    def language(self) -> str | None:
        """The most likely language of the text; None if nothing tells it."""
        return language_of(self.words, self.text)

    @cached_property
    def has_cyrillic(self) -> bool:
        """Whether the text has a Cyrillic letter."""
        return bool(_CYRILLIC.search(self.text))

    @cached_property
    def told(self) -> dict[tuple[str, str], bool]:
        """What the guards have found out of the whole text, by an abbreviation and an entity."""
        return {}

    def between(self, index: int) -> str:
        """The text before a word, after the word before it."""
        return self.text[self.spans[index - 1][1] if index else 0 : self.spans[index][0]]

    def after(self, index: int) -> str:
        """The text after a word, up to the next one."""
        return self.text[
            self.spans[index][1] : self.spans[index + 1][0] if index + 1 < len(self.spans) else len(self.text)
        ]

    def span(self, first: int, end: int) -> Span:
        """The position of the words from `first` to before `end` in the text."""
        return self.spans[first][0], self.spans[end - 1][1]
