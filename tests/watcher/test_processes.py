"""The program as real processes: killed between commit and send, run twice at once, run as a daemon."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

CONFIGURATION = """
state = "{state}"

[http]
private_addresses = "allow"
spacing = "0s"

[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
every = "200ms"

[channels.desk]
url = "{hook}/hook"

[[alerts]]
to = ["desk"]
"""


class Program:
    """Starts the command line in the test's folder; ends what it started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *argv: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "watcher.cli", "--config", str(self.folder / "watch.toml"), *argv],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def once(self, **environment: str) -> tuple[int, dict[str, Any]]:
        process = self.start("--once", "--json", **environment)
        out, err = process.communicate(timeout=30)
        assert "Traceback" not in err, err
        return process.returncode, json.loads(out) if out else {}


@pytest.fixture
def program(tmp_path: Path, site: Any) -> Iterator[Program]:
    """A register of companies, a desk that hears of every change, and the program to watch it with."""
    yield from watching(tmp_path, site, f"sqlite:///{tmp_path}/state.db")


@pytest.fixture
def program_on_each(tmp_path: Path, site: Any, state_url: str) -> Iterator[Program]:
    """The same on each database."""
    yield from watching(tmp_path, site, state_url)


def watching(tmp_path: Path, site: Any, state_url: str) -> Iterator[Program]:
    site.page("/hook")
    site.page("/list", [{"name": "Telegram", "branch": "not met"}])
    text = CONFIGURATION.format(state=state_url, site=site.url(""), hook=site.url("").replace("http", "json"))
    (tmp_path / "watch.toml").write_text(text)
    running = Program(tmp_path)
    yield running
    for process in running.started:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=10)


def alerts(site: Any) -> list[str]:
    """The titles that the desk got, but for baselines."""
    titles = [json.loads(asked.body)["title"] for asked in site.requests if asked.path == "/hook"]
    return [title for title in titles if not title.startswith("Watching")]


def wait_for(what: Callable[[], Any], seconds: float = 10) -> Any:
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)
    return found


@pytest.mark.parametrize("point", ["after_commit", "before_send"])
def test_a_run_killed_between_commit_and_send_loses_no_alert(site: Any, program_on_each: Program, point: str) -> None:
    program = program_on_each
    program.once()
    site.page("/list", [{"name": "Telegram", "branch": "under approval"}])
    assert program.once(REGISTRY_WATCH_FAILPOINT=point)[0] == -signal.SIGKILL
    assert alerts(site) == []
    code, said = program.once()
    assert (code, said["deliveries"]["sent"]) == (0, 1)
    assert len(alerts(site)) == 1
    assert program.once()[1]["deliveries"]["sent"] == 0


def test_a_run_killed_before_commit_finds_the_change_again(site: Any, program_on_each: Program) -> None:
    program = program_on_each
    program.once()
    site.page("/list", [{"name": "Telegram", "branch": "under approval"}])
    assert program.once(REGISTRY_WATCH_FAILPOINT="before_commit")[0] == -signal.SIGKILL
    assert [change["change"] for change in program.once()[1]["sources"][0]["changes"]] == ["changed"]
    assert len(alerts(site)) == 1


def test_two_runs_at_once_make_one_change_and_one_alert_five_times(site: Any, program_on_each: Program) -> None:
    program = program_on_each
    program.once()
    for number in range(5):
        site.page("/list", [{"name": "Telegram", "branch": f"state {number}"}])
        both = [program.start("--once", "--json") for _ in range(2)]
        said = [json.loads(process.communicate(timeout=30)[0]) for process in both]
        assert [process.returncode for process in both] == [0, 0]
        assert sum(len(one["sources"][0]["changes"]) for one in said) == 1
        assert sum(one["deliveries"]["sent"] for one in said) == 1
    assert len(alerts(site)) == 5


def test_the_daemon_alerts_reloads_and_stops(site: Any, program: Program) -> None:
    daemon = program.start()
    wait_for(lambda: site.paths.count("/list") >= 3)
    site.page("/list", [{"name": "Telegram", "branch": "under approval"}])
    assert wait_for(lambda: alerts(site)) == ["RECORD changed: Telegram, branch: not met → under approval (list)"]
    more = f'\n[sources.more]\nkind = "json"\nurl = "{site.url("/more")}"\nitems = "@"\nkey = "name"\n'
    site.page("/more", [{"name": "Zoom"}])
    with (program.folder / "watch.toml").open("a") as file:
        file.write(more)
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: "/more" in site.paths)
    start = time.monotonic()
    daemon.terminate()
    err = daemon.communicate(timeout=10)[1]
    assert daemon.returncode == 0
    assert time.monotonic() - start < 5
    assert "Traceback" not in err
    assert " INFO stopped; the event loop's longest pause: 0." in err.splitlines()[-1]


def test_a_reload_with_a_bad_file_keeps_the_old_configuration(site: Any, program: Program) -> None:
    daemon = program.start()
    wait_for(lambda: site.paths.count("/list") >= 2)
    text = (program.folder / "watch.toml").read_text()
    (program.folder / "watch.toml").write_text(text + "\n[nonsense")
    daemon.send_signal(signal.SIGHUP)
    seen = site.paths.count("/list")
    wait_for(lambda: site.paths.count("/list") >= seen + 3)
    daemon.terminate()
    err = daemon.communicate(timeout=10)[1]
    assert "the configuration is not taken over" in err
    assert daemon.returncode == 0


def test_a_stop_in_the_middle_of_a_slow_fetch_does_not_wait_for_it(site: Any, program: Program) -> None:
    site.silent("/list")
    daemon = program.start()
    wait_for(lambda: "/list" in site.paths)
    start = time.monotonic()
    daemon.terminate()
    daemon.communicate(timeout=10)
    assert daemon.returncode == 0
    assert time.monotonic() - start < 5


def test_one_shot_runs_beside_the_daemon_double_nothing(site: Any, program_on_each: Program) -> None:
    program = program_on_each
    daemon = program.start()
    wait_for(lambda: site.paths.count("/list") >= 2)
    for number in range(4):
        site.page("/list", [{"name": "Telegram", "branch": f"state {number}"}])
        program.once()
        wait_for(lambda expected=number + 1: len(alerts(site)) >= expected)
    time.sleep(0.5)
    daemon.terminate()
    daemon.communicate(timeout=10)
    assert len(alerts(site)) == 4
