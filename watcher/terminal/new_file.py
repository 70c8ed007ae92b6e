"""Files that commands make: each is written whole or not at all; and rows in one, CSV or XLSX, in which no cell acts as
a formula.

In XLSX each cell is a text by its type. CSV has no types: a cell that a spreadsheet would take for a formula begins
with an apostrophe. XLSX limits a cell to 32,767 characters and a sheet to 1,048,576 rows: longer texts end with […],
further rows are a sheet of their own.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from watcher.errors import UsageError

_LONGEST, _CUT = 32_767, "[…]"
_MOST_ROWS = 1_048_575  # below the headings
_WIDTH = 24  # characters of a column

Row = Sequence[str]
Sheet = tuple[str, Row, Iterable[Row]]


def check_place(file: Path, example: str = "") -> None:
    """Check that a file can be there. Raises UsageError, which names an `example`, if there is one, for a folder."""
    if file.is_dir():
        such_as = f", such as {file / example}" if example else ""
        raise UsageError(f"{file}: is a folder; name the file in it{such_as}")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: the folder {file.parent} is missing")


def check_free(file: Path, *, force: bool) -> None:
    """Check that a file can be made there; an older one is replaced only with `force`. Raises UsageError."""
    check_place(file)
    if file.exists() and not force:
        raise UsageError(f"{file}: already there, and left as it is; --force writes over it")


@contextmanager
def new_file(file: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A new file to write to, which is there as soon as it is complete. Raises UsageError."""
    check_free(file, force=force)
    try:
        with _writing_whole(file, 0o640) as made:  # what is watched is confidential
            yield made
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from None


def write_whole(file: Path, content: bytes, mode: int) -> None:
    """Write a file: whoever reads it finds the old one or the new one. Raises OSError."""
    with _writing_whole(file, mode) as made:
        made.write(content)


@contextmanager
def _writing_whole(file: Path, mode: int) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its place at the end, with the owner of an older one; if there is an error, it is
    deleted. Raises OSError.
    """
    with NamedTemporaryFile(dir=file.absolute().parent, prefix=".", delete=False) as made:
        try:
            yield made
            made.flush()
            os.fsync(made.fileno())
            with suppress(FileNotFoundError, PermissionError):  # only root gives files away
                os.chown(made.fileno(), file.stat().st_uid, file.stat().st_gid)
            os.fchmod(made.fileno(), mode)
            Path(made.name).replace(file)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise


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
