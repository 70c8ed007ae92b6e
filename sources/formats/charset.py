"""Detects the encoding of undeclared bytes: Cyrillic by its commonest pairs of letters, all else by charset-normalizer.

charset-normalizer takes short Cyrillic texts, above all in KOI8-R, for Japanese or Greek; a register's page is often
short.
"""

from __future__ import annotations

import re
from itertools import islice

_CYRILLIC = ("cp1251", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic")
_COMMON = """
    ст но то на ен ов ни ра во ко по ро не го ос ал ре пр ер ор ли ет та ка ва от ти ри ан ло ел ле ем де ом ит ны
    ск ть ии ия ин им ис из за об ог од он оп са се си сл те тр их ых ый ой ая ое ие ей до да ми мо ма ве ви вы ат
    ас ам ар ак ад аз ес ед ек ки ля лу ла ль нн ня ру рг рн сс сп тв ут че чи ше що ьн ає ві ні рі ії ій кі
"""
_PAIRS = frozenset(_COMMON.split())
_SAMPLE = 2000  # words
_WINDOW = 200_000  # bytes
_ENOUGH = 16  # bytes of words: fewer are no evidence
_LIKELY, _CERTAIN = 0.35, 0.5  # Cyrillic scores 0.6 to 0.8, Greek decoded as Cyrillic 0.2, all else near 0


def detect(body: bytes) -> str:
    """Python's name of the likeliest encoding of bytes that are not UTF-8."""
    name, score = _cyrillic(_words(body))
    if score > _LIKELY:
        return name
    first = re.search(rb"[\x80-\xff]", body)
    start = max(0, first.start() - 1000) if first else 0
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, and rarely needed

    match = from_bytes(body[start : start + _WINDOW]).best()
    return match.encoding if match else "cp1252"


def overruled(body: bytes, declared: str) -> str | None:
    """The Cyrillic encoding of bytes that declare another encoding; None unless it is certain."""
    words = _words(body)
    if len(words) < _ENOUGH or _likeness(words.decode(declared, "replace")) > _LIKELY:
        return None
    name, score = _cyrillic(words)
    return name if score > _CERTAIN else None


def _cyrillic(words: bytes) -> tuple[str, float]:
    scores = {name: _likeness(words.decode(name, "replace")) for name in _CYRILLIC}
    best = max(scores, key=lambda name: scores[name])
    return best, scores[best]


def _words(body: bytes) -> bytes:
    """The first words with bytes other than ASCII, with the letter before: "ü" in "für" is not Cyrillic."""
    words = re.finditer(rb"[A-Za-z]?[\x80-\xff][A-Za-z\x80-\xff]*", body)
    return b" ".join(word[0] for word in islice(words, _SAMPLE))[:_WINDOW]


def _likeness(text: str) -> float:
    """0 to 1: the share of adjacent characters that are common pairs of Cyrillic letters, in natural case."""
    natural = re.sub(r"\b[А-ЯЁЄІЇ](?=[а-яёєії])", lambda letter: letter[0].lower(), text)
    pairs = common = 0
    for word in natural.split():
        plain = word.lower() if word.isupper() else word
        pairs += max(1, len(plain) - 1)
        common += sum(plain[at : at + 2] in _PAIRS for at in range(len(plain) - 1))
    return common / pairs if pairs else 0
