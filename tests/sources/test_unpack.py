from __future__ import annotations

import errno
import gzip
import io
import threading
import tracemalloc
import zlib
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sources import Get, Page
from sources.errors import BadResponse, DiskFull, TooLarge
from sources.formats.archives import open_plain
from sources.formats.download import FileBody
from sources.formats.unpack import Spool, unpack, unpack_into
from sources.options import HttpOptions
from tests.bombs import gzip_zeros, zlib_zeros
from tests.conftest import LoopFetcher, fetch

TEXT = b"<table><tr><td>Telegram</td></tr></table>" * 20
WHERE = "https://register.example/list"


@pytest.fixture(autouse=True, params=["zlib", "isal"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is large is unpacked by another library, where that is installed, and everything is as with the first."""
    monkeypatch.setattr("sources.formats.unpack.LARGE", 4_000_000_000 if request.param == "zlib" else -1)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        (" GZip ", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        ("gzip", gzip.compress(TEXT[:50], mtime=0) + gzip.compress(TEXT[50:], mtime=0)),
        ("gzip", gzip.compress(TEXT, mtime=0) + bytes(512)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
)
def test_known_encodings_are_unpacked(encoding: str, body: bytes) -> None:
    assert unpack(body, encoding, len(TEXT), WHERE)[0] == TEXT


def named(data: bytes, name: str = "name") -> bytes:
    body = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=body, mtime=0) as file:
        file.write(data)
    return body.getvalue()


@pytest.mark.parametrize(
    ("encoding", "body", "kept"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0), True),
        ("x-gzip", gzip.compress(TEXT, 1, mtime=0), True),
        ("gzip", named(TEXT), True),
        ("gzip", named(TEXT, 300 * "n"), False),
        ("gzip", gzip.compress(TEXT[:50], mtime=0) + gzip.compress(TEXT[50:], mtime=0), False),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"more", False),
        ("deflate", zlib.compress(TEXT), False),
        ("", TEXT, False),
    ],
)
def test_a_gzip_stream_with_no_more_than_a_short_name_is_told_as_it_came(
    encoding: str, body: bytes, kept: bool
) -> None:
    assert unpack(body, encoding, len(TEXT), WHERE) == (TEXT, body if kept else b"")


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd", "compress"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(BadResponse, match="was not asked for"):
        unpack(gzip.compress(TEXT, mtime=0), encoding, 10_000, WHERE)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("lost", [1, 4, 8, 20])
def test_a_packed_body_that_is_cut_off_is_refused_wherever_the_cut_is(encoding: str, lost: int) -> None:
    packed = gzip.compress(TEXT, mtime=0) if encoding == "gzip" else zlib.compress(TEXT)
    with pytest.raises(BadResponse, match=f"the answer of {WHERE} was cut off"):
        unpack(packed[:-lost], encoding, 10_000, WHERE)


def test_a_body_that_only_claims_to_be_gzip_is_refused() -> None:
    with pytest.raises(BadResponse, match="not packed as it says"):
        unpack(TEXT, "gzip", 10_000, WHERE)


def test_a_flipped_bit_is_found() -> None:
    packed = bytearray(gzip.compress(TEXT, mtime=0))
    packed[-6] ^= 1  # in the checksum
    with pytest.raises(BadResponse):
        unpack(bytes(packed), "gzip", 10_000, WHERE)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_in_one_chunk_is_not_expanded(encoding: str) -> None:
    bomb = gzip_zeros(100) if encoding == "gzip" else zlib_zeros(100)
    tracemalloc.start()
    with pytest.raises(TooLarge, match="larger than 1,000,000 bytes; raise max_bytes"):
        unpack(bomb, encoding, 1_000_000, WHERE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_the_limit_holds_over_all_members_of_a_gzip_file() -> None:
    with pytest.raises(TooLarge):
        unpack(gzip.compress(bytes(600)) * 2, "gzip", 1_000, WHERE)


def test_a_file_of_ever_so_many_empty_members_is_refused() -> None:
    with pytest.raises(BadResponse, match="more than 64 gzip members"):
        unpack(gzip.compress(b"") * 10_000, "gzip", 1_000, WHERE)


def test_nothing_packed_is_nothing() -> None:
    assert unpack(b"", "gzip", 10, WHERE)[0] == b""


def test_what_is_beyond_the_limit_is_not_taken() -> None:
    with Spool(12, WHERE) as spool:
        for _ in range(2):
            spool.write(b"12345")
        with pytest.raises(TooLarge, match=WHERE):
            spool.write(b"12345")
        assert spool.content() == b"1234512345"


class FullDisk(io.RawIOBase):
    """A file that takes some bytes, and then no more."""

    def __init__(self, takes: int) -> None:
        self._takes = takes

    def write(self, piece: Any) -> int:
        if not self._takes:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = min(self._takes, len(piece))
        self._takes -= taken
        return taken


def test_what_no_disk_takes_stays_in_memory_up_to_some_megabytes() -> None:
    with Spool(100_000_000, WHERE, lambda: FullDisk(3_500_000)) as spool:
        for _ in range(11):
            spool.write(bytes(1_000_000))
        with pytest.raises(DiskFull, match=f"no room on the disk for {WHERE}: No space left on device"):
            spool.write(bytes(1_000_000))


@pytest.mark.parametrize(("last", "is_ascii"), [("</table>", True), ("Кировский", False)])
def test_of_a_large_body_it_is_known_whether_all_of_it_is_ascii(
    last: str, is_ascii: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.formats.unpack.LARGE", 4_000_000)
    body, _ = unpack(gzip.compress(TEXT * 6_000 + last.encode()), "gzip", 100_000_000, WHERE)
    assert isinstance(body, FileBody)
    assert body.is_ascii == is_ascii
    page = Page(get=Get(WHERE), url=WHERE, status=200, headers={}, content=body, fetched=datetime.now(UTC))
    assert open_plain(page).encoding == ("utf-8", 0)
    assert last in page.text


def received(body: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, bytes]:
    """A session's answer to a packed body: whether it was unpacked in a thread of its own, and what was in it."""
    threads = list[threading.Thread]()

    def unpack_watched(*args: Any) -> bytes:
        threads.append(threading.current_thread())
        return unpack_into(*args)

    monkeypatch.setattr("sources.formats.unpack.unpack_into", unpack_watched)
    monkeypatch.setattr("sources.http.session.unpack_into", unpack_watched)
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(gzip.compress(body, 9)))
    with closing(
        LoopFetcher(HttpOptions(), clock=lambda: datetime.now(UTC), transport=httpx.MockTransport(lambda _: answer))
    ) as fetcher:
        page = fetch(fetcher, "http://register.example/", max_bytes=40_000_000)
    return threads[-1] is not threading.main_thread(), page.body


@pytest.mark.parametrize(
    ("body", "aside"), [(b"<p>" * 10_000, False), (bytes(30_000_000), True)], ids=["small", "30 MB"]
)
def test_what_is_small_but_unpacks_to_much_is_unpacked_in_a_thread(
    body: bytes, aside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests of checks go out in one thread, in which nothing may take long."""
    assert received(body, monkeypatch) == (aside, body)


def test_what_unpacks_to_more_than_the_limit_is_refused_wherever_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(TooLarge, match="larger than 40,000,000 bytes"):
        received(bytes(45_000_000), monkeypatch)
