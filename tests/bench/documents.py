"""What the bench's server serves: registers, feeds and pages of made-up rows, the same in every run.

`version` is how often a document has been bumped: each bump changes `changes` rows that were as they were before, or
puts one more item on top of a feed. There are 1,000 different pages and feeds; number 1,000 is number 0 again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from html import escape

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


def rows(seed: int, count: int, version: int = 0, changes: int = 1) -> Iterator[tuple[str, ...]]:
    """So many rows of COLUMNS; about 150 bytes each."""
    step = max(1, count // changes)
    for number in range(count):
        place = number % step
        changed = 0 < place <= version and number // step < changes
        status = f"version {place}" if changed else _STATUS[(number * 7 + seed) % 3]
        date = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
        decision = f"{seed}-{number}/{number % 97}"
        yield str(number), _phrase(seed, number), _phrase(number, seed), decision, _phrase(number), status, date


def html(title: str, body: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A page with a table, in parts: 390 bytes for each row. Its end is `footer`."""
    heads = "".join(f"<th>{column}</th>" for column in COLUMNS)
    row = "".join(f"<td class='cell col-{name.lower()}'>%s</td>" for name in COLUMNS)
    yield f"<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><title>{title}</title></head>\n"
    yield f"<body><h1>{title}</h1>\n<table><thead><tr>{heads}</tr></thead>\n<tbody>\n"
    for cells in body:
        yield f"<tr class='row'>{row % cells}</tr>\n"
    yield "</tbody></table>\n"


def footer(visits: int = 0) -> bytes:
    """The end of a page, with the counter that changes each time on the noise page."""
    return f"<footer>Visits: {visits:08}</footer></body></html>\n".encode()


def csv(body: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A header and a line for each row, in parts."""
    yield ",".join(COLUMNS) + "\n"
    for cells in body:
        yield ",".join(cells) + "\n"


def xml(body: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """`<register><entry>...`, in parts."""
    entry = "".join(f"<{name}>%s</{name}>" for name in COLUMNS)
    yield "<?xml version='1.0' encoding='utf-8'?>\n<register>\n"
    for cells in body:
        yield f"<entry>{entry % cells}</entry>\n"
    yield "</register>\n"


def page(seed: int, version: int) -> bytes:
    """A page of 39 KB with a table of 100 rows, without its footer."""
    return "".join(html(f"Register {seed}", rows(seed, ROWS, version))).encode()


def register(form: str, count: int, version: int) -> bytes:
    """A register of so many rows as html, csv or xml, of which each bump changes 10."""
    body = rows(0, count, version, CHANGES)
    if form == "html":
        return "".join(html("Register", body)).encode() + footer()
    return "".join(csv(body) if form == "csv" else xml(body)).encode()


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
