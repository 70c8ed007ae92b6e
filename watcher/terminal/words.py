"""Numbers and times in words, for people."""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache


def megabytes(size: int) -> str:
    """A number of bytes as `12.3 MB`."""
    return f"{size / 1e6:.1f} MB"


def moment(at: datetime, zone: tzinfo) -> str:
    """A time for people, to the minute."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def about(span: timedelta) -> str:
    """A time span in its largest unit: `40 s`, `5 min`, `3 h`, `12 d`."""
    return _about(int(abs(span.total_seconds())))


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
