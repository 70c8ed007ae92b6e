"""The program as real processes: killed between commit and send, run twice at once, run as a daemon."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import LIST
from tests.torture.databases import Place
from tests.torture.processes import Program, until

ROOT = Path(__file__).parents[3]

CONFIGURATION = (
    'state = "{state}"\n'
    + LIST
    + """\
every = "200ms"

[channels.desk]
url = "{hook}/hook"

[[alerts]]
to = ["desk"]
"""
)


def configure(program: Program, site: Any) -> Program:
    """A register of companies, a desk that hears of every change, and the program to watch it with."""
    site.page("/hook")
    site.page("/list", [{"name": "Telegram", "branch": "not met"}])
    desk = site.url("").replace("http", "json")
    program.configure(CONFIGURATION.format(state=program.place.url, site=site.url(""), hook=desk))
    return program


@pytest.fixture
def program(tmp_path: Path, site: Any) -> Iterator[Program]:
    """The program with its state in a file."""
    made = Program(tmp_path)
    yield configure(made, site)
    made.close()


@pytest.fixture
def program_on_each(tmp_path: Path, site: Any, state_url: str) -> Iterator[Program]:
    """The same on each database."""
    made = Program(tmp_path, Place(state_url))
    yield configure(made, site)
    made.close()


def alerts(site: Any) -> list[str]:
    """The titles that the desk got, but for baselines."""
    titles = [json.loads(asked.body)["title"] for asked in site.requests if asked.path == "/hook"]
    return [title for title in titles if not title.startswith("Watching")]


@pytest.mark.parametrize("point", ["after_commit", "before_send"])
def test_a_run_killed_between_commit_and_send_loses_no_alert(site: Any, program_on_each: Program, point: str) -> None:
    program = program_on_each
    program.once()
    site.page("/list", [{"name": "Telegram", "branch": "under approval"}])
    assert program.once(failpoint=point).code == -signal.SIGKILL
    assert alerts(site) == []
    ran = program.once()
    assert (ran.code, ran.json["deliveries"]["sent"]) == (0, 1)
    assert len(alerts(site)) == 1
    assert program.once().json["deliveries"]["sent"] == 0


def test_a_run_killed_before_commit_finds_the_change_again(site: Any, program_on_each: Program) -> None:
    program = program_on_each
    program.once()
    site.page("/list", [{"name": "Telegram", "branch": "under approval"}])
    assert program.once(failpoint="before_commit").code == -signal.SIGKILL
    assert [change["change"] for change in program.once().json["sources"][0]["changes"]] == ["changed"]
    assert len(alerts(site)) == 1


def test_two_runs_at_once_make_one_change_and_one_alert_five_times(site: Any, program_on_each: Program) -> None:
    program = program_on_each
    program.once()
    for number in range(5):
        site.page("/list", [{"name": "Telegram", "branch": f"state {number}"}])
        both = [program.start("--once", "--json") for _ in range(2)]
        ran = [process.wait(60) for process in both]
        assert [each.code for each in ran] == [0, 0]
        assert sum(len(each.json["sources"][0]["changes"]) for each in ran) == 1
        assert sum(each.json["deliveries"]["sent"] for each in ran) == 1
    assert len(alerts(site)) == 5


def test_the_daemon_alerts_reloads_and_stops(site: Any, program: Program) -> None:
    """As a user starts it: by the interpreter, without a server that forks."""
    command = [sys.executable, "-m", "watcher.cli", "--config", str(program.folder / "watch.toml")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, cwd=program.folder, stderr=subprocess.PIPE, text=True) as daemon:
        try:
            until(lambda: site.paths.count("/list") >= 3)
            site.page("/list", [{"name": "Telegram", "branch": "under approval"}])
            until(lambda: alerts(site))
            assert alerts(site) == ["Telegram: branch: not met → under approval (list)"]
            more = f'\n[sources.more]\nkind = "json"\nurl = "{site.url("/more")}"\nitems = "@"\nkey = "name"\n'
            site.page("/more", [{"name": "Zoom"}])
            with (program.folder / "watch.toml").open("a") as file:
                file.write(more)
            daemon.send_signal(signal.SIGHUP)
            until(lambda: "/more" in site.paths)
            daemon.terminate()
            err = daemon.communicate(timeout=90)[1]  # TimeoutStopSec of systemd/registry-watch.service
        finally:
            daemon.kill()
    assert daemon.returncode == 0
    assert "Traceback" not in err
    assert " INFO stopped; the event loop's longest pause: 0." in err.splitlines()[-1]


def test_a_reload_with_a_bad_file_keeps_the_old_configuration(site: Any, program: Program) -> None:
    daemon = program.start()
    until(lambda: site.paths.count("/list") >= 2)
    text = (program.folder / "watch.toml").read_text()
    program.configure(text + "\n[nonsense")
    daemon.signal(signal.SIGHUP)
    seen = site.paths.count("/list")
    until(lambda: site.paths.count("/list") >= seen + 3)
    daemon.signal(signal.SIGTERM)
    ran = daemon.wait()
    assert "the configuration is not taken over" in ran.err
    assert ran.code == 0


def test_a_stop_in_the_middle_of_a_slow_fetch_does_not_wait_for_it(site: Any, program: Program) -> None:
    site.silent("/list")
    daemon = program.start()
    until(lambda: "/list" in site.paths)
    daemon.signal(signal.SIGTERM)
    assert daemon.wait(90).code == 0


def test_one_shot_runs_beside_the_daemon_double_nothing(site: Any, program_on_each: Program) -> None:
    program = program_on_each
    daemon = program.start()
    until(lambda: site.paths.count("/list") >= 2)
    for number in range(4):
        site.page("/list", [{"name": "Telegram", "branch": f"state {number}"}])
        program.once()
        until(lambda expected=number + 1: len(alerts(site)) >= expected)
    time.sleep(0.5)
    daemon.signal(signal.SIGTERM)
    daemon.wait()
    assert len(alerts(site)) == 4
