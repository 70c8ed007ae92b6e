"""`watch past`: what it prints, and what a dry run leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from sources.reading.pool import Child
from tests.configurations import LOOPBACK
from watcher.past.command import choose_captures
from watcher.past.offers import SkippedCapture

SOURCE = 'kind = "csv"\nkey = "No"\ntitle = "Name"\n'


@pytest.fixture
def configured(configure: Any, folder: Path) -> Callable[..., None]:
    """Configures a source, whose captures are in the folder `kept`."""
    (folder / "kept").mkdir()

    def write(more: str = "", url: str = "http://127.0.0.1:9/list.csv") -> None:
        configure(f'{LOOPBACK}\n[sources.list]\nurl = "{url}"\n{SOURCE}{more}')

    return write


def keep(day: str, head: str = "No,Name,Status", first: str = "active", ending: str = "csv") -> None:
    rows = [f"{number},Firm {number} Ltd,{'active' if number else first}" for number in range(20)]
    Path("kept", f"{day}.{ending}").write_text("\n".join([head, *rows]))


def test_a_dry_run_prints_each_capture_and_writes_nothing(watch: Any, configured: Any, folder: Path) -> None:
    configured("[[sources.list.before]]\nuntil = 2018-01-01\n")
    keep("2017-01-01")
    keep("2019-01-01")
    keep("2020-01-01", first="revoked")
    Path("kept", "2020-06-01.html").write_text("<html><title>503 Service Unavailable</title><h1>503</h1></html>")
    ran = watch("past", "list", "--folder", "kept", "--dry-run")
    assert ran.code == 1
    words = [line.split() for line in ran.out.splitlines()]
    assert words[1] == ["2017-01-01", "00:00", "2017-01-01.csv", "read", "20", "2018-01-01"]
    assert words[2] == ["2019-01-01", "00:00", "2019-01-01.csv", "read", "20", "today"]
    assert words[3] == ["2020-01-01", "00:00", "2020-01-01.csv", "read", "20", "1", "today"]
    assert words[4][3] == "error_page"
    assert "3 captures read, 1 skipped; 1 change between them" in ran.out
    assert not (folder / "state.db").exists()


def test_a_dry_run_knows_where_the_own_history_begins(watch: Any, configured: Any, site: Any) -> None:
    keep("2020-01-01")
    site.page("/list.csv", Path("kept", "2020-01-01.csv").read_text(), type="text/csv")
    configured(url=site.url("/list.csv"))
    assert watch("--once").code == 0
    begun = datetime.now(UTC)
    keep(f"{begun + timedelta(seconds=1):%Y%m%dT%H%M%SZ}")
    while datetime.now(UTC) < begun + timedelta(seconds=1):
        sleep(0.05)
    ran = watch("past", "list", "--folder", "kept", "--dry-run", "--json")
    assert [each["reason"] for each in json.loads(ran.out)["skipped"]] == ["known_here"]
    assert ran.out == watch("past", "list", "--folder", "kept", "--json").out


def test_it_proposes_how_to_read_what_had_other_columns(watch: Any, configured: Any) -> None:
    configured()
    for day in ("2015-01-01", "2016-01-01"):
        keep(day, "Number,Firm,State")
    keep("2017-01-01")
    ran = watch("past", "list", "--folder", "kept", "--dry-run")
    assert "2 captures from 2015-01-01 00:00 to 2016-01-01 00:00 may have had another" in ran.out
    block = ran.out[ran.out.index("[[sources.list.before]]") :]
    assert block.splitlines()[1:4] == ['until = "2017-01-01T00:00:00+00:00"', 'key = "Number"', 'title = "Firm"']
    configured(block)
    assert "3 captures read, 0 skipped" in watch("past", "list", "--folder", "kept", "--dry-run").out


def test_it_proposes_another_kind(watch: Any, configured: Any) -> None:
    configured()
    rows = "".join(f"<tr><td>{number}</td><td>Firm {number} Ltd</td></tr>" for number in range(20))
    page = f"<html><body><h1>List</h1><table><tr><th>Nr</th><th>Firm</th></tr>{rows}</table></body></html>"
    Path("kept", "2016-01-01.html").write_text(page)
    keep("2017-01-01")
    out = watch("past", "list", "--folder", "kept", "--dry-run").out
    block = out[out.index("[[sources.list.before]]") :]
    assert ('kind = "table"' in block, 'key = "Nr"' in block) == (True, True)
    configured(block)
    assert "2 captures read, 0 skipped" in watch("past", "list", "--folder", "kept", "--dry-run").out


def test_it_says_where_nothing_fits(watch: Any, configured: Any) -> None:
    configured()
    Path("kept", "2016-01-01.csv").write_text("Place,Mayor\n" + "".join(f"Town {n},Person {n}\n" for n in range(20)))
    keep("2017-01-01")
    out = " ".join(watch("past", "list", "--folder", "kept", "--dry-run").out.split())
    assert "Nothing that `watch add` proposes reads the newest of them, 2016-01-01.csv" in out


def test_a_page_that_refused_who_saved_it_is_not_said_to_refuse_this_program(watch: Any, configured: Any) -> None:
    configured()
    Path("kept", "2016-01-01.html").write_text("<html><title>Access denied</title><h1>Access denied</h1></html>")
    said = " ".join(watch("past", "list", "--folder", "kept").out.split())
    assert "skipped: access_denied: http://127.0.0.1:9/list.csv is a page that refuses the program that asked" in said


def test_only_beside_the_state_of_a_daemon_parsing_gives_way(watch: Any, configured: Any) -> None:
    configured()
    keep("2017-01-01")
    watch("past", "list", "--folder", "kept", "--dry-run")
    assert Child.nice == 0
    assert "1 capture read, 0 skipped; 0 changes between them" in watch("past", "list", "--folder", "kept").out
    assert Child.nice == 19


def test_only_a_time_is_read_and_only_of_that_time_is_said_what_is_skipped(watch: Any, configured: Any) -> None:
    configured()
    for day in ("2019-01-01", "2020-01-01", "2021-01-01", "2099-01-01"):
        keep(day)
    gone = SkippedCapture(datetime(2018, 1, 1, tzinfo=UTC), "commit", "deleted", "the commit takes the file away")
    end = datetime(2020, 1, 1, tzinfo=UTC)
    assert choose_captures([gone], (end, None), None, end) == []
    assert choose_captures([gone], (None, end), None, end) == [gone]
    ran = watch("past", "list", "--folder", "kept", "--from", "2020-01-01", "--to", "2020-12-31", "--json")
    assert (ran.code, json.loads(ran.out)["read"]) == (0, 1)
    assert json.loads(watch("past", "list", "--folder", "kept", "--most", "3", "--json").out)["read"] == 3
    ran = watch("past", "list", "--folder", "kept", "--from", "2021-01-01", "--to", "2020-01-01")
    assert (ran.code, ran.err.strip()) == (2, "--from: it is later than --to")
