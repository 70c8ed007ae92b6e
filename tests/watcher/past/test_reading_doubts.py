"""A capture that is doubted beside the one before it is believed if the next one says the same, and else skipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def read(configure: Callable[..., Path], watch: Callable[..., Any], folder: Path) -> Callable[..., dict[str, Any]]:
    """Reads captures that have so many of the same companies, one a day."""
    url = "http://127.0.0.1:9/list"
    configure(f'[sources.list]\nkind = "json"\nurl = "{url}"\nitems = "@"\nkey = "name"\n')
    (folder / "saved").mkdir()

    def ask(*counts: int) -> dict[str, Any]:
        for day, count in enumerate(counts, 1):
            text = json.dumps([{"name": f"Company {number}"} for number in range(count)])
            (folder / "saved" / f"2019-01-{day:02}.json").write_text(text)
        said = json.loads(watch("past", "list", "--folder", "saved", "--json").out)
        return {**said, "skipped": [(each["at"][8:10], each["reason"]) for each in said["skipped"]]}

    return ask


@pytest.mark.parametrize("after", [(100,), (101,), (105, 106)])
def test_half_a_page_between_two_whole_ones_is_skipped(read: Callable[..., Any], after: tuple[int, ...]) -> None:
    said = read(99, 100, 50, *after)
    assert (said["read"], said["skipped"]) == (2 + len(after), [("03", "mass_loss")])


@pytest.mark.parametrize("after", [(50,), (49,), (51, 52)])
def test_a_loss_that_the_next_capture_confirms_is_believed(read: Callable[..., Any], after: tuple[int, ...]) -> None:
    assert read(100, 50, *after)["skipped"] == []


def test_two_halves_that_differ_are_both_skipped(read: Callable[..., Any]) -> None:
    assert read(100, 50, 10, 100)["skipped"] == [("02", "mass_loss"), ("03", "mass_loss")]


@pytest.mark.parametrize(("own", "skipped"), [(101, [("02", "mass_loss")]), (51, [])])
def test_the_first_own_snapshot_confirms_a_loss_or_not(
    own: int, skipped: list[Any], read: Callable[..., Any], watch: Callable[..., Any], folder: Path, site: Any
) -> None:
    site.page("/list", [{"name": f"Company {number}"} for number in range(own)])
    text = (folder / "watch.toml").read_text().replace("http://127.0.0.1:9/list", site.url("/list"))
    (folder / "watch.toml").write_text(text + '[http]\nprivate_addresses = "allow"\n')
    assert watch("--once").code == 0
    assert read(100, 50)["skipped"] == skipped
