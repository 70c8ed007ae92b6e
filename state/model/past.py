"""What others kept of a source before its first own snapshot: which captures count, and what changed between two."""

import struct
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, chain, pairwise
from operator import sub
from typing import NamedTuple


class PastWitness(NamedTuple):
    """Who kept a capture: the `kind` is `folder`, `warc`, `git` or `wayback`, `where` is the place of the capture
    there, and `at` when it was made.
    """

    kind: str
    where: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastCapture:
    """A capture of others. `packed` are the numbers of the entries that it has, in its order.

    `body` is the fingerprint of its pages, `reading` that of how it was read. `reason` is the code and `message` the
    words of why it is not believed, "" where it is; `filled` the number of entries with a value, per field; `file` the
    name of its bytes in the evidence, "" if they are not kept; `is_window` whether it was read as a rolling list.
    """

    witness: PastWitness
    body: bytes = b""
    reading: str = ""
    reason: str = ""
    message: str = ""
    packed: bytes = b""
    filled: Mapping[str, int] = field(default_factory=dict)
    file: str = ""
    is_window: bool = False
    id: int = 0  # 0: not stored

    @property
    def is_believed(self) -> bool:
        """Whether it is part of the past."""
        return not self.reason

    @property
    def present(self) -> Sequence[int]:
        """The numbers of its entries; unpacked each time, as thousands of captures may have a million each."""
        return unpack_numbers(self.packed) if self.packed else ()


def pack_numbers(numbers: Sequence[int]) -> bytes:
    """Numbers in their order: the step to each from the one before it, which most captures have alike, compressed."""
    return zlib.compress(struct.pack(f"<{len(numbers)}q", *map(sub, numbers, chain((0,), numbers))))


def unpack_numbers(packed: bytes) -> list[int]:
    """The numbers of `pack_numbers`."""
    steps = zlib.decompress(packed)
    return list(accumulate(struct.unpack(f"<{len(steps) // 8}q", steps)))


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
