"""Text files of rows, delimited or of fixed widths, parsed line by line; unique names of columns."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TextIO

from sources.errors import BadDocument
from sources.formats.archives import open_plain
from sources.formats.download import Download
from sources.text import clean, listing

# Bounds a value whose quote is never closed; address lists of 100 kB in one value occur.
csv.field_size_limit(10_000_000)

_LONG = 8_000  # bytes of a line: the worst case of that length takes milliseconds
_BLOCK = 1 << 17  # characters of lines that are split at once: fewer cost more for each, more memory
_END = "\x1a"  # the end-of-file character of DOS; some exports still write it


def read_delimited(
    lines: Iterator[str], delimiter: str, quote: str, where: str, *, line: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """The records of a delimited text, each with the number of its last line; empty ones are skipped.

    `line` lines were skipped before. Of the others no more are taken than the first is read from, until the next record
    is asked for. Raises BadDocument for unbalanced quotes and NUL characters.
    """
    reader = _reader(_sound(lines, where, line), delimiter, quote, strict=True)
    try:
        for row in reader:
            if row and (row[0][:1].isalnum() or any(value.strip(_END).strip() for value in row)):
                yield line + reader.line_num, row
    except csv.Error as error:
        why = 'cut off, or its quotes are not doubled inside values (quote = "" takes them as they are)'
        if "field larger" in str(error):
            why = "a quote that is never closed"
        raise BadDocument(f"{where}, line {line + reader.line_num}: {clean(str(error))}: {why}") from None


def read_blocks(
    stream: TextIO, delimiter: str, quote: str, width: int, where: str, *, text: str = "", line: int = 0
) -> Iterator[list[str] | Iterator[tuple[int, list[str]]]]:
    """The records of `text` and the rest of a stream as `read_delimited` gives them, but those of plain lines together,
    as one list of all their values: `width` for each, with the spaces around them.

    `line` lines were read before. Behind a quote all follows record by record, as a value may end anywhere.
    """
    while text := text + stream.read(_BLOCK) + stream.readline():
        if values := split_plain(text, delimiter, quote, width):
            yield values
            line += len(values) // width
        else:
            odd = io.StringIO(text, newline="").readlines()
            rest = stream if quote and quote in text else ()
            yield read_delimited(chain(odd, rest), delimiter, quote, where, line=line)
            line += len(odd)
        text = ""


def split_plain(text: str, delimiter: str, quote: str, width: int) -> list[str]:
    """The values of whole lines, one after another, if all that `read_delimited` would do is to split them into `width`
    values each, at several times the cost; else none. Spaces around them stay.
    """
    if (quote and quote in text) or "\0" in text or _END in text or len(text) > 2 * _BLOCK:
        return []
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    values = text.removesuffix("\n").replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    ends = slice(width, None, width + 1)  # where the ends of lines are, if each has `width` values
    lines = (len(values) + 1) // (width + 1)
    if len(values) != lines * (width + 1) - 1 or values[ends] != ["\n"] * (lines - 1):
        return []
    del values[ends]
    return values if all(map(str.strip, values[::width])) else []  # a line without a first value may have none at all


def read_loosely(lines: Iterator[str]) -> Iterator[list[str]]:
    """The rows of a text that people keep, from the first that is not empty: the delimiter is the one that splits it
    into most, a quote in the wrong place is a part of its value, and a row without any value is an empty list, so that
    whoever numbers them counts as a spreadsheet does. Raises BadDocument.
    """
    first, number = next((line for line in lines if line.strip()), ""), 1
    try:
        for row in _reader(chain([first], lines), find_delimiter(first, '"'), '"'):
            number += 1
            yield row if any(map(str.strip, row)) else []
    except csv.Error as error:
        raise BadDocument(f"row {number}: {error}") from None


def read_fixed(
    lines: Iterator[str], widths: Sequence[int], where: str, *, line: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """The records of a text in columns of fixed widths; the last column is open-ended. Ruler lines are skipped."""
    ends = [sum(widths[: at + 1]) for at in range(len(widths))]
    for number, text in enumerate(_sound(lines, where, line), line + 1):
        row = [text[start:end] for start, end in zip([0, *ends[:-1]], [*ends[:-1], None], strict=True)]
        if text.strip(f" \t\r\n-={_END}"):
            yield number, row


def fit_row(row: list[str], names: Sequence[str], where: str, *, ragged: bool) -> list[str]:
    """The row with exactly one value per column.

    Raises BadDocument for other rows, whose values cannot be assigned, unless `ragged`: then missing values at the end
    are empty, and surplus ones belong to the last column. Surplus empty values are always dropped.
    """
    width = len(names)
    if len(row) > width and not any(map(str.strip, row[width:])):
        return row[:width]
    if len(row) == width:
        return row
    if not ragged:
        counts = f"{len(row)} values for {width} columns: {listing(names, most=20)}"
        raise BadDocument(f"{where} has {counts} (delimiter, quote, header; ragged = true takes rows as they are)")
    return [*row[: width - 1], " ".join(row[width - 1 :])] if len(row) > width else row + [""] * (width - len(row))


def _reader(lines: Iterable[str], delimiter: str, quote: str, *, strict: bool = False) -> Any:
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=delimiter != " ",
        strict=strict,
    )


def find_delimiter(line: str, quote: str, expected: int | None = None) -> str:
    """The delimiter that splits a line into `expected` values, else into most."""

    def values(sign: str) -> int:
        try:
            return len(next(_reader([line], sign, quote), []))
        except csv.Error:  # a value beyond the field size limit
            return 0

    counts = {candidate: values(candidate) for candidate in (",", ";", "\t", "|") if candidate != quote}
    exact = [candidate for candidate, count in counts.items() if count == expected]
    return exact[0] if exact else max(counts, key=lambda candidate: counts[candidate])


def _sound(lines: Iterable[str], where: str, before: int) -> Iterator[str]:
    rest, together = iter(lines), 1  # the first line alone: what follows headings may be read by others
    while some := list(islice(rest, together)):
        together = 50
        if "\0" in "".join(some):
            number = before + next(at for at, line in enumerate(some, 1) if "\0" in line)
            what = "it is no text, is damaged, or its encoding (option encoding) is not what it seems"
            raise BadDocument(f"{where} has a NUL character in line {number}: {what}")
        before += len(some)
        yield from some


def has_short_records(page: Download, quote: str) -> bool:
    """Whether a page is certainly a text of short records: UTF-8, no long line, and no value spans lines. So no step of
    parsing it can take long.

    False if it has any quote character: which quotes open a value depends on everything before them.
    """
    if page.encoding:
        return False
    stream = page.open()
    try:
        while lines := stream.read(1 << 18) + stream.readline(_LONG + 1):
            text = lines.decode()
            if _has_long_line(lines) or "\0" in text or (quote and quote in text):
                return False
    except UnicodeDecodeError:
        return False
    # In other encodings a line of the text may be more than one of the bytes.
    return open_plain(page).encoding[0] == "utf-8"


def _has_long_line(lines: bytes) -> bool:
    at = 0
    while end := lines.rfind(b"\n", at, at + _LONG) + 1:
        at = end
    return len(lines) - at > _LONG


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
