from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.model import DeliveryState
from state.storage.readers import MAIL, Draft, LetterText
from state.store import Store

Watch = Callable[..., Any]
Happened = Callable[..., Any]

NOW = datetime(2025, 7, 14, 10, 0, tzinfo=UTC)
AGAIN = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7, hours=5)
ANSWER = "535 5.7.8 authentication failed: the mail server does not know this user, or the password is another one"


@pytest.fixture(autouse=True)
def configured(configure: Callable[..., Path]) -> None:
    configure('timezone = "Europe/Moscow"\n')


@pytest.fixture
def failed(store: Store, happened: Happened) -> int:
    """A delivery to the desk that the server refused twice."""
    happened(to=("desk",))
    [delivery] = store.outbox.due(NOW)
    message = store.outbox.compose("desk", "key", "title", "text", "html", [delivery.id], NOW)
    assert message
    for _ in range(2):
        store.outbox.note_failure(message, ANSWER, AGAIN, NOW)
    return delivery.id


def test_without_deliveries_it_says_so_and_makes_no_state(watch: Watch, folder: Path) -> None:
    assert watch("deliveries") == (0, "0 waiting, 0 given up, 0 sent\n", "")
    assert not (folder / "state.db").exists()


def test_a_waiting_delivery_says_what_it_tells_and_what_the_server_answered(watch: Watch, failed: int) -> None:
    ran = watch("deliveries")
    assert ran.code == 0
    assert ran.out.splitlines()[1].split()[:10] == [
        str(failed),
        "pending",
        "desk",
        "2025-07-14",
        "12:31",
        "2",
        "in",
        "7",
        "d",
        "Telegram",
    ]
    assert f"{failed}: desk: {ANSWER}" in " ".join(ran.out.split())
    assert "1 waiting, 0 given up, 0 sent" in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_retry_makes_it_due_now(watch: Watch, store: Store, failed: int) -> None:
    ran = watch("deliveries", "retry", str(failed))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{failed}: due now")
    assert [message.deliveries for message in store.outbox.unsent(datetime.now(UTC))] == [(failed,)]


def test_drop_gives_it_up(watch: Watch, store: Store, failed: int) -> None:
    assert watch("deliveries", "drop", str(failed)).out == f"{failed}: given up\n"
    assert [delivery.id for delivery in store.outbox.deliveries(DeliveryState.DEAD)] == [failed]
    assert "0 waiting, 1 given up" in watch("deliveries").out


def test_a_delivery_that_does_not_exist_is_told_and_the_others_are_done(watch: Watch, failed: int) -> None:
    ran = watch("deliveries", "drop", "99", str(failed))
    assert (ran.code, ran.out) == (2, f"{failed}: given up\n")
    assert ran.err == "there is no delivery 99 that is waiting; `watch deliveries` shows them\n"


@pytest.mark.parametrize("argv", [["retry"], ["drop"], ["drop", "all"], ["resend", "1"]])
def test_a_misuse_is_a_usage_error(watch: Watch, argv: list[str]) -> None:
    ran = watch("deliveries", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_for_programs_it_is_one_object(watch: Watch, failed: int) -> None:
    told = json.loads(watch("deliveries", "--json").out)
    assert told["counts"] == {"held": 0, "unapproved": 0, "pending": 1, "sent": 0, "dead": 0}
    [delivery] = told["deliveries"]
    assert (delivery["id"], delivery["state"], delivery["channel"], delivery["error"]) == (
        failed,
        "pending",
        "desk",
        ANSWER,
    )
    assert delivery["next_try"] == AGAIN.isoformat()
    assert json.loads(watch("deliveries", "drop", str(failed), "--json").out)["done"] == [failed]
    [dropped] = json.loads(watch("deliveries", "--json").out)["deliveries"]
    assert (dropped["state"], dropped["next_try"]) == ("dead", None)


def test_what_was_never_tried_is_tried_when_it_is_due(watch: Watch, happened: Happened) -> None:
    happened(to=("desk",))
    [delivery] = json.loads(watch("deliveries", "--json").out)["deliveries"]
    assert delivery["next_try"] == delivery["due"]
    assert watch("deliveries").out.splitlines()[1].split()[5:8] == ["0", "now", "Telegram"]


@pytest.fixture
def went_out(store: Store, happened: Happened) -> list[int]:
    """Three deliveries that were sent, each in a message of its own, the last one at 13:02 in Moscow."""
    numbers = []
    for minute in range(3):
        happened(f"Firm {minute}", to=("desk",))
        [delivery] = store.outbox.due(NOW)
        message = store.outbox.compose("desk", f"key {minute}", "title", "text", "html", [delivery.id], NOW)
        assert message
        store.outbox.sent(message, NOW + timedelta(minutes=minute))
        numbers.append(delivery.id)
    return numbers


def test_what_was_sent_is_shown_with_its_time_the_newest_first(watch: Watch, went_out: list[int]) -> None:
    assert "Firm" not in watch("deliveries").out
    ran = watch("deliveries", "--sent", "--limit", "2")
    assert (ran.code, ran.err) == (0, "")
    rows = [line.split() for line in ran.out.splitlines()[1:3]]
    assert [row[:5] for row in rows] == [
        [str(went_out[2]), "desk", "2025-07-14", "13:02", "1"],
        [str(went_out[1]), "desk", "2025-07-14", "13:01", "1"],
    ]
    assert ran.out.endswith("3 sent, the newest 2 of them shown, times in Europe/Moscow\n")


def test_for_programs_what_was_sent_has_its_time(watch: Watch, went_out: list[int], failed: int) -> None:
    told = json.loads(watch("deliveries", "--sent", "--json").out)
    assert [(each["state"], each["sent"]) for each in told["deliveries"]] == [
        ("sent", (NOW + timedelta(minutes=minute)).isoformat()) for minute in (2, 1, 0)
    ]
    [waiting] = json.loads(watch("deliveries", "--json").out)["deliveries"]
    assert (waiting["id"], waiting["sent"]) == (failed, None)


def test_what_was_sent_can_not_be_retried(watch: Watch, went_out: list[int]) -> None:
    ran = watch("deliveries", "retry", str(went_out[0]), "--sent")
    assert (ran.code, "only shows" in ran.err) == (2, True)


def test_letters_to_readers_are_listed_with_what_became_of_them(watch: Watch, store: Store) -> None:
    text = LetterText("key", "title", "text", "<div>", "")
    store.letters.write([Draft("ann", MAIL, [1], [7]), Draft("bob", MAIL)], text, NOW)
    store.letters.note_failure(store.letters.all()[:1], "550 nobody", None)
    said = watch("deliveries")[1]
    assert "1 letter pending to ann by mail\n1 letter dead to bob by mail: 550 nobody\n" in said
    told = json.loads(watch("deliveries", "--json")[1])["letters"]
    assert [(each["who"], each["state"], each["events"]) for each in told] == [
        ("ann", "pending", [7]),
        ("bob", "dead", []),
    ]
