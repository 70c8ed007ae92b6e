"""What the bench's server serves: registers, feeds and pages of made-up rows, the same in every run.

`version` is how often a document has been bumped: each bump changes `changes` rows that were as they were before, or
puts one more item on top of a feed. There are 1,000 different pages and feeds; number 1,000 is number 0 again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import NamedTuple

DIFFERENT = 1_000
ROWS = 100  # of a page: 39 KB
ITEMS = 50  # of a feed: 23 KB
CHANGES = 10  # rows of a register that a bump changes

COLUMNS = ("No", "Name", "Address", "Decision", "Basis", "Status", "Date")
_SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "an", "er")]
_STATUS = ("valid", "revoked", "under review")


@lru_cache
def _phrases() -> list[str]:
    """4,096 phrases of 4 to 6 words."""
    chance = random.Random(1)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(2_000)]
    return [" ".join(chance.choices(words, k=chance.randint(4, 6))).capitalize() for _ in range(4_096)]


def _phrase(*numbers: int) -> str:
    """One of the phrases, always the same for the same numbers."""
    mixed = 0
    for number in numbers:
        mixed = (mixed * 31 + number + 7) * 2_654_435_761 & 0xFFFFFFFF
    return _phrases()[mixed >> 20]


def rows(
    seed: int, count: int, version: int = 0, changes: int = 1, part: slice = slice(None)
) -> Iterator[tuple[str, ...]]:
    """So many rows of COLUMNS, or a part of them; about 150 bytes each."""
    step = max(1, count // changes)
    for number in range(count)[part]:
        place = number % step
        changed = 0 < place <= version and number // step < changes
        status = f"version {place}" if changed else _STATUS[(number * 7 + seed) % 3]
        date = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
        decision = f"{seed}-{number}/{number % 97}"
        yield str(number), _phrase(seed, number), _phrase(number, seed), decision, _phrase(number), status, date


def footer(visits: int = 0) -> bytes:
    """The end of a page, with the counter that changes each time on the noise page."""
    return f"<footer>Visits: {visits:08}</footer></body></html>\n".encode()


def page(seed: int, version: int) -> bytes:
    """A page of 39 KB with a table of 100 rows, without its footer."""
    shown = "".join(_HTML_ROW % cells for cells in rows(seed, ROWS, version))
    return f"{_html_head(f'Register {seed}')}{shown}{_HTML_END}".encode()


def _html_head(title: str) -> str:
    heads = "".join(f"<th>{column}</th>" for column in COLUMNS)
    return (
        f"<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><title>{title}</title></head>\n"
        f"<body><h1>{title}</h1>\n<table><thead><tr>{heads}</tr></thead>\n<tbody>\n"
    )


def _wide(cells: tuple[str, ...]) -> str:
    """A row of CSV with three columns more, of 600 bytes in all."""
    number = int(cells[0])
    more = (". ".join(_phrase(number, column, part) for part in range(4)) for column in range(3))
    return ",".join([*cells, *more]) + "\n"


class RegisterForm(NamedTuple):
    """How a register is written: what stands before its rows, a row of its cells, what is between two, what behind."""

    kind: str
    head: str
    row: Callable[[tuple[str, ...]], str]
    between: str
    end: str


_HTML_CELLS = "".join(f"<td class='cell col-{name.lower()}'>%s</td>" for name in COLUMNS)
_HTML_ROW = f"<tr class='row'>{_HTML_CELLS}</tr>\n"
_HTML_END = "</tbody></table>\n"
_XML_CELLS = "".join(f"<{name}>%s</{name}>" for name in COLUMNS)
_XML_ROW = f"<entry>{_XML_CELLS}</entry>\n"
_XML_HEAD = "<?xml version='1.0' encoding='utf-8'?>\n<register>\n"
HTML = "text/html; charset=utf-8"
_CSV = "text/csv; charset=utf-8"


def _object(cells: tuple[str, ...]) -> str:
    return json.dumps(dict(zip(COLUMNS, cells, strict=True)))


FORMS: Mapping[str, RegisterForm] = {
    "html": RegisterForm(
        HTML, _html_head("Register"), lambda cells: _HTML_ROW % cells, "", _HTML_END + footer().decode()
    ),
    "csv": RegisterForm(_CSV, ",".join(COLUMNS) + "\n", lambda cells: ",".join(cells) + "\n", "", ""),
    "xml": RegisterForm("application/xml", _XML_HEAD, lambda cells: _XML_ROW % cells, "", "</register>\n"),
    "json": RegisterForm("application/json", "[\n", _object, ",\n", "\n]\n"),
    "jsonl": RegisterForm("application/jsonl", "", lambda cells: _object(cells) + "\n", "", ""),
    "wide": RegisterForm(_CSV, ",".join((*COLUMNS, "Grounds", "Remarks", "History")) + "\n", _wide, "", ""),
}


def block(form: str, count: int, version: int, first: int, end: int) -> bytes:
    """The rows of a register of so many from `first` up to `end`, with what stands around all of them."""
    how = FORMS[form]
    shown = how.between.join(map(how.row, rows(0, count, version, CHANGES, slice(first, end))))
    return f"{'' if first else how.head}{shown}{how.end if end >= count else how.between}".encode()


def changed(count: int, version: int) -> set[int]:
    """The numbers of the rows that this version of a register has changed."""
    step = max(1, count // CHANGES)
    return {part * step + version for part in range(CHANGES) if version < step}


def feed(seed: int, version: int) -> bytes:
    """RSS with 50 items; each bump puts a new one on top, and the last one falls off."""
    items = "".join(_item(seed, number) for number in range(version + ITEMS - 1, version - 1, -1))
    head = f"<title>News {seed}</title><link>http://news.example/{seed}</link><description>News</description>"
    return f"<?xml version='1.0' encoding='utf-8'?>\n<rss version='2.0'><channel>{head}\n{items}</channel></rss>\n".encode()


def _item(seed: int, number: int) -> str:
    text = escape("<p>" + ". ".join(_phrase(seed, number, line) for line in range(6)) + "</p>")
    link = f"http://news.example/{seed}/{number}"
    date = f"{1 + number % 28:02} Jul 2025 {number % 24:02}:00:00 GMT"
    return (
        f"<item><title>{_phrase(seed, number)}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{date}</pubDate><description>{text}</description></item>\n"
    )
