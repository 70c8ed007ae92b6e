"""What a filter keeps in memory of a large register: compact sets of fingerprints, and packs in a file."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import Entry
from sources.model.entry import Rows
from sources.reading import entry_fingerprints, known_filter
from sources.reading.entry_fingerprints import SIZE, Block, MarkSet, row_fingerprints
from sources.reading.known_filter import Packed

# Of two bytes, so that some begin where another one ends.
marks = st.lists(
    st.binary(min_size=3, max_size=3).map(lambda some: b"\0" * (SIZE - 6) + bytes(b & 1 for b in some) * 2)
)


@given(st.lists(st.tuples(st.booleans(), marks)), st.sets(st.binary(min_size=SIZE, max_size=SIZE)), st.integers(0, 3))
def test_a_set_of_marks_has_what_a_set_has(steps: list[tuple[bool, list[bytes]]], first: set[bytes], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry_fingerprints, "_MANY", most)
        patch.setattr(entry_fingerprints, "_MORE", most or 1)
        compact, plain = MarkSet(b"".join(first)), set(first)
        for adds, some in steps:
            there = compact.meet(some)
            assert there == plain.intersection(some)
            if adds:
                compact.update(set(some) - there)
                plain |= set(some)
            else:
                compact.remove(there)
                plain -= there
        assert sorted(compact) == sorted(plain)


def test_a_mark_in_a_row_is_not_found_where_two_others_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_fingerprints, "_MANY", 0)
    one, other = b"\0\0" + b"\1" * 7 + b"\2" * 7, b"\0\0" + b"\3" * 7 + b"\4" * 7
    astride, compact = b"\0\0" + b"\2" * 7 + b"\3" * 7, MarkSet()
    compact.update([one, other])
    assert compact.meet([one, other, astride]) == {one, other}
    compact.update([astride])
    compact.remove({astride})
    assert sorted(compact) == [one, other]


def blocks(number: int) -> list[Block]:
    rows = [Rows([f"{at}a", f"{at}b"], ["x", "y"], {"Name": ["x" * 50, ""]}) for at in range(number)]
    return [Block(row_fingerprints(some), some) for some in rows]


def taken(monkeypatch: pytest.MonkeyPatch) -> Packed:
    monkeypatch.setattr(known_filter, "MOST_LOOSE", 3)
    monkeypatch.setattr(known_filter, "_IN_MEMORY", 500)
    buffer = Packed()
    for block in blocks(40):
        buffer.add(block)
    return buffer


def entries_in(some: list[Block]) -> list[Entry]:
    return [entry for block in some for entry in block.entries]


def test_packs_come_out_of_their_file_in_order_as_often_as_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer, expected = taken(monkeypatch), entries_in(blocks(40))
    assert buffer._packs._stored
    assert buffer._packs._size < 1000
    assert next(iter(buffer)).entry == expected[0]
    assert [seen.entry for seen in buffer] == [seen.entry for seen in buffer] == expected
    these, others = buffer.split(lambda key: key == "7b")
    assert ([seen.entry.key for seen in these], len(others)) == (["7b"], 79)
    assert [seen.entry for seen in others] == [entry for entry in expected if entry.key != "7b"]


def test_a_full_disk_leaves_packs_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    write, room = os.pwrite, [3]

    def pwrite(file: int, data: bytes, at: int) -> Any:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(28, "No space left on device")
        return write(file, data if room[0] else data[:5], at)

    monkeypatch.setattr(os, "pwrite", pwrite)
    buffer = taken(monkeypatch)
    assert len(buffer._packs._stored) == 2
    assert [seen.entry for seen in buffer] == entries_in(blocks(40))


def test_a_file_of_packs_is_closed_with_its_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = taken(monkeypatch)
    file = buffer._packs._file
    assert file
    del buffer
    assert file.closed
