"""What others kept of a source as one past: the register at a time, and an entry's values before its own ones. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from sources import Entry
from state.history.life import FIRST, Value
from state.history.undo import REREAD
from state.model import ChangeKind, PastCapture, PastWitness, Standing
from state.model.past import line_up


class SeenByOthers(NamedTuple):
    """An entry of a capture, by its number: the capture `since` which it is so, and when the one before was made."""

    number: int
    since: datetime
    checked_before: datetime | None
    witness: PastWitness
    disputes: bool = False


class CapturedPast:
    """What others kept of a source before its own history, which begins at `end`; None: it has none.

    `captures` are believed and of earlier times; there is one at least. The earliest comes first, and of one time the
    one that was read first.
    """

    def __init__(self, captures: Sequence[PastCapture], end: datetime | None) -> None:
        self.end, self._line = end, line_up(captures)
        counts = {each.id for each in self._line}
        self._others = defaultdict[datetime, list[PastCapture]](list)  # of the same times as those that count
        for each in captures:
            if each.id not in counts:
                self._others[each.witness.at].append(each)
        self.gone = Standing.SCROLLED if self._line[-1].is_window else Standing.REMOVED

    def answers_for(self, when: datetime) -> bool:
        """Whether there is a capture at or before a time."""
        return self._line[0].witness.at <= when

    def at(self, when: datetime) -> PastCapture:
        """The last capture at or before a time that it answers for."""
        return self._line[self._place(when)]

    @property
    def times(self) -> Sequence[datetime]:
        """When the captures were made, the earliest first."""
        return [each.witness.at for each in self._line]

    @cached_property
    def first_seen(self) -> Mapping[int, datetime]:
        """When each entry was in a capture first, by number."""
        found = dict[int, datetime]()
        for each in self._line:
            found |= dict.fromkeys(set(each.present).difference(found), each.witness.at)
        return found

    def register(self, when: datetime) -> Iterator[SeenByOthers]:
        """The entries at a time that it answers for, and those in which another capture of the same time differs."""
        line = self._line[: self._place(when) + 1]
        last, left = line[-1].witness, set(line[-1].present)
        previous = line[-2].witness.at if len(line) > 1 else None
        for other in self._others.get(last.at, ()):
            for number in set(other.present) - left:
                yield SeenByOthers(number, last.at, previous, other.witness, disputes=True)
        for after, before in pairwise(reversed(line)):
            if after.packed != before.packed:
                stayed = left.intersection(before.present)
                for number in left - stayed:
                    yield SeenByOthers(number, after.witness.at, before.witness.at, last)
                left = stayed
        for number in left:
            yield SeenByOthers(number, line[0].witness.at, None, last)

    def life(self, key: str, contents: Mapping[int, Entry], own: Sequence[Value]) -> list[Value]:
        """The values of an entry, the earliest first: those of the captures, where `contents` are all that ever stood
        under its key, by number, and then its own ones.
        """
        found, there, seen = list[Value](), list[int](), False
        times = [*self.times, self.end]
        for place, capture in enumerate(self._line):
            was, at, seen = there, capture.witness.at, seen or bool(there)
            if not place or capture.packed != self._line[place - 1].packed:
                there = sorted(contents.keys() & capture.present)
            for each in (capture, *self._others.get(at, ())):
                counts = each is capture
                now = there if counts else sorted(contents.keys() & each.present)
                if now != (was if counts else there):
                    kind = self._kind(place, was, now, seen=seen)
                    checked, standing = times[place - 1] if place else None, Standing.PRESENT if now else self.gone
                    value = Value(key, at, times[place + 1], checked, kind, [contents[each] for each in now], standing)
                    found.append(value._replace(witness=each.witness, disputes=not counts))
        rest = self._join(key, own, was_there=bool(there))
        until = rest[0].since if rest else None
        for place, value in reversed(list(enumerate(found))):
            if not value.disputes:
                found[place], until = value._replace(until=until), value.since
        return [*found, *rest]

    def _join(self, key: str, own: Sequence[Value], *, was_there: bool) -> Sequence[Value]:
        """The own values after the captures: what was there when the own history began came after the last capture,
        and what was not went after it.
        """
        last = self._line[-1].witness.at
        if own and own[0].kind == FIRST:
            return [own[0]._replace(since=self.end, checked_before=last), *own[1:]]
        if self.end and was_there:
            until = own[0].since if own else None
            return [Value(key, self.end, until, last, self.gone.value, (), self.gone), *own]
        return own

    def _kind(self, place: int, was: Sequence[int], now: Sequence[int], *, seen: bool) -> str:
        """How an entry came to be what the capture at a place says."""
        if not place:
            return FIRST
        if self._line[place].reading != self._line[place - 1].reading:
            return REREAD
        if not now:
            return self.gone.value
        if was:
            return ChangeKind.CHANGED.value
        return (ChangeKind.REAPPEARED if seen else ChangeKind.ADDED).value

    def _place(self, when: datetime) -> int:
        return bisect_right(self._line, when, key=lambda each: each.witness.at) - 1
