"""How subprocesses are shared among hosts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryFile

import pytest

from sources import Get, Page, ReaderTooSlow, Source
from sources.formats.download import FileBody
from sources.loader import kind
from sources.reading import pool
from sources.reading.engine import read_page
from sources.reading.pool import Doing

BODY = b"a,b\n" + b'"1",2\n' * 20_000


def source(url: str = "http://a") -> Source:
    return kind("csv").model_validate({"url": url, "key": "a"})


def page(url: str) -> Page:
    return Page(Get(url), url, 200, {"content-type": "text/csv"}, BODY, datetime(2025, 7, 15, tzinfo=UTC))


def test_another_host_s_page_is_read_while_one_host_s_are_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_READERS", readers := pool._Readers(4))
    monkeypatch.setattr(pool, "PATIENCE", 0.3)
    slow = Doing("reading", "reader_too_slow", 60.0, "slow.example:8080")
    places = [readers.wait(slow, "read") for _ in range(2)]
    assert len(list(read_page(source(), page("http://other.example/")))) == 20_000
    with pytest.raises(ReaderTooSlow, match="did not begin"):  # its owner is the configured host
        list(read_page(source("http://user@SLOW.example:8080"), page("http://elsewhere.example/list")))
    for place in places:
        readers.give_back(None, place, sound=False)
    assert len(list(read_page(source("http://slow.example:8080"), page("http://slow.example:8080/list")))) == 20_000
    readers.close()


def test_a_large_page_is_handed_over_as_its_open_file_and_read_alike():
    rows = b"a,b\n" + b"".join(b'"%d",%d\n' % (at, at) for at in range(20_000))
    small = replace(page("http://a/"), content=rows)
    with TemporaryFile() as file:
        file.write(rows)
        large = replace(small, content=FileBody.of(file))
    assert list(read_page(source(), large)) == list(read_page(source(), small))
    assert "body" not in vars(large)
