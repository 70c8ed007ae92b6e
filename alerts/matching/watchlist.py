"""Which watched entities an entry mentions, where, and by which words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from alerts.options import Entity
from alerts.recognition.recognizer import Recognizer
from sources import Entry
from state.model import Mention


class Finding(NamedTuple):
    """A name that was found, how its words were recognized, why it is not a mention, if it is not, and the context word
    that is near.
    """

    mention: Mention
    start: int
    how: str
    against: str | None = None
    near: str | None = None


class Watchlist:
    """The watched entities, by id, prepared for searching. Building it is expensive: do it once."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.entities = entities
        self._recognizer = Recognizer(entities)

    def mentions(self, entry: Entry, *, text: str | None = None) -> list[Mention]:
        """The mentions in an entry: each name once a field, with the first words that matched it.

        The whole entry is searched except its URL, including what did not change. With `text`, only that text: for
        kinds of plain text, whose news are the added lines.
        """
        found = self._recognizer.findings(_places(entry) if text is None else [("text", text)])
        if not found:
            return []
        told: dict[tuple[str, str, str], Mention] = {}
        for entity, name, words, field, *_, against in found:
            if against is None:
                told.setdefault((field, entity, name), Mention(entity, name, words, field))
        return list(told.values())

    def findings(self, entry: Entry, *, text: str | None = None) -> list[Finding]:
        """Like `mentions`, with every match that was considered, and the reason if it is not a mention."""
        places = _places(entry) if text is None else [("text", text)]
        return [
            Finding(
                Mention(found.entity, found.name, found.words, found.field),
                found.start,
                found.how,
                found.against,
                found.near,
            )
            for found in self._recognizer.findings(places)
        ]


def _places(entry: Entry) -> list[tuple[str, str]]:
    return [("title", entry.title), *entry.fields.items(), ("text", entry.text)]
