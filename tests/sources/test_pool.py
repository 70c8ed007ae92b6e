"""How subprocesses are shared among hosts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sources import Get, Page, ReaderTooSlow, Source
from sources.loader import kind
from sources.reading import pool
from sources.reading.engine import read_page
from sources.reading.pool import Doing, may_begin

BODY = b"a,b\n" + b'"1",2\n' * 20_000


def source() -> Source:
    return kind("csv").model_validate({"url": "http://a", "key": "a"})


def page(url: str) -> Page:
    return Page(Get(url), url, 200, {"content-type": "text/csv"}, BODY, datetime(2025, 7, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("busy", "most", "begins"),
    [
        ({}, 4, True),
        ({"slow": 2}, 4, True),
        ({"slow": 3}, 4, False),  # the last one is for others
        ({"slow": 2, "other": 2}, 4, False),
        ({"other": 3}, 4, True),
        ({"other": 4}, 4, False),
        ({}, 1, True),
        ({"slow": 1}, 2, False),
    ],
)
def test_no_host_gets_the_last_process_that_has_all_others(busy: dict[str, int], most: int, begins: bool) -> None:
    assert may_begin(busy, "slow", most) == begins


def test_another_host_s_page_is_read_while_one_host_s_are_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_READERS", readers := pool._Readers(3))
    monkeypatch.setattr(pool, "PATIENCE", 0.3)
    slow = Doing("reading", "reader_too_slow", 60.0, "slow.example:8080")
    for _ in range(2):
        readers.wait(slow)
    assert len(list(read_page(source(), page("http://other.example/")))) == 20_000
    with pytest.raises(ReaderTooSlow, match="2 others took too long, 2 of its own host"):
        list(read_page(source(), page("http://user@SLOW.example:8080/list")))
    for _ in range(2):
        readers.give_back(None, slow.whose, sound=False)
    assert len(list(read_page(source(), page("http://slow.example:8080/list")))) == 20_000
    assert readers._busy == {}
    readers.close()
