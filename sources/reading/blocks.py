"""Several entries with their fingerprints: in memory, or as the bytes of one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sources.model import Entry
from sources.model.rows import Rows

MOST_LOOSE = 1000  # entries that wait as they are, and the most of one pack


class Seen(NamedTuple):
    """An entry of a snapshot with its fingerprint (`mark`)."""

    mark: bytes
    entry: Entry


class Pack(NamedTuple):
    """Several entries as the bytes of one message (`messages.PackForm`): at most PLAIN bytes, or a single entry."""

    number: int
    data: bytes


class Block(NamedTuple):
    """Some entries with their fingerprints; `entries` are Rows if the kind yielded Rows."""

    marks: list[bytes]
    entries: Rows | list[Entry]


def part_at(block: Block, places: Sequence[int]) -> Block:
    """The entries of a block at these indexes."""
    entries, marks = block.entries, [block.marks[at] for at in places]
    return Block(marks, entries.only(places) if isinstance(entries, Rows) else [entries[at] for at in places])
