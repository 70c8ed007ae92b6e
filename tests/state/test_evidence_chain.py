"""The hash chain, its exported form, and records as bytes: without files."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from warcio.archiveiterator import ArchiveIterator

from state.db.redaction import Redactor
from state.evidence.chain import ChainLink, NoChainError, flaw, lines, links, next_link
from state.evidence.warc import digest, members, record

AT = datetime(2025, 7, 14, 19, 7, 12, 345_000, tzinfo=UTC)


def chain(*contents: bytes) -> list[ChainLink]:
    made = [ChainLink(0, b"", bytes(32))]
    for content in contents:
        hashed, last = sha256(content).digest(), made[-1]
        link = next_link(last.link, hashed)
        made.append(ChainLink(last.number + 1, hashed, link, "day.warc.gz", last.end, len(content)))
    return made


def test_a_link_is_the_hash_of_the_link_before_and_of_the_record() -> None:
    first, second = chain(b"a record")
    text = first.link.hex() + sha256(b"a record").hexdigest()
    assert second.link == sha256(text.encode()).digest()
    assert flaw(first, second) is None


def test_what_breaks_a_chain() -> None:
    zero, one, two, three = chain(b"1", b"2", b"3")
    assert "record 1 is missing" in (flaw(zero, two) or "")
    assert "records 1 to 2 are missing" in (flaw(zero, three) or "")
    assert "out of its order" in (flaw(two, one) or "")
    assert "not made of" in (flaw(one, two._replace(sha256=bytes(32))) or "")


def test_an_exported_chain_is_read_as_it_was_written() -> None:
    made = chain(b"1", b"22")
    made.append(made[-1]._replace(number=3, file="", offset=0, length=0))
    assert list(links(line.encode() for line in lines(made))) == made


@pytest.mark.parametrize("change", [lambda given: given[1:], lambda given: [*given, "{"], lambda given: given[:1]])
def test_what_is_no_exported_chain_is_refused(change: Callable[[list[str]], list[str]]) -> None:
    with pytest.raises(NoChainError):
        list(links(line.encode() for line in change(list(lines(chain(b"1"))))))


def test_a_record_is_what_others_read() -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nthe page"
    made = record(
        "response",
        block,
        "application/http; msgtype=response",
        at=AT,
        uri="https://x.example/",
        payload=digest(b"the page"),
    )
    found = next(ArchiveIterator(io.BytesIO(made.data), check_digests="raise"))
    assert found.raw_stream.read() == b"the page"
    assert found.rec_headers.get_header("WARC-Date") == "2025-07-14T19:07:12.345Z"
    assert found.rec_headers.get_header("WARC-Target-URI") == "https://x.example/"


def test_a_header_is_one_line_whatever_is_in_it() -> None:
    made = record("metadata", b"", "text/plain", at=AT, uri="https://x.example/\r\nWARC-Type: warcinfo")
    found = next(ArchiveIterator(io.BytesIO(made.data)))
    assert found.rec_type == "metadata"


def test_records_are_told_apart_up_to_the_first_that_is_not_whole() -> None:
    one, two = (record("metadata", text, "text/plain", at=AT).data for text in (b"1", b"2"))
    assert [each.sha256 for each in members(io.BytesIO(one + two[:-3]))] == [sha256(one).digest()]
    found = list(members(io.BytesIO(one + two + b"more")))
    assert [each.sha256 for each in found] == [sha256(one).digest(), sha256(two).digest()]
    assert [each.head.partition(b"\r\n\r\n")[2] for each in found] == [b"1\r\n\r\n", b"2\r\n\r\n"]


def test_records_are_hashed_a_piece_at_a_time_up_to_what_may_be_unpacked() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    large, small = packer.compress(bytes(3_000_000)) + packer.flush(), gzip.compress(b"small")
    hashes = [sha256(large).digest(), sha256(small).digest()]
    assert [each.sha256 for each in members(io.BytesIO(large + small + large[:-3]), 10_000_000)] == hashes
    assert [each.sha256 for each in members(io.BytesIO(large + small), 1_000_000)] == []
    assert [each.sha256 for each in members(io.BytesIO(small + b"no member" + small), 1_000_000)] == hashes[1:]


def test_bytes_without_a_secret_come_back_as_they_are() -> None:
    redactor = Redactor(lambda text: text.replace("пароль", "${WORD}"), str)
    odd = b"\xff\xfe\x00 \xd0\xbf"
    assert redactor.hide_bytes(odd) is odd
    assert redactor.hide_bytes("\xff: пароль".encode("latin-1", "ignore") + "пароль".encode()) == b"\xff: ${WORD}"
