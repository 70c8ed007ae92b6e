"""Captures of pages that had another layout: read by its options, and not compared with those of today's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from state.store import Store
from tests.configurations import LOOPBACK
from watcher.config.load import load
from watcher.past.reading import Layouts

SOURCE = '[sources.list]\nkind = "csv"\nurl = "http://127.0.0.1:9/list.csv"\nkey = "No"\n'
EARLIER = '[[sources.list.before]]\nuntil = 2018-01-01\nkey = "Number"\n'
TODAY, THEN = ("No", "Name"), ("Number", "Firm")


@pytest.fixture
def kept(folder: Path) -> Callable[..., None]:
    """Keeps a capture of 20 rows under these columns; `first` is the value of the first row."""
    (folder / "kept").mkdir()

    def keep(day: str, columns: tuple[str, str] = TODAY, first: str = "Firm 0") -> None:
        rows = [f"{number},{f'Firm {number}' if number else first}" for number in range(20)]
        (folder / "kept" / f"{day}.csv").write_text("\n".join([",".join(columns), *rows]))

    return keep


@pytest.fixture
def read(watch: Any, configure: Any) -> Callable[[str], dict[str, Any]]:
    """Reads what is kept, as `--json` says it."""

    def run(more: str) -> dict[str, Any]:
        configure(SOURCE + more)
        said: dict[str, Any] = json.loads(watch("past", "list", "--folder", "kept", "--json").out)
        return said

    return run


def test_the_layout_with_the_earliest_end_after_a_capture_reads_it(configure: Any) -> None:
    more = '[[sources.list.before]]\nuntil = 2016-01-01\nkey = "Nr"\n'
    layouts = Layouts(load(configure(SOURCE + EARLIER + more)), "list")
    years = [layouts.at(datetime(year, 1, 1, tzinfo=UTC)).source for year in (2015, 2016, 2017, 2018)]
    assert [each.key for each in years] == [("Nr",), ("Number",), ("Number",), ("No",)]  # type: ignore[attr-defined]


def test_captures_of_each_layout_are_read_and_only_compared_with_each_other(kept: Any, read: Any) -> None:
    kept("2017-01-01", THEN)
    kept("2017-06-01", THEN, first="Other")
    kept("2018-01-01", first="Third")
    assert read(EARLIER) == {"read": 3, "skipped": [], "changes": 1}


def test_a_break_alone_says_not_to_compare(kept: Any, read: Any) -> None:
    kept("2017-01-01")
    kept("2018-01-01", first="Other")
    assert read("")["changes"] == 1
    assert read("[[sources.list.before]]\nuntil = 2018-01-01\n") == {"read": 2, "skipped": [], "changes": 0}


def test_a_layout_that_comes_later_has_skipped_captures_read_anew(kept: Any, read: Any, folder: Path) -> None:
    kept("2017-01-01", THEN)
    kept("2018-01-01")
    assert [each["reason"] for each in read("")["skipped"]] == ["not_found"]
    assert read(EARLIER)["read"] == 2
    readings = {each.reading for each in captures(folder)}
    assert read(EARLIER.replace("2018-01-01", "2017-12-01"))["read"] == 2
    assert readings.isdisjoint({each.reading for each in captures(folder)})


def test_captures_of_an_earlier_layout_are_not_compared_with_the_own_history(
    kept: Any, watch: Any, configure: Any, site: Any
) -> None:
    kept("2016-01-01", THEN)
    kept("2017-01-01", THEN)
    site.page("/list.csv", "No,Name\n" + "".join(f"{number},Firm {number}\n" for number in range(20)), type="text/csv")
    configure(f"{LOOPBACK}{SOURCE}{EARLIER}".replace("http://127.0.0.1:9/list.csv", site.url("/list.csv")))
    assert watch("--once").code == 0
    assert "2 captures read, 0 skipped" in watch("past", "list", "--folder", "kept").out


def captures(folder: Path) -> list[Any]:
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        return store.past.captures("list")
