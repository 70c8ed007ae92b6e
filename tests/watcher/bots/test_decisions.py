"""A pressed button: done once, by who may, and answered politely in all other cases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.options import AlertRule
from state.model import ApprovalState
from tests.watcher.bots.conftest import ANNA, BORIS, CARL, CHATS, Newsroom

Make = Callable[..., Newsroom]
ASKED = "approve = ['duty', 'chief']"


def actions(room: Newsroom) -> list[tuple[str, str]]:
    return [(each.who, each.what) for each in room.store.desk.actions()]


def test_who_acknowledges_is_the_user_that_the_bot_knows(newsroom: Make, users: str) -> None:
    room = newsroom(users=users)
    room.put()
    room.drain()
    assert room.press("ack") == "Acknowledged: nobody is reminded of it any more."
    assert actions(room) == [("anna (telegram)", "acknowledge")]


def test_a_message_that_reminds_of_several_changes_links_each_and_acknowledges_what_it_says(newsroom: Make) -> None:
    room = newsroom(top="[web]\nbase_url = 'https://watch.test'\n")
    rule = AlertRule.model_validate({"to": ["chief"], "escalate": {"after": "30m", "to": ["duty"]}})
    room.config = replace(room.config, alerts=(rule,))
    for number in range(5):
        room.put(f"entry {number}")
    room.drain(minutes=31)
    room.put("later")
    room.drain()
    (told,) = (each["text"] for each in room.telegram.messages.values() if each["chat"] == CHATS["duty"])
    assert all(f'href="https://watch.test/changes/{number}"' in told for number in range(1, 6)), told
    assert room.press("ack") == "Acknowledged: nobody is reminded of it any more."
    assert [each.id for each in room.store.reminders.waiting(9)] == [11]  # after five reminders


def test_two_who_approve_at_once_make_one_decision(newsroom: Make) -> None:
    room = newsroom(ASKED)
    room.put()
    room.drain()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(room.press, "approve", "duty", ANNA, "1")
        second = pool.submit(room.press, "reject", "chief", BORIS, "2")
    said = sorted((first.result(), second.result()))
    held = room.store.approvals.find(1)
    assert held
    assert len(actions(room)) == 1
    assert sum(f"{held.who}" in each for each in said) == 1, said
    assert held.state in {ApprovalState.APPROVED, ApprovalState.REJECTED}


def test_a_press_that_is_reported_again_gets_the_same_answer(newsroom: Make) -> None:
    room = newsroom(ASKED)
    room.put()
    room.drain()
    assert [room.press("approve") for _ in range(2)] == ["Approved: it is sent within seconds."] * 2
    room.drain()
    assert (len(actions(room)), len(room.telegram.messages)) == (1, 2)


def test_a_press_that_a_kill_interrupted_is_done_as_when_it_was_first_reported(newsroom: Make) -> None:
    room = newsroom(ASKED)
    room.put()
    room.drain()
    said = room.press("approve")
    room.store.chats.answer("desk", "1", "")  # as a kill before that leaves it
    room.now += timedelta(minutes=1)
    assert room.press("approve") == said
    assert len(actions(room)) == 1


def test_a_press_after_a_decision_is_told_who_decided(newsroom: Make) -> None:
    room = newsroom(ASKED)
    room.put()
    room.drain()
    room.press("reject", who=ANNA, number="1")
    said = room.press("approve", "chief", who=BORIS, number="2")
    assert "Rejected: Anna (telegram 7)" in said
    room.drain()
    assert room.store.outbox.counts(room.now)["sent"] == 2  # the two questions


def test_a_text_that_the_register_has_overtaken_is_asked_for_anew_and_then_approved(newsroom: Make) -> None:
    room = newsroom(ASKED)
    room.put()
    room.drain()
    room.now += timedelta(minutes=1)
    room.put(change="removed")
    said = room.press("approve")
    assert said.startswith("The register has changed since")
    room.drain()
    assert room.press("approve", number="2") == "Approved: it is sent within seconds."


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"who": 4711}, "You are not one of those"),
        ({"who": CARL}, "You are not one of those"),
        ({"who": BORIS}, "You are not one of those"),
        ({"chat": "-1003"}, "This chat is not one of those"),
        ({"chat": "-4711"}, "This chat is not one of those"),
    ],
)
def test_a_press_of_a_stranger_is_answered_and_leaves_nothing(newsroom: Make, users: str, how: Any, said: str) -> None:
    room = newsroom(users=users)
    room.put()
    room.drain()
    assert room.press("ack", **how).startswith(said)
    assert (actions(room), room.store.chats.expire(room.now + timedelta(days=1), 9)) == ([], 0)


def test_a_snooze_lasts_an_hour_whoever_presses_then(newsroom: Make) -> None:
    room = newsroom()
    room.put()
    room.drain()
    said = room.press("snooze")
    assert "2025-07-17 13:00 UTC" in said
    room.press("ack", number="3")
    assert "12:00 UTC" in room.press("ack", "chief", BORIS, number="4")
    room.now += timedelta(minutes=10)
    assert room.press("snooze", "chief", number="2") == said
    assert [(each.kind, each.name) for each in room.store.snoozes.all(room.now)] == [("entity", "telegram")]


def test_an_old_message_is_not_answered_any_more(newsroom: Make) -> None:
    room = newsroom()
    room.put()
    room.drain()
    room.now += timedelta(days=8)
    assert room.press("ack").startswith("This message is too old")
    assert actions(room) == []


def test_a_message_that_was_sent_twice_is_known_in_both_places(newsroom: Make) -> None:
    room = newsroom()
    room.put()
    room.drain()
    (first, _) = room.store.chats.open(room.now, 9)
    room.store.chats.note(first.key, CHATS["duty"], "77", room.now)
    room.store.chats.note(first.key, CHATS["duty"], "77", room.now)
    assert len(room.store.chats.open(room.now, 9)) == 3


def test_presses_are_forgotten_in_time(newsroom: Make) -> None:
    room = newsroom()
    room.put()
    room.drain()
    room.press("ack")
    assert [room.store.chats.expire(room.now + timedelta(days=days), 9) for days in (0, 1, 1)] == [0, 1, 0]
