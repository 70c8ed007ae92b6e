"""Which large pages may be parsed in the calling thread, as no step of parsing them can take long."""

from __future__ import annotations

import io

from sources.formats.archives import plain
from sources.model import Page

_LONG = 8_000  # bytes of a line: the worst case of that length takes milliseconds
_PIECE = 1 << 18


def has_short_records(page: Page, quote: str) -> bool:
    """Whether a page is certainly a text of short records: UTF-8, no long line, and no value spans lines.

    False if it has any quote character: which quotes open a value depends on everything before them.
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
    return plain(page).encoding[0] == "utf-8"  # in other encodings a line of the text may be more than one of the bytes
