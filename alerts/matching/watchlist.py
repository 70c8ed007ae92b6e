"""Which watched entities an entry mentions, where, and by which words. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sources import Entry
from sources.text import fold_name, sentences_only_in
from state.model import Mention

if TYPE_CHECKING:
    from alerts.options import Entity
    from alerts.recognition.recognizer import NameFinding, Recognizer
    from alerts.screening.facts import Facts


_AS_IT_WAS = "its sentence did not change"


class SearchedText(NamedTuple):
    """What to search: an entry, also what did not change in it, or in its place a `text` of it, for kinds of plain
    text, whose news are the added lines. Of long values that changed, `other` has what they were, or what they are: a
    name in a sentence that is there, too, is no mention.
    """

    entry: Entry
    text: str | None = None
    other: Mapping[str, str] = {}

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

    def mentions(self, searched: Entry | SearchedText) -> list[Mention]:
        """The mentions in a whole entry, or in what is to be searched of it: each name once a field, with the first
        words that matched it.
        """
        told: dict[tuple[str, str, str], Mention] = {}
        for entity, name, words, field, *_, against in self.findings(searched) if self else ():
            if against is None:
                told.setdefault((field, entity, name), Mention(entity, name, words, field))
        return list(told.values())

    def findings(self, searched: Entry | SearchedText) -> list[NameFinding]:
        """Like `mentions`, with every match that was considered, and the reason if it is not a mention."""
        searched = SearchedText(searched) if isinstance(searched, Entry) else searched
        found = self.recognizer.findings(searched.places)
        if found and searched.other:
            found = _without_unchanged(found, dict(searched.places), searched.other)
        whole = searched.text is None
        return self._without_namesakes(searched.entry, found) if found and self._facts and whole else found

    def _without_namesakes(self, entry: Entry, found: Sequence[NameFinding]) -> list[NameFinding]:
        """The findings, without mentions in an entry that bears the name of an entity and has another birth date. Whom
        it only names in passing, such as a relative, has no birth date there; and a number that identifies is stronger.
        """
        from alerts.recognition.identifiers import read  # noqa: PLC0415 - few entities have facts
        from alerts.screening.facts import facts_of  # noqa: PLC0415 - as above
        from alerts.screening.score import other_birth  # noqa: PLC0415 - as above

        sure = [each for each in found if each.against is None and each.entity in self._facts]
        bearing = {each.entity for each in sure if each.field == "title" or fold_name(each.field) == "names"}
        numbers = {entity: {read(text).label for text in self.entities[entity].identifiers} for entity in bearing}
        bearing -= {each.entity for each in sure if each.name in numbers.get(each.entity, ())}
        listed = facts_of(entry) if bearing else None
        reasons = {entity: other_birth(self._facts[entity], listed) for entity in bearing if listed}
        return [each._replace(against=each.against or reasons.get(each.entity) or None) for each in found]

    @cached_property
    def _facts(self) -> Mapping[str, Facts]:
        """The facts of the entities that have a birth date, which alone tells namesakes apart."""
        dated = {name: entity for name, entity in self.entities.items() if entity.birth_date}
        if not dated:
            return {}
        from alerts.screening.facts import read_facts  # noqa: PLC0415 - few entities have facts

        return {name: read_facts(each.names, each.birth_date or "", each.country or "") for name, each in dated.items()}

    @cached_property
    def recognizer(self) -> Recognizer:
        """What finds their names. Most checks are unchanged, and load no vocabulary."""
        from alerts.recognition.recognizer import Recognizer  # noqa: PLC0415 - as it says

        return Recognizer(self.entities)


def _without_unchanged(
    found: Sequence[NameFinding], values: Mapping[str, str], other: Mapping[str, str]
) -> list[NameFinding]:
    """The findings, without mentions in sentences that the other side of a change has as well."""
    differing = {
        name: [(begin, begin + len(sentence)) for begin, sentence in sentences_only_in(values.get(name, ""), text)]
        for name, text in other.items()
    }

    def differs(each: NameFinding) -> bool:
        spans = differing[each.field]
        before = bisect_left(spans, (each.start + len(each.words),))  # those that begin before its end
        return before > 0 and each.start < spans[before - 1][1]

    as_it_was = [each.field in differing and not differs(each) for each in found]
    return [
        each._replace(against=each.against or _AS_IT_WAS) if same else each
        for each, same in zip(found, as_it_was, strict=True)
    ]
