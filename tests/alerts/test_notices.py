"""The lines about sources: baselines, health, and the test alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.message.citations import Background
from alerts.message.compose import compose
from alerts.message.recipient import Promise, Recipient, promise_words
from state.model import EventKind

ENTRY = {"title": "Telegram Messenger Inc", "url": "https://rkn.example/7", "entities": ["telegram"]}


def told(*events, body_limit=32768, known=None, **recipient):
    whom = Recipient(**recipient)
    zone = ZoneInfo("Europe/Moscow")
    return compose(events, timezone=zone, body_limit=body_limit, title_limit=250, known=known, recipient=whom)


@pytest.fixture
def baseline(change):
    def make(entries=13, mentioned=(ENTRY,), number=None, **data):
        event = change() if number is None else change(source=(f"s{number:03}", f"Source {number}", "record"))
        told = {"entries": entries, "moved": False, "mentioning": len(mentioned), "mentioned": list(mentioned), **data}
        return replace(event, kind=EventKind.BASELINE, previous=None, data=told)

    return make


@pytest.fixture
def health(change):
    def make(status, message, reason, after=timedelta(), **data):
        event = change()
        told = {"status": status, "message": message, "reason": reason, "since": event.at.isoformat(), **data}
        return replace(event, kind=EventKind.HEALTH, at=event.at + after, data=told)

    return make


def test_a_new_source(baseline):
    message = told(baseline())
    assert message.title == "Watching Roskomnadzor, 236-FZ list: 13 entries, 1 mentions telegram"
    assert (
        message.text
        == """\
WATCHING: Roskomnadzor, 236-FZ list (the authority itself)
13 entries; every change from now on is alerted.
1 already mentions what you watch:
telegram: Telegram Messenger Inc
https://rkn.example/7
First read: 2025-07-15 10:07:12 MSK"""
    )


@pytest.mark.parametrize(
    ("before", "when"),
    [(None, "2019-04"), ("2019-03-10T12:00:00+00:00", "2019-04"), ("2019-03-14T12:00:00+00:00", "2019-04-14")],
)
def test_a_new_source_says_since_when_others_have_an_entry(baseline, before, when):
    at = "2019-04-13T23:00:00+00:00"  # which is the 14th in Moscow
    since = {"at": at, "checked_before": before, "witness": {"kind": "wayback", "where": "a", "at": at}}
    lines = told(baseline(2, [{**ENTRY, "since_at_least": since}, ENTRY])).text.splitlines()
    assert lines[3:6] == [
        "telegram: Telegram Messenger Inc",
        "https://rkn.example/7",
        f"On the list since at least {when} (Internet Archive)",
    ]
    assert lines[6:8] == lines[3:5]


def test_a_new_source_of_which_a_part_is_read_says_so(baseline):
    assert (
        "1 of 3 pages is read; while only a part is read, no entry counts as removed."
        in told(baseline(part="1 of 3 pages is read")).text
    )
    both = told(baseline(number=1, part="1 of 3 pages is read"), baseline(number=2)).text
    assert "Source 1: 1 of 3 pages is read" in both
    assert "Source 2:" not in both


def test_further_pages_of_a_source_are_summed_up(baseline):
    message = told(baseline(40, further=True))
    assert "40 entries; every change from now on is alerted." in message.text
    assert "The entries are on further pages of the list, which are read from now on." in message.text


def test_a_new_source_that_mentions_nobody(baseline):
    message = told(baseline(1, ()))
    assert message.title == "Watching Roskomnadzor, 236-FZ list: 1 entry, none mentions what you watch"
    assert "No entry mentions what you watch." in message.text


def test_500_new_sources_are_one_summary(baseline):
    events = [baseline(25, [ENTRY] if number < 7 else [], number) for number in range(500)]
    message = told(*events, operator=True)
    assert message.title == "Watching 500 new sources: 12,500 entries, 7 mention what you watch"
    assert message.text.count("telegram: Telegram Messenger Inc (Source ") == 7
    assert message.text.startswith("WATCHING: 500 new sources\nSource: Source 0 (the authority itself), 25 entries\n")
    assert "\nand 476 more sources\n" in message.text
    assert message.text.endswith("All sources: watch status")


def test_a_rule_for_one_entity_promises_no_more_and_counts_no_more(baseline):
    other = {"title": "Max", "url": None, "entities": ["max"]}
    message = told(baseline(13, [ENTRY, other]), promises={"rkn-landing": Promise(entities=("max",))})
    assert message.title == "Watching Roskomnadzor, 236-FZ list: 13 entries, 1 mentions max"
    assert (
        "13 entries; from now on changes that mention max are alerted.\n1 already mentions max:\nmax: Max"
        in message.text
    )
    assert "Telegram" not in message.text


def test_a_rule_for_one_entity_counts_also_what_is_not_listed(baseline):
    whom = [(["max"], 300), (["max", "telegram"], 4), (["telegram"], 700)]
    summary = baseline(9000, [ENTRY, {"title": "Max", "url": None, "entities": ["max"]}], mentioning=1004, whom=whom)
    message = told(summary, promises={"rkn-landing": Promise(entities=("max",))})
    assert message.title == "Watching Roskomnadzor, 236-FZ list: 9,000 entries, 304 mention max"
    assert "304 already mention max:\nmax: Max\nand 303 more entries" in message.text


def test_held_changes_that_mention_somebody_are_counted(health):
    held = health("suspicious", "9 of 13 entries are gone", "mass_loss", mentioned=[ENTRY] * 20, mentioning=50)
    assert "and 30 more entries" in told(held).text


@pytest.mark.parametrize(
    ("promise", "words"),
    [
        (Promise(), "every change from now on is alerted"),
        (Promise(("max", "vk")), "from now on changes that mention max or vk are alerted"),
        (
            Promise(None, ("added", "removed")),
            "from now on changes are alerted that meet all of this: added or removed",
        ),
        (
            Promise(("max",), ("added",), ("status", "name")),
            "from now on changes are alerted that meet all of this: added; mention of max; field status or name",
        ),
    ],
)
def test_a_promise_in_words(promise, words):
    assert promise_words(promise) == words


def test_a_host_that_is_down_is_one_failure_of_its_sources(health):
    place = "https://rkn.example/{}"
    events = [
        replace(health("failing", "connection refused", "connect"), source=name, label=name.upper()) for name in "abc"
    ]
    known = Background(places={name: place.format(name) for name in "abc"})
    message = told(*events, known=known)
    assert message.title == "FAILING: 3 sources on rkn.example cannot be read: connection refused"
    assert message.text.startswith(
        "FAILING: 3 sources on rkn.example\nSource: A\nSource: B\nSource: C\n"
        "None of them can be read: connection refused (connect)\n"
    )
    assert message.text.count("FAILING") == 1


@pytest.mark.parametrize("place", [None, "https://other.example/"])
def test_sources_of_several_hosts_fail_each_by_itself(health, place):
    places = {"rkn-landing": "https://rkn.example/1"} | ({"b": place} if place else {})
    message = told(
        health("failing", "no", "x"), replace(health("failing", "no", "x"), source="b"), known=Background(places=places)
    )
    assert message.text.count("FAILING: Roskomnadzor") == 2


def test_more_entries_mention_somebody_than_are_told(baseline):
    message = told(baseline(9000, [ENTRY] * 20, mentioning=1234))
    assert "1,234 already mention what you watch:" in message.text
    assert "and 1,214 more entries" in message.text


def test_a_source_that_moved(baseline):
    assert "The source has a new address, so everything on it was read as new." in told(baseline(moved=True)).text


def test_a_failing_source(health):
    message = told(health("failing", "the server answered 503", "http_503"))
    assert message.title == "FAILING: Roskomnadzor, 236-FZ list cannot be read: the server answered 503"
    assert (
        message.text
        == """\
FAILING: Roskomnadzor, 236-FZ list
It cannot be read: the server answered 503 (http_503)
What is known of it is kept. Its changes are not seen until it can be read again.
Trouble since: 2025-07-15 10:07:12 MSK · Last good reading before: 2025-07-15 10:06:12 MSK
To look at it now: watch try rkn-landing
All sources: watch status"""
    )


def test_a_suspicious_source_says_whom_the_held_changes_mention(health):
    message = told(health("suspicious", "9 of 13 entries are gone", "mass_loss", mentioned=[ENTRY]))
    assert message.title.startswith("SUSPICIOUS: Roskomnadzor, 236-FZ list, mentions telegram: 9 of 13")
    assert (
        message.text
        == """\
SUSPICIOUS: Roskomnadzor, 236-FZ list
It was read, but is not believed: 9 of 13 entries are gone (mass_loss)
What is known of it is kept, and the changes are held back.
The held changes mention:
telegram: Telegram Messenger Inc
https://rkn.example/7
Trouble since: 2025-07-15 10:07:12 MSK · Last good reading before: 2025-07-15 10:06:12 MSK
To look at it now: watch try rkn-landing
If what it says now is right: watch accept rkn-landing"""
    )


def test_a_recovered_source_says_how_long_it_lasted(health):
    message = told(health("recovered", "the server answered 503", "http_503", timedelta(hours=3, minutes=20)))
    assert message.title == "RECOVERED: Roskomnadzor, 236-FZ list can be read again after 3 h 20 min"
    assert "It lasted: 3 h 20 min, from 2025-07-15 10:07:12 MSK to 2025-07-15 13:27:12 MSK" in message.text
    assert "What was wrong at last: the server answered 503 (http_503)" in message.text


def test_how_long_it_lasted_is_whole_after_a_long_name(health):
    event = health("recovered", "", "http_503", timedelta(hours=3, minutes=20))
    title = told(replace(event, label="Portmere Register of Companies and Partnerships")).title
    assert title == "RECOVERED: Portmere Register of Compa… can be read again after 3 h 20 min"


def test_a_recovery_names_the_doubt_that_was_told_though_the_server_failed_at_last(health):
    text = told(health("recovered", "answered 503", "http_503", timedelta(hours=1), doubted=["mass_loss"])).text
    assert "It can be read again, and is believed.\nWhat was wrong at last: answered 503 (http_503)\n" in text
    assert "Before that: it was read, and was not believed (mass_loss)\n" in text


def test_a_source_that_a_fault_of_the_program_stops_cannot_be_checked(health):
    message = told(health("failing", "ZeroDivisionError", "internal"))
    assert message.title == "FAILING: Roskomnadzor, 236-FZ list cannot be checked: ZeroDivisionError"
    assert "It cannot be checked: ZeroDivisionError (internal)" in message.text


def test_a_channel_that_fails(health):
    event = replace(health("failing", "535 bad password", None, channel="desk"), label="channel desk", previous=None)
    message = told(event)
    assert message.title == "FAILING: channel desk cannot be delivered to: 535 bad password"
    assert "watch alert-test desk" in message.text
    assert "watch try" not in message.text


def test_changes_lead_then_baselines_then_health(change, baseline, health):
    message = told(health("failing", "no", "x"), baseline(number=1), change(title="Row"))
    places = [message.text.index(begin) for begin in ("CHANGED: Row", "WATCHING: ", "FAILING: ")]
    assert places == sorted(places)
    assert message.title == "Row: changed (Roskomnadzor, 236-FZ list) +2"


def test_what_does_not_fit_is_left_out_and_counted(health):
    message = told(*(health("failing", "no", "x") for _ in range(30)), body_limit=2000, operator=True)
    assert len(message.text) <= 2000
    shown = message.text.count("FAILING: ")
    assert message.text.endswith(f"and {30 - shown} more about the sources themselves: watch status")


def test_the_test_alert(change):
    message = told(replace(change(), kind=EventKind.TEST, data={}))
    assert message.title == "Test alert from Registry Watch: this channel works"
    assert "Sent: 2025-07-15 10:07:12 MSK" in message.text


@pytest.mark.parametrize("reason", ["translation", "summary", "bot"])
def test_no_command_is_named_that_finds_nothing_of_the_fault(health, reason):
    event = replace(health("failing", "it answered 500", reason), source="", label=reason)
    assert "watch " not in told(event).text
