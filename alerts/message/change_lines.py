"""The lines of one change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from alerts.grouping import split_repetitions
from alerts.message.lines import DetailLevel, Line, Style, mention_lines, more_line, open_lines
from alerts.message.wording import NOTHING, iso_moment, moment, plural, read_iso, shorten, shorten_both
from sources.formats.dates import read_date
from sources.text import clean
from state.model import ChangeKind, Event

_MOST_COMPARED = 4_000_000  # pairs of lines: the slowest case found took 0.2 s
_LONGEST_DATE = 40  # characters
_APART = {"title", "url", "published", "text"}  # parts of an entry besides its fields


def changes_lines(events: Sequence[Event], zone: tzinfo, detail: DetailLevel) -> list[Line]:
    """The changes of one entry, the earliest first, and its link. Repetitions are summed up."""
    different, again = split_repetitions(events)
    lines = _change_lines(different[0], zone, detail)
    for event in different[1:]:
        lines.append(Line(Style.WHAT, moment(event.at, zone), f"THEN {event.data['change'].upper()}"))
        lines += _what(event, zone, detail)
    if again:
        span = f"{moment(events[0].at, zone)} to {moment(events[-1].at, zone)}"
        lines.append(Line(Style.FACT, f"{len(events)} changes back and forth, {span}", "Flapping"))
        lines.append(Line(Style.WHAT, moment(events[-1].at, zone), f"AT LAST {events[-1].data['change'].upper()}"))
        lines += _what(events[-1], zone, detail)
    return lines + open_lines(events[-1])


def _change_lines(event: Event, zone: tzinfo, detail: DetailLevel) -> list[Line]:
    """One change: its kind, the differences, whether it came before, further changes that it sums up, the mentions."""
    data = event.data
    lines = [Line(Style.WHAT, shorten(clean(data["title"]), max(detail.value, 60)), data["change"].upper())]
    lines += _what(event, zone, detail)
    if undone := data.get("takes_back"):
        what = f"It is back to what it was before the change noticed {iso_moment(undone, zone)}."
        lines.append(Line(Style.PLAIN, what))
    if flapping := data.get("flapping"):
        times, since = flapping["times"], iso_moment(flapping["since"], zone)
        lines += [
            Line(Style.PLAIN, f"Flapping: this same change has come {times} times since {since}."),
            Line(Style.PLAIN, "Further repetitions are sent together once the entry has settled, or after a day."),
        ]
    if more := data.get("more"):
        what = plural(more["count"], f"more {data['change']} entry", f"more {data['change']} entries")
        what = f"and {what} in the same check, none of which mentions what you watch"
        lines.append(Line(Style.PLAIN, what, "Together"))
        titles = more["titles"][: detail.lines]
        lines += [Line(Style.PLAIN, shorten(clean(title), detail.value), "such as") for title in titles]
    return [*lines, *mention_lines(event.mentions)]


def fact_lines(event: Event, zone: tzinfo, detail: DetailLevel) -> Iterator[Line]:
    """The key and the date of an entry, if nothing else shows them."""
    data = event.data
    shown = {data["title"], data.get("url"), *_shown(data).values()}
    if data["key"] not in shown:
        yield Line(Style.QUIET, shorten(clean(data["key"]), detail.value), "Key")
    if published := data.get("published"):
        dates = (read_date(value) for value in _shown(data).values() if 0 < len(value) <= _LONGEST_DATE)
        if not any(date and date.date().isoformat() == published[:10] for date in dates):
            at = read_iso(published)  # a date may be ahead: an expiry, for instance
            yield Line(Style.QUIET, iso_moment(published, zone) or "", "Dated" if at and at > event.at else "Published")


def _what(event: Event, zone: tzinfo, detail: DetailLevel) -> Iterator[Line]:
    changed = event.data["change"] == ChangeKind.CHANGED
    return _differing(event.data, zone, detail) if changed else _entry(event.data, detail)


def _differing(data: Mapping[str, Any], zone: tzinfo, detail: DetailLevel) -> Iterator[Line]:
    """Every field that differs, before and after."""
    for name, sides in list(data["fields"].items())[: detail.fields]:
        before, after = sides["before"] or "", sides["after"] or ""
        yield Line(Style.FIELD, "date" if name == "published" else shorten(clean(name), 80))
        if "\n" in before or "\n" in after:
            yield from text_difference(before, after, detail)
            continue
        if name == "published":
            before, after = iso_moment(before, zone) or "", iso_moment(after, zone) or ""
        before, after = shorten_both(clean(before), clean(after), detail.value)
        yield Line(Style.BEFORE, before or NOTHING, "was")
        yield Line(Style.AFTER, after or NOTHING, "now")
    yield from more_line(len(data["fields"]) - detail.fields, "field", "fields")


def _entry(data: Mapping[str, Any], detail: DetailLevel) -> Iterator[Line]:
    """The fields and text of an added or removed entry."""
    fields = _shown(data)
    for name, value in list(fields.items())[: detail.fields]:
        yield Line(Style.PLAIN, shorten(clean(value), detail.value), shorten(clean(name).rstrip(":"), 80))
    yield from more_line(len(fields) - detail.fields, "field", "fields")
    text = (data.get("text") or _sides(data).get("text", "")).splitlines()
    if text and clean(text[0]).rstrip(" .…").casefold() == clean(data["title"]).rstrip(" .…").casefold():
        del text[0]
    yield from (Line(Style.PLAIN, line) for line in shorten("\n".join(text), detail.text).splitlines())


def whole_entry(data: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an added or removed entry: those of the change, and those that the log keeps beside it."""
    return {**_sides(data), **data.get("entry", {})}


def _sides(data: Mapping[str, Any]) -> dict[str, str]:
    side = "before" if data["change"] == ChangeKind.REMOVED else "after"
    return {name: sides[side] or "" for name, sides in data["fields"].items()}


def _shown(data: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an added or removed entry that differ from its title and address."""
    if data["change"] == ChangeKind.CHANGED:
        return {}
    said = {clean(data["title"]).casefold(), data.get("url")}
    return {
        name: value
        for name, value in whole_entry(data).items()
        if value and name not in _APART and value not in said and clean(value).casefold() not in said
    }


def text_difference(before: str, after: str, detail: DetailLevel) -> Iterator[Line]:
    """The removed and added lines. If there are as many lines as before, each is an edit of the old one, and is shown
    before and after, shortened around the edit; else the removed lines come before the added ones.
    """
    room, total = detail.lines, 0
    for old, new in find_differing(before.splitlines(), after.splitlines()):
        total += len(old) + len(new)
        if len(old) == len(new):
            pairs = (shorten_both(*sides, detail.value) for sides in zip(old, new, strict=True))
            edits = (Line(*line) for out, put in pairs for line in ((Style.BEFORE, out, "-"), (Style.AFTER, put, "+")))
            shown = list(islice(edits, room))
        else:
            removed = [Line(Style.BEFORE, shorten(line, detail.value), "-") for line in old[:room]]
            added = [Line(Style.AFTER, shorten(line, detail.value), "+") for line in new[: room - len(removed)]]
            shown = removed + added
        room -= len(shown)
        yield from shown
    yield from more_line(total - (detail.lines - room), "line", "lines")


def find_differing(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The groups of lines that differ, before and after.

    Equal lines at both ends are skipped. For the rest, difflib finds the equal lines if the rest is short: its time is
    quadratic. A longer rest counts as replaced as a whole.
    """
    start = next(
        (at for at, sides in enumerate(zip(old, new, strict=False)) if sides[0] != sides[1]), min(len(old), len(new))
    )
    most = min(len(old), len(new)) - start
    end = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if len(old) * len(new) > _MOST_COMPARED:
        yield old, new
        return
    for tag, left, left_end, right, right_end in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            yield old[left:left_end], new[right:right_end]
