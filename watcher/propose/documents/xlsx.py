"""The proposal for an Excel workbook: its first sheet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from sources import Page
from sources.formats.workbooks import is_packed_excel, read_rows
from sources.text import clean
from watcher.propose.documents.rows import key_and_title, named
from watcher.propose.proposal import Proposal, Sketch

_SCORE = 2.5
_ROWS = 3000  # rows to look at
_MOST_ABOVE = 30  # rows of titles and notes above the headings


def propose(page: Page, limit: int | None) -> Iterator[Sketch]:
    """The sheet's rows. Raises WrongContent if it is not a workbook."""
    if not is_packed_excel(page):  # the size of others cannot be known before they are read
        return
    rows = [list(map(clean, row)) for row in islice(read_rows(page, None, limit), _ROWS)]
    widest = max((sum(map(bool, row)) for row in rows), default=0)
    above = next((at for at, row in enumerate(rows[:_MOST_ABOVE]) if sum(map(bool, row)) > 0.7 * widest), None)
    if widest > 1 and above is not None and len(rows) > above + 1:
        yield Sketch(_SCORE, partial(_proposal, rows[above:], above))


def _proposal(rows: list[list[str]], above: int) -> Proposal | None:
    width = max(at for at, name in enumerate(rows[0], 1) if name)
    columns, headed = named([row[:width] for row in rows])
    found = key_and_title(columns)
    if not found or not headed:
        return None
    key, options = found
    options = ({"header_row": above + 1} if above else {}) | options
    return Proposal("xlsx", options, f"a sheet of rows with {width} columns", key, columns)
