"""Recognises reports that are one report published twice: a wire story, cut, signed, or with another headline. Pure.

Word shingles measure how much of the shorter text the longer one contains. That is not enough: "has opened an office"
and "has not opened an office" are nearly the same text, but two events. So the differences are compared, too: another
name, another number, a denial, or another verb make another event.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import cached_property

from alerts.recognition.language.tokens import words_of

WITHIN = timedelta(days=3)  # a wire story printed later counts as a new one
SHINGLE = 3  # words in a shingle
ENOUGH = 0.55  # least share of the shorter text's shingles

_CANDIDATES = 10  # reports compared with a new one: those that share most shingles
_PLACES = 50  # most reports kept for a shingle: one that every report has finds no copy
_BODY = 12  # words: a shorter text is compared with its headline
_LEAD = 30  # words at the beginning, which have the news
_MOST = 300  # most words of a text that are compared
_SHORT = 3  # words: a replacement of so many words at an end still counts as an edit


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIONS = _set("не ни нет без no not never nor without")
# Words that editors add, remove or exchange without a change of meaning.
_EMPTY = _set(
    "а в во и из к как ко на о об от по с со у что это этом его ее их который которая которое которые которых"
    " a an and as at by for from has have in is it its of on or said says that the their this to was were which who"
    " with"
)


@dataclass(frozen=True)
class Report:
    """A report: its headline, its text ("" if the source has none), and when it became public."""

    title: str
    text: str
    at: datetime

    @cached_property
    def headline(self) -> list[str]:
        """The words of the headline."""
        return _words(self.title)

    @cached_property
    def body(self) -> list[str]:
        """The words of the text, up to _MOST."""
        return _words(self.text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """All shingles by which it can be found."""
        return frozenset([*_shingles(self.headline), *_shingles(self.body)])


def is_copy(one: Report, other: Report) -> bool:
    """Whether two reports are the same one, published twice."""
    left, right = choose_words(one, other)
    mine, theirs = _shingles(left), _shingles(right)
    contained = len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
    return contained >= ENOUGH and not tells_otherwise(left, right)


def copies(reports: Sequence[Report]) -> list[int | None]:
    """For each report, in order of time, the index of the first one that it is a copy of; None for a new one."""
    first: list[int | None] = []
    places: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_PLACES))  # indexes of new reports, by shingle
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


def choose_words(one: Report, other: Report) -> tuple[list[str], list[str]]:
    """The words to compare: the texts; with headlines if a text is short; the headlines alone if one has no text."""
    if min(len(one.body), len(other.body)) >= _BODY:
        return one.body, other.body
    if one.body and other.body:
        return [*one.headline, *one.body], [*other.headline, *other.body]
    return one.headline, other.headline


def _shingles(words: Sequence[str]) -> set[str]:
    lower = [word.lower() for word in words]
    return {" ".join(lower[at : at + SHINGLE]) for at in range(max(1, len(lower) - SHINGLE + 1))} if lower else set()


def tells_otherwise(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether a replacement between the texts makes them two events: one side is a denial, or names or numbers were
    replaced by others, or, in the lead, words by others that are not forms of them.
    """
    for *sides, early in _replacements(left, right):
        denied = [any(word.lower() in _NEGATIONS for word in side) for side in sides]
        facts = [{word.lower() for word in side if word[0].isdigit() or word[0].isupper()} for side in sides]
        words = [{word.lower() for word in side} - _EMPTY for side in sides]
        if denied[0] is not denied[1] or not _are_alike(*facts) or (early and not _are_alike(*words)):
            return True
    return False


def _replacements(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[list[str], list[str], bool]]:
    """The differences between two texts, except what was added before or after; and whether each is in the lead."""
    matcher = SequenceMatcher(None, [w.lower() for w in left], [w.lower() for w in right], autojunk=False)
    steps = matcher.get_opcodes()
    same = [place for place, step in enumerate(steps) if step[0] == "equal"]
    for place, (tag, start, end, begin, stop) in enumerate(steps):
        inside = bool(same) and same[0] < place < same[-1]
        short = tag == "replace" and max(end - start, stop - begin) <= _SHORT
        if tag != "equal" and (inside or short):
            yield list(left[start:end]), list(right[begin:stop]), min(start, begin) < _LEAD


def _are_alike(left: set[str], right: set[str]) -> bool:
    """Whether the words of the shorter side are all forms of words of the other; so if one side has none."""
    few, many = sorted((left, right), key=len)
    return all(any(_is_form(word, other) for other in many) for word in few)


def _is_form(word: str, other: str) -> bool:
    """Whether two words share most of their beginning."""
    pairs = enumerate(zip(word, other, strict=False))
    common = next((at for at, pair in pairs if pair[0] != pair[1]), min(len(word), len(other)))
    return word == other or (common >= 3 and common / max(len(word), len(other)) >= 0.6)
