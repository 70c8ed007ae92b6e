"""A large body is a file: read in slices and as a stream, by several readers at once; a page has it without reading."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryFile

import pytest

from sources import Get, Page
from sources.formats.file_body import FileBody, pieces_of

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
