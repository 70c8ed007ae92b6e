"""A register, a news wire and a press office, checked in turn: each alert cites the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from state.store import Store
from tests.configurations import DESK, LOOPBACK
from watcher.delivery import citations

Watch = Callable[..., Any]

WORLD = f"""
timezone = "Europe/Lisbon"
{LOOPBACK}
[entities.quillon]
names = ["Quillon Pay", "Quillon Bank"]
[entities.brightwater]
names = ["Brightwater"]
[sources.licences]
kind = "table"
url = "{{site}}/licences"
key = "Holder"
label = "Register of licences"
[sources.wire]
kind = "feed"
url = "{{site}}/wire"
label = "Tagus Wire"
{DESK}"""


class World:
    """The pages of the three sources, and what the desk hears when they are checked."""

    def __init__(self, site: Any, watch: Watch) -> None:
        self._site, self._watch = site, watch
        site.page("/hook")

    def register(self, *rows: tuple[str, str]) -> None:
        body = "".join(f"<tr><td>{holder}</td><td>{status}</td></tr>" for holder, status in rows)
        self._site.page(
            "/licences", f"<html><body><table><tr><th>Holder</th><th>Status</th></tr>{body}</table></body></html>"
        )

    def wire(self, *titles: str) -> None:
        items = "".join(f"<item><title>{title}</title><guid>{title}</guid></item>" for title in titles)
        self._site.page(
            "/wire", f"<rss version='2.0'><channel><title>W</title>{items}</channel></rss>", type="application/rss+xml"
        )

    def wire_fails(self) -> None:
        self._site.page("/wire", status=500)

    def once(self, code: int = 0) -> list[str]:
        before = len(self._site.requests)
        assert self._watch("--once").code == code
        return [json.loads(asked.body)["message"] for asked in self._site.requests[before:] if asked.path == "/hook"]


@pytest.fixture
def world(site: Any, watch: Watch, configure: Callable[..., Any]) -> World:
    configure(WORLD.format(site=site.url(""), hook=site.url("").replace("http", "json")))
    made = World(site, watch)
    made.register(("Harbour Coffee", "active"), ("Brightwater SA", "active"))
    made.wire("Old news")
    made.once()
    return made


def test_a_report_about_someone_on_no_register_says_so(world: World) -> None:
    world.wire("Old news", "Quillon Pay opens an office")
    (message,) = world.once()
    assert "Record: no entry on the watched registers mentions it yet" in message


def test_a_report_about_an_entry_that_stood_there_from_the_beginning_says_so(world: World, site: Any) -> None:
    world.wire("Old news", "Brightwater opens an office")
    (message,) = world.once()
    assert "Record: the register has had an entry on it since before it was first read, " in message
    assert f": Brightwater SA (Register of licences)\n{site.url('/licences')}\n" in message


NONE = "No report or statement about it was seen in the 7 days before."


@pytest.mark.parametrize(("days", "failing", "says"), [(8, None, True), (6, None, False), (8, 4, False)])
def test_no_report_was_seen_only_where_reports_were_read_all_the_days(
    world: World, days: int, failing: int | None, says: bool
) -> None:
    now = datetime.now(UTC)
    for day in range(days + 1):
        with time_machine.travel(now + timedelta(days=day), tick=False):
            if day == failing:
                world.wire_fails()
            else:
                world.wire("Old news")
            if day == days:
                world.register(("Harbour Coffee", "active"), ("Brightwater SA", "suspended"))
            messages = world.once(code=int(day == failing))
    assert (NONE in messages[0]) is says


def test_a_record_and_a_report_of_one_check_count_for_each_other(world: World) -> None:
    world.register(("Harbour Coffee", "active"), ("Brightwater SA", "suspended"))
    world.wire("Old news", "Brightwater suspended")
    (message,) = world.once()
    assert message.index("CHANGED: Brightwater SA") < message.index("ADDED: Brightwater suspended")
    assert "(Register of licences, in this message)" in message


def test_a_record_cites_the_report_that_was_seen_before_and_a_later_report_the_record(world: World) -> None:
    world.wire("Old news", "Brightwater to be suspended")
    world.once()
    world.register(("Harbour Coffee", "active"), ("Brightwater SA", "suspended"))
    (record,) = world.once()
    assert ": Brightwater to be suspended (Tagus Wire)" in record
    world.wire("Old news", "Brightwater to be suspended", "Brightwater protests")
    (report,) = world.once()
    assert ": Brightwater SA, Status: active → suspended (Register of licences)" in report


def test_of_one_register_the_entry_of_the_same_name_is_cited_though_another_changed_later(world: World) -> None:
    rows = [("Harbour Coffee", "active"), ("Quillon Pay", "active"), ("Quillon Bank", "active")]
    world.register(*rows)
    world.once()
    world.register(*rows[:1], ("Quillon Pay", "suspended"), rows[2])
    world.once()
    world.register(*rows[:1], ("Quillon Pay", "suspended"), ("Quillon Bank", "merged"))
    world.once()
    world.wire("Old news", "Quillon Pay protests")
    (report,) = world.once()
    assert ": Quillon Pay, Status: active → suspended (Register of licences)" in report
    assert "Quillon Bank" not in report


def test_when_the_summary_of_the_beginning_is_forgotten_the_stored_entries_are_searched(
    world: World, folder: Path
) -> None:
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        assert store.retention.expire(datetime.now(UTC) + timedelta(days=1), 100).events == 2
    world.wire("Old news", "Brightwater opens an office")
    (message,) = world.once()
    assert "Record: an entry on the register mentions it: Brightwater SA (Register of licences)" in message


def test_an_entry_that_was_cleared_is_not_cited_as_standing_on_the_register(
    world: World, watch: Watch, folder: Path
) -> None:
    assert watch("clear", "brightwater", "licences", "Brightwater SA", "--why", "another firm").code == 0
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        store.retention.expire(datetime.now(UTC) + timedelta(days=1), 100)
    world.wire("Old news", "Brightwater opens an office")
    (message,) = world.once()
    assert "Record: no entry on the watched registers mentions it yet" in message


def test_registers_too_large_to_be_searched_are_not_claimed_to_be_silent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(citations, "MOST_SEARCHED", 1)
    world.wire("Old news", "Quillon Pay opens an office")
    (message,) = world.once()
    assert "Record: no change that was seen on the watched registers mentions it yet" in message


FEED = "<rss version='2.0'><channel><title>F</title><item><title>{title}</title><guid>{title}</guid><description>{text}</description></item></channel></rss>"
LEAD = "The port authority has seized two barges of Brightwater over unpaid dues, its director told reporters."


def test_a_wire_story_in_two_feeds_is_told_in_full_and_is_one_item_of_the_case(
    site: Any, watch: Watch, configure: Callable[..., Any]
) -> None:
    configure(WORLD.format(site=site.url(""), hook=site.url("").replace("http", "json")).replace(
        "[sources.licences]", f"[sources.daily]\nkind = 'feed'\nurl = '{site.url('/daily')}'\n[sources.licences]"
    ))  # fmt: skip
    world = World(site, watch)
    world.register(("Harbour Coffee", "active"))
    for title, text in (("Old", "x"), ("Barges seized", LEAD)):
        site.page("/wire", FEED.format(title=title, text=text), type="application/rss+xml")
        site.page("/daily", FEED.format(title=f"Daily: {title}", text=f"VARNA. {text}"), type="application/rss+xml")
        (message,) = world.once()
    assert message.count(LEAD) == 2
    (item,) = json.loads(watch("case", "brightwater", "--json").out)["items"]
    assert [copy["title"] for copy in item["copies"]] in (["Daily: Barges seized"], ["Barges seized"])
