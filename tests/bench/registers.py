"""The registers that the bench's server serves, as files: each version as it is and packed, made of blocks of rows.

A bump renders and packs only the blocks that it changes, and copies the others: 0.3 s for a million rows. Each block is
packed by itself, so that what the server needs in memory is one block.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench import documents

ROWS = 1_000  # of a block

_LEVEL = 6
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_GZIP_END = b"\x03\x00"  # a last block with nothing in it


class RegisterVersion(NamedTuple):
    """One version of a register: its tag, its two files, and the bytes of each block in both."""

    tag: str
    plain: Path
    packed: Path
    sizes: list[tuple[int, int]]


class RegisterFiles:
    """The registers in a folder: of each the latest two versions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, int], list[RegisterVersion]] = {}

    def version(self, form: str, count: int, version: int) -> RegisterVersion:
        """A version, which is written if it is not there. Versions come one after another."""
        kept = self._kept.setdefault((form, count), [])
        while len(kept) <= version:
            kept.append(write(self._folder, form, count, len(kept), kept[-1] if kept else None))
            for old in kept[:-2]:
                old.plain.unlink(missing_ok=True)
                old.packed.unlink(missing_ok=True)
        return kept[version]

    def files(self, form: str, count: int) -> list[str]:
        """The latest two versions, or the only one, unpacked."""
        return [str(register.plain) for register in self._kept[form, count][-2:]]


def write(folder: Path, form: str, count: int, version: int, former: RegisterVersion | None = None) -> RegisterVersion:
    """Write a version; of the one before it are the blocks that are the same."""
    tag = f"{form}-{count}-{version}"
    written = RegisterVersion(f'"{tag}"', folder / tag, folder / f"{tag}.gz", [])
    summed = length = 0
    with written.plain.open("wb") as plain, written.packed.open("wb") as packed:
        packed.write(_GZIP_HEAD)
        for body, deflated in _blocks(form, count, version, former):
            summed, length = zlib.crc32(body, summed), length + len(body)
            plain.write(body)
            packed.write(deflated)
            written.sizes.append((len(body), len(deflated)))
        packed.write(_GZIP_END + summed.to_bytes(4, "little") + (length % 2**32).to_bytes(4, "little"))
    return written


def _blocks(form: str, count: int, version: int, former: RegisterVersion | None) -> Iterator[tuple[bytes, bytes]]:
    """Each block, as it is and packed."""
    if former is None:
        for first in range(0, count, ROWS):
            yield _rendered(form, count, version, first)
        return
    anew = {number // ROWS for number in documents.changed(count, version)}
    with former.plain.open("rb") as plain, former.packed.open("rb") as packed:
        packed.seek(len(_GZIP_HEAD))
        for place, sizes in enumerate(former.sizes):
            body, deflated = plain.read(sizes[0]), packed.read(sizes[1])
            yield _rendered(form, count, version, place * ROWS) if place in anew else (body, deflated)


def _rendered(form: str, count: int, version: int, first: int) -> tuple[bytes, bytes]:
    body = documents.block(form, count, version, first, first + ROWS)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return body, packer.compress(body) + packer.flush(zlib.Z_FULL_FLUSH)
