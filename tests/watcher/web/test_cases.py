"""The pages about cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from state.model import Event
from tests.watcher.web.conftest import read

Changed = Callable[..., Event]


def test_whom_the_log_mentions_is_listed(browser: TestClient, changed: Changed) -> None:
    assert [link.text for link in read(browser, "/cases").select("a[href^='/cases/']")] == ["sable"]
    changed()
    changed("Sable Capital Holding")
    assert "2 events" in read(browser, "/cases").select_one(".change").text


def test_a_case_tells_the_story(browser: TestClient, changed: Changed) -> None:
    first, later = changed(hours=30), changed("Sable Capital Holding", hours=2)
    page = read(browser, "/cases/sable")
    links = [link["href"] for link in page.select(".timeline a.title")]
    assert links == [f"/changes/{first.id}", f"/changes/{later.id}"]
    assert "Revoked" in page.get_text()
    assert read(browser, f"/changes/{first.id}").select_one("a.entity")["href"] == "/cases/sable"


def test_a_long_story_is_cut_off_and_says_so(
    browser: TestClient, changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.web.pages.cases.MOST", 2)
    for number in range(4):
        changed(f"Sable Capital {number}", hours=number)
    page = read(browser, "/cases/sable")
    assert len(page.select(".timeline > li")) == 2
    assert "last 2 events" in page.get_text()


def test_an_entity_that_nobody_knows_is_not_found(browser: TestClient) -> None:
    assert browser.get("/cases/none").status_code == 404
    assert browser.get(f"/cases/{'x' * 5000}").status_code == 404
