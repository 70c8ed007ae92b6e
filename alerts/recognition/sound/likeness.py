"""How much two words sound alike, in bits: what rare sounds share weighs more than what frequent ones do. Pure.

Sixteen bits in common are a chance of one in 65,000 that the words meet by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import cache, lru_cache
from itertools import accumulate, islice
from math import inf

from alerts.recognition.sound.alphabets import Phones

_VOWELS = frozenset("aeiou")
_BITS = {
    **dict.fromkeys("tnr", 3.3), **dict.fromkeys("lsk", 3.7), **dict.fromkeys("mdv", 4.4), **dict.fromkeys("bpgSCc", 4.8),
    **dict.fromkeys("zwf", 5.2), **dict.fromkeys("ZJD", 5.5), **dict.fromkeys("hx", 2.0), **dict.fromkeys("aeiou", 1.2), "-": 0.0,
}  # fmt: skip
_CLASS = {
    **dict.fromkeys("pbfvw", "P"), "m": "M", "n": "N", **dict.fromkeys("td", "T"), **dict.fromkeys("kg", "K"),
    **dict.fromkeys("sSzZCcJD", "S"), **dict.fromkeys("rl", "R"), **dict.fromkeys("aeiou", "."), **dict.fromkeys("hx-", ""),
}  # fmt: skip
_LETTERS = _CLASS | {letter: letter for letter in "pbtdkgrl"} | dict.fromkeys("vwf", "v")
_NEAR = frozenset(
    frozenset(pair)
    for pair in (
        "pb",
        "td",
        "kg",
        "sz",
        "fv",
        "vw",
        "SZ",
        "CJ",
        "cD",
        "Sc",
        "sc",
        "Cc",
        "zD",
        "sS",
        "zZ",
        "SC",
        "ZJ",
        "CS",
    )
)
_NEAR_VOWELS = frozenset(frozenset(pair) for pair in ("ao", "ou", "ei", "ae", "ui", "oe"))
_WIDE = 0.4  # bits less for each further alternative of a letter
_NEVER = -9.0
_DENTAL, _LIQUID = frozenset("Ttd"), frozenset("Rrl")
MOST_KEYS = 12
"""Keys of one word."""


class _Gains(dict[str, float]):
    """What a phone is worth where it meets another one; there are some hundred phones."""

    def __init__(self, phone: str) -> None:
        self._phone = phone

    def __missing__(self, other: str) -> float:
        gain = self[other] = _gain(self._phone, other)
        return gain


_gains = cache(_Gains)


def _gain(one: str, other: str) -> float:
    """What two phones that meet are worth."""
    common = [phone for phone in one if phone in other and phone != "-"]
    if common:
        fewer = _WIDE * (len(one) + len(other) - 2)
        return max(max(_BITS[phone] for phone in common) - fewer, 0.8)
    a, b = one[0], other[0]
    if a in _VOWELS or b in _VOWELS:
        if not (a in _VOWELS and b in _VOWELS):
            return _NEVER
        near = any(frozenset((x, y)) in _NEAR_VOWELS for x in one for y in other)
        return 0.2 if near else -1.0
    if any(frozenset((x, y)) in _NEAR for x in one for y in other):
        return 1.0
    return -1.5 if _CLASS[a] == _CLASS[b] else _NEVER


@lru_cache(maxsize=20_000)
def _losses(phones: Phones, vowels: float, *, loose: bool = False) -> list[float]:
    """What each phone costs that the other word lacks."""
    losses = []
    for at, phone in enumerate(phones):
        loss = _LOSSES[phone]
        losses.append(vowels if loss is None else loss or _loss(phones, at, loose=loose))
    return losses


class _Losses(dict[str, float | None]):
    """What a phone costs wherever it is: nothing is known of a consonant, and None is the cost of a vowel."""

    def __missing__(self, phone: str) -> float | None:
        loss: float | None = 0.0
        if "-" in phone:
            loss = -0.2
        elif phone[0] in _VOWELS or "u" in phone:
            loss = None
        elif phone[0] in "hx":
            loss = -1.0
        self[phone] = loss
        return loss


_LOSSES = _Losses()


def _loss(phones: Phones, at: int, *, loose: bool) -> float:
    """What a consonant costs that the other word lacks."""
    phone = phones[at]
    if at and phones[at - 1][0] not in _VOWELS and _CLASS[phone[0]] == _CLASS[phones[at - 1][0]]:
        return -0.3  # a doubled letter, or one sound written as two
    if phone[0] in "td" and at + 1 < len(phones) and _CLASS[phones[at + 1][0]] == "S":
        return -0.3  # ts or dz, which another script has one letter for
    ends = at + 1 == len(phones) or phones[at + 1][0] not in _VOWELS
    if loose and ((phone[0] in "rl" and ends) or phone[0] in "wg"):
        return -1.0
    return -3.0 if phone[0] in "wg" else _NEVER


def alike(
    text: Phones,
    name: Phones,
    *,
    text_vowels: float = -1.2,
    name_vowels: float = -1.2,
    loose: bool = False,
    enough: float = -inf,
) -> float:
    """The bits that a word of a text has in common with a name's word, less those in which they differ.

    `text_vowels` and `name_vowels` are the cost of a vowel that only that word has: little where a script adds or omits them.
    `loose` lets the text lack an r before another consonant. A sum that cannot be `enough` need not be right.
    """
    if len(text) == len(name):
        pairs = [_gains(phone)[other] for phone, other in zip(text, name, strict=True)]
        if min(pairs, default=0.0) > 0.0:  # nothing is gained by skipping any
            return sum(pairs)
    losses = _losses(name, name_vowels, loose=loose)
    best = list(accumulate(losses, initial=0.0))
    rest = sum(map(most, text)) - enough
    for phone, extra in zip(text, _losses(text, text_vowels), strict=True):
        row = _row(best, map(_gains(phone).__getitem__, name), losses, extra)
        rest -= most(phone)
        if max(row) + rest < 0.0:  # most pairs
            return -inf
        best = row
    return best[-1]


def _row(best: list[float], gains: Iterable[float], losses: list[float], extra: float) -> list[float]:
    """The best sums up to each sound of a name with one more sound of a text, given those without it."""
    before = best[0]
    last = before + extra
    row = [last]
    for above, gain, loss in zip(best[1:], gains, losses, strict=True):
        last += loss
        if before + gain > last:  # noqa: PLR1730 - max() takes three times as long
            last = before + gain
        if above + extra > last:  # noqa: PLR1730
            last = above + extra
        row.append(last)
        before = above
    return row


@lru_cache(maxsize=20_000)
def worth(name: Phones) -> float:
    """The bits that a word has in common with itself."""
    return sum(_gains(phone)[phone] for phone in name)


@cache
def most(phone: str) -> float:
    """The bits that a phone has in common with any phone, at most."""
    return max([1.0, *(_BITS[alternative] - _WIDE * (len(phone) - 1) for alternative in phone)])


@lru_cache(maxsize=20_000)
def _pieces(name: Phones) -> tuple[tuple[frozenset[str], float, float], ...]:
    """The sounds of a word, each with the bits that it has in common at most with a word that has it, and with others."""
    return tuple((frozenset(phone), most(phone), 0.2 if phone[0] in _VOWELS else 1.0) for phone in name)


def limit(letters: frozenset[str], name: Phones) -> float:
    """The bits that a word with these sounds has in common with a name's word at most: a fast test before `alike`."""
    return sum(less if letters.isdisjoint(phone) else bits for phone, bits, less in _pieces(name))


class Key(Enum):
    """What a key distinguishes: classes of consonants; these, but for those that scripts of syllables may lack; or each
    consonant, except the hissing ones.
    """

    CLASSES = auto()
    LOOSE = auto()
    LETTERS = auto()


def keys(phones: Phones, *, kind: Key = Key.CLASSES, vowelless: bool = False) -> list[str]:
    """The word's consonants, for each way to read it: words that sound alike share one. With `vowelless`, also as if a vowel
    separated all of them.
    """
    classes = CLASSES[kind]
    choices = [classes[phone] for phone in phones]
    if kind is Key.LOOSE:
        choices = [(*choice, "") if _may_lack(phones, choices, at) else choice for at, choice in enumerate(choices)]
    for at in range(1, len(choices)):
        if "w" in phones[at] and phones[at - 1][0] in "kg":  # Kwon is also heard as Kon
            choices[at] = (*choices[at], "")
        if not _DENTAL.isdisjoint(choices[at - 1]) and "S" in choices[at]:  # dz is also heard as one sound
            choices[at - 1] = (*choices[at - 1], "")
    told = dict.fromkeys(_joined(choices))
    if vowelless:
        apart = [part for choice in choices for part in (choice, (".",))]
        told |= dict.fromkeys(_joined(apart))
    return list(told)


def _may_lack(phones: Phones, choices: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a script of syllables may lack a sound: an r before a consonant or at the end, a w before u and o."""
    last = at + 1 == len(choices)
    if not _LIQUID.isdisjoint(choices[at]):
        return last or "." not in choices[at + 1]
    return "w" in phones[at] and not last and phones[at + 1][0] in "uo"


class _Classes(dict[str, tuple[str, ...]]):
    """The classes of a phone's alternatives; a vowel that may be silent is one."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        self._letters = letters

    def __missing__(self, phone: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(self._letters[alternative] for alternative in phone))
        found = self[phone] = (".",) if found == (".", "") else found
        return found


CLASSES = {Key.CLASSES: _Classes(_CLASS), Key.LOOSE: _Classes(_LETTERS), Key.LETTERS: _Classes(_LETTERS)}
"""What each phone may add to a key."""


def _certain(choices: Sequence[Sequence[str]]) -> tuple[str, bool, int]:
    """What is read up to the first choice, whether a vowel came last, and how many phones that are: most words have none."""
    text, separated = "", True
    for done, choice in enumerate(choices):
        if len(choice) > 1:
            return text, separated, done
        kind = choice[0]
        if kind == ".":
            separated = True
        elif kind:
            text += kind if separated or text[-1] != kind else ""
            separated = False
    return text, separated, len(choices)


def _joined(choices: Sequence[Sequence[str]]) -> Iterator[str]:
    """The consonants, for each choice: those of one class in a row count once, unless a vowel separates them."""
    text, separated, done = _certain(choices)
    states: dict[tuple[str, bool], None] = {(text, separated): None}  # what was read so far; whether a vowel came last
    for choice in choices[done:]:
        following: dict[tuple[str, bool], None] = {}
        for text, separated in states:
            for kind in choice:
                if kind == ".":
                    following[text, True] = None
                elif not kind:
                    following[text, separated] = None
                elif separated or text[-1] != kind:
                    following[text + kind, False] = None
                else:
                    following[text, False] = None
        states = following if len(following) <= MOST_KEYS else dict.fromkeys(islice(following, MOST_KEYS))
    return (text for text, _ in states)
