"""The page about deliveries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from state.model import Event, EventKind
from state.storage.readers import MAIL, Draft, LetterText
from tests.storing import add_event
from tests.watcher.web.conftest import press, read
from watcher.web.desk import Desk

AT = datetime(2025, 7, 14, 11, tzinfo=UTC)


@pytest.fixture
def waiting(desk: Desk, changed: Callable[..., Event]) -> int:
    """A delivery that was tried once."""
    event = changed()
    add_event(desk.store, Event(EventKind.CHANGE, "fca", "FCA", "record", AT, AT, event.data), ["desk"], AT)
    delivery = desk.store.outbox.due(AT)[0]
    message = desk.store.outbox.compose("desk", "k1", "title", "text", "<p>", [delivery.id], AT)
    assert message is not None
    desk.store.outbox.note_failure(message, "550 <b>no such user</b>", AT.replace(hour=23), AT)
    return delivery.id


def test_what_waits_is_shown_with_what_the_server_answered(browser: TestClient, waiting: int) -> None:
    page = read(browser, "/deliveries")
    assert "550 <b>no such user</b>" in page.get_text()
    assert "1 attempt" in page.get_text()
    assert not read(browser, "/deliveries?state=sent").select(".change")


def test_a_delivery_is_retried_and_dropped(browser: TestClient, waiting: int, desk: Desk) -> None:
    assert press(browser, "/deliveries", f"/deliveries/{waiting}/retry").status_code == 303
    assert desk.store.outbox.overdue(desk.clock()) == 1
    assert press(browser, "/deliveries", f"/deliveries/{waiting}/drop").status_code == 303
    assert not read(browser, "/deliveries").select(".change")
    assert press(browser, "/deliveries?state=dead", f"/deliveries/{waiting}/retry").status_code == 303
    assert [action.what for action in desk.store.desk.actions()] == ["retry", "drop", "retry"]


def test_a_change_says_who_was_alerted(browser: TestClient, waiting: int, desk: Desk) -> None:
    event = desk.store.outbox.deliveries()[0].event.id
    assert "desk" in read(browser, f"/changes/{event}").select_one("#alerted").parent.get_text()


@pytest.mark.parametrize(
    ("address", "status"),
    [("/deliveries?state=lost", 400), ("/deliveries?below=x", 422), ("/deliveries?below=99999999999999999999", 422)],
)
def test_a_bad_address_is_a_plain_page(browser: TestClient, address: str, status: int) -> None:
    answer = browser.get(address)
    assert (answer.status_code, "<h1>" in answer.text) == (status, True)


def test_a_delivery_that_is_not_there_is_not_found(browser: TestClient, waiting: int) -> None:
    for action in ("retry", "drop"):
        answer = press(browser, "/deliveries", f"/deliveries/{waiting}/{action}")
        assert answer.status_code == 303
    form = {"csrf": read(browser, "/").select_one("input[name=csrf]")["value"]}
    assert browser.post("/deliveries/999/retry", data=form).status_code == 404
    assert browser.post(f"/deliveries/{waiting}/drop", data=form).status_code == 404


def test_letters_to_readers_are_shown_with_what_became_of_them(browser: TestClient, desk: Desk) -> None:
    text = LetterText("k", "Title", "Text", "<div>Text</div>", "")
    desk.store.letters.write([Draft("ann", MAIL, [1], [7, 8]), Draft("bob", MAIL)], text, AT)
    _, bob = desk.store.letters.due(AT, AT, 2)
    desk.store.letters.note_failure([bob], "550 <b>nobody</b>", None)
    waiting = read(browser, "/deliveries").get_text()
    assert "To ann by mail, about 2 changes" in waiting
    assert "bob" not in waiting
    assert "550 <b>nobody</b>" in read(browser, "/deliveries?state=dead").get_text()
