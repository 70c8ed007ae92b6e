"""What the bench's server serves: registers, feeds and pages of made-up rows, the same in every run.

`version` is how often the document has been bumped: each bump gives it `CHANGES` (a page: one) other rows. There are
1,000 different pages; source 1,001 watches the same words as source 1.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache

DIFFERENT = 1_000
ROWS = 100  # of a page: 41 KB
ITEMS = 50  # of a feed
CHANGES = 10  # rows of a register that a bump changes

_SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "an", "er")]
_COLUMNS = ("No", "Name", "Address", "Decision", "Basis", "Status", "Date")


@lru_cache
def _words() -> list[str]:
    chance = random.Random(1)
    return ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(2_000)]


def _phrase(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(_words(), k=count)).capitalize()


def rows(seed: int, count: int, version: int = 0, changes: int = 1) -> Iterator[tuple[str, ...]]:
    """So many rows of `_COLUMNS`, the number first; about 150 bytes each."""
    chance = random.Random(seed)
    step = max(1, count // changes)
    for number in range(count):
        words = _phrase(chance, 3), _phrase(chance, 5), _phrase(chance, 4)
        moved = number // step < changes and number % step == version % step and version > 0
        status = f"version {version}" if moved else ("valid", "revoked", "under review")[chance.randrange(3)]
        date = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
        yield str(number), words[0], words[1], f"{seed}-{number}/{number % 97}", words[2], status, date


def page(seed: int, version: int) -> bytes:
    """A page of 41 KB with a table of 100 rows. What comes after it is the footer's place: `footer`."""
    cells = "".join(
        "<tr class='row'>"
        + "".join(
            f"<td class='cell {column.lower()}' data-label='{column}'>{value}</td>"
            for column, value in zip(_COLUMNS, row, strict=True)
        )
        + "</tr>\n"
        for row in rows(seed, ROWS, version)
    )
    heads = "".join(f"<th>{column}</th>" for column in _COLUMNS)
    return (
        f"<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><title>Register {seed}</title></head>\n"
        f"<body><h1>Register {seed}</h1>\n<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{cells}</tbody></table>\n"
    ).encode()


def footer(visits: int = 0) -> bytes:
    """The end of a page, with the counter that changes each time on the noise page."""
    return f"<footer>Visits: {visits:08}</footer></body></html>\n".encode()
