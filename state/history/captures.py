"""The captures of others as one past: which of them count, and what changed between two. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from state.model import PastCapture, PastWitness


class ListedSince(NamedTuple):
    """The first capture that had an entry, and when the one before, which had not, was made; None if there is none."""

    witness: PastWitness
    checked_before: datetime | None


Listed = Mapping[str, ListedSince]  # by key


def line_up(captures: Iterable[PastCapture]) -> list[PastCapture]:
    """The believed captures, one of each time, the earliest first. `captures` come in that order; of one time, the one
    that was read first counts.
    """
    found = list[PastCapture]()
    for each in captures:
        if each.is_believed and not (found and found[-1].witness.at == each.witness.at):
            found.append(each)
    return found


def count_changes(
    captures: Sequence[PastCapture], keys: Callable[[Collection[int]], Mapping[int, str]], *, is_window: bool
) -> dict[int, int]:
    """How many entries came, went or changed in each capture since the one before, if that was read alike, by its id.
    `keys` gives the keys of entries by their numbers. Of a rolling list, what is gone has scrolled off.
    """
    found, present = dict[int, int](), set(captures[0].present) if captures else set[int]()
    for before, after in pairwise(captures):
        came, gone = set[int](), set[int]()
        if before.packed != after.packed:
            earlier, present = present, set(after.present)
            came, gone = present - earlier, earlier - present
        if before.reading == after.reading:  # the pages of two layouts are not compared
            key_of = keys([*came, *gone])
            found[after.id] = len({key_of[number] for number in (came if is_window else came | gone)})
    return found


def find_listed(captures: Sequence[PastCapture], numbers: Mapping[int, str]) -> dict[str, ListedSince]:
    """Since when each key is in all captures up to the last: after an interruption, since it came back. `numbers` have
    the key of each of their entries that is asked for.
    """
    found, here = dict[str, ListedSince](), set(numbers.values())
    befores = [None, *(each.witness.at for each in captures)]
    for capture, before in reversed([*zip(captures, befores, strict=False)]):
        here &= {numbers[number] for number in numbers.keys() & capture.present}
        if not here:
            break
        found |= dict.fromkeys(here, ListedSince(capture.witness, before))
    return found
