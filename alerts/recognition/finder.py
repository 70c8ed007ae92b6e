"""Finds phrases in a text, word by word. The cost does not depend on the number of phrases. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from alerts.recognition.language.legal_forms import FORM_WORDS
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.tokens import spans_of, words_of
from alerts.recognition.names import humps
from alerts.recognition.vocabulary import SURENESS, Hit, How, Vocabulary

Span = tuple[int, int]


class Role(StrEnum):
    """The role of a phrase for its entity."""

    NAME = "name"
    NOT = "not"
    CONTEXT = "context"
    NUMBER = "number"
    DOMAIN = "domain"


class Phrase(NamedTuple):
    """Consecutive words of the vocabulary. `text` is the phrase as configured."""

    entity: str
    text: str
    role: Role
    words: tuple[int, ...]
    cased: bool = False
    core: bool = False
    person: bool = False


class Match(NamedTuple):
    """A phrase found in a text: its words `first` to before `end`, and how each was recognized."""

    phrase: Phrase
    first: int
    end: int
    hits: tuple[Hit, ...]

    @property
    def how(self) -> How:
        """How the least certain of its words was recognized."""
        return max((hit.how for hit in self.hits), key=lambda how: SURENESS[how])


class Words:
    """The words of one text, and the possible words of the vocabulary for each."""

    def __init__(self, text: str, words: list[str], hits: Sequence[Sequence[Hit]], spans: Sequence[Span]) -> None:
        self.text, self.words, self.hits, self.spans = text, words, hits, spans

    @cached_property
    def folded(self) -> list[str]:
        """The words, folded (see `scripts.fold`)."""
        return [fold(word) for word in self.words]

    @cached_property
    def different(self) -> frozenset[str]:
        """The different folded words."""
        return frozenset(self.folded)

    def between(self, index: int) -> str:
        """The text before a word, after the word before it."""
        return self.text[self.spans[index - 1][1] if index else 0 : self.spans[index][0]]

    def after(self, index: int) -> str:
        """The text after a word, up to the next one."""
        return self.text[
            self.spans[index][1] : self.spans[index + 1][0] if index + 1 < len(self.spans) else len(self.text)
        ]

    def span(self, match: Match) -> Span:
        """The position of a match in the text."""
        return self.spans[match.first][0], self.spans[match.end - 1][1]


# What may separate two words of one name: space, a hyphen, a dot without space, quotation marks.
_JOIN = re.compile(r"""\s+|[-‐‑_·.&/’'‘]|\s?[("'«»„“”‘’]{1,2}\s?|\s&\s|""")
_INITIAL_JOIN = re.compile(r"\.\s?")
_COMMA = re.compile(r",\s")
_PATRONYMIC = re.compile(r"\w+(?:ич|ича|ичу|ичем|иче|[вч]н(?:а|ы|е|у|ой)|ich|[vc]h?na)\Z|\w\Z")
_HASHTAG = re.compile(r"#(\w+)")


class Finder:
    """Finds all added phrases at once."""

    def __init__(self, vocabulary: Vocabulary, phrases: Iterable[Phrase]) -> None:
        self._vocabulary = vocabulary
        self._next: list[dict[int, int]] = [{}]
        self._ends: dict[int, list[Phrase]] = {}
        self._persons: set[int] = set()
        for phrase in phrases:
            self._add(phrase)
        self._firsts = frozenset(self._next[0])
        self._names = self._beginning({Role.NAME, Role.NUMBER, Role.DOMAIN})

    def _add(self, phrase: Phrase) -> None:
        node = 0
        for word in phrase.words:
            if word not in self._next[node]:
                self._next[node][word] = len(self._next)
                self._next.append({})
            node = self._next[node][word]
            if phrase.person:
                self._persons.add(node)
        self._ends.setdefault(node, []).append(phrase)

    def _beginning(self, roles: set[Role]) -> frozenset[int]:
        """The first words of the phrases with these roles."""
        return frozenset(
            phrase.words[0] for phrases in self._ends.values() for phrase in phrases if phrase.role in roles
        )

    def read(self, text: str) -> Words | None:
        """The words of a text if a name may begin with one of them, else None."""
        words = words_of(text)
        known, look_up = self._vocabulary.known, self._vocabulary.look_up
        try:
            hits = [known[word] for word in words]
        except KeyError:
            hits = [look_up(word) for word in words]
        if not any(hits) and "#" not in text:  # most texts
            return None
        return self._read(text, words, hits)

    def _read(self, text: str, words: list[str], hits: Sequence[Sequence[Hit]]) -> Words | None:
        spans = spans_of(text)
        if "#" in text:
            words, hits, spans = self._hashtags_split(text, words, list(hits), spans)
        names = self._names
        if not any(hit.word in names for found in hits for hit in found):
            return None
        return Words(text, words, hits, spans)

    def read_all(self, text: str) -> Words:
        """The words of a text, whether it contains a name or not: for the surroundings of a name."""
        words = words_of(text)
        return Words(text, words, [self._vocabulary.look_up(word) for word in words], spans_of(text))

    def _hashtags_split(
        self, text: str, words: list[str], hits: list[Sequence[Hit]], spans: list[Span]
    ) -> tuple[list[str], list[Sequence[Hit]], list[Span]]:
        """The words, with hashtags in camel case split: #FreeAcme."""
        starts = {found.start(1) for found in _HASHTAG.finditer(text)}
        apart: tuple[list[str], list[Sequence[Hit]], list[Span]] = ([], [], [])
        for word, found, (start, end) in zip(words, hits, spans, strict=True):
            parts = humps(word) if start in starts and not found else [word]
            at = start
            for part in parts:
                apart[0].append(part)
                apart[1].append(self._vocabulary.look_up(part) if len(parts) > 1 else found)
                apart[2].append((at, at + len(part) if len(parts) > 1 else end))
                at += len(part)
        return apart

    def matches(self, words: Words) -> list[Match]:
        """All phrases in a text, from left to right; at one position the longest first."""
        found: list[Match] = []
        for first, hits in enumerate(words.hits):
            if hits and any(hit.word in self._firsts for hit in hits):
                found += sorted(self._from(words, first), key=lambda match: -match.end)
        return found

    def _from(self, words: Words, first: int) -> Iterator[Match]:
        states: list[tuple[int, tuple[Hit, ...]]] = [(0, ())]
        for index in range(first, len(words.words)):
            if index > first and not self._joined(words, index):
                return
            following = [
                (self._next[node][hit.word], (*hits, hit))
                for node, hits in states
                for hit in words.hits[index]
                if hit.word in self._next[node]
            ]
            for node, hits in following:
                for phrase in self._ends.get(node, ()):
                    if not phrase.cased or _is_cased(words, first, index + 1):
                        yield Match(phrase, first, index + 1, hits)
            if index > first and not following and words.words[index][0].isupper() and _is_between(words.folded[index]):
                following = [state for state in states if state[0] in self._persons]
            states = following
            if not states:
                return

    def _joined(self, words: Words, index: int) -> bool:
        """Whether a word and the one before it may belong to one name."""
        gap = words.between(index)
        if _JOIN.fullmatch(gap):
            return True
        if _INITIAL_JOIN.fullmatch(gap):
            return len(words.words[index - 1]) <= 3
        return bool(_COMMA.fullmatch(gap)) and words.folded[index] in FORM_WORDS


def _is_between(folded: str) -> bool:
    """Whether a word may separate a given name and a surname: a patronymic, or an initial."""
    return bool(_PATRONYMIC.match(folded))


def _is_cased(words: Words, first: int, end: int) -> bool:
    return all(word[0].isupper() for word in words.words[first:end])
