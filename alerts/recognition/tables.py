"""The tables of words, which lie as text in `data`."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    """The lines of a file, without comments and empty ones."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _document(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


@cache
def words(key: str) -> frozenset[str]:
    """The words under a key of `words.toml`."""
    return frozenset(_document("words.toml")[key].split())


@cache
def by_language(key: str) -> dict[str, frozenset[str]]:
    """The words of each language, or of each script, in a table of `words.toml`."""
    return {language: frozenset(text.split()) for language, text in _document("words.toml")[key].items()}


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


def pairs(text: str) -> dict[str, str]:
    """`one=other`, separated by spaces."""
    return {one: other for one, _, other in (pair.partition("=") for pair in text.split())}


def alternation(options: Iterable[str]) -> str:
    """A pattern of these words, the longest first, by their first letters: an engine tries one after the other."""
    rests: dict[str, list[str]] = {}
    for word in sorted(options, key=len, reverse=True):
        rests.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items())


def sounds_of(key: str) -> str:
    """A table of `sounds.toml`, as text."""
    return str(_document("sounds.toml")[key])
