"""The names of a table's columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sources.text import clean

MOST_COLUMNS = 20_000  # of a table


def unique_names(headings: Iterable[str]) -> list[str]:
    """Unique names of columns: a second "Date" becomes "Date (2)", one without a heading "column 3"."""
    times: Counter[str] = Counter()
    names: list[str] = []
    used: set[str] = set()
    for at, given in enumerate(headings, 1):
        heading = name = clean(given) or f"column {at}"
        while name.casefold() in used:
            times[heading] += 1
            name = f"{heading} ({times[heading] + 1})"
        used.add(name.casefold())
        names.append(name)
    return names
