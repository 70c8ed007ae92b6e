"""Rows in a file, CSV or XLSX, written one at a time. No cell acts as a formula.

In XLSX each cell is a text by its type. CSV has no types: a cell that a spreadsheet would take for a formula begins
with an apostrophe. XLSX limits a cell to 32,767 characters and a sheet to 1,048,576 rows: longer texts end with […],
further rows are a sheet of their own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST, _CUT = 32_767, "[…]"
_MOST_ROWS = 1_048_575  # below the headings
_WIDTH = 24  # characters of a column

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
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


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
    bold, number = book.add_format({"bold": True}), 0
    sheet = _sheet(book, name, headings, bold)
    for number, row in enumerate(rows, 1):
        if number > 1 and number % _MOST_ROWS == 1:
            sheet = _sheet(book, f"{name} {number // _MOST_ROWS + 1}", headings, bold)
        _write_row(sheet, (number - 1) % _MOST_ROWS + 1, row)
    return number


def _sheet(book: Any, name: str, headings: Row, bold: Any) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
    _write_row(sheet, 0, headings, bold)
    return sheet


def _write_row(sheet: Any, at: int, row: Row, style: Any = None) -> None:
    for column, cell in enumerate(row):
        if cell:
            sheet.write_string(at, column, fitting(cell), style)


def fitting(cell: str) -> str:
    """A text that fits into a cell."""
    return cell if len(cell) <= _LONGEST else cell[: _LONGEST - len(_CUT)] + _CUT
