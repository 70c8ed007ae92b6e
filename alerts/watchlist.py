"""Which watched entities does an entry mention, and where? Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from alerts.addresses import Addresses, Span
from alerts.finder import NO_LETTER_BEFORE, Finder, Match, flexible
from alerts.folding import fold, fold_name
from alerts.options import Entity
from sources import Entry
from state.model import Mention

# How near to the name a context word must stand, in characters: about a sentence, or 15 words of Russian or English.
# Characters and not words, because not every script has spaces, and because they cost nothing to count.
NEAR = 100


class Watchlist:
    """The watched entities, by id, ready to be looked for."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._names = Finder((id_, name) for id_, entity in entities.items() for name in entity.names)
        self._nots = Finder((id_, phrase) for id_, entity in entities.items() for phrase in entity.not_)
        self._context = {id_: _beginnings(entity.context) for id_, entity in entities.items() if entity.context}

    def mentions(self, entry: Entry, *, text: str | None = None) -> list[Mention]:
        """The entities that an entry mentions: each name once a field, with the words that it matched first.

        All of the entry is looked at but its URL, also what did not change. With `text`, that text alone is: for kinds
        of plain text, whose news are the added lines.
        """
        if text is not None:
            return list(self._within("text", text))
        places = [("title", entry.title), *entry.fields.items(), ("text", entry.text)]
        return [mention for field, value in places for mention in self._within(field, value)]

    def _within(self, field: str, value: str) -> Iterator[Mention]:
        """The mentions in one field's value."""
        folded = fold(value)
        told = set()
        for match in self._found(folded.text):
            if (match.entity, match.phrase) not in told:
                told.add((match.entity, match.phrase))
                yield Mention(match.entity, match.phrase, folded.words(*match.span), field)

    def _found(self, text: str) -> Iterator[Match]:
        matches = self._names.find(text)
        if not matches:
            return
        addresses, masked = Addresses(text), _Masked(self._nots.find(text))
        reach: dict[str, int] = {}  # how far each entity's matches go: what lies within is a part of a longer name
        for match in matches:  # from left to right, at one place the longest first
            end, before = match.span[1], reach.get(match.entity, 0)
            reach[match.entity] = max(end, before)
            if end > before and not masked.touch(match) and not addresses.hold(match.span) and self._near(text, match):
                yield match

    def _near(self, text: str, match: Match) -> bool:
        """Whether one of the entity's context words stands near, if it has any. "Meta Platforms" brings its own."""
        words = self._context.get(match.entity)
        if words is None:
            return True
        start, end = match.span
        # by position and not in a slice, so that a slice's edge is not taken for the beginning of a word
        return bool(words.search(text, max(0, start - NEAR), end + NEAR))


class _Masked:
    """The spans of phrases, for each entity, whose characters are no part of a name."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._spans: dict[str, list[Span]] = {}
        for match in matches:
            spans = self._spans.setdefault(match.entity, [])
            if spans and match.span[0] < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], match.span[1]))
            else:
                spans.append(match.span)

    def touch(self, match: Match) -> bool:
        """Whether a match shares a character with one of its entity's spans."""
        spans = self._spans.get(match.entity, [])
        before_end = bisect_left(spans, match.span[1], key=lambda span: span[0])
        return before_end > 0 and spans[before_end - 1][1] > match.span[0]


def _beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """Finds words by their beginning: an inflected context word is as good a hint as the plain one."""
    return re.compile(NO_LETTER_BEFORE + "(?:" + "|".join(flexible(fold_name(word)) for word in words) + ")")
