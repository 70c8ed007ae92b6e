"""Which events go to which channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.message.recipient import Promise
from alerts.options import AlertRule
from alerts.rules import hears_of_health, promise, routes_for
from state.model import Approval, Event, EventKind, Mention

NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)
TELEGRAM = Mention("telegram", "Telegram", "Telegram", "title")


def channels(event: Event, rules: Sequence[AlertRule]) -> list[str]:
    return [route.channel for route in routes_for(event, rules, NOON, ZoneInfo("UTC"))]


def rule(to: str = "desk", **options: object) -> AlertRule:
    return AlertRule.model_validate({"to": [to], **options})


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, True),
        ({"entities": ["max", "telegram"]}, True),
        ({"entities": ["max"]}, False),
        ({"sources": ["rkn-*"]}, True),
        ({"sources": ["rkn"]}, False),
        ({"sources": ["tass", "rkn-landing"]}, True),
        ({"changes": ["added", "changed"]}, True),
        ({"changes": ["removed"]}, False),
        ({"authority": "record"}, True),
        ({"authority": ["report", "statement"]}, False),
        ({"fields": ["branch"]}, True),
        ({"fields": ["status"]}, False),
        ({"entities": ["telegram"], "fields": ["status"]}, False),
        ({"health": True}, False),
        ({"when": "changed.branch.after == 'b'"}, True),
        ({"when": "after.status == 'off'"}, False),
        ({"when": "change == 'changed'", "fields": ["status"]}, False),
    ],
)
def test_a_rule_narrows_what_it_tells(change, options, told):
    event = change(fields={"branch": ("a", "b")}, entry={"branch": "b", "status": "on"}, mentions=[TELEGRAM])
    assert channels(event, [rule(**options)]) == (["desk"] if told else [])


@pytest.mark.parametrize(
    ("what", "text", "told"),
    [
        ("changed", ("A fine was paid. Telegram appealed.", "A fine was paid. Telegram appealed. It is lower."), False),
        ("changed", ("A fine was paid. Telegram appealed.", "A fine was paid. Telegram appealed again."), True),
        ("changed", ("Telegram appealed. A fine was paid.", "A fine was paid."), False),
        ("added", (None, "Telegram appealed."), True),
    ],
)
def test_a_rule_for_new_mentions_takes_names_in_new_sentences(change, what, text, told):
    news = rule(mentions="new")
    event = change(what, fields={"note": text}, mentions=[replace(TELEGRAM, field="note")])
    assert channels(event, [news]) == (["desk"] if told else [])
    others = replace(event, mentions=(*event.mentions, Mention("max", "MAX", "fine", "note")))
    assert channels(others, [rule(entities=["max"], mentions="new")]) == (["desk"] if what == "added" else [])


@pytest.mark.parametrize("what", ["added", "removed", "reappeared"])
def test_an_entry_that_comes_or_goes_touches_all_its_fields(change, what):
    event = change(what, fields={"title": (None, "X")}, entry={"branch": "b"})
    assert channels(event, [rule(fields=["branch"])]) == ["desk"]
    assert channels(event, [rule(fields=["status"])]) == []


def test_a_channel_is_told_once_in_the_order_of_the_rules(change):
    rules = [rule("chat"), rule("desk"), rule("chat"), AlertRule(to=("desk", "night"))]
    assert channels(change(), rules) == ["chat", "desk", "night"]


def test_a_baseline_goes_where_the_source_s_changes_may_go(change):
    baseline = replace(change(), kind=EventKind.BASELINE, data={"entries": 13})
    rules = [
        rule("desk", entities=["telegram"], changes=["removed"], fields=["x"]),
        rule("press", authority="report"),
        rule("other", sources=["tass"]),
        rule("ops", health=True),
    ]
    assert channels(baseline, rules) == ["desk"]


def test_health_goes_to_rules_for_health_alone(change):
    health = replace(change(), kind=EventKind.HEALTH, data={"status": "failing"})
    rules = [rule("desk"), rule("ops", health=True, sources=["rkn-*"]), rule("night", health=True, authority="report")]
    assert channels(health, rules) == ["ops"]


def test_a_test_alert_is_not_routed(change):
    assert channels(replace(change(), kind=EventKind.TEST, data={}), [rule(), rule("ops", health=True)]) == []


def test_a_rule_about_a_field_is_told_of_a_mass_in_which_it_is_touched() -> None:
    data = {"change": "added", "fields": {"name": {}}, "more": {"count": 9, "titles": [], "fields": ["branch"]}}
    mass = Event(EventKind.CHANGE, "list", "", "record", NOON, None, data)
    assert (channels(mass, [rule(fields=["branch"])]), channels(mass, [rule(fields=["other"])])) == (["desk"], [])


def test_what_a_baseline_promises_is_what_all_rules_for_its_channel_let_pass(change: Any) -> None:
    event = replace(change(), kind=EventKind.BASELINE)
    one, other = (AlertRule(entities=(name,), changes=("added",), to=("desk",)) for name in ("max", "vk"))
    every = AlertRule(to=("chat",))
    elsewhere = AlertRule(sources=("x",), to=("desk",))
    rules = [one, other, every, elsewhere]
    assert promise(event, "desk", rules) == Promise(("max", "vk"), ("added",), None)
    assert promise(event, "chat", rules) == Promise()
    assert promise(event, "desk", [*rules, AlertRule(to=("desk",))]) == Promise()
    assert promise(event, "desk", [AlertRule(mentions="new", to=("desk",))]) == Promise(when=("new",))


def test_who_hears_of_health_runs_the_service() -> None:
    rules = [AlertRule(to=("desk",)), AlertRule(health=True, to=("ops",))]
    assert [hears_of_health(name, rules) for name in ("desk", "ops")] == [False, True]


def test_a_rule_whose_condition_cannot_be_applied_is_not_for_a_change_and_that_is_told(change):
    faults = []
    rules = [rule(when="contains(after.note, 'x')"), rule(to="ops")]
    routes = routes_for(change(), rules, NOON, ZoneInfo("UTC"), lambda failed, why: faults.append((failed, why)))
    assert [route.channel for route in routes] == ["ops"]
    assert [(failed, "null" in why) for failed, why in faults] == [(rules[0], True)]


def test_a_condition_is_for_changes_alone():
    with pytest.raises(ValueError, match="when cannot be used with it"):
        rule(health=True, when="change")


def test_reminders_begin_after_the_alert_that_quiet_hours_defer(change):
    escalate = {"after": "30m", "to": ["phone"]}
    rules = [rule(quiet="11:00-15:00", escalate=escalate), rule(to="ops", escalate={"after": "4h", "to": ["phone"]})]
    routes = {route.channel: route for route in routes_for(change(), rules, NOON, ZoneInfo("UTC"))}
    assert [routes[name].due.hour for name in ("desk", "ops", "phone")] == [15, 12, 15]
    assert (routes["phone"].due.minute, routes["phone"].every) == (30, timedelta(minutes=30))


def test_if_one_of_two_rules_asks_for_approval_the_channel_gets_nothing_without(change):
    (route,) = routes_for(change(), [rule(), rule(approve=["ops"])], NOON, ZoneInfo("UTC"))
    assert route.approval == Approval(("ops",))


def test_what_is_no_change_is_not_for_a_channel_that_needs_approval(change):
    baseline = replace(change(), kind=EventKind.BASELINE, data={"entries": 1})
    assert channels(baseline, [rule(approve=["ops"]), rule(to="chat")]) == ["chat"]
