"""What a change says is true in any course of a register: a perfect observer knows what happened to one of its firms.

The firm comes, goes, gets another value, or every record gets another key; each is seen by the real cycle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.event.change_json import change_json
from sources import Get, Page, Source
from sources.http.exchange import Validators
from state.model import Event, EventKind
from state.store import Store
from tests.sync_cycle import sync_cycle
from watcher.config.load import Config, load
from watcher.cycle import Cycle

NUMBERS = count()
SETTINGS = """
[http]
spacing = "0s"
[sources.list]
kind = "json"
url = "https://register.example.org/list"
items = "@"
key = "id"
title = "firm"
max_lost = 1000
"""


class Firm(NamedTuple):
    """The firm at one reading: the prefix of all keys, whether it is there, and its status, None where it has none."""

    prefix: str
    there: bool
    status: str | None

    @property
    def key(self) -> str:
        return f"{self.prefix}0"


FIRMS = st.builds(
    Firm, st.sampled_from(["P", "UK-"]), st.sampled_from([True, True, False]), st.sampled_from([None, "a", "b"])
)


class Site:
    """The register, at a clock that a step moves, ahead or back."""

    def __init__(self) -> None:
        self.now, self.firm = datetime(2026, 3, 1, 12, tzinfo=UTC), Firm("P", there=True, status="a")

    def clock(self) -> datetime:
        return self.now

    def session(self, source: Source) -> Site:
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        others = [{"id": f"{self.firm.prefix}{n}", "firm": f"Other {n}", "no": f"{n}"} for n in range(1, 8)]
        mine = {"id": self.firm.key, "firm": "Northgate", **({"status": self.firm.status} if self.firm.status else {})}
        body = json.dumps([mine, *others] if self.firm.there else others).encode()
        return Page(get, get.url, 200, {"content-type": "application/json"}, body, self.now)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    file: Path = tmp_path_factory.mktemp("configuration") / "watch.toml"
    file.write_text(SETTINGS)
    return load(file)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('state')}/state.db") as opened:
        yield opened


def expect(before: Firm, now: Firm, ever: set[str]) -> str | None:
    """What happened to the firm between two readings, as one word."""
    if before.there and now.there:
        if before.prefix != now.prefix:
            return "rekeyed"
        return "changed" if before.status != now.status else None
    if not before.there and not now.there:
        return None
    return "removed" if before.there else "reappeared" if now.key in ever else "added"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(course=st.lists(st.tuples(FIRMS, st.sampled_from([15, 15, 15, -40])), min_size=2, max_size=8))
def test_each_step_is_told_once_and_says_only_what_was_there(
    config: Config, store: Store, course: list[tuple[Firm, int]]
) -> None:
    site, name = Site(), f"list-{next(NUMBERS)}"
    cycle = Cycle(replace(config, sources={name: config.sources["list"]}), store, site, site.clock)
    with sync_cycle(cycle) as steps:

        def read() -> list[Event]:
            known = {event.id for event in store.log.events(source=name, limit=None)}
            steps.start(name)
            while len(steps):
                steps.step(1.0)
            new = [event for event in store.log.events(source=name, limit=None) if event.id not in known]
            return [event for event in new if event.kind is EventKind.CHANGE and event.data["title"] == "Northgate"]

        read()
        _follow(site, course, read)


def _follow(site: Site, course: list[tuple[Firm, int]], read: Callable[[], list[Event]]) -> None:
    before, read_at, ever = site.firm, site.now, {site.firm.key}
    last: dict[str, tuple[str, Firm]] = {}  # by key: its last change, and how the firm was before that
    for now, minutes in course:
        site.firm, site.now = now, site.now + timedelta(minutes=minutes)
        told, what = read(), expect(before, now, ever)
        assert [event.data["change"] for event in told] == ([what] if what else []), (before, now)
        for event in told:
            made, data = change_json(event), event.data
            assert data["key"] == (before.key if what == "removed" else now.key)
            assert data.get("former_key") == (before.key if what == "rekeyed" else None)
            after = read_at.isoformat() if read_at <= site.now else None
            assert made["interval"] == {"after": after, "before": site.now.isoformat()}
            if what in {"changed", "rekeyed"}:
                differs = {"before": before.status, "after": now.status} if before.status != now.status else None
                assert data["fields"].get("status") == differs
            if "takes_back" in data:  # both readings had values, and this is the one from before the last change
                kind, was = last[now.key]
                assert (what, kind, was.status) == ("changed", "changed", now.status)
                assert now.status
            last[data["key"]] = data["change"], before
        before, read_at = now, site.now
        if now.there:
            ever.add(now.key)
