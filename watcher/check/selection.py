"""What of a snapshot's changes is told: each that mentions somebody, and so many of the others; the rest is summed up.

A register that takes in another one has hundreds of thousands of entries that are new. Nobody reads as many events,
and the log of events would be larger than the register. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from state.model import Change, ChangeKind, Mention

MOST_ALONE = 10_000  # changes that mention nobody, and are each an event; as many as `max_new` lets pass by itself
MOST_SIZE = 8_000_000  # characters of them
MOST_VALUE = 100_000  # characters of a value in an event
EXAMPLES = 5
_MOST_FIELDS = 200  # names that are kept of a mass, for rules that are about fields


class Told(NamedTuple):
    """A change that is an event of its own, and whom it mentions."""

    change: Change
    mentions: Sequence[Mention]


@dataclass(slots=True)
class Mass:
    """Changes of one kind that mention nobody and are told by one event, which is about the first of them.

    `count` is how many more there are; of those, `titles` are some, and `fields` the names of what they touch.
    """

    first: Change
    count: int = 0
    titles: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def add(self, change: Change) -> None:
        """One more."""
        self.count += 1
        if len(self.titles) < EXAMPLES:
            self.titles.append(change.entry.title)
        if len(self.fields) < _MOST_FIELDS:
            self.fields.update(change.fields)
            if change.kind is not ChangeKind.CHANGED:
                self.fields.update(change.entry.fields)


@dataclass(slots=True)
class News:
    """What is told of a snapshot's changes, in their order: of those that mention nobody at most `most` by themselves,
    of `room` characters. `size` is how many characters those have that are told by themselves.
    """

    most: int = field(default_factory=lambda: MOST_ALONE)
    room: int = MOST_SIZE
    alone: list[Told] = field(default_factory=list)
    masses: dict[ChangeKind, Mass] = field(default_factory=dict)
    size: int = 0

    def add(self, change: Change, mentions: Sequence[Mention]) -> None:
        """Tell one more."""
        if mentions or (self.most > 0 and self.room > 0):
            size = _size(change)
            self.size += size
            if not mentions:
                self.most, self.room = self.most - 1, self.room - size
            self.alone.append(Told(change, mentions))
        else:
            self.sum_up(change)

    def sum_up(self, change: Change) -> None:
        """Count one more with others of its kind, whomever it mentions."""
        if mass := self.masses.get(change.kind):
            mass.add(change)
        else:
            self.masses[change.kind] = Mass(change)

    def shortened(self, most: int) -> News:
        """The same with fewer by themselves."""
        shorter = News(most)
        for told in self.alone:
            shorter.add(*told)
        for kind, mass in self.masses.items():
            before = shorter.masses.setdefault(kind, mass)
            if before is not mass:
                before.count += 1 + mass.count
                before.fields |= mass.fields
        return shorter


def _size(change: Change) -> int:
    sides = [side for sides in change.fields.values() for side in sides if side]
    return sum(min(len(text), MOST_VALUE) for text in (*sides, *change.entry.fields.values()))
