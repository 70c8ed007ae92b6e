"""An answer that comes in pieces, however they are cut, is the same answer."""

from __future__ import annotations

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.http1 import Reading
from sources.request import Request, plain_request, read_address

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\nHello, world"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n7\r\n, world\r\n0\r\n\r\n"
UNTIL_THE_END = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nHello, world"
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'


def request() -> Request:
    return plain_request("GET", read_address("http://register.test/list")[0])


def read(*pieces: bytes) -> tuple[int, bytes, bool]:
    asked, body = request(), bytearray()
    reading = Reading(asked, asked.pairs({}))
    reading.body = body.extend
    for piece in pieces:
        if reading.feed(piece):
            return reading.status, bytes(body), reading.reusable
    raise AssertionError("it never ended")


@pytest.mark.parametrize(("answer", "end"), [(PLAIN, ()), (CHUNKED, ()), (UNTIL_THE_END, (b"",))])
@given(data=st.data())
def test_an_answer_is_the_same_however_it_is_cut(answer: bytes, end: tuple[bytes, ...], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(answer) - 1), max_size=4)))
    pieces = [answer[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(answer)], strict=True)]
    assert read(*pieces, *end)[:2] == (200, b"Hello, world")


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED])
def test_headers_that_come_alone_are_no_end(answer: bytes) -> None:
    head = answer.index(b"\r\n\r\n") + 4
    assert read(answer[:head], answer[head:]) == (200, b"Hello, world", True)


def test_an_answer_without_a_body_ends_with_its_headers() -> None:
    assert read(NOT_MODIFIED) == (304, b"", True)
    assert read(PLAIN.replace(b"12", b"0").removesuffix(b"Hello, world")) == (200, b"", True)


def test_what_comes_behind_an_answer_is_not_the_next_one() -> None:
    assert read(PLAIN + b"HTTP/1.1 200 OK") == (200, b"Hello, world", False)


@pytest.mark.parametrize("answer", [PLAIN[:-1], PLAIN[:-12], CHUNKED[:-3], PLAIN[:20]])
def test_a_connection_that_ends_in_the_middle_is_an_error(answer: bytes) -> None:
    with pytest.raises(httpcore.RemoteProtocolError):
        read(answer, b"")
