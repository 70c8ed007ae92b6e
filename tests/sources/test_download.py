"""A large body is a file: read in slices and as a stream, by several readers at once; a page has it without reading."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryFile

import pytest

from sources import Get, Page
from sources.formats.download import FileBody, pieces_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def file_of(content: bytes) -> FileBody:
    with TemporaryFile() as file:
        file.write(content)
        return FileBody.of(file)


def test_its_slices_and_its_stream_are_those_of_the_bytes():
    content = bytes(range(256)) * 3000
    body = file_of(content)
    assert len(body) == len(content)
    assert (body[:7], body[-7:], body[300_000:], body[9:3]) == (content[:7], content[-7:], content[300_000:], b"")
    assert b"".join(pieces_of(body)) == content


def test_two_readers_do_not_move_each_other():
    body = file_of(b"0123456789")
    with body.open() as one, body.open() as other:
        assert (one.read(4), other.read(2), one.read(), other.read()) == (b"0123", b"01", b"456789", b"23456789")


def test_nobody_writes_into_it():
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.write(file_of(b"as it came").descriptor, b"x")


def test_a_page_is_copied_without_reading_its_body():
    page = Page(Get("http://a.test/"), "http://a.test/", 200, {}, file_of(b"all of it"), NOW)
    copied = replace(page, get=Get("http://b.test/"))
    assert copied.content is page.content
    assert not {"body"} & vars(copied).keys()
    assert (copied.body, copied.open().read()) == (b"all of it", b"all of it")


def test_a_part_of_it_is_a_body_of_its_own():
    part = file_of(b"0123456789").part(slice(2, 8)).part(slice(1, None))
    assert (len(part), part[:], part[1:3], part[-1:]) == (5, b"34567", b"45", b"7")
    with part.open() as stream:
        read = [stream.read(), stream.seek(-2, 2), stream.read(), stream.seek(99), stream.read()]
    assert read == [b"34567", 3, b"67", 99, b""]


@pytest.mark.parametrize("body", [b"file\nolder\n\nnew", file_of(b"file\nolder\n\nnew")], ids=["bytes", "file"])
def test_a_file_with_deltas_behind_it_comes_apart(body):
    page = Page(Get("http://a.test/"), "http://a.test/", 200, {"deltas-behind": "5 11 12"}, body, NOW)
    assert [part.body for part in page.parts] == [b"file", b"older", b"", b"new"]
    assert not any(part.deltas_at for part in page.parts)
