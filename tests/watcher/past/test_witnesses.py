"""For any history of a register: whichever witness kept it, each time is answered as by the captures, and the own history
is as if nobody had.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from state.store import Store
from tests.watcher.past.played_archive import PlayedArchive
from tests.watcher.past.test_warcs import Crawl

Rows = dict[str, str]  # what a register said at a time: statuses by name
SEEDS = range(6)
BEGIN = datetime(2019, 4, 1, tzinfo=UTC)


class Kept(NamedTuple):
    """A register at a time."""

    at: datetime
    rows: Rows

    @property
    def body(self) -> bytes:
        return json.dumps([{"name": name, "status": status} for name, status in self.rows.items()]).encode()


def random_history(random: Random) -> list[Kept]:
    """A register that grows, shrinks and changes; the order of its rows, and the times between captures, are chance."""
    names = [f"Company {letter}" for letter in "ABCDEFGHIJKL"]
    rows = {name: random.choice(["open", "closed"]) for name in names[:6]}
    found, at = list[Kept](), BEGIN
    for _ in range(random.randint(3, 9)):
        for name in random.sample(names, 4):
            chance = random.random()
            if chance < 0.3 and len(rows) > 4:
                rows.pop(name, None)
            elif chance < 0.8:
                rows[name] = random.choice(["open", "closed", "held"])
        found.append(Kept(at, dict(random.sample(sorted(rows.items()), len(rows)))))
        at += timedelta(seconds=random.choice([1, 59, 86_400, 86_400 * 40]))
    return found


class Past:
    """A source, the command `watch`, and the four forms in which others may have kept a history."""

    def __init__(self, archive: PlayedArchive, run: Callable[..., Any], folder: Path) -> None:
        self.archive, self.run, self.folder = archive, run, folder

    def folder_of(self, history: Sequence[Kept]) -> list[str]:
        saved = self.folder / "saved"
        saved.mkdir()
        for kept in history:
            (saved / f"{kept.at:%Y%m%dT%H%M%SZ}.json").write_bytes(kept.body)
        return ["--folder", str(saved)]

    def warc_of(self, history: Sequence[Kept]) -> list[str]:
        file, crawl = self.folder / "kept.warc.gz", Crawl()
        for kept in history:
            crawl.add(f"{kept.at:%Y-%m-%dT%H:%M:%SZ}", kept.body, self.archive.address)
        file.write_bytes(crawl.data)
        return ["--warc", str(file)]

    def git_of(self, history: Sequence[Kept]) -> list[str]:
        repository = self.folder / "kept.git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
        commits = [
            f"commit refs/heads/main\ncommitter C <c@d> {int(kept.at.timestamp())} +0000\ndata 0\n"
            f"M 644 inline list.json\ndata {len(kept.body)}\n{kept.body.decode()}\n"
            for kept in history
        ]
        subprocess.run(
            ["git", "-C", str(repository), "fast-import", "--quiet"], input="".join(commits).encode(), check=True
        )
        return ["--git", str(repository), "--path", "list.json"]

    def wayback_of(self, history: Sequence[Kept]) -> list[str]:
        for kept in history:
            self.archive.has(f"{kept.at:%Y%m%d%H%M%S}", body=kept.body)
        return ["--wayback"]

    def check(self, rows: Rows) -> None:
        """A first own snapshot, at the address where others kept the register, too."""
        self.archive.address = self.archive.site.url("/list")
        self.archive.watch(list=f'url = "{self.archive.address}"')
        self.archive.site.page("/list", Kept(BEGIN, rows).body, type="application/json")
        assert self.run("--once").code == 0

    @property
    def state(self) -> Path:
        return self.folder / "state.db"

    def read(self, argv: Sequence[str]) -> Any:
        ran = self.run("past", "list", *argv, "--json")
        assert ran.code == 0, ran
        return json.loads(ran.out)

    def at(self, at: datetime) -> tuple[Rows, list[str]]:
        """What the register said at a time, and what is not known of it."""
        ran = self.run("entries", "list", "--at", at.isoformat(), "--json")
        said = json.loads(ran.out)
        rows = {each["key"]: each["fields"]["status"] for each in said["entries"]}
        return rows, [each["why"] for each in said["gaps"]]


@pytest.fixture(params=["folder", "warc", "git", "wayback"])
def kept_by(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def past(archive: PlayedArchive, watch: Callable[..., Any], folder: Path) -> Past:
    return Past(archive, watch, folder)


def times(history: Sequence[Kept]) -> Iterator[tuple[datetime, Rows | None]]:
    """Times before, at, between and after the captures, and what they say of each."""
    yield BEGIN - timedelta(seconds=1), None
    for before, after in pairwise([*history, Kept(history[-1].at + timedelta(days=9), {})]):
        yield before.at, before.rows
        yield before.at + (after.at - before.at) / 2, before.rows


@pytest.mark.parametrize("seed", SEEDS)
def test_each_time_is_answered_by_the_captures_before_it(past: Past, kept_by: str, seed: int) -> None:
    history = random_history(Random(seed))
    wanted = [each for before, each in pairwise([None, *history]) if before is None or before.body != each.body]
    argv = getattr(past, f"{kept_by}_of")(wanted)
    first = past.read(argv)
    for at, rows in times(wanted):
        seen, gaps = past.at(at)
        assert (seen, "first_capture" in gaps) == (rows or {}, rows is None)
    assert past.read(argv) == first


def own_tables(database: Path) -> dict[str, list[Any]]:
    """All rows of the state but those of the past of others."""
    with Store.open(f"sqlite:///{database}") as store, store._database.reading() as connection:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return {
            name: list(map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))))
            for name in names
            if not name.startswith("past_")
        }


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_own_history_is_as_if_nobody_had_kept_any(past: Past, kept_by: str, seed: int) -> None:
    history = random_history(Random(seed))
    past.check(history[-1].rows)
    before, state = own_tables(past.state), past.at(datetime.now(UTC))
    past.read(getattr(past, f"{kept_by}_of")(history))
    assert own_tables(past.state) == before
    assert past.at(datetime.now(UTC)) == state
    assert past.run("past", "list", "--forget").code == 0
    assert own_tables(past.state) == before
    assert past.at(BEGIN)[1] == ["first"]
