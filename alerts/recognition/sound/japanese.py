"""How names in kanji are read: with the dictionary of the extra `japanese`; without it, not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_LONGEST_SURNAME = 3  # characters
_MOST = 4  # readings of one part
_NAME = "人名"
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
_TO_KATAKANA = 0x60


@cache
def _dictionary() -> Any | None:
    try:
        from sudachipy import Dictionary  # noqa: PLC0415 - few configurations need it
    except ImportError:
        return None
    return Dictionary(dict="small")


def parts(name: str) -> Iterator[tuple[list[str], list[str]]]:
    """The surname and the given name, each with its readings in katakana; nothing if the dictionary lacks either."""
    dictionary = _dictionary()
    if dictionary is None:
        return
    for size in range(min(_LONGEST_SURNAME, len(name) - 1), 0, -1):
        surname, given = (_readings(dictionary, part) for part in (name[:size], name[size:]))
        if surname and given:
            yield surname, given
            return
    for size in range(min(_LONGEST_SURNAME, len(name) - 1), 1, -1):
        surname, given = _composed(dictionary, name[:size]), _readings(dictionary, name[size:])
        if surname and given:
            yield surname, given
            return


def _readings(dictionary: Any, word: str) -> list[str]:
    if _KANA.fullmatch(word):
        return ["".join(chr(ord(char) + _TO_KATAKANA) if char < "\u30a0" else char for char in word)]
    names = [entry.reading_form() for entry in _entries(dictionary, word) if _NAME in entry.part_of_speech()]
    return list(dict.fromkeys(names))[:_MOST]


def _composed(dictionary: Any, word: str) -> list[str]:
    """The readings of a rare surname that the dictionary lacks, by those of its parts."""
    for at in range(len(word) - 1, 0, -1):
        one, other = (_parts_readings(dictionary, part) for part in (word[:at], word[at:]))
        if one and other:
            return [first + second for first in one for second in other][:_MOST]
    return []


def _parts_readings(dictionary: Any, part: str) -> list[str]:
    if part[0] in "ヶケ" and len(part) > 1:
        return [f"ガ{rest}" for rest in _parts_readings(dictionary, part[1:])]
    entries = _entries(dictionary, part)
    named = [entry for entry in entries if _NAME in entry.part_of_speech()]
    return list(dict.fromkeys(entry.reading_form() for entry in named or entries))[:2]


def _entries(dictionary: Any, word: str) -> list[Any]:
    return [entry for entry in dictionary.lookup(word) if entry.surface() == word]
