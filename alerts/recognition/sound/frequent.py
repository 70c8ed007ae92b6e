"""The frequent words of languages in other scripts than Latin and Cyrillic, which are no names by their sound alone. Pure.

The table is made by .ci/frequent_words.py, and its licence is said in it.
"""

from __future__ import annotations

from functools import cache

from alerts.recognition.language.native_forms import forms
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import lines

_WRITTEN_TOGETHER = frozenset({"thai", "hangul"})
_SHORTEST = 2  # letters of a word; in Korean, particles and endings of one syllable may follow the first


def is_frequent(folded: str) -> bool:
    """Whether a word is a frequent one, with what its script joins to it, or is made of frequent ones."""
    script = alphabet(folded)
    known, longest = _of_script(script)
    if not known:
        return False
    if script not in _WRITTEN_TOGETHER:
        return any(form in known for form in forms(folded))
    reached = {0}
    for end in range(_SHORTEST, len(folded) + 1):
        starts = (start for start in range(max(0, end - longest), end) if start in reached)
        if any(
            folded[start:end] in known for start in starts if end - start >= _SHORTEST or (start and script == "hangul")
        ):
            reached.add(end)
    return len(folded) in reached


@cache
def _of_script(script: str) -> tuple[frozenset[str], int]:
    """The frequent words of all languages of a script, and how many letters the longest has."""
    rows = (line.split(" ") for line in lines("frequent.txt"))
    found = frozenset(word for _, written, *words in rows if written == script for word in words)
    return found, max(map(len, found), default=0)
