"""The lines of a message before they become text or HTML, so that both have the same content. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from enum import StrEnum
from typing import Any, NamedTuple

from alerts.event.told_fields import told_mentions
from alerts.language import phrase_many
from alerts.links import case_link, change_link, web_address
from alerts.message.recipient import Recipient
from alerts.message.wording import AUTHORITY, beside, iso_moment, moment, shorten
from sources.formats.links import LONGEST_URL
from sources.text import clean
from state.compare.text_parts import Part
from state.model import Event, EventKind


class Style(StrEnum):
    """What a line is; it determines its look. The first ones are kept longest if space is short."""

    WHAT = "what"
    AFTER = "after"
    BEFORE = "before"
    LINK = "link"
    FIELD = "field"
    ITEM = "item"
    PLAIN = "plain"
    COMMAND = "command"
    SOURCE = "source"
    FACT = "fact"
    QUIET = "quiet"


class Line(NamedTuple):
    """One line: its text, and a label before it. The text of a link is its address; another line may lead to a `url`.
    Of a line in which words differ, `parts` say which.
    """

    style: Style
    text: str
    label: str = ""
    parts: Sequence[Part] = ()
    url: str = ""

    @property
    def colon(self) -> str:
        """The separator between label and text: none after the signs of a difference."""
        return "" if self.label in {"-", "+"} else ":"


class DetailLevel(NamedTuple):
    """How much is shown: characters of a value, fields of an entry, characters of its text, lines of a list."""

    value: int
    fields: int
    text: int
    lines: int


FULL = DetailLevel(value=400, fields=12, text=900, lines=24)
BRIEF = DetailLevel(value=120, fields=4, text=240, lines=8)
TINY = DetailLevel(value=40, fields=1, text=60, lines=2)

APPROVE, REJECT, ACKNOWLEDGE = "approve", "reject", "acknowledge"  # what a signed link does
_AT_DESK = "At the desk"
_LONGEST_WHY = 400  # characters of what is said of a clearing
_MOST_LINKS = 3  # to changes, and to cases, behind one entry
OPEN = {"record": "Open the record", "statement": "Open the statement", "report": "Open the report"}
_OPEN_PAGE = {"record": "Open the register's page"}


def source_line(event: Event, *, named: bool) -> Line:
    """The authority of the event's source, and its name if `named`."""
    worth = AUTHORITY.get(event.authority, event.authority)
    return Line(Style.SOURCE, f"{event.label} ({worth})" if named else worth, event.authority.upper())


def time_lines(events: Sequence[Event], zone: tzinfo, *, named: bool) -> list[Line]:
    """The two checks between which something happened, of several checks the times of the first and of the last; after
    the source's name if `named`.
    """
    event, last = (choose(events, key=lambda each: each.at) for choose in (min, max))
    lines = [Line(Style.QUIET, event.label)] if named else []
    if last.at > event.at:
        return [*lines, Line(Style.QUIET, f"{moment(event.at, zone)} to {beside(last.at, zone, event.at)}", "Noticed")]
    lines.append(Line(Style.QUIET, moment(event.at, zone), "Noticed"))
    if event.known_after:
        lines.append(Line(Style.QUIET, beside(event.known_after, zone, event.at), "Last good reading before"))
    return lines


def proof_lines(event: Event, recipient: Recipient) -> list[Line]:
    """That there is a proof, and for an operator the command to get it. The message also has a part of its link."""
    kept = "none: the pages kept of this source use all of their space" if event.data.get("unproven") else ""
    if event.proof and recipient.operator:
        kept = f"watch evidence {event.id} (link {event.proof.link[:16]})"
    elif event.proof:
        kept = f"no. {event.id}, attached" if event.id in recipient.attached else f"kept as no. {event.id}"
    return [Line(Style.QUIET, kept, "Proof")] if kept else []


def find_proof_links(text: str, event: int) -> list[str]:
    """The beginnings of the links that a message's text gives for the proof of an event, in the form of `proof_lines`.

    A message that mentions the proof in another form has none, whatever its entries contain.
    """
    if re.search(rf"\bProof: (?:kept as )?no\. {event}\b", text):
        return []
    return re.findall(rf"watch evidence {event} \(link ([0-9a-f]{{16}})\)", text)


def cleared_lines(event: Event, zone: tzinfo) -> Iterator[Line]:
    """That an entry had been cleared, by whom, when and why, and what ends that."""
    ended = "would no longer hold" if event.kind is EventKind.HELD else "no longer holds"
    for each in event.data.get("was_cleared", ()):
        what = "It" if event.tells_change else f"Entry {clean(each['key'])}"
        by, at, why = clean(each["who"]), iso_moment(each["at"], zone), clean(each["why"])
        said = f"{what} had been cleared for {each['entity']} by {by}, {at}: {why}"
        yield Line(Style.PLAIN, f"{shorten(said, _LONGEST_WHY)}. This {ended}: {clean(each['because'])}.")


def open_lines(event: Event) -> list[Line]:
    """The entry's own link, if it has one."""
    url = event.data.get("url")
    return [link_line(url, OPEN.get(event.authority, "Open it"))] if url else []


def desk_lines(events: Sequence[Event], recipient: Recipient) -> list[Line]:
    """Links to the desk, if there is one: the page of each change of an entry, and the case of each entity."""
    changes = [(change_link(recipient.desk, event.id), _AT_DESK) for event in events[:_MOST_LINKS]]
    changes += [
        (recipient.sign(ACKNOWLEDGE, event.id, None), "Acknowledge")
        for event in events[:_MOST_LINKS]
        if event.id in recipient.escalated
    ]
    entities = dict.fromkeys(entity for event in events for entity in event.entities)
    cases = [(case_link(recipient.desk, each), f"The case of {each}") for each in [*entities][:_MOST_LINKS]]
    return [link_line(url, label) for url, label in (*changes, *cases) if url]


def page_lines(events: Sequence[Event], places: Mapping[str, str]) -> list[Line]:
    """The link of a register's page, for changes of one check; of another source's if some have none of their own."""
    place, links = places.get(events[0].source), {event.data.get("url") for event in events}
    if place is None or links == {place} or (events[0].authority != "record" and all(links)):
        return []
    return [link_line(place, _OPEN_PAGE.get(events[0].authority, "Open the page"))]


def link_line(url: str, label: str = "") -> Line:
    """A link; plain text if it is not http or https, or far too long."""
    address = web_address(url) if len(url) <= LONGEST_URL // 3 else None  # encoding may triple each character
    return Line(Style.LINK, address, label) if address else Line(Style.FACT, shorten(clean(url), 120), "Address")


def mention_lines(event: Event) -> Iterator[Line]:
    """The mentions: a line for each entity with the matched words and their fields."""
    by_entity: dict[str, dict[str, list[str]]] = {}
    for mention in told_mentions(event):
        words, field = shorten(clean(mention.words), 60), shorten(mention.field, 40)
        by_entity.setdefault(mention.entity, {}).setdefault(words, []).append(field)
    for entity, places in by_entity.items():
        found = [f"“{words}” in {', '.join(dict.fromkeys(fields))}" for words, fields in list(places.items())[:3]]
        if len(places) > 3:
            found.append(f"{len(places) - 3} more")
        yield Line(Style.FACT, "; ".join(found), f"Mentions {entity}")


def entry_lines(mentioned: Sequence[tuple[Mapping[str, Any], str]], detail: DetailLevel, of: int) -> Iterator[Line]:
    """Entries that mention watched entities, each with its source ("" if that is clear) and its link.

    `of` is the number of all such entries; these may be only the first.
    """
    for item, where in mentioned[: detail.lines]:
        title = shorten(clean(item["title"]), detail.value)
        yield Line(Style.PLAIN, f"{title} ({where})" if where else title, ", ".join(item["entities"]))
        if item.get("url"):
            yield link_line(item["url"])
    more = of - min(len(mentioned), detail.lines)
    yield from more_line(more, "and {number} more entry", "and {number} more entries")


def more_line(number: int, one: str, many: str) -> Iterator[Line]:
    """`and 9 more fields`, if there are more; `one` and `many` as for `phrase_many`."""
    if number > 0:
        yield Line(Style.FACT, phrase_many(one, many, number))
