"""What a snapshot looks like as a whole: which fields are filled, which keys are odd. Taken while the entries pass
by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from sources.expect import compiled
from sources.model import Entry
from sources.reading.row_batch import Rows

_OWN = ("url", "published", "text")  # an entry's own parts that can be lost like a field
_MOST_SHAPES = 1000  # counted apart; hardly any source has more than a few


def parts(entry: Entry) -> list[str]:
    """The names of all that has a value in an entry, beside key and title."""
    return [*entry.fields, *(name for name in _OWN if getattr(entry, name) and name not in entry.fields)]


class Profile:
    """Counts the distinct entries of one snapshot.

    `lacking` counts the entries without a value in each of the `required` fields; `odd` the keys that do not match
    `key_pattern`, of which `odd_key` is the first.
    """

    def __init__(self, required: Collection[str] = (), key_pattern: str | None = None) -> None:
        self.entries = 0
        self.odd = 0
        self.odd_key = ""
        self._required = tuple(required)
        self._key_pattern = key_pattern
        self._filled: Counter[str] = Counter()
        self._shapes: dict[tuple[str, ...], int] = {}  # how many entries have a value in the very same parts

    def see(self, entry: Entry) -> None:
        """Take the next entry."""
        self.entries += 1
        plain = not (entry.url or entry.published or entry.text)
        shape = tuple(entry.fields) if plain else tuple(parts(entry))
        self._shapes[shape] = self._shapes.get(shape, 0) + 1
        if len(self._shapes) > _MOST_SHAPES:
            self._count()
        self._see_key(entry.key)

    def see_all(self, rows: Rows) -> None:
        """Take the next entries, all of them distinct."""
        self.entries += len(rows)
        for name, texts in rows.fields.items():
            if filled := len(rows) - texts.count(""):
                self._filled[name] += filled
        if self._key_pattern:
            for key in rows.keys:
                self._see_key(key)

    @property
    def looks_for(self) -> tuple[Sequence[str], str | None]:
        """The required fields, and the pattern of keys."""
        return self._required, self._key_pattern

    def add(self, entries: int, odd: int, odd_key: str, filled: Mapping[str, int]) -> None:
        """Count in what another profile with the same aims has counted, of other entries."""
        self.entries += entries
        self.odd += odd
        self.odd_key = self.odd_key or odd_key
        self._filled.update(filled)

    @property
    def filled(self) -> Counter[str]:
        """How many entries have a value, per field."""
        self._count()
        return self._filled

    @property
    def lacking(self) -> dict[str, int]:
        """The required fields that some entries have no value in, and how many."""
        without = {name: self.entries - self.filled[name] for name in self._required}
        return {name: count for name, count in without.items() if count}

    @cached_property
    def _pattern(self) -> Any:
        return compiled(self._key_pattern or "")

    def _see_key(self, key: str) -> None:
        if self._key_pattern and not self._pattern.fullmatch(key):
            self.odd_key = self.odd_key or key
            self.odd += 1

    def _count(self) -> None:
        shapes, self._shapes = self._shapes, {}
        for shape, times in shapes.items():
            for name in shape:
                self._filled[name] += times
