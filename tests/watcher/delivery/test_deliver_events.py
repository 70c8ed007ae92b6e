"""Events posted to a program: through the same outbox as messages, with a fake clock and a real server."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from state.model import DeliveryState, Event, EventKind
from state.store import Store
from tests.storing import add_event
from watcher.config.load import Config, load
from watcher.delivery.deliver import Deliverer

SECRET = f"whsec_{b64encode(b'k' * 32).decode()}"


class Program:
    """A state, a configuration with a program and operators, and a clock that is moved by hand."""

    def __init__(self, config: Config, store: Store, site: Any) -> None:
        self.config, self.store, self.site = config, store, site
        self.now = datetime.now(UTC)

    def put(self, title: str, kind: EventKind = EventKind.CHANGE) -> None:
        data: dict[str, Any] = {"change": "added", "key": title, "title": title, "url": None, "published": None}
        data |= {"fields": {}, "entry": {"Name": title}}
        if kind is EventKind.HEALTH:
            data = {"status": "failing", "reason": "http_404", "message": title, "since": None, "mentioned": []}
        add_event(self.store, Event(kind, "list", "list", "record", self.now, None, data), ["program"], self.now)

    def drain(self, *, impatient: bool = False) -> tuple[int, int, int]:
        drained = Deliverer(self.config, self.store, lambda: self.now, impatient=impatient).drain()
        return drained.sent, drained.failed, drained.dead

    def answer(self, status: int, **headers: str) -> None:
        self.site.page(
            "/events", status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    @property
    def asked(self) -> list[Any]:
        return [asked for asked in self.site.requests if asked.path == "/events"]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(asked.body) for asked in self.asked]


@pytest.fixture
def program(site: Any, configure: Callable[..., Any], state_url: str) -> Iterator[Program]:
    """A program that takes three changes in one body."""
    text = f"""
    state = "{state_url}"
    [http]
    private_addresses = "allow"
    [channels.program]
    url = "{site.url("/events")}"
    format = "event"
    secret = "{SECRET}"
    batch = 3
    [channels.ops]
    url = "{site.url("/ops").replace("http", "json")}"
    [[alerts]]
    to = ["program"]
    [[alerts]]
    health = true
    to = ["ops"]
    """
    config = load(configure(text))
    site.page("/events")
    site.page("/ops")
    with Store.open(config.state) as store:
        yield Program(config, store, site)


def test_changes_are_posted_in_batches_and_signed(program: Program) -> None:
    for title in ("one", "two", "three", "four"):
        program.put(title)
    program.put("it is gone", EventKind.HEALTH)
    assert program.drain() == (5, 0, 0)
    assert [body["type"] for body in program.bodies] == ["changes", "change", "health"]
    assert [each["title"] for each in program.bodies[0]["data"]] == ["one", "two", "three"]
    for asked in program.asked:
        assert Webhook(SECRET).verify(asked.body, asked.headers) == json.loads(asked.body)


def test_a_retry_is_the_same_body_with_the_same_id(program: Program) -> None:
    program.answer(500)
    program.put("one")
    assert program.drain() == (0, 1, 0)
    program.put("two")
    program.now += timedelta(minutes=1)
    program.answer(204)
    assert program.drain() == (2, 0, 0)
    first, second, third = program.asked
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert third.headers["webhook-id"] != first.headers["webhook-id"]


def test_a_receiver_that_is_gone_makes_it_dead_and_operators_are_told(program: Program) -> None:
    program.answer(410)
    program.put("one")
    assert program.drain() == (1, 0, 1)  # sent: the alert about it
    (dead,) = program.store.outbox.deliveries(DeliveryState.DEAD)
    assert dead.error == "given up: the server answered 410 Gone"
    assert "1 alert will not be delivered" in [json.loads(each.body) for each in program.site.requests][-1]["title"]


@pytest.mark.parametrize("impatient", [False, True])
def test_a_receiver_that_asks_to_wait_is_left_alone_for_so_long(program: Program, impatient: bool) -> None:
    program.answer(429, Retry_After="600")
    program.put("one")
    program.drain(impatient=impatient)
    program.answer(204)
    program.put("two")
    for _ in range(9):
        program.now += timedelta(minutes=1)
        assert program.drain(impatient=impatient) == (0, 0, 0)
    assert len(program.asked) == 1
    program.now += timedelta(minutes=1, seconds=1)
    assert program.drain(impatient=impatient) == (2, 0, 0)


def test_nothing_overtakes_what_a_receiver_has_asked_to_wait_with_twice(program: Program) -> None:
    program.answer(429, Retry_After="10")
    program.put("one")
    for _ in range(2):
        program.drain()
        program.now += timedelta(seconds=11)
    program.answer(204)
    program.put("two")
    assert program.drain() == (2, 0, 0)
    assert [body["data"]["title"] for body in program.bodies] == ["one", "one", "one", "two"]


def test_what_a_receiver_cannot_take_now_keeps_no_other_from_being_told(program: Program, site: Any) -> None:
    def answer(asked: Any) -> Any:
        return site.Reply("", 503 if b"one" in asked.body else 204, {"Retry-After": "10"})

    program.site.page("/events", answer)
    program.put("one")
    program.drain()
    program.put("two")
    program.now += timedelta(seconds=11)
    assert program.drain() == (1, 0, 0)


def test_a_retry_by_hand_does_not_wait(program: Program) -> None:
    program.answer(429, Retry_After="600")
    for title in ("one", "two"):
        program.put(title)
        program.drain()
    program.answer(204)
    (first, *_) = reversed(program.store.outbox.deliveries())
    assert program.store.outbox.retry(first.id, program.now)
    assert program.drain()[0] >= 1


def test_a_wait_of_the_future_ends_when_the_clock_was_moved_back(program: Program) -> None:
    program.now += timedelta(days=2)
    program.answer(503, Retry_After="3600")
    program.put("one")
    program.drain()
    program.now -= timedelta(days=2)
    program.answer(204)
    assert program.drain() == (1, 0, 0)


def test_a_secret_that_is_a_word_of_json_leaves_the_body_as_it_is(program: Program, site: Any) -> None:
    program.config.secrets.add("${WORD}", "data")
    program.put("some data")
    program.drain()
    (body,) = program.bodies
    assert (set(body), body["data"]["title"]) == ({"type", "timestamp", "data"}, "some ${WORD}")


def test_check_config_says_what_is_wrong_and_what_is_not_signed(configure: Any, watch: Any) -> None:
    configure("[channels.program]\nurl = 'https://a.example/x'\nformat = 'event'\n[[alerts]]\nto = ['program']\n")
    ran = watch("check-config")
    assert (ran.code, "no signature tells the receiver who posts" in ran.err) == (0, True)
    configure("[channels.program]\nurl = 'https://a.example/x'\nformat = 'event'\nsecret = '${SIGNING}'\n")
    assert watch("check-config", "--offline").code == 0
    assert "the environment variable SIGNING is not set" in watch("check-config").err


def test_a_signing_secret_is_never_shown(configure: Any, watch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING", SECRET)
    config = load(configure("[channels.p]\nurl = 'https://a.example/x'\nformat = 'event'\nsecret = '${SIGNING}'\n"))
    shown = config.secrets.hide(f"{SECRET} {SECRET.removeprefix('whsec_')} {config.channels}")
    assert SECRET.removeprefix("whsec_") not in shown


def test_a_condition_that_cannot_be_applied_is_told_to_operators_once(
    site: Any, configure: Any, watch: Any, folder: Any
) -> None:
    configure(f"""
    [http]
    private_addresses = "allow"
    spacing = "0s"
    [sources.list]
    kind = "json"
    url = "{site.url("/list")}"
    items = "@"
    key = "name"
    [channels.ops]
    url = "{site.url("/ops").replace("http", "json")}"
    [[alerts]]
    when = "contains(after.note, 'x')"
    to = ["ops"]
    [[alerts]]
    health = true
    to = ["ops"]
    """)
    site.page("/ops")
    for names in ("A", "AB", "ABC"):
        site.page("/list", [{"name": name} for name in names])
        assert watch("--once").code == 0
    titles = [told["title"] for told in site.sent("/ops")]
    assert [title for title in titles if "alert rule 1" in title] == [
        title for title in titles if title.startswith("FAILING: alert rule 1 cannot be applied: ")
    ]
    assert len([title for title in titles if "alert rule 1" in title]) == 1
