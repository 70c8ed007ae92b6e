"""Which reports are one report published twice: a wire story, cut, signed, its headline touched up. Pure.

Word shingles say how much of the shorter text stands in the longer one. That is not enough: "has opened an office" and
"has not opened an office" are nearly one text, and two events. So what differs is looked at as well: another name,
another number, a denial, or another word for what happened, make another event.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import cached_property

from alerts.matching.language.tokens import words_of

WITHIN = timedelta(days=3)  # a wire story that is printed later is a story of its own
SHINGLE = 3  # words
ENOUGH = 0.55  # of the shorter text's shingles

_CANDIDATES = 10  # of those that share most with a report, so many are compared with it
_PLACES = 50  # of a shingle: what every report has in it finds no copy
_BODY = 12  # words: a shorter text says too little without its headline
_LEAD = 30  # words, in which the news stand
_MOST = 300  # words of a text that are compared
_SHORT = 3  # words: so many in the place of others, at an end, are no line of an editor's


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIONS = _set("не ни нет без no not never nor without")
# What editors put in and take out, or one in the place of another, without saying anything else.
_EMPTY = _set(
    "а в во и из к как ко на о об от по с со у что это этом его ее их который которая которое которые которых"
    " a an and as at by for from has have in is it its of on or said says that the their this to was were which who"
    " with"
)


@dataclass(frozen=True)
class Report:
    """A report: its headline, its text ("" where the source has none), and when it became public."""

    title: str
    text: str
    at: datetime

    @cached_property
    def headline(self) -> list[str]:
        """Its headline's words."""
        return _words(self.title)

    @cached_property
    def body(self) -> list[str]:
        """Its text's words, as many as are compared."""
        return _words(self.text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """All shingles by which it is found again."""
        return frozenset([*_shingles(self.headline), *_shingles(self.body)])


def is_copy(one: Report, other: Report) -> bool:
    """Whether two reports are the same one, published twice."""
    left, right = compared(one, other)
    return _containment(left, right) >= ENOUGH and not tells_otherwise(left, right)


def copies(reports: Sequence[Report]) -> list[int | None]:
    """For each report, in order of time, the place of the first one that it is a copy of; None for what is new."""
    first: list[int | None] = []
    places: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_PLACES))  # of what is new, by shingle
    for number, report in enumerate(reports):
        shared = Counter(place for shingle in report.shingles for place in places.get(shingle, ()))
        near = {place: number for place, number in shared.items() if report.at - reports[place].at <= WITHIN}
        likely = sorted(near, key=lambda place: (-near[place], place))[:_CANDIDATES]
        found = next((place for place in likely if is_copy(reports[place], report)), None)
        first.append(found)
        if found is None:
            for shingle in report.shingles:
                places[shingle].append(number)
    return first


def _words(text: str) -> list[str]:
    return words_of(text.replace("n't", " not").replace("n’t", " not").replace("ё", "е").replace("Ё", "Е"))[:_MOST]


def compared(one: Report, other: Report) -> tuple[list[str], list[str]]:
    """What of two reports is compared: their texts; with headlines where a text is short, these alone where one has
    none.
    """
    if min(len(one.body), len(other.body)) >= _BODY:
        return one.body, other.body
    if one.body and other.body:
        return [*one.headline, *one.body], [*other.headline, *other.body]
    return one.headline, other.headline


def _shingles(words: Sequence[str]) -> set[str]:
    lower = [word.lower() for word in words]
    return {" ".join(lower[at : at + SHINGLE]) for at in range(max(1, len(lower) - SHINGLE + 1))} if lower else set()


def _containment(left: Sequence[str], right: Sequence[str]) -> float:
    """How much of the shorter text stands in the other one, from 0 to 1."""
    mine, theirs = _shingles(left), _shingles(right)
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0


def tells_otherwise(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether what stands in one text in the place of something in the other makes it another event."""
    return any(
        _is_denied(out, put) or _differ_in_facts(out, put) or (early and _differ_in_words(out, put))
        for out, put, early in _replaced(left, right)
    )


def _replaced(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[list[str], list[str], bool]]:
    """What differs between two texts, but for what was put before or after them; and whether it stands in the lead."""
    matcher = SequenceMatcher(None, [w.lower() for w in left], [w.lower() for w in right], autojunk=False)
    steps = matcher.get_opcodes()
    same = [place for place, step in enumerate(steps) if step[0] == "equal"]
    for place, (tag, start, end, begin, stop) in enumerate(steps):
        inside = bool(same) and same[0] < place < same[-1]
        short = tag == "replace" and max(end - start, stop - begin) <= _SHORT
        if tag != "equal" and (inside or short):
            yield list(left[start:end]), list(right[begin:stop]), min(start, begin) < _LEAD


def _is_denied(out: Sequence[str], put: Sequence[str]) -> bool:
    denials = [any(word.lower() in _NEGATIONS for word in side) for side in (out, put)]
    return denials[0] is not denials[1]


def _differ_in_facts(out: Sequence[str], put: Sequence[str]) -> bool:
    """Whether names or numbers stand in the place of others."""
    facts = [{word.lower() for word in side if word[0].isdigit() or word[0].isupper()} for side in (out, put)]
    return all(facts) and not _alike(facts[0], facts[1])


def _differ_in_words(out: Sequence[str], put: Sequence[str]) -> bool:
    """Whether words stand in the place of others that are not forms of them."""
    said = [{word.lower() for word in side} - _EMPTY for side in (out, put)]
    return all(said) and not _alike(said[0], said[1])


def _alike(left: set[str], right: set[str]) -> bool:
    """Whether the words of the shorter side are all forms of words of the other."""
    few, many = sorted((left, right), key=len)
    return all(any(_is_form(word, other) for other in many) for word in few)


def _is_form(word: str, other: str) -> bool:
    """Whether two words begin alike for most of their length."""
    pairs = enumerate(zip(word, other, strict=False))
    common = next((at for at, pair in pairs if pair[0] != pair[1]), min(len(word), len(other)))
    return word == other or (common >= 3 and common / max(len(word), len(other)) >= 0.6)
