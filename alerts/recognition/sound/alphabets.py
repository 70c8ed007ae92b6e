"""How the letters of each script sound: from a word to its phones. And how names are said in languages whose Latin
spelling is not one letter for one sound: as other letters, which are read as that sound (š ž č dž, kh; þ and ð for the
English th). Pure.

A phone is a string of alternatives, each one character. Vowels: a e i o u. Consonants, as in "church", "ship",
"vision", "judge", "bits", "adze", "loch": C S Z J c D x; the others as usual. A letter that may be silent has the
alternative "-".
Letters of one word are read from left to right, the longest known group first.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain, product

from alerts.recognition.tables import alternation, lines, listed, pairs, sounds_of

Phones = tuple[str, ...]


@cache
def _table(name: str) -> dict[str, Phones]:
    """Made with the first word of a script. Pairs `letters=phone.phone`; `letters=` is silent."""
    pairs = (pair.partition("=") for pair in sounds_of(name).split())
    return {letters: tuple(filter(None, phones.split("."))) for letters, _, phones in pairs}


_SMALL = dict(zip("ァィゥェォャュョヮ", "aiueoauoa", strict=True))
_INITIALS = listed("gk k n td t rl m bpv p sSz s - JzZCD c Cc k t pf hfx-")
_MIDDLES = listed("a e i-.a i-.e oae e i-.oe i-.e o wu-.oa wu-.oe wu-.oe i-.o u wu-.uo wu-.ue wu-.ui i-.u u ui i")
_FINALS = listed("- k k k n n n td l l l l l l l l m pb p sSt s n J C k t pf h-")
_IN_FOREIGN_NAMES = pairs("约=yo 約=yo 若=ro")  # characters that sound otherwise there
_PINYIN_SYLLABLE = r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcswy])?([aeiouv]+)(ng|n|r)?"
_APOSTROPHES = str.maketrans({"’": "'", "׳": "'", "ʼ": "'"})
_KARAN = "(?:ษณ|ทร|ตร|[ก-ฮ])[ิุ]?์"
_THAI_LAST, _LAST_S = "[ศส](?=[ก-ฮ][ิุ]?์|$)|ษ$", "Ƨ"  # an s at the end of a syllable, which Thai says as t
_THAI_BEFORE = "([เแโไใ])([ก-ฮ])"
_DOUBLED = re.compile(r"([^\Waeiou])\1")
_ARABIC_SIGNS = str.maketrans("", "", "\u0640")


@lru_cache(maxsize=5_000)
def _plain(word: str) -> str:
    """Without accents and vowel signs."""
    return "".join(char for char in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(char))


def _read(name: str, word: str) -> Phones:
    table = _table(name)
    return tuple(chain.from_iterable(map(table.__getitem__, _groups(name).findall(word))))


_compiled = cache(re.compile)
"""Compiled with the first word that needs it."""


@cache
def _groups(name: str) -> re.Pattern[str]:
    return re.compile(alternation(_table(name)))


def _latin(word: str, name: str = "latin") -> str:
    """A Latin word in the letters of a table."""
    lower = word.casefold()
    if not lower.isascii():
        lower, table = unicodedata.normalize("NFC", lower), _table(name)
        lower = "".join(char if char in table or char == "'" else _plain(char) for char in lower)
    return f"sz{lower[1:]}" if lower.startswith(("xi", "xu")) else lower  # Pinyin; Greek words with x begin otherwise


SPELT = {"latin": "latin as spelt", "cyrillic": "cyrillic as spelt"}
"""The tables of Latin and Cyrillic letters for words that are compared with these."""
_SPELT: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "latin": ("latin", _latin),
    "cyrillic": ("cyrillic", str.casefold),
    SPELT["latin"]: ("latin_as_spelt", lambda word: f"{_latin(word, 'latin_as_spelt')}$"),
    SPELT["cyrillic"]: ("cyrillic_as_spelt", str.casefold),
}


def sounds(script: str) -> Iterable[tuple[str, Phones]]:
    """The groups of Latin or Cyrillic letters that are one or more phones, and these."""
    return _table(_SPELT[script][0]).items()


def _kana(word: str) -> Phones:
    found, table = list[str](), _table("kana")
    before = ""
    katakana = (chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in word)
    for char in katakana:
        if char in _SMALL:
            if found and found[-1] in "aiueo" and found.pop() == "u" and before == "ウ":
                found.append("wv-")
            found.append(_SMALL[char])
        elif char in table:
            found += table[char]
        elif char == "ン":
            found.append("nm")
        before = char
    return tuple(found)


def _hangul(word: str) -> Phones:
    found: list[str] = []
    for char in unicodedata.normalize("NFC", word):
        code = ord(char) - 0xAC00
        if 0 <= code < 11172:
            initial = _INITIALS[code // 588] if code // 588 != 11 else "-"
            found += (initial, *_MIDDLES[code % 588 // 28].split("."), _FINALS[code % 28])
    return tuple(phone for phone in found if phone != "-")


def pinyin(char: str) -> str:
    """A Chinese character's most usual syllable, without tone."""
    from anyascii import anyascii  # noqa: PLC0415 - a table of all scripts, needed for few texts

    return str(anyascii(char)).lower()


def _han(word: str) -> Phones:
    found: list[str] = []
    syllables = [_IN_FOREIGN_NAMES.get(char) or pinyin(char) for char in word]
    for syllable, following in zip(syllables, [*syllables[1:], ""], strict=True):
        if syllable == "er":
            found.append("rl")
        elif read := _compiled(_PINYIN_SYLLABLE).fullmatch(syllable):
            initial, vowels, final = read.groups()
            found += _table("pinyin")[initial] if initial else ()
            found.append("".join(dict.fromkeys(vowels.replace("v", "u"))))
            if final in {"n", "ng"}:
                found.append("nm-" if following[:1] in set("bpm") else "n-")
    return tuple(found)


def _thai(word: str) -> Phones:
    ordered = _compiled(_THAI_BEFORE).sub(r"\2\1", _compiled(_THAI_LAST).sub(_LAST_S, word.replace("รร", "ั")))
    found: list[str] = []
    for part in _compiled(f"({_KARAN})").split(ordered):
        silent = "-" if part.endswith("์") else ""  # a letter with this sign may be heard in foreign words
        found += (phone if "-" in phone else f"{phone}{silent}" for phone in _read("thai", part))
    return tuple(found)


def _with(table: str) -> Callable[[str], Phones]:
    return lambda word: _read(table, _DOUBLED.sub(r"\1", _plain(word.translate(_APOSTROPHES))))


def spelt_phones(word: str, script: str) -> Phones:
    """The phones of a Latin or Cyrillic word, doubled consonants once, by the table of that name."""
    name, letters_of = _SPELT[script]
    letters = letters_of(word)
    letters = _DOUBLED.sub(r"\1", letters) if _DOUBLED.search(letters) else letters  # to substitute takes longer
    return _read(name, letters)


def _other(word: str) -> Phones:
    """A script without a table of its own, by its usual romanization."""
    from anyascii import anyascii  # noqa: PLC0415 - as above

    return spelt_phones(str(anyascii(word)), "latin")


_SCRIPTS: tuple[tuple[str, str, Callable[[str], Phones]], ...] = (
    ("latin", "a-zà-ʯḀ-ỿ", lambda word: spelt_phones(word, "latin")),
    ("cyrillic", "Ѐ-ԯ", lambda word: spelt_phones(word, "cyrillic")),
    ("arabic", "؀-ۿݐ-ݿ", lambda word: _read("arabic", _plain(word.translate(_ARABIC_SIGNS)))),
    ("hebrew", "֐-׿", lambda word: _read("hebrew", _plain(word.translate(_APOSTROPHES)))),  # doubled letters are two
    ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff", _han),
    ("kana", "ぁ-ヿ", _kana),
    ("hangul", "가-힣", _hangul),
    ("greek", "Ͱ-Ͽἀ-῿", _with("greek")),
    ("georgian", "Ⴀ-ჿᲐ-Ჿ", _with("georgian")),
    ("armenian", "԰-֏", lambda word: _read("armenian", word.casefold().replace("եւ", "և"))),
    ("thai", "฀-๿", _thai),
    ("devanagari", "ऀ-ॿ", lambda word: _read("devanagari", unicodedata.normalize("NFD", word))),
)
_READERS = {name: read for name, _, read in _SCRIPTS}
LETTERS = frozenset({"latin", "cyrillic"})
ABJADS = frozenset({"arabic", "persian", "hebrew"})
VOWELLESS = ABJADS | {"devanagari"}
"""Scripts in which a vowel may stand between two letters without being written."""
SYLLABLES = frozenset({"kana", "hangul", "han", "thai"})
"""Scripts that write a vowel after each consonant, and leave out an r before one."""


def alphabet(word: str) -> str:
    """The script of a word's first letter that has one, by name; "other" if no table has it."""
    first = word[:1]
    if "A" <= first <= "z":
        return "latin"
    if "А" <= first <= "я":
        return "cyrillic"
    return _alphabet(word[:3])


@lru_cache(maxsize=20_000)
def _alphabet(letters: str) -> str:
    letters = letters.casefold()
    return next((name for name, own, _ in _SCRIPTS if _compiled(f"[{own}]").search(letters)), "other")


@lru_cache(maxsize=50_000)
def phones(word: str) -> Phones:
    """The phones of a word of one script."""
    return _READERS.get(alphabet(word), _other)(word)


_MOST_READINGS = 8  # readings of one name
_CHOICES = 4  # groups of letters of one name that are read in several ways
_LONGEST_SPELT = 14  # letters: longer names are told by their sound
_IN_CYRILLIC = dict(zip("abcdefghiklmnopqrstuvyz", "абкдефгхиклмнопкрстувиз", strict=True))
_RESPELLINGS = [(pattern, other or [""]) for pattern, *other in map(str.split, sounds_of("respelling").splitlines())]
_BECOMES = {f"r{number}": other for number, (_, other) in enumerate(_RESPELLINGS)}
# Which one it is, is marked at its end: a group that begins it would keep the engine from looking at its first letter.
_GROUP = "|".join(f"{pattern}(?P<r{number}>)" for number, (pattern, _) in enumerate(_RESPELLINGS))
_DOUBLED_CYRILLIC = re.compile(r"([бвгдзклмнпрстф])\1")
_DOUBLED_INSIDE = re.compile(rf"{_DOUBLED_CYRILLIC.pattern}(?=.)")
_SHORT = 5  # letters of a word of which the end tells it from others


def respelt(folded: str) -> Iterator[str]:
    """What a folded Latin name may be in Cyrillic besides what its letters say, the most likely first."""
    plain = folded.isascii() and folded.isalpha() and 3 <= len(folded) <= _LONGEST_SPELT
    groups = list(_compiled(_GROUP).finditer(folded)) if plain else []
    if not groups:
        return
    # The groups of a name's letters, and what each may become.
    pieces, at, choices = list[list[str]](), 0, 0
    for group in groups:
        becomes = _BECOMES[group.lastgroup or ""]
        choices += len(becomes) > 1
        pieces += ([_IN_CYRILLIC[letter]] for letter in folded[at : group.start()])
        pieces.append(becomes if choices <= _CHOICES else becomes[:1])
        at = group.end()
    pieces += ([_IN_CYRILLIC[letter]] for letter in folded[at:])
    told = set()
    ways = sorted(product(*map(enumerate, pieces)), key=lambda way: sum(rank for rank, _ in way))
    for way in ways[:_MOST_READINGS]:
        word = "".join(piece for _, piece in way)
        for reading in (word, (_DOUBLED_CYRILLIC if len(word) > _SHORT else _DOUBLED_INSIDE).sub(r"\1", word)):
            if reading not in told and len(reading) > 1:
                told.add(reading)
                yield reading


_Rules = tuple[tuple[re.Pattern[str], str], ...]
_AZERI = re.compile("x|q(?!u)|c(?![khiey])|j")


def said(word: str, *, anywhere: bool = False) -> Iterator[str]:
    """A Latin word in small letters, with accents, as each language says it that it may be of. Found `anywhere` in
    a text, it may be an Azeri or Uzbek one without showing it.
    """
    word = unicodedata.normalize("NFC", word)
    told, languages = {word}, _languages()
    for mark, rules in languages:
        if mark.search(word) or (anywhere and rules is languages[-1][1] and _AZERI.search(word)):
            spoken = word
            for letters, sound in rules:
                spoken = letters.sub(sound, spoken)  # in capitals, which no other rule finds
            spoken = spoken.lower()
            if len(spoken) > 1 and spoken not in told:
                told.add(spoken)
                yield spoken


@cache
def _languages() -> list[tuple[re.Pattern[str], _Rules]]:
    """What shows that a word may be of a language, and the rules by which it is said, in their order: those of the
    table, made with the first name in Latin letters.
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines("said.txt"):
        if line.startswith(" "):
            found[-1][1].extend(line.split())
        else:
            found.append((line.partition(": ")[2], []))
    split = [(mark, [rule.rpartition("=") for rule in rules]) for mark, rules in found]
    return [
        (re.compile(mark), tuple((re.compile(letters), sound.upper()) for letters, _, sound in rules))
        for mark, rules in split
    ]
