"""A channel's decisions: which messages are next, when a message is tried again, and which files are attached."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.channel import LARGEST_FILES, TRIES_WITH_FILES, Channel
from alerts.message.recipient import File
from alerts.service_answer import ServiceAnswer
from state.model import Delivery, DeliveryState, Event, EventKind, Message, Past
from tests.slack_players import BOT

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
DESK = Channel(url="json://desk.example/")


def message(key: str, **more: Any) -> Message:
    return Message(1, key, "desk", "title", "text", "html", (1,), NOON, **more)


def chosen(*due: str, failing: bool = False) -> list[str]:
    waiting = [message(key) for key in "abc"]
    return [each.key for each in DESK.next_messages(waiting, due, failing=failing)]


def test_the_messages_that_are_due_are_next() -> None:
    assert chosen("b", "c") == ["b", "c"]
    assert chosen() == []


def test_one_shot_runs_try_all() -> None:
    waiting = [message(key) for key in "abc"]
    assert DESK.next_messages(waiting, None) == waiting


def test_where_nothing_has_gone_out_for_a_while_the_oldest_is_first() -> None:
    assert chosen("b", failing=True) == ["a", "b"]
    assert chosen("a", "b", failing=True) == ["a", "b"]
    assert chosen(failing=True) == []


def test_a_message_is_tried_again_later_and_later_until_it_is_given_up() -> None:
    first, later = (DESK.next_try(message("a", attempts=attempts), NOON) for attempts in (0, 5))
    assert first
    assert later
    assert timedelta(seconds=27) <= first - NOON <= timedelta(seconds=30) < later - NOON
    assert DESK.next_try(message("a"), NOON + timedelta(days=3)) is None


@pytest.mark.parametrize(("attempts", "takes"), [(0, True), (TRIES_WITH_FILES, False)])
def test_files_go_along_but_where_they_may_be_why_a_message_is_not_taken(attempts: int, takes: bool) -> None:
    assert DESK.takes_files(message("a", attempts=attempts)) is takes


def test_which_services_take_files() -> None:
    assert Channel(url="mailto://user:pass@example.org").takes_files(message("a"))
    assert not Channel(url="what is no url").takes_files(message("a"))


def test_the_first_files_go_along_while_there_is_room() -> None:
    half = bytes(LARGEST_FILES // 2)
    files = [File(name, half) for name in "abc"]
    assert [file.name for file in DESK.limit_files(files)] == ["a", "b"]


def test_a_service_that_is_gone_gets_no_second_try() -> None:
    assert DESK.next_try(message("a"), NOON, ServiceAnswer("410 Gone", gone=True)) is None


def test_a_service_that_asks_to_wait_is_left_alone_for_so_long_at_least() -> None:
    waits = [
        DESK.next_try(message("a"), NOON, ServiceAnswer("busy", wait=timedelta(seconds=wait))) for wait in (5, 3600)
    ]
    assert [at and round((at - NOON) / timedelta(seconds=30)) for at in waits] == [1, 120]


def test_what_others_must_not_overtake_is_tried_soon_after_the_time_that_a_service_asks_for() -> None:
    def wait(seconds: int, attempts: int) -> float:
        limit = ServiceAnswer("slowly", wait=timedelta(seconds=seconds), in_turn=True)
        at = DESK.next_try(message("a", attempts=attempts), NOON, limit)
        return (at - NOON).total_seconds() if at else 0

    assert [wait(5, 0), wait(3600, 0), wait(600, 20)] == [5, 3600, 600]
    assert 100 <= wait(5, 20) <= 120


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"secret": "abc"}, 'has to be "whsec_" and a key'),
        ({"secret": "whsec_c2hvcnQ="}, 'has to be "whsec_" and a key'),
        ({"secret": []}, "one secret, or a list of two"),
        ({"format": "message", "batch": 5}, 'for a channel with format = "event"'),
    ],
)
def test_a_channel_for_programs_has_its_own_mistakes(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        Channel.model_validate({"url": "https://a.example/", "format": "event", **options})
    assert "c2hvcnQ" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "format_", "sound"),
    [
        ("https://a.example/", "event", True),
        ("http://127.0.0.1:8/x", "event", True),
        ("json://a.example/", "event", False),
        ("https://a.example/", "message", False),
        ("https:///x", "event", False),
    ],
)
def test_the_address_fits_the_format(url: str, format_: str, sound: bool) -> None:
    assert (Channel.model_validate({"url": url, "format": format_}).problem() is None) is sound


def test_changes_are_batched_and_everything_else_goes_alone() -> None:
    kinds = [EventKind.CHANGE] * 3 + [EventKind.HEALTH] * 2 + [EventKind.CHANGE]
    channel = Channel(url="https://a.example/", format="event", batch=2)
    events = [Event(kind, "list", "list", "record", NOON, None, {"key": "k"}, id=at) for at, kind in enumerate(kinds)]
    due = [Delivery(event.id, event, "desk", DeliveryState.PENDING, NOON, NOON) for event in events]
    assert [[each.id for each in batch] for batch in channel.batches(due)] == [[0, 1], [2], [3], [4], [5]]


def delivery(number: int) -> Delivery:
    event = Event(EventKind.CHANGE, "list", "list", "record", NOON, None, {"key": "k"}, id=number)
    return Delivery(number, event, "desk", DeliveryState.PENDING, NOON, NOON, digest=True)


def planned(sent: int, waiting: int = 0, due: int = 1, **options: Any) -> tuple[list[int], list[int], float | None]:
    """The sizes of the messages that are composed, what waits, and for how many minutes."""
    channel = Channel.model_validate({"url": "json://desk.example/", "at_most": "3/hour", **options})
    times = [NOON - timedelta(minutes=10 * (sent - at)) for at in range(sent)]
    plan = channel.plan([delivery(number) for number in range(due)], Past(times, waiting), NOON)
    until = (plan.until - NOON) / timedelta(minutes=1) if plan.until else None
    return [len(some) for some in plan.messages], [each.id for each in plan.later], until


def test_while_there_is_room_nothing_is_limited() -> None:
    assert planned(sent=2) == ([1], [], None)
    assert planned(sent=50, at_most=None) == ([1], [], None)


def test_without_room_all_waits_until_the_oldest_is_an_hour_old() -> None:
    assert planned(sent=3, due=2) == ([], [0, 1], 30)
    assert planned(sent=2, waiting=1) == ([], [0], 40)
    assert planned(sent=0, waiting=5) == ([], [0], 60)


def test_what_is_over_comes_in_one_message() -> None:
    assert planned(sent=0, due=5, text="{{ title }}") == ([1, 1, 3], [], None)
    assert planned(sent=2, due=5, text="{{ title }}") == ([5], [], None)


def test_a_program_gets_what_is_over_later() -> None:
    program = {"url": "https://a.example/", "format": "event"}
    assert planned(sent=1, due=4, **program) == ([1, 1], [2, 3], 50)


def test_messages_of_the_future_do_not_count_when_the_clock_was_moved_back() -> None:
    channel = Channel(url="json://desk.example/", at_most="1/hour")  # type: ignore[arg-type]
    assert len(channel.plan([delivery(1)], Past([NOON + timedelta(days=1)]), NOON).messages) == 1


@pytest.mark.parametrize(
    ("text", "sound"), [("10/hour", True), ("3 per minute", True), ("0/hour", False), ("9", False)]
)
def test_a_limit_is_a_number_and_a_time(text: str, sound: bool) -> None:
    try:
        assert (
            str(Channel.model_validate({"url": "json://a/", "at_most": text}).at_most).startswith(text[:2].strip())
            is sound
        )
    except ValueError:
        assert not sound


FOR_READERS = Channel(url="mailto://desk:word@127.0.0.1:25?from=a@example.org&to={reader}", readers=True)


def test_a_channel_for_readers_goes_to_one_of_them() -> None:
    assert FOR_READERS.problem() is None
    assert FOR_READERS.for_reader("ann+x@example.org").url.endswith("&to=ann%2Bx%40example.org")


@pytest.mark.parametrize(
    "url", ["mailto://desk:word@127.0.0.1:25?from=a@example.org&to=b@example.org", "json://127.0.0.1/{reader}"]
)
def test_a_channel_for_readers_is_a_mail_server_with_a_place_for_the_address(url: str) -> None:
    assert "to={reader}" in (Channel(url=url, readers=True).problem() or "")


@pytest.mark.parametrize("options", [{"approve": ("desk",)}, {"at_most": "1/hour"}, {"format": "event"}])
def test_what_readers_follow_is_not_held_back(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="readers = true"):
        Channel(url=FOR_READERS.url, readers=True, **options)


@pytest.mark.parametrize(
    ("url", "files"), [("ntfy://127.0.0.1/duty", False), (f"slack://{BOT}/C0123", False), ("tgram://1:a/2", True)]
)
def test_a_message_with_buttons_has_files_where_the_service_takes_them_beside(url: str, *, files: bool) -> None:
    url = url.replace("1:a", "123456789:abcdefg_hijklmnop")
    assert Channel(url=url).service().files
    assert Channel(url=url, buttons=True).service().files is files
