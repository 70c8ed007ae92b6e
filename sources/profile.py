"""What a snapshot looks like as a whole: which fields are filled, which keys are odd. Taken while the entries pass
by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sources.expect import compiled
from sources.model import Entry

_OWN = ("url", "published", "text")  # an entry's own parts that can be lost like a field


def parts(entry: Entry) -> list[str]:
    """The names of all that has a value in an entry, beside key and title."""
    return [*entry.fields, *(name for name in _OWN if getattr(entry, name) and name not in entry.fields)]


class Profile:
    """Counts the distinct entries of one snapshot. `filled` is how many have a value, per field.

    `lacking` counts the entries without a value in each of the `required` fields; `odd` the keys that do not match
    `key_pattern`, of which `odd_key` is the first.
    """

    def __init__(self, required: Collection[str] = (), key_pattern: str | None = None) -> None:
        self.entries = 0
        self.filled: Counter[str] = Counter()
        self.odd = 0
        self.odd_key = ""
        self._required = required
        self._pattern = compiled(key_pattern) if key_pattern else None

    def see(self, entry: Entry) -> None:
        """Take the next entry."""
        self.entries += 1
        self.filled.update(parts(entry))
        if self._pattern and not self._pattern.fullmatch(entry.key):
            self.odd_key = self.odd_key or entry.key
            self.odd += 1

    @property
    def lacking(self) -> dict[str, int]:
        """The required fields that some entries have no value in, and how many."""
        without = {name: self.entries - self.filled[name] for name in self._required}
        return {name: count for name, count in without.items() if count}
