"""The words of a name in one spelling and by their sound, and the keys by which an index finds its other namings. Pure.

A word is romanised, and its sound is its consonants, those that languages take for each other as one. The keys of a
name are the sounds of its words (its letters where little is heard), of any two of them in any order, and of two
neighbours written together: so a word may be missing, in another script, misspelt, moved or joined. Legal forms are no
part of a name.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.language.tokens import words_of
from alerts.recognition.names import FORMS, core
from alerts.recognition.sound.alphabets import ABJADS, alphabet, phones, pinyin
from alerts.screening.facts import Facts

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
