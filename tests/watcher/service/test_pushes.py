"""Sources that programs push: no process ever requests them, and what they said is compared with what is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources import Page
from state.errors import StateError
from state.model import EventKind, Status
from state.store import Store
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.service.heartbeat import Heartbeat
from watcher.service.pushes import listener, take, tell_silence
from watcher.service.timetable import OwnTimetable

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
PUSHED = '[sources.bot]\nkind = "pushed"\n'
MORE = '[sources.list]\nkind = "json"\nurl = "{}"\nitems = "@"\nkey = "name"\n[http]\nprivate_addresses = "allow"\n'


@pytest.fixture
def config(folder: Path) -> Config:
    (folder / "watch.toml").write_text(PUSHED)
    return load(folder / "watch.toml")


def push(store: Store, config: Config, *keys: str, at: datetime = NOW, complete: bool = False) -> Any:
    body = json.dumps({"entries": [{"key": key} for key in keys]}).encode()
    headers, status = {"pushed-by": "bot"}, 200 if complete else 206
    page = Page(config.sources["bot"].start(), "http://desk.test/", status, headers, body, at)
    return take(store, config, "bot", page, "", lambda: at)


def test_no_process_requests_it(watch: Callable[..., Any], site: Any, folder: Path) -> None:
    site.page("/list", [{"name": "A"}])
    (folder / "watch.toml").write_text(PUSHED + MORE.format(site.url("/list")))
    assert [each["name"] for each in json.loads(watch("--once", "--json").out)["sources"]] == ["list"]
    for argv in (("--once", "--source", "bot"), ("check", "bot"), ("try", "bot")):
        ran = watch(*argv)
        assert (ran.code, "programs push its entries" in ran.err) == (2, True)
    assert watch("doctor").code in {0, 1}
    (folder / "watch.toml").write_text(PUSHED)
    assert "or is pushed" in watch("--once").out


def test_operators_are_told_once_of_a_rule_that_cannot_be_applied_to_what_is_pushed(folder: Path, store: Store) -> None:
    rules = '[[alerts]]\nto = ["ops"]\nwhen = "length(before)>`0`"\n[[alerts]]\nto = ["ops"]\nhealth = true\n'
    (folder / "watch.toml").write_text(f'{PUSHED}[channels.ops]\nurl = "json://127.0.0.1:9/"\n{rules}')
    config = load(folder / "watch.toml")
    for keys in ("a", "ab", "abc", "abcd"):
        push(store, config, *keys)
    told = [each.data["reason"] for each in store.log.events(source="", kind=EventKind.HEALTH)]
    assert told == ["condition"]


def test_the_daemon_never_has_it_due_and_its_round_does_not_wait_for_it(config: Config, store: Store) -> None:
    push(store, config, "a", "b")
    timetable = OwnTimetable(store, lambda: NOW)
    timetable.plan(config, Cycle(config, store, None, lambda: NOW))  # type: ignore[arg-type]
    assert (len(timetable), list(timetable.claim())) == (0, [])
    assert store.source("bot").due is None
    heart = Heartbeat(config, store, lambda: NOW)
    assert heart._left == set()


def test_status_says_when_it_was_pushed(config: Config, store: Store, watch: Callable[..., Any]) -> None:
    push(store, config, "a", at=datetime.now(UTC) - timedelta(hours=3))
    shown = watch("status", "bot")
    assert (shown.code, "3 h ago" in shown.out) == (0, True)
    assert "it is checked when a program pushes entries" in " ".join(shown.out.split())


def test_a_year_without_a_push_is_no_time_without_a_reading(
    config: Config, store: Store, watch: Callable[..., Any]
) -> None:
    push(store, config, "a")
    later = NOW + timedelta(days=360)
    assert push(store, config, "b", at=later)["status"] == "ok"
    assert store.source("bot").health.status is Status.OK
    assert watch("entries", "bot", "--at", "2026-06-01", "--json").out.count("not_checked") == 0


def silences(store: Store) -> list[datetime]:
    return [each.at for each in store.log.events(source="bot", kind=EventKind.HEALTH) if each.data["reason"] == "quiet"]


def test_a_program_that_falls_silent_is_told_once_until_it_pushes_something_new(folder: Path, store: Store) -> None:
    (folder / "watch.toml").write_text(f'{PUSHED}expect.max_quiet = "2d"\n')
    config = load(folder / "watch.toml")
    tell_silence(store, config, NOW)  # nothing was ever pushed
    push(store, config, "a")
    for hours in (1, 48, 49, 50):
        tell_silence(store, config, NOW + timedelta(hours=hours))
    assert silences(store) == [NOW + timedelta(hours=49)]
    push(store, config, "a", at=NOW + timedelta(hours=51))
    tell_silence(store, config, NOW + timedelta(hours=51))  # nothing new
    assert len(silences(store)) == 1
    push(store, config, "b", at=NOW + timedelta(hours=52))
    for hours in (53, 101):
        tell_silence(store, config, NOW + timedelta(hours=hours))
    assert silences(store) == [NOW + timedelta(hours=hours) for hours in (101, 49)]
    state = store.source("bot")
    assert (state.checked, state.health.status) == (NOW + timedelta(hours=52), Status.OK)


def test_a_source_whose_state_is_damaged_keeps_no_other_silent(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = 'expect.max_quiet = "2d"\n'
    (folder / "watch.toml").write_text(f"{PUSHED.replace('bot', 'another')}{quiet}{PUSHED}{quiet}")
    config = load(folder / "watch.toml")
    push(store, config, "a")
    usual = store.source

    def damaged(name: str) -> Any:
        if name == "another":
            raise StateError("damaged")
        return usual(name)

    monkeypatch.setattr(store, "source", damaged)
    tell_silence(store, config, NOW + timedelta(days=3))
    assert silences(store) == [NOW + timedelta(days=3)]


@pytest.mark.parametrize("off", ["enabled = false\n", 'hours = "Mon-Fri 09:00-17:00"\n'])
def test_a_source_that_is_off_or_rests_is_not_silent(off: str, folder: Path, store: Store) -> None:
    (folder / "watch.toml").write_text(f'{PUSHED}expect.max_quiet = "2d"\n')
    push(store, load(folder / "watch.toml"), "a", at=datetime(2026, 3, 6, 16, tzinfo=UTC))  # on a Friday
    (folder / "watch.toml").write_text(f'{PUSHED}expect.max_quiet = "2d"\n{off}')
    tell_silence(store, load(folder / "watch.toml"), datetime(2026, 3, 9, 10, tzinfo=UTC))
    assert silences(store) == []


def test_a_run_without_a_daemon_sends_that_a_program_fell_silent(
    site: Any, folder: Path, store: Store, watch: Callable[..., Any]
) -> None:
    site.page("/hook")
    (folder / "watch.toml").write_text(
        f'{PUSHED}expect.max_quiet = "2d"\n[channels.ops]\nurl = "{site.url("/hook").replace("http", "json")}"\n'
        '[http]\nprivate_addresses = "allow"\n[[alerts]]\nto = ["ops"]\nhealth = true\n'
    )
    push(store, load(folder / "watch.toml"), "a", at=datetime.now(UTC) - timedelta(days=3))
    sent = [json.loads(watch("--once", "--json").out)["deliveries"]["sent"] for _ in range(2)]
    assert sent == [1, 0]
    assert [asked.path for asked in site.requests] == ["/hook"]


def test_the_daemon_looks_who_has_fallen_silent(folder: Path, store: Store) -> None:
    (folder / "watch.toml").write_text(f'{PUSHED}expect.max_quiet = "2d"\n')
    config = load(folder / "watch.toml")
    push(store, config, "a")
    looks = listener(store, lambda: NOW + timedelta(days=3), 0)
    looks.turn(config)
    looks.join(10)
    assert silences(store) == [NOW + timedelta(days=3)]
