"""Which watched entities an entry mentions, where, and by which words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sources import Entry
from state.model import Mention

if TYPE_CHECKING:
    from alerts.options import Entity
    from alerts.recognition.recognizer import NameFinding, Recognizer


class SearchedText(NamedTuple):
    """What to search: an entry, or in its place a text of it."""

    entry: Entry
    text: str | None = None

    @property
    def size(self) -> int:
        """The number of characters."""
        if self.text is not None:
            return len(self.text)
        entry = self.entry
        return len(entry.text) + len(entry.title) + sum(map(len, entry.fields.values()))

    @property
    def places(self) -> list[tuple[str, str]]:
        """The name and the text of each place to search. The URL of an entry is none."""
        if self.text is not None:
            return [("text", self.text)]
        entry = self.entry
        return [("title", entry.title), *entry.fields.items(), ("text", entry.text)]


class Watchlist:
    """The watched entities, by id. They are prepared for the first search, which is expensive: make it once."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.entities = entities

    def __bool__(self) -> bool:
        """Whether there are entities to look for."""
        return bool(self.entities)

    def mentions(self, entry: Entry, *, text: str | None = None) -> list[Mention]:
        """The mentions in an entry: each name once a field, with the first words that matched it.

        The whole entry is searched except its URL, including what did not change. With `text`, only that text: for
        kinds of plain text, whose news are the added lines.
        """
        told: dict[tuple[str, str, str], Mention] = {}
        if not self:
            return []
        for entity, name, words, field, *_, against in self.recognizer.findings(SearchedText(entry, text).places):
            if against is None:
                told.setdefault((field, entity, name), Mention(entity, name, words, field))
        return list(told.values())

    def findings(self, entry: Entry, *, text: str | None = None) -> list[NameFinding]:
        """Like `mentions`, with every match that was considered, and the reason if it is not a mention."""
        return self.recognizer.findings(SearchedText(entry, text).places)

    @cached_property
    def recognizer(self) -> Recognizer:
        """What finds their names. Most checks are unchanged, and load no vocabulary."""
        from alerts.recognition.recognizer import Recognizer  # noqa: PLC0415 - as it says

        return Recognizer(self.entities)
