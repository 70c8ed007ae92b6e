"""How many bits a word must have in common with a word of a name. Pure."""

from __future__ import annotations

from enum import Enum, auto

from alerts.recognition.sound.alphabets import LETTERS

LEAST, LEAST_GUARDED = 9.0, 7.5
"""Bits that a word must have in common with a word of a name, and with one that has a context word near it."""
_PART, _WHOLE = 0.45, 0.6  # of its own bits, for one word of a name, and for all of it
ALONE, ALONE_LETTERS = 11.0, 17.0
"""Bits that a word needs which nothing else speaks for: in another script, and between Latin and Cyrillic."""
LEAST_LETTERS = 10.5  # between Latin and Cyrillic, which both write all sounds
_LETTERS_PART = 0.6
_JOINED, _JOINED_PART = 15.0, 0.6  # several words of a name, written together
_LEAST_SPELT, _SPELT = 9.5, 0.88  # the same in East Asian names, whose consonants are few: each syllable counts
_SYLLABLES = 0.8  # of the bits of a part of such a name, in which each syllable is the same
_SYLLABLE, _LEAST_SYLLABLE = 5.5, 1.5  # bits of a syllable that is the same, and of a word that may be one
_ESTABLISHED = 0.95  # of the bits of a name of which the spellings in a script are known
_LONG, _LONG_PART = 18.0, 0.82  # the same for a long name, which other words are seldom like
_BESIDE, _BESIDE_LETTERS = 0.5, 0.7  # of the bits of a word, another word of whose name stands beside it
_LEAST_GIVEN, _GIVEN = 3.0, 0.34  # the same for a given name beside its surname
_FULL = frozenset({"georgian", "armenian", "greek", "devanagari"})  # scripts that write every sound
_FULL_SOUNDS, _OF_KANA = _FULL | {"hangul", "thai"}, 0.76  # and of a Japanese name's bits: it has few other sounds
_AGREE, _SHORT_ALONE = 0.95, 9.0  # of a name's own bits, and bits of a name of which every sound must agree


class Kind(Enum):
    """What a word of a name is: all of it; one of its words, or a name with a context; several of its words, written
    together; the same in an East Asian name.
    """

    WHOLE = auto()
    PART = auto()
    JOINED = auto()
    SPELT = auto()


def needed(
    kind: Kind, own: float, script: str, other: str, *, established: bool = False, guarded: bool = False
) -> float:
    """The bits that a word of one script needs in common with a name's word of another one, which has its `own`;
    `established`: whether the name's spellings in that script are known.
    """
    letters = script in LETTERS and other in LETTERS
    least, part = (
        (LEAST_LETTERS, _LETTERS_PART)
        if letters
        else (6.5 if script == "han" else LEAST_GUARDED if guarded else LEAST, _PART)
    )
    if letters and kind is not Kind.PART:
        least = ALONE_LETTERS
    elif kind is Kind.WHOLE:
        least, part = ALONE, _WHOLE
    elif kind is Kind.JOINED:
        least, part = _JOINED, _JOINED_PART
    elif kind is Kind.SPELT:
        least, part = _LEAST_SPELT, _SPELT
    if other == "kana" and script in _FULL_SOUNDS:
        part = max(part, _OF_KANA)
    if established:
        return max(least, min(_ESTABLISHED * own, max(_LONG, _LONG_PART * own)))
    return max(least, part * own)


def needed_beside(own: float, *, letters: bool, spelt: bool, given: bool) -> float:
    """The same for a word that stands beside another word of the name, the surname if it is the `given` name; between
    Latin and Cyrillic `letters`; `spelt`: see `Heard.add`.
    """
    if spelt:
        return max(_LEAST_SYLLABLE, _SYLLABLES * own)
    if given:
        return max(_LEAST_GIVEN, _GIVEN * own)
    return max(4.5, (_BESIDE_LETTERS if letters else _BESIDE) * own)


def counted(bits: float, kind: Kind, own: float, script: str, syllables: int) -> float:
    """What bits count for, if most are the name's own: more than their sounds where each syllable is the same; and
    enough where each sound that is written is.
    """
    if syllables and bits >= (_SPELT if kind is Kind.SPELT else _SYLLABLES) * own:
        return max(bits, ALONE if kind is Kind.SPELT else _SYLLABLE * syllables)
    return max(bits, ALONE) if script in _FULL and bits >= _AGREE * own >= _SHORT_ALONE else bits


def least(enough: float, own: float, script: str, syllables: int) -> float:
    """The bits in common below which nothing makes up for what is missing to `enough`: see `counted`."""
    if syllables:
        return min(enough, _SYLLABLES * own)
    return min(enough, _AGREE * own) if script in _FULL and own >= _SHORT_ALONE else enough
