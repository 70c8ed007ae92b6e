"""Case endings, particles and joined words of the scripts other than Latin and Cyrillic. Pure.

A name and a word of a text are the same word if they share a form.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import by_language

LEAST_LEFT = 3
"""Letters that must be left of a word."""
_ENDINGS = by_language("native_endings")
_SUFFIXES: dict[str, dict[str, list[str]]] = {script: {} for script in _ENDINGS}
"""The endings of each script by their last letter, the longest first."""
for _script, _text in _ENDINGS.items():
    for _ending in sorted(_text, key=len, reverse=True):
        _SUFFIXES[_script].setdefault(_ending[-1], []).append(_ending)
_HANGUL_SHORTEST = 2
# What a brand sells, and what it has, joined to its name: グーグルマップ.
_PRODUCTS = {script: tuple(own) for script, own in by_language("native_products").items()}
GEORGIAN_NOMINATIVE = "ი"
_DECLINED = frozenset({"georgian", "armenian", "hangul"})  # also foreign names are declined
_PREFIXES = by_language("native_joined")
"""What is joined to the front of the next word."""
PARTICLES = frozenset({*_ENDINGS["hangul"], *_PRODUCTS["hangul"]})
"""What Korean joins to a name, also to one in Latin letters."""
JOINED_BEFORE = _PREFIXES["hebrew"] | {""}
"""What Hebrew joins to one, or nothing."""
_ARTICLE = "ال"
_ARTICLES = re.compile(f"{_ARTICLE}|ה")


@lru_cache(maxsize=1_000)
def forms(folded: str) -> tuple[str, ...]:
    """A folded word, and what is left of it without joined words and endings, in each possible way."""
    script = alphabet(folded)
    heads = [folded, *_without_joined(folded, script)]
    return tuple(dict.fromkeys(form for head in heads for form in (head, *_without_ending(head, script))))


def bare(folded: str) -> Iterator[str]:
    """A name, folded, and what is left of it without the ending or the article of its base form."""
    script = alphabet(folded)
    yield folded
    if script == "arabic":
        if folded.startswith(_ARTICLE) and len(folded) > LEAST_LEFT + len(_ARTICLE):
            yield folded.removeprefix(_ARTICLE)
    elif script != "hangul":
        yield from _without_ending(folded, script)


def borrowed(folded: str) -> Iterator[str]:
    """A folded word, and what may be a foreign name in it: such names take no endings in Arabic, Hebrew and Greek."""
    script = alphabet(folded)
    if script in _DECLINED:
        yield from forms(folded)
    else:
        yield folded
    if script in _PREFIXES:
        joined = _without_joined(folded, script)
        # An article is not joined to a short one: few brands have one.
        yield from (form for form in joined if len(form) > LEAST_LEFT or not _ARTICLES.search(folded[: -len(form)]))
    if products := _PRODUCTS.get(script):
        for head in forms(folded):
            if head.endswith(products):  # few words
                yield from (
                    head.removesuffix(product) for product in products if head.endswith(product) and head != product
                )


def spoken(word: str, folded: str) -> Iterator[str]:
    """A word of a name as it may be said: an Arabic one also without its article, or with that of the next word."""
    yield word
    if folded.startswith(_ARTICLE) and len(folded) > len(_ARTICLE) + 1:
        yield folded.removeprefix(_ARTICLE)
    if folded == "عبد":
        yield "عبدال"


def _without_joined(folded: str, script: str) -> Iterator[str]:
    """Without the words that are joined to its front, in each possible way."""
    if script in _PREFIXES:
        for length in range(1, min(4, len(folded) - LEAST_LEFT) + 1):
            if folded[:length] in _PREFIXES[script]:
                yield folded[length:]


def _without_ending(folded: str, script: str) -> Iterator[str]:
    least = _HANGUL_SHORTEST if script == "hangul" else LEAST_LEFT
    for suffix in _SUFFIXES.get(script, {}).get(folded[-1:], ()):
        if folded.endswith(suffix) and len(folded) - len(suffix) >= least:
            yield folded[: -len(suffix)]
