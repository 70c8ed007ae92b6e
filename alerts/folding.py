"""Text brought to the form in which names are compared, with a way back to the text itself. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sources.text import clean

_KANA_VOICING = "\uff9e\uff9f"  # half-width marks, composed with the letter before, though Unicode calls them letters


class Folded(NamedTuple):
    """A folded text. `starts[i]` is where the i-th folded character comes from; None when every one is its own."""

    text: str
    original: str
    starts: Sequence[int] | None

    def words(self, start: int, end: int) -> str:
        """The original text behind a span of the folded one."""
        if self.starts is None:
            return self.original[start:end]
        return self.original[self.starts[start] : self.starts[end]]


def fold_name(name: str) -> str:
    """A name on one line, without regard to letter case, width and invisible characters."""
    return _fold(clean(name))


def fold(text: str) -> Folded:
    """A text without regard to letter case and width. Expects it without invisible characters, as entries are."""
    folded = text.casefold()
    # casefolding replaces every character by one or more, so an equal length means one by one
    if len(folded) == len(text) and (text.isascii() or unicodedata.is_normalized("NFKC", folded)):
        return Folded(folded, text, None)
    parts, starts = list[str](), list[int]()
    for start, cluster in _clusters(text):
        part = _fold(cluster)
        parts.append(part)
        starts += [start] * len(part)
    return Folded("".join(parts), text, [*starts, len(text)])


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces that can be normalized one by one: a character with the marks that are composed with it."""
    start = 0
    for index in range(1, len(text)):
        if not unicodedata.combining(text[index]) and text[index] not in _KANA_VOICING:
            yield start, text[start:index]
            start = index
    yield start, text[start:]
