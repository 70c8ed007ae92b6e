"""A check from fetch to commit: several pages, waits, pages that shift, and two processes at once.

Only the site is fake; the state is real.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry, Get, Listing, Page, Source
from sources.http.exchange import Validators
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.model import Change, ChangeKind, FieldChange
from state.store import Store
from tests.storing import set_due
from tests.sync_cycle import sync_cycle
from watcher.check.context import CheckTarget
from watcher.check.decide import Context, Stale, decide
from watcher.check.matching import find_mentions
from watcher.check.outcome import Accepted, Checked, Failed, Result
from watcher.check.pipeline import check, check_again, compare_again
from watcher.config.load import Config
from watcher.cycle import Cycle
from watcher.trials.try_source import Alone

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)


class Pages(Source):
    """A register of several pages: each is a JSON object with names, and perhaps the number of the next page."""

    url: str = "http://register.test/1"

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        said = page.json()
        for name, status in said["names"].items():
            yield Entry(name, fields={"status": status})
        if said.get("next"):
            yield Get(f"http://register.test/{said['next']}", after=said.get("after", 0))


class World:
    """A site that answers from a dict, the state, a clock moved by hand, and the program between them."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOON
        self.site: dict[str, Callable[[], dict[str, Any]] | dict[str, Any]] = {}
        self.asked: list[tuple[str, bool]] = []
        self.source: Source = Pages()

    def session(self, _source: Source) -> World:
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        number = get.url.rpartition("/")[2]
        answer = self.site[number]
        body = json.dumps(answer() if callable(answer) else answer).encode()
        etag = f'"{hash(body)}"'
        self.asked.append((number, bool(validators and validators.etag)))
        if validators and validators.etag == etag:
            return Page(get, get.url, 304, {"etag": etag}, b"", self.now)
        return Page(get, get.url, 200, {"etag": etag, "content-type": "application/json"}, body, self.now)

    def check(self) -> Result:
        """One check, a minute later."""
        self.now += timedelta(minutes=1)
        self.asked.clear()
        config = Config(
            None, "", ZoneInfo("UTC"), HttpOptions(spacing="0s"), {"list": self.source}, {}, {}, (), Secrets(), ()
        )  # fmt: skip
        results: list[Result] = []
        with sync_cycle(Cycle(config, self.store, self, lambda: self.now)) as cycle:
            cycle.start("list")
            while len(cycle):
                results += cycle.step(1)
        return results[0]

    def begin(self) -> Checked:
        """A check that has fetched and compared, and not yet committed: another process's, half-way."""
        self.now += timedelta(minutes=1)
        target = CheckTarget("list", self.source, self.store, Watchlist({}))
        return asyncio.run(check(Alone(self), target, lambda: self.now))

    def commit(self, checked: Checked) -> int | None:
        context = Context("list", self.source, (), self.now, self.now, ZoneInfo("UTC"))
        events = self.store.commit("list", lambda state: decide(state, checked, context))
        return None if events is None else len(events)


@pytest.fixture
def world(state_url: str) -> Iterator[World]:
    with Store.open(state_url) as store:
        yield World(store)


def changes(result: Result) -> list[tuple[str, str]]:
    return [(event.data["change"], event.data["key"]) for event in result.events]


def two_pages(world: World) -> None:
    world.site = {
        "1": {"names": {"a": "x", "b": "x"}, "next": "2"},
        "2": {"names": {"c": "x", "d": "x"}},
    }
    assert (world.check().status, len(world.asked)) == ("baseline", 2)


def slot_check(world: World, slot: datetime | None, meanwhile: Callable[[], object] = lambda: None) -> list[Result]:
    """A worker's check of what it claimed for one due time; something else happens while it fetches."""
    answer = world.site["1"]

    def slowly() -> dict[str, Any]:
        meanwhile()
        assert isinstance(answer, dict)
        return answer

    world.site["1"] = slowly
    world.now += timedelta(minutes=1)
    config = Config(
        None, "", ZoneInfo("UTC"), HttpOptions(spacing="0s"), {"list": world.source}, {}, {}, (), Secrets(), ()
    )  # fmt: skip
    results: list[Result] = []
    with sync_cycle(Cycle(config, world.store, world, lambda: world.now)) as cycle:
        cycle.start("list", slot)
        while len(cycle):
            results += cycle.step(1)
    world.site["1"] = answer
    return results


@pytest.mark.parametrize("changed", [True, False], ids=["a change", "nothing new"])
def test_a_claimed_check_is_stored_for_its_due_time_and_refused_when_another_worker_was_faster(
    world: World, changed: bool
) -> None:
    world.site["1"] = {"names": {"a": "1"}}
    world.check()
    due = world.store.source("list").due
    world.site["1"] = {"names": {"a": "2" if changed else "1"}}
    [result] = slot_check(world, due, lambda: set_due(world.store, {"list": NOON + timedelta(days=1)}))
    assert (result.status, result.due, changes(result)) == ("unchanged", None, [])
    assert world.store.source("list").due == NOON + timedelta(days=1)
    [result] = slot_check(world, NOON + timedelta(days=1))
    assert [change for change, _ in changes(result)] == (["changed"] if changed else [])


def test_what_another_worker_has_checked_before_it_began_is_not_asked_for(world: World) -> None:
    world.site["1"] = {"names": {"a": "1"}}
    world.check()
    world.asked.clear()
    assert slot_check(world, NOON - timedelta(days=1)) == []
    assert world.asked == []


def test_a_source_of_several_pages_is_unchanged_when_every_page_is(world: World) -> None:
    two_pages(world)
    result = world.check()
    assert (result.status, result.entries, world.asked) == ("unchanged", 4, [("1", True), ("2", True)])


def test_a_difference_in_a_later_page_re_reads_all_of_them_without_validators(world: World) -> None:
    two_pages(world)
    world.site["2"] = {"names": {"c": "x", "d": "y"}}
    assert changes(world.check()) == [("changed", "d")]
    assert world.asked == [("1", True), ("2", True), ("1", False), ("2", False)]


def test_a_difference_in_the_first_page_fetches_it_once(world: World) -> None:
    two_pages(world)
    world.site["1"] = {"names": {"a": "y", "b": "x"}, "next": "2"}
    assert changes(world.check()) == [("changed", "a")]
    assert world.asked == [("1", True), ("2", False)]


def test_an_entry_that_slips_between_two_pages_while_they_are_read_is_not_removed(world: World) -> None:
    two_pages(world)
    readings = iter(
        [
            {"names": {"new": "x", "a": "x"}, "next": "2"},  # b has moved to the second page, ...
            {"names": {"c": "x", "d": "x"}},  # ... which was served before that
            {"names": {"new": "x", "a": "x"}, "next": "2"},
            {"names": {"b": "x", "c": "x", "d": "x"}},
        ]
    )
    world.site = {"1": lambda: next(readings), "2": lambda: next(readings)}
    result = world.check()
    assert (changes(result), result.entries) == ([("added", "new")], 5)


def test_an_entry_that_two_readings_miss_is_removed(world: World) -> None:
    two_pages(world)
    world.site["2"] = {"names": {"c": "x"}}
    assert changes(world.check()) == [("removed", "d")]
    assert world.asked == [("1", True), ("2", True), ("1", False), ("2", False), ("1", False), ("2", False)]


def test_when_the_page_limit_is_reached_nothing_is_removed(world: World) -> None:
    two_pages(world)
    world.source = Pages(max_pages=1)
    world.site["1"] = {"names": {"a": "x"}, "next": "2"}
    assert changes(world.check()) == []
    world.source = Pages()
    world.site["1"] = {"names": {"a": "x", "b": "x"}, "next": "2"}
    assert changes(world.check()) == []


def test_a_wait_that_a_kind_asks_for_is_waited(world: World) -> None:
    two_pages(world)
    world.site["1"] = {"names": {"a": "x", "b": "y"}, "next": "2", "after": 0.2}
    start = datetime.now(UTC)
    assert changes(world.check()) == [("changed", "b")]
    assert datetime.now(UTC) - start > timedelta(seconds=0.2)


def test_once_a_day_everything_is_read_without_validators(world: World) -> None:
    two_pages(world)
    world.now += timedelta(days=1)
    assert world.check().status == "unchanged"
    assert world.asked == [("1", False), ("2", False)]
    world.check()
    assert world.asked == [("1", True), ("2", True)]


def one_page(world: World, status: str = "x") -> None:
    world.site = {"1": {"names": {"a": status}}}


def test_of_two_processes_that_see_the_same_change_one_stores_it(world: World) -> None:
    one_page(world)
    world.check()
    one_page(world, "y")
    mine, other = world.begin(), world.begin()
    assert world.commit(other) == 1
    assert world.commit(mine) is None
    assert len(world.store.log.events()) == 2  # the baseline and one change


def test_a_process_whose_fetch_began_later_compares_again_with_what_the_other_stored(world: World) -> None:
    one_page(world)
    world.check()
    one_page(world, "y")
    earlier = world.begin()
    one_page(world, "z")
    later = world.begin()
    assert world.commit(earlier) == 1
    with pytest.raises(Stale):
        world.commit(later)
    target = CheckTarget("list", world.source, world.store, Watchlist({}))
    assert world.commit(compare_again(target, later)) == 1
    newest = world.store.log.events(limit=1)[0]
    assert newest.data["fields"]["status"] == {"before": "y", "after": "z"}


def test_what_is_compared_again_is_read_again_by_a_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one_page(world)
    world.check()
    threads: list[str] = []

    def again(target: CheckTarget, checked: Checked) -> Checked:
        threads.append(threading.current_thread().name)
        return compare_again(target, checked)

    def answer() -> dict[str, object]:  # while this check has the page, another one takes what came before
        if other:
            world.commit(other.pop())
        return {"names": {"a": "z"}}

    monkeypatch.setattr("watcher.check.pipeline.compare_again", again)
    one_page(world, "y")
    other = [world.begin()]
    world.site["1"] = answer
    result = world.check()
    assert changes(result) == [("changed", "a")]
    assert result.events[0].data["fields"]["status"] == {"before": "y", "after": "z"}
    assert [name.partition("-")[0] for name in threads] == ["worker"]


def test_what_cannot_be_read_again_is_a_failure_of_the_source(world: World) -> None:
    one_page(world)
    world.check()
    one_page(world, "y")
    checked = world.begin()
    assert isinstance(checked.found, Accepted)
    [kept] = checked.found.pages
    bad = replace(checked.found, pages=[kept._replace(page=replace(kept.page, content=b"<p>"))])
    target = CheckTarget("list", world.source, world.store, Watchlist({}))
    again = check_again(Alone(world), target, checked._replace(found=bad))
    assert isinstance(asyncio.run(again).found, Failed)


def test_a_process_whose_fetch_began_earlier_throws_its_result_away(world: World) -> None:
    one_page(world)
    world.check()
    one_page(world, "y")
    earlier = world.begin()
    one_page(world, "z")
    later = world.begin()
    assert world.commit(later) == 1
    assert world.commit(earlier) is None
    assert world.store.log.events(limit=1)[0].data["fields"]["status"]["after"] == "z"


def test_an_older_failure_says_nothing_against_a_newer_success(world: World) -> None:
    one_page(world)
    world.check()
    world.site["1"] = lambda: {"nothing": 1}
    failing = world.begin()
    one_page(world)
    world.check()
    assert world.commit(failing) is None
    assert world.store.source("list").health.status == "ok"


def test_a_value_that_goes_back_and_forth_is_a_change_each_time(world: World) -> None:
    seen = []
    for status in "ABABA":
        one_page(world, status)
        seen += changes(world.check())
    assert seen == [("changed", "a")] * 4


class Posts(Source):
    """A rolling list of numbers, newest first, three to a page; `before` asks for older ones."""

    url: str = "http://register.test/1"
    listing: Listing = "window"

    def earlier(self, page: Page) -> Get | None:
        oldest = min(page.json()["names"])
        return Get(f"http://register.test/before-{oldest}") if oldest != "a" else None

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        yield from map(Entry, page.json()["names"])


def posts(*names: str) -> dict[str, Any]:
    return {"names": dict.fromkeys(names)}


def test_a_gap_in_a_rolling_list_is_closed_by_paging_back(world: World) -> None:
    world.source = Posts()
    world.site = {"1": posts("c", "b", "a")}
    world.check()
    world.site = {"1": posts("i", "h", "g"), "before-g": posts("f", "e", "d"), "before-d": posts("c", "b", "a")}
    assert [key for _, key in changes(world.check())] == ["i", "h", "g", "f", "e", "d"]
    assert [name for name, _ in world.asked] == ["1", "before-g", "before-d"]
    assert not [event for event in world.store.log.events() if event.data.get("status") == "gap"]
    assert world.check().status == "unchanged"


def test_a_gap_that_cannot_be_closed_is_told_with_the_times_between(world: World) -> None:
    world.source = Posts()
    world.site = {"1": posts("c", "b", "a")}
    world.check()
    checked = world.now
    world.site = {"1": posts("i", "h", "g"), "before-g": posts("f", "e", "a")}
    world.source = Posts(max_pages=1)
    world.check()
    (gap,) = [event for event in world.store.log.events() if event.data.get("status") == "gap"]
    assert (gap.data["since"], gap.at) == (checked.isoformat(), world.now)


def test_an_edit_elsewhere_on_a_page_that_names_somebody_is_not_about_him() -> None:
    class Text(Source):
        mentions_in = "added_lines"

    def edited(before: str, after: str) -> list[str]:
        watchlist = Watchlist({"telegram": Entity(names=["Telegram"])})
        target = CheckTarget("page", Text(), None, watchlist)  # type: ignore[arg-type]
        sides = [Entry("page", text=text) for text in (before, after)]
        change = Change(ChangeKind.CHANGED, *sides, {"text": FieldChange(before, after)})
        return [mention.entity for _, found in find_mentions(target, [change]) for mention in found]

    assert edited("About Telegram\nold line", "About Telegram\nnew line") == []
    assert edited("old line", "Telegram was added\nold line") == ["telegram"]


def test_a_check_that_waited_to_be_written_while_the_clock_was_moved_back_is_due_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its due time lies a day ahead by the new clock: the daemon would look for nothing until then."""
    two_pages(world)
    assert world.check().status == "unchanged"
    passed = world.store.write_unchanged

    def write(*given: Any) -> bool:
        world.now -= timedelta(days=1)
        return passed(*given)

    monkeypatch.setattr(world.store, "write_unchanged", write)
    result = world.check()
    assert (result.status, result.due) == ("unchanged", world.now)
