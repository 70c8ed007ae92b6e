"""Changes that somebody has to acknowledge, and what people want to hear of later."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from alerts import language
from alerts.channel import Channel
from alerts.links import claim_of
from alerts.options import AlertRule
from alerts.rules import routes_for
from state.db.tables.people import ESCALATIONS, Snooze
from state.model import DeliveryState, Event
from state.store import Store
from tests.alerts.test_message_languages import Tifinagh
from tests.storing import came
from watcher.config.load import Config, load
from watcher.delivery.deliver import Deliverer

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)


class Watch:
    """A state, a rule that goes on until somebody acknowledges, and a clock that is moved by hand."""

    def __init__(self, config: Config, store: Store, site: Any) -> None:
        self.config, self.store, self.site, self.now = config, store, site, NOON

    def put(self, title: str, *entities: str, source: str = "list") -> Event:
        event = came(title, self.now, *entities, source=source)
        return self.store.log.add_alert((event, routes_for(event, self.config.alerts, self.now, self.config.timezone)))

    def drain(self, **passed: float) -> None:
        self.now += timedelta(**passed)
        Deliverer(self.config, self.store, lambda: self.now).drain()

    def told(self, channel: str) -> list[Any]:
        return self.site.sent(f"/{channel}")

    def titles(self, channel: str) -> list[str]:
        return [told["title"] for told in self.told(channel)]


@pytest.fixture
def shift(site: Any, configure: Callable[..., Any], state_url: str) -> Iterator[Watch]:
    hook = site.url("").replace("http", "json")
    channels = "".join(f"[channels.{name}]\nurl = '{hook}/{name}'\n" for name in ("desk", "phone"))
    rules = "[[alerts]]\nto = ['desk']\nescalate = { after = '30m', to = ['phone'] }\n"
    top = f"state = '{state_url}'\n[web]\nbase_url = 'https://watch.test'\n[entities.sable]\nnames = ['Sable']\n"
    config = load(configure(f"{top}{channels}{rules}"))
    for name in ("desk", "phone"):
        site.page(f"/{name}")
    with Store.open(config.state) as store:
        yield Watch(config, store, site)


def test_the_phone_is_told_again_and_again_until_somebody_acknowledges(shift: Watch) -> None:
    event = shift.put("one")
    shift.drain()
    assert (len(shift.titles("desk")), shift.titles("phone")) == (1, [])
    shift.drain(minutes=29)
    assert shift.titles("phone") == []
    for number in range(1, 4):
        shift.drain(minutes=30)
        assert shift.titles("phone") == ["Not acknowledged: one: added (list)"] * number
    assert shift.store.reminders.acknowledge(event.id, "ada", shift.now)
    for _ in range(5):
        shift.drain(hours=3)
    assert len(shift.titles("phone")) == 3
    assert [(each.what, each.who) for each in shift.store.desk.actions()] == [("acknowledge", "ada")]


def test_a_reminder_says_what_has_become_of_the_entry_since(shift: Watch) -> None:
    for change in ("added", "removed"):
        event = replace(came("one", shift.now, source="list"), data={**came("one", shift.now).data, "change": change})
        routes = routes_for(event, shift.config.alerts, shift.now, shift.config.timezone)
        shift.store.log.add_alert((event, routes))
        shift.drain(minutes=31)
    since = "What changed since then: one: removed, noticed 2025-07-17 12:31:00 UTC"
    assert [told["message"].count(since) for told in shift.told("phone")] == [0, 1]  # of the former change alone


def test_a_change_that_is_handled_at_the_desk_is_acknowledged(shift: Watch) -> None:
    event = shift.put("one")
    assert shift.store.desk.handle(event.id, "ada", shift.now)
    shift.drain(hours=2)
    assert shift.titles("phone") == []


def test_a_reminder_that_waits_is_dropped_when_somebody_acknowledges(shift: Watch) -> None:
    event = shift.put("one")
    shift.site.page("/phone", status=503)
    shift.drain(hours=1)
    assert shift.store.reminders.acknowledge(event.id, "ada", shift.now)
    shift.site.page("/phone")
    before = len(shift.titles("phone"))
    shift.drain(hours=3)
    assert len(shift.titles("phone")) == before
    assert shift.store.outbox.counts()["pending"] == 0


def test_each_change_is_acknowledged_by_itself(shift: Watch) -> None:
    first, second = shift.put("one"), shift.put("two")
    shift.store.reminders.acknowledge(first.id, "ada", shift.now)
    shift.drain(minutes=31)
    assert shift.titles("phone") == ["Not acknowledged: two: added (list)"]
    with shift.store._database.reading() as connection:
        assert connection.scalars(select(ESCALATIONS.c.event_id)).all() == [second.id]


def acknowledgements(text: str) -> list[str]:
    return re.findall(r"Acknowledge(?:, .*)?: (https://watch\.test/act/\S+)", text)


def test_what_is_due_together_is_one_message_with_a_link_for_each_change(shift: Watch) -> None:
    events = [shift.put(f"entry {number:02}") for number in range(44)]
    shift.drain(minutes=31)
    (told,) = shift.told("phone")
    assert told["title"] == "Not acknowledged: entry 00: added (list) +43"
    assert told["message"].startswith("NOT ACKNOWLEDGED: 44 changes\n")
    assert all(told["message"].count(f"entry {number:02}: added") == 1 for number in range(44))
    assert len(set(acknowledgements(told["message"]))) == 44
    key = shift.store.feed_keys.value_or_new("links")
    claims = [claim_of(link.rpartition("/")[2], key, shift.now) for link in acknowledgements(told["message"])]
    assert [each and (each.what, each.number) for each in claims] == [("acknowledge", each.id) for each in events]
    shift.store.reminders.acknowledge(events[7].id, "ada", shift.now)
    shift.drain(minutes=31)
    _, again = shift.told("phone")
    assert len(acknowledgements(again["message"])) == 43
    assert "entry 07" not in again["message"]


def test_of_reminders_that_wait_together_only_what_is_acknowledged_is_dropped(shift: Watch) -> None:
    first, *_ = [shift.put(title) for title in ("one", "two", "three")]
    shift.site.page("/phone", status=503)
    shift.drain(minutes=31)
    (tried,) = shift.told("phone")
    shift.drain(minutes=1)
    assert [told["message"] for told in shift.told("phone")] == [tried["message"]] * 2
    assert shift.store.reminders.acknowledge(first.id, "ada", shift.now)
    shift.site.page("/phone")
    shift.drain(minutes=1)
    *_, sent = shift.told("phone")
    assert [title in sent["message"] for title in ("one: added", "two: added", "three: added")] == [False, True, True]
    assert shift.store.outbox.counts()["pending"] == 0


def test_reminders_are_no_part_of_a_message_about_changes(shift: Watch) -> None:
    shift.config = replace(
        shift.config, alerts=(*shift.config.alerts, AlertRule.model_validate({"to": ["phone"], "sources": ["news"]}))
    )
    shift.put("one")
    shift.drain()
    shift.now += timedelta(minutes=31)
    shift.put("two", source="news")
    shift.drain()
    assert sorted(shift.titles("phone")) == ["Not acknowledged: one: added (list)", "two: added (news)"]


def test_a_reminder_and_the_alert_have_a_link(shift: Watch) -> None:
    shift.put("one")
    shift.drain()
    shift.drain(minutes=31)
    for channel in ("desk", "phone"):
        assert re.search(r"Acknowledge: https://watch\.test/act/\S+", shift.told(channel)[0]["message"])


@pytest.mark.parametrize("whose", ["rule", "channel"])
def test_what_has_to_be_approved_gives_the_public_no_link_to_acknowledge_it(shift: Watch, whose: str) -> None:
    public = {"url": shift.config.channels["desk"].url.replace("desk", "public")}
    asks = {"approve": ["phone"], "approve_within": "1m send"}
    channel = Channel.model_validate(public | (asks if whose == "channel" else {}))
    rule = AlertRule.model_validate({"to": ["public"]} | (asks if whose == "rule" else {}))
    approvals = {"public": channel.approval} if channel.approval else {}
    shift.config = replace(
        shift.config,
        channels={**shift.config.channels, "public": channel},
        alerts=(*shift.config.alerts, rule.under(approvals)),
    )
    shift.site.page("/public")
    shift.put("one")
    shift.drain()
    shift.drain(minutes=2)
    assert [("/act/" in told["message"]) for told in shift.told("public")] == [False]


def test_only_those_whom_the_rule_alerts_get_a_link_to_acknowledge(shift: Watch) -> None:
    other = Channel.model_validate({"url": shift.config.channels["desk"].url.replace("desk", "other")})
    alerts = (*shift.config.alerts, AlertRule.model_validate({"to": ["other"]}))
    shift.config = replace(shift.config, channels={**shift.config.channels, "other": other}, alerts=alerts)
    shift.site.page("/other")
    shift.put("one")
    shift.drain()
    assert ["/act/" in shift.told(name)[0]["message"] for name in ("desk", "other")] == [True, False]


def test_long_after_a_standstill_there_is_one_reminder_and_not_one_for_each_half_hour(shift: Watch) -> None:
    shift.put("one")
    shift.drain(days=3)
    shift.drain(seconds=5)
    assert len(shift.titles("phone")) == 1


def test_a_clock_that_was_moved_back_silences_nobody(shift: Watch) -> None:
    shift.now += timedelta(days=400)
    shift.put("one")
    shift.drain(days=-400)
    assert len(shift.titles("phone")) == 1
    shift.drain(minutes=31)
    assert len(shift.titles("phone")) == 2


def test_changes_are_acknowledged_on_the_command_line(shift: Watch, watch: Any) -> None:
    event = shift.put("one")
    ran = watch("ack", str(event.id))
    assert (ran.code, ran.out) == (0, f"{event.id}: acknowledged\n")
    assert watch("ack", "999").code == 2
    shift.drain(hours=1)
    assert shift.titles("phone") == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("escalate = { after = '10s', to = ['phone'] }", 'has to be at least "1m"'),
        ("escalate = { after = '1h', to = ['phnoe'] }", 'there is no channel "phnoe"'),
        ("escalate = { to = ['phone'] }", "after: is missing"),
        ("health = true\nescalate = { after = '1h', to = ['phone'] }", "escalate cannot be used with it"),
    ],
)
def test_mistakes_are_told(configure: Any, watch: Any, keys: str, said: str) -> None:
    configure(f"[channels.phone]\nurl = 'json://phone.example'\n[[alerts]]\nto = ['phone']\n{keys}\n")
    assert said in watch("check-config").err


# ---- later


def snooze(shift: Watch, kind: str, name: str, **span: float) -> int:
    until = shift.now + timedelta(**span)
    return shift.store.snoozes.snooze(
        Snooze.model_construct(kind=kind, name=name, at=shift.now, until=until, who="ada")
    )


@pytest.mark.parametrize(("kind", "name"), [("source", "list"), ("entity", "sable")])
def test_what_is_snoozed_comes_later_and_together(shift: Watch, kind: str, name: str) -> None:
    snooze(shift, kind, name, hours=2)
    for title in ("one", "two"):
        shift.put(title, "sable")
        shift.drain(minutes=1)
    shift.put("other", source="other")
    shift.drain(minutes=1)
    assert shift.titles("desk") == ["other: added (other)"]
    assert shift.store.outbox.counts(shift.now)["held"] == 2
    shift.drain(hours=2)
    assert len(shift.titles("desk")) == 2
    assert shift.titles("desk")[1].endswith("+1")
    assert [title for title in shift.titles("phone") if "other" not in title] == []
    shift.drain(minutes=30)
    assert shift.titles("phone")[1:] == ["Not acknowledged: sable: added, one (list) +2"]  # with the other one


def test_what_waits_already_is_snoozed_too_and_wakes_at_once(shift: Watch) -> None:
    shift.put("one")
    assert snooze(shift, "source", "list", hours=2) == 1
    shift.drain(minutes=40)
    assert (shift.titles("desk"), shift.titles("phone")) == ([], [])
    assert shift.store.snoozes.wake("source", "list", shift.now, {})
    shift.drain()
    assert (len(shift.titles("desk")), len(shift.titles("phone"))) == (1, 0)
    shift.drain(minutes=31)
    assert len(shift.titles("phone")) == 1
    assert not shift.store.snoozes.wake("source", "list", shift.now, {})


def test_what_a_digest_holds_is_left_to_it_when_a_snooze_ends(shift: Watch, watch: Any) -> None:
    text = Path("watch.toml").read_text()
    Path("watch.toml").write_text(text.replace("to = ['desk']", "to = ['desk']\ndigest = '1d'"))
    shift.config, shift.now = load(Path("watch.toml")), datetime.now(UTC)
    shift.put("one", "sable")
    held = shift.store.outbox.deliveries(DeliveryState.PENDING)
    assert "1 alert that waited" in watch("snooze", "sable", "2d").out
    assert shift.store.outbox.deliveries(DeliveryState.PENDING) != held
    assert watch("snooze", "sable", "off").code == 0
    assert shift.store.outbox.deliveries(DeliveryState.PENDING) == held


def test_a_snooze_of_the_future_keeps_nothing_when_the_clock_was_moved_back(shift: Watch) -> None:
    shift.now += timedelta(days=400)
    snooze(shift, "source", "list", hours=2)
    shift.now -= timedelta(days=400)
    shift.put("one")
    shift.drain()
    assert len(shift.titles("desk")) == 1


def test_the_command_line_snoozes_shows_and_wakes(shift: Watch, watch: Any) -> None:
    assert watch("snooze").out == "nothing is snoozed\n"
    assert watch("snooze", "sable", "2h").out.startswith("entity sable: snoozed until ")
    assert [each["name"] for each in json.loads(watch("snooze", "--json").out)["snoozed"]] == ["sable"]
    assert watch("snooze", "sable", "off").out == "entity sable: what has waited for that alone is sent now\n"
    assert watch("snooze", "sable", "off").out == "entity sable: it was not snoozed\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("sable",), "for how long?"),
        (("sable", "soon"), '"soon" is not a time'),
        (("sable", "90d"), "from a moment to 30 days"),
        (("sabel", "1h"), 'did you mean "sable"?'),
    ],
)
def test_what_cannot_be_snoozed_is_told(shift: Watch, watch: Any, argv: tuple[str, ...], said: str) -> None:
    ran = watch("snooze", *argv)
    assert (ran.code, said in ran.err) == (2, True)


def test_a_reminder_is_in_the_language_of_its_channel(shift: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _: Tifinagh())
    phone = shift.config.channels["phone"].model_copy(update={"language": "zh"})
    shift.config = replace(shift.config, channels={**shift.config.channels, "phone": phone})
    shift.put("one")
    shift.drain()
    shift.drain(minutes=31)
    assert shift.titles("desk") == ["one: added (list)"]
    (reminder,) = shift.titles("phone")
    assert re.findall("[A-Za-z]+", reminder) == ["one", "list"]
