"""The lines of a message before they become text or HTML, so that both have the same content. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple

from alerts.event.told_fields import told_mentions
from alerts.language import LANGUAGES, mark, phrase, phrase_beside, phrase_day, phrase_many, phrase_month, speaking
from alerts.links import case_link, change_link, web_address
from alerts.message.recipient import Recipient
from alerts.message.wording import field_name, iso_moment, keeper, label_text, moment, shorten, word, worth_of
from sources.formats.links import LONGEST_URL
from sources.text import clean
from state.compare.text_parts import Part, Sign
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
    TEXT = "text"
    MACHINE = "machine"
    COMMAND = "command"
    SOURCE = "source"
    FACT = "fact"
    QUIET = "quiet"


class Line(NamedTuple):
    """One line: its text, and a label before it. The text of a link is its address; another line may lead to a `url`.
    Of a line in which words differ, `parts` say which. `tone` is the authority or the status of health that it tells.
    """

    style: Style
    text: str
    label: str = ""
    parts: Sequence[Part] = ()
    url: str = ""
    tone: str = ""

    @property
    def is_signed(self) -> bool:
        """Whether its label is a sign of a difference: no colon follows it."""
        return self.label in {Sign.GONE, Sign.NEW}


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
_LONGEST_WHY = 400  # characters of what is said of a clearing
_MONTH = timedelta(days=31)
_MOST_LINKS = 3  # to changes, and to cases, behind one entry
_OPEN = {"record": mark("Open the record"), "statement": mark("Open the statement"), "report": mark("Open the report")}


def source_line(event: Event, *, named: bool) -> Line:
    """The authority of the event's source, and its name if `named`."""
    worth, whose = worth_of(event.worth), word(event.authority).upper()
    return Line(Style.SOURCE, f"{event.label} ({worth})" if named else worth, whose, tone=event.authority)


def time_lines(events: Sequence[Event], zone: tzinfo, *, named: bool) -> list[Line]:
    """The two checks between which something happened, of several checks the times of the first and of the last; after
    the source's name if `named`.
    """
    event, last = (choose(events, key=lambda each: each.at) for choose in (min, max))
    lines = [Line(Style.QUIET, event.label)] if named else []
    noticed = moment(event.at, zone)
    if last.at > event.at:
        # Translators: two times, such as 2025-07-15 10:07 MSK
        noticed = phrase("{first} to {last}", first=noticed, last=moment(last.at, zone, near=event.at))
    # Translators: the time at which a change was noticed
    lines.append(Line(Style.QUIET, noticed, phrase("Noticed")))
    if event.known_after and last.at == event.at:
        before = moment(event.known_after, zone, near=event.at)
        lines.append(Line(Style.QUIET, before, phrase("Last good reading before")))
    return lines


def proof_lines(event: Event, recipient: Recipient) -> list[Line]:
    """That there is a proof, and for an operator the command to get it. The message also has a part of its link."""
    if event.proof and recipient.operator:
        kept = f"watch evidence {event.id} (link {event.proof.link[:16]})"
    elif event.proof:
        kept = _kept_as(event.id, attached=event.id in recipient.attached)
    elif event.data.get("unproven"):
        kept = phrase("none: the pages kept of this source use all of their space")
    else:
        return []
    return [Line(Style.QUIET, kept, phrase("Proof"))]


def _kept_as(event: int, *, attached: bool) -> str:
    return phrase("no. {event}, attached", event=event) if attached else phrase("kept as no. {event}", event=event)


def find_proof_links(text: str, event: int) -> list[str]:
    """The beginnings of the links that a message's text gives for the proof of an event, in the form of `proof_lines`.

    A message that mentions the proof in another form, in whatever language, has none, whatever its entries contain.
    """
    links = re.findall(rf"watch evidence {event} \(link ([0-9a-f]{{16}})\)", text)
    for language in LANGUAGES if links else ():
        with speaking(language):
            if any(label_text(phrase("Proof"), _kept_as(event, attached=each)) in text for each in (True, False)):
                return []
    return links


def cleared_lines(event: Event, zone: tzinfo) -> Iterator[Line]:
    """That an entry had been cleared, by whom, when and why, and what ends that."""
    it = mark("It had been cleared for {entity} by {who}, {when}: {why}.")
    entry = mark("Entry {key} had been cleared for {entity} by {who}, {when}: {why}.")
    is_held = event.kind is EventKind.HELD
    end = mark("This would no longer hold: {because}.") if is_held else mark("This no longer holds: {because}.")
    for each in event.data.get("was_cleared", ()):
        said = {name: shorten(clean(text), _LONGEST_WHY) for name, text in each.items() if isinstance(text, str)}
        said["when"] = iso_moment(each["at"], zone) or ""
        yield Line(Style.PLAIN, f"{phrase(it if event.tells_change else entry, **said)} {phrase(end, **said)}")


def open_label(authority: str) -> str:
    """What the link of an entry says, from its source's authority."""
    return phrase(_OPEN[authority]) if authority in _OPEN else phrase("Open it")


def desk_lines(events: Sequence[Event], zone: tzinfo, recipient: Recipient) -> list[Line]:
    """Links to the desk, if there is one: the page of each change of an entry, and the case of each entity. Of several
    changes each link says when its own was noticed.
    """
    dated = [(event.id, moment(event.at, zone) if len(events) > 1 else "") for event in events[:_MOST_LINKS]]
    changes = [(change_link(recipient.desk, id_), phrase_beside(phrase("At the desk"), at)) for id_, at in dated]
    entities = dict.fromkeys(entity for event in events for entity in event.entities)
    cases = [
        (case_link(recipient.desk, each), phrase("The case of {entity}", entity=each))
        for each in [*entities][:_MOST_LINKS]
    ]
    links, more = ([link_line(url, label) for url, label in each if url] for each in (changes, cases))
    return [*links, *acknowledge_lines(dated, recipient), *more]


def acknowledge_lines(dated: Sequence[tuple[int, str]], recipient: Recipient) -> list[Line]:
    """The link by which each change is acknowledged that somebody has to acknowledge, with when it was noticed."""
    links = ((recipient.sign(ACKNOWLEDGE, id_, None), at) for id_, at in dated if id_ in recipient.escalated)
    return [link_line(signed, phrase_beside(phrase("Acknowledge"), at)) for signed, at in links if signed]


def page_lines(events: Sequence[Event], places: Mapping[str, str]) -> list[Line]:
    """The link of a register's page, for changes of one check; of another source's if some have none of their own."""
    place, links = places.get(events[0].source), {event.data.get("url") for event in events}
    if place is None or links == {place} or (events[0].authority != "record" and all(links)):
        return []
    is_register = events[0].authority == "record"
    return [link_line(place, phrase("Open the register's page") if is_register else phrase("Open the page"))]


def sentence_line(sentence: str, /, **places: object) -> Line:
    """A line with a sentence of the catalogues."""
    return Line(Style.PLAIN, phrase(sentence, **places))


def link_line(url: str, label: str = "") -> Line:
    """A link; plain text if it is not http or https, or far too long."""
    if len(url) <= LONGEST_URL // 3 and (address := web_address(url)):  # encoding may triple each character
        return Line(Style.LINK, address, label)
    return Line(Style.FACT, shorten(clean(url), 120), phrase("Address"))


def mention_lines(event: Event) -> Iterator[Line]:
    """The mentions: a line for each entity with the matched words and their fields."""
    by_entity: dict[str, dict[str, list[str]]] = {}
    for mention in told_mentions(event):
        words, field = shorten(clean(mention.words), 60), shorten(field_name(mention.field), 40)
        by_entity.setdefault(mention.entity, {}).setdefault(words, []).append(field)
    for entity, places in by_entity.items():
        found = [
            # Translators: words that were found, and the names of the fields that they were found in
            phrase("“{words}” in {fields}", words=words, fields=", ".join(dict.fromkeys(fields)))
            for words, fields in list(places.items())[:3]
        ]
        if len(places) > 3:
            found.append(phrase_many("{number} more", "{number} more", len(places) - 3))
        yield Line(Style.FACT, "; ".join(found), phrase("Mentions {entity}", entity=entity))


def entry_lines(
    mentioned: Sequence[tuple[Mapping[str, Any], str]], detail: DetailLevel, zone: tzinfo, of: int
) -> Iterator[Line]:
    """Entries that mention watched entities, each with its source ("" if that is clear), its link, and since when
    others have had it.

    `of` is the number of all such entries; these may be only the first.
    """
    for item, where in mentioned[: detail.lines]:
        title = shorten(clean(item["title"]), detail.value)
        yield Line(Style.PLAIN, f"{title} ({where})" if where else title, ", ".join(item["entities"]))
        if item.get("url"):
            yield link_line(item["url"])
        if since := item.get("since_at_least"):
            yield _listed_line(since, zone)
    more = of - min(len(mentioned), detail.lines)
    yield from more_line(more, "and {number} more entry", "and {number} more entries")


def _listed_line(since: Mapping[str, Any], zone: tzinfo) -> Line:
    """Since when others have an entry: the day, or the month, if they had not looked in the month before."""
    at, before = (
        iso and datetime.fromisoformat(iso).astimezone(zone) for iso in (since["at"], since["checked_before"])
    )
    when = phrase_day(at.date()) if before and at - before <= _MONTH else phrase_month(at.date())
    witness = keeper(since["witness"]["kind"], since["witness"]["where"])
    return Line(Style.FACT, phrase("On the list since at least {when} ({witness})", when=when, witness=witness))


def more_line(number: int, one: str, many: str) -> Iterator[Line]:
    """`and 9 more fields`, if there are more; `one` and `many` as for `phrase_many`."""
    if number > 0:
        yield Line(Style.FACT, phrase_many(one, many, number))
