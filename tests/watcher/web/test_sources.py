"""The pages about sources, and a held snapshot that is accepted at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from starlette.testclient import TestClient

from state.storage.browsing import Daily
from tests.watcher.web.conftest import press, read
from watcher.web.sparkline import DAYS, days_of, sparkline

Looking = Callable[[], TestClient]


def _lose_most(kept: Any) -> None:
    kept.show("A", *map(str, range(40)))
    kept.check()
    kept.show("A")
    assert kept.check()["status"] == "suspicious"


def test_a_source_is_shown_with_its_health_and_its_configuration(kept: Any, looking: Looking) -> None:
    kept.configure(source='headers = { X-Key = "tulip" }\nauth = "ada:rose"\nevery = "20m"')
    kept.check()
    page = read(looking(), "/sources/list")
    assert "it is checked every 20m" in page.get_text()
    assert 'items = "@"' in page.select_one("pre").text
    assert not [secret for secret in ("tulip", "rose") if secret in str(page)]


def test_sources_that_need_a_look_come_first(kept: Any, looking: Looking) -> None:
    kept.configure(more='[sources.a]\nkind = "text"\nurl = "http://127.0.0.1:9/"')
    _lose_most(kept)
    browser = looking()
    assert [link.text for link in read(browser, "/sources").select("a.title")] == ["list", "a"]
    assert [link.text for link in read(browser, "/sources?find=A").select("a.title")] == ["a"]
    assert [link.text for link in read(browser, "/sources?status=suspicious").select("a.title")] == ["list"]


def test_a_held_snapshot_is_shown_and_accepted(kept: Any, looking: Looking) -> None:
    _lose_most(kept)
    browser = looking()
    held = read(browser, "/sources/list/held")
    assert "40 removed" in " ".join(held.get_text().split())
    assert press(browser, "/sources/list/held", "/sources/list/accept").status_code == 303
    assert "suspicious" not in read(browser, "/sources/list").select_one("#health").text
    assert browser.get("/sources/list/held").status_code == 404
    assert "accept snapshot" in " ".join(read(browser, "/evidence").get_text().split())
    change = read(browser, "/changes?change=removed").select_one(".changes a.title")["href"]
    assert read(browser, change).select("a[download]")


def test_a_source_is_checked_when_somebody_asks(kept: Any, looking: Looking) -> None:
    kept.check()
    browser = looking()
    assert press(browser, "/sources/list", "/sources/list/check").status_code == 303
    store = browser.app.state.desk.store
    assert list(store.requests.pending()) == ["list"]
    assert "it waits, as no daemon runs" in read(browser, "/sources/list").select_one("[role=status]").text
    store.requests.done("list", datetime.now(UTC))
    assert not read(browser, "/sources/list").select("[role=status]")


def test_only_the_snapshot_that_was_shown_is_accepted(kept: Any, looking: Looking) -> None:
    _lose_most(kept)
    browser = looking()
    answer = press(browser, "/sources/list/held", "/sources/list/accept", snapshot="0" * 12)
    assert answer.status_code == 409
    assert browser.get("/sources/list/held").status_code == 200


def test_a_source_may_be_called_anything(kept: Any, looking: Looking) -> None:
    name = 'a/b <i>&\\"c\\" 100%'
    kept.configure(more=f'[sources."{name}"]\nkind = "text"\nurl = "http://127.0.0.1:9/"')
    kept.check("--source", "list")
    browser = looking()
    link = next(a for a in read(browser, "/sources").select("a.title") if a.text != "list")
    page = read(browser, link["href"])
    assert page.select_one("h1").text == name.replace("\\", "")
    assert not page.select("h1 i")


def test_a_source_that_nobody_knows_is_not_found(kept: Any, looking: Looking) -> None:
    browser = looking()
    for address in (
        "/sources/none",
        "/sources/none/held",
        "/sources/list/held",
        f"/sources/{'x' * 9999}",
    ):
        assert browser.get(address).status_code == 404, address


def test_the_entries_of_earlier_days_are_counted_back_from_today() -> None:
    today = date(2025, 7, 14)
    daily = [Daily(date(2025, 7, 13), "added", 3), Daily(date(2025, 7, 14), "removed", 1)]
    days = days_of(daily, 10, today, date(2020, 1, 1))
    assert [(day.changes, day.entries) for day in days[-3:]] == [(0, 8), (3, 11), (1, 10)]
    drawn = sparkline(days, complete=True)
    assert len(drawn.bars) == 2
    assert len(drawn.points.split()) == DAYS
    assert sparkline(days, complete=False).points == ""


def test_nothing_is_drawn_of_the_days_before_the_first_reading() -> None:
    today = date(2025, 7, 14)
    days = days_of([Daily(today, "added", 1)], 10, today, date(2025, 7, 13))
    assert [(day.day.day, day.entries) for day in days] == [(13, 9), (14, 10)]
    drawn = sparkline(days, complete=True)
    assert [float(point.partition(",")[0]) for point in drawn.points.split()] == [585.0, 595.0]
    assert drawn.bars[0].x == 590.0
    assert drawn.summary.startswith("1 changes since 2025-07-13, before which nothing is known; entries from 9 to 10")
    ahead = sparkline(days_of([], 10, today, date(2025, 7, 15)), complete=True)  # the clock was moved back
    assert len(ahead.points.split()) == 1
    assert sparkline(days_of([], 0, today, None), complete=True).points == ""


def test_a_week_of_its_rhythm_is_drawn_once_it_changed_twenty_times(kept: Any, looking: Looking) -> None:
    kept.show("A")
    kept.check()
    for number in range(20):
        assert "Not known yet: it changed fewer than 20 times." in read(looking(), "/sources/list").get_text()
        kept.show("A", f"B{number}")
        kept.check()
    page = read(looking(), "/sources/list")
    assert "Not known yet" not in page.get_text()
    bars = page.select("figure.spark")[1].select("rect")
    assert (len(bars), bars[0].title.text.startswith("Mon 00:00: ")) == (168, True)
