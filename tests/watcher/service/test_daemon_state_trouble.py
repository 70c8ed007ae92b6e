"""A state that cannot be used for a while: at a reload, during a drain; and a lock that is taken."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from state.errors import StateError
from state.store import Store
from tests.configurations import DESK, LIST
from tests.torture.desks import register
from tests.torture.processes import until
from watcher.config.load import Sending, load
from watcher.service.daemon import Daemon, alone

CONFIGURATION = LIST + DESK


class Blocker:
    """Another program that has the state locked, when it is told to."""

    def __init__(self, state: Path) -> None:
        self._connection = sqlite3.connect(state, isolation_level=None, check_same_thread=False)

    def lock(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def unlock(self) -> None:
        self._connection.execute("ROLLBACK")


@pytest.fixture
def text(site: Any, configure: Callable[..., Path], watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """A configuration whose source was read and whose desk was told of it, and little patience with locks."""
    site.page("/list", [{"name": "Telegram", "branch": "A"}])
    site.page("/hook")
    written = CONFIGURATION.format(site=site.url(""), hook=site.url("").replace("http", "json"))
    configure(written).chmod(0o600)
    assert watch("--once").code == 0
    monkeypatch.setattr("state.db.sqlite._PATIENCE", 0.2)
    return written


@pytest.fixture
def blocker(text: str, folder: Path) -> Iterator[Blocker]:
    other = Blocker(folder / "state.db")
    with closing(other._connection):
        yield other


def titles(site: Any) -> list[str]:
    return [told["title"] for told in site.sent("/hook")]


def reload(daemon: Daemon) -> None:
    """Have the configuration read again, as the daemon does: in its event loop."""

    asyncio.run(daemon._read_configuration())


def test_a_state_that_is_locked_at_a_reload_leaves_the_old_configuration_in_force(
    text: str, blocker: Blocker, configure: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    config = load(None, Sending())
    with Store.open(config.state) as store:
        daemon = alone(config, store)
        configure(text.replace("[sources.list]", '[sources.new]\nwas = ["list"]'))
        blocker.lock()
        reload(daemon)
        assert list(daemon._cycle.config.sources) == ["list"]
        assert "the old one stays: " in daemon._standing()
        assert "another process has kept it locked" in daemon._standing()
        assert "the configuration is not taken over: " in caplog.text
        blocker.unlock()
        reload(daemon)
        assert list(daemon._cycle.config.sources) == ["new"] == [state.name for state in store.sources()]
        assert "the old one stays" not in daemon._standing()


def test_a_one_shot_run_whose_state_is_locked_while_it_sends_still_reports_what_it_found(
    site: Any, text: str, blocker: Blocker, watch: Callable[..., Any]
) -> None:
    site.page("/list", [{"name": "Telegram", "branch": "B"}])
    site.page("/hook", lambda asked: blocker.lock() or "")
    ran = watch("--once", "--json")
    said = json.loads(ran.out)
    assert (ran.code, said["sources"][0]["status"]) == (1, "ok")
    assert [change["change"] for change in said["sources"][0]["changes"]] == ["changed"]
    assert said["deliveries"] == {"sent": 0, "held": 0, "pending": 1, "dead": 0}
    assert "deliveries wait: " in ran.err
    blocker.unlock()
    site.page("/hook")
    assert watch("--once").code == 0
    first, again = [asked for asked in site.requests if asked.path == "/hook"][1:]
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"]  # the one duplicate: reliability.md


def test_a_one_shot_run_in_words_says_what_it_found_and_that_deliveries_wait(
    site: Any, text: str, blocker: Blocker, watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("/list", [{"name": "Telegram", "branch": "B"}])
    site.page("/hook", lambda asked: blocker.lock() or "")
    monkeypatch.setenv("REGISTRY_WATCH_FAULT_CODE", "3")
    ran = watch("--once")
    assert ran.code == 3
    assert "changed: Telegram" in ran.out
    assert "0 deliveries sent, 1 waiting, 0 given up" in ran.out


def test_a_lock_file_that_cannot_be_opened_says_which_and_what_it_is_for(store: Store, folder: Path) -> None:
    (folder / "state.db.lock").mkdir()
    with pytest.raises(StateError, match=r"state\.db\.lock: it cannot be opened: Is a directory; it is the lock"):
        store.database.sending_lock(0).__enter__()


def test_a_lock_file_that_cannot_be_opened_keeps_no_result_from_being_told(
    site: Any, text: str, watch: Callable[..., Any], folder: Path
) -> None:
    (folder / "state.db.lock").unlink()
    (folder / "state.db.lock").mkdir()
    site.page("/list", [{"name": "Telegram", "branch": "B"}])
    ran = watch("--once", "--json")
    assert (ran.code, json.loads(ran.out)["deliveries"]["pending"]) == (1, 1)
    assert ran.err.count("state.db.lock: it cannot be opened") == 1
    (folder / "state.db.lock").rmdir()
    assert watch("--once").code == 0
    assert titles(site)[1:] == ["Telegram: branch: A → B (list)"]


def test_the_daemon_goes_on_checking_while_the_lock_cannot_be_opened_and_sends_when_it_can() -> None:
    with register() as case:
        case.program.once()
        lock = case.program.folder / "state.db.lock"
        lock.unlink()
        lock.mkdir()
        daemon = case.program.start()
        case.show("B")
        until(lambda: "deliveries wait: " in daemon.err())
        until(lambda: case.program.changes() == 1)
        assert (case.told(), daemon.alive) == ([], True)
        lock.rmdir()
        assert until(case.told)[0].title == "Telegram: branch: A → B (list)"
