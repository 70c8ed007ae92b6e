"""The use of capital letters in a text, and the beginnings of its sentences. Pure."""

from __future__ import annotations

import re
from functools import cached_property

from alerts.recognition.text.words import Words

_SENTENCE_END = re.compile(r"""[.!?…:;|\n•—–]["'»”’)\]]*\s*["'«„“‘(\[]*\Z""")
_GAP = 100  # characters before a word that are searched for the end of a sentence, once for each match
_I = re.compile(r"\bI\b")
_RUN = re.compile(r"\S+")
_OF_HANDLES = ("@", "RT", "http")
_HANDLE = re.compile(r"@\w+|\b(?:RT|http)\b")


class Casing:
    """The casing of one text."""

    def __init__(self, words: Words) -> None:
        self._words = words

    @cached_property
    def has_capitals(self) -> bool:
        """Whether there is a capital letter outside links and handles, other than "I"."""
        plain = self._plain
        return not plain.islower() and any(map(str.isupper, _I.sub("", plain) if "I" in plain else plain))

    @cached_property
    def is_capitals(self) -> bool:
        """Whether it is all in capitals, as in many registers."""
        return self._plain.isupper() or not any(map(str.islower, self._plain))

    @property
    def is_lower_only(self) -> bool:
        """Whether it has no capital letter at all, as posts that are written in haste."""
        return not self.has_capitals

    @cached_property
    def is_title(self) -> bool:
        """Whether nearly every longer word is capitalized, as in English headlines."""
        long = [word for word in self._plain.split() if len(word) > 3 and word[0].isalpha()]
        capitals = sum(word[0].isupper() for word in long)
        return len(long) >= 4 and capitals >= 0.75 * len(long) and (len(long) > 4 or capitals == len(long))

    def begins_sentence(self, index: int) -> bool:
        """Whether a word is the first of a sentence, a headline or a label's value."""
        if index == 0:
            return True
        initial = len(self._words.words[index - 1]) == 1 and self._words.words[index - 1].isupper()
        between = self._words.between(index)[-_GAP:]
        return bool(_SENTENCE_END.search(between)) and not (initial and between.startswith("."))

    def is_capitalized(self, index: int) -> bool:
        """Whether a word begins with a capital letter."""
        return self._words.words[index][0].isupper()

    def says_something(self, index: int) -> bool:
        """Whether a word's capital letter marks a name, rather than following from the casing of the text."""
        return (
            self.is_capitalized(index)
            and not self.begins_sentence(index)
            and not self.is_capitals
            and not self.is_title
        )

    @cached_property
    def _plain(self) -> str:
        text = self._words.text
        without = _RUN.sub(lambda run: " " if "://" in run[0] else run[0], text) if "://" in text else text
        return _HANDLE.sub(" ", without) if any(map(without.__contains__, _OF_HANDLES)) else without
