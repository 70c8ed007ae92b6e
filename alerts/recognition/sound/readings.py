"""Latin and Cyrillic spellings of names that are written in Chinese, Japanese or Korean. Pure.

Pinyin, Palladius, and how Taiwan and the Czechs write Chinese; Hepburn and Polivanov, the usual Korean
romanizations and Kontsevich.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, product
from typing import Any, NamedTuple

from alerts.recognition.sound.alphabets import alphabet, pinyin
from alerts.recognition.tables import listed, pairs, sounds_of

_LONGEST_SURNAME = 3  # characters
_JAPANESE_MOST = 4  # readings of one part
_NAME = "人名"
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
_TO_KATAKANA = 0x60


@cache
def _dictionary() -> Any | None:
    try:
        from sudachipy import Dictionary  # noqa: PLC0415 - few configurations need it
    except ImportError:
        return None
    return Dictionary(dict="small")


def parts(name: str) -> Iterator[tuple[list[str], list[str]]]:
    """The surname and the given name, each with its readings in katakana; nothing if the dictionary lacks either."""
    dictionary = _dictionary()
    if dictionary is None:
        return
    for read, least in ((_readings, 1), (_composed, 2)):
        for size in range(min(_LONGEST_SURNAME, len(name) - 1), least - 1, -1):
            surname, given = read(dictionary, name[:size]), _readings(dictionary, name[size:])
            if surname and given:
                yield surname, given
                return


def _readings(dictionary: Any, word: str) -> list[str]:
    if _KANA.fullmatch(word):
        return ["".join(chr(ord(char) + _TO_KATAKANA) if char < "\u30a0" else char for char in word)]
    names = [entry.reading_form() for entry in _entries(dictionary, word) if _NAME in entry.part_of_speech()]
    return list(dict.fromkeys(names))[:_JAPANESE_MOST]


def _composed(dictionary: Any, word: str) -> list[str]:
    """The readings of a rare surname that the dictionary lacks, by those of its parts."""
    for at in range(len(word) - 1, 0, -1):
        one, other = (_parts_readings(dictionary, part) for part in (word[:at], word[at:]))
        if one and other:
            return [first + second for first in one for second in other][:_JAPANESE_MOST]
    return []


def _parts_readings(dictionary: Any, part: str) -> list[str]:
    entries = _entries(dictionary, part)
    named = [entry for entry in entries if _NAME in entry.part_of_speech()]
    return list(dict.fromkeys(entry.reading_form() for entry in named or entries))[:2]


def _entries(dictionary: Any, word: str) -> list[Any]:
    return [entry for entry in dictionary.lookup(word) if entry.surface() == word]


_LETTERS = {kana: latin for latin, _, kana in (pair.partition("=") for pair in sounds_of("hepburn").split())}
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}


def hepburn(katakana: str) -> str:
    """The Latin spelling, with long vowels as two letters: キョウコ is kyouko."""
    found = ""
    doubled = False
    for char in katakana:
        if char == "ッ":
            doubled = True
            continue
        if char in _SMALL and found.endswith("i"):
            small = _SMALL[char]
            found = found[:-1] + (small[1:] if found.endswith(("shi", "chi", "ji")) else small)
        elif char == "ー":
            found += found[-1:]
        else:
            latin = _LETTERS.get(char, "")
            found += (latin[:1] if doubled else "") + latin
        doubled = False
    return found


class Spelt(NamedTuple):
    """A word with its spellings, and how it sounds, in the script in which that is clearest."""

    spellings: tuple[str, ...]
    sound: str


Reading = tuple[Spelt, ...]
"""The words of a name, the surname first."""

_LAST_OF_GIVEN_NAMES = "子美代江枝恵男夫郎雄彦"
_MOST = 24  # spellings of one word
# Surnames whose characters are otherwise read differently.
_SURNAMES = pairs("曾=zeng 单=shan 仇=qiu 解=xie 查=zha 盖=ge 区=ou 朴=piao 尉=wei 覃=qin")
_DOUBLE_SURNAMES = frozenset(
    listed("欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 司徒 慕容 令狐 公孙 尉迟 夏侯 端木")
)
_INITIALS, _FINALS, _WHOLE = (pairs(sounds_of(f"palladius_{part}")) for part in ("initials", "finals", "whole"))
_AFTER_PALATAL = {"u": "юй", "uan": "юань", "ue": "юэ", "un": "юнь"}

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(text: str) -> _Rules:
    return tuple((re.compile(pattern), other) for pattern, other in pairs(text).items())


_WADE_GILES, _CZECH = _rules(sounds_of("wade_giles")), _rules(sounds_of("czech_pinyin"))
_POLIVANOV = pairs(sounds_of("polivanov")) | dict(zip("aiueokstnhmrgdbp", "аиуэокстнхмргдбп", strict=True))
_POLIVANOV_PIECES = re.compile("|".join(sorted(_POLIVANOV, key=len, reverse=True)))

_KOREAN_SURNAMES = {name: latin.split(",") for name, latin in pairs(sounds_of("korean_surnames")).items()}
_KOREAN_DOUBLE_SURNAMES = frozenset(listed("남궁 황보 제갈 사공 선우 서문 독고 동방"))
_KOREAN_INITIALS = listed("g,k kk n d,t tt r,l m b,p pp s ss - j,ch jj ch k t p h")
_KOREAN_MIDDLES = listed("a ae ya yae eo,u,o e yeo,yu,you,yo ye o wa wae oe yo u,oo wo we wi yu,yoo eu,u ui,i,ee i,ee")
_KOREAN_FINALS = listed("- k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
_KONTSEVICH_INITIALS = listed("к,г кк н т,д тт р,л м п,б пп с сс - ч,дж,чж чч чх кх тх пх х")
_KONTSEVICH_MIDDLES = listed("а э я йэ о е ё,йо йе о ва вэ ве ё,йо у во ве ви ю ы,и ый,и и")
_KONTSEVICH_FINALS = listed("- к к к н н н т ль к м ль ль ль п ль м п п т т н т т к т п т")


def readings(name: str) -> Iterator[Reading]:
    """How a name may be read, if it is one word in Chinese characters, kana or hangul; otherwise nothing."""
    scripts = {alphabet(char) for char in name}
    if scripts == {"hangul"} and 2 <= len(name) <= 4:
        yield _korean(name)
    elif scripts == {"han"} and 2 <= len(name) <= 4:
        double = len(name) > 2 and name[:2] in _DOUBLE_SURNAMES
        yield _chinese(name, 2 if double else 1)
        if double:  # also with a hyphen: Ou-yang
            yield _chinese(name, 1)
    if scripts <= {"han", "kana"} and "han" in scripts and 3 <= len(name) <= 8:
        yield from _japanese(name)


def longer_names(name: str) -> Iterator[str]:
    """Other people's names that begin like a Japanese one: 千鶴子 is not 千鶴."""
    if {alphabet(char) for char in name} == {"han"} and any(True for _ in _japanese(name)):
        yield from (name + last for last in _LAST_OF_GIVEN_NAMES)


def together(words: Sequence[Spelt]) -> Spelt:
    """Several syllables as one word."""
    found: dict[str, None] = {}
    for script in dict.fromkeys(map(alphabet, words[0].spellings)):
        of_script = ([spelling for spelling in word.spellings if alphabet(spelling) == script] for word in words)
        found |= dict.fromkeys(islice(map("".join, product(*of_script)), _MOST))
    return Spelt(tuple(found), "".join(word.sound for word in words))


def _palladius(syllable: str) -> str:
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    found = re.fullmatch("(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])(.+)", syllable)
    if not found or found[2] not in _FINALS:
        return ""
    final = _AFTER_PALATAL.get(found[2], _FINALS[found[2]]) if found[1] in "jqx" else _FINALS[found[2]]
    return _INITIALS[found[1]] + final


def _respelt(syllable: str, rules: _Rules) -> str:
    begun = syllable
    for pattern, other in rules:
        if pattern.pattern[0] != "^" or pattern.match(begun):  # beginnings as pinyin has them: p is no b
            syllable = pattern.sub(other, syllable)
    return syllable


def _chinese(name: str, parts: int) -> Reading:
    """A name whose first so many characters are one word."""
    read = [_SURNAMES.get(char, pinyin(char)) if not at else pinyin(char) for at, char in enumerate(name)]

    def spelt(first: int, end: int) -> Spelt:
        some = read[first:end]
        latin, cyrillic = "".join(some), "".join(map(_palladius, some))
        older, czech = ("".join(_respelt(one, rules) for one in some) for rules in (_WADE_GILES, _CZECH))
        # One letter, which is also an initial, tells nothing.
        spellings = (latin, latin.replace("v", "u"), older, czech if len(czech) > 1 else "", cyrillic)
        return Spelt(tuple(dict.fromkeys(filter(None, spellings))), name[first:end])

    return spelt(0, parts), *(spelt(at, at + 1) for at in range(parts, len(name)))


def _japanese(name: str) -> Iterator[Reading]:
    for surname, given in parts(name):
        yield _japanese_spelt(surname), _japanese_spelt(given)


def _japanese_spelt(kana: Sequence[str]) -> Spelt:
    found: dict[str, None] = {}
    for reading in kana:
        romaji = hepburn(reading)
        short = re.sub("ou|oo|oh", "o", romaji).replace("uu", "u")
        russian = _POLIVANOV_PIECES.sub(lambda piece: _POLIVANOV[piece[0]], re.sub("n(?=[pbm])", "m", short))
        found |= dict.fromkeys((short, romaji, re.sub("ou|oo", "oh", romaji), russian, reading))
    return Spelt(tuple(found)[:_MOST], kana[0])


def _korean(name: str) -> Reading:
    found: list[Spelt] = []
    for at, char in enumerate(unicodedata.normalize("NFC", name)):
        usual = _KOREAN_SURNAMES.get(char, []) if not at else []
        found.append(Spelt(tuple(dict.fromkeys([*usual, *_korean_syllable(char)]))[:_MOST], char))
    return (together(found[:2]), *found[2:]) if name[:2] in _KOREAN_DOUBLE_SURNAMES and len(name) > 2 else tuple(found)


def _korean_syllable(char: str) -> Iterator[str]:
    code = ord(char) - 0xAC00
    at = code // 588, code % 588 // 28, code % 28
    for initials, middles, finals in (
        (_KOREAN_INITIALS, _KOREAN_MIDDLES, _KOREAN_FINALS),
        (_KONTSEVICH_INITIALS, _KONTSEVICH_MIDDLES, _KONTSEVICH_FINALS),
    ):
        for initial, middle in product(initials[at[0]].split(","), middles[at[1]].split(",")):
            yield f"{initial}{middle}{finals[at[2]]}".replace("-", "")
