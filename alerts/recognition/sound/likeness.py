"""How much two words sound alike, in bits: what rare sounds share weighs more than what frequent ones do. Pure.

Sixteen bits in common are a chance of one in 65,000 that the words meet by accident.
"""

from enum import Enum, auto
from functools import cache, lru_cache
from itertools import accumulate, product
from math import inf

from alerts.recognition.sound.alphabets import LETTERS, Phones
from alerts.recognition.tables import listed

LEAST, LEAST_GUARDED = 9.0, 7.5
"""Bits that a word must have in common with a word of a name, and with one that has a context word near it."""
_PART, _WHOLE = 0.45, 0.6  # of its own bits, for one word of a name, and for all of it
ALONE, ALONE_LETTERS = 11.0, 17.0
"""Bits that a word needs which nothing else speaks for: in another script, and between Latin and Cyrillic."""
TOGETHER = 15.0
"""Bits that several words of a name need."""
LEAST_LETTERS = 10.5  # between Latin and Cyrillic, which both write all sounds
_LETTERS_PART = 0.6
_JOINED, _JOINED_PART = 15.0, 0.6  # several words of a name, written together
_LEAST_SPELT, _SPELT = 9.5, 0.88  # the same in East Asian names, whose consonants are few: each syllable counts
_SYLLABLES = 0.8  # of the bits of a part of such a name, in which each syllable is the same
_SYLLABLE = 5.5  # bits of a syllable that is the same
_ESTABLISHED = 0.95  # of the bits of a name of which the spellings in a script are known
_LONG, _LONG_PART = 18.0, 0.82  # the same for a long name, which other words are seldom like
_BESIDE, _BESIDE_LETTERS = 0.5, 0.7  # of the bits of a word, another word of whose name stands beside it
_LEAST_GIVEN, _GIVEN = 3.0, 0.34  # the same for a given name beside its surname
_FULL = frozenset({"georgian", "armenian", "greek", "devanagari"})  # scripts that write every sound
_AGREE, _SHORT_ALONE = 0.95, 9.0  # of a name's own bits, and bits of a name of which every sound must agree


class WordKind(Enum):
    """What a word of a name is: all of it; one of its words, or a name with a context; several of its words, written
    together; the same in an East Asian name.
    """

    WHOLE = auto()
    PART = auto()
    JOINED = auto()
    SPELT = auto()


def needed(
    kind: WordKind, own: float, script: str, other: str, *, established: bool = False, guarded: bool = False
) -> float:
    """The bits that a word of one script needs in common with a name's word of another one, which has its `own`;
    `established`: whether the name's spellings in that script are known.
    """
    letters = script in LETTERS and other in LETTERS
    least, part = 6.5 if script == "han" else LEAST_GUARDED if guarded else LEAST, _PART
    if letters:
        least, part = LEAST_LETTERS, _LETTERS_PART
    if kind is WordKind.WHOLE:
        least, part = ALONE, _WHOLE
    elif kind is WordKind.JOINED:
        least, part = _JOINED, _JOINED_PART
    elif kind is WordKind.SPELT:
        least, part = _LEAST_SPELT, _SPELT
    if established:
        return max(least, min(_ESTABLISHED * own, max(_LONG, _LONG_PART * own)))
    return max(least, part * own)


def needed_beside(own: float, script: str, other: str, *, given: bool) -> float:
    """The same for a word that stands beside another word of the name, the surname if it is the `given` name."""
    if given:
        return max(_LEAST_GIVEN, _GIVEN * own)
    return max(4.5, (_BESIDE_LETTERS if script in LETTERS and other in LETTERS else _BESIDE) * own)


def counted(bits: float, kind: WordKind, own: float, script: str, syllables: int) -> float:
    """What bits count for, if most are the name's own: more than their sounds where each syllable is the same; and
    enough where each sound that is written is.
    """
    if syllables and bits >= (_SPELT if kind is WordKind.SPELT else _SYLLABLES) * own:
        return max(bits, ALONE if kind is WordKind.SPELT else _SYLLABLE * syllables)
    return max(bits, ALONE) if script in _FULL and bits >= _AGREE * own >= _SHORT_ALONE else bits


def least(enough: float, own: float, script: str, syllables: int) -> float:
    """The bits in common below which nothing makes up for what is missing to `enough`: see `counted`."""
    if syllables:
        return min(enough, _SYLLABLES * own)
    return min(enough, _AGREE * own) if script in _FULL and own >= _SHORT_ALONE else enough


VOWELS = frozenset("aeiou")


def agree(text: Phones, name: Phones, *, ending: bool = True) -> bool:
    """Whether each sound of two words is also in the other one, or may be silent. The text's word may have one more
    vowel, as its `ending`, and the name one that it has lost for that.
    """
    places = _silently({0}, name)
    for at, phone in enumerate(text, 1):
        before = places
        places = {place + 1 for place in before if place < len(name) and _same(phone, name[place])}
        if "-" in phone or (ending and at == len(text) and phone[0] in VOWELS):
            places |= before
        if not places:
            return False
        places = _silently(places, name)
    return len(name) in places or (ending and len(name) - 1 in places and name[-1][0] in VOWELS)


def vowels(phones: Phones) -> Phones:
    """The vowels that are heard in any case."""
    return tuple(phone for phone in phones if phone[0] in VOWELS and "-" not in phone)


def may_agree(text: Phones, name: Phones, *, strictly: bool) -> bool:
    """Whether words with these vowels may be alike, a fast test that most pairs fail: half of them must be the same,
    `strictly` all but one, which may be an ending.
    """
    if text == name or len(text) != len(name):
        return True
    same = sum(map(_same, text, name))
    return same >= len(text) - 1 if strictly else 2 * same >= len(text)


@lru_cache(maxsize=20_000)
def certain_worth(name: Phones) -> float:
    """The bits of the sounds of a word that are heard in any case."""
    return worth(tuple(phone for phone in name if "-" not in phone))


def _silently(places: set[int], name: Phones) -> set[int]:
    """These places in a name, and those after sounds that may be silent."""
    for place in range(min(places), len(name)):
        if place in places and "-" in name[place]:
            places.add(place + 1)
    return places


@cache
def _same(one: str, other: str) -> bool:
    return not set(one).isdisjoint(other.replace("-", ""))


_BITS = {
    **dict.fromkeys("tnr", 3.3), **dict.fromkeys("lsk", 3.7), **dict.fromkeys("mdv", 4.4),
    **dict.fromkeys("bpgSCc", 4.8),
    **dict.fromkeys("zwf", 5.2), **dict.fromkeys("ZJD", 5.5), **dict.fromkeys("hx", 2.0),
    **dict.fromkeys("aeiou", 1.2), "-": 0.0,
}  # fmt: skip
CLASS = {
    **dict.fromkeys("pbfvw", "P"), "m": "M", "n": "N", **dict.fromkeys("td", "T"), **dict.fromkeys("kg", "K"),
    **dict.fromkeys("sSzZCcJD", "S"), **dict.fromkeys("rl", "R"), **dict.fromkeys("aeiou", "."),
    **dict.fromkeys("hx-", ""),
}  # fmt: skip
_PAIRS, _VOWEL_PAIRS = "pb td kg sz fv vw SZ CJ cD Sc sc Cc zD sS zZ SC ZJ CS", "ao ou ei ae ui oe"
_NEAR, _NEAR_VOWELS = (frozenset(listed(f"{pairs} {pairs[::-1]}")) for pairs in (_PAIRS, _VOWEL_PAIRS))
_WIDE = 0.4  # bits less for each further alternative of a letter
_NEVER, _LEAST_LOSS = -9.0, -0.2


class _Gains(dict[str, float]):
    """What a phone is worth where it meets another one; there are some hundred phones."""

    def __init__(self, phone: str) -> None:
        self._phone = phone

    def __missing__(self, other: str) -> float:
        one = self._phone
        a, b, both = one[0], other[0], set(map("".join, product(one, other)))
        if common := [phone for phone in one if phone in other and phone != "-"]:
            fewer = _WIDE * (len(one) + len(other) - 2)
            gain = max(max(_BITS[phone] for phone in common) - fewer, 0.8)
        elif a in VOWELS and b in VOWELS:
            gain = -1.0 if _NEAR_VOWELS.isdisjoint(both) else 0.2
        elif a in VOWELS or b in VOWELS:
            gain = _NEVER
        elif not _NEAR.isdisjoint(both):
            gain = 1.0
        else:
            gain = -1.5 if CLASS[a] == CLASS[b] else _NEVER
        self[other] = gain
        return gain


_gains = cache(_Gains)


@lru_cache(maxsize=20_000)
def _losses(phones: Phones, vowels: float, *, loose: bool = False) -> tuple[float, ...]:
    """What each phone costs that the other word lacks: a tuple, which the garbage collector need not look through."""
    known = enumerate(map(_loss_anywhere, phones))
    return tuple([vowels if loss is None else loss or _loss(phones, at, loose=loose) for at, loss in known])


@cache
def _loss_anywhere(phone: str) -> float | None:
    """What a phone costs wherever it is: nothing is known of a consonant (0.0), and None is the cost of a vowel."""
    if "-" in phone:
        return -0.2
    if phone[0] in VOWELS or "u" in phone:
        return None
    return -1.0 if phone[0] in "hx" else 0.0


def _loss(phones: Phones, at: int, *, loose: bool) -> float:
    """What a consonant costs that the other word lacks."""
    phone = phones[at]
    if at and phones[at - 1][0] not in VOWELS and CLASS[phone[0]] == CLASS[phones[at - 1][0]]:
        return -0.3  # a doubled letter, or one sound written as two
    if phone[0] in "td" and at + 1 < len(phones) and CLASS[phones[at + 1][0]] == "S":
        return -0.3  # ts or dz, which another script has one letter for
    ends = at + 1 == len(phones) or phones[at + 1][0] not in VOWELS
    if loose and ((phone[0] in "rl" and ends) or phone[0] in "wg"):
        return -1.0
    return -3.0 if phone[0] in "wg" else _NEVER


@lru_cache(maxsize=5_000)
class _Rows(dict[str, tuple[tuple[float, ...], float]]):
    """What each phone is worth where it meets each one of a name, and at most."""

    def __init__(self, name: Phones) -> None:
        self._name = name

    def __missing__(self, phone: str) -> tuple[tuple[float, ...], float]:
        gains = tuple(map(_gains(phone).__getitem__, self._name))
        row = self[phone] = gains, max(gains, default=_NEVER)
        return row


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

    `text_vowels` and `name_vowels` are the cost of a vowel that only that word has: little where a script adds or
    omits them. `loose` lets the text lack an r or l before another consonant. A sum that cannot be `enough` is -inf.
    """
    rows = list(map(_Rows(name).__getitem__, text))
    extras = _losses(text, text_vowels)
    rest = -enough
    for (_, most), extra in zip(rows, extras, strict=True):
        rest += most if most > extra else extra  # noqa: FURB136 - max() takes three times as long
    if rest < 0.0:  # most words
        return -inf
    if len(text) == len(name):
        pairs = [gains[at] for at, (gains, _) in enumerate(rows)]
        if min(pairs, default=0.0) > 0.0:  # nothing is gained by skipping any
            return sum(pairs)
    losses = _losses(name, name_vowels, loose=loose)
    best = list(accumulate(losses, initial=0.0))
    for (gains, most), extra in zip(rows, extras, strict=True):
        # The best sums up to each sound of a name with one more sound of a text, given those without it
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
        rest -= most if most > extra else extra  # noqa: FURB136
        if max(row) + rest < 0.0:
            return -inf
        best = row
    return best[-1]


@lru_cache(maxsize=20_000)
def worth(name: Phones) -> float:
    """The bits that a word has in common with itself."""
    return sum(_gains(phone)[phone] for phone in name)


@cache
def most(phone: str) -> float:
    """The bits that a phone has in common with any phone, at most."""
    return max([1.0, *(_BITS[alternative] - _WIDE * (len(phone) - 1) for alternative in phone)])


@cache
def _most_of_vowel(phone: str) -> float:
    return 0.0 if VOWELS.isdisjoint(phone) else most(phone)


def vowel_bits(phones: Phones) -> float:
    """The bits that the sounds of a word that are vowels, or may be, have in common with others at most."""
    return sum(map(_most_of_vowel, phones))


@cache
def _is_either(phone: str) -> bool:
    """Whether a sound may be a vowel, and a consonant."""
    return not (VOWELS.isdisjoint(phone) or VOWELS.issuperset(phone.replace("-", "")))


Consonant = tuple[str, float]
"""A sound of a word that is no vowel, and may not be any, and what it costs that the other word lacks it."""


@lru_cache(maxsize=20_000)
def consonants(phones: Phones, *, loose: bool = False) -> tuple[Consonant, ...]:
    """The consonants of a word; each costs next to nothing if a sound of it may be either, which counts as a vowel."""
    losses = (_LEAST_LOSS,) * len(phones) if any(map(_is_either, phones)) else _losses(phones, 0.0, loose=loose)
    return tuple(pair for pair in zip(phones, losses, strict=True) if VOWELS.isdisjoint(pair[0]))


@lru_cache(maxsize=2_000)
class Limit(dict[Consonant, float]):
    """The bits that each consonant of a name adds at most, beside those of a word: a fast test before `alike`."""

    def __init__(self, phones: frozenset[str]) -> None:
        self._phones = phones

    def __missing__(self, consonant: Consonant) -> float:
        phone, loss = consonant
        gain = self[consonant] = max(max(map(_gains(phone).__getitem__, self._phones), default=loss), loss)
        return gain
