"""Numbers and times in words, for people: at the command line in English, at the desk in the language spoken."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from alerts.language import mark_many, phrase, phrase_many, phrase_moment, phrase_span, spoken


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


def moment(at: datetime, zone: tzinfo) -> str:
    """A time for people, to the minute, without its zone."""
    return phrase_moment(at.astimezone(zone).replace(tzinfo=None), seconds=False)


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


def there_are(number: int, one: str, many: str = "") -> str:
    """`there is 1 proposal`, `there are 2 proposals`."""
    return f"there {'is' if number == 1 else 'are'} {count(number, one, many)}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 source`, `2 sources`, `3 entries` (with `many`)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}".replace(",", " ")
