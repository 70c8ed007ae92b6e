"""Zeros packed in little time: what one mebibyte of them is packed to, over and over."""

from __future__ import annotations

import zlib
from functools import reduce

MIB = bytes(1 << 20)


def zlib_zeros(mebibytes: int) -> bytes:
    """So many mebibytes of zeros, as `zlib.compress` packs them."""
    check = reduce(lambda adler, _: zlib.adler32(MIB, adler), range(mebibytes), 1)
    return b"\x78\xda" + _deflated(mebibytes) + check.to_bytes(4)


def gzip_zeros(mebibytes: int) -> bytes:
    """So many mebibytes of zeros, as `gzip.compress` packs them."""
    check = reduce(lambda crc, _: zlib.crc32(MIB, crc), range(mebibytes), 0)
    size = (mebibytes << 20) & 0xFFFFFFFF
    return (
        b"\x1f\x8b\x08"
        + bytes(6)
        + b"\xff"
        + _deflated(mebibytes)
        + check.to_bytes(4, "little")
        + size.to_bytes(4, "little")
    )


def _deflated(mebibytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    one = packer.compress(MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    return one * mebibytes + packer.flush()
