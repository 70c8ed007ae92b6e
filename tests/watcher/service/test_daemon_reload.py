"""A running service refuses an invalid configuration, and uses a valid one while requests are under way."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from alerts.message.compose import compose
from alerts.options import AlertRule
from sources import Get, Source
from sources.http.session import Fetcher
from sources.options import HttpOptions
from state.model import EventKind
from state.store import Store
from tests.conftest import ByHttpcore
from tests.torture.processes import Program, until
from watcher.config.load import Config
from watcher.delivery.operator_alerts import RefusedConfig

NOW = datetime(2026, 9, 1, tzinfo=UTC)
RULES = [
    AlertRule(to=("desk",)),
    AlertRule(health=True, to=("ops",), sources=("tass",)),
    AlertRule(health=True, to=("boss", "ops")),
]
CONFIG = cast("Config", SimpleNamespace(alerts=RULES, timezone=ZoneInfo("UTC")))


@pytest.fixture
def refused(store: Store) -> RefusedConfig:
    return RefusedConfig(store, lambda: NOW)


def told(store: Store) -> list[str]:
    return [event.data["status"] for event in reversed(store.log.events(kind=EventKind.HEALTH))]


def test_everybody_who_hears_of_health_hears_of_it_once(store: Store, refused: RefusedConfig) -> None:
    refused.refuse(["watch.toml: nonsense: unknown", "watch.toml: state: no"], CONFIG)
    refused.refuse(["watch.toml: nonsense: unknown", "watch.toml: state: no"], CONFIG)
    [event] = store.log.events()
    assert (event.source, event.label, event.data["reason"]) == ("", "configuration", "configuration")
    assert event.data["message"] == refused.why == "watch.toml: nonsense: unknown (and 1 more)"
    assert sorted(delivery.channel for delivery in store.outbox.deliveries()) == ["boss", "ops"]


def test_another_problem_is_told_and_so_is_the_end_of_it(store: Store, refused: RefusedConfig) -> None:
    refused.refuse(["a"], CONFIG)
    refused.refuse(["b"], CONFIG)
    refused.accept(CONFIG)
    refused.accept(CONFIG)
    assert (told(store), refused.why) == (["failing", "failing", "recovered"], "")


def test_a_state_that_cannot_be_written_keeps_nobody_from_going_on(
    store: Store, refused: RefusedConfig, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.close()
    (folder / "state.db").write_bytes(b"no database at all, and long enough to be one" * 50)
    refused.refuse(["a"], CONFIG)
    assert refused.why == "a"
    assert "nobody is alerted of the configuration: " in caplog.text


def test_the_alert_says_that_the_service_goes_on_and_what_to_do(store: Store, refused: RefusedConfig) -> None:
    refused.refuse(["watch.toml: nonsense: unknown"], CONFIG)
    message = compose(store.log.events(), timezone=UTC, body_limit=2000, title_limit=200)
    assert message.title.startswith("FAILING: configuration: the new file is not used: watch.toml: nonsense")
    assert "The service continues with its previous configuration." in message.text
    assert "watch check-config" in message.text


@pytest.fixture(params=[Fetcher, ByHttpcore], ids=["aiohttp", "httpcore"])
def retiring(request: pytest.FixtureRequest) -> Fetcher:
    made: Fetcher = request.param(HttpOptions(private_addresses="allow"), clock=lambda: NOW)
    return made


def slow(seconds: float) -> Callable[[Any], str]:
    """A page that takes its time."""
    return lambda _: time.sleep(seconds) or "read"


async def closed(site: Any) -> bool:
    """Whether all connections to a site are closed soon."""
    for _ in range(200):
        if not site._server.open:
            return True
        await asyncio.sleep(0.01)
    return False


def test_a_fetcher_that_retires_idle_closes_the_connections_that_it_keeps(site: Any) -> None:
    site.page("/", "read")
    retiring = Fetcher(HttpOptions(private_addresses="allow"), clock=lambda: NOW)

    async def main() -> None:
        await retiring.session(Source()).fetch(Get(site.url("/")))
        await asyncio.sleep(0.05)
        assert site._server.open
        retiring.retire()
        assert await closed(site)

    asyncio.run(main())


def test_a_request_that_is_under_way_when_its_fetcher_retires_ends_normally_and_its_connection_closes_then(
    site: Any, retiring: Fetcher
) -> None:
    site.page("/slow", slow(0.4))
    site.page("/quick", "read")

    async def main() -> None:
        asking = [asyncio.create_task(retiring.session(Source()).fetch(Get(site.url("/slow")))) for _ in range(3)]
        await retiring.session(Source()).fetch(Get(site.url("/quick")))
        retiring.retire()
        await asyncio.sleep(0.1)
        assert site._server.open
        assert {page.body for page in await asyncio.gather(*asking)} == {b"read"}
        assert await closed(site)
        assert site.connections == 4

    asyncio.run(main())


@pytest.mark.parametrize("pause", [None, 0.1], ids=["at once", "later"])
def test_a_check_whose_fetcher_retires_between_two_of_its_requests_goes_on_and_closes_what_it_opened(
    site: Any, retiring: Fetcher, pause: float | None
) -> None:
    site.page("/1", "read", headers={"Set-Cookie": "who=it; Path=/"})
    site.page("/2", lambda asked: asked.headers["cookie"])

    async def main() -> None:
        session = retiring.session(Source())
        await session.fetch(Get(site.url("/1")))
        retiring.retire()
        if pause:
            await asyncio.sleep(pause)
            assert await closed(site)
        assert (await session.fetch(Get(site.url("/2")))).body == b"who=it"
        assert await closed(site)

    asyncio.run(main())


RUNNING = """
[http]
private_addresses = "allow"
spacing = "0s"
"""
LIST = """
[sources.{name}]
kind = "json"
url = "{url}"
items = "@"
key = "name"
every = "1h"
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path)
    yield made
    made.close()


def test_a_check_that_is_under_way_at_a_reload_is_stored(site: Any, program: Program) -> None:
    site.page("/slow", lambda _: time.sleep(1.5) or [{"name": "Telegram"}])
    site.page("/new", [{"name": "Zoom"}])
    one, two = (LIST.format(name=name, url=site.url(f"/{name}")) for name in ("slow", "new"))
    program.configure(RUNNING + one)
    daemon = program.start()
    until(lambda: site.paths == ["/slow"])
    program.configure(RUNNING + one + two)
    daemon.signal(signal.SIGHUP)
    until(lambda: "slow: first read" in daemon.err() or program.ask("SELECT count(*) FROM sources WHERE revision > 0"))
    until(lambda: "/new" in site.paths)
    until(lambda: program.ask("SELECT count(*) FROM sources WHERE revision > 0") == 2)
    assert site.paths.count("/slow") == 1
    daemon.signal(signal.SIGTERM)
    ran = daemon.wait(60)
    assert (ran.code, "Traceback" in ran.err, "nclosed" in ran.err) == (0, False, False), ran.err


def test_a_service_that_is_stopped_while_a_request_from_before_a_reload_hangs_ends_without_a_word_of_it(
    site: Any, program: Program
) -> None:
    site.silent("/silent")
    text = RUNNING + LIST.format(name="silent", url=site.url("/silent"))
    program.configure(text)
    daemon = program.start()
    until(lambda: site.paths == ["/silent"])
    program.configure(f"{text}\n[entities.telegram]\nnames = ['Telegram']\n")
    daemon.signal(signal.SIGHUP)
    until(lambda: "read again" in daemon.err())
    daemon.signal(signal.SIGTERM)
    ran = daemon.wait(60)
    assert ran.code == 0
    assert " ERROR " not in ran.err
    assert "Traceback" not in ran.err
    assert "nclosed" not in ran.err
