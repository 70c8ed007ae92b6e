"""A configuration that a running service does not take over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from alerts.message import compose
from alerts.options import AlertRule
from state.model import EventKind
from state.store import Store
from watcher.config import Config
from watcher.refused import Refused

NOW = datetime(2026, 9, 1, tzinfo=UTC)
RULES = [
    AlertRule(to=("desk",)),
    AlertRule(health=True, to=("ops",), sources=("tass",)),
    AlertRule(health=True, to=("boss", "ops")),
]
CONFIG = cast("Config", SimpleNamespace(alerts=RULES, timezone=ZoneInfo("UTC")))


@pytest.fixture
def refused(store: Store) -> Refused:
    return Refused(store, lambda: NOW)


def told(store: Store) -> list[str]:
    return [event.data["status"] for event in reversed(store.events(kind=EventKind.HEALTH))]


def test_everybody_who_hears_of_health_hears_of_it_once(store: Store, refused: Refused) -> None:
    refused.refuse(["watch.toml: nonsense: unknown", "watch.toml: state: no"], CONFIG)
    refused.refuse(["watch.toml: nonsense: unknown", "watch.toml: state: no"], CONFIG)
    [event] = store.events()
    assert (event.source, event.label, event.data["reason"]) == ("", "configuration", "configuration")
    assert event.data["message"] == refused.why == "watch.toml: nonsense: unknown (and 1 more)"
    assert sorted(delivery.channel for delivery in store.deliveries()) == ["boss", "ops"]


def test_another_problem_is_told_and_so_is_the_end_of_it(store: Store, refused: Refused) -> None:
    refused.refuse(["a"], CONFIG)
    refused.refuse(["b"], CONFIG)
    refused.taken(CONFIG)
    refused.taken(CONFIG)
    assert (told(store), refused.why) == (["failing", "failing", "recovered"], "")


def test_a_state_that_cannot_be_written_keeps_nobody_from_going_on(
    store: Store, refused: Refused, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.close()
    (folder / "state.db").write_bytes(b"no database at all, and long enough to be one" * 50)
    refused.refuse(["a"], CONFIG)
    assert refused.why == "a"
    assert "nobody is alerted of the configuration: " in caplog.text


def test_the_alert_says_that_the_service_goes_on_and_what_to_do(store: Store, refused: Refused) -> None:
    refused.refuse(["watch.toml: nonsense: unknown"], CONFIG)
    message = compose(store.events(), timezone=UTC, body_limit=2000, title_limit=200)
    assert message.title == "FAILING: configuration cannot be read: watch.toml: nonsense: unknown"
    assert "The service goes on with the configuration that it had." in message.text
    assert "watch check-config" in message.text
