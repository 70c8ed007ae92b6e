"""Checks that people ask for: `watch check NAME`."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from state.model import Health, Status
from state.storage.daemons import DaemonSeen
from state.store import Store
from tests.torture.processes import Program, until
from watcher.config.load import load
from watcher.service import check_requests
from watcher.service.check_requests import RequestedChecks, request_check

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SOURCES = """
[sources.list]
kind = "feed"
url = "https://a.example/"
[sources.off]
kind = "feed"
url = "https://b.example/"
enabled = false
"""


@pytest.fixture
def requests(store: Store, configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The names that a daemon takes up at one look."""
    monkeypatch.setattr(check_requests, "LOOK", 0.0)
    config, taken = load(configure(SOURCES)), RequestedChecks(store, lambda: NOW)
    return SimpleNamespace(
        config=config, done=taken.done, wanted=lambda checking=False: list(taken.take(config, lambda _: checking))
    )


def test_a_request_stands_until_its_check_is_done(store: Store, requests: Any) -> None:
    assert not request_check(store, requests.config, "list", NOW)
    assert requests.wanted() == ["list"]
    assert store.requests.pending() == {"list": NOW}
    requests.done("list")
    assert store.requests.pending() == {}


def test_a_check_under_way_may_have_begun_before(store: Store, requests: Any) -> None:
    store.requests.add("list", NOW)
    assert requests.wanted(checking=True) == []
    assert requests.wanted() == ["list"]


def test_one_that_came_during_the_check_stands_for_another(store: Store, requests: Any) -> None:
    store.requests.add("list", NOW)
    requests.wanted()
    store.requests.add("list", NOW + timedelta(seconds=1))
    requests.done("list")
    assert requests.wanted() == ["list"]


def test_what_nobody_may_or_need_check_is_dropped(store: Store, requests: Any) -> None:
    for name, at in (("off", NOW), ("gone", NOW), ("list", NOW - timedelta(hours=2))):
        store.requests.add(name, at)
    assert requests.wanted() == []
    assert store.requests.pending() == {}


def test_a_server_that_asked_to_be_left_alone_is(
    store: Store, requests: Any, checked: Callable[..., None], watch: Callable[..., Any]
) -> None:
    store.requests.add("list", NOW)
    checked("list", Health(Status.FAILING, "rate_limited"), wait_until=datetime.now(UTC) + timedelta(hours=1))
    assert requests.wanted() == []
    ran = watch("check", "list")
    assert (ran.code, "asked to be left alone until" in ran.err) == (2, True)


def test_the_command_says_whether_somebody_will(
    store: Store, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    configure(SOURCES)
    assert watch("check", "list").code == 1
    now = datetime.now(UTC)
    store.daemons.note(DaemonSeen("host:1:a", "host", now, now, {}))
    assert (watch("check", "list").code, list(store.requests.pending())) == (0, ["list"])
    assert watch("check", "nobody").code == watch("check", "off").code == 2


def test_a_daemon_checks_within_seconds_what_is_due_in_an_hour(tmp_path: Path, site: Any) -> None:
    site.page("/list", [{"name": "A"}])
    program = Program(tmp_path)
    program.configure(
        '[http]\nprivate_addresses = "allow"\n[sources.list]\nkind = "json"\n'
        f'url = "{site.url("/list")}"\nitems = "@"\nkey = "name"\nevery = "1h"\n'
    )
    daemon = program.start()
    try:
        until(lambda: site.paths == ["/list"] and program.ask("SELECT count(*) FROM entries"))
        until(lambda: program.run("check", "list").code == 0)
        until(lambda: len(site.paths) == 2)
        until(lambda: not program.ask("SELECT count(*) FROM check_requests"))
        daemon.signal(signal.SIGTERM)
        assert daemon.wait(60).code == 0
    finally:
        program.close()
