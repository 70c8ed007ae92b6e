"""`watch export --sqlite` and `--parquet`: tables of all that is known, and the questions to them in docs/history.md."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import time_machine

from tests.configurations import LOOPBACK

DAY = datetime(2026, 3, 3, 12, tzinfo=UTC)
DOCS = (Path(__file__).parents[3] / "docs/history.md").read_text("utf-8")
QUESTIONS = re.findall(r"-- .*\n((?:[^-].*\n)+)", re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)[0])
SHOWN = [  # a list of permits on five days
    {"a": "asked", "b": "asked"},
    {"a": "granted", "b": "granted", "c": "granted"},
    {"b": "granted", "c": "granted"},
    {"a": "granted", "b": "granted", "c": "revoked"},
    {"a": "ended", "b": "granted", "c": "granted"},
]


@pytest.fixture
def ask(site: Any, watch: Callable[..., Any], configure: Any, folder: Path) -> Callable[..., Any]:
    """Runs a command after the five days, and gives its JSON."""
    keys = f'kind = "json"\nurl = "{site.url("/list")}"\nitems = "@"\nkey = "key"\nevery = "1d"'
    configure(f"{LOOPBACK}\n[sources.permits]\n{keys}\n[sources.others]\n{keys}\n")
    for day, rows in enumerate(SHOWN):
        site.page("/list", [{"key": key, "status": status} for key, status in rows.items()])
        with time_machine.travel(DAY + timedelta(days=5 * day), tick=False):
            watch("--once")

    def run(*argv: str) -> Any:
        with time_machine.travel(DAY + timedelta(days=40), tick=False):
            ran = watch(*argv)
        assert ran.code == 0, ran
        return json.loads(ran.out) if "--json" in argv else ran.out

    return run


@pytest.fixture
def answers(ask: Callable[..., Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """The answers of the questions in the documents."""
    monkeypatch.chdir(folder)
    ask("export", "--parquet", "tables", "--sources", "permits")
    return [duckdb.sql(question).fetchall() for question in QUESTIONS]


def test_the_questions_in_the_documents_are_answered_as_by_the_commands(
    ask: Callable[..., Any], answers: list[list[Any]]
) -> None:
    counted, granted, stood = answers
    report = ask("report", "--since", "2026-03-01", "--until", "2026-04-01", "--source", "permits", "--json")
    (permits,) = report["sources"]
    assert {change: number for _, change, number in counted} == permits["changes"]
    assert sum(number for *_, number in counted) == len(ask("log", "--source", "permits", "--json")["changes"])
    register = ask("entries", "permits", "--at", "2026-03-10", "--json")["entries"]
    assert [key for (key,) in granted] == [each["key"] for each in register if each["fields"]["status"] == "granted"]
    life = [each for each in ask("entry", "permits", "a", "--json")["values"] if each["fields"]]
    times = [(datetime.fromisoformat(each["since"]), each["until"]) for each in life]
    spans = [datetime.fromisoformat(until) - since if until else None for since, until in times]
    assert stood == [(each["fields"]["status"], span) for each, span in zip(life, spans, strict=True)]


def test_sqlite_says_what_parquet_says(ask: Callable[..., Any], answers: Any, folder: Path) -> None:
    ask("export", "--sqlite", "all.db", "--sources", "permits")
    with closing(sqlite3.connect(folder / "all.db")) as tables:
        for name in ("events", "entries", "values"):
            found = duckdb.sql(f"SELECT * FROM 'tables/{name}.parquet'").fetchall()
            assert found
            assert tables.execute(f'SELECT * FROM "{name}"').fetchall() == [tuple(map(_text, row)) for row in found]


def _text(cell: object) -> object:
    return cell.replace(tzinfo=UTC).isoformat() if isinstance(cell, datetime) else cell


def test_every_value_is_what_the_life_of_its_entry_says(ask: Callable[..., Any], folder: Path) -> None:
    ask("export", "--sqlite", "all.db")
    with closing(sqlite3.connect(folder / "all.db")) as tables:
        assert tables.execute("SELECT source, key FROM entries ORDER BY 1, 2").fetchall() == [
            (source, key) for source in ("others", "permits") for key in "abc"
        ]
        said = tables.execute(
            "SELECT key, value, since, until FROM \"values\" WHERE field = 'status' AND source = 'permits'"
        )
        values = sorted(said, key=lambda each: (each[0], each[2]))
    lives = [
        (key, each) for key in "abc" for each in ask("entry", "permits", key, "--json")["values"] if each["fields"]
    ]
    assert values == [(key, each["fields"]["status"], each["since"], each["until"]) for key, each in lives]


def test_a_file_that_is_there_stays_and_one_that_fails_leaves_nothing(
    ask: Callable[..., Any], watch: Callable[..., Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("export", "--parquet", "tables")
    assert "--force writes over it" in watch("export", "--parquet", "tables").err
    before = {file.name: file.read_bytes() for file in (folder / "tables").iterdir()}
    monkeypatch.setattr("watcher.reports.export.json.dumps", lambda *_, **__: "no JSON")
    ran = watch("export", "--force", "--parquet", "tables")
    assert (ran.code, "cannot be written" in ran.err) == (2, True)
    assert {file.name: file.read_bytes() for file in (folder / "tables").iterdir()} == before
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert 'pip install "registry-watch[data]"' in watch("export", "--parquet", "new").err
    assert not (folder / "new").exists()
