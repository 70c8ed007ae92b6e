"""Statistics of a snapshot: which fields are filled, which keys are odd. Accumulated while the entries pass by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from sources.model import Entry
from sources.model.rows import Rows
from sources.options import compile_re2

_OWN = ("url", "published", "text")  # an entry's parts that can become empty like a field
_MOST_SHAPES = 1000  # counted separately; few sources have more than some


def parts(entry: Entry, own: Collection[str] = _OWN) -> list[str]:
    """The names of the fields and of the `own` parts of an entry that have a value, except key and title."""
    return [*entry.fields, *(name for name in own if getattr(entry, name) and name not in entry.fields)]


class Profile:
    """Accumulates statistics over the distinct entries of one snapshot.

    `lacking` counts, for each of the `required` fields, the entries without a value; `odd` counts the keys that do not
    match `key_pattern`, `odd_key` is the first of them. Without `links` an entry's address does not count.
    """

    def __init__(self, required: Collection[str] = (), key_pattern: str | None = None, *, links: bool = True) -> None:
        self._own = _OWN if links else _OWN[1:]
        self.entries = 0
        self.odd = 0
        self.odd_key = ""
        self._required = tuple(required)
        self._key_pattern = key_pattern
        self._filled: Counter[str] = Counter()
        self._shapes: dict[tuple[str, ...], int] = {}  # the number of entries for each set of filled parts

    def see(self, entry: Entry) -> None:
        """Add an entry."""
        self.entries += 1
        plain = not (entry.url or entry.published or entry.text)
        shape = tuple(entry.fields) if plain else tuple(parts(entry, self._own))
        self._shapes[shape] = self._shapes.get(shape, 0) + 1
        if len(self._shapes) > _MOST_SHAPES:
            self._count()
        self._see_key(entry.key)

    def see_all(self, rows: Rows) -> None:
        """Add entries, all of them distinct."""
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
        """Add the counts of another profile with the same settings, over other entries."""
        self.entries += entries
        self.odd += odd
        self.odd_key = self.odd_key or odd_key
        self._filled.update(filled)

    @property
    def filled(self) -> Counter[str]:
        """The number of entries with a value, per field."""
        self._count()
        return self._filled

    @property
    def lacking(self) -> dict[str, int]:
        """The number of entries without a value, per required field that has any."""
        without = {name: self.entries - self.filled[name] for name in self._required}
        return {name: count for name, count in without.items() if count}

    @cached_property
    def _pattern(self) -> Any:
        return compile_re2(self._key_pattern or "")

    def _see_key(self, key: str) -> None:
        if self._key_pattern and not self._pattern.fullmatch(key):
            self.odd_key = self.odd_key or key
            self.odd += 1

    def _count(self) -> None:
        shapes, self._shapes = self._shapes, {}
        for shape, times in shapes.items():
            for name in shape:
                self._filled[name] += times
