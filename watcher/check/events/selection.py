"""Which changes of a snapshot become events: all that mention an entity, and a limited number of others. The rest is
summed up in one event for each kind of change.

A register that takes in another one has hundreds of thousands of new entries. Nobody reads so many events, and the log
of events would be larger than the register. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from state.model import Change, ChangeKind, Mention

MOST_ALONE = 10_000  # changes without a mention that become events of their own; as many as `max_new` allows by default
MOST_SIZE = 8_000_000  # characters in these changes
MOST_VALUE = 100_000  # characters of a value in an event
EXAMPLES = 5
_MOST_FIELDS = 200  # most field names kept of a mass, for alert rules about fields


class SingleChange(NamedTuple):
    """A change that becomes an event of its own, and its mentions."""

    change: Change
    mentions: Sequence[Mention]


@dataclass(slots=True)
class Mass:
    """Changes of one kind without mentions, summed up in one event, which shows the first of them.

    `count` is the number of the others, `titles` has some of their titles, `fields` the names of the fields that they
    touch.
    """

    first: Change
    count: int = 0
    titles: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def add(self, change: Change) -> None:
        """Count one more change."""
        self.count += 1
        if len(self.titles) < EXAMPLES:
            self.titles.append(change.entry.title)
        if len(self.fields) < _MOST_FIELDS:
            self.fields.update(change.fields)
            if change.kind is not ChangeKind.CHANGED:
                self.fields.update(change.entry.fields)


@dataclass(slots=True)
class News:
    """The changes of a snapshot as they become events, in their order.

    At most `most` changes without a mention, of `room` characters in all, become events of their own. `size` is the
    number of characters in all events of their own.
    """

    most: int = field(default_factory=lambda: MOST_ALONE)
    room: int = MOST_SIZE
    alone: list[SingleChange] = field(default_factory=list)
    masses: dict[ChangeKind, Mass] = field(default_factory=dict)
    size: int = 0

    def add(self, change: Change, mentions: Sequence[Mention]) -> None:
        """Add one change."""
        if mentions or (self.most > 0 and self.room > 0):
            size = _size(change)
            self.size += size
            if not mentions:
                self.most, self.room = self.most - 1, self.room - size
            self.alone.append(SingleChange(change, mentions))
        else:
            self.sum_up(change)

    def sum_up(self, change: Change) -> None:
        """Count one more change in the summary for its kind, whether it mentions an entity or not."""
        if mass := self.masses.get(change.kind):
            mass.add(change)
        else:
            self.masses[change.kind] = Mass(change)

    def shortened(self, most: int) -> News:
        """The same news, with at most `most` events of their own that mention nobody."""
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
