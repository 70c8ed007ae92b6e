"""The dead man's switch: pinged only after a full round with all deliveries sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.model import Event, EventKind
from state.store import Store
from tests.storing import add_event
from watcher.check.outcome import Result
from watcher.config.load import load
from watcher.errors import ConfigError
from watcher.service.heartbeat import Heartbeat

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)
CONFIGURATION = """
heartbeat = "{site}/ping/2f6d9a1c-secret-token-77"
[http]
private_addresses = "allow"
spacing = "0s"
[sources.one]
kind = "json"
url = "{site}/one"
items = "@"
key = "name"
[sources.two]
kind = "json"
url = "{site}/two"
items = "@"
key = "name"
[sources.asleep]
kind = "json"
url = "{site}/asleep"
items = "@"
key = "name"
enabled = false
[channels.desk]
url = "{hook}/hook"
[[alerts]]
to = ["desk"]
"""


@pytest.fixture
def site(site: Any) -> Any:
    for name in ("one", "two"):
        site.page(f"/{name}", [{"name": "Telegram", "branch": "A"}])
    site.page("/hook")
    site.page("/ping/2f6d9a1c-secret-token-77")
    return site


@pytest.fixture
def config(site: Any, configure: Callable[..., Path]) -> Any:
    return load(configure(CONFIGURATION.format(site=site.url(""), hook=site.url("").replace("http", "json"))))


def pings(site: Any) -> int:
    return sum(path.startswith("/ping/") for path in site.paths)


def test_a_round_of_all_enabled_sources_with_all_delivered_pings_once(site: Any, config: Any, watch: Any) -> None:
    assert watch("--once").code == 0
    assert pings(site) == 1


def test_a_round_of_some_sources_does_not_ping(site: Any, config: Any, watch: Any) -> None:
    assert watch("--once", "--source", "one").code == 0
    assert pings(site) == 0


def test_a_channel_that_fails_stops_the_pings_until_it_works(site: Any, config: Any, watch: Any) -> None:
    site.page("/hook", status=503)
    assert watch("--once").code == 1
    assert pings(site) == 0
    site.page("/hook")
    watch("--once")
    assert pings(site) == 1


def test_a_source_that_fails_was_checked_too_for_health_alerts_tell_of_it(site: Any, config: Any, watch: Any) -> None:
    site.page("/two", status=404)
    assert watch("--once").code == 1
    assert pings(site) == 1


def test_a_check_that_could_not_be_stored_was_no_check(site: Any, config: Any, store: Store) -> None:
    heart = Heartbeat(config, store, lambda: NOON)
    assert not heart.record(Result("one", "ok", 1, due=NOON))
    assert not heart.record(Result("two", "failing", 0, "state", "no space is left on its disk"))
    heart.beat(wait=True)
    assert pings(site) == 0
    assert heart.record(Result("two", "ok", 1, due=NOON))
    heart.beat(wait=True)
    assert pings(site) == 1


def test_the_next_ping_takes_another_round(
    site: Any, config: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.service.heartbeat.BETWEEN", 0.0)
    heart = Heartbeat(config, store, lambda: NOON)
    for name in ("one", "two", "one"):
        heart.record(Result(name, "ok", 1, due=NOON))
    heart.beat(wait=True)
    heart.record(Result("one", "ok", 1, due=NOON))
    heart.beat(wait=True)
    assert pings(site) == 1


def test_what_is_held_until_later_stops_no_ping(site: Any, config: Any, store: Store) -> None:
    event = Event(EventKind.TEST, "", "", "", NOON, None, {})
    add_event(store, event, ["desk"], NOON + timedelta(minutes=1))
    heart = Heartbeat(config, store, lambda: NOON)
    for name in ("one", "two"):
        heart.record(Result(name, "ok", 1, due=NOON))
    heart.beat(wait=True)
    assert pings(site) == 1


def test_a_reload_keeps_what_was_checked_and_waits_for_what_is_new(site: Any, config: Any, store: Store) -> None:
    heart = Heartbeat(config, store, lambda: NOON)
    heart.record(Result("one", "ok", 1, due=NOON))
    more = config.sources | {"three": config.sources["one"]}
    heart.use(replace(config, sources=more))
    assert not heart.record(Result("two", "ok", 1, due=NOON))
    assert heart.record(Result("three", "ok", 1, due=NOON))


def test_a_ping_that_hangs_holds_nobody_up(
    site: Any, config: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.service.heartbeat.PING_TIMEOUT", timedelta(minutes=10))
    site.silent("/ping/2f6d9a1c-secret-token-77")
    heart = Heartbeat(config, store, lambda: NOON)
    for name in ("one", "two"):
        heart.record(Result(name, "ok", 1, due=NOON))
    heart.beat()
    while not pings(site):
        time.sleep(0.01)
    assert heart._pinging.locked()
    site.closing.set()
    while heart._pinging.locked():
        time.sleep(0.01)


def test_a_ping_that_fails_is_logged_without_its_address(site: Any, config: Any, watch: Any) -> None:
    site.page("/ping/2f6d9a1c-secret-token-77", status=410)
    ran = watch("--once")
    assert ran.code == 0
    assert "heartbeat: " in ran.err
    assert "secret-token" not in ran.err


@pytest.mark.parametrize("value", ["hc-ping.example.org/x", "ftp://example.org/x", "https://", "http://[::1/x"])
def test_an_address_that_cannot_be_fetched_is_an_error_of_the_configuration(
    configure: Callable[..., Path], value: str
) -> None:
    with pytest.raises(ConfigError, match="heartbeat: has to be a whole URL"):
        load(configure(f'heartbeat = "{value}"\n'))


def test_the_address_guard_holds_for_the_heartbeat_too(
    site: Any, configure: Callable[..., Path], config: Any, watch: Any
) -> None:
    text = Path("watch.toml").read_text()
    configure(text.replace('private_addresses = "allow"\n', ""))
    ran = watch("--once")
    assert pings(site) == 0
    assert "heartbeat: 127.0.0.1 is not on the public internet" in ran.err
