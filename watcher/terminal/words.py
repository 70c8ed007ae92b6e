"""Numbers and times in words, for people: at the command line in English, at the desk in the language spoken. Results
of checks and their changes in lines: for a terminal and for logs. A result as JSON, too.
"""

from __future__ import annotations

import itertools
import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from alerts.language import mark_many, phrase, phrase_many, phrase_moment, phrase_span, spoken
from watcher.errors import LASTING

if TYPE_CHECKING:
    from state.model import Event
    from watcher.check.outcome import Result

_log = logging.getLogger(__name__)

LONGEST_VALUE = 120  # characters of a value in one line
MOST_LOGGED = 20  # changes of one check with a line each; further ones without a mention are only counted


def megabytes(size: int) -> str:
    """A number of bytes as `12.3 MB`."""
    if spoken() == "en":
        return f"{size / 1e6:.1f} MB"
    from babel.units import format_unit

    return format_unit(round(size / 1e6, 1), "digital-megabyte", "short", locale=spoken())


def how_far(large: Mapping[str, Any]) -> str:
    """How far a check is: `12.3 MB of 3,000.0 MB received, 4.1 MB a second, 12 min left, 1,000 entries read`."""
    places = {"part": megabytes(large["received"]), "rate": megabytes(large["rate"])}
    if read := large["entries"]:
        one, many = mark_many("{part} received, {number} entry read", "{part} received, {number} entries read")
        return phrase_many(one, many, read, **places)
    if large["whole"] and large["left"] is not None:
        places |= {"whole": megabytes(large["whole"]), "span": phrase_span(timedelta(seconds=large["left"]))}
        return phrase("{part} of {whole} received, {rate} a second, {span} left", **places)
    return phrase("{part} received, {rate} a second", **places)


def moment(at: datetime, zone: tzinfo, beside: datetime | None = None) -> str:
    """A time for people, without its zone: to the minute, or to the second where one told beside it is in the same."""
    told = phrase_moment(at.astimezone(zone).replace(tzinfo=None), seconds=False)
    if beside and beside != at and told == moment(beside, zone):
        return phrase_moment(at.astimezone(zone).replace(tzinfo=None))
    return told


def about(span: timedelta) -> str:
    """A time span in its largest unit: `40 s`, `5 min`, `3 h`, `12 d`."""
    return _about(int(abs(span.total_seconds())))


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago something was, or in how long it will be: `3 min ago`, `in 2 h`, `never`."""
    if at is None:
        return phrase("never")
    if spoken() == "en":
        return f"in {about(at - now)}" if at > now else f"{about(now - at)} ago"
    from babel.dates import format_timedelta

    return format_timedelta(at - now, add_direction=True, format="short", locale=spoken())


@lru_cache(maxsize=10_000)  # a column of 50,000 times has few different ones
def _about(seconds: int) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length or (unit == "min" and seconds >= length):
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def version_of(package: str) -> str:
    """The version of an installed package."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def there_are(number: int, one: str, many: str = "") -> str:
    """`there is 1 proposal`, `there are 2 proposals`."""
    return f"there {'is' if number == 1 else 'are'} {count(number, one, many)}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 source`, `2 sources`, `3 entries` (with `many`)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}".replace(",", " ")


def result_json(result: Result, base_url: str | None = None) -> dict[str, Any]:
    """A source's result as `watch --once --json` and `watch replay --json` show it."""
    from alerts.event.change_json import change_json

    about = {name: getattr(result, name) for name in ("name", "status", "entries", "reason", "message")}
    return about | {"changes": [change_json(event, base_url) for event in result.events]}


def log_result(result: Result) -> None:
    """Log one line for changes or a failure; an unchanged check only with `-v`."""
    match result.status:
        case "failing" | "suspicious":
            log = partial(_log.error, extra=LASTING) if result.reason == "state" else _log.warning
            log("%s: %s: %s", result.name, result.reason, result.message)
        case "baseline":
            _log.info("%s: first snapshot: %s", result.name, count(result.entries, "entry", "entries"))
        case "ok":
            shown, rest = choose_logged(result.events)
            for event in shown:
                _log.info("%s: %s", result.name, change_line(event))
            if rest:
                _log.info("%s: %s: watch log", result.name, rest)
        case _:
            _log.debug("%s: unchanged, %s", result.name, count(result.entries, "entry", "entries"))


def field_lines(data: Mapping[str, Any]) -> list[str]:
    """The fields that differ in an entry that was known before, one line each: `branch: not met → under approval`.

    Of a text only what differs, as in an alert: `text:`, `- old words`, `+ new words`.
    """
    return [line for lines in _told_fields(data) for line in lines]


def _told_fields(data: Mapping[str, Any]) -> Iterator[list[str]]:
    """The lines of each of these fields."""
    from alerts.event.told_fields import told_fields
    from alerts.message.change_lines import text_difference
    from alerts.message.forms import render_line
    from alerts.message.lines import FULL
    from alerts.message.wording import shorten_both, shown_value
    from sources.text import clean

    for told in told_fields(data):
        if told.is_text:
            differing = text_difference(told.before, told.after, FULL)
            yield [f"{told.name}:", *(render_line(line, str) for line in differing)]
        else:
            sides = shorten_both(clean(told.before), clean(told.after), LONGEST_VALUE)
            yield [f"{told.name}: {' → '.join(map(shown_value, sides))}"]


def detail_lines(data: Mapping[str, Any]) -> list[str]:
    """What stands below a change: its fields, whom it was cleared for, and the others that it sums up."""
    return [line for line in (*field_lines(data), cleared_line(data), more_line(data)) if line]


def change_line(event: Event) -> str:
    """A change in one line."""
    told = (" ".join(filter(None, (first, "; ".join(rest)))) for first, *rest in _told_fields(event.data))
    fields, more, cleared = "; ".join(told), more_line(event.data), cleared_line(event.data)
    line = f"{event.data['change']} {_short(event.data['title'])}" + (f": {fields}" if fields else "")
    return ", ".join(filter(None, (line, cleared, more)))


def cleared_line(data: Mapping[str, Any]) -> str:
    """For whom an entry was cleared, and who had cleared it until now: `cleared: petrov`; "" if nobody did."""
    cleared = f"cleared: {', '.join(data['cleared'])}" if "cleared" in data else ""
    ended = (
        f"had been cleared for {each['entity']} by {each['who']} ({_short(each['why'])}), ended: {each['because']}"
        for each in data.get("was_cleared", ())
    )
    return "; ".join(filter(None, (cleared, *ended)))


def more_line(data: Mapping[str, Any]) -> str:
    """The other changes that an event sums up: `and 389,999 more like it: one, two, ...`; "" if none. The title of a
    change of form has their number already.
    """
    if "more" not in data:
        return ""
    titles = ", ".join(_short(title) for title in data["more"]["titles"])
    return f"such as {titles}, ..." if "form" in data else f"and {data['more']['count']:,} more like it: {titles}, ..."


def changes_of(events: Sequence[Event]) -> int:
    """How many changes these events stand for."""
    return sum(1 + event.data.get("more", {}).get("count", 0) for event in events)


def choose_logged(events: Sequence[Event]) -> tuple[Sequence[Event], str]:
    """The changes that get a line each (all with mentions, some others, each kind in turn), and a line of the rest."""
    if len(events) <= MOST_LOGGED:
        return events, ""
    turns, kinds = defaultdict[str, Iterator[int]](itertools.count), Counter[str]()
    ordered = sorted(events, key=lambda event: -1 if event.mentions else next(turns[event.data["change"]]))
    shown = max(MOST_LOGGED, sum(bool(event.mentions) for event in events))
    for event in ordered[shown:]:
        kinds[event.data["change"]] += changes_of([event])
    rest = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
    return ordered[:shown], f"and {rest}" if rest else ""


def _short(text: str) -> str:
    from alerts.message.wording import cut, shown_value

    return cut(shown_value(text), LONGEST_VALUE)
