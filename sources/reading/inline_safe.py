"""Large pages that can be read in the program's own thread: no step of reading them can take long."""

from __future__ import annotations

import io

from sources.formats.archives import plain
from sources.model import Page

_LONG = 8_000  # bytes of a line: what the worst of that length takes is milliseconds
_PIECE = 1 << 18


def has_short_records(page: Page, quote: str) -> bool:
    """Whether a page is for certain a text of short records: UTF-8, no long line, and no value goes beyond its line.

    Where anything is quoted that is not certain: which quotes open a value depends on all that stands before them.
    """
    if page.encoding or (quote and quote.encode() in page.body):
        return False
    stream = io.BytesIO(page.body)
    try:
        while lines := stream.readlines(_PIECE):
            if max(map(len, lines)) > _LONG or "\0" in b"".join(lines).decode():
                return False
    except UnicodeDecodeError:
        return False
    return plain(page).encoding[0] == "utf-8"  # else a line of the text may be more than one of the bytes
