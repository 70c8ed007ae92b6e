"""A hand before the public: what is held, who is asked, who decides, and what happens where nobody does."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.rules import routes_for
from state.model import ApprovalState, DeliveryState, Event, EventKind
from state.store import Store
from watcher.config.load import Config, load
from watcher.delivery.deliver import NOT_PUBLIC, Deliverer
from watcher.errors import ConfigError

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)
EVERYTHING = "[[alerts]]\nto = ['public']\n[[alerts]]\nhealth = true\nto = ['ops', 'public']\n"


class Newsroom:
    """A state, and a configuration in which the desk approves what is public; a clock that is moved by hand."""

    def __init__(self, config: Config, store: Store, site: Any) -> None:
        self.config, self.store, self.site, self.now = config, store, site, NOON

    def put(self, title: str, kind: EventKind = EventKind.CHANGE) -> None:
        data: dict[str, Any] = {"change": "added", "key": title, "title": title, "url": None, "published": None}
        data |= {"fields": {}, "entry": {}}
        if kind is EventKind.BASELINE:
            data = {"entries": 1, "mentioning": 0, "mentioned": [], "moved": False}
        if kind is EventKind.HEALTH:
            data = {"status": "failing", "reason": "x", "message": title, "since": None, "mentioned": []}
        event = Event(kind, "list", "list", "record", self.now, None, data)
        self.store.log.add_alert((event, routes_for(event, self.config.alerts, self.now, self.config.timezone)))

    def drain(self, **passed: float) -> None:
        self.now += timedelta(**passed)
        Deliverer(self.config, self.store, lambda: self.now).drain()

    def told(self, channel: str) -> list[Any]:
        return self.site.sent(f"/{channel}")

    def titles(self, channel: str) -> list[str]:
        return [told["title"] for told in self.told(channel)]

    def decide(self, *, approve: bool = True, who: str = "ada") -> bool:
        (held,) = self.store.approvals.waiting()
        return self.store.approvals.decide(held.id, approve=approve, who=who, now=self.now)


@pytest.fixture
def newsroom(site: Any, configure: Callable[..., Any], state_url: str) -> Iterator[Callable[..., Newsroom]]:
    """Makes a newsroom; `public` are further keys of the channel, `rules` the rules."""
    opened: list[Store] = []

    def make(public: str = "approve = ['desk']", rules: str = EVERYTHING, top: str = "") -> Newsroom:
        hook = site.url("").replace("http", "json")
        channels = "".join(f"[channels.{name}]\nurl = '{hook}/{name}'\n" for name in ("desk", "ops", "public"))
        web = "[web]\nbase_url = 'https://watch.test'\n"
        config = load(configure(f"state = '{state_url}'\n{top}{web}{channels}{public}\n{rules}"))
        for name in ("desk", "ops", "public"):
            site.page(f"/{name}")
        opened.append(Store.open(config.state))
        return Newsroom(config, opened[-1], site)

    yield make
    for store in opened:
        store.close()


Make = Callable[..., Newsroom]


def test_nothing_is_sent_before_somebody_approves_it(newsroom: Make) -> None:
    room = newsroom()
    room.put("one")
    for _ in range(3):
        room.drain(hours=30)
    assert (room.titles("public"), room.titles("desk")) == ([], ["To approve: one: added (list) (for public)"])
    assert room.store.outbox.counts(room.now)["unapproved"] == 1
    assert room.store.outbox.overdue(room.now) == 0
    assert room.decide()
    room.drain()
    assert room.titles("public") == ["one: added (list)"]


def test_what_is_due_together_is_one_message_and_is_approved_as_it_is_shown(newsroom: Make) -> None:
    room = newsroom()
    room.put("one")
    room.put("two")
    room.drain()
    (asked,) = room.told("desk")
    assert room.decide()
    room.drain()
    (sent,) = room.told("public")
    assert sent["title"] == "one: added (list) +1"
    assert all(line in asked["message"] for line in sent["message"].splitlines() if line)


def test_html_of_a_template_is_shown_to_those_who_approve(newsroom: Make) -> None:
    room = newsroom("approve = ['desk']\nhtml = '<p>News: {{ title }}</p>'")
    room.put("one <b>")
    room.drain()
    assert "As HTML:\n<p>News: one &lt;" in room.told("desk")[0]["message"]


def test_what_comes_later_waits_for_an_answer_of_its_own(newsroom: Make) -> None:
    room = newsroom()
    room.put("one")
    room.drain()
    room.put("two")
    room.drain()
    first, second = room.store.approvals.waiting()
    assert room.store.approvals.decide(second.id, approve=True, who="ada", now=room.now)
    room.drain()
    assert room.titles("public") == ["two: added (list)"]
    assert [held.id for held in room.store.approvals.waiting()] == [first.id]


def test_what_is_rejected_is_never_sent_and_can_be_asked_for_again(newsroom: Make) -> None:
    room = newsroom()
    room.put("one")
    room.drain()
    assert room.decide(approve=False)
    room.drain(days=4)
    (dead,) = room.store.outbox.deliveries(DeliveryState.DEAD)
    assert (room.titles("public"), dead.error) == ([], "rejected by ada")
    assert room.store.outbox.retry(dead.id, room.now)
    room.drain()
    assert len(room.titles("desk")) == 2
    assert room.titles("public") == []


def test_a_message_is_decided_once_whoever_is_first(newsroom: Make) -> None:
    room = newsroom()
    room.put("one")
    room.drain()
    (held,) = room.store.approvals.waiting()
    answers = list[bool]()

    def answer(number: int) -> None:
        approve = number % 2 == 0
        answers.append(room.store.approvals.decide(held.id, approve=approve, who=f"p{number}", now=room.now))

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True]
    room.drain()
    found = room.store.approvals.find(held.id)
    assert found
    assert len(room.titles("public")) == (found.state is ApprovalState.APPROVED)
    (action,) = room.store.desk.actions()
    assert (action.who, action.subject) == (found.who, f"message {held.id} to channel public: one: added (list)")


@pytest.mark.parametrize(("deadline", "sent"), [("4h", []), ("4h drop", []), ("4h send", ["one: added (list)"])])
def test_where_nobody_answers_in_time_it_is_dropped_or_sent(newsroom: Make, deadline: str, sent: list[str]) -> None:
    room = newsroom(f"approve = ['desk']\napprove_within = '{deadline}'")
    room.put("one")
    room.drain()
    room.drain(hours=3, minutes=59)
    assert room.titles("public") == []
    room.drain(minutes=2)
    assert room.titles("public") == sent
    assert room.store.approvals.waiting() == []
    dead = room.store.outbox.deliveries(DeliveryState.DEAD)
    assert [each.error for each in dead] == ([] if sent else ["not approved within 4h"])


def test_a_clock_that_was_moved_back_ends_no_time(newsroom: Make) -> None:
    room = newsroom("approve = ['desk']\napprove_within = '1h send'")
    room.now += timedelta(days=400)
    room.put("one")
    room.drain()
    room.drain(days=-400)
    room.drain(hours=5)
    assert (room.titles("public"), len(room.store.approvals.waiting())) == ([], 1)


def test_what_was_dropped_by_hand_is_not_asked_for_any_more(newsroom: Make) -> None:
    room = newsroom("approve = ['desk']\napprove_within = '1h send'")
    room.put("one")
    room.drain()
    (held,) = room.store.approvals.waiting()
    assert room.store.outbox.drop(held.deliveries[0])
    assert room.store.approvals.waiting() == []
    assert not room.store.approvals.decide(held.id, approve=True, who="ada", now=room.now)
    room.drain(hours=2)
    assert (room.titles("public"), room.store.outbox.waits_for_people()) == ([], False)


def test_baselines_and_health_never_go_to_the_public(newsroom: Make) -> None:
    room = newsroom()
    room.put("one", EventKind.BASELINE)
    room.put("two", EventKind.HEALTH)
    room.drain()
    assert (room.titles("public"), room.titles("desk"), len(room.titles("ops"))) == ([], [], 1)


def test_what_was_stored_for_a_channel_before_it_was_public_is_not_sent(newsroom: Make) -> None:
    room = newsroom("")
    room.put("one", EventKind.BASELINE)
    room = newsroom()
    room.drain()
    (dead,) = room.store.outbox.deliveries(DeliveryState.DEAD)
    assert (room.titles("public"), dead.error) == ([], NOT_PUBLIC)


def test_a_rule_can_ask_although_its_channel_does_not(newsroom: Make) -> None:
    rule = "[[alerts]]\nto = ['public']\nwhen = \"title == 'one'\"\napprove = ['desk']\n"
    room = newsroom("", f"{rule}[[alerts]]\nto = ['public']\nwhen = \"title == 'two'\"\n")
    room.put("one")
    room.put("two")
    room.drain()
    assert (room.titles("public"), len(room.titles("desk"))) == (["two: added (list)"], 1)


def test_a_rule_that_was_removed_releases_nothing(newsroom: Make) -> None:
    room = newsroom("", "[[alerts]]\nto = ['public']\napprove = ['desk']\n")
    room.put("one")
    newsroom("", EVERYTHING).drain()
    assert room.titles("public") == []
    assert len(room.store.approvals.waiting()) == 1


def test_an_approved_message_that_is_refused_is_tried_again(newsroom: Make) -> None:
    room = newsroom()
    room.put("one")
    room.drain()
    room.site.page("/public", status=503)
    room.drain(days=10)
    assert room.decide()
    room.drain()
    room.site.page("/public")
    room.drain(minutes=1)
    first, second = [asked for asked in room.site.requests if asked.path == "/public"]
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert room.store.outbox.counts()["sent"] == 2


def test_the_links_are_for_each_who_is_asked(newsroom: Make) -> None:
    room = newsroom("approve = ['desk', 'ops']")
    room.put("one")
    room.drain()
    links = [re.findall(r"https://watch\.test/act/\S+", room.told(name)[0]["message"]) for name in ("desk", "ops")]
    assert [len(some) for some in links] == [2, 2]
    assert set(links[0]).isdisjoint(links[1])


@pytest.mark.parametrize(
    ("public", "said"),
    [
        ("approve = ['dsk']", 'there is no channel "dsk"; did you mean "desk"?'),
        ("approve = ['public']", "it cannot be asked itself"),
        ("approve_within = '4h'", "this channel names nobody"),
        ("approve = ['desk']\napprove_within = 'soon'", "has to be a time, and what happens then"),
    ],
)
def test_mistakes_are_told(newsroom: Make, watch: Any, public: str, said: str) -> None:
    with pytest.raises(ConfigError):
        newsroom(public)
    assert said in watch("check-config").err


def test_the_command_line_shows_and_decides(newsroom: Make, watch: Any) -> None:
    room = newsroom()
    room.put("one")
    room.drain()
    (shown,) = json.loads(watch("deliveries", "--json").out)["deliveries"]
    assert (shown["state"], shown["channel"]) == ("unapproved", "public")
    said = watch("deliveries").out
    assert all(part in said for part in ("1 unapproved", "to approve, for public:", "    ADDED: one"))
    ran = watch("deliveries", "approve", str(shown["id"]))
    assert (ran.code, "approved: it is sent within seconds" in ran.out) == (0, True)
    again = watch("deliveries", "reject", str(shown["id"]))
    assert (again.code, "Approved: " in again.err) == (2, True)
    room.drain()
    assert room.titles("public") == ["one: added (list)"]
    assert room.store.desk.actions()[0].who.endswith("(command line)")


def test_a_decision_is_in_the_chain_where_evidence_is_kept(newsroom: Make, watch: Any) -> None:
    room = newsroom(top="[evidence]\n")
    room.store.evidence.keep(room.config.evidence)
    room.put("one")
    room.drain()
    assert room.decide(who="ada")
    assert room.store.evidence.head()
    assert room.config.evidence
    (file,) = room.config.evidence.path.glob("*.warc.gz")
    text = gzip.decompress(file.read_bytes()).decode()
    assert ('"decision": "approved"' in text, '"who": "ada"' in text) == (True, True)
    assert watch("verify").code == 0


def test_who_has_to_approve_hears_that_the_register_has_changed_since_once_for_each_change(newsroom: Make) -> None:
    room = newsroom(rules="[[alerts]]\nto = ['public']\nchanges = ['added']\n")
    room.put("Sable")
    room.drain()
    later = Event(
        EventKind.CHANGE, "list", "list", "record", room.now, None,
        {"change": "removed", "key": "Sable", "title": "Sable", "url": None, "fields": {}, "entry": {}},
    )  # fmt: skip
    room.store.log.add_alert((later, []))
    for _ in range(3):
        room.drain(minutes=1)
    assert room.titles("desk") == [
        "To approve: Sable: added (list) (for public)",
        "To approve, changed since: Sable: added (list) (for public)",
    ]
    assert (
        "The register has changed since: Sable: removed, noticed 2025-07-17 12:00:00" in room.told("desk")[1]["message"]
    )
    room.store.log.add_alert((later, []))
    room.drain(minutes=1)
    assert len(room.titles("desk")) == 3
    assert (room.told("public"), len(room.store.approvals.waiting())) == ([], 1)
