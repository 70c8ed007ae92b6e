"""Endings of words in every script, by rule: the stems of a Russian or Ukrainian word with the case endings of each;
endings in Latin letters, and Kazakh ones; and in other scripts also particles and joined words. Pure.

Names are in no dictionary, hence rules. pymorphy3 can predict their forms, but takes 270 microseconds a name and is
sometimes wrong (it declines a company's name as feminine). A rule that allows an ending too many costs almost nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from alerts.recognition.language.scripts import fold
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import by_language, words

Kind = Literal["word", "surname"]  # a surname of one person has no plural, and only one gender


class Stem(NamedTuple):
    """The constant part of a word, and the endings that may follow it."""

    text: str
    endings: frozenset[str]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.replace("-", "").split(" "))


_BARE = frozenset({""})
_HARD = _set("- а у ом ем е ы и і ов ів ам ами ах ові")  # a hard consonant, with the plural and Ukrainian
_SOFT = _set("ь я ю ем ём е и і ей ів ям ями ях ью єм еві")
_SHORT_I = _set("й я ю ем ём е и і ї ев ям ями ях єм єві")
_A = _set("а ы и і е у ой ою ей ею ої ій ай аю ом - ам ами ах")
_IA = _set("я и і ї е ю ей ею ёй єю й ь ям ями ях")
_O = _set("о а у ом е і ові ам ами ах -")
_IE = _set("е я ю ем и й ям ями ях")
_ADJECTIVE = _set("ый ий ой ого его ому ему ым им ом ем ая яя ую юю ою ей ое ее ые ие ых их ыми ими")
_ADJECTIVE |= _set("ій а е і ої у ими их ьої ім")
_PLURAL = _set("ы ов ів ам ами ах ев ей ям ями ях")
_SURNAME = _set("- а у ым им ом е")
_SURNAME_OF_HER = _set("а ой у ою ої ій ай аю")
_ADJECTIVE_OF_HIM = _set("ого его ому ему ым им ом ем ім")
_BELARUSIAN = _set("і ага аму ім ая ай ую аю ы ыя іх іх")
_SERBIAN = _set("и ог ом им ому ој у ом")
_OF_U = _set("а у ым е")  # Belarusian surnames in -ў
_OF_BIRDS = _set("я ю ем ём е и")  # Соловья, Воробья

_UKRAINIAN_LOCATIVE = _set("і")
_SOFTENED = {"к": "ц", "г": "з", "х": "с"}  # before it

_VOWELS = "аеёиоуыэюяіїє"
_FLEETING = ("ел", "ек", "ок", "ец", "ень", "ек", "ёк")
ENDINGS = frozenset().union(_HARD, _SOFT, _SHORT_I, _A, _IA, _O, _IE, _ADJECTIVE, _SURNAME, _BELARUSIAN, _SERBIAN)


def stems(word: str, kind: Kind = "word") -> Iterator[Stem]:
    """The stems of a folded Cyrillic word in its base form. An indeclinable word is its own stem."""
    if len(word) < 3 or not any(letter in _VOWELS for letter in word) or not word.isalpha():
        yield Stem(word, _BARE)  # an abbreviation
        return
    if word == "лев":
        yield Stem("льв", _HARD - _BARE)
    yield from _surname(word) if kind == "surname" else _word(word)


def _word(word: str) -> Iterator[Stem]:
    last, before = word[-1], word[:-1]
    if len(word) > 4 and word.endswith(("ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие")) and word[-3:] != "ние":
        yield Stem(word[:-2], _ADJECTIVE)
    if word.endswith(("скі", "цкі")):
        yield Stem(word[:-1], _BELARUSIAN)
    elif word.endswith(("ски", "цки")):
        yield Stem(word[:-1], _SERBIAN)
    if last == "ь":
        yield Stem(before, _SOFT)
    elif last in {"и", "й"}:
        yield Stem(before, _SHORT_I) if last == "й" else Stem(word, _BARE)
    elif last in "ая":
        yield Stem(before, _A if last == "а" else _IA)
    elif last == "о":
        yield Stem(before, _O)
    elif last == "е":
        yield Stem(before, _IE) if before[-1] in "иь" else Stem(word, _BARE)
    elif last in _VOWELS:
        yield Stem(word, _BARE)
    else:
        yield Stem(word, _HARD | _set("ым") if word.endswith(("ов", "ев", "ин", "ын")) else _HARD)
    yield from _fleeting(word)


def _fleeting(word: str) -> Iterator[Stem]:
    """Words that lose or change a sound when declined: Городок, Городка; Заяц, Зайца; Соловей, Соловья; Вінцэсяў,
    Вінцэсява; Фейсбук, Фейсбуці.
    """
    if (word.endswith("ец") and word[-3] in _VOWELS) or word.endswith("яц"):
        yield Stem(f"{word[:-2]}йц", _HARD - _BARE)
    elif len(word) > 4 and word.endswith("ей"):
        yield Stem(word[:-2] + "ь", _OF_BIRDS)
    elif len(word) > 4 and word[-1] in _SOFTENED:
        yield Stem(word[:-1] + _SOFTENED[word[-1]], _UKRAINIAN_LOCATIVE)
    elif word[-1] == "ў":
        yield Stem(word[:-1] + "в", _OF_U)
    if len(word) > 3 and word.endswith(_FLEETING):
        short = word.removesuffix("ь")
        if short[-3] not in _VOWELS:
            yield Stem(short[:-2] + short[-1], (_SOFT if word[-1] == "ь" else _HARD) - _BARE)


def _surname(word: str) -> Iterator[Stem]:
    if word.endswith(("ый", "ий", "ой")):
        yield Stem(word[:-2], _ADJECTIVE_OF_HIM | {word[-2:]})
    elif word.endswith(("ова", "ева", "ина", "ына")):
        yield Stem(word[:-1], _SURNAME_OF_HER)
    elif word.endswith(("ов", "ев", "ёв", "ин", "ын")):
        yield Stem(word, _SURNAME)
    elif word.endswith(("аў", "еў", "оў", "ёў")):
        yield Stem(word, _BARE)
        yield Stem(f"{word[:-1]}в", _OF_U)
    else:
        for stem in _word(word):
            yield Stem(stem.text, stem.endings - _PLURAL if word[-1] not in _VOWELS else stem.endings)


Endings = Mapping[str, frozenset[str]]
"""Each ending, folded, with the languages that have it."""

_LATIN_VOWELS = "aeiou"
_SHORTEST = 4  # letters of a name that changes its end


def _by_ending(endings: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, text in endings.items():
        for ending in map(fold, text):
            found[ending] = found.get(ending, frozenset()) | {language}
    return found


def _changed(languages: Iterable[str]) -> Endings:
    parts = (part.partition("=") for part in languages)
    return _by_ending({language: endings.split(",") for language, _, endings in parts})


SUFFIXES = _by_ending(by_language("endings"))
_DOUBLING = {f"{letter}{rest}" for letter in "bcdfghjklmnprstzv" for rest in ("al", "el")}
"""The Hungarian ending that begins with the last consonant of the name: Zsomborral."""
_DOUBLING = (_DOUBLING | {"szal", "szel"}) - set(map(fold, by_language("endings")["hu"]))
for _ending in _DOUBLING:
    SUFFIXES[_ending] = SUFFIXES.get(_ending, frozenset()) | {"hu"}
_OF_CHANGED = {end: _changed(languages) for end, languages in by_language("changes").items()}
_LONGEST_CHANGED = max(map(len, _OF_CHANGED))

KAZAKH = words("kazakh")
"""Kazakh and Kyrgyz endings."""
CYRILLIC: Endings = {
    **dict.fromkeys(KAZAKH, frozenset({"kk"})),
    **_by_ending({"bg": ("ът", "ят"), "mk": ("от",)}),
    **dict.fromkeys(("та", "те"), frozenset({"kk", "bg", "mk"})),
}
ARTICLES = frozenset({"ът", "ят", "от"})
"""Bulgarian and Macedonian endings that an ordinary word has more often than a name."""
JOINED_NOUNS = tuple(sorted(words("joined_nouns"), key=len, reverse=True))
"""Nouns that Germanic languages join to a name, the longer ones first."""
CHANGED_ENDINGS = frozenset(ending for endings in _OF_CHANGED.values() for ending in endings)
OF_CHANGES_ONLY = CHANGED_ENDINGS - SUFFIXES.keys()


def changes(folded: str) -> Iterator[tuple[str, Endings]]:
    """What is left of a Latin name that changes its end, and the endings that it takes then."""
    if len(folded) < _SHORTEST:
        return
    for length in range(1, min(_LONGEST_CHANGED, len(folded) - 3) + 1):
        if folded[-length:] in _OF_CHANGED:
            yield folded[:-length], _OF_CHANGED[folded[-length:]]


def may_end(stem: str, ending: str) -> bool:
    """Whether the sounds of a Latin stem allow an ending."""
    if ending not in _DOUBLING:
        return True
    last = stem.rstrip(_LATIN_VOWELS)[-1:]
    return ending[0] == last or (ending[0] == "s" and last in "xs")


LEAST_LEFT = 3
"""Letters that must be left of a word in a script other than Latin and Cyrillic."""
_NATIVE = by_language("native_endings")
_BY_LAST_LETTER: dict[str, dict[str, list[str]]] = {script: {} for script in _NATIVE}
"""The endings of each of these scripts by their last letter, the longest first."""
for _script, _text in _NATIVE.items():
    for _ending in sorted(_text, key=len, reverse=True):
        _BY_LAST_LETTER[_script].setdefault(_ending[-1], []).append(_ending)
_HANGUL_SHORTEST = 2
# What a brand sells, and what it has, joined to its name: グーグルマップ.
_PRODUCTS = {script: tuple(own) for script, own in by_language("native_products").items()}
GEORGIAN_NOMINATIVE = "ი"
_DECLINED = frozenset({"georgian", "armenian", "hangul"})  # also foreign names are declined
_PREFIXES = by_language("native_joined")
"""What is joined to the front of the next word."""
PARTICLES = frozenset({*_NATIVE["hangul"], *_PRODUCTS["hangul"]})
"""What Korean joins to a name, also to one in Latin letters."""
JOINED_BEFORE = _PREFIXES["hebrew"] | {""}
"""What Hebrew joins to one, or nothing."""
_ARTICLE = "ال"
_ARTICLES = re.compile(f"{_ARTICLE}|ה")


@lru_cache(maxsize=1_000)
def forms(folded: str) -> tuple[str, ...]:
    """A folded word in a script other than Latin and Cyrillic, and what is left of it without joined words and endings,
    in each possible way. A name and a word of a text are the same word if they share a form.
    """
    script = alphabet(folded)
    found = [folded, *_without_ending(folded, script)]
    for head in _without_joined(folded, script):
        found += (head, *_without_ending(head, script))
    return tuple(dict.fromkeys(found)) if len(found) > 1 else (folded,)


def bare(folded: str) -> Iterator[str]:
    """A name, folded, and what is left of it without the ending or the article of its base form."""
    script = alphabet(folded)
    yield folded
    if script == "arabic":
        if folded.startswith(_ARTICLE) and len(folded) > LEAST_LEFT + len(_ARTICLE):
            yield folded.removeprefix(_ARTICLE)
    elif script != "hangul":
        yield from _without_ending(folded, script)


def borrowed(folded: str) -> Sequence[str]:
    """A folded word, and what may be a foreign name in it: such names take no endings in Arabic, Hebrew and Greek."""
    script = alphabet(folded)
    found = forms(folded) if script in _DECLINED else (folded,)
    if script in _PREFIXES:
        joined = _without_joined(folded, script)
        # An article is not joined to a short one: few brands have one.
        found += tuple(form for form in joined if len(form) > LEAST_LEFT or not _ARTICLES.search(folded[: -len(form)]))
    if products := _PRODUCTS.get(script):
        for head in forms(folded):
            if head.endswith(products):  # few words
                found += tuple(head.removesuffix(each) for each in products if head.endswith(each) and head != each)
    return found


def spoken(word: str, folded: str) -> Iterator[str]:
    """A word of a name as it may be said: an Arabic one also without its article, or with that of the next word."""
    yield word
    if folded.startswith(_ARTICLE) and len(folded) > len(_ARTICLE) + 1:
        yield folded.removeprefix(_ARTICLE)
    if folded == "عبد":
        yield "عبدال"


def _without_joined(folded: str, script: str) -> list[str]:
    """Without the words that are joined to its front, in each possible way."""
    known = _PREFIXES.get(script, _BARE)
    return [folded[at:] for at in range(1, min(4, len(folded) - LEAST_LEFT) + 1) if folded[:at] in known]


def _without_ending(folded: str, script: str) -> list[str]:
    most = len(folded) - (_HANGUL_SHORTEST if script == "hangul" else LEAST_LEFT)
    suffixes = _BY_LAST_LETTER.get(script, {}).get(folded[-1:], ())
    return [folded[: -len(suffix)] for suffix in suffixes if len(suffix) <= most and folded.endswith(suffix)]
