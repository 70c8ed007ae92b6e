"""A case as one page of HTML: it loads nothing, runs nothing, and can be printed. Pure.

Here are the values that the page shows, as text: times in words, long values shortened. templates/case.html.j2 has the
markup. Every foreign text is escaped, without characters that hide or reverse text; links are http or https only.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from typing import NamedTuple

from alerts.case.story import STANDING, Story, StoryItem
from alerts.event.told_fields import told_fields
from alerts.language import phrase, phrase_day, phrase_many, phrase_moment
from alerts.links import web_address
from alerts.message.change_lines import shown_fields, side_lines
from alerts.message.lines import FULL, Line, Style
from alerts.message.wording import AUTHORITY, exact, iso_moment, keeper, moment, shorten, word, worth_of
from alerts.templating import render
from sources.text import clean

_GENERATOR = "Registry Watch: a case"
MARK = f'<meta name="generator" content="{_GENERATOR}">'  # identifies such a page

_VALUE = 400  # characters of a field's value
_TEXT = 600  # characters of a report's text
_NAME = 80  # characters of a field's name
_ADDRESS = 200  # characters of an address that is not a web address


class FieldsView(NamedTuple):
    """The fields to show, up to the limit: each name with its lines before and after, or with its value. `more` is the
    number of further ones.
    """

    shown: Sequence[tuple[str, Sequence[Line]]]
    more: int


class EditView(NamedTuple):
    """A later change of the same entry. `link` is "" if it is the entry's."""

    change: str
    seen: str
    fields: FieldsView
    link: str


class CopyView(NamedTuple):
    """The same report in another source. `title` is "" if it is the same; `edits` counts its later changes."""

    at: str
    label: str
    title: str
    edits: int
    link: str


class ItemView(NamedTuple):
    """One step of the story. `id` is the change that it is, 0 for what stood there already; `tone` its CSS classes;
    `times` are pairs of a heading and a time; `kept` says when others saw it, and who, "" if nobody did.
    """

    id: int
    tone: str
    time: str
    authority: str
    change: str
    label: str
    title: str
    lead: str
    fields: FieldsView
    link: str
    times: Sequence[tuple[str, str]]
    edits: Sequence[EditView]
    copies: Sequence[CopyView]
    kept: str


class CaseView(NamedTuple):
    """The page. `authorities` have the CSS class of an authority, its name and its meaning; `days` are pairs of a day
    and its items.
    """

    entity: str
    names: Sequence[str]
    summary: str
    made: str
    authorities: Sequence[tuple[str, str, str]]
    days: Sequence[tuple[str, Sequence[ItemView]]]


def page_of(story: Story, zone: tzinfo, made: datetime) -> str:
    """The page of a story, with times in `zone`; `made` is the time shown as its own."""
    return render("case.html.j2", generator=_GENERATOR, case=view_of(story, zone, made))


def view_of(story: Story, zone: tzinfo, made: datetime) -> CaseView:
    """The values of the page."""
    days = groupby(story.timeline, key=lambda item: item.at.astimezone(zone).date())
    return CaseView(
        entity=story.entity,
        names=story.names,
        summary=_sum_up(story, zone),
        made=phrase("as known on {when}, times in {zone}", when=_minute(made, zone), zone=zone),
        authorities=[(authority, word(authority), worth_of(authority)) for authority in AUTHORITY],
        days=[(phrase_day(day, long=True), [_item(item, story, zone) for item in some]) for day, some in days],
    )


def _sum_up(story: Story, zone: tzinfo) -> str:
    """How much there is, or that there is nothing."""
    when = _minute(story.since, zone) if story.since else ""
    if not story.items:
        return phrase("Nothing mentions it since {when}.", when=when) if when else phrase("Nothing mentions it yet.")
    # Translators: the end of "{number} items {sources}"
    sources = phrase_many("from {number} source", "from {number} sources", story.sources)
    told = phrase_many("{number} item {sources}", "{number} items {sources}", len(story.items), sources=sources)
    told = phrase("{items} since {when}", items=told, when=when) if when else told
    if not story.copies:
        return told
    return phrase_many(
        "{items}, and {number} copy of reports among them",
        "{items}, and {number} copies of reports among them",
        story.copies,
        items=told,
    )


def _item(item: StoryItem, story: Story, zone: tzinfo) -> ItemView:
    at = exact(item.published)
    times = [
        (phrase("Published"), _second(at, zone, item.at) if at else iso_moment(item.published, zone)),
        (phrase("First seen"), _second(item.seen, zone, item.at)),
        (phrase("Last good reading before"), _second(item.checked, zone, item.at) if item.checked else ""),
    ]
    standing, kept = item.change == STANDING, _kept(item, zone)
    return ItemView(
        id=0 if standing else item.id,
        tone=f"{item.authority if item.authority in AUTHORITY else 'other'}{' others' if item.is_past else ''}",
        time=phrase_moment(_local(item.at, zone), seconds=False, day=False),
        authority=word(item.authority),
        change=phrase("already there when the watch began") if standing else word(item.change),
        label=item.label if item.worth == item.authority else f"{item.label} ({worth_of(item.worth)})",
        title=_short(item.title, _VALUE) or phrase("An entry that mentions it"),
        lead=item.lead(_TEXT),
        fields=_fields(item),
        link=_link(item.url or story.places.get(item.source)),
        times=[(name, shown) for name, shown in times if shown and not kept],
        edits=[
            EditView(
                word(edit.change),
                _kept(edit, zone) or _minute(edit.seen, zone),
                _fields(edit),
                _link(edit.url if edit.url != item.url else ""),
            )
            for edit in item.edits
        ],
        copies=[
            CopyView(
                at=_minute(copy.at, zone),
                label=copy.label,
                title="" if copy.title == item.title else _short(copy.title, _VALUE),
                edits=len(copy.edits),
                link=_link(copy.url),
            )
            for copy in item.copies
        ],
        kept=kept,
    )


def _fields(item: StoryItem) -> FieldsView:
    """The fields that differ, before and after; of an entry that came, went, or is back as it was, all of them."""
    told = told_fields(item.said)
    values = [] if told else list(shown_fields(item.said).items())
    fields = [(_short(each.name, _NAME), list(side_lines(each, FULL))) for each in told[: FULL.fields]]
    fields += [
        (_short(name, _NAME), [Line(Style.PLAIN, _short(value, _VALUE))]) for name, value in values[: FULL.fields]
    ]
    return FieldsView(fields, max(0, len(told) + len(values) - FULL.fields))


def say_witness(witness: Mapping[str, str] | None, before: datetime | None, at: datetime, zone: tzinfo) -> str:
    """Between which captures others saw something, and who; without who between the last one and the first reading."""
    earlier, later = (each and moment(each, zone, seconds=False) for each in (before, at))
    told = phrase("between {earlier} and {later}", earlier=earlier, later=later)
    told = told if before else phrase("{when} or before", when=later)
    return f"{told} ({keeper(witness['kind'], witness['where'])})" if witness else told


def _kept(item: StoryItem, zone: tzinfo) -> str:
    return say_witness(item.witness, item.checked, item.at, zone) if item.is_past else ""


def _short(text: str, most: int) -> str:
    """One clean line of at most `most` characters. Of a long text only the part that may be shown is cleaned."""
    return shorten(clean(shorten(text, 4 * most)), most)


def _link(url: str | None) -> str:
    """A web address as it is; another address shortened, to be shown as text; "" if there is none."""
    if not url:
        return ""
    return url if web_address(url) else _short(url, _ADDRESS)


def _local(at: datetime, zone: tzinfo) -> datetime:
    """A time in the zone of the page, which is named once."""
    return at.astimezone(zone).replace(tzinfo=None)


def _minute(at: datetime, zone: tzinfo) -> str:
    local = _local(at, zone)
    clock = phrase_moment(local, seconds=False, day=False)
    # Translators: a date and a time of day
    return phrase("{day}, {time}", day=phrase_day(local, long=True), time=clock)


def _second(at: datetime, zone: tzinfo, near: datetime) -> str:
    """A time to the second, with its date if that differs from the day under which it is shown."""
    local = _local(at, zone)
    return phrase_moment(local, day=local.date() != _local(near, zone).date())
