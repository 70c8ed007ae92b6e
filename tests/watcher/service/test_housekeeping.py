from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.model import Event
from state.store import Store
from watcher.service.housekeeping import Housekeeper, tidy

Happened = Callable[..., Event]
NOW = datetime(2026, 9, 1, tzinfo=UTC)
OLD = NOW - timedelta(days=401)
KEEP = timedelta(days=400)


def test_what_is_older_than_keep_is_forgotten_and_younger_stays(store: Store, happened: Happened) -> None:
    for _ in range(450):  # more than go at once
        happened(at=OLD)
    young = happened(at=NOW - timedelta(days=399))
    assert tidy(store, KEEP, NOW, 30).events == 450
    assert [event.id for event in store.log.events()] == [young.id]


def test_it_ends_in_time_and_goes_on_the_next_time(store: Store, happened: Happened) -> None:
    for _ in range(300):
        happened(at=OLD)
    assert tidy(store, KEEP, NOW, 0).events == 200
    assert tidy(store, KEEP, NOW, 0).events == 100


def test_it_ends_when_it_is_told_to(store: Store, happened: Happened) -> None:
    for _ in range(300):
        happened(at=OLD)
    assert tidy(store, KEEP, NOW, 30, rest=lambda _: True).events == 200


def test_the_daemon_tidies_once_and_not_again_before_a_day(
    store: Store, happened: Happened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    happened(at=OLD)
    keeper = Housekeeper(store, lambda: NOW, first_after=0)
    ends = time.monotonic() + 10
    while store.log.events() and time.monotonic() < ends:
        keeper.turn(KEEP)
        time.sleep(0.01)
    keeper.stop()
    assert store.log.events() == []
    assert [line.partition(",")[0] for line in caplog.messages] == ["housekeeping: forgot 1 event"]


def test_a_one_shot_run_forgets_too(
    watch: Callable[..., Any], configure: Callable[..., Path], store: Store, happened: Happened
) -> None:
    configure('keep = "30d"\n')
    happened(at=datetime.now(UTC) - timedelta(days=31))
    young = happened(at=datetime.now(UTC) - timedelta(days=29))
    assert watch("--once").code == 0
    assert [event.id for event in store.log.events()] == [young.id]


def test_less_than_a_day_cannot_be_kept(watch: Callable[..., Any], configure: Callable[..., Path]) -> None:
    configure('keep = "12h"\n')
    assert watch("check-config")[0::2] == (2, 'watch.toml:1: keep: has to be at least "1d"\n')
