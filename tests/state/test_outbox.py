"""The outbox: a delivery is a row before it is a message, and a message is stored before it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from state.model import ChannelTrouble, DeliveryState, Event, EventKind, Past, Route
from state.store import Store
from tests.storing import add_event

HOUR = timedelta(hours=1)


def standings(store: Store) -> dict[int, tuple[str, str | None]]:
    return {each.id: (each.state.value, each.error) for each in reversed(store.outbox.deliveries())}


def test_what_is_due_comes_oldest_first(desk: Any, noon: datetime) -> None:
    late, soon, held = (desk.alert("desk", due=noon + hours * HOUR) for hours in (0, -1, 1))
    assert [each.event for each in desk.store.outbox.due(noon)] == [soon, late]
    assert [each.event for each in desk.store.outbox.due(noon + HOUR)] == [soon, late, held]


def test_what_is_due_can_be_asked_by_channel(desk: Any, noon: datetime) -> None:
    desk.alert("desk", "chat")
    assert [each.channel for each in desk.store.outbox.due(noon, ["chat", "ops"])] == ["chat"]
    assert desk.store.outbox.due(noon, []) == []


def test_a_composed_message_is_stored_with_its_members(desk: Any, noon: datetime) -> None:
    for title in ("one", "two"):
        desk.alert("desk", title=title)
    message = desk.compose(key="k1")
    assert desk.store.outbox.due(noon) == []
    assert desk.store.outbox.unsent(noon) == [message]
    assert (message.key, message.channel, message.deliveries, message.created, message.attempts) == (
        "k1",
        "desk",
        (1, 2),
        noon,
        0,
    )
    assert [each.message for each in desk.store.outbox.deliveries()] == [message.id, message.id]


def test_a_retry_is_the_very_same_message(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    message = desk.compose()
    desk.store.outbox.note_failure(message, "451 try later", noon + HOUR, noon)
    desk.alert("desk")
    assert desk.store.outbox.unsent(noon + HOUR - timedelta(seconds=1)) == []
    (again,) = desk.store.outbox.unsent(noon + HOUR)
    assert (again.id, again.key, again.text, again.deliveries, again.attempts) == (message.id, "key", "text", (1,), 1)


def test_what_the_server_said_is_kept_on_the_deliveries(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    message = desk.compose()
    desk.store.outbox.note_failure(message, "550 no such user", noon + HOUR, noon)
    desk.store.outbox.note_failure(message, "451 try later", noon + HOUR, noon)
    (delivery,) = desk.store.outbox.deliveries(DeliveryState.PENDING)
    assert (delivery.error, delivery.attempts) == ("451 try later", 2)


def test_a_sent_message_is_done(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    message = desk.compose()
    desk.store.outbox.note_failure(message, "451 try later", noon, noon)
    desk.store.outbox.sent(message, noon)
    assert desk.store.outbox.unsent(noon + HOUR) == []
    (delivery,) = desk.store.outbox.deliveries()
    assert (delivery.state, delivery.error, delivery.attempts) == (DeliveryState.SENT, None, 2)


def test_messages_go_out_in_the_order_they_were_composed(desk: Any, noon: datetime) -> None:
    for key in ("k1", "k2"):
        desk.alert("desk")
        desk.compose(key=key)
    desk.store.outbox.note_failure(desk.store.outbox.unsent(noon)[0], "451", noon + timedelta(seconds=1), noon)
    assert [message.key for message in desk.store.outbox.unsent(noon + HOUR)] == ["k1", "k2"]


def test_a_delivery_that_was_dropped_meanwhile_is_not_composed(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    desk.alert("desk")
    waiting = desk.store.outbox.due(noon)
    assert desk.store.outbox.drop(waiting[0].id)
    ids = [delivery.id for delivery in waiting]
    assert desk.store.outbox.compose("desk", "key", "title", "text", "html", ids, noon) is None
    assert [each.id for each in desk.store.outbox.due(noon)] == [2]
    assert desk.store.outbox.unsent(noon) == []


def test_a_delivery_is_composed_once(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    (delivery,) = desk.store.outbox.due(noon)
    desk.compose(delivery, key="k1")
    assert desk.store.outbox.compose("desk", "k2", "title", "text", "html", [delivery.id], noon) is None


def test_a_message_that_is_given_up_is_dead_with_its_members(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    desk.alert("desk")
    message = desk.compose()
    assert desk.store.outbox.mark_dead(message, "given up: 550") == 2
    assert standings(desk.store) == {1: ("dead", "given up: 550"), 2: ("dead", "given up: 550")}
    assert desk.store.outbox.unsent(noon + HOUR) == []


def test_a_dropped_member_leaves_the_others_to_be_composed_anew(desk: Any, noon: datetime) -> None:
    for _ in range(3):
        desk.alert("desk")
    message = desk.compose()
    assert desk.store.outbox.drop(2)
    assert standings(desk.store) == {1: ("pending", None), 2: ("dead", "dropped"), 3: ("pending", None)}
    assert desk.store.outbox.unsent(noon) == []
    assert [each.id for each in desk.store.outbox.due(noon)] == [1, 3]
    desk.compose(key="again")
    assert message.deliveries != desk.store.outbox.unsent(noon)[0].deliveries


def test_a_message_taken_apart_while_it_is_sent_has_sent_the_rest(desk: Any, noon: datetime) -> None:
    for _ in range(2):
        desk.alert("desk")
    message = desk.compose()
    desk.store.outbox.drop(1)
    desk.alert("desk")
    fresh = desk.compose(key="again")
    if desk.store._database.name.endswith("state.db"):
        assert fresh.id == message.id, "SQLite uses the number again"
    desk.store.outbox.sent(message, noon)
    assert standings(desk.store) == {1: ("dead", "dropped"), 2: ("sent", None), 3: ("pending", None)}
    assert [(waiting.key, waiting.deliveries) for waiting in desk.store.outbox.unsent(noon)] == [("again", (3,))]


def test_what_waits_for_a_channel_that_is_gone_is_dead_with_that_reason(desk: Any, noon: datetime) -> None:
    desk.alert("desk", "chat", "old")
    desk.alert("old", due=noon + HOUR)
    gone = "the channel is gone from the configuration"
    assert desk.store.outbox.mark_channels_dead({"desk": 1, "chat": 2}, gone) == 2
    assert desk.store.outbox.mark_channels_dead(["desk", "chat"], gone) == 0
    assert standings(desk.store) == {1: ("pending", None), 2: ("pending", None), 3: ("dead", gone), 4: ("dead", gone)}


def test_a_dead_message_is_taken_up_again_as_it_was(desk: Any, noon: datetime) -> None:
    for _ in range(2):
        desk.alert("desk")
    message = desk.compose()
    desk.store.outbox.note_failure(message, "550", noon + HOUR, noon)
    desk.store.outbox.mark_dead(message, "given up: 550")
    later = noon + 4 * HOUR
    assert desk.store.outbox.retry(2, later)
    assert standings(desk.store) == {1: ("pending", None), 2: ("pending", None)}
    (again,) = desk.store.outbox.unsent(later)
    assert (again.key, again.deliveries, again.attempts, again.created) == ("key", (1, 2), 0, later)


def test_a_waiting_message_is_tried_at_once(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    desk.store.outbox.note_failure(desk.compose(), "451", noon + HOUR, noon)
    assert desk.store.outbox.retry(1, noon)
    assert len(desk.store.outbox.unsent(noon)) == 1


def test_a_held_delivery_is_due_at_once(desk: Any, noon: datetime) -> None:
    desk.alert("desk", due=noon + HOUR)
    assert desk.store.outbox.retry(1, noon)
    assert [each.due for each in desk.store.outbox.due(noon)] == [noon]


def test_a_dropped_delivery_can_be_taken_up_again(desk: Any, noon: datetime) -> None:
    for _ in range(2):
        desk.alert("desk")
    desk.compose()
    desk.store.outbox.drop(1)
    assert desk.store.outbox.retry(1, noon)
    assert [each.id for each in desk.store.outbox.due(noon)] == [1, 2]


def test_what_is_sent_or_unknown_can_be_neither_retried_nor_dropped(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    desk.store.outbox.sent(desk.compose(), noon)
    assert not any(act(number) for act in (desk.store.outbox.retry, desk.store.outbox.drop) for number in (1, 99))
    assert standings(desk.store) == {1: ("sent", None)}


def test_a_retry_without_a_time_is_due_now(desk: Any, noon: datetime) -> None:
    desk.alert("desk", due=noon + 1_000_000 * HOUR)
    before = datetime.now(noon.tzinfo)
    assert desk.store.outbox.retry(1)
    assert before <= desk.store.outbox.deliveries()[0].due <= datetime.now(noon.tzinfo)


def test_deliveries_are_counted_and_listed_newest_first(desk: Any, noon: datetime) -> None:
    assert desk.store.outbox.counts() == {"held": 0, "unapproved": 0, "pending": 0, "sent": 0, "dead": 0}
    for _ in range(4):
        desk.alert("desk")
    desk.alert("desk", due=noon + HOUR)
    desk.store.outbox.sent(desk.compose(*desk.store.outbox.due(noon)[:1]), noon)
    desk.store.outbox.drop(2)
    assert desk.store.outbox.counts(noon) == {"held": 1, "unapproved": 0, "pending": 2, "sent": 1, "dead": 1}
    assert [each.id for each in desk.store.outbox.deliveries()] == [5, 4, 3, 2, 1]
    assert [each.id for each in desk.store.outbox.deliveries(DeliveryState.PENDING, limit=1)] == [5]


@pytest.mark.parametrize("count", [1, 1201])
def test_many_deliveries_make_one_message(desk: Any, noon: datetime, count: int) -> None:
    event = desk.alert()
    channels = [f"channel-{number}" for number in range(count)]
    add_event(desk.store, event, channels, noon)
    assert len(desk.store.outbox.due(noon)) == count
    assert desk.store.outbox.mark_dead([each.id for each in desk.store.outbox.due(noon)], "enough") == count


def test_the_log_is_read_newest_first(desk: Any, noon: datetime) -> None:
    for number in range(4):
        desk.alert(title=str(number))
    assert [event.data["title"] for event in desk.store.log.events()] == ["3", "2", "1", "0"]
    assert [event.data["title"] for event in desk.store.log.events(limit=1)] == ["3"]
    assert len(desk.store.log.events(limit=None)) == 4


def test_an_event_that_does_not_exist_is_none(store: Store) -> None:
    assert store.log.event(1) is None


def test_a_channel_is_in_trouble_since_its_first_failure(store: Store, noon: datetime) -> None:
    store.channels.note_failure("desk", noon)
    trouble = store.channels.note_failure("desk", noon + HOUR)
    assert (trouble.channel, trouble.since, trouble.told) == ("desk", noon, False)
    store.channels.note_alert("desk")
    store.channels.note_failure("chat", noon - HOUR)
    assert [(each.channel, each.told) for each in store.channels.troubles()] == [("chat", False), ("desk", True)]


def test_a_channel_that_works_again_says_whether_its_trouble_was_told(store: Store, noon: datetime) -> None:
    assert store.channels.note_recovery("desk") is None
    store.channels.note_failure("desk", noon)
    store.channels.note_alert("desk")
    trouble = store.channels.note_recovery("desk")
    assert trouble is not None
    assert (trouble.since, trouble.told) == (noon, True)
    assert store.channels.note_recovery("desk") is None


def test_a_channel_whose_trouble_began_in_the_future_is_in_trouble_since_now(store: Store, noon: datetime) -> None:
    store.channels.note_failure("desk", noon + HOUR)
    store.channels.note_alert("desk")
    assert store.channels.note_failure("desk", noon) == ChannelTrouble("desk", noon, told=True)


def test_what_tells_of_a_channel_is_stored_together_with_that_it_was_told(store: Store, noon: datetime) -> None:
    alert = Event(EventKind.HEALTH, "", "channel desk", "", noon, None, {"status": "failing"}), [Route("ops", noon)]
    store.channels.note_failure("desk", noon)
    store.channels.note_alert("desk", alert)
    store.channels.note_recovery("desk", lambda trouble: alert)
    assert [delivery.channel for delivery in store.outbox.due(noon)] == ["ops", "ops"]


def test_the_alert_about_what_is_given_up_counts_it_by_channel(desk: Any, noon: datetime) -> None:
    told: list[tuple[str, int]] = []

    def tell(channel: str, lost: int) -> Any:
        told.append((channel, lost))
        return Event(EventKind.HEALTH, "", f"channel {channel}", "", noon, None, {"status": "given up"}), [
            Route("ops", noon)
        ]

    desk.alert("desk", "chat")
    desk.alert("desk")
    assert desk.store.outbox.mark_dead([each.id for each in desk.store.outbox.due(noon)], "enough", tell) == 3
    assert sorted(told) == [("chat", 1), ("desk", 2)]
    assert desk.store.outbox.mark_dead([each.id for each in desk.store.outbox.due(noon)], "enough", tell) == 2
    assert len(told) == 2, "alerts about channels tell of no further ones"


def test_what_came_in_a_future_that_was_none_does_not_wait_for_it(desk: Any, noon: datetime) -> None:
    day = 24 * HOUR
    event = Event(EventKind.CHANGE, "register", "The register", "record", noon + day, None, {})
    add_event(desk.store, event, ["desk"], noon + day + HOUR)
    assert len(desk.store.outbox.due(noon)) == desk.store.outbox.overdue(noon) == 1
    message = desk.compose(*desk.store.outbox.due(noon), now=noon)
    desk.store.outbox.trying(message, noon + day)
    desk.store.outbox.note_failure(message, "503", noon + day + HOUR, noon + day)
    assert desk.store.outbox.unsent(noon) == [message._replace(attempts=1)]


def test_what_waits_for_a_channel_that_works_again_is_tried_at_once(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    message = desk.compose()
    desk.store.outbox.note_failure(message, "503", noon + HOUR, noon)
    desk.store.outbox.retry_now("chat", noon)
    assert desk.store.outbox.unsent(noon) == []
    desk.store.outbox.retry_now("desk", noon)
    assert desk.store.outbox.unsent(noon) == [message._replace(attempts=1)]


def test_the_trouble_of_a_channel_that_is_gone_is_forgotten(store: Store, noon: datetime) -> None:
    store.channels.note_failure("chat", noon)
    store.outbox.mark_channels_dead(["desk"], "gone")
    assert store.channels.troubles() == []


def test_telling_of_a_channel_that_is_well_changes_nothing(store: Store) -> None:
    store.channels.note_alert("desk")
    assert store.channels.troubles() == []


def test_a_health_event_is_found_by_its_kind(desk: Any, noon: datetime) -> None:
    desk.alert()
    assert desk.store.log.events(kind=EventKind.HEALTH) == []
    assert len(desk.store.log.events(kind=EventKind.CHANGE)) == 1


def test_what_a_channel_got_lately_and_what_waits_for_it(desk: Any, noon: datetime) -> None:
    desk.alert("desk")
    desk.store.outbox.sent(desk.compose(), noon)
    desk.alert("desk")
    desk.compose(key="another")
    past = partial(desk.store.outbox.past, now=noon)
    assert past("desk", noon - timedelta(hours=1)) == Past([noon], 1)
    assert past("desk", noon) == Past([], 1)
    assert past("ops", noon - timedelta(hours=1)) == Past([], 0)
