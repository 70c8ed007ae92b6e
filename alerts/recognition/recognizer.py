"""The entry point: which watched entities a text names, where, by which words, and why others do not count. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from alerts.recognition.address_spans import Addresses
from alerts.recognition.casing import Casing
from alerts.recognition.false_positives import reason_against
from alerts.recognition.finder import Finder, Match, Role, Span, Words
from alerts.recognition.phrases import Phrases
from alerts.recognition.vocabulary import SURENESS, How, Vocabulary
from alerts.recognition.entity import Watched

# The greatest distance of a context word from the name, in characters: about two sentences. The fields of a register's
# row belong together, so a context word may also be in another field, if that is short.
NEAR = 200
SHORT_FIELD = 300


class Finding(NamedTuple):
    """A name found in a field: its entity, the name as configured, the words of the text, where they begin, how they were
    recognized, and why it is not a mention, if it is not.
    """

    entity: str
    name: str
    words: str
    field: str
    start: int
    how: str
    against: str | None = None


class _Field:
    """One field of an entry that contains a name: its words, and all phrases in it."""

    def __init__(self, name: str, words: Words, matches: list[Match]) -> None:
        self.name, self.words, self.matches = name, words, matches
        self.casing = Casing(words)
        self.beside: dict[str, bool] = {}  # whether other fields of the entry contain an entity's context

    @cached_property
    def addresses(self) -> Addresses:
        """The addresses in it."""
        return Addresses(self.words.text)

    @cached_property
    def context(self) -> dict[str, list[Span]]:
        """The positions of each entity's context words, from left to right, except those in addresses."""
        found: dict[str, list[Span]] = {}
        for match in self.matches:
            span = self.words.span(match)
            if match.phrase.role is Role.CONTEXT and not self.addresses.hold(span):
                found.setdefault(match.phrase.entity, []).append(span)
        return found

    @cached_property
    def masked(self) -> _Masked:
        """The words covered by its `not` phrases."""
        return _Masked(match for match in self.matches if match.phrase.role is Role.NOT)


class Recognizer:
    """Finds watched entities, given by id. Building it is expensive: do it once."""

    def __init__(self, entities: Mapping[str, Watched]) -> None:
        vocabulary = Vocabulary()
        phrases = Phrases(entities, vocabulary)
        self._finder = Finder(vocabulary, phrases.all)
        self._profiles = phrases.profiles
        self._guarded = {id_ for id_, entity in entities.items() if entity.context}

    def findings(self, places: Sequence[tuple[str, str]]) -> list[Finding]:
        """Every name in the fields of one entry, given as pairs of a field's name and its text."""
        fields = [
            _Field(name, words, self._finder.matches(words))
            for name, value in places
            if (words := self._finder.read(value)) is not None
        ]
        if not any(match.phrase.role not in _BESIDE for field in fields for match in field.matches):
            return []
        return [finding for field in fields for finding in self._within(field, places)]

    def _within(self, field: _Field, places: Sequence[tuple[str, str]]) -> Iterator[Finding]:
        """The findings in one field; at each position and for each entity only the longest name."""
        names = [match for match in field.matches if match.phrase.role not in _BESIDE]
        reach: dict[str, int] = {}
        for match in sorted(names, key=_longest_surest_first):
            entity = match.phrase.entity
            if match.end <= reach.get(entity, 0):
                continue  # a part of a longer name, or the same words under another name
            reach[entity] = match.end
            against = _wrong_place(match, field) or self._doubt(match, field, places)
            start, end = field.words.span(match)
            text = field.words.text[start:end]
            yield Finding(entity, match.phrase.text, text, field.name, start, match.how.value, against)

    def _doubt(self, match: Match, field: _Field, places: Sequence[tuple[str, str]]) -> str | None:
        if match.phrase.role is not Role.NAME:
            return None
        entity = match.phrase.entity
        if against := reason_against(field.words, field.casing, match, self._profiles[entity]):
            return against
        unsure = any(hit.how is How.HEARD and hit.real for hit in match.hits) and entity not in self._guarded
        if unsure:
            return "too short to be told by its sound alone"
        if entity in self._guarded and not self._has_context(match, field, places):
            return "none of its context words is near"
        return None

    def _has_context(self, match: Match, field: _Field, places: Sequence[tuple[str, str]]) -> bool:
        """Whether a context word of the entity is near, in the field or in a short one of the same entry."""
        start, end = field.words.span(match)
        entity = match.phrase.entity
        spans = field.context.get(entity, [])
        first = bisect_left(spans, start - NEAR, key=lambda span: span[1])
        if first < len(spans) and spans[first][0] <= end + NEAR:
            return True
        if entity not in field.beside:
            others = (value for name, value in places if name != field.name and len(value) <= SHORT_FIELD)
            field.beside[entity] = any(self._brings_context(value, entity) for value in others)
        return field.beside[entity]

    def _brings_context(self, value: str, entity: str) -> bool:
        """Whether another field's value contains a context word of the entity."""
        words = self._finder.read_all(value)
        return entity in _Field("", words, self._finder.matches(words)).context


_BESIDE = {Role.CONTEXT, Role.NOT}


def _longest_surest_first(match: Match) -> tuple[int, int, int, str]:
    return match.first, -match.end, SURENESS[match.how], match.phrase.role


def _wrong_place(match: Match, field: _Field) -> str | None:
    """Why a name does not count at its position, whatever it means; None if it does."""
    span = field.words.span(match)
    role = match.phrase.role
    if role is Role.DOMAIN:
        whole = _is_whole_domain(field.words.text, span, match.phrase.text)
        return None if whole else "it is another domain"
    if role is Role.NUMBER:
        return None if _is_whole_number(match, field) else "it is a number of another kind"
    if field.masked.touch(match):
        return 'it is a part of a phrase in "not"'
    if field.addresses.is_handle(span):
        return "it is somebody's handle"
    return "it is a part of an address" if field.addresses.hold(span) else None


def _is_whole_domain(text: str, span: Span, domain: str) -> bool:
    before, after = text[max(0, span[0] - 1) : span[0]], text[span[1] : span[1] + 2]
    if text[span[0] : span[1]].lower() != domain:
        return False
    return not re.match(r"[\w-]", before) and not re.match(r"[\w-]|\.\w", after)


def _is_whole_number(match: Match, field: _Field) -> bool:
    """Whether a number is the whole identifier. A CIK is so short that it must be labelled; the others have a fixed
    length and a check digit.
    """
    label = match.phrase.text
    if not label.startswith("CIK ") or match.end - match.first > 1:
        return True
    word = field.words.words[match.first]
    near = field.words.folded[max(0, match.first - 2) : match.first]
    return len(word) == 10 or "cik" in near or "cik" in field.name.lower()


class _Masked:
    """The words of `not` phrases, for each entity, which are not part of a name."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._spans: dict[str, list[Span]] = {}
        for match in matches:
            spans = self._spans.setdefault(match.phrase.entity, [])
            if spans and match.first < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], match.end))
            else:
                spans.append((match.first, match.end))

    def touch(self, match: Match) -> bool:
        """Whether a match shares a word with one of its entity's `not` phrases."""
        spans = self._spans.get(match.phrase.entity, [])
        before_end = bisect_left(spans, match.end, key=lambda span: span[0])
        return before_end > 0 and spans[before_end - 1][1] > match.first
