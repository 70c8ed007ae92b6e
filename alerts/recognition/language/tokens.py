"""The words of a text and their positions. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Scripts without spaces between words: Thai to Burmese, Khmer, kana, Han. In these each letter is a word, an address
# ends before them, and a name next to their letters counts as a separate word.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)


def _ranges(codes: Iterable[int]) -> str:
    """Character codes as the inside of a regular expression's character class."""
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)


_BLOCKS = (range(0x300, 0x1E00), range(0x20D0, 0x2100), range(0xA66F, 0xAC00), range(0xFE00, 0xFE30))
# Combining marks belong to a word, although regular expressions do not count them as letters.
MARKS = _ranges(code for block in _BLOCKS for code in block if unicodedata.category(chr(code))[0] == "M")
MARKS += "\uff9e\uff9f"

APOSTROPHES = "'’ʼ׳"
"""Apostrophes, and the Hebrew geresh, which stand within words."""
ARABIC = "\u0620-\u064a"

_ASCII = re.compile("[0-9A-Za-z]+")
_PLAIN = re.compile(r"[^\W_]+")
_ODD = re.compile(rf"[{MARKS}{SPACELESS}]")
_UNUSUAL = re.compile(rf"[{MARKS}{SPACELESS}{APOSTROPHES}{ARABIC}]")
_FULL = re.compile(rf"(?:[^\W_{SPACELESS}{MARKS}][{MARKS}]*)+|[{SPACELESS}][{MARKS}]*")


def _pattern(text: str) -> re.Pattern[str]:
    if text.isascii():
        return _ASCII
    return _FULL if _ODD.search(text) else _PLAIN


def is_plain(text: str) -> bool:
    """Whether a text has only letters whose words stand apart, as nearly all Latin and Cyrillic texts do: no combining
    marks, no scripts without spaces or with joined words, no apostrophes.
    """
    return text.isascii() or not _UNUSUAL.search(text)


def plain_words(text: str) -> list[str]:
    """The words of a plain text, faster than `words_of`."""
    return (_ASCII if text.isascii() else _PLAIN).findall(text)


def words_of(text: str) -> list[str]:
    """The words of a text as written."""
    return _pattern(text).findall(text)


def spans_of(text: str) -> list[tuple[int, int]]:
    """The positions of the words: one span for each."""
    return [word.span() for word in _pattern(text).finditer(text)]
