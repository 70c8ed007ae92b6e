"""A channel's decisions: which messages are next, when a message is tried again, and which files are attached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.channel import LARGEST_FILES, TRIES_WITH_FILES, Channel, Queue
from alerts.send import File
from state.model import Message

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
DESK = Channel(url="json://desk.example/")


def message(key: str, **more: Any) -> Message:
    return Message(1, key, "desk", "title", "text", "html", (1,), NOON, **more)


def chosen(*due: str, impatient: bool = False, down: bool = False) -> list[str]:
    waiting = [message(key) for key in "abc"]
    queue = Queue(waiting, due, impatient=impatient, down=down, sent=lambda _: 0)
    return [each.key for each in DESK.next_messages(queue)]


def test_the_messages_that_are_due_are_next() -> None:
    assert chosen("b", "c") == ["b", "c"]
    assert chosen() == []


def test_one_shot_runs_try_all() -> None:
    assert chosen(impatient=True) == ["a", "b", "c"]


def test_where_nothing_has_gone_out_for_a_while_the_oldest_is_first() -> None:
    assert chosen("b", down=True) == ["a", "b"]
    assert chosen("a", "b", down=True) == ["a", "b"]
    assert chosen(down=True) == []


def test_a_message_is_tried_again_later_and_later_until_it_is_given_up() -> None:
    first, later = (DESK.next_try(message("a", attempts=attempts), NOON) for attempts in (0, 5))
    assert first
    assert later
    assert timedelta(seconds=27) <= first - NOON <= timedelta(seconds=30) < later - NOON
    assert DESK.next_try(message("a"), NOON + timedelta(days=3)) is None


@pytest.mark.parametrize(("attempts", "takes"), [(0, True), (TRIES_WITH_FILES, False)])
def test_files_go_along_but_where_they_may_be_why_a_message_is_not_taken(attempts: int, takes: bool) -> None:
    assert DESK.takes_files(message("a", attempts=attempts)) is takes


def test_the_first_files_go_along_while_there_is_room() -> None:
    half = bytes(LARGEST_FILES // 2)
    files = [File(name, half) for name in "abc"]
    assert [file.name for file in DESK.fitting(files)] == ["a", "b"]
