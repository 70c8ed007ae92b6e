"""The proposal for a delimited text, also in a ZIP archive."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from sources import Page
from sources.formats.archives import content
from sources.formats.decode import binary
from sources.text import clean
from watcher.propose.documents.rows import key_and_title, named
from watcher.propose.proposal import Proposal, Sketch

_SCORE = 2.5
_LINES = 3000  # lines to look at
_SIGNS = ",;\t|"
_MOST_ABOVE = 10  # lines of notes above the rows
_TYPES = ("text/csv", "text/tab-separated-values")


def propose(page: Page, limit: int | None) -> Iterator[Sketch]:
    """The rows, if the text is one of rows. Raises SourceError if it cannot be unpacked."""
    file = content(page, limit=limit)
    if binary(file.begins()) or re.match(rb"(\xef\xbb\xbf)?\s*[<{\[]", file.begins()):
        return
    with file.text() as text:
        lines = list(islice(text, _LINES))
    sign, width = _divided(lines, said=page.content_type in _TYPES)
    if width > 1:
        yield Sketch(_SCORE, partial(_proposal, lines, sign, width))


def _is_plain(row: Sequence[str], line: str, sign: str) -> bool:
    """Whether the kind finds the delimiter itself: it chooses the one that gives the first line most values."""
    return all(len(next(csv.reader([line], delimiter=other))) < len(row) for other in _SIGNS if other != sign)


def _divided(lines: Sequence[str], *, said: bool) -> tuple[str, int]:
    """The delimiter that gives most lines the same number of values, and that number; 0 if there is none.

    A text without a CSV media type must have several such lines.
    """
    best = ("", 0)
    for sign in _SIGNS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if any(row))
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        if times >= 0.8 * widths.total() and times >= (1 if said else 5) and width > best[1]:
            best = sign, width
    return best


def _proposal(lines: Sequence[str], sign: str, width: int) -> Proposal | None:
    rows = list(csv.reader(lines, delimiter=sign, skipinitialspace=True))
    above = next((at for at, row in enumerate(rows[:_MOST_ABOVE]) if len(row) == width), 0)
    columns, headed = named([[clean(value) for value in row] for row in rows[above:] if len(row) == width])
    found = key_and_title(columns)
    if not found:
        return None
    options: dict[str, Any] = {} if _is_plain(rows[above], lines[above], sign) else {"delimiter": sign}
    if not headed:
        options |= {"columns": list(columns)} | ({"header": above} if above else {})
    elif above:
        options["header"] = above + 1
    key, told = found
    return Proposal("csv", options | told, f"a text of rows with {width} columns", key, columns)
