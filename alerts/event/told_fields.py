"""What a change says, field by field, as every message, page and feed tells it. Pure.

The event has each field as the source has it. Here a title is told once, by the column that it comes from; of an object
in JSON the members that differ; and of a text the words.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sources.text import PROSE, sentences_only_in, value_text
from state.compare.text_parts import Part, compare_texts, set_moved_apart
from state.model import ChangeKind, Event, Mention

WITH_SIDES = frozenset({"changed", "reappeared", "rekeyed"})  # the changes of entries that were known before


class ToldField(NamedTuple):
    """A field that differs, before and after; "" where it had no value."""

    name: str
    before: str
    after: str

    @property
    def is_text(self) -> bool:
        """Whether it is told by its words."""
        return is_text(self.before, self.after)


def is_text(before: str, after: str) -> bool:
    """Whether a value is a text: it has several lines, or is long on both sides."""
    return "\n" in before or "\n" in after or min(len(before), len(after)) > PROSE


def told_fields(data: Mapping[str, Any]) -> list[ToldField]:
    """The fields that differ of an entry that was known before, in their order: `address.city` is a member of an
    object. A key that differs comes first. None of one that came or went.
    """
    if data["change"] not in WITH_SIDES:
        return []
    fields: Mapping[str, Mapping[str, str | None]] = data["fields"]
    own = fields.get("title")
    told_by_column = own is not None and any(sides == own for name, sides in fields.items() if name != "title")
    key = [ToldField("key", data["former_key"], data["key"])] if "former_key" in data else []
    return key + [
        told
        for name, sides in fields.items()
        if not (name == "title" and told_by_column)
        for told in told_members(name, sides["before"] or "", sides["after"] or "")
    ]


def told_mentions(event: Event) -> list[Mention]:
    """The mentions of a change: words in a title once, where they are found in the column that it comes from, too."""
    data = event.data
    column = {name for name, value in data.get("entry", {}).items() if value == data["title"] and name != "title"}
    twice = {(each.entity, each.words) for each in event.mentions if each.field in column}
    return [each for each in event.mentions if each.field != "title" or (each.entity, each.words) not in twice]


def is_new(mention: Mention, data: Mapping[str, Any]) -> bool:
    """Whether a name stands in what a change brought: in an entry that came, or in a sentence that a value lacked.
    Words that are written otherwise in the value count.
    """
    if data["change"] in {ChangeKind.ADDED, ChangeKind.REAPPEARED}:
        return True
    sides = data["fields"].get(mention.field, {})
    before, after = (str(sides.get(side) or "") for side in ("before", "after"))
    if mention.words in _came(before, after):
        return True
    return before != after and mention.words not in before and mention.words not in after


@lru_cache(maxsize=8)  # a message, its JSON and a page ask for the same
def _came(before: str, after: str) -> str:
    """The sentences that a value lacked, a line for each."""
    return "\n".join(sentence for _, sentence in sentences_only_in(after, before))


def told_members(name: str, before: str, after: str) -> Iterator[ToldField]:
    """The members of two objects that differ, or the values themselves."""
    sides = [_object(text) for text in (before, after)]
    old, new = sides
    different = [] if old is None or new is None else [key for key in {**old, **new} if old.get(key) != new.get(key)]
    if old is None or new is None or not different:
        yield ToldField(name, before, after)
        return
    for key in different:
        yield from told_members(f"{name}.{key}", value_text(old.get(key)), value_text(new.get(key)))


def _object(text: str) -> Mapping[str, Any] | None:
    """The object that a value is in JSON."""
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


# The parts of two values of an event, which are never longer than it keeps: a message, its subject, its JSON and a page
# ask for the same.
compare_sides = lru_cache(maxsize=8)(compare_texts)


@lru_cache(maxsize=8)
def compare_in_place(before: str, after: str) -> tuple[Sequence[Part], list[str]]:
    """The parts of two values without the lines that were moved, and these."""
    return set_moved_apart(compare_sides(before, after))
