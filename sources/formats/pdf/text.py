"""The text of each page of a PDF file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sources.formats.pdf.direction import has_right_to_left, logical
from sources.formats.pdf.document import faults, no_text, opened
from sources.text import clean_lines

if TYPE_CHECKING:
    from sources.model import Page

# PDFium marks a word that is divided at the end of a line by U+FFFE, or leaves the hyphen.
_DIVIDED = re.compile(r"(?<=\w)(?:[\u00ad\ufffe\x02]\n?|[-\u2010]\n(?=[^\W\d_A-ZА-ЯЁ]))([^\W\d_]*)[ \t]*\n?")
_GAP = 0.15  # of the height of a character: a wider gap is a space


class Char(NamedTuple):
    """A character and its place: left, bottom, right and top."""

    text: str
    box: tuple[float, float, float, float]


def texts_in(page: Page) -> Iterator[tuple[int, str]]:
    """The number of each page, from 1, and its text, line by line. Divided words are joined.

    Raises WrongContent, and BadDocument as `opened` does, also for a file without text.
    """
    any_text = False
    with faults(page.url), opened(page) as document:
        for number, sheet in enumerate(document, 1):
            found = sheet.get_textpage()
            text = clean_lines(undivided(_text(found)))
            found.close()
            sheet.close()
            any_text = any_text or bool(text)
            yield number, text
    if not any_text:
        raise no_text(page.url)


def undivided(text: str) -> str:
    """The text with words joined that are divided at the end of a line: the word's end moves up to its beginning."""
    return _DIVIDED.sub(lambda found: f"{found[1]}\n", text)


def _text(page: Any) -> str:
    text: str = page.get_text_range().replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(map(_line, _lines(page))) if has_right_to_left(text) else text


def _lines(page: Any) -> Iterator[list[Char]]:
    """The characters of each line, with their places."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - slow to import

    line: list[Char] = []
    for at in range(page.count_chars()):
        text = chr(pdfium.FPDFText_GetUnicode(page, at))
        if text in "\r\n":
            if line:
                yield line
            line = []
        elif not text.isspace() and text.isprintable():
            line.append(Char(text, page.get_charbox(at, loose=True)))
    if line:
        yield line


def _line(chars: list[Char]) -> str:
    """A line in the order in which it is read. PDFium puts the characters of each word in order, but not the words."""
    said, end = "", None
    for char in sorted(chars, key=lambda each: each.box[0] + each.box[2]):
        left, bottom, right, top = char.box
        if end is not None and left - end > _GAP * (top - bottom):
            said += " "
        said += char.text
        end = right
    return logical(said)
