"""`watch try`: reads a source from its site or from a saved page, and stores nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = "<table><tr><th>Name</th><th>Since</th></tr>{rows}</table>"
ROWS = "<tr><td>Telegram</td><td>2021</td></tr><tr><td>Zoom</td><td>2022</td></tr>"


@pytest.fixture
def register(site: Any, configure: Callable[..., Path]) -> Any:
    site.page("/list", PAGE.format(rows=ROWS))
    options = f'kind = "table"\nurl = "{site.url("/list")}"\nkey = "Name"\n'
    configure(f'[http]\nprivate_addresses = "allow"\n[sources.list]\n{options}')
    return site


def test_it_reads_the_site_and_stores_nothing(register: Any, watch: Callable[..., Any], folder: Path) -> None:
    ran = watch("try", "list")
    assert (ran.code, ran.err) == (0, "")
    assert "Telegram\n    Name: Telegram\n    Since: 2021\n" in ran.out
    assert ran.out.endswith("2 entries on 1 page\n")
    assert sorted(path.name for path in folder.iterdir()) == ["watch.toml"]


def test_json_is_one_object_with_every_part_of_an_entry(register: Any, watch: Callable[..., Any]) -> None:
    entries = json.loads(watch("try", "list", "--json").out)["entries"]
    fields = {"Name": "Telegram", "Since": "2021"}
    assert entries[0] == {
        "key": "Telegram",
        "title": "Telegram",
        "fields": fields,
        "url": None,
        "published": None,
        "text": "",
    }


def test_a_saved_page_stands_in_for_the_site(register: Any, watch: Callable[..., Any], folder: Path) -> None:
    (folder / "saved.html").write_text(PAGE.format(rows="<tr><td>Saved</td><td>2020</td></tr>"))
    ran = watch("try", "list", "--file", "saved.html")
    assert (ran.code, "Saved" in ran.out) == (0, True)
    assert register.requests == []


def test_it_says_how_many_entries_share_a_key(register: Any, watch: Callable[..., Any]) -> None:
    register.page("/list", PAGE.format(rows=ROWS + "<tr><td>Zoom</td><td>2023</td></tr>"))
    assert "2 entries share their key" in watch("try", "list").out


def test_rows_that_differ_in_their_link_alone_are_one_entry(register: Any, watch: Callable[..., Any]) -> None:
    row = '<tr><td><a href="/firm/{}">Zoom</a></td><td>2023</td></tr>'
    register.page("/list", PAGE.format(rows=row.format(1) + row.format(2)))
    assert "share their key" not in watch("try", "list").out


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (["list", "--file", "nowhere.html"], 2, "cannot read nowhere.html: No such file"),
        (["lists"], 2, 'there is no source "lists"'),
        (["list", "--file", "."], 2, "cannot read .: Is a directory"),
    ],
)
def test_what_cannot_be_tried_is_said_in_one_line(
    register: Any, watch: Callable[..., Any], argv: list[str], code: int, message: str
) -> None:
    ran = watch("try", *argv)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_a_page_that_cannot_be_read_is_a_failure_with_its_reason(register: Any, watch: Callable[..., Any]) -> None:
    register.page("/list", status=404)
    ran = watch("try", "list")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("list: http_404: ")


def test_nothing_hurries_whoever_stands_in_a_debugger(
    register: Any, watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.reading.engine.READ_SECONDS", -1.0)
    assert "reader_too_slow" in watch("try", "list").err
    assert watch("try", "list", "--here").code == 0


def test_a_limit_shows_the_first_entries_and_says_how_many_there_are(register: Any, watch: Callable[..., Any]) -> None:
    ran = watch("try", "list", "--limit", "1")
    assert ("Telegram" in ran.out, "Zoom" in ran.out) == (True, False)
    assert ran.out.endswith("2 entries on 1 page, of which these are the first 1\n")
    assert len(json.loads(watch("try", "list", "--limit", "1", "--json").out)["entries"]) == 1
    assert watch("try", "list", "--limit", "9").out.endswith("2 entries on 1 page\n")


@pytest.mark.parametrize("limit", ["0", "-1", "some"])
def test_a_limit_that_is_none_is_a_usage_error(register: Any, watch: Callable[..., Any], limit: str) -> None:
    ran = watch("try", "list", f"--limit={limit}")
    assert (ran.code, "is not a whole number above zero" in ran.err) == (2, True)


def test_a_single_source_is_named_in_the_singular(register: Any, watch: Callable[..., Any]) -> None:
    assert watch("try", "lst").err.endswith("; there is: list\n")
