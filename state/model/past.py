"""What others kept of a source before its first own snapshot."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, chain
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
