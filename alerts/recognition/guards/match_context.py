"""A match with the text around it: what the guards look at. Pure."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from alerts.recognition.finder import Match
from alerts.recognition.language.scripts import fold
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.words import Span, Words

Reason = str | None
"""Why a match is no mention, in a few words."""

_SENTENCE_END = re.compile(r"""[.!?…:;|\n•—–]["'»”’)\]]*\s*["'«„“‘(\[]*\Z""")
_GAP = 100  # characters before a word that are searched for the end of a sentence, once for each match
_I = re.compile(r"\bI\b")
_RUN = re.compile(r"\S+")
_OF_HANDLES = ("@", "RT", "http")
_HANDLE = re.compile(r"@\w+|\b(?:RT|http)\b")
QUOTES = frozenset('«„“"‘「『《〈')
"""Opening quotation marks; the East Asian ones are words of their own."""
_OPENING = (*QUOTES, "« ", "«\u00a0", "«\u202f")  # French has a space after it
FAR = 250
"""Characters from a match within which the text says something of it."""
_LISTED = re.compile("[:|;•]")
_LINKS = str.maketrans("", "", ":—–")


@dataclass(frozen=True)
class EntityProfile:
    """What is known of an entity: whether its name is ambiguous, its surnames with their given names (all folded)."""

    ambiguous: bool = False
    surnames: Mapping[str, Sequence[str]] = field(default_factory=dict)
    own: frozenset[int] = frozenset()  # numbers of the words in its names and its context
    own_context: bool = False  # whether it has context words, which are required already
    allies: frozenset[str] = frozenset()  # other entities whose names are among its context words


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

    @cached_property
    def _plain(self) -> str:
        text = self._words.text
        without = _RUN.sub(lambda run: " " if "://" in run[0] else run[0], text) if "://" in text else text
        return _HANDLE.sub(" ", without) if any(map(without.__contains__, _OF_HANDLES)) else without


class MatchContext:
    """One match and the text around it."""

    def __init__(
        self,
        words: Words,
        casing: Casing,
        match: Match,
        profile: EntityProfile,
        context: Sequence[Span] = (),
        named: Collection[Span] = (),
    ) -> None:
        self.words, self.casing, self.match, self.profile, self.context = words, casing, match, profile, context
        self.named = named
        self.word = words.words[match.first]
        self.folded = words.folded[match.first]
        self.single = match.end == match.first + 1
        letters = self.word if self.single else "".join(words.words[match.first : match.end])
        self.lower = letters.islower() and alphabet(letters) != "georgian"  # whose capitals nobody uses

    @cached_property
    def is_surname(self) -> bool:
        """Whether it is the surname of a person that is watched."""
        return self.single and fold(self.match.phrase.text) in self.profile.surnames

    def beside(self, index: int, *, back: bool) -> bool:
        """Whether a word is next to the match, or to its neighbour, with only space between."""
        if not 0 <= index < len(self.words.words):
            return False
        gap = self.words.after(index) if back else self.words.between(index)
        return gap.isspace()

    def before(self) -> str:
        """The folded word before the match; "" if it is not next to it."""
        index = self.match.first - 1
        return self.words.folded[index] if self.beside(index, back=True) else ""

    def after(self) -> str:
        """The folded word after the match; "" if it is not next to it."""
        return self.words.folded[self.match.end] if self.beside(self.match.end, back=False) else ""

    def next_word(self) -> str:
        """The word after the match; "" at the end of the text."""
        return self.words.words[self.match.end] if self.match.end < len(self.words.words) else ""

    def is_own(self, index: int) -> bool:
        """Whether a word is one of the entity's own names or context words."""
        return any(hit.word in self.profile.own for hit in self.words.hits[index])

    def around(self) -> str:
        """The text around the match."""
        start, end = self.words.span(*self.match.span)
        return self.words.text[max(0, start - FAR) : end + FAR]

    def hashtag(self) -> bool:
        """Whether the match is a hashtag, which people often write in small letters."""
        return "#" in self.words.text and self.words.between(self.match.first).endswith("#")

    def compound(self) -> bool:
        """Whether a hyphen joins the match to the next word."""
        return bool(re.match("[-‐‑]", self.words.after(self.match.end - 1)))

    def hyphened(self) -> bool:
        """Whether a hyphen joins the match to the word before or after it."""
        return self.compound() or bool(re.search("[-‐‑]\\Z", self.words.between(self.match.first)))

    def quoted(self) -> bool:
        """Whether the match is in quotation marks."""
        start = self.words.spans[self.match.first][0]
        return self.words.text[max(0, start - 2) : start].endswith(_OPENING)

    def is_strict(self) -> bool:
        """Whether it is an ambiguous word with a capital letter."""
        return self.profile.ambiguous and self.single and self.word[0].isupper()

    def begins(self) -> bool:
        """Whether it begins a sentence, rather than a list after a colon."""
        gap = self.words.between(self.match.first)
        return self.match.first == 0 or (self.casing.begins_sentence(self.match.first) and not _LISTED.search(gap))

    @cached_property
    def near(self) -> list[Span]:
        """The context words that are not far from the match, which is none of them."""
        own = self.words.span(*self.match.span)
        first = bisect_left(self.context, own[0] - FAR, key=lambda span: span[0])
        beyond = bisect_left(self.context, own[1] + FAR, key=lambda span: span[0])
        return [span for span in self.context[first:beyond] if span != own]

    def context_within(self, most: int, *, named: bool = False) -> bool:
        """Whether a context word is near, with at most so many words between; `named`: one that is a name, no noun."""
        first, end = max(0, self.match.first - most - 1), min(len(self.words.words), self.match.end + most + 1)
        start, stop = self.words.spans[first][0], self.words.spans[end - 1][1]
        spans = (span for span in self.near if not named or span in self.named)
        return any(start <= span[0] and span[1] <= stop for span in spans)

    def touches(self, place: int) -> bool:
        """Whether a context word is at a place of the text, or ends there."""
        return any(start <= place <= end for start, end in self.near)

    def context_in_clause(self, ends: re.Pattern[str]) -> bool:
        """Whether a context word is in the same part of the sentence: nothing that `ends` it is between."""
        own = self.words.span(*self.match.span)
        for span in self.near:
            between = self.words.text[span[1] : own[0]] if span[0] < own[0] else self.words.text[own[1] : span[0]]
            if span in self.named:
                between = between.translate(_LINKS)  # a name is no less near for these
            if not ends.search(between):
                return True
        return False
