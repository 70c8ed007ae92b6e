"""Today: what needs a hand comes first, and no change is shown twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from state.model import Approval, Event, EventKind, Route
from tests.storing import came
from tests.watcher.web.conftest import NOW, read
from watcher.web.desk import Desk

Changed = Callable[..., Event]
WITHIN = NOW - timedelta(hours=2)


@pytest.fixture
def waiting(desk: Desk) -> list[Event]:
    """A change whose message to the public has to be approved, and one that a channel is reminded of; both mention."""
    routes = [Route("public", NOW, approval=Approval(("desk",))), Route("desk", NOW, every=timedelta(hours=1))]
    asked, reminded = (
        desk.store.log.add_alert((came(f"Sable {route.channel}", WITHIN, "sable"), [route])) for route in routes
    )

    def ask(number: int) -> tuple[Event, list[Route]]:
        data = {"approval": number, "channel": "public", "title": "Sable", "text": "t", "until": None, "then": "drop"}
        return Event(EventKind.APPROVAL, "", "", "", NOW, None, data), [Route("desk", NOW)]

    (delivery,) = (each for each in desk.store.outbox.due(NOW) if each.approval)
    texts = ("Sable public: added", "it was added", "")
    desk.store.outbox.compose("public", "k", *texts, [delivery.id], NOW, approval=delivery.approval, ask=ask)
    return [asked, reminded]


def shown(page: BeautifulSoup) -> dict[str, list[str]]:
    """The titles of the changes in each part of the page."""
    parts = {part["aria-labelledby"]: part.select(".change a.title") for part in page.select("section")}
    return {name: [link.text for link in links] for name, links in parts.items()}


def test_no_change_is_shown_twice(browser: TestClient, waiting: list[Event], changed: Changed) -> None:
    changed("Sable Capital")
    changed("Another Ltd")
    page = read(browser, "/")
    links = Counter(link["href"] for link in page.select("a.title[href^='/changes/']"))
    assert set(links.values()) == {1}
    assert shown(page) == {
        "trouble": ["Sable public", "Sable desk"],
        "watched": ["Sable Capital"],
        "all": ["Another Ltd"],
        "next": [],
    }


def test_what_was_decided_and_acknowledged_needs_no_hand(browser: TestClient, desk: Desk, waiting: list[Event]) -> None:
    (held,) = desk.store.approvals.waiting()
    assert desk.store.approvals.decide(held.id, approve=True, who="ada", now=NOW)
    assert desk.store.reminders.acknowledge(waiting[1].id, "ada", NOW)
    page = read(browser, "/")
    assert "Needs a hand" not in page.get_text()
    assert shown(page)["watched"] == ["Sable desk", "Sable public"]


def test_many_mentions_do_not_hide_the_other_changes(browser: TestClient, changed: Changed) -> None:
    changed("Another Ltd", hours=30)
    for number in range(25):
        changed(f"Sable {number}", hours=number / 10)
    page = read(browser, "/")
    assert (len(shown(page)["watched"]), shown(page)["all"]) == (20, ["Another Ltd"])


def test_a_channel_that_cannot_be_reached_needs_a_hand(browser: TestClient, desk: Desk) -> None:
    desk.store.channels.note_failure("pager", NOW)
    assert "Nothing can be delivered" in read(browser, "/").select_one("#trouble").parent.get_text()
