"""Any course of a source, by the real cycle: at each moment of the past the answer is the snapshot that was accepted then.

Registers change, entries go and come back, get another key or share one; pages cannot be read, are held, and accepted by hand;
the source is edited, moves and is renamed; its list is complete or rolling; what is old is deleted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sources import Entry, Get, Page, Source, Unreachable
from sources.http.exchange import Validators
from state.model import Standing
from state.storage.retention import Expired
from state.store import Store
from tests import postgres
from tests.sync_cycle import SyncCycle, sync_cycle
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.trials.held import compare_held, take

SOURCE = """
[sources.{listing}-{titled}-{place}]
kind = "json"
url = "https://register.example.org/{place}"
items = "@"
key = "name"
listing = "{listing}"
{title}
"""
TITLES = {"plain": "", "titled": 'title = "value"'}
LONG = "so long a text that only a part of it is stored " * 20

RECORDS = st.tuples(st.sampled_from("abcdef"), st.sampled_from(["1", "2", f"{LONG}3", f"{LONG}4{LONG}"]))
REGISTERS = st.lists(RECORDS, min_size=1, max_size=7)
OPERATIONS = st.one_of(
    *[st.tuples(st.just("check"), REGISTERS)] * 5,
    st.tuples(st.just("other keys"), st.just([])),
    st.tuples(st.sampled_from(["nobody answers", "held", "accept", "edit", "move", "rename"]), st.just([])),
    st.tuples(st.sampled_from(["time passes", "old is deleted"]), st.just([])),
)
COURSES = st.lists(OPERATIONS, min_size=2, max_size=14)
NUMBERS = count()

Seen = Counter[tuple[str, str, tuple[tuple[str, str], ...]]]


def seen(entries: list[Entry]) -> Seen:
    return Counter((entry.key, entry.title, tuple(sorted(entry.fields.items()))) for entry in entries)


class Served:
    """The site: one page for all addresses, or nobody."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.body: bytes | None = b"[]"

    def session(self, source: Source) -> Served:
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        if self.body is None:
            raise Unreachable("nobody answers")
        return Page(get, get.url, 200, {"content-type": "application/json"}, self.body, self.clock())


class World:
    """One source, its site, and what was accepted at each moment."""

    def __init__(self, store: Store, config: Config, listing: str) -> None:
        self.store, self.base, self.listing = store, config, listing
        self.name, self.now = f"list-{next(NUMBERS)}", datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.title, self.place = "plain", "here"
        self.rows: list[tuple[str, str]] = [("a", "1")]
        self.site = Served(self.clock)
        self.moments: list[tuple[datetime, Seen]] = []
        self.cycle = Cycle(self.config(), store, self.site, self.clock)

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def config(self) -> Config:
        source = self.base.sources[f"{self.listing}-{self.title}-{self.place}"]
        return replace(self.base, sources={self.name: source})

    def goes_on(self, cycle: SyncCycle, what: str, rows: list[tuple[str, str]]) -> None:
        self.now += timedelta(hours=4 if what == "time passes" else 0, minutes=15)
        match what:
            case "other keys":
                self.rows = [(f"{key}{key}", value) for key, value in self.rows]
            case "edit":
                self.title = "titled" if self.title == "plain" else "plain"
            case "move":
                self.place = "there" if self.place == "here" else "here"
            case "rename":
                before, self.name = self.name, f"list-{next(NUMBERS)}"
                self.store.adopt(self.name, [before])
            case "old is deleted":
                while self.store.retention.expire(self.now - timedelta(hours=2), 100) != Expired():
                    pass
            case "check":
                self.rows = rows
        if what == "accept":
            self.accepts()
        else:
            self.checks(cycle, what)
        self.moments.append((self.now, self.present()))

    def checks(self, cycle: SyncCycle, what: str) -> None:
        page = json.dumps([{"name": name, "value": value} for name, value in self.rows]).encode()
        self.site.body = None if what == "nobody answers" else b"[]" if what == "held" else page
        self.cycle.reconfigure(self.config(), self.site)
        cycle.start(self.name)
        while len(cycle):
            cycle.step(1.0)

    def accepts(self) -> None:
        """What is accepted by hand was read earlier, and counts from then on."""
        held = compare_held(self.store, self.config(), self.name, self.clock())
        if held:
            take(self.store, held)
            now = self.present()
            self.moments = [(at, now if at >= held.checked.began else before) for at, before in self.moments]

    def present(self) -> Seen:
        known = self.store.known(self.name)
        rows = [row.id for _, row in known.rows() if row.standing is Standing.PRESENT]
        return seen(list(known.contents(rows).values()))

    # ---- what must hold

    def answered(self) -> list[tuple[datetime, Seen]]:
        """The moments of which nothing was deleted."""
        horizon = self.store.history.horizon(self.name)
        assert horizon is None or horizon.since
        return [(at, was) for at, was in self.moments if horizon and horizon.since and at >= horizon.since]

    def every_moment_is_answered(self) -> None:
        answered = dict(self.answered())
        for at, _ in self.moments:
            told = seen([each.entry for each in self.store.history.entries(self.name, at)])
            assert told == answered.get(at, Counter()), at
        assert seen([each.entry for each in self.store.history.entries(self.name)]) == self.moments[-1][1]

    def every_value_is_in_the_life_of_its_entry(self) -> None:
        """Before its first value it was not there. Of entries that shared the key from which it went on to another one, it
        is one.
        """
        moments = self.answered()
        for key in {key for _, was in moments for key, _, _ in was}:
            values = self.store.history.life(self.name, key)
            assert values, key
            for at, was in moments:
                past = [each for each in values if each.since is None or each.since <= at]
                named, told = (past[-1].key, seen(list(past[-1].entries))) if past else (values[0].key, Counter())
                there = Counter({each: number for each, number in was.items() if each[0] == named})
                went_on = any(each.key != key for each in values[max(len(past) - 1, 0) :])
                assert there == told or (went_on and told <= there), (key, named, at)

    def every_exported_value_stood_then(self) -> None:
        parts = self.store.everything.rows(self.name.__eq__)
        values = [row for table, rows in parts if table == "values" for row in rows]
        for at, was in self.answered():
            told = Counter(
                (key, field, value)
                for _, key, field, value, since, until in values
                if (since is None or since <= at) and (until is None or at < until)
            )
            said = ((key, *each) for key, title, fields in was.elements() for each in (("title", title), *fields))
            assert told == Counter(said), at

    def every_difference_leads_from_one_moment_to_the_other(self) -> None:
        moments = self.answered()
        for (first, was), (last, then) in zip(moments[::3], moments[1::3], strict=False):
            told = self.store.history.between(self.name, first, last)
            gone = [*told.removed, *told.scrolled, *(change.before for change in told.changed if change.before)]
            came = [*told.added, *(change.after for change in told.changed if change.after)]
            assert was - seen(gone) + seen(came) == then


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('history')}/state.db"
        if request.param == "postgresql":
            if not postgres.installed():
                pytest.skip(postgres.MISSING)
            server = postgres.shared()
            name = server.new("state")
            stack.callback(server.drop, name)
            url = server.url(name)
        yield stack.enter_context(Store.open(url))


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    file: Path = tmp_path_factory.mktemp("configuration") / "watch.toml"
    sources = (
        SOURCE.format(listing=listing, titled=titled, title=TITLES[titled], place=place)
        for listing, titled, place in product(("complete", "window"), TITLES, ("here", "there"))
    )
    file.write_text("".join(['[http]\nspacing = "0s"\n', *sources]))
    return load(file)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(course=COURSES, listing=st.sampled_from(["complete", "window"]))
@example(  # one of two entries goes on under another key, and comes back under the first one
    course=[("check", [("b", "1"), ("b", "2")]), ("check", [("a", "2")]), ("check", [("b", "2")])], listing="complete"
)
def test_at_each_moment_of_the_past_the_answer_is_what_was_accepted_then(
    state: Store, config: Config, course: list[tuple[str, Any]], listing: str
) -> None:
    world = World(state, config, listing)
    with sync_cycle(world.cycle) as cycle:
        for what, rows in course:
            world.goes_on(cycle, what, rows)
    world.every_moment_is_answered()
    world.every_value_is_in_the_life_of_its_entry()
    world.every_difference_leads_from_one_moment_to_the_other()
    world.every_exported_value_stood_then()
