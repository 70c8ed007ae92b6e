"""Edits at the desk reach what runs: a daemon alone, workers, the desk's own server; and pauses do, and `--once`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from state.storage.objects import Edit
from state.store import Store
from tests import postgres
from tests.configurations import LOOPBACK
from tests.torture.databases import Place
from tests.torture.processes import Program, Running, until
from watcher.config import edit
from watcher.config.load import load

ROOT = Path(__file__).parents[3]
WORKERS = pytest.param("worker", marks=pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING))
PROMISED = 2.0  # seconds until an edit is known everywhere
BUSY = 8.0  # seconds that a machine with much else to do may take besides


class Live:
    """A watch whose objects are made at the desk, and what runs it: a daemon, or two workers."""

    def __init__(self, program: Program, site: Any, command: str) -> None:
        self.program, self.site, self._command = program, site, command
        program.configure(f'state = "{program.place.url}"\n{LOOPBACK}[web]\nlisten = "127.0.0.1:0"\n')
        self.store = Store.open(program.place.url)

    def start(self) -> list[Running]:
        """Start what checks; it is ready when this returns."""
        number = 2 if self._command == "worker" else 1
        running = [self.program.start(*filter(None, [self._command])) for _ in range(number)]
        for each in running:
            until(lambda each=each: "watching" in each.err() or not each.alive)
            assert each.alive, each.err()
        return running

    def edit(self, name: str, document: dict[str, Any] | None) -> None:
        """Edit a source, as the desk does."""
        config = load(self.program.folder / "watch.toml")
        edit.apply(config, self.store, [Edit("source", name, document)], "anna", datetime.now(UTC))

    def put(self, name: str, every: str = "1h", body: Any = None) -> None:
        self.site.page(f"/{name}", body or [{"name": "Company A"}])
        options = {"items": "@", "key": "name", "every": every}
        self.edit(name, {"kind": "json", "url": self.site.url(f"/{name}"), **options})

    def pause(self, name: str, until: datetime | None = None) -> None:
        self.store.objects.pause(name, until, "anna", datetime.now(UTC))

    def asked(self, name: str) -> int:
        return int(self.site.paths.count(f"/{name}"))

    def status(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.program.run("status", name, "--json").json["sources"][0]
        return found

    def rests(self, name: str, seconds: float = 1.5) -> bool:
        """Whether nobody asks for a source for a while."""
        before = self.asked(name)
        time.sleep(seconds)
        return self.asked(name) == before

    def close(self) -> None:
        self.store.close()
        self.program.close()


@pytest.fixture(params=["", WORKERS], ids=["daemon", "workers"])
def live(request: pytest.FixtureRequest, tmp_path: Path, site: Any) -> Iterator[Live]:
    place = None
    if request.param:
        server = postgres.shared()
        database = server.new("state")
        place = Place(server.url(database), server, database)
    made = Live(Program(tmp_path, place), site, request.param)
    yield made
    made.close()


@pytest.mark.deadline
def test_what_is_made_changed_and_deleted_at_the_desk_is_known_at_once(live: Live) -> None:
    running = live.start()
    live.put("list")
    until(lambda: live.asked("list"), PROMISED + BUSY)
    live.put("list", every="100ms")
    until(lambda: live.asked("list") >= 4, PROMISED + BUSY)
    live.edit("list", None)
    until(lambda: live.rests("list", 0.5), PROMISED + BUSY)
    assert all(each.alive for each in running)
    assert live.store.source("list").revision > 0  # for `watch forget`


def test_a_check_under_way_goes_on_when_something_else_is_edited(live: Live) -> None:
    answer = Event()
    live.put("slow", body=lambda _: answer.wait(60) and [{"name": "Company A"}])
    running = live.start()
    until(lambda: live.asked("slow"))
    live.put("list")
    until(lambda: live.asked("list"))
    answer.set()
    until(lambda: live.store.source("slow").revision)
    assert live.asked("slow") == 1
    for each in running:
        until(lambda each=each: "the configuration was read again: 2 sources" in each.err())


def test_a_source_deleted_while_it_is_checked_is_stored_no_more(live: Live) -> None:
    answer = Event()
    live.put("slow", body=lambda _: answer.wait(60) and [{"name": "Company A"}])
    running = live.start()
    until(lambda: live.asked("slow"))
    live.edit("slow", None)
    for each in running:
        until(lambda each=each: "the configuration was read again: 0 sources" in each.err())
    answer.set()
    time.sleep(1)
    assert (live.asked("slow"), live.store.source("slow").revision) == (1, 0)
    assert not any("Traceback" in each.err() for each in running)


def test_a_paused_source_rests_until_somebody_asks_for_it_or_resumes_it(live: Live) -> None:
    live.put("list", every="100ms")
    running = live.start()
    until(lambda: live.asked("list") >= 2)
    live.pause("list")
    until(lambda: live.rests("list"))
    before = live.asked("list")
    assert live.program.run("check", "list").code == 0
    until(lambda: live.asked("list") == before + 1)
    assert live.rests("list")
    found = live.status("list")
    assert (found["paused"], found["paused_until"]) == (True, None)
    assert "it is paused until somebody resumes it" in found["why"]
    assert " paused " in live.program.run("status").out
    live.store.objects.resume("list", "anna", datetime.now(UTC))
    until(lambda: live.asked("list") >= before + 4)
    assert live.status("list")["paused"] is False
    assert not any("Traceback" in each.err() for each in running)


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
def test_a_pause_ends_by_itself(live: Live, restarted: bool) -> None:
    live.put("list", every="100ms")
    running = live.start()
    until(lambda: live.asked("list"))
    ends = datetime.now(UTC) + timedelta(seconds=12)
    live.pause("list", ends)
    if restarted:
        for each in running:
            each.signal(signal.SIGTERM)
        assert [each.wait().code for each in running] == [0] * len(running)
        live.start()
    until(lambda: live.rests("list"))
    before = live.asked("list")
    assert datetime.now(UTC) < ends
    until(lambda: live.asked("list") > before)
    assert datetime.now(UTC) >= ends


def test_a_run_leaves_out_what_is_paused_but_by_name(live: Live) -> None:
    live.put("list")
    live.put("other")
    live.pause("list")
    ran = live.program.once()
    assert ([each["name"] for each in ran.json["sources"]], live.asked("list")) == (["other"], 0)
    assert "1 source paused: watch status" in live.program.run("--once").out
    assert [each["name"] for each in live.program.once("--source", "list").json["sources"]] == ["list"]
    live.pause("list", datetime.now(UTC) + timedelta(seconds=0.1))
    time.sleep(0.2)
    assert len(live.program.once().json["sources"]) == 2


def test_files_with_errors_keep_the_old_configuration_until_the_next_edit(live: Live) -> None:
    live.put("list", every="100ms")
    running = live.start()
    text = (live.program.folder / "watch.toml").read_text()
    live.program.configure(f"{text}\n[nonsense")
    live.pause("list")  # an edit as any other, which needs no valid files
    for each in running:
        until(lambda each=each: "the configuration is not taken over" in each.err())
    time.sleep(2.5)
    assert {each.err().count("the configuration is not taken over") for each in running} == {1}
    live.program.configure(text)
    live.put("more")
    until(lambda: live.asked("more"))


def test_the_server_of_the_desk_shows_what_another_process_has_edited(live: Live) -> None:
    command = [sys.executable, "-m", "watcher.cli", "serve", "--token", "a-token-for-this-test"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "WATCH_CONFIG": "watch.toml"}
    with ExitStack() as ends:
        process = ends.enter_context(
            subprocess.Popen(command, cwd=live.program.folder, env=environment, stdout=subprocess.PIPE, text=True)
        )
        ends.callback(process.terminate)
        assert process.stdout
        address = process.stdout.readline().split()[-1]

        def names() -> list[str]:
            header = {"Authorization": "Bearer a-token-for-this-test"}
            answer = httpx.get(f"{address}api/v1/sources", headers=header, timeout=30)
            return [each["name"] for each in json.loads(answer.text)["items"]]

        assert names() == []
        live.put("list")
        until(lambda: names() == ["list"])
