"""A state and evidence that a former release wrote are opened, verified and continued."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import inspect

from state.db.connect import connect
from state.store import Store
from tests import postgres
from tests.watcher.former_release import FIXTURES, HOST, configuration, show

RELEASES = sorted(path.name for path in FIXTURES.iterdir())


class Upgraded:
    """The state of a former release in a folder of its own, some minutes after its last check."""

    def __init__(self, site: Any, watch: Callable[..., Any], url: str) -> None:
        self.site, self.watch, self.url = site, watch, url
        show(site, "open", rows=4, news=4)
        site.page(f"{HOST}/news", status=500)
        site.page("/hook")

    def json(self, *argv: str, code: int = 0) -> dict[str, Any]:
        ran = self.watch(*argv, "--json")
        assert (ran.code, "Traceback" in ran.err) == (code, False), ran.err
        said: dict[str, Any] = json.loads(ran.out)
        return said

    def check(self, code: int) -> dict[str, str]:
        """One check: the status of each source after it."""
        return {source["name"]: source["status"] for source in self.json("--once", code=code)["sources"]}

    def alerts(self) -> list[str]:
        return [json.loads(asked.body)["title"] for asked in self.site.requests if asked.path == "/hook"]


@pytest.fixture(params=[(release, kind) for release in RELEASES for kind in ("sqlite", "postgresql")], ids="-".join)
def upgraded(
    request: pytest.FixtureRequest, folder: Path, site: Any, configure: Callable[..., Path], watch: Callable[..., Any]
) -> Iterator[Upgraded]:
    release, kind = request.param
    written = FIXTURES / release
    (folder / "state.db").write_bytes(gzip.decompress((written / "state.db.gz").read_bytes()))
    shutil.copytree(written / "evidence", folder / "evidence")
    url = f"sqlite:///{folder}/state.db" if kind == "sqlite" else request.getfixturevalue("server_url")(written)
    configure(f'state = "{url}"\n{configuration(site)}')
    with closing(sqlite3.connect(folder / "state.db")) as state:
        (last,) = state.execute("SELECT max(at) FROM events").fetchone()
    when = datetime.fromisoformat(str(last)).replace(tzinfo=UTC) + timedelta(minutes=5)
    with time_machine.travel(when):
        yield Upgraded(site, watch, url)


@pytest.fixture
def server_url() -> Iterator[Callable[[Path], str]]:
    """Puts a release's dump into a database of its own; returns its address."""
    if not postgres.installed():
        pytest.skip("no PostgreSQL server is installed")
    server = postgres.shared()
    name = server.new()

    def load(written: Path) -> str:
        server.sql(gzip.decompress((written / "state.sql.gz").read_bytes()).decode(), name)
        return server.url(name)

    yield load
    server.drop(name)


def test_status_and_log_show_what_it_wrote(upgraded: Upgraded) -> None:
    status = {source["name"]: source["status"] for source in upgraded.json("status", code=1)["sources"]}
    assert status == {"list": "ok", "table": "ok", "rows": "suspicious", "news": "failing"}
    changes = [change["title"] for change in upgraded.json("log")["changes"]]
    assert sorted(changes) == ["1", "1", "News 3", "Telegram", "Telegram"]


def test_its_evidence_verifies_and_the_chain_goes_on(upgraded: Upgraded) -> None:
    before = upgraded.json("verify")
    show(upgraded.site, "closed", news=4)
    assert upgraded.check(code=0)["list"] == "ok"
    after = upgraded.json("verify")
    assert after["records"] > before["records"]
    assert after["head"]["link"] != before["head"]["link"]


def test_the_first_check_re_reads_silently_and_sends_what_was_waiting_once(upgraded: Upgraded) -> None:
    expected = {"list": "unchanged", "table": "unchanged", "rows": "suspicious", "news": "failing"}
    assert upgraded.check(code=1) == expected
    assert upgraded.check(code=1) == expected
    assert upgraded.alerts() == ["Telegram: branch: under approval → open (list) +1"]  # as it was composed


def test_changes_are_compared_with_what_it_knew(upgraded: Upgraded) -> None:
    show(upgraded.site, "closed", news=5)
    changes = {source["name"]: source["changes"] for source in upgraded.json("--once")["sources"]}
    assert changes["list"][0]["fields"] == {"branch": {"before": "open", "after": "closed"}}
    assert [change["title"] for change in changes["news"]] == ["News 4"]
    assert len(changes["table"]) == 1
    assert changes["rows"] == []


def test_a_copy_that_a_process_of_its_own_makes_has_the_evidence_too(upgraded: Upgraded, folder: Path) -> None:
    Store.open(upgraded.url).close()  # a copy takes only what is up to date
    command = [sys.executable, "-m", "watcher.cli", "state", "copy", upgraded.url, f"sqlite:///{folder}/copy.db"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    for table in ("captures", "chain", "proofs", "evidence_files", "events"):
        rows = []
        for name in ("state.db", "copy.db"):
            with closing(sqlite3.connect(folder / name)) as state:
                rows.append(state.execute(f"SELECT count(*) FROM {table}").fetchone())
        assert rows[0] == rows[1] != (0,), table


def test_its_history_goes_on(upgraded: Upgraded) -> None:
    before = upgraded.json("entries", "list", "--at", "2020-01-01", code=1)
    assert (before["entries"], before["gaps"][0]["why"]) == ([], "first")
    now = [entry["fields"]["branch"] for entry in upgraded.json("entries", "list")["entries"]]
    show(upgraded.site, "closed", news=4)
    upgraded.check(code=0)
    assert now == ["open", "none"]
    values = upgraded.json("entry", "list", "Telegram")["values"]
    assert [value["fields"]["branch"] for value in values] == ["none", "under approval", "open", "closed"]


def test_its_tables_are_those_of_a_new_state(upgraded: Upgraded, state_url: str) -> None:
    if upgraded.url.partition(":")[0] != state_url.partition(":")[0]:
        pytest.skip("of the other database")
    Store.open(upgraded.url).close()
    Store.open(state_url).close()
    assert tables(upgraded.url) == tables(state_url)


def tables(url: str) -> dict[str, Any]:
    """All tables with their columns, keys and indexes, in any order. A default is for rows that a migration found."""
    found = dict[str, Any]()
    with closing(connect(url)) as database, database.reading() as connection:
        seen = inspect(connection)
        for name in sorted(seen.get_table_names()):
            columns = [(each["name"], str(each["type"]), each["nullable"]) for each in seen.get_columns(name)]
            rest = (seen.get_pk_constraint(name), seen.get_foreign_keys(name), seen.get_unique_constraints(name))
            indexes = [(each["name"], each["column_names"], each["unique"]) for each in seen.get_indexes(name)]
            where = [str(text) for each in seen.get_indexes(name) for text in each.get("dialect_options", {}).values()]
            found[name] = (sorted(columns), indexes, where, *map(str, rest))
    return found
