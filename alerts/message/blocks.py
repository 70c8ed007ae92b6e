"""What a message says, line by line, before it becomes text or HTML: so both say the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from enum import StrEnum
from typing import Any, NamedTuple

from alerts.links import web_address
from alerts.message.wording import AUTHORITY, counted, moment, shorten
from sources.text import clean
from state.model import Event, Mention


class Style(StrEnum):
    """What a line is, which says how it looks. The first ones stay longest where room is scarce."""

    WHAT = "what"
    AFTER = "after"
    BEFORE = "before"
    LINK = "link"
    FIELD = "field"
    PLAIN = "plain"
    COMMAND = "command"
    SOURCE = "source"
    FACT = "fact"


class Line(NamedTuple):
    """One line: its text, and what stands before it."""

    style: Style
    text: str
    label: str = ""

    @property
    def colon(self) -> str:
        """What stands between the label and the text: the signs of a difference need nothing."""
        return "" if self.label in {"-", "+"} else ":"


class Detail(NamedTuple):
    """How much is said: characters of a value, fields of an entry, characters of its text, lines of a list."""

    value: int
    fields: int
    text: int
    lines: int


FULL = Detail(value=400, fields=12, text=900, lines=24)
BRIEF = Detail(value=120, fields=4, text=240, lines=8)
TINY = Detail(value=40, fields=1, text=60, lines=2)


def source_line(event: Event) -> Line:
    """Which source, and what its word is worth."""
    return Line(Style.SOURCE, f"{event.label} ({AUTHORITY.get(event.authority, event.authority)})")


def seen_lines(event: Event, zone: tzinfo) -> list[Line]:
    """Between which two checks something happened."""
    lines = [Line(Style.FACT, moment(event.at, zone), "Noticed")]
    if event.previous:
        lines.append(Line(Style.FACT, moment(event.previous, zone), "Last checked before"))
    return lines


def proof_lines(event: Event) -> list[Line]:
    """How to get the proof of an event, and the first digits of its link: who has this message has a part of it."""
    if event.proof is None:
        unproven = event.data.get("unproven")
        return [Line(Style.FACT, "none: what is kept of this source takes all its room", "Proof")] if unproven else []
    return [Line(Style.FACT, f"watch evidence {event.id} (link {event.proof.link[:16]})", "Proof")]


def said_links(text: str, event: int) -> list[str]:
    """The first digits of the links that a message's text, as `proof_lines` has it, names for the proof of an event."""
    return re.findall(rf"watch evidence {event} \(link ([0-9a-f]{{16}})\)", text)


def link_line(url: str) -> Line:
    """A link, or, when it is not http or https, just its text."""
    address = web_address(url)
    return Line(Style.LINK, address) if address else Line(Style.FACT, shorten(clean(url), 120), "Address")


def mention_lines(mentions: Sequence[Mention]) -> Iterator[Line]:
    """Who is mentioned: a line for each entity with the words that matched, and the fields that they stand in."""
    by_entity: dict[str, dict[str, list[str]]] = {}
    for mention in mentions:
        words, field = shorten(clean(mention.words), 60), shorten(mention.field, 40)
        by_entity.setdefault(mention.entity, {}).setdefault(words, []).append(field)
    for entity, places in by_entity.items():
        told = [f"“{words}” in {', '.join(dict.fromkeys(fields))}" for words, fields in list(places.items())[:3]]
        if len(places) > 3:
            told.append(f"{len(places) - 3} more")
        yield Line(Style.FACT, "; ".join(told), f"Mentions {entity}")


def mentioned_lines(mentioned: Sequence[tuple[Mapping[str, Any], str]], detail: Detail, of: int) -> Iterator[Line]:
    """Entries that mention watched entities, each with where it stands ("" where that is clear) and its link.

    `of` is how many there are in all; these may be only the first.
    """
    for item, where in mentioned[: detail.lines]:
        title = shorten(clean(item["title"]), detail.value)
        yield Line(Style.PLAIN, f"{title} ({where})" if where else title, ", ".join(item["entities"]))
        if item.get("url"):
            yield link_line(item["url"])
    yield from more_line(of - min(len(mentioned), detail.lines), "entry", "entries")


def more_line(number: int, one: str, many: str) -> Iterator[Line]:
    """`and 9 more fields`, if there are more."""
    if number > 0:
        yield Line(Style.FACT, f"and {counted(number, f'more {one}', f'more {many}')}")
