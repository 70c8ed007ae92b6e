"""HTML entities that were left in a text, and where each character was. Pure."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from typing import NamedTuple

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


class Restored(NamedTuple):
    """A text without entities, and the places where it got shorter: in it, and in the text as it was."""

    text: str
    shifts: tuple[tuple[int, int], ...] = ()

    def origin(self, place: int) -> int:
        """The place in the text as it was."""
        if not self.shifts:
            return place
        at = bisect_right(self.shifts, place, key=lambda shift: shift[0]) - 1
        return place if at < 0 else place - self.shifts[at][0] + self.shifts[at][1]


def restored(text: str) -> Restored:
    """The text with the characters that its entities stand for; invisible ones are taken out."""
    if "&" not in text or not _ENTITY.search(text):
        return Restored(text)
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    size = done = 0
    for entity in _ENTITY.finditer(text):
        plain = html.unescape(entity[0])
        if plain == entity[0]:
            continue
        new = _INVISIBLE.sub("", plain)
        parts += (text[done : entity.start()], new)
        size += entity.start() - done + len(new)
        done = entity.end()
        shifts.append((size, done))
    return Restored("".join([*parts, text[done:]]), tuple(shifts))
