"""How much two have in common, in points from 0 to 100, and why. Pure and deterministic.

The words of two names are paired, the likest first, in any order; each counts by its letters, as far as it is spelt or
sounds alike. Words without a like one count against: wholly where both names have some or one is a firm's, for a part
where only one person's name has them. A name of few letters never reaches all points. Then the facts: an identifier in
both decides nearly alone; a birth date or a country in both adds, a different one takes away.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extract

from alerts.recognition.identifiers import Kind
from alerts.screening.facts import Facts
from alerts.screening.names import Naming, Word, naming_of

LEAST = 70
"""Points from which two are worth a look, unless another number is asked for."""
_OF_A_NAME = 90  # points of the same name, with nothing else in common
_SAME_DAY, _SAME_YEAR, _SLIP, _OTHER_BIRTH = 10, 5, -5, -25  # a slip is one digit, or day for month, or the next year
_SAME_COUNTRY, _OTHER_COUNTRY = 3, -5
_OTHER_NUMBER, _OTHER_FORM = -25, -2
_IDENTIFIED, _NAMED_TOO = 75, 25  # points of an identifier in both, and as far as the names agree

_HALF = 0.5  # of a name: with less in common, two have no name in common
_ALIKE = 0.7  # of a word, from which two may be one
_OF_SOUND, _OF_VOWELS = 0.7, 0.25  # of a word whose consonants sound alike, and more as far as its vowels do
_MISSING = 0.3  # of the weight of words that one person's name lacks
_INITIAL = 0.8  # of a word that is an initial
_LONG = 6  # letters of a word that has full weight
_ENOUGH, _PER_WORD = 8, 3  # letters of a name that says enough; a further word counts for some
_COMPARED, _SOUNDS_ALIKE = 3, 40  # of an entry's names, the most that are compared by words; per cent that they need
_ONE_EACH = frozenset({Kind.IMO, Kind.LEI, Kind.INN, Kind.OGRN, Kind.CIK})  # numbers of which everybody has one


class Prepared(NamedTuple):
    """Facts with their names read, and the sounds of these."""

    facts: Facts
    names: tuple[Naming, ...]
    sounds: tuple[str, ...]


class Score(NamedTuple):
    """Points from 0 to 100, and the reasons, each for people."""

    points: int
    reasons: tuple[str, ...] = ()


class _Likeness(NamedTuple):
    """How like two names are, 0.0 to 1.0, and which."""

    part: float
    wanted: Naming
    listed: Naming


def prepare(facts: Facts) -> Prepared:
    """Facts that are compared often, read once."""
    names = tuple(naming for name in facts.names if (naming := naming_of(name)).words)
    return Prepared(facts, names, tuple(" ".join(word.sound for word in naming.words) for naming in names))


def score(wanted: Prepared, listed: Prepared) -> Score:
    """What two have in common; nothing without a name that is half alike, or an identifier in both."""
    numbers = _numbers(wanted.facts) & _numbers(listed.facts)
    name = max(_likenesses(wanted, listed), key=lambda each: each.part, default=None)
    if name is None and not numbers:
        return Score(0)
    part = name.part if name else 0.0
    gains = [(_OF_A_NAME * part, _told(name) if name else "name: another one")]
    gains += _births(wanted.facts, listed.facts)
    gains += _countries(wanted.facts, listed.facts)
    gains += _other_numbers(wanted.facts, listed.facts)
    if name and name.wanted.form and name.listed.form and name.wanted.form != name.listed.form:
        gains.append((_OTHER_FORM, "legal form: another one"))
    points = sum(gain for gain, _ in gains)
    if numbers:
        points = max(points, _IDENTIFIED + _NAMED_TOO * part)
        said = [text for text in listed.facts.identifiers if _number(text) in numbers]
        gains.append((0, f"identifier: {', '.join(said)} in both"))
    return Score(max(0, min(100, round(points))), tuple(reason for _, reason in gains))


def _likenesses(wanted: Prepared, listed: Prepared) -> list[_Likeness]:
    """The names that are alike, with how much they are."""
    found = list[_Likeness]()
    for naming, sounds in zip(wanted.names, wanted.sounds, strict=True):
        near = extract(
            sounds, listed.sounds, scorer=token_sort_ratio, processor=None, limit=_COMPARED, score_cutoff=_SOUNDS_ALIKE
        )
        others = (listed.names[at] for _, _, at in near)
        found += (_Likeness(part, naming, other) for other in others if (part := _likeness(naming, other)) >= _HALF)
    return found


def _likeness(one: Naming, other: Naming) -> float:
    """How like two names are, 0.0 to 1.0."""
    near = [(alike(a, b), i, j) for i, a in enumerate(one.words) for j, b in enumerate(other.words)]
    near = sorted((each for each in near if each[0] >= _ALIKE), key=lambda each: (-each[0], each[1:]))
    left, right = dict(enumerate(one.words)), dict(enumerate(other.words))
    paired = list[tuple[float, Word, Word]]()
    for part, i, j in near:
        if i in left and j in right:
            paired.append((part, left.pop(i), right.pop(j)))
    if left and right and len(left) + len(right) > 2:  # Abdul Rahman is Abdulrahman
        whole, other_whole = _together(left.values()), _together(right.values())
        if (part := alike(whole, other_whole)) >= _ALIKE:
            paired.append((part, whole, other_whole))
            left, right = {}, {}
    same = sum(part * _weight(a, b) / 2 for part, a, b in paired)
    unlike = sum((1 - part) * _weight(a, b) for part, a, b in paired)
    less, more = sorted((_weight(*left.values()), _weight(*right.values())))
    unlike += less + (more - less) * (1.0 if one.form or other.form else _MISSING)
    letters = sum(min(len(a.spelt), len(b.spelt)) for _, a, b in paired) + _PER_WORD * (len(paired) - 1)
    return min(1.0, letters / _ENOUGH) * same / (same + unlike) if same else 0.0


@lru_cache(maxsize=100_000)
def alike(one: Word, other: Word) -> float:
    """How like two words are, 0.0 to 1.0: as they are spelt, or by their sound; numbers are the same or not."""
    if one.spelt == other.spelt:
        return 1.0
    if not (one.spelt.isalpha() and other.spelt.isalpha()):
        return 0.0
    short, long = sorted((one.spelt, other.spelt), key=len)
    if len(short) == 1:
        return _INITIAL if long.startswith(short) else 0.0
    spelt = Levenshtein.normalized_similarity(short, long)
    if one.sound != other.sound or len(one.sound.removeprefix(".")) < 2:
        return spelt
    if one.vowelless or other.vowelless:
        return max(spelt, _OF_SOUND + _OF_VOWELS)
    heard = Levenshtein.normalized_similarity(short.translate(_VOWELS), long.translate(_VOWELS))
    return max(spelt, _OF_SOUND + _OF_VOWELS * heard)


_VOWELS = str.maketrans(dict(zip("eo", "iu", strict=True)) | dict.fromkeys("bcdfghjklmnpqrstvwxyz"))


def _together(words: Collection[Word]) -> Word:
    spelt, sounds, vowelless = zip(*words, strict=True)
    return Word("".join(spelt), "".join(sounds), any(vowelless))


def _weight(*words: Word) -> float:
    """What words count for; those of a pair once."""
    return sum(min(len(word.spelt), _LONG) if word.spelt.isalpha() else _LONG for word in words)


def _told(name: _Likeness) -> str:
    wanted, listed = name.wanted, name.listed
    if wanted.written.casefold() == listed.written.casefold():
        return f"name: “{listed.written}” in both"
    if wanted.words != listed.words and sorted(wanted.words) == sorted(listed.words):
        return f"name: “{wanted.written}” in another order: “{listed.written}”"
    return f"name: “{wanted.written}” written “{listed.written}”, {name.part:.0%} alike"


def _births(wanted: Facts, listed: Facts) -> list[tuple[float, str]]:
    """What the likest two dates are worth."""
    found = [(_birth(one, other), one, other) for one, other in product(wanted.births, listed.births)]
    if not found:
        return []
    gain, one, other = max(found)
    return [(gain, f"birth date: {one} in both" if one == other else f"birth date: {one} here, {other} there")]


def other_birth(wanted: Facts, listed: Facts) -> str:
    """Why two are not one person: `its birth date is 1960-03-12, not 1957`. "" where one of the dates may be the same
    one, or a slip of the pen, and where a side has none.
    """
    gains = [_birth(one, other) for one, other in product(wanted.births, listed.births)]
    if not gains or max(gains) > _OTHER_BIRTH:
        return ""
    return f"its birth date is {' or '.join(listed.births)}, not {' or '.join(wanted.births)}"


def _birth(one: str, other: str) -> int:
    shared = min(len(one), len(other))
    if "/" not in one + other and one[:shared] == other[:shared]:
        return _SAME_DAY if shared == len("1960-03-12") else _SAME_YEAR
    (first, last), (other_first, other_last) = _years(one), _years(other)
    apart = max(first, other_first) - min(last, other_last)
    if shared < len("1960-03-12") or "/" in one + other:
        return _SAME_YEAR if apart <= 0 and ("/" in one + other) else _SLIP if apart <= 1 else _OTHER_BIRTH
    swapped = one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]
    return _SLIP if swapped or Levenshtein.distance(one, other) == 1 else _OTHER_BIRTH


def _years(birth: str) -> tuple[int, int]:
    return (int(birth[:4]), int(birth[5:])) if "/" in birth else (int(birth[:4]), int(birth[:4]))


def _countries(wanted: Facts, listed: Facts) -> list[tuple[float, str]]:
    here, there = set(wanted.countries), set(listed.countries)
    if shared := here & there:
        return [(_SAME_COUNTRY, f"country: {', '.join(sorted(shared))} in both")]
    return [(_OTHER_COUNTRY, f"country: {_list(here)} here, {_list(there)} there")] if here and there else []


def _list(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))


def _numbers(facts: Facts) -> set[str]:
    return set(map(_number, facts.identifiers))


def _number(identifier: str) -> str:
    return identifier.rpartition(" ")[2]


def _other_numbers(wanted: Facts, listed: Facts) -> Iterator[tuple[float, str]]:
    """Numbers that differ although nobody has two of their kind."""
    for kind in sorted(_ONE_EACH):
        here, there = (
            [text for text in facts.identifiers if text.startswith(f"{kind} ")] for facts in (wanted, listed)
        )
        if here and there and not set(here) & set(there):
            yield _OTHER_NUMBER, f"identifier: {_list(here)} here, {_list(there)} there"
