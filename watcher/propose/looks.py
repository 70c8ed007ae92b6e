"""The types of values, recognised by their form, in any language. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sources.formats.dates import read_date

_WORD = r"[^\W\d_]{3,}\.?"  # a month's name, in any language
_A_DAY = timedelta(days=1)  # a date without a time zone may be tomorrow's
_DATE_NAME = re.compile(
    r"date|publi|posted|issued|filed|created|time|\bday\b|datum|fecha|дата|опублик|veröff|erteilt|выдан|日期",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"updat|modif|chang|edit|end|expir|valid|until|due\b|deadline|clos|effect|hearing|birth|dob|review|renew|next|termin|"
    r"срок|истеч|оконч|изменен|рожд|gültig|ablauf",
    re.IGNORECASE,
)

# What a text contains, or is. Each gives a match, or None.
has_date = re.compile(
    rf"(?:(?<!\d)(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|\d{{1,2}}\.?(?:st|nd|rd|th)?\s+(?:de\s+)?{_WORD},?\s+(?:de\s+)?(?:19|20)\d{{2}}"
    rf"|(?:19|20)\d{{2}}年\d{{1,2}}月\d{{1,2}}日)|(?<![^\W\d_]){_WORD}\s+\d{{1,2}},?\s+(?:19|20)\d{{2}})(?!\d)"
).search  # a word is tried from its beginning only
is_link = re.compile(r"(?:https?://|www\.)\S+|/\S*", re.IGNORECASE).fullmatch
is_number = re.compile(r"[-+$€£]?\s*\d[\d\s.,']*\s*%?").fullmatch
is_host_address = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}\b").match  # one or several IP addresses, which often change
is_clock = re.compile(r"\d{1,2}:\d{2}(:\d{2})?(\s*[ap]\.?m\.?)?", re.IGNORECASE).fullmatch  # or a duration
is_count = re.compile(r"\d[\d.,\s]*\s*[KkMmКкМ]?").fullmatch  # such as "37.2K" views


def is_date(text: str) -> bool:
    """Whether the text is a date, perhaps with a time, and little else."""
    return len(text) <= 40 and has_date(text) is not None


def are_days_past(texts: Sequence[str], now: datetime) -> bool:
    """Whether all texts are dates that can be read, and none lies in the future: as an entry's `published` requires."""
    there = [text for text in texts if text]
    read = [read_date(text) if is_date(text) else None for text in there]
    days = [day if day.tzinfo else day.replace(tzinfo=UTC) for day in read if day]
    return bool(days) and len(days) > 0.95 * len(there) and max(days) <= now + _A_DAY


def is_called_a_date(name: str) -> bool:
    """Whether a name means the time when an entry was published, not edited, or when something ends."""
    return bool(_DATE_NAME.search(name)) and not _OTHER_DATE.search(name)


def share(values: Sequence[str], test: Callable[[str], object]) -> float:
    """The share of non-empty values that pass a test, 0 to 1. Of many values, a sample is tested."""
    there = [value for value in values if value]
    sample = there[:: max(1, len(there) // 150)]  # values to which a test is applied
    return sum(map(bool, map(test, sample))) / len(sample) if sample else 0.0


def filled_share(values: Sequence[str]) -> float:
    """The share of non-empty values."""
    return sum(map(bool, values)) / len(values) if values else 0.0


def distinct(values: Sequence[str]) -> float:
    """The share of different values among the non-empty ones."""
    there = [value for value in values if value]
    return len(set(there)) / len(there) if there else 0.0


def mean_length(values: Sequence[str]) -> float:
    """The mean number of characters of the non-empty values."""
    there = [len(value) for value in values if value]
    return sum(there) / len(there) if there else 0.0


def shape(text: str) -> str:
    """The pattern of characters: "25-291" and "21-1379" are "0-0", "Docket #: 25-291" is "a #: 0-0"."""
    return re.sub(r"[^\W\d_]+(?:\s+[^\W\d_]+)*", "a", re.sub(r"\d+", "0", text[:60]))


def common_shape(values: Sequence[str]) -> tuple[str, float]:
    """The most common shape of the non-empty values, and its share."""
    shapes = Counter(shape(value) for value in values if value)
    return next(((best, times / shapes.total()) for best, times in shapes.most_common(1)), ("", 0.0))
