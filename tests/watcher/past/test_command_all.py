"""`watch past --all --wayback`: each source in its turn, politely, and again only where something is left to read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources.reading.pool import Child
from state.errors import StateError
from state.model import Health
from state.storage.daemons import DaemonSeen
from state.storage.past import PastCaptures
from state.store import Store
from tests.watcher.past.played_archive import PlayedArchive
from watcher.past import command as every

ALL = ("--all", "--wayback")
YEARS = [f"{year}0703120000" for year in range(1990, 2020)]


@pytest.fixture
def two(archive: PlayedArchive) -> PlayedArchive:
    """Two sources with a past, one that is disabled, and two that no archive can know."""
    hosts = {name: f'url = "http://{name}.example/"' for name in ("one", "two")}
    off, form = f"{hosts['one']}\nenabled = false", 'url = "http://a.example/"\nform = { q = "a" }'
    archive.watch(**hosts, off=off, form=form, dated='url = "http://a.example/{today}"')
    for name in ("one", "two"):
        for stamp in YEARS[:3]:
            archive.has(stamp, name, stamp, address=f"http://{name}.example/")
    return archive


def test_each_source_is_read_with_a_low_priority(two: PlayedArchive) -> None:
    done = {"read": 3, "skipped": [], "changes": 2 * 2}
    assert two.read(*ALL) == {"sources": [{"source": "one", **done}, {"source": "two", **done}]}
    assert Child.nice == 19


def test_a_second_run_asks_for_no_capture_again(two: PlayedArchive) -> None:
    first = two.read(*ALL)
    two.asked()
    assert two.read(*ALL) == first
    assert two.asked() == []


def test_sources_of_which_enough_is_read_are_not_asked_for_until_their_options_change(two: PlayedArchive) -> None:
    first = two.read(*ALL, "--most", "3")
    two.site.requests.clear()
    assert two.read(*ALL, "--most", "3") == first
    assert two.site.requests == []
    two.watch(one='url = "http://one.example/"\nfields = { name = "name" }', two='url = "http://two.example/"')
    assert two.read(*ALL, "--most", "3") == first
    assert two.asked() == YEARS[:3]


def test_24_captures_are_taken_where_nothing_is_said(archive: PlayedArchive) -> None:
    for stamp in YEARS:
        archive.has(stamp, "A")
    assert archive.read(*ALL)["sources"][0]["read"] == 24
    assert len(archive.asked()) == 24


def test_captures_from_the_time_of_the_own_history_are_not_asked_for(archive: PlayedArchive, checked: Any) -> None:
    archive.has("20100101000000", "A")
    archive.has(f"{datetime.now(UTC) + timedelta(hours=1):%Y%m%d%H%M%S}", "A")
    checked("list", Health(), entries=1)
    assert archive.read(*ALL)["sources"][0]["read"] == 1
    assert archive.asked() == ["20100101000000"]


def test_one_that_fails_does_not_stop_the_others(two: PlayedArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = PastCaptures.write

    def fail(self: Any, source: str, *rest: Any) -> Any:
        if source == "one":
            raise StateError("the disk is full")
        return usual(self, source, *rest)

    monkeypatch.setattr(PastCaptures, "write", fail)
    one, other = two.read(*ALL, code=1)["sources"]
    assert [each["reason"] for each in one["skipped"]] == ["state"]
    assert other["read"] == 3


def test_further_pages_count_for_the_budget(archive: PlayedArchive) -> None:
    archive.watch(list=f'url = "{archive.address}"\nnext = "next"', items="rows")
    for stamp in YEARS[:2]:
        archive.has(stamp, body=json.dumps({"rows": [{"name": "A"}], "next": "/2"}).encode())
        archive.has(stamp, body=b'{"rows": [{"name": "B"}]}', address="http://register.example/2", listed=False)
    (one,) = archive.read(*ALL, "--most", "2", code=1)["sources"]
    assert (one["read"], [each["reason"] for each in one["skipped"]]) == (0, ["budget"] * 2)
    assert len(archive.asked()) == 2


def test_it_waits_while_a_daemon_has_what_to_check(
    two: PlayedArchive, store: Store, checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, slept = datetime.now(UTC), list[float]()
    checked("one", Health(), entries=1, due=now)
    store.daemons.note(DaemonSeen("here:1:a", "here", now, now, {}))

    def sleep(seconds: float) -> None:
        slept.extend([seconds] if seconds else [])
        if len(slept) == 3:
            store.daemons.gone("here:1:a")

    monkeypatch.setattr(every.time, "sleep", sleep)
    assert len(two.read(*ALL)["sources"]) == 2
    assert slept == [every.LOOK] * 3


def test_it_does_not_wait_for_ever(archive: PlayedArchive, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr(every, "PATIENCE", 0.1)
    monkeypatch.setattr(every, "LOOK", 0.01)
    store.daemons.note(DaemonSeen("here:1:a", "here", now, now, {}))
    archive.has("20100101000000", "A")
    assert archive.read(*ALL)["sources"][0]["read"] == 1


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (("list", "--all", "--wayback"), "without a name"),
        (("--all", "--wayback", "http://a.example/"), "without a name"),
        (("--all", "--folder", "."), "--all --wayback"),
        (("--all", "--forget"), "--all --wayback"),
        (("--wayback",), "name a source"),
        (("list", "--wayback", "--most", "0"), "not a whole number above zero"),
    ],
)
def test_what_cannot_be_meant_is_said(archive: PlayedArchive, watch: Any, argv: tuple[str, ...], what: str) -> None:
    ran = watch("past", *argv)
    assert ran.code == 2
    assert what in ran.err


def test_people_read_what_came_of_each(two: PlayedArchive, watch: Any) -> None:
    two.list(YEARS[4], "404", address="http://two.example/")
    ran = watch("past", *ALL)
    assert ran.code == 1
    assert "one:\n3 captures read, 0 skipped; 4 changes between them\n" in ran.out
    assert "skipped: http_404: the site answered 404 then" in " ".join(ran.out.split())
