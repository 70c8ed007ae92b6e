"""The features of pages in place of the content, and what is said of them: `signatures.toml`, with its reasons.

`classify.py` weighs them. Patterns are compiled when they are first needed, as most pages need few.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("signatures.toml").read_text("utf-8"))


class Header(NamedTuple):
    """A response header that is proof, with the beginning of its value in lower case."""

    code: str
    who: str
    name: str
    value: str


class Marker(NamedTuple):
    """Strings that must all occur in the markup; `most` are the most visible letters of a block page with them."""

    code: str
    who: str
    parts: tuple[str, ...]
    most: int


HEADERS = [Header(*each) for each in _DATA["headers"]]
MARKERS = [
    Marker(code, who, tuple(strings.split(" & ")), most)
    for code, who, most, *alternatives in _DATA["markers"]
    for strings in alternatives
]
SERVERS: Mapping[str, str] = _DATA["servers"]
WEAK = frozenset[str](_DATA["weak"])
WIDGETS: list[str] = _DATA["widgets"]
REPORTS: str = _DATA["reports"]
TITLES: Mapping[str, str] = _DATA["titles"]
PHRASES: Mapping[str, str] = _DATA["phrases"]
HOSTS: Mapping[str, str] = _DATA["hosts"]
PATHS: Mapping[str, str] = _DATA["paths"]
EXPLANATIONS: Mapping[str, str] = _DATA["explanations"]
RENDERED: Mapping[str, str] = _DATA["rendered"]
REFUSALS: Mapping[str, str] = _DATA["refusals"]


@cache
def compile_lines(pattern: str) -> re.Pattern[str]:
    """One of these patterns, whose lines are alternatives."""
    return re.compile("|".join(map(str.strip, pattern.strip().splitlines())))
