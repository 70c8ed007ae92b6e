"""`watch replay`: a folder of saved pages through the real pipeline."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from watcher.trials.saved_pages import content_type, find_dates, find_pages

REGISTER = """
[sources.register]
kind = "json"
url = "https://register.example/all"
items = "@"
key = "id"
title = "name"
"""


def names(*entries: str) -> str:
    return json.dumps([{"id": entry.split()[0], "name": entry} for entry in entries])


@pytest.fixture
def replay(configure: Callable[..., Path], watch: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """Writes saved pages, replays them as the source "register", and returns the steps."""
    configure(REGISTER)

    def run(pages: dict[str, str], *options: str) -> list[dict[str, Any]]:
        for name, page in pages.items():
            file = folder / "saved" / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(page, encoding="utf-8")
        steps: list[dict[str, Any]] = json.loads(watch("replay", "register", "saved", "--json", *options).out)["steps"]
        return steps

    return run


Replay = Callable[..., list[dict[str, Any]]]


def test_what_changed_between_two_saved_pages(replay: Replay) -> None:
    steps = replay({"all-2024-07-07.json": names("1 A", "2 B"), "all-2024-08-01.json": names("1 A", "2 Bee", "3 C")})
    assert [(step["file"], step["status"], step["entries"]) for step in steps] == [
        ("all-2024-07-07.json", "baseline", 2),
        ("all-2024-08-01.json", "ok", 3),
    ]
    assert [(change["change"], change["key"]) for change in steps[1]["changes"]] == [("changed", "2"), ("added", "3")]
    assert steps[1]["changes"][0]["fields"]["title"] == {"before": "2 B", "after": "2 Bee"}


def test_the_days_in_the_names_give_the_order_not_the_names(replay: Replay) -> None:
    pages = {"list-01082024.json": names("1 A", "2 B"), "list-31072024.json": names("1 A")}
    assert [step["file"] for step in replay(pages)] == ["list-31072024.json", "list-01082024.json"]


def test_pages_without_dates_come_in_the_order_of_their_numbers(replay: Replay) -> None:
    pages = {f"page{number}.json": names(f"1 {number}") for number in (10, 2, 1)}
    assert [step["file"] for step in replay(pages)] == ["page1.json", "page2.json", "page10.json"]


def test_the_time_of_modification_gives_the_order_when_asked_to(replay: Replay, folder: Path) -> None:
    pages = {"2024-01-01.json": names("1 A"), "2024-01-02.json": names("1 B")}
    replay(pages)
    os.utime(folder / "saved" / "2024-01-02.json", (1, 1))
    assert [step["file"] for step in replay({}, "--by-time")] == ["2024-01-02.json", "2024-01-01.json"]


def test_an_empty_file_fails_and_a_half_empty_one_is_not_believed(replay: Replay) -> None:
    full = names(*(f"{number} x" for number in range(20)))
    steps = replay({"1.json": full, "2.json": "", "3.json": names("1 x"), "4.json": full})
    assert [(step["status"], step["reason"]) for step in steps] == [
        ("baseline", None),
        ("failing", "empty_body"),
        ("suspicious", "mass_loss"),
        ("unchanged", None),
    ]
    assert [len(step["changes"]) for step in steps] == [0, 0, 0, 0]


def test_a_page_that_links_to_further_ones_removes_nothing(
    replay: Replay, configure: Callable[..., Path], folder: Path
) -> None:
    configure(REGISTER.replace('items = "@"', 'items = "all"\nnext = "next"'))
    pages = [{"all": json.loads(names("1 A", "2 B")), "next": "?2"}, {"all": json.loads(names("2 Bee")), "next": "?2"}]
    steps = replay({f"{at}.json": json.dumps(page) for at, page in enumerate(pages)})
    assert [step["changes"] and step["changes"][0]["change"] for step in steps] == [[], "changed"]
    assert len(steps[1]["changes"]) == 1


def test_nothing_is_stored_or_sent(replay: Replay, configure: Callable[..., Path], site: Any, folder: Path) -> None:
    channel = site.url("/hook").replace("http://", "json://")
    configure(f'{REGISTER}[channels.desk]\nurl = "{channel}"\n[[alerts]]\nto = ["desk"]\n')
    replay({"1.json": names("1 A"), "2.json": names("1 B")})
    assert site.requests == []
    assert {path.name for path in folder.iterdir()} == {"watch.toml", "saved"}


def test_people_read_what_would_have_been_told_and_to_whom(
    replay: Replay, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    rules = '[entities.b]\nnames = ["Bee"]\n[channels.desk]\nurl = "json://127.0.0.1:9/"\n[[alerts]]\nto = ["desk"]\n'
    configure(REGISTER + rules)
    replay({"1-20240707.json": names("1 A", "2 B"), "2-20240708T1830Z.json": names("1 A", "2 Bee")})
    said = watch("replay", "register", "saved").out
    assert "2024-07-07  1-20240707.json  baseline  2 entries" in said
    assert "changed: 2 Bee [b] → desk" in said
    assert "2 captures in the order of the dates in their names: 1 change; nothing was sent" in said


def test_only_the_files_that_match_are_read(replay: Replay) -> None:
    pages = {"a-1.json": names("1 A"), "b-1.json": names("9 Z"), "a-2.json": names("1 A", "2 B")}
    assert [step["file"] for step in replay(pages, "--match", "a-*")] == ["a-1.json", "a-2.json"]


def test_it_is_a_failure_when_no_file_can_be_read(replay: Replay, watch: Callable[..., Any]) -> None:
    replay({"1.json": "<html>no", "2.json": ""})
    assert watch("replay", "register", "saved").code == 1
    replay({"3.json": names("1 A")})
    assert watch("replay", "register", "saved").code == 0


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("registr", "saved"), 'there is no source "registr"'),
        (("register", "nowhere"), "cannot read the folder nowhere"),
        (("register", "watch.toml"), "watch try NAME --file"),
        (("register", "saved"), "there are no saved pages in saved"),
    ],
)
def test_what_cannot_be_replayed_is_a_usage_error(
    argv: tuple[str, str], said: str, replay: Replay, watch: Callable[..., Any], folder: Path
) -> None:
    (folder / "saved").mkdir()
    ran = watch("replay", *argv, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("registry-2024-07-07-72614cc.json", datetime(2024, 7, 7, tzinfo=UTC)),
        ("incidents-20221027T1910-464b548.json", datetime(2022, 10, 27, 19, 10, tzinfo=UTC)),
        ("dump-2012-11-17T1809Z.csv", datetime(2012, 11, 17, 18, 9, tzinfo=UTC)),
        ("20251212T230331Z.atom", datetime(2025, 12, 12, 23, 3, 31, tzinfo=UTC)),
        ("2025-12-12T23:03:31-05:00.html", datetime(2025, 12, 13, 4, 3, 31, tzinfo=UTC)),
        ("list-2025-12-12T23-03-31+0200.html", datetime(2025, 12, 12, 21, 3, 31, tzinfo=UTC)),
        ("20240707T1830-0001.html", datetime(2024, 7, 7, 18, 30, tzinfo=UTC)),
        ("20240707183000.html", datetime(2024, 7, 7, 18, 30, tzinfo=UTC)),
        ("CIK0001009672-20260208T213536Z.json", datetime(2026, 2, 8, 21, 35, 36, tzinfo=UTC)),
        ("list-2024_07_07.html", datetime(2024, 7, 7, tzinfo=UTC)),
        ("list-20.10.2012.html", datetime(2012, 10, 20, tzinfo=UTC)),
        ("list-07072024.html", datetime(2024, 7, 7, tzinfo=UTC)),
        ("list-07082024.html", None),
        ("CIK0001009672.json", None),
        ("list-2024-13-41.html", None),
    ],
)
def test_a_date_in_a_name(name: str, date: datetime | None) -> None:
    assert find_dates([name]) == [date]


def test_days_that_could_be_months_are_told_by_the_other_names() -> None:
    august, december = datetime(2024, 8, 7, tzinfo=UTC), datetime(2024, 12, 25, tzinfo=UTC)
    assert find_dates(["07082024", "25122024"]) == [august, december]
    assert find_dates(["08072024", "12252024"]) == [august, december]
    assert find_dates(["07082024", "09082024"]) == [None, None]


def test_hidden_files_are_no_captures(tmp_path: Path) -> None:
    for name in (".keep", "page.html"):
        (tmp_path / name).touch()
    assert [capture.file.name for capture in find_pages(tmp_path)] == ["page.html"]


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("list.csv", b"a;b\n", "text/csv"),
        ("list.csv", b"<!DOCTYPE html><title>Just a moment", "text/html"),
        ("list", b'\xef\xbb\xbf{"a": 1}', "application/json"),
        ("feed.rss", b"<?xml version='1.0'?><rss/>", "application/rss+xml"),
        ("feed", b"<?xml version='1.0'?><rss/>", "application/xml"),
        ("list.zip", b"PK\x03\x04...", "application/zip"),
        ("notes", b"plain words", "text/plain"),
    ],
)
def test_a_saved_page_is_of_the_type_that_a_server_would_have_said(name: str, body: bytes, kind: str) -> None:
    assert content_type(name, body) == kind


def test_the_rules_that_would_have_fired_are_shown(
    replay: Replay, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    rules = "[[alerts]]\nto = ['desk']\nwhen = \"change == 'added'\"\nname = 'new'\n[[alerts]]\nto = ['desk']\n"
    configure(f"{REGISTER}[channels.desk]\nurl = 'json://desk.example'\n{rules}")
    steps = replay({"all-2024-07-07.json": names("1 A"), "all-2024-08-01.json": names("1 B", "2 C")})
    assert [change["rules"] for change in steps[1]["changes"]] == [[2], [1, 2]]
    said = watch("replay", "register", "saved").out
    assert "added: 2 C → desk, by rule 1 (new), rule 2" in said
    assert "rule 1 (new): fires for 1 change: change == 'added'" in said
