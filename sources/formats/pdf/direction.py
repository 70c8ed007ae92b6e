"""From the order in which a line is printed to the order in which it is read, for Hebrew and Arabic. Pure.

A PDF file has characters at places. Sorted from left to right, Hebrew words are back to front, while numbers and Latin
words between them are not. This undoes what the bidirectional algorithm of Unicode did when the line was printed, for
the cases that registers have; a line can be ambiguous.
"""

from __future__ import annotations

import re

_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_LEFT = rf"[^\W\d_{_RIGHT}]"
_RUN_TO_LEFT = re.compile(rf"[{_RIGHT}](?:(?:(?!{_LEFT}).)*[{_RIGHT}])?")
# What keeps its order inside a line from right to left: Latin words with what stands between them, and numbers.
_KEPT = re.compile(rf"{_LEFT}(?:[^{_RIGHT}]*(?:{_LEFT}|\d))?|\d+(?:[.,/:\-+]\d+)*|.", re.DOTALL)
_ANY_RIGHT = re.compile(rf"[{_RIGHT}]")
_ANY_LEFT = re.compile(_LEFT)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def has_right_to_left(text: str) -> bool:
    """Whether a text has letters that are written from right to left."""
    return _ANY_RIGHT.search(text) is not None


def logical(line: str) -> str:
    """A line in the order in which it is read; `line` has its characters from left to right."""
    right = len(_ANY_RIGHT.findall(line))
    if not right:
        return line
    if right >= len(_ANY_LEFT.findall(line)):
        return _turned(line)
    return _RUN_TO_LEFT.sub(lambda found: _turned(found[0]), line)


def _turned(line: str) -> str:
    parts = _KEPT.findall(line)
    return "".join(part if len(part) > 1 else part.translate(_MIRRORED) for part in reversed(parts))
