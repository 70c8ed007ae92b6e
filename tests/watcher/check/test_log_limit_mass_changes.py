"""Many changes at once: each with a mention is an event of its own, as are some others; the rest is summed up."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources.http.session import Fetcher
from state import commits
from state.model import Event, EventKind
from state.store import Store
from tests.configurations import DESK, LIST
from watcher.check import log_limit
from watcher.check.outcome import Result
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.runtime import committer
from watcher.terminal import words

HEAD = LIST + DESK + '[entities.telegram]\nnames = ["Telegram"]\n'


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_limit, "MOST_ALONE", 30)
    monkeypatch.setattr(words, "MOST_LOGGED", 5)


@pytest.fixture
def check(site: Any, configure: Any, watch: Callable[..., Any]) -> Callable[[int], Any]:
    """Check a list of so many companies, of which each hundredth is Telegram's."""
    configure(HEAD.format(site=site.url(""), hook=site.url("").replace("http", "json")))
    site.page("/hook")

    def once(number: int) -> Any:
        names = [f"Telegram {at}" if at % 100 == 99 else f"Company {at}" for at in range(number)]
        site.page("/list", [{"name": name, "status": "valid"} for name in names])
        return watch("--once", "--json")

    return once


def test_each_mention_is_an_event_and_of_the_others_so_many(check: Any, site: Any) -> None:
    check(1)
    (source,) = json.loads(check(500).out)["sources"]
    told = source["changes"]
    assert [change["key"] for change in told if change["entities"]] == [f"Telegram {at}" for at in range(99, 500, 100)]
    (mass,) = [change for change in told if "more" in change]
    assert (len(told), mass["change"], mass["key"]) == (5 + 30 + 1, "added", "Company 31")
    assert mass["more"] == {
        "count": 499 - 5 - 30 - 1,
        "titles": [f"Company {at}" for at in range(32, 37)],
        "fields": ["name", "status"],
    }
    message = json.loads(next(asked.body for asked in reversed(site.requests) if asked.path == "/hook"))
    assert message["title"] == "Telegram 99: added (list) +498"
    assert "added: Company 31, and 463 more like it\n" in message["message"]
    assert "more changes" not in message["message"]
    assert message["message"].startswith("499 changes: 499 added\n5 of them mention what you watch: telegram 5\n")


def test_the_next_check_finds_everything_as_it_was(check: Any) -> None:
    check(1)
    check(500)
    (source,) = json.loads(check(500).out)["sources"]
    assert (source["status"], source["entries"]) == ("unchanged", 500)


def test_many_changes_take_few_lines_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    data = {"change": "added", "key": "k", "title": "Company", "url": None, "fields": {}}
    mass = data | {"more": {"count": 389_999, "titles": ["A", "B"], "fields": []}}
    events = [Event(EventKind.CHANGE, "list", "", "", datetime.now(UTC), None, each) for each in (*[data] * 99, mass)]
    with caplog.at_level(logging.INFO):
        words.log_result(Result("list", "ok", 400_000, events=events))
    assert caplog.messages[5:] == ["list: and 390,094 added: watch log"]
    assert words.change_line(events[-1]) == "added Company, and 389,999 more like it: A, B, ..."


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test can have of what is large."""
    monkeypatch.setattr(committer, "_MOST_ROWS", 100)
    monkeypatch.setattr(commits, "_AT_ONCE", 100)
    monkeypatch.setattr(commits, "_PART", 100)


@pytest.mark.usefixtures("large")
def test_others_are_checked_and_committed_while_a_large_snapshot_is_staged(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD.format(site=site.url(""), hook=site.url("").replace("http", "json"))
    text += f'[sources.small]\nkind = "text"\nurl = "{site.url("/small")}"\n'
    (tmp_path / "watch.toml").write_text(text)
    site.page("/list", [{"name": f"Company {at}"} for at in range(1000)])
    site.page("/small", "<p>small")
    config, order = load(tmp_path / "watch.toml"), list[str]()
    with Store.open(config.state) as store:
        asyncio.run(_check_both(config, _watched(store, order, monkeypatch), order))
        assert len(store.known("list").present()) == 16 * 1000
    assert order.index("small") < order.index("list")
    assert order.count("step") > 1


async def _check_both(config: Config, store: Store, order: list[str]) -> None:
    async with (
        aclosing(Fetcher(config.http, clock=_now)) as fetcher,
        aclosing(Cycle(config, store, fetcher, _now)) as cycle,
    ):
        await _check(cycle, order)


async def _check(cycle: Cycle, order: list[str]) -> None:
    cycle.start("list")
    while "step" not in order:
        order += [result.name async for result in cycle.step(0.01)]
    cycle.start("small")
    while len(cycle):
        order += [result.name async for result in cycle.step(0.01)]


def _watched(store: Store, order: list[str], monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that tells of the steps of large commits, of which the second waits for another source's."""
    committing = store.committing

    def slowly(*given: Any) -> Iterator[float]:
        steps = committing(*given)
        while True:
            try:
                wait = next(steps)
            except StopIteration as end:
                return end.value
            order.append("step")
            yield 0.05 if "small" not in order else wait
            assert len(order) < 1000

    monkeypatch.setattr(store, "committing", slowly)
    return store


def _now() -> datetime:
    return datetime.now(UTC)
