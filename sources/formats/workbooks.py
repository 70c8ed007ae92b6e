"""Workbooks of Excel (.xlsx, .xls) and OpenDocument (.ods), parsed by calamine after a check of their size.

calamine allocates a sheet as one block up to its last row and column: a file of a kilobyte with a value in the last
possible cell would exhaust the memory. So the archive is first unpacked within a limit, and the cell references of the
sheet give the size of the block.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import reduce
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from sources.errors import BadDocument, NotFound, WrongContent
from sources.formats.archives import files_in, translate_damage
from sources.formats.decode import name_binary
from sources.formats.download import Download
from sources.formats.unpack import too_large
from sources.text import listing

_MOST_BYTES = 200_000_000  # unpacked, unless the source sets `max_bytes`
_MOST_CELLS = 5_000_000  # 160 MB in calamine
_PLACE = re.compile(r"([A-Z]{0,3})(\d{1,7})")
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_MEDIA = re.compile(r"xl/(media|drawings|charts|embeddings|printerSettings)/|docProps/", re.IGNORECASE)


def read_rows(page: Download, sheet: str | int | None, limit: int | None) -> Iterator[list[str]]:
    """The rows of one sheet as text, from its first row, empty ones included. `sheet` is its name, or its number from
    1.

    Raises WrongContent for what is no workbook, BadDocument for a damaged one, NotFound, which lists the sheets, and
    TooLarge.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_bound(page, limit or _MOST_BYTES)))
        names = book.sheet_names
        number = names.index(sheet) + 1 if isinstance(sheet, str) and sheet in names else sheet or 1
        if isinstance(number, str) or not 1 <= number <= len(names):
            shown = listing(names, most=30)
            raise NotFound(f"{page.url} has no sheet {sheet!r} (option sheet); its sheets are {shown}")
        rows = book.get_sheet_by_index(number - 1).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise BadDocument(f"{page.url} is a damaged workbook: {error or type(error).__name__}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's panics are no subclass of Exception
            raise
        raise BadDocument(f"{page.url} is a workbook that cannot be read: {error}") from None
    return (list(map(_text, row)) for row in rows)


def is_packed_excel(page: Download) -> bool:
    """Whether a page may be a workbook whose size is measured before it is read: .xlsx."""
    return page.body.startswith(b"PK") and b"xl/workbook.xml" in page.body


def _bound(page: Download, limit: int) -> bytes:
    """The workbook as calamine can be given it. Old ones (.xls) are not packed."""
    if page.body.startswith(b"\xd0\xcf\x11\xe0"):
        return page.body
    if not page.body.startswith(b"PK"):
        what = name_binary(page.body) or page.content_type or "something else"
        raise WrongContent(f"{page.url} is no workbook (.xlsx, .xls, .ods) but {what}")
    # Repack it without compression, as calamine unpacks without a limit.
    plain = io.BytesIO()
    with (
        translate_damage(page.url),
        zipfile.ZipFile(io.BytesIO(page.body)) as packed,
        zipfile.ZipFile(plain, "w") as opened,
    ):
        parts = [info for info in files_in(packed) if not _MEDIA.match(info.filename)]
        if {"xl/workbook.xml", "content.xml"}.isdisjoint(info.filename for info in parts):
            shown = listing((info.filename for info in parts), most=5)
            raise WrongContent(f"{page.url} is no workbook (.xlsx, .ods) but an archive of {shown}")
        if sum(info.file_size for info in parts) > limit:
            raise too_large(limit, page.url)
        for info in parts:
            part = packed.read(info)
            if _SHEETS.fullmatch(info.filename):
                _measure(part, f"{info.filename} in {page.url}")
            opened.writestr(info.filename, part)
    return plain.getvalue()


def _measure(sheet: bytes, where: str) -> None:
    """Raise BadDocument when the sheet's block would be too large, or a cell has no reference."""
    row = column = rows = columns = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, rows, columns
        tag = tag.rpartition(":")[2]
        place = attributes.get("r")
        if tag == "row":
            row, column = int(place) if place else row + 1, 0
        elif tag == "c":
            if match := _PLACE.fullmatch(place or ""):
                # The column's number: 1 for A, 27 for AA.
                column = reduce(lambda number, letter: number * 26 + ord(letter) - ord("A") + 1, match[1], 0)
                row = int(match[2])
            elif place:
                raise ValueError(f"a cell at {place[:20]!r}")
            else:
                column += 1
        rows, columns = max(rows, row), max(columns, column)

    def doctype(*_: object) -> None:
        raise ValueError("a document type, which no workbook has")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, doctype
    try:
        parser.Parse(sheet, True)
    except (expat.ExpatError, ValueError) as error:
        raise BadDocument(f"{where} is damaged: {error}") from None
    if rows * columns > _MOST_CELLS:
        raise BadDocument(f"{where} reaches to row {rows:,} and column {columns:,}: too large to be read")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second or value.microsecond):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
