"""Names in scripts without spaces: katakana between other letters, and Thai between spaces and usual words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from alerts.recognition.language.frequent import is_frequent
from alerts.recognition.tables import words
from alerts.recognition.text.words import Span
from alerts.recognition.vocabulary.hits import Hit

# Titles, and what stands before and after names: prepositions, conjunctions, verbs of reports, kinds of things.
_DEPENDENT = "\u0e30-\u0e3a\u0e45-\u0e4e"  # vowels and signs that follow the letter to which they belong
LONGEST, _SHORTEST = 18, 3
"""Letters of a word that may be a name."""
_MOST_ENDS = 2

Place = tuple[int, int]
"""Where a word begins and ends."""


@cache
def _usual() -> re.Pattern[str]:
    usual = sorted(map(re.escape, words("usual_in_thai")), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(usual)})(?![{_DEPENDENT}])")


def between_usual_words(text: str, start: int, end: int) -> Iterator[Place]:
    """Where a name may be in a run of letters, at each beginning the longest first."""
    usual = [found.span() for found in _usual().finditer(text, start, end)]
    begins = [start, *(stop for _, stop in usual)]
    ends = [*(begin for begin, _ in usual), end]
    for at, begin in enumerate(begins):
        for stop in reversed(ends[at : at + _MOST_ENDS]):
            if _SHORTEST <= stop - begin <= LONGEST and not is_frequent(text[begin:stop]):
                yield begin, stop


LookUp = Callable[[str], Sequence[Hit]]
ListedAt = Callable[[str, int], int]
"""How many letters a listed Thai word has that begins at a place of a text; 0 if none does."""

DOTS = "·・•‧･"
KATAKANA = "\u30a1-\u30fa\u30fc\uff66-\uff6f\uff71-\uff9f"  # of full and of half width
THAI = "\u0e00-\u0e7f"
_RUN = rf"[{KATAKANA}]+|[{THAI}]{{2,}}"
_IN_NAMES = frozenset(f"{DOTS}＝=-")  # between two words of katakana

_compiled = cache(re.compile)
"""Compiled with the first text of these scripts."""


def runs_of_names(text: str, spans: Sequence[Span], look_up: LookUp, listed_at: ListedAt) -> Iterator[tuple[Span, str]]:
    """The numbers of the first word and of the one after the last, and the word that they make: known ones, and those
    that a dot joins to them, or a space in Thai, which may be the other half of a name.
    """
    starts = {span[0]: at for at, span in enumerate(spans)}
    ends = {span[1]: at for at, span in enumerate(spans)}
    runs = [run.span() for run in _compiled(_RUN).finditer(text)]
    known = [list(_known_in(text, run, look_up, listed_at)) for run in runs]
    for at, (start, end) in enumerate(runs):
        found = list(known[at])
        if (
            at
            and known[at - 1]
            and known[at - 1][-1][1] == runs[at - 1][1]
            and _are_joined(text, runs[at - 1][1], start)
        ):
            found += _first_of(text, start, end, known[at])
        if at + 1 < len(runs) and known[at + 1] and known[at + 1][0][0] == runs[at + 1][0]:
            found += _last_of(text, start, end, known[at]) if _are_joined(text, end, runs[at + 1][0]) else ()
        for begin, stop in found:
            if begin in starts and stop in ends:
                yield (starts[begin], ends[stop] + 1), text[begin:stop]


def _known_in(text: str, run: Span, look_up: LookUp, listed_at: ListedAt) -> Iterator[Span]:
    """The known words of a run, from left to right."""
    start, end = run
    thai = _is_thai(text[start])
    if not (thai and end - start > LONGEST) and look_up(text[start:end]):
        yield run
    elif thai:
        done = start
        places = sorted(
            [*_listed(text, start, end, listed_at), *between_usual_words(text, start, end)],
            key=lambda place: (place[0], -place[1]),  # the longest first
        )
        for begin, stop in places:
            if begin >= done and look_up(text[begin:stop]):
                yield begin, stop
                done = stop


def _listed(text: str, start: int, end: int, listed_at: ListedAt) -> Iterator[Span]:
    for at in range(start, end):
        if length := listed_at(text, at):
            yield at, min(end, at + length)


def _first_of(text: str, start: int, end: int, known: list[Span]) -> list[Span]:
    """The first word of a run, unless one is known there."""
    stop = known[0][0] if known else end
    found = [place for place in between_usual_words(text, start, end) if place[0] == start and place[1] <= stop]
    return found[-1:]


def _last_of(text: str, start: int, end: int, known: list[Span]) -> list[Span]:
    """The last word of a run, unless one is known there."""
    begin = known[-1][1] if known else start
    found = [place for place in between_usual_words(text, start, end) if place[1] == end and place[0] >= begin]
    return found[-1:]


def _is_thai(char: str) -> bool:
    return "\u0e00" <= char <= "\u0e7f"


def _are_joined(text: str, end: int, start: int) -> bool:
    gap = text[end:start]
    return gap in _IN_NAMES or (gap == " " and _is_thai(text[end - 1]))
