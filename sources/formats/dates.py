"""Parses dates as feeds, APIs and registers write them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Names that RFC 5322 does not define: without them a feed from Moscow would be three hours off.
_ZONES = {
    "MSK": "+0300",
    "MSD": "+0400",
    "CET": "+0100",
    "CEST": "+0200",
    "EET": "+0200",
    "EEST": "+0300",
    "BST": "+0100",
    "JST": "+0900",
    "UTC": "+0000",
}
_LONGEST = 100  # characters: longer texts are no dates
# Outside of these, a zone's offset may overflow datetime, and a date is a typing error.
EARLIEST, LATEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
_FORMATS = (
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%Y/%m/%d",
    "%Y-%m",
)
_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_RUSSIAN = re.compile(rf"\b(\d{{1,2}})\s+((?:{'|'.join(_MONTHS)})[а-я]*)\s+(\d{{4}})\b", re.IGNORECASE)
_WITHIN = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]+ \d{4})\b"
)
_EPOCH = re.compile(r"\d{9,10}(\.\d+)?|\d{13}")  # seconds or milliseconds since 1970


def read_date(value: object) -> datetime | None:
    """The moment in a text, or in a number of seconds or milliseconds, in UTC; None when there is none in range.

    Numeric days are read as day.month.year; an ambiguous form such as 03/04/2025 gives None. Without a zone it is UTC.
    """
    text = str(value) if isinstance(value, str | int | float) else ""
    text = " ".join(text.split()) if len(text) < _LONGEST else ""
    for read in (_epoch, datetime.fromisoformat, _mail, _written) if text else ():
        try:
            found = read(text)
            moment = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
        return moment if EARLIEST <= moment < LATEST else None
    return None


def _epoch(text: str) -> datetime:
    if not _EPOCH.fullmatch(text):
        raise ValueError(text)
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, UTC)


def _mail(text: str) -> datetime:
    """Parse RFC 5322 dates, as in RSS."""
    head, _, zone = text.rpartition(" ")
    return parsedate_to_datetime(f"{head} {_ZONES.get(zone.upper(), zone)}")


def _written(text: str) -> datetime:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(text)


def without_dates(text: str) -> str:
    """A text with each date in it left out."""
    return _WITHIN.sub("", _in_digits(text))


def _in_digits(text: str) -> str:
    return _RUSSIAN.sub(lambda match: f"{match[1]}.{_MONTHS.index(match[2][:3].lower()) + 1}.{match[3]}", text)


def find_date(text: str) -> datetime | None:
    """The date that the text is, or the first date in it: "Filed Feb 23, 2018", "12 августа 2026 года"."""
    found = read_date(text)
    if found or len(text) > 10 * _LONGEST:
        return found
    text = _in_digits(text)
    return next(filter(None, (read_date(match[0]) for match in _WITHIN.finditer(text))), None)
