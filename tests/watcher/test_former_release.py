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

from tests.watcher.former_release import FIXTURES, HOST, configuration, show

RELEASES = sorted(path.name for path in FIXTURES.iterdir())


class Upgraded:
    """The state of a former release in a folder of its own, some minutes after its last check."""

    def __init__(self, site: Any, watch: Callable[..., Any]) -> None:
        self.site, self.watch = site, watch
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


@pytest.fixture(params=RELEASES)
def upgraded(
    request: pytest.FixtureRequest, folder: Path, site: Any, configure: Callable[..., Path], watch: Callable[..., Any]
) -> Iterator[Upgraded]:
    written = FIXTURES / request.param
    (folder / "state.db").write_bytes(gzip.decompress((written / "state.db.gz").read_bytes()))
    shutil.copytree(written / "evidence", folder / "evidence")
    configure(configuration(site))
    with closing(sqlite3.connect(folder / "state.db")) as state:
        (last,) = state.execute("SELECT max(at) FROM events").fetchone()
    when = datetime.fromisoformat(str(last)).replace(tzinfo=UTC) + timedelta(minutes=5)
    with time_machine.travel(when):
        yield Upgraded(site, watch)


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
    assert upgraded.alerts() == ["RECORD changed: Telegram, branch: under approval → open (+1 more)"]


def test_changes_are_compared_with_what_it_knew(upgraded: Upgraded) -> None:
    show(upgraded.site, "closed", news=5)
    changes = {source["name"]: source["changes"] for source in upgraded.json("--once")["sources"]}
    assert changes["list"][0]["fields"] == {"branch": {"before": "open", "after": "closed"}}
    assert [change["title"] for change in changes["news"]] == ["News 4"]
    assert len(changes["table"]) == 1
    assert changes["rows"] == []


def test_a_copy_that_a_process_of_its_own_makes_has_the_evidence_too(upgraded: Upgraded, folder: Path) -> None:
    command = [sys.executable, "-m", "watcher.cli", "state", "copy", "state.db", f"sqlite:///{folder}/copy.db"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    for table in ("captures", "chain", "proofs", "evidence_files", "events"):
        rows = []
        for name in ("state.db", "copy.db"):
            with closing(sqlite3.connect(folder / name)) as state:
                rows.append(state.execute(f"SELECT count(*) FROM {table}").fetchone())
        assert rows[0] == rows[1] != (0,), table


def test_its_history_begins_with_the_snapshot_that_it_had(upgraded: Upgraded) -> None:
    before = upgraded.json("entries", "list", "--at", "2020-01-01", code=1)
    assert (before["entries"], before["gaps"][0]["why"]) == ([], "upgrade")
    now = [entry["fields"]["branch"] for entry in upgraded.json("entries", "list")["entries"]]
    show(upgraded.site, "closed", news=4)
    upgraded.check(code=0)
    assert now == ["open", "none"]
    values = upgraded.json("entry", "list", "Telegram")["values"]
    assert [(value["since"] is None, value["fields"]["branch"]) for value in values] == [
        (True, "open"),
        (False, "closed"),
    ]
