"""The pages about sources, and a held snapshot that is accepted at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.testclient import TestClient

from sources.http.course import course, following
from tests.watcher.web.conftest import ADDRESS, press, read
from watcher.config.settings import WebOptions
from watcher.runtime.event_loop import Pauses
from watcher.service.presence import CheckCounts, Presence
from watcher.web.server import create_app

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


def test_who_may_not_accept_is_told_who_may(kept: Any, looking: Looking) -> None:
    _lose_most(kept)
    desk = looking().app.state.desk  # type: ignore[attr-defined]  # it is an application of FastAPI
    viewers = {"users": {"bob": {}}, "proxy_header": "X-User", "trusted_proxies": ["127.0.0.1/32"]}
    desk.use(replace(desk.config, web=WebOptions.model_validate(viewers)))
    viewer = TestClient(create_app(desk), ADDRESS, client=("127.0.0.1", 5000), headers={"x-user": "bob"})
    assert read(viewer, "/").select_one("a.act").text == "See what the held snapshot would bring"
    said = read(viewer, "/sources/list/held").get_text()
    assert "An editor may accept it; the role of bob is viewer." in said


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


def test_a_week_of_its_rhythm_is_drawn_once_it_changed_twenty_times(kept: Any, looking: Looking) -> None:
    kept.show("A")
    kept.check()
    for number in range(20):
        assert "Not known yet: it changed fewer than 20 times." in read(looking(), "/sources/list").get_text()
        kept.show("A", f"B{number}")
        kept.check()
    page = read(looking(), "/sources/list")
    assert "Not known yet" not in page.get_text()
    bars = page.select("svg.rhythm path")
    assert (len(bars), bars[0].title.text.startswith("Mon 00:00: ")) == (168, True)


def test_the_life_of_a_source_is_drawn_with_words_for_who_cannot_see_it(kept: Any, looking: Looking) -> None:
    kept.show("A", "B")
    kept.check()
    kept.show("A", "B", "C")
    kept.check()
    browser = looking()
    drawn = {svg["class"][-1]: svg["aria-label"] for svg in read(browser, "/sources/list").select("svg[role=img]")}
    assert drawn["health"] == "health: read on 1 of 1 day"
    assert drawn["changes"].startswith("changes: 1 change since ")
    assert drawn["entries"] == "entries: from 3 to 3"
    assert read(browser, "/sources").select_one("svg.health")["aria-label"].startswith("health: read on 1 of 30 days")


def test_a_large_page_that_comes_is_shown_as_the_daemon_tells_it(kept: Any, looking: Looking) -> None:
    kept.check()
    browser = looking()
    told = Presence(browser.app.state.desk.store, lambda: datetime.now(UTC))
    with following("list"):
        for received, entries, shown in [
            (0, 0, ""),
            (10_000_000, 0, "of 20.0 MB received"),
            (20_000_000, 7, "7 entries"),
        ]:
            course.get().begin(0, 20_000_000)
            course.get().received, course.get().entries = received, entries
            told.report(Pauses(), CheckCounts(0))
            assert shown in read(browser, "/sources/list").get_text()
            assert ("A check is under way" in read(browser, "/sources/list").get_text()) == bool(shown)
    told.report(Pauses(), CheckCounts(0))
    assert "under way" not in read(browser, "/sources/list").get_text()
