"""What a check stores of a large register is the same whether it reads all of it or only its altered records."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sources import Get, Page, Source
from sources.http.exchange import Validators
from sources.loader import kind
from sources.options import HttpOptions
from sources.reading import placement
from sources.secrets import Secrets
from state.compare.diff import Differ
from state.store import Store
from tests.altered import URL, source_of
from tests.odd_documents import DRAFTS, draw
from tests.sync_cycle import sync_cycle
from watcher.check import newest
from watcher.config.load import Config
from watcher.cycle import Cycle

CUT = [name for name in DRAFTS if kind(name).cut is not Source.cut]
NUMBERS = range(25)


class OneServed:
    """A site with one page, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.body, self.content_type, self.now = b"", "", datetime(2025, 7, 17, 12, tzinfo=UTC)

    def session(self, _source: Source) -> OneServed:
        return self

    async def fetch(self, get: Get, _validators: Validators | None = None) -> Page:
        return Page(get, URL, 200, {"content-type": self.content_type}, self.body, self.now)


@contextmanager
def reading(monkeypatch: pytest.MonkeyPatch, least: int) -> Iterator[list[bool]]:
    """Pages of so many bytes are large; whether the altered records of one were enough, in order."""
    taken, read = list[bool](), newest.read_altered

    def note(*given: object) -> Differ | None:
        differ = read(*given)  # type: ignore[arg-type]
        taken.append(differ is not None)
        return differ

    with monkeypatch.context() as patch:
        patch.setattr(placement, "LEAST_CUT", least)
        patch.setattr(newest, "read_altered", note)
        yield taken


def stored(file: Path, source: Source, bodies: list[bytes], content_type: str) -> dict[str, list[object]]:
    """Every table of a state after a check of each of these pages, without ids that are drawn."""
    site = OneServed()
    with Store.open(f"sqlite:///{file}") as store:
        config = Config(
            None, "", ZoneInfo("UTC"), HttpOptions(spacing="0s"), {"list": source}, {}, {}, (), Secrets(), ()
        )
        for body in bodies:
            site.body, site.content_type = body, content_type
            site.now += timedelta(minutes=1)
            with sync_cycle(Cycle(config, store, site, lambda: site.now)) as cycle:
                cycle.start("list")
                while len(cycle):
                    cycle.step(1)
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}


@pytest.mark.parametrize("name", CUT)
def test_both_ways_of_reading_store_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enough = 0
    for number in NUMBERS:
        drawn = draw(name, number)
        source = source_of(drawn.kind, **drawn.options)
        bodies = [drawn.before, drawn.after, drawn.before]
        states = []
        for way, least in (("altered", 0), ("whole", 1 << 40)):
            with reading(monkeypatch, least) as taken:
                states.append(stored(tmp_path / f"{number} {way}.db", source, bodies, drawn.content_type))
            enough += sum(taken)
        assert states[1]["sources"]
        for table, rows in states[1].items():
            assert states[0][table] == rows, (number, table)
    print(f"{name}: the altered records were enough in {enough} of {2 * len(NUMBERS)} checks")
    assert enough


def test_what_an_ignored_field_lost_is_counted_in_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"%d,Company %d,valid" % (at, at) for at in range(300)]
    emptied = [line.removesuffix(b"valid") for line in lines[:20]] + lines[20:]
    bodies = [b"\n".join([b"No,Name,Status", *some]) for some in (lines, emptied, [*emptied, b"999,New,valid"])]
    source, states = source_of("csv", key="No", ignore=["Status"]), []
    for way, least in (("altered", 0), ("whole", 1 << 40)):
        with reading(monkeypatch, least):
            states.append(stored(tmp_path / f"{way}.db", source, bodies, "text/csv"))
    assert states[0] == states[1]
