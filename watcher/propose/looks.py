"""What a value looks like. Pure, and in no particular language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sources.formats.dates import read_date

_WORD = r"[^\W\d_]{3,}\.?"  # a month's name, in any language
_DATE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|\d{{1,2}}\.?(?:st|nd|rd|th)?\s+(?:de\s+)?{_WORD},?\s+(?:de\s+)?(?:19|20)\d{{2}}"
    rf"|{_WORD}\s+\d{{1,2}},?\s+(?:19|20)\d{{2}}|(?:19|20)\d{{2}}年\d{{1,2}}月\d{{1,2}}日)(?!\d)"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|/\S*", re.IGNORECASE)
_NUMBER = re.compile(r"[-+$€£]?\s*\d[\d\s.,']*\s*%?")
_HOST_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}\b")
_LONGEST_DATE = 40
_A_DAY = timedelta(days=1)  # a date without a zone may be tomorrow's already
_DATE_NAME = re.compile(
    r"date|publi|posted|issued|filed|created|time|\bday\b|datum|fecha|дата|опублик|veröff|erteilt|выдан|日期",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"updat|modif|chang|edit|end|expir|valid|until|due\b|deadline|clos|effect|hearing|birth|dob|review|renew|next|termin|"
    r"срок|истеч|оконч|изменен|рожд|gültig|ablauf",
    re.IGNORECASE,
)
_SAMPLE = 150  # values that a test is put to


def has_date(text: str) -> bool:
    """Whether there is a day in it."""
    return bool(_DATE.search(text))


def is_date(text: str) -> bool:
    """Whether it is a day, perhaps with a time, and nothing else worth mention."""
    return len(text) <= _LONGEST_DATE and has_date(text)


def are_days_past(texts: Sequence[str], now: datetime) -> bool:
    """Whether these are days that an entry's `published` can hold: all of them can be read, and none is to come."""
    there = [text for text in texts if text]
    read = [read_date(text) if is_date(text) else None for text in there]
    days = [day if day.tzinfo else day.replace(tzinfo=UTC) for day in read if day]
    return bool(days) and len(days) > 0.95 * len(there) and max(days) <= now + _A_DAY


def is_called_a_date(name: str) -> bool:
    """Whether a name says that it is when an entry came: not when it was edited, or when something ends."""
    return bool(_DATE_NAME.search(name)) and not _OTHER_DATE.search(name)


def is_link(text: str) -> bool:
    """Whether it is an address."""
    return bool(_LINK.fullmatch(text))


def is_host_address(text: str) -> bool:
    """Whether it is the IP address of a computer, or several: these move."""
    return bool(_HOST_ADDRESS.match(text))


def is_number(text: str) -> bool:
    """Whether it is a quantity."""
    return bool(_NUMBER.fullmatch(text))


def is_clock(text: str) -> bool:
    """Whether it is a time of day, or a length of time."""
    return bool(re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?(\s*[ap]\.?m\.?)?", text, re.IGNORECASE))


def is_count(text: str) -> bool:
    """Whether it is how often something was seen, such as "37.2K"."""
    return bool(re.fullmatch(r"\d[\d.,\s]*\s*[KkMmКкМ]?", text))


def share(values: Sequence[str], test: Callable[[str], object]) -> float:
    """How many of the values that are not empty pass a test, 0 to 1; of many, a sample is tested."""
    there = [value for value in values if value]
    sample = there[:: max(1, len(there) // _SAMPLE)]
    return sum(map(bool, map(test, sample))) / len(sample) if sample else 0.0


def filled(values: Sequence[str]) -> float:
    """The share of values that are not empty."""
    return sum(map(bool, values)) / len(values) if values else 0.0


def distinct(values: Sequence[str]) -> float:
    """The share of different values among those that are not empty."""
    there = [value for value in values if value]
    return len(set(there)) / len(there) if there else 0.0


def mean_length(values: Sequence[str]) -> float:
    """Characters of a value that is not empty, on average."""
    there = [len(value) for value in values if value]
    return sum(there) / len(there) if there else 0.0


def shape(text: str) -> str:
    """What kind of characters follow each other: "25-291" and "21-1379" are "0-0", "Docket #: 25-291" is "a #: 0-0"."""
    return re.sub(r"[^\W\d_]+(?:\s+[^\W\d_]+)*", "a", re.sub(r"\d+", "0", text[:60]))


def common_shape(values: Sequence[str]) -> tuple[str, float]:
    """The commonest shape of the values that are not empty, and the share that has it."""
    shapes = Counter(shape(value) for value in values if value)
    if not shapes:
        return "", 0.0
    best, times = shapes.most_common(1)[0]
    return best, times / shapes.total()
