"""The lines of one change. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import chain, islice
from typing import Any

from alerts.event.change_json import GLOSSARY, in_own_language
from alerts.event.told_fields import ToldField, compare_in_place, told_fields
from alerts.grouping import split_repetitions
from alerts.language import mark, mark_many, phrase, phrase_beside, phrase_list, phrase_many, spoken
from alerts.links import web_address
from alerts.message.lines import (
    TINY,
    DetailLevel,
    Line,
    Style,
    cleared_lines,
    link_line,
    mention_lines,
    more_line,
    open_label,
)
from alerts.message.titles import DIFFERS, change_words, number_of
from alerts.message.wording import field_name, iso_moment, moment, read_iso, shorten, shorten_both, shown_value, word
from sources.formats.dates import read_date
from sources.text import clean
from state.compare.text_parts import Part, Sign, find_passages, split_lines
from state.model import UNMARKED, ChangeKind, Event, EventKind, Marks

_SIDES = {Sign.GONE: Style.BEFORE, Sign.NEW: Style.AFTER}
_LONGEST_DATE = 40  # characters
_ITEM = 240  # characters of a change in a line, and of an address that goes with it
_REPEATED = mark_many(
    "Flapping: this same change has come {number} time since {when}.",
    "Flapping: this same change has come {number} times since {when}.",
)
_TOGETHER = mark_many(
    "this one and {number} more entry in the same check", "this one and {number} more entries in the same check"
)
_APART = {"title", "url", "published", "text"}  # parts of an entry besides its fields


def changes_lines(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, marks: Mapping[int, Marks]) -> list[Line]:
    """The changes of one entry, the earliest first, what machines made of them, and its link; repetitions together."""
    different, again = split_repetitions(events)
    lines = _change_lines(different[0], zone, detail)
    for event in different[1:]:
        head = phrase("THEN {change}", change=_label(event).upper())
        lines.append(Line(Style.WHAT, moment(event.at, zone), head))
        lines += [*_what(event, zone, detail), *cleared_lines(event, zone)]
    if again:
        number = phrase_many("{number} change", "{number} changes", len(events))
        first, last = moment(events[0].at, zone), moment(events[-1].at, zone)
        told = phrase("{changes} back and forth, {first} to {last}", changes=number, first=first, last=last)
        lines.append(Line(Style.FACT, told, phrase("Flapping")))
        lines.append(Line(Style.WHAT, last, phrase("AT LAST {change}", change=_label(events[-1]).upper())))
        lines += _what(events[-1], zone, detail)
    for event in different if detail is not TINY else ():
        lines += machine_lines(event, marks.get(event.id, UNMARKED), detail)
    latest = events[-1]
    if url := latest.data.get("url"):
        lines.append(link_line(url, open_label(latest.authority)))
    return lines


def machine_lines(event: Event, marks: Marks, detail: DetailLevel) -> Iterator[Line]:
    """What machines and glossaries make of a change: what changed, and its translation into the reader's language, or
    else into those that there are.
    """
    if said := in_own_language(marks.summaries):
        yield Line(Style.MACHINE, clean(said["text"]), phrase("summary by {engine}", engine=clean(said["engine"])))
    # Translators: {author}: "machine translation (DeepL)", or "from the glossary"
    as_it_was, as_it_is = mark("{field}, as it was, {author}"), mark("{field}, as it is, {author}")
    before, after = (as_it_was, as_it_is) if event.data["change"] in DIFFERS else ("", "")
    translations = marks.translations
    for told in [translations[spoken()]] if spoken() in translations else translations.values():
        by_machine = phrase("machine translation ({engine})", engine=clean(told["engine"]))
        author = phrase("from the glossary") if told["engine"] == GLOSSARY else by_machine
        texts = [(told["title"], "", "")]
        for name, sides in told["fields"].items():
            texts += [(sides["before"], before, name), (sides["after"], after, name)]
        for text, label, name in [*texts, (told["text"], "", "text")]:
            if text:
                field = shorten(field_name(name), 80)
                of = phrase(label, author=author, field=field) if label else phrase_beside(field, author)
                yield Line(Style.MACHINE, shorten(clean(text), 2 * detail.text), of)


def item_line(event: Event, *, linked: bool) -> Line:
    """One change in a line: title and what, whom it mentions; with the entry's address if `linked`."""
    url, more = event.data.get("url") or "", 0 if "form" in event.data else number_of(event) - 1
    what = shorten(change_words(event), _ITEM)
    if more:
        what = phrase_many("{news}, and {number} more like it", "{news}, and {number} more like it", more, news=what)
    address = web_address(url) if linked and len(url) <= _ITEM else None
    was_cleared = phrase("had been cleared") if "was_cleared" in event.data else ""
    said = " · ".join(filter(None, (what, phrase_list(event.entities, 3), was_cleared)))
    return Line(Style.ITEM, said, _label(event), url=address or "")


def _label(event: Event) -> str:
    change = word(event.data["change"])
    return phrase("not believed yet, {change}", change=change) if event.kind is EventKind.HELD else change


def _change_lines(event: Event, zone: tzinfo, detail: DetailLevel) -> list[Line]:
    """One change: its kind, the differences, whether it came before, further changes that it sums up, the mentions."""
    data = event.data
    lines = [Line(Style.WHAT, shorten(clean(data["title"]), max(detail.value, 60)), _label(event).upper())]
    lines += [*_what(event, zone, detail), *cleared_lines(event, zone)]
    if also := data.get("also"):
        lines.append(Line(Style.FACT, ", ".join(also), phrase("Also in")))
    if undone := data.get("takes_back"):
        back = mark("It is back to what it was before the change noticed {when}.")
        lines.append(Line(Style.PLAIN, phrase(back, when=iso_moment(undone, zone))))
    if flapping := data.get("flapping"):
        told = phrase_many(*_REPEATED, flapping["times"], when=iso_moment(flapping["since"], zone))
        then = phrase("Further repetitions are sent together once the entry has settled, or after a day.")
        lines += [Line(Style.PLAIN, told), Line(Style.PLAIN, then)]
    if more := data.get("more"):
        what = phrase_many(*_TOGETHER, more["count"])
        what = what if "form" in data else phrase("{entries}, none of which mentions what you watch", entries=what)
        lines.append(Line(Style.PLAIN, what, phrase("Together")))
        titles = [shorten(clean(title), detail.value) for title in more["titles"][: detail.lines]]
        lines += [Line(Style.PLAIN, title, phrase("such as")) for title in titles]
    return [*lines, *mention_lines(event)]


def fact_lines(event: Event, zone: tzinfo, detail: DetailLevel) -> Iterator[Line]:
    """The key and the date of an entry, if nothing else shows them."""
    data = event.data
    shown = {data["title"], data.get("url"), *shown_fields(data).values()}
    if data["key"] not in shown and "former_key" not in data:
        yield Line(Style.QUIET, shorten(clean(data["key"]), detail.value), phrase("Key"))
    if published := data.get("published"):
        dates = (read_date(value) for value in shown_fields(data).values() if 0 < len(value) <= _LONGEST_DATE)
        if not any(date and date.date().isoformat() == published[:10] for date in dates):
            at = read_iso(published)  # a date may be ahead: an expiry, for instance
            label = phrase("Dated") if at and at > event.at else phrase("Published")
            yield Line(Style.QUIET, iso_moment(published, zone) or "", label)


def _what(event: Event, zone: tzinfo, detail: DetailLevel) -> Iterator[Line]:
    differs = event.data["change"] in DIFFERS
    return _differing(event.data, zone, detail) if differs else told_entry(event.data, detail)


def _differing(data: Mapping[str, Any], zone: tzinfo, detail: DetailLevel) -> Iterator[Line]:
    """Every field that differs, before and after."""
    fields = told_fields(data)
    for told in fields[: detail.fields]:
        yield Line(Style.FIELD, phrase("date") if told.name == "published" else shorten(field_name(told.name), 80))
        if told.name == "published":
            moments = (iso_moment(side, zone) or "" for side in (told.before, told.after))
            told = ToldField(told.name, *moments)  # noqa: PLW2901 - the same in the reader's time
        yield from side_lines(told, detail)
    yield from more_line(len(fields) - detail.fields, "and {number} more field", "and {number} more fields")


def side_lines(told: ToldField, detail: DetailLevel) -> Iterator[Line]:
    """A field before and after: a text by what differs in it, another value as it was and is."""
    # Translators: before a value: what it was, and what it is now
    labels = phrase("was"), phrase("now")
    if told.is_text:
        lines = list(text_difference(told.before, told.after, detail))
        if "\n" not in told.before + told.after and len(lines) == 2:  # one place in a value of one line
            lines = [line._replace(label=label) for line, label in zip(lines, labels, strict=True)]
        yield from lines
        return
    sides = shorten_both(clean(told.before), clean(told.after), detail.value)
    for style, side, label in zip(_SIDES.values(), sides, labels, strict=True):
        yield Line(style, shown_value(side), label)


def told_entry(data: Mapping[str, Any], detail: DetailLevel) -> Iterator[Line]:
    """The fields and text of an added or removed entry."""
    fields = shown_fields(data)
    for name, value in list(fields.items())[: detail.fields]:
        yield Line(Style.PLAIN, shorten(clean(value), detail.value), shorten(clean(name).rstrip(":"), 80))
    yield from more_line(len(fields) - detail.fields, "and {number} more field", "and {number} more fields")
    yield from (Line(Style.TEXT, line) for line in shorten(entry_text(data), detail.text).splitlines())


def entry_text(data: Mapping[str, Any]) -> str:
    """The text of an added or removed entry, without a first line that says its title again."""
    text = (data.get("text") or _sides(data).get("text", "")).splitlines()
    if text and clean(text[0]).rstrip(" .…").casefold() == clean(data["title"]).rstrip(" .…").casefold():
        del text[0]
    return "\n".join(text)


def whole_entry(data: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an added or removed entry: those of the change, and those that the log keeps beside it."""
    return {**_sides(data), **data.get("entry", {})}


def _sides(data: Mapping[str, Any]) -> dict[str, str]:
    side = "before" if data["change"] == ChangeKind.REMOVED else "after"
    return {name: sides[side] or "" for name, sides in data["fields"].items()}


def shown_fields(data: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an added or removed entry that differ from its title and address."""
    if data["change"] in DIFFERS:
        return {}
    said = {clean(data["title"]).casefold(), data.get("url")}
    return {
        name: value
        for name, value in whole_entry(data).items()
        if value and name not in _APART and value not in said and clean(value).casefold() not in said
    }


def text_difference(before: str, after: str, detail: DetailLevel) -> Iterator[Line]:
    """What differs in a text, with some words beside it: each place as it was and as it is, where lines came or went
    only these; and each line that was moved, once.
    """
    parts, moved = compare_in_place(before, after)
    lines = chain(_lines_in_place(parts, detail.value // 5), _moved_lines(moved))
    yield from (_shorten_line(line, detail.value) for line in islice(lines, detail.lines))
    yield from more_line(sum(1 for _ in lines), "and {number} more line", "and {number} more lines")


def _lines_in_place(parts: Sequence[Part], context: int) -> Iterator[Line]:
    for passage in find_passages(parts, context):
        sides = [[part for part in passage if part.sign in {Sign.SAME, sign}] for sign in _SIDES]
        if not any(part.text for part in passage if part.sign is Sign.SAME):
            sides = [[part for part in side if part.sign is not Sign.SAME] for side in sides]
        for side, (label, style) in zip(sides, _SIDES.items(), strict=True):
            yield from (Line(style, "", label, line) for line in split_lines(side))


def _moved_lines(moved: Sequence[str]) -> Iterator[Line]:
    # Translators: before a line of a text that is the same one, in another place of it
    label = phrase("moved in the text")
    yield from (Line(Style.PLAIN, "", label, [Part(Sign.SAME, line)]) for line in moved)


def _shorten_line(line: Line, most: int) -> Line:
    """A line of parts with its text, in at most `most` characters: of long parts the middle is left out."""
    number = sum(part.sign is not Sign.SAME for part in line.parts)
    room = max(most - sum(len(part.text) for part in line.parts if part.sign is Sign.SAME), most // 2) // max(number, 1)
    parts = [part if part.sign is Sign.SAME else part._replace(text=shorten(part.text, room)) for part in line.parts]
    text = clean("".join(part.text for part in parts))
    whole = len(text) <= most and text == "".join(part.text for part in parts).strip()
    return line._replace(text=shorten(text, most), parts=parts if whole and number else ())
