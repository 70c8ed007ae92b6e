"""Bots beside the daemon: presses are heard and shown everywhere; a fault of a bot stays with it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from state.errors import StateError
from state.model import EventKind
from tests.telegram_api import TOKEN, RefusedError
from tests.watcher.bots.conftest import CHATS, Newsroom
from watcher.bots import attend
from watcher.bots.attend import Bots
from watcher.bots.decisions import ShownDecisions

Make = Callable[..., Newsroom]
ASKED = "approve = ['duty', 'chief']"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attend, "EVERY", 0.05)
    monkeypatch.setattr(attend, "_FIRST_PAUSE", 0.05)


@contextmanager
def attended(room: Newsroom) -> Iterator[Bots]:
    bots = Bots(room.config, room.store, room.clock)
    with bots:
        yield bots


def until(holds: Callable[[], Any]) -> None:
    ends = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < ends, "it does not come"
        time.sleep(0.01)


def health(room: Newsroom) -> list[tuple[str, str]]:
    return [(each.label, each.data["status"]) for each in room.store.log.events(source="", kind=EventKind.HEALTH)]


def test_pressed_in_two_chats_by_two_people_at_once_is_one_decision_that_both_show(newsroom: Make) -> None:
    room = newsroom(ASKED)
    room.put()
    room.drain()
    told = room.telegram
    told.press(CHATS["duty"], told.data(CHATS["duty"], "approve"), 7, "Anna")
    told.press(CHATS["chief"], told.data(CHATS["chief"], "reject"), 8, "Boris")
    with attended(room):
        until(lambda: len(told.toasts) == 2)
        until(lambda: all(not told.keys(chat) for chat in CHATS.values()))
    (decided,) = room.store.desk.actions()
    for chat in CHATS.values():
        assert f": {decided.who}, 2025-07-17 12:00 UTC" in told.shown(chat)
    assert sum(decided.who in said for _, said in told.toasts) == 1


def test_a_press_that_was_heard_is_confirmed_only_when_it_is_done(newsroom: Make, monkeypatch: Any) -> None:
    room = newsroom()
    room.put()
    room.drain()
    telegram = room.telegram
    telegram.press(CHATS["duty"], telegram.data(CHATS["duty"], "ack"))
    done, first = room.store.chats.take, [StateError("the disk is full")]

    def take(*args: Any) -> Any:
        if first:
            raise first.pop()
        return done(*args)

    monkeypatch.setattr(room.store.chats, "take", take)
    with attended(room):
        until(lambda: telegram.toasts)
    assert [said for _, said in telegram.toasts] == ["Acknowledged: nobody is reminded of it any more."]


def test_what_is_decided_at_the_desk_is_shown_in_the_chats_in_their_language(newsroom: Make) -> None:
    room = newsroom(top='language = "de"\n')
    room.put()
    room.drain()
    assert [key["text"] for key in room.telegram.keys("-1001")] == ["Zur Kenntnis nehmen", "Eine Stunde warten lassen"]
    (event,) = room.store.log.events(kind=EventKind.CHANGE)
    room.store.reminders.acknowledge(event.id, "ada", room.now)
    shown = ShownDecisions(room.config, room.store, room.clock)
    shown.update()
    calls = len(room.telegram.calls)
    shown.update()
    assert len(room.telegram.calls) == calls
    for chat in CHATS.values():
        assert "Zur Kenntnis genommen: ada, 17.07.25, 12:00 UTC" in room.telegram.shown(chat)
        assert [key["text"] for key in room.telegram.keys(chat)] == ["Eine Stunde warten lassen"]


def test_a_snooze_is_shown_until_it_ends(newsroom: Make) -> None:
    room = newsroom()
    room.put()
    room.drain()
    shown = ShownDecisions(room.config, room.store, room.clock)
    room.press("snooze")
    shown.update()
    assert "alerts wait until 2025-07-17 13:00 UTC (snoozed by Anna (telegram 7))" in room.telegram.shown("-1002")
    room.drain(hours=2)
    shown.update()
    assert "snoozed" not in room.telegram.shown("-1002")
    assert [key["text"] for key in room.telegram.keys("-1002")] == ["Acknowledge", "Snooze for an hour"]


def test_an_edit_that_fails_is_tried_again_later_and_of_a_lost_message_never(newsroom: Make) -> None:
    room = newsroom()
    room.put()
    room.drain()
    room.press("ack")
    lost = next(at for at, each in room.telegram.messages.items() if each["chat"] == CHATS["chief"])
    del room.telegram.messages[lost]
    room.telegram.refuse["editMessageText"] = RefusedError(429, "Too Many Requests: retry after 60", retry_after=60)
    shown, edits = (
        ShownDecisions(room.config, room.store, room.clock),
        lambda: room.telegram.calls.count("editMessageText"),
    )
    shown.update()
    shown.update()
    assert edits() == 2
    room.telegram.refuse.clear()
    room.drain(minutes=2)
    shown.update()
    shown.update()
    assert edits() == 4
    assert "Acknowledged: Anna" in room.telegram.shown("-1001")


def test_a_revoked_token_is_told_and_does_not_stop_the_other_channels(newsroom: Make, caplog: Any) -> None:
    room = newsroom(top="")
    room.telegram.refuse[""] = RefusedError(401, "Unauthorized")
    room.put()
    with caplog.at_level(logging.DEBUG), attended(room):
        until(lambda: health(room))
        room.drain()
        assert health(room) == [("bot desk", "failing")]
        room.telegram.refuse.clear()
        until(lambda: len(health(room)) == 2)
    assert health(room)[0] == ("bot desk", "recovered")
    assert TOKEN not in caplog.text
    (error, *_) = {each.error for each in room.store.outbox.deliveries() if each.error}
    assert error == "the server answered 401 Unauthorized: Unauthorized"
    room.drain(hours=1)
    assert len(room.telegram.messages) == 2


def test_it_ends_at_once_while_telegram_says_nothing(newsroom: Make) -> None:
    room = newsroom()
    room.telegram.longest_wait = 3600
    with attended(room):
        until(lambda: "getUpdates" in room.telegram.calls)
    assert not [each for each in threading.enumerate() if each.name.startswith("bot")]


def test_without_bots_and_buttons_nothing_runs(newsroom: Make) -> None:
    room = newsroom()
    room.config.bots.clear()  # type: ignore[attr-defined]
    room.config.channels.clear()  # type: ignore[attr-defined]
    with attended(room):
        assert not [each for each in threading.enumerate() if each.name.startswith("bot")]


def test_another_configuration_is_used_at_once_while_telegram_says_nothing(newsroom: Make) -> None:
    room = newsroom()
    room.telegram.longest_wait = 3600
    room.put()
    room.drain()
    polls = lambda: room.telegram.calls.count("getUpdates")  # noqa: E731 - said once
    with attended(room) as bots:
        until(lambda: polls() == 1)
        bots.use(room.config)
        until(lambda: polls() == 2)
        room.telegram.press(CHATS["duty"], room.telegram.data(CHATS["duty"], "ack"))
        until(lambda: room.telegram.toasts)
    assert len(room.telegram.toasts) == 1
