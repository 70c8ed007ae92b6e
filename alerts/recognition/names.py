"""The shapes of a configured name: its words, without its legal form, and in other notations. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.language.tokens import may_be_proper, words_of
from alerts.recognition.tables import lines

FORMS = frozenset(tuple(form.split()) for line in lines("legal_forms.txt") for form in line.split("|"))
"""The legal forms, as their words."""
FORM_WORDS = frozenset(form[0] for form in FORMS)
_IN_FORMS = frozenset(word for form in FORMS for word in form)
_LONGEST = max(map(len, FORMS))


def form_at(words: Sequence[str], start: int, forms: Collection[tuple[str, ...]] = FORMS) -> int:
    """The number of folded words from `start` on that are a legal form: the longest one, or 0."""
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        if tuple(words[start : start + length]) in forms:
            return length
    return 0


def core(words: Sequence[str], forms: Collection[tuple[str, ...]] = FORMS) -> tuple[int, int]:
    """The beginning and end of a name without its legal forms, which are spelt as its words are; of the whole name if
    nothing else is left.
    """
    start, end = 0, len(words)
    if forms is FORMS and _IN_FORMS.isdisjoint(words):  # most names
        return start, end
    while start < end and (length := form_at(words[:end], start, forms)):
        form = words[start : start + length]
        # Before a name, two Latin letters are more likely a part of it: "AS Roma".
        if form[-1].isascii() and (len("".join(form)) < 3 or form[-1] == "company"):
            break
        start += length
    shrinking = True
    while shrinking:
        longest = range(min(_LONGEST, end - start), 0, -1)
        length = next((n for n in longest if tuple(words[end - n : end]) in forms), 0)
        end, shrinking = end - length, length > 0
    return (start, end) if start < end else (0, len(words))


_HUMPS = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁ])(?=[A-ZА-ЯЁ])|(?<=^[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][^\W\d_A-ZА-ЯЁ])")
_RUN = re.compile("[\u30a1-\u30fa\u30fc]{3,}|[\u0e00-\u0e7f]{3,}")
_SURNAME = re.compile(r"(?:ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|цкий|ская|цкая|ov|ev|ova|eva|sky|skiy|skaya)\Z")

_APOSTROPHE = re.compile("(?<=[а-яіїєґў])['’ʼ](?=[яюєїеё])", re.IGNORECASE)
_GIVEN_OF_TWO = re.compile(r"(\w) ال(\w+(?= \w))")
_BEFORE_SUN = re.compile(r"(\w) ال([تثدذرزسشصضطظلن]\w+(?= \w))")  # Abd ar-Razzaq for Abd al-Razzaq
_AS_IN_REGISTERS = re.compile(r"([^\W\d_][\w'’-]+),\s([^\W\d_][\w-]+(?: [^\W\d_][\w.-]*)?)")
_HYPHEN = re.compile(r"(?<=[^\W\d_]{2})[-‐‑](?=[^\W\d_]{2})")
_NON_JOINER = "\u200c"
_GERESH = re.compile("[א-ת]['’׳][א-ת]")
_WITH_GERESH = re.compile(r"[^\W_]+(?:['’׳][^\W_]+)*")


class Shape(NamedTuple):
    """One sequence of words by which a name is found.

    `cased` shapes match only if each word begins with a capital letter, `core` ones lack the name's legal form,
    `person` ones are a given name and a surname. A `comma` may stand after their first word: the surname comes first.
    A `joined` one is several words, written together.
    """

    words: tuple[str, ...]
    cased: bool = False
    core: bool = False
    person: bool = False
    comma: bool = False
    joined: bool = False


def notations(name: str) -> Iterator[str]:
    """A name as it is when the words of texts are told apart: without the apostrophe of Ukrainian and Belarusian; with
    the parts of a double name or a Persian word together, and those of an Arabic given name, as written and as said;
    of one as registers have it, the person's: SMITH, Robert.
    """
    name = _APOSTROPHE.sub("", name)
    if (register := _AS_IN_REGISTERS.fullmatch(name)) and not form_at(list(map(fold, words_of(register[2]))), 0):
        name = f"{register[2]} {register[1].title() if register[1].isupper() else register[1]}"
    yield name
    if _NON_JOINER in name:
        yield name.replace(_NON_JOINER, "")
    if _HYPHEN.search(name):
        yield _HYPHEN.sub("", name)
    if _GIVEN_OF_TWO.search(name):
        yield _GIVEN_OF_TWO.sub(r"\1ال\2", name)
        if _BEFORE_SUN.search(name):
            yield _BEFORE_SUN.sub(r"\1ا\2", name)


def _words(name: str) -> list[str]:
    """The words of a name; a Hebrew one keeps its geresh."""
    return _WITH_GERESH.findall(name) if _GERESH.search(name) else words_of(name)


def humps(word: str) -> list[str]:
    """The parts of a word in camel case: GreenPeak: Green, Peak. An abbreviation is one part."""
    return _HUMPS.split(word)


def shapes(name: str, *, person: bool = False) -> Iterator[Shape]:
    """All shapes of a name, the name itself first."""
    words = _words(name)
    start, end = core([fold(word) for word in words])
    inner = words[start:end]
    if len(inner) < len(words):
        yield Shape(tuple(words))
    named = is_named(inner)
    yield Shape(tuple(inner), core=len(inner) < len(words), person=person or named)
    joined = "".join(inner)  # which may be fewer letters if one of its words is a letter
    least = 5 if any(len(word) == 1 for word in inner) else 7
    if 1 < len(inner) <= 3 and len(joined) >= least and not any(map(str.isdigit, inner)):
        yield Shape((joined,), joined=True)
    if len(inner) == 1 and len(parts := humps(inner[0])) > 1:
        yield Shape(tuple(parts), cased=True)
    if person or named:
        # A brand may look like a person's name, and the noun of another phrase like its last word.
        cased = not person and inner[-1][0].isupper()
        double = len(_words(name.rsplit(maxsplit=1)[-1]))  # Smith-Jones
        for surname in {1, double} if double < len(inner) == len(words) else {1}:
            yield Shape((*inner[-surname:], *inner[:-surname]), cased=cased, person=True, comma=True)


def is_named(words: Sequence[str]) -> bool:
    """Whether words may be a given name and a surname: two or three that begin with a capital, or have none."""
    if not 2 <= len(words) <= 3 or any(len(word) < 2 or word.isdigit() for word in words):
        return False
    has_case = any(word.lower() != word.upper() for word in words)
    return not has_case or all(word[0].isupper() and not word.isupper() for word in words)


def runs(name: str) -> tuple[str, ...]:
    """The words of a name in a script without spaces, which are written together: kana, Thai."""
    return tuple(_RUN.findall(name)) if _RUN.search(name) else ()


def surnames(names: Sequence[str]) -> dict[str, list[str]]:
    """The surnames among an entity's names, folded, each with the given names listed before it.

    If a person's full name and the surname alone are both listed, the surname counts; so does a last word with the form
    of one.
    """
    listed = [words_of(name) for name in names]
    alone = {fold(words[0]) for words in listed if len(words) == 1}
    found: dict[str, list[str]] = {}
    for words in listed:
        last = fold(words[-1])
        if not may_be_proper(words[0]):
            continue  # a noun and a name
        if len(words) in {2, 3} and (last in alone or _SURNAME.search(last)) and script_of(last) != "mixed":
            found.setdefault(last, []).append(words[0])
    return found
