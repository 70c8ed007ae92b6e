"""How much two have in common, in points from 0 to 100, and why; and the keys by which an index finds a name's other
namings. Pure and deterministic.

A word of a name is romanised, and its sound is its consonants, those that languages take for each other as one. The
keys of a name are the sounds of its words (its letters where little is heard), of any two of them in any order, and of
two neighbours written together: so a word may be missing, in another script, misspelt, moved or joined. Legal forms are
no part of a name.

The words of two names are paired, the likest first, in any order; each counts by its letters, as far as it is spelt or
sounds alike. Words without a like one count against: wholly where both names have some or one is a firm's, for a part
where only one person's name has them. A name of few letters never reaches all points. Then the facts: an identifier in
both decides nearly alone; a birth date or a country in both adds, a different one takes away.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise, product
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from alerts.recognition.identifiers import Kind
from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.language.tokens import words_of
from alerts.recognition.names import FORMS, core
from alerts.recognition.sound.alphabets import ABJADS, alphabet, phones, pinyin
from alerts.screening.facts import Facts

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
_ENOUGH, _PER_WORD = 8, 3  # letters of a name that says enough; a further word counts for some
_COMPARED, _SOUNDS_ALIKE = 3, 50  # of an entry's names, the most that are compared by words; per cent that they need
_ONE_EACH = frozenset({Kind.IMO, Kind.LEI, Kind.INN, Kind.OGRN, Kind.CIK})  # numbers of which everybody has one
_VOWELS = str.maketrans(dict(zip("eo", "iu", strict=True)) | dict.fromkeys("bcdfghjklmnpqrstvwxyz"))

_MOST = 24  # words of a name that are read
_PAIRED = 4  # words of a name that are paired: those with the longest sound
_LONG = 6  # letters of a word that counts wholly
_HEARD = 3  # sounds of a word that finds a name without another one

_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼʻ`´׳", ""))
_RUN = re.compile("[\u0e00-\u0eff]+|[\u3041-\u30ff]+")  # a word in scripts whose letters are words elsewhere
_SYLLABLES = re.compile("[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]")
_OF_PHONES = str.maketrans({"C": "ch", "S": "sh", "Z": "zh", "J": "j", "c": "ts", "D": "dz", "x": "h", "-": ""})
_ROMAN = {"II": "2", "III": "3", "IV": "4", "VII": "7", "VIII": "8"}  # others are names, too: VI, XI
_HUSH = re.compile("dzh|dj")
_DOUBLED = re.compile(r"(.)\1+")
_CLASSES = str.maketrans(
    dict(zip("bdgvzc", "ptkfss", strict=True)) | dict.fromkeys("aeiouhyj", ".") | dict.fromkeys("xqw", "k")
)
_HISS = re.compile("[ctsz]h|ts|tz|dz")


class Word(NamedTuple):
    """A word of a name: romanised, its sound, what it counts for, and whether its script leaves vowels out."""

    spelt: str
    sound: str
    weight: float
    vowelless: bool = False


class Naming(NamedTuple):
    """A name as written, its words, and those of its legal form, which count for nothing."""

    written: str
    words: tuple[Word, ...]
    form: tuple[Word, ...]


def as_one(*sounds: str) -> str:
    """The sound of words that are written together."""
    whole = "".join(sounds)
    return whole[:1] + whole[1:].replace(".", "")


@lru_cache(maxsize=100_000)
def word_of(written: str) -> Word:
    """A word, romanised in one of its many ways, and its consonants: "." is a vowel at its beginning."""
    if number := _ROMAN.get(written):
        return Word(number, number, _LONG)
    folded = fold(written)
    if script_of(folded) == "other":
        syllable = _SYLLABLES.fullmatch(written)
        folded = pinyin(written) if syllable else "".join(phone[0] for phone in phones(written)).translate(_OF_PHONES)
    spelt = latin(_HUSH.sub("j", romanized(f"s{folded[1:]}" if folded.startswith(("xi", "xu")) else folded)))
    spelt = "".join(filter(str.isalnum, spelt if spelt.isascii() else fold(spelt)))
    classes = _DOUBLED.sub(r"\1", _HISS.sub(lambda pair: "t" if pair[0] == "th" else "s", spelt).translate(_CLASSES))
    weight = min(len(spelt), _LONG) if spelt.isalpha() else _LONG
    return Word(spelt, as_one(classes), weight, alphabet(written) in ABJADS)


_FORMS = frozenset(tuple(word_of(word).spelt for word in form) for form in FORMS)


def naming_of(name: str) -> Naming:
    """A name, read."""
    text = name.translate(_APOSTROPHES)
    if not text.isascii():
        text = _SYLLABLES.sub(r" \g<0> ", text)
        text = _RUN.sub(lambda run: word_of(run[0]).spelt, text)
    words = [word for written in words_of(text)[:_MOST] if (word := word_of(written)).spelt]
    start, end = core([word.spelt for word in words], _FORMS)
    form = (word._replace(weight=0) for word in words[:start] + words[end:])
    return Naming(name, tuple(words[start:end]), tuple(form))


def keys_of(facts: Facts) -> frozenset[str]:
    """The keys of all names, and the numbers."""
    keys = {f"#{identifier.rpartition(' ')[2]}" for identifier in facts.identifiers}
    return frozenset(keys.union(*(_keys(naming_of(name).words) for name in facts.names)))


def _keys(words: Sequence[Word]) -> Iterator[str]:
    for word in words:
        if len(word.sound) >= _HEARD:
            yield word.sound
        elif len(word.spelt) > _HEARD or len(words) == 1:
            yield f"={word.spelt}"
    sounds = [word.sound for word in words]
    yield from (whole for pair in pairwise(sounds) if len(whole := as_one(*pair)) >= _HEARD)
    most = sorted(set(sounds), key=lambda sound: (-len(sound), sound))[:_PAIRED]
    yield from map("+".join, combinations(sorted(most), 2))


class Side(NamedTuple):
    """Facts with their names read, and the sounds of these."""

    facts: Facts
    names: tuple[Naming, ...]
    sounds: tuple[str, ...]


class Score(NamedTuple):
    """Points from 0 to 100, and the reasons, each for people."""

    points: int
    reasons: tuple[str, ...] = ()


def prepare(facts: Facts) -> Side:
    """Facts that are compared often, read once."""
    names = tuple(naming for name in facts.names if (naming := naming_of(name)).words)
    return Side(facts, names, tuple(" ".join(word.sound for word in naming.words) for naming in names))


def score(wanted: Side, listed: Side) -> Score:
    """What two have in common; nothing without a name that is half alike, or an identifier in both."""
    numbers = _numbers(wanted) & _numbers(listed)
    part, name, other = max(_likenesses(wanted, listed), key=itemgetter(0), default=(0.0, None, None))
    if name and other:
        gains = [(_OF_A_NAME * part, _told(part, name, other))]
        here, there = (" ".join(word.spelt for word in each.form) for each in (name, other))
        if here and there and here.replace(" ", "") != there.replace(" ", ""):  # S.A. is SA
            gains.append((_OTHER_FORM, f"legal form: {here} here, {there} there"))
    elif numbers:
        gains = [(0.0, "name: another one")]
    else:
        return Score(0)
    gains += _facts(wanted.facts, listed.facts)
    points = sum(gain for gain, _ in gains)
    if numbers:
        points = max(points, _IDENTIFIED + _NAMED_TOO * part)
        gains.append((0.0, f"identifier: {', '.join(sorted(numbers))} in both"))
    return Score(max(0, min(100, round(points))), tuple(reason for _, reason in gains))


def _numbers(prepared: Side) -> set[str]:
    """The numbers, without what they are."""
    return {text.rpartition(" ")[2] for text in prepared.facts.identifiers}


def _likenesses(wanted: Side, listed: Side) -> Iterator[tuple[float, Naming, Naming]]:
    """The names that are half alike, with how much they are."""
    for naming, sounds in zip(wanted.names, wanted.sounds, strict=True):
        near = process.extract(
            sounds, listed.sounds, scorer=fuzz.token_sort_ratio, limit=_COMPARED, score_cutoff=_SOUNDS_ALIKE
        )
        for _, _, at in near:
            if (part := _likeness(naming, listed.names[at])) >= _HALF:
                yield part, naming, listed.names[at]


def _likeness(one: Naming, other: Naming) -> float:
    """How like two names are, 0.0 to 1.0."""
    left, right = dict(enumerate(one.words + one.form)), dict(enumerate(other.words + other.form))
    near = [(-part, i, j) for i, a in left.items() for j, b in right.items() if (part := alike(a, b)) >= _ALIKE]
    paired = list[tuple[float, Word, Word]]()
    for minus, i, j in sorted(near):
        if i in left and j in right:
            paired.append((-minus, left.pop(i), right.pop(j)))
    left, right = ({at: word for at, word in side.items() if word.weight} for side in (left, right))
    if left and right and len(left) + len(right) > 2:  # Abdul Rahman is Abdulrahman
        whole, other_whole = _together(left.values()), _together(right.values())
        if (part := alike(whole, other_whole)) >= _ALIKE:
            paired.append((part, whole, other_whole))
            left, right = {}, {}
    same = sum(part * (a.weight + b.weight) / 2 for part, a, b in paired)
    unlike = sum((1 - part) * (a.weight + b.weight) for part, a, b in paired)
    less, more = sorted(sum(word.weight for word in side.values()) for side in (left, right))
    unlike += less + (more - less) * (1.0 if one.form or other.form else _MISSING)
    letters = [min(len(a.spelt), len(b.spelt)) for _, a, b in paired if a.weight or b.weight]
    enough = (sum(letters) + _PER_WORD * (len(letters) - 1)) / _ENOUGH
    return min(1.0, enough) * same / (same + unlike) if same else 0.0


def alike(one: Word, other: Word) -> float:
    """How like two words are, 0.0 to 1.0: as they are spelt, or by their sound; numbers are the same or not."""
    if one.spelt == other.spelt:
        return 1.0
    if len(one.spelt) == 1 or len(other.spelt) == 1:
        part = _INITIAL if one.spelt[0] == other.spelt[0] else 0.0
    else:
        part = Levenshtein.normalized_similarity(one.spelt, other.spelt, score_cutoff=_ALIKE)
        if one.sound == other.sound and len(one.sound.removeprefix(".")) > 1:
            vowels, others = (word.spelt.translate(_VOWELS) for word in (one, other))
            heard = 1.0 if one.vowelless or other.vowelless else Levenshtein.normalized_similarity(vowels, others)
            part = max(part, _OF_SOUND + _OF_VOWELS * heard)
    return part if part and one.spelt.isalpha() and other.spelt.isalpha() else 0.0


def _together(words: Collection[Word]) -> Word:
    return Word(
        "".join(word.spelt for word in words),
        as_one(*(word.sound for word in words)),
        sum(word.weight for word in words),
        any(word.vowelless for word in words),
    )


def _told(part: float, one: Naming, other: Naming) -> str:
    if one.written.casefold() == other.written.casefold():
        return f"name: “{other.written}” in both"
    words, others = ([word.spelt for word in naming.words] for naming in (one, other))
    if words != others and sorted(words) == sorted(others):
        return f"name: “{one.written}” in another order: “{other.written}”"
    return f"name: “{one.written}” written “{other.written}”, {part:.0%} alike"


def _facts(wanted: Facts, listed: Facts) -> Iterator[tuple[float, str]]:
    """What the other facts are worth that both have: the likest dates, the countries, numbers of which one has one."""
    if wanted.births and listed.births:
        gain, one, other = max((_birth(*both), *both) for both in product(wanted.births, listed.births))
        yield gain, f"birth date: {_sides([one], [other])}"
    if wanted.countries and listed.countries:
        shared = sorted(set(wanted.countries) & set(listed.countries))
        gain = _SAME_COUNTRY if shared else _OTHER_COUNTRY
        yield gain, f"country: {_sides(shared or wanted.countries, shared or listed.countries)}"
    for kind in sorted(_ONE_EACH):
        here, there = (
            [text for text in facts.identifiers if text.startswith(f"{kind} ")] for facts in (wanted, listed)
        )
        if here and there and set(here).isdisjoint(there):
            yield _OTHER_NUMBER, f"identifier: {_sides(here, there)}"


def _sides(here: Sequence[str], there: Sequence[str]) -> str:
    return f"{', '.join(here)} in both" if here == there else f"{', '.join(here)} here, {', '.join(there)} there"


def other_birth(wanted: Facts, listed: Facts) -> str:
    """Why two are not one person: `its birth date is 1960-03-12, not 1957`. "" where one of the dates may be the same
    one, or a slip of the pen, and where a side has none.
    """
    gains = [_birth(one, other) for one, other in product(wanted.births, listed.births)]
    if not gains or max(gains) > _OTHER_BIRTH:
        return ""
    return f"its birth date is {' or '.join(listed.births)}, not {' or '.join(wanted.births)}"


def contradict(wanted: Facts, listed: Facts) -> bool:
    """Whether what is known of two besides their names shows that they are not one: a birth date that is no slip of the
    pen, or a number of which everybody has one. Many have two countries.
    """
    return any(gain <= _OTHER_BIRTH for gain, _ in _facts(wanted, listed))


def _birth(one: str, other: str) -> int:
    """What two dates are worth: as days where both are, else as months or years."""
    if len(one) == len(other) == len("1960-03-12"):
        slip = one[:5] + one[8:] + one[7] + one[5:7] == other or Levenshtein.distance(one, other) == 1
        return _SAME_DAY if one == other else _SLIP if slip else _OTHER_BIRTH
    years = [int(birth[:4]) for birth in (one, other)]
    until = [int(birth.partition("/")[2] or birth[:4]) for birth in (one, other)]
    apart = max(years) - min(until)
    months = {birth[:7] for birth in (one, other) if "-" in birth}
    return _OTHER_BIRTH if apart > 1 else _SLIP if apart == 1 or len(months) > 1 else _SAME_YEAR
