"""HTML tables of very many rows, parsed without a tree, which would take ten times the memory of the page.

A run of thousands of rows whose cells have only text is replaced by a single row, and the shortened page is parsed as a
tree. The tree gives the table and its headings; the rows are cut out of the text by regular expressions. Any other
table is parsed as a whole tree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

from sources.errors import NotFound
from sources.formats.archives import open_plain
from sources.formats.html import parse_text
from sources.formats.records import HEAD, RecordCut, read_blocks_of
from sources.formats.tables import HtmlTable, find_markup, read_grid, read_simple_table
from sources.model import Page
from sources.text import clean_all

LEAST = 1000  # rows below which a tree is used
_MOST_COLUMNS = 200
_BLOCK = 100_000  # characters of rows in one block
_STAND_IN = "rows-left-out-0b7e61"
# Strict forms that no parser reads otherwise; cells that span are excluded (`_is_plain`).
_S = r"[ \t\r\n]"
_ATTRIBUTES = rf"(?:{_S}++[a-z][a-z0-9_:-]*+(?:=(?:\"[^\"<>&]*+\"|'[^'<>&]*+'|[^ \t\r\n\"'<>=`&/]++))?+)*+{_S}*+"
_TEXT = r"[^<\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*+"
_BYTES = r"[^<\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_CELL = rf"<td{_ATTRIBUTES}>{_TEXT}</td>{_S}*+"
_ROW = re.compile(rf"<tr{_ATTRIBUTES}>{_S}*+(?:{_CELL}){{2,{_MOST_COLUMNS}}}+</tr>{_S}*+")
_CELL_TEXT = re.compile(r"<td[^>]*+>([^<]*+)<")
# A row to compare by its bytes: links and marked words change no other row.
_END = b"</tr>"
_INLINE = rf"<br{_ATTRIBUTES}/?+>|<(?P<name>a|b|em|i|span|strong){_ATTRIBUTES}>{_BYTES}</(?P=name)>"
_CONTENT = rf"{_BYTES}(?:</td>|(?:(?:{_INLINE}){_BYTES})*+</td>)"
_RECORD = rf"{_S}*+<tr{_ATTRIBUTES}>{_S}*+(?:<td{_ATTRIBUTES}>{_CONTENT}{_S}*+)"
_ROW_TEXT = re.compile(rb"(?<=>)[^<]*+(?=</td|<(?!/?t[dr]))")
_BETWEEN = re.compile(rb"(?:[^<]|</?t(?:[rh]|body|head|foot)\b[^<>]*>)*+(?:</table|$)", re.IGNORECASE)
_ANOTHER = re.compile(rb"<table|(?:row|col)span", re.IGNORECASE)


class Run(NamedTuple):
    """Consecutive rows with equally many cells: their number, and their place in the page's text."""

    begins: int
    ends: int
    columns: int


class LongTable(NamedTuple):
    """A table's columns; the clean texts of its rows, one after the other, in batches of whole rows, for one iteration;
    and the page without those rows.
    """

    columns: Sequence[str]
    batches: Iterator[Sequence[str]]
    page: Page

    @property
    def rows(self) -> Iterator[Sequence[str]]:
        """The rows as in `HtmlTable`, in place of the batches."""
        return (row for texts in self.batches for row in _in_rows(texts, len(self.columns)))


def long_table(page: Page, css: str | None) -> LongTable | None:
    """The table that `find_table` would find, if it is long and plain, else None. Raises BadDocument for a truncated
    page.
    """
    text = page.text
    run = _find_run(text) if text.count("</tr") > LEAST else None
    if run is None:
        return None
    stand_in = f"<tr>{f'<td>{_STAND_IN}</td>' * run.columns}</tr>"
    shortened = f"{text[: run.begins]}{stand_in}{text[run.ends :]}".encode()
    short = replace(page, content=shortened, encoding="utf-8", gzip=b"")
    try:
        table = read_simple_table(find_markup(short, css))
    except NotFound:
        return None
    left_out = [_STAND_IN] * run.columns
    if table is None or not all(table.headings) or table.rows.count(left_out) != 1:
        return None
    return LongTable(table.columns, _batches(table, left_out, text, run), short)


def _in_rows(texts: Sequence[str], wide: int) -> Iterator[Sequence[str]]:
    return (texts[at : at + wide] for at in range(0, len(texts), wide))


def _batches(table: HtmlTable, left_out: Sequence[str], text: str, run: Run) -> Iterator[Sequence[str]]:
    names = [" / ".join(parts) for parts in table.headings]
    at = table.rows.index(left_out)
    yield list(chain.from_iterable(table.rows[:at]))
    for texts in _cut_out(text, run):
        firsts = texts[:: run.columns]
        if "" in firsts or names[0] in firsts:  # empty rows and repeated headings are few
            rows = (row for row in _in_rows(texts, run.columns) if any(row) and row != names)
            texts = list(chain.from_iterable(rows))  # noqa: PLW2901 - the same texts without these
        yield texts
    yield list(chain.from_iterable(table.rows[at + 1 :]))


def _find_run(text: str) -> Run | None:
    """The first long run of rows, without its first row, which markup before it may affect."""
    at = 0
    while first := _ROW.search(text, at):
        columns = text.count("<td", first.start(), first.end())
        found = _rows_of(columns).match(text, first.start())
        at = found.end() if found else first.end()
        if text.count("</tr", first.end(), at) >= LEAST:
            plain = text.find("span=", first.end(), at) < 0
            return Run(first.end(), at, columns) if plain else None
    return None


@lru_cache(maxsize=256)
def _rows_of(columns: int) -> re.Pattern[str]:
    return re.compile(rf"(?:<tr{_ATTRIBUTES}>{_S}*+(?:{_CELL}){{{columns}}}</tr>{_S}*+)*+")


def _cut_out(text: str, run: Run) -> Iterator[list[str]]:
    """The clean texts of all cells, some hundred rows at once."""
    at = run.begins
    while at < run.ends:
        ends = text.find("</tr", at + _BLOCK, run.ends)
        ends = run.ends if ends < 0 else ends
        texts = _CELL_TEXT.findall(text, at, ends)
        if text.find("&", at, ends) >= 0:
            texts = _resolve(texts)
        at = ends
        yield list(clean_all(texts))


def _resolve(texts: list[str]) -> list[str]:
    """The texts with character references resolved as the parser does."""
    places = [at for at, text in enumerate(texts) if "&" in text]
    root = parse_text("".join([f"<p>{texts[at]}</p>" for at in places])) if places else None
    for at, paragraph in zip(places, [] if root is None else root.iter("p"), strict=True):
        texts[at] = paragraph.text or ""
    return texts


def cut_rows(page: Page) -> RecordCut | None:
    """How to cut a page into the rows of its table: if it has no other one, with a heading above each column, and if
    all rows are plain. Its `frame` raises ValueError where that turns out not to be so.
    """
    file = open_plain(page)
    (name, skipped), begins = file.encoding, file.begins(HEAD)
    first = re.search(_RECORD.encode() + rb"{2,}+</tr>", begins)
    if first is None or b"span=" in begins[: first.end()]:
        return None
    head = parse_text(begins[skipped : first.end()].decode(name, "replace"))
    tables = [] if head is None else [read_grid(table) for table in head.iter("table")]
    wide = first[0].count(b"<td")
    if [(len(table.rows), len(table.headings), all(table.headings)) for table in tables] != [(1, wide, True)]:
        return None
    plain = re.compile(_RECORD.encode() + rb"{%d}+</tr>" % wide)
    blocks, frame = partial(read_blocks_of, page.open), partial(_between_rows, plain, _same_markup(first[0]))
    return RecordCut(blocks, first.start(), _END, name, frame)


def _same_markup(row: bytes) -> bytes:
    """A pattern for those plain rows that have the same markup as this one: it is matched in half the time."""
    markup = (re.escape(part) for part in _ROW_TEXT.split(row.lstrip()))
    return b"%b*+%b" % (_S.encode(), _BYTES.encode().join(markup))


def _between_rows(plain: re.Pattern[bytes], same_markup: bytes, some: bytes) -> Iterator[tuple[int, int]]:
    """For `RecordCut.frame`: what is no plain row. Raises ValueError where other rows may mean something else by it."""
    first = re.match(rb"(?:%b)*+" % same_markup, some)
    at = first.end() if first else 0
    if some.find(b"span=", at) >= 0:
        raise ValueError("the rows of the table are not all plain")
    run = re.compile(rb"(?:%b|%b)*+" % (same_markup, plain.pattern))
    while at < len(some):
        if (rows := run.match(some, at)) and rows.end() > at:
            at = rows.end()
            continue
        ends = some.find(_END, at)
        stop = len(some) if ends < 0 else ends + len(_END)
        row = some.rfind(b"<tr", at, stop)
        begins = row if row >= 0 and plain.fullmatch(some, row, stop) else stop
        between = some[at:begins].removesuffix(_END)
        if _ANOTHER.search(between) or not _BETWEEN.match(between):
            raise ValueError("the rows of the table are not all plain")
        yield at, begins
        at = begins
