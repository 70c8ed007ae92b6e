"""A case as one page of HTML: nothing is loaded from anywhere, nothing in it acts, and it prints. Pure.

Every text from outside is escaped and rid of what hides or turns it; links are http or https alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from itertools import groupby

from alerts.case.story import STANDING, Item, Story
from alerts.case.style import STYLE
from alerts.links import web_address
from alerts.message.blocks import FULL, Style
from alerts.message.change_lines import text_difference
from alerts.message.html import escaped
from alerts.message.wording import (
    AUTHORITY,
    NOTHING,
    counted,
    cut,
    exact,
    iso_moment,
    shorten,
    shorten_both,
)
from sources.text import clean

MARK = '<meta name="generator" content="Registry Watch: a case">'  # by which such a page is known again

_VALUE = 400  # characters of a field's value
_TEXT = 600  # characters of a report's text
_CHANGES = {STANDING: "already there when the watch began"}
# Should anything get past the escaping after all, a browser loads and runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page_of(story: Story, zone: tzinfo, made: datetime) -> str:
    """The page of a story, with times in a zone, made at a moment."""
    title = f"Case: {escaped(story.entity)}"
    head = (
        f'<meta charset="utf-8">{MARK}<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{STYLE}</style>"
    )
    body = f"<main>{_header(story, zone, made)}{_timeline(story, zone)}</main>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


def _header(story: Story, zone: tzinfo, made: datetime) -> str:
    names = "".join(f'<li dir="auto">{escaped(name)}</li>' for name in story.names)
    since = f" since {_minute(story.since, zone)}" if story.since else ""
    more = f", and {counted(story.copies, 'copy', 'copies')} of reports among them" if story.copies else ""
    what = (
        f"{counted(len(story.items), 'item', 'items')} from {counted(story.sources, 'source', 'sources')}{since}{more}"
        if story.items
        else f"Nothing mentions it{since or ' yet'}."
    )
    made_at = f"as known on {_minute(made, zone)}, times in {escaped(str(zone))}"
    legend = "".join(
        f'<li class="{name}"><span class="badge">{name}</span> {escaped(meaning)}</li>'
        for name, meaning in AUTHORITY.items()
    )
    return (
        f'<header><p class="kicker">Case</p><h1 dir="auto">{escaped(story.entity)}</h1>'
        f'<ul class="names">{names}</ul><p class="summary">{what}<br>{made_at}</p>'
        f'<ul class="legend">{legend}</ul></header>'
    )


def _timeline(story: Story, zone: tzinfo) -> str:
    days = groupby(story.items, key=lambda item: item.at.astimezone(zone).date())
    return "".join(
        f"<section><h2>{day:%-d %B %Y}</h2><ol>{''.join(_item(item, story, zone) for item in items)}</ol></section>"
        for day, items in days
    )


def _item(item: Item, story: Story, zone: tzinfo) -> str:
    authority = item.authority if item.authority in AUTHORITY else "other"
    change = _CHANGES.get(item.change, item.change)
    title = escaped(shorten(clean(item.title), _VALUE)) or "An entry that mentions it"
    lead = cut(item.lead, _TEXT)
    text = f'<p class="text" dir="auto">{escaped(lead)}</p>' if lead else ""
    return (
        f'<li class="item {authority}"><p class="time">{item.at.astimezone(zone):%H:%M}</p><article>'
        f'<p class="head"><span class="badge">{escaped(item.authority)}</span> <b>{escaped(change)}</b>'
        f' <span class="source" dir="auto">{escaped(item.label)}</span></p>'
        f'<h3 dir="auto">{title}</h3>{text}{_fields(item)}{_link(item.url or story.places.get(item.source))}'
        f'<p class="times">{_times(item, zone)}</p>{_edits(item, zone)}{_copies(item, zone)}</article></li>'
    )


def _fields(item: Item) -> str:
    """What differs, before and after."""
    if item.change not in {"changed", "reappeared"}:
        return ""
    rows = list(item.fields.items())
    shown = "".join(_field(name, sides["before"] or "", sides["after"] or "") for name, sides in rows[: FULL.fields])
    more = len(rows) - FULL.fields
    rest = f'<div class="field">and {counted(more, "more field", "more fields")}</div>' if more > 0 else ""
    return f'<div class="fields">{shown}{rest}</div>'


def _field(name: str, before: str, after: str) -> str:
    label = f'<div class="name" dir="auto">{escaped(shorten(clean(name), 80))}</div>'
    if "\n" in before or "\n" in after:
        lines = text_difference(before, after, FULL)
        signs = {Style.BEFORE: "del", Style.AFTER: "ins"}
        parts = ((signs.get(line.style, "span"), line.text) for line in lines)
        return f'<div class="field">{label}{"".join(_side(tag, text) for tag, text in parts)}</div>'
    before, after = shorten_both(clean(before), clean(after), _VALUE)
    return f'<div class="field">{label}{_side("del", before or NOTHING)}{_side("ins", after or NOTHING)}</div>'


def _side(tag: str, text: str) -> str:
    return f'<{tag} dir="auto">{escaped(text)}</{tag}>'


def _link(url: str | None) -> str:
    address = web_address(url) if url else None
    if address is None:
        return f'<p class="link">{escaped(shorten(clean(url), 200))}</p>' if url else ""
    safe = escaped(address)
    return f'<p class="link"><a href="{safe}" rel="noopener noreferrer">{safe}</a></p>'


def _times(item: Item, zone: tzinfo) -> str:
    parts = {
        "Published": _published(item, zone),
        "First seen": _second(item.seen, zone, item.at),
        "Last checked before": _second(item.checked, zone, item.at) if item.checked else "",
    }
    return " ".join(f"<span>{name} <b>{escaped(at)}</b></span>" for name, at in parts.items() if at)


def _published(item: Item, zone: tzinfo) -> str:
    at = exact(item.published)
    return _second(at, zone, item.at) if at else iso_moment(item.published, zone) or ""


def _edits(item: Item, zone: tzinfo) -> str:
    return _more(
        "Later",
        (
            f"<p><b>{escaped(edit.change)}</b>, seen {_minute(edit.seen, zone)}</p>{_fields(edit)}"
            f"{_link(edit.url) if edit.url != item.url else ''}"
            for edit in item.edits
        ),
    )


def _copies(item: Item, zone: tzinfo) -> str:
    others = counted(len(item.copies), "more time", "more times")
    return _more(f"The same report, published {others}", (_copy(copy, item, zone) for copy in item.copies))


def _copy(copy: Item, first: Item, zone: tzinfo) -> str:
    title = (
        "" if copy.title == first.title else f': <span dir="auto">{escaped(shorten(clean(copy.title), _VALUE))}</span>'
    )
    edited = f", edited {counted(len(copy.edits), 'time', 'times')}" if copy.edits else ""
    what = f'{_minute(copy.at, zone)} <b dir="auto">{escaped(copy.label)}</b>{title}{edited}'
    return f"<p>{what}</p>{_link(copy.url)}"


def _more(heading: str, parts: Iterable[str]) -> str:
    items = "".join(f"<li>{part}</li>" for part in parts)
    return f'<div class="more"><h4>{heading}</h4><ul>{items}</ul></div>' if items else ""


def _minute(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%-d %B %Y, %H:%M}"


def _second(at: datetime, zone: tzinfo, near: datetime) -> str:
    """A time to the second, with its date when that is not the day under which it stands."""
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.date() == near.astimezone(zone).date() else f"{local:%Y-%m-%d %H:%M:%S}"
