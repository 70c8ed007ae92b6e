"""What others kept of a source before its first own snapshot."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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

    `body` is the fingerprint of its bytes, `reading` that of how it was read. `reason` is the code and `message` the
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
    """Numbers in their order, as ranges of those that follow one another, compressed."""
    found = list[list[int]]()
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return zlib.compress(json.dumps(found, separators=(",", ":")).encode())


def unpack_numbers(packed: bytes) -> list[int]:
    """The numbers of `pack_numbers`."""
    return [number for first, last in json.loads(zlib.decompress(packed)) for number in range(first, last + 1)]
