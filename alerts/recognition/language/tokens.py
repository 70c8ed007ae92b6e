"""The words of a text and their positions. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import groupby

# Scripts without spaces between words: Thai to Burmese, Khmer, kana, Han. In these each letter is a word, an address
# ends before them, and a name next to their letters counts as a separate word.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)

_BLOCKS = (range(0x300, 0x1E00), range(0x20D0, 0x2100), range(0xA66F, 0xAC00), range(0xFE00, 0xFE30))
# Where these blocks have combining marks: Latin, Greek, Cyrillic and Armenian letters are between.
_WITH_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\ua66f-\uabff\ufe00-\ufe2f\uff9e\uff9f"
APOSTROPHES = "'’ʼ׳"
"""Apostrophes, and the Hebrew geresh, which stand within words."""

_ASCII = re.compile("[0-9A-Za-z]+")
_PLAIN = re.compile(r"[^\W_]+")
_USUAL = re.compile("[\x00-\u02ff\u0370-\u0482\u048a-\u0590\u2000-\u20cf]*")  # fast, and compiled fast: most texts


@cache
def _marks() -> str:
    """Combining marks, which belong to a word, although regular expressions do not count them as letters."""
    marks = (code for block in _BLOCKS for code in block if unicodedata.category(chr(code))[0] == "M")
    runs = [[code for _, code in run] for _, run in groupby(enumerate(marks), key=lambda each: each[1] - each[0])]
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs) + "\uff9e\uff9f"


@cache
def _full() -> re.Pattern[str]:
    # Possessive: nothing is gained by going back, and the engine would remember each letter of a long word for it.
    return re.compile(rf"(?:[^\W_{SPACELESS}{_marks()}][{_marks()}]*+)++|[{SPACELESS}][{_marks()}]*+")


@cache
def _odd() -> re.Pattern[str]:
    """Combining marks, and the letters of scripts without spaces."""
    return re.compile(f"[{_WITH_MARKS}{SPACELESS}]")


def is_plain(text: str) -> bool:
    """Whether a text has only letters whose words stand apart, as nearly all Latin and Cyrillic texts do: no combining
    marks, no scripts without spaces or with joined words, no apostrophes.
    """
    if text.isascii():
        return True
    usual = _USUAL.fullmatch(text) or not _odd().search(text)
    return bool(usual) and not any(map(text.__contains__, APOSTROPHES))


def words_of(text: str) -> list[str]:
    """The words of a text as written."""
    if text.isascii():
        return _ASCII.findall(text)
    usual = _USUAL.fullmatch(text) or not _odd().search(text)
    return (_PLAIN if usual else _full()).findall(text)


def may_be_proper(word: str) -> bool:
    """Whether a word begins with no small letter. Georgian has capitals, but nobody uses them."""
    return not word[0].islower() or "\u10d0" <= word[0] <= "\u10ff"


def apart(word: str) -> list[str]:
    """The words of one word: its letters with their marks, in a script without spaces. Faster for few words than
    to compile what `words_of` needs.
    """
    if not ("\u0e00" <= word[0] <= "\u0eff" or "\u3005" <= word[0] <= "\u9fff"):
        return [word]
    found: list[str] = []
    for char in word:
        if found and unicodedata.category(char)[0] == "M":
            found[-1] += char
        else:
            found.append(char)
    return found


def spans_of(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """The positions of the words of a text, which are all of it: one span for each."""
    found, end = [], 0
    for word in words:
        start = text.index(word, end)
        end = start + len(word)
        found.append((start, end))
    return found
