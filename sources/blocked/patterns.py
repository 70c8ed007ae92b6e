"""Patterns that are compiled when they are first needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping


class Patterns(Mapping[str, re.Pattern[str]]):
    """Patterns by code, compiled on first access: most pages are content, and need few of them."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._texts = patterns
        self._compiled: dict[str, re.Pattern[str]] = {}

    def __getitem__(self, code: str) -> re.Pattern[str]:
        if code not in self._compiled:
            self._compiled[code] = re.compile("|".join(map(str.strip, self._texts[code].strip().splitlines())))
        return self._compiled[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
