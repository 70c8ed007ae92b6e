"""Rows in a file, CSV or XLSX, written one at a time; and the entries of a time as such rows. No cell acts as a
formula.

In XLSX each cell is a text by its type. CSV has no types: a cell that a spreadsheet would take for a formula begins
with an apostrophe. XLSX limits a cell to 32,767 characters and a sheet to 1,048,576 rows: longer texts end with […],
further rows are a sheet of their own.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from state.history.history import PastEntry
from watcher.reports import iso
from watcher.reports.past import SourcePast
from watcher.terminal.new_file import new_file

_LONGEST, _CUT = 32_767, "[…]"
_MOST_ROWS = 1_048_575  # below the headings
_WIDTH = 24  # characters of a column
_BEFORE = ("key", "title", "url", "published")
_AFTER = ("text", "since", "checked_before", "not_known")
_SIGNS = {name: f"{name} (field)" for name in (*_BEFORE, *_AFTER)}  # fields that are called like a column of ours

Row = Sequence[str]
Sheet = tuple[str, Row, Iterable[Row]]


def write_csv(out: IO[bytes], headings: Row, rows: Iterable[Row]) -> int:
    """Write rows as CSV (RFC 4180, UTF-8); returns their number."""
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="")
    writer, number = csv.writer(text), 0
    writer.writerow(map(inert, headings))
    for number, row in enumerate(rows, 1):  # noqa: B007 - the last number is the result
        writer.writerow(map(inert, row))
    text.detach()
    return number


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def write_sheets(out: IO[bytes], sheets: Iterable[Sheet], notes: Iterable[Row]) -> int:
    """Write a workbook of several sheets (name, headings, rows), and one with notes; returns the number of all rows."""
    from xlsxwriter import Workbook

    book = Workbook(out, {"constant_memory": True})
    number = sum(_write_sheet(book, *each) for each in sheets)
    about = book.add_worksheet("about")
    about.set_column(0, 1, _WIDTH)
    for at, note in enumerate(notes):
        _write_row(about, at, note)
    book.close()
    return number


def _write_sheet(book: Any, name: str, headings: Row, rows: Iterable[Row]) -> int:
    bold, number, sheet = book.add_format({"bold": True}), 0, None
    for number, row in enumerate(chain([headings], rows)):  # a further sheet begins with the headings, too
        place = (number - 1) % _MOST_ROWS
        if sheet is None or (place == 0 and number > 1):
            sheet = book.add_worksheet(f"{name} {number // _MOST_ROWS + 1}" if number else name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
            _write_row(sheet, 0, headings, bold)
        if number:
            _write_row(sheet, place + 1, row)
    return number


def _write_row(sheet: Any, at: int, row: Row, style: Any = None) -> None:
    for column, cell in enumerate(row):
        if cell:
            sheet.write_string(at, column, fitting(cell), style)


def fitting(cell: str) -> str:
    """A text that fits into a cell."""
    return cell if len(cell) <= _LONGEST else cell[: _LONGEST - len(_CUT)] + _CUT


def write_entries(
    file: Path, past: SourcePast, at: datetime, find: str, zone: tzinfo, limit: int | None, *, xlsx: bool, force: bool
) -> int:
    """Write the entries of a source at a time, at most `limit`, to a file; returns their number. Raises UsageError."""
    unknown = [gap.words(zone) for gap in past.gaps_at(at)]

    def entries() -> Iterator[PastEntry]:
        return islice((each for each in past.entries(at, find) if not each.disputes), limit)  # a row is one entry

    def row_of(each: PastEntry) -> Row:
        entry = each.entry
        head = (entry.key, entry.title, entry.url or "", iso(entry.published) or "")
        tail = (entry.text, iso(each.since) or "", iso(each.checked_before) or "", "; ".join(unknown))
        return [*head, *(entry.fields.get(name, "") for name in fields), *tail]

    # a first look for the names alone, as the headings come before the rows, which may not fit into memory
    fields = list(dict.fromkeys(name for each in entries() for name in each.entry.fields))
    headings = [*_BEFORE, *(_SIGNS.get(name, name) for name in fields), *_AFTER]
    rows = map(row_of, entries())
    notes = [("source", past.source), ("at", at.astimezone(zone).isoformat()), *([("find", find)] if find else [])]
    notes += [("not known", words) for words in unknown]
    with new_file(file, force=force) as out:
        return write_sheets(out, [("entries", headings, rows)], notes) if xlsx else write_csv(out, headings, rows)
