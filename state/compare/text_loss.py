"""Has most of a page's text gone? Pure.

A page that shows "Oops", a cookie wall or "we have moved" is read without an error, and has hardly a word of what stood
there. A list whose items are all new ones is none of these: it is about as long as before, and some of its words and
lines are the same. Words count first, as an edit in a paragraph of one line takes the rest of its line away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

LEAST_WORDS = 10  # of a shorter text ("open" → "closed") nobody can say
# A text that is not shorter has gone if no more than this is left of it: two texts of one language have some words in
# common, and two pages of one site a heading.
_WORDS_LEFT, _LINES_LEFT = 1 / 3, 0.05
_MOST_CHARACTERS = 2_000_000  # of a text that are looked at: beyond, only its length counts
_BUCKETS = 1 << 16  # that words are counted in: a page may have a million different ones
# Chinese, Japanese and Korean have no spaces: each sign counts as a word. Compiled at first use, as that takes 2 ms.
_WORD = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"


class Loss(NamedTuple):
    """How many words a text had, and how many of them are left, each as often as it stands there; 0 to 1: how much
    shorter the text is, and how much of it is in lines that are left.
    """

    had: int
    left: int
    shorter: float
    in_lines: float

    @property
    def share(self) -> float:
        """How many of its words have gone: 0 to 1."""
        return (self.had - self.left) / self.had if self.had else 0.0

    def is_more_than(self, share: float) -> bool:
        """Whether the text has lost more than this share (0 to 1), and is shorter by as much, or another one."""
        is_another = self.share > 1 - _WORDS_LEFT and self.in_lines <= _LINES_LEFT
        return self.share > share and (self.shorter > share or is_another)


def lost(before: str, after: str) -> Loss:
    """What is left of a text; a long one is judged by its beginning, and by its length."""
    shorter = 1 - len(after) / len(before) if before else 0.0
    before, after = before[:_MOST_CHARACTERS], after[:_MOST_CHARACTERS]
    old, new = _counts(before), _counts(after)
    left = (old & new).total()
    if shorter > 0:
        left = min(left, int(old.total() * (1 - shorter)))
    return Loss(old.total(), left, shorter, _in_lines(before, after))


def _in_lines(before: str, after: str) -> float:
    now = set(after.splitlines())
    lines = before.splitlines()
    return sum(len(line) for line in lines if line in now) / max(1, sum(map(len, lines)))


def _counts(text: str) -> Counter[int]:
    return Counter(crc32(word.encode("utf-8", "surrogatepass")) % _BUCKETS for word in _words(text))


def _words(text: str) -> Iterator[str]:
    return (match[0].casefold() for match in re.finditer(_WORD, text))
