"""Servers that are down, refuse, hang or lie, by a clock that is moved by hand; what `watch deliveries` shows of it."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from alerts import send, webhook
from state.model import DeliveryState, Event, EventKind
from state.store import Store
from tests.storing import add_event, came
from tests.torture.desks import Register, gist, register
from tests.torture.measure import cost
from tests.torture.rows import Fault
from watcher.config.load import load
from watcher.delivery.deliver import Deliverer

AT_ONCE = 3
HOUR = timedelta(hours=1)
MOST_MEMORY = 300  # MB by which this process may grow, also for what is tried beside it
SHORT = 2.0  # seconds, in place of 30, that a service that hangs is waited for


class Outbox:
    """The deliveries of a case, and a clock that is moved by hand."""

    def __init__(self, case: Register, store: Store) -> None:
        self.case, self.store = case, store
        self.began = self.now = datetime.now(UTC).replace(microsecond=0)
        self.tries: list[datetime] = []

    def put(self, title: str, *channels: str) -> None:
        add_event(self.store, came(title, self.now), channels or ("desk",), self.now)

    def drain(self) -> None:
        drained = Deliverer(load(self.case.program.folder / "watch.toml"), self.store, lambda: self.now).drain()
        if drained.failed or drained.dead:
            self.tries.append(self.now)

    def run(self, span: timedelta, step: timedelta = timedelta(minutes=5)) -> None:
        """Let time pass, as the daemon's sender would live it."""
        ends = self.now + span
        while self.now < ends:
            self.drain()
            self.now += step

    def titles(self, path: str = "/hook") -> list[str]:
        """What was taken, in a word each."""
        return [re.sub(r": added \(list\)$", "", told.title) for told in self.case.told(path)]

    def ops(self) -> list[str]:
        """What the other channel was told of this one, in a word each."""
        bodies = [json.loads(asked.body)["message"] for asked in self.case.site.requests if asked.path == "/ops"]
        return [
            word
            for body in bodies
            for word in re.findall(r"^(FAILING|RECOVERED|GIVEN UP): channel desk", body, re.MULTILINE)
        ]

    def states(self) -> str:
        """The states of the alerts, the oldest first."""
        return " ".join(each.state for each in reversed(self.store.outbox.deliveries()) if each.event.source)

    def shown(self) -> str:
        """What `watch deliveries` says of the first alert: its state, and what the server answered."""
        printed = self.case.program.run("deliveries").out
        states = Counter(re.findall(r"^ *\d+ +(pending|dead) +desk", printed, re.MULTILINE))
        answer = re.search(r"^\d[\d, ]*: desk: (.+?)(?=^\d|\Z)", printed, re.MULTILINE | re.DOTALL)
        return f"{'+'.join(sorted(states)) or 'none'}: {gist(answer[1]) if answer else ''}"


@contextmanager
def outbox(way: str = "webhook", **texts: str) -> Iterator[Outbox]:
    with register(way, **texts) as case, Store.open(case.place.url) as store:
        yield Outbox(case, store)


def faults() -> Iterator[Fault]:
    send.SECONDS = SHORT
    yield Fault("mail server down for 6 hours", "all 4 once, in order, soon after", down_for_hours)
    yield Fault("... tries in these 6 hours", "10 to 40, an hour apart at most", tries_while_down)
    yield Fault("... the operator", "FAILING RECOVERED", told_while_down)
    yield Fault("mail server down for 5 days", "dead sent", partial(down_for_days, Outbox.states))
    yield Fault("... the operator", "FAILING, GIVEN UP, RECOVERED", partial(down_for_days, told))
    yield Fault("... watch deliveries", "dead: Connection refused", partial(down_for_days, refused))
    yield Fault("mail refused for good", "dead, 550 shown, others sent", refused_for_good)
    yield Fault("mail greylisted for 10 minutes", "sent once, pending and 451 before", greylisted)
    yield Fault("one poisoned mail among 20", "19 sent at once, 1 dead", poisoned)
    for status in (429, 503, 404):
        yield Fault(
            f"webhook answers {status} for an hour", f"sent once, pending and {status} before", partial(busy, status)
        )
    yield Fault(
        "event webhook answers 500 for an hour", "sent once, pending and 500 before", partial(busy, 500, "event")
    )
    yield Fault("event webhook asks to wait for 2 hours", "1 try before, all 3 once after", asked_to_wait)
    yield Fault("event webhook is gone (410)", "dead at once, told, others sent", gone)
    yield Fault(
        "event webhook takes it and says so too late", "twice with the same id", partial(unclear, too_late, "event")
    )
    yield Fault("event webhook takes it and closes", "twice with the same id", partial(unclear, closing, "event"))
    yield Fault("event webhook redirects", "not followed, pending", redirecting)
    yield Fault("webhook hangs", "the other in < 1 s, then sent", hanging)
    for what, talk in (("3 GB, packed as 3 MB", bomb), ("a body without end", endless)):
        yield Fault(
            f"webhook takes it and answers {what}", f"sent once, below {MOST_MEMORY} MB", partial(large_answer, talk)
        )
    yield Fault("webhook takes it and says so too late", "twice with the same id", partial(unclear, too_late))
    yield Fault("webhook takes it and closes the connection", "twice with the same id", partial(unclear, closing))
    yield Fault("channel renamed", "dead, told, the new one works", renamed)
    yield Fault("channel removed", "dead, told", removed)
    yield Fault("channel refuses for 5 days, all others too", "no end of alerts about alerts: 4", nobody_listens)
    yield Fault("event that no message can be made of", "it is dead, the others sent", malformed)


# ---- mail


def down_for_hours() -> str:
    with while_down() as box:
        late = box.now - box.began - 6 * HOUR
        in_order = box.titles() == ["one", "two", "three", "four"]
        return "all 4 once, in order, soon after" if in_order and late <= 1.1 * HOUR else f"{box.titles()} {late}"


def tries_while_down() -> str:
    with while_down() as box:
        apart = max(later - earlier for earlier, later in pairwise(box.tries))
        tries = box.case.program.ask("SELECT attempts FROM messages ORDER BY id")
        fit = 10 <= tries <= 40 and apart <= HOUR
        return "10 to 40, an hour apart at most" if fit else f"{tries}, {apart}"


def told_while_down() -> str:
    with while_down() as box:
        return " ".join(box.ops())


@contextmanager
def while_down() -> Iterator[Outbox]:
    """Four alerts within six hours in which the mail server is down; then it is up until all is sent."""
    with outbox("mail", down="yes") as box:
        for title in ("one", "two", "three"):
            box.put(title)
            box.run(timedelta(minutes=30))
        box.run(4 * HOUR)
        box.put("four")
        box.run(HOUR / 2)
        assert box.case.office
        box.case.office.start()
        while box.store.outbox.counts()["pending"] and box.now - box.began < 12 * HOUR:
            box.run(timedelta(minutes=5))
        yield box


def down_for_days(look: Callable[[Outbox], str]) -> str:
    with outbox("mail", down="yes") as box:
        box.put("one")
        box.run(timedelta(days=4), timedelta(minutes=30))
        box.put("two")
        box.run(timedelta(days=1), timedelta(minutes=30))
        assert box.case.office
        box.case.office.start()
        box.run(2 * HOUR, timedelta(minutes=30))
        return look(box)


def told(box: Outbox) -> str:
    return ", ".join(box.ops())


def refused(box: Outbox) -> str:
    shown = box.shown()
    return "dead: Connection refused" if shown.startswith("dead: given up") and "Connection refused" in shown else shown


def refused_for_good() -> str:
    with outbox("mail") as box:
        assert box.case.office
        box.case.office.refuse = lambda title: "550 5.7.1 not from you" if "bad" in title else None
        box.put("bad")
        box.drain()
        box.put("good")
        box.run(timedelta(days=3, hours=2), timedelta(minutes=30))
        shown = box.shown()
        fit = "550 5.7.1 not from you" in shown and shown.startswith("dead") and box.titles() == ["good"]
        return "dead, 550 shown, others sent" if fit else f"{shown} {box.titles()}"


def greylisted() -> str:
    with outbox("mail") as box:
        assert box.case.office
        box.case.office.refuse = lambda _: "451 4.7.1 try again later"
        box.put("one")
        box.run(timedelta(minutes=10), timedelta(seconds=30))
        shown = box.shown()
        box.case.office.refuse = lambda _: None
        box.run(HOUR)
        fit = box.titles() == ["one"] and shown.startswith("pending") and "451 4.7.1" in shown
        return "sent once, pending and 451 before" if fit else f"{box.titles()} {shown}"


def poisoned() -> str:
    with outbox("mail") as box:
        assert box.case.office
        box.case.office.refuse = lambda title: "554 5.6.0 cannot be parsed" if "poison" in title else None
        for number in range(20):
            box.put("poison" if number == 5 else f"alert {number}")
            Deliverer(load(box.case.program.folder / "watch.toml"), box.store, lambda: box.now)._compose(["desk"])
        box.drain()
        at_once = len(box.titles())
        box.run(timedelta(days=3, hours=2), HOUR)
        dead = len(box.store.outbox.deliveries(DeliveryState.DEAD))
        return f"{at_once} sent at once, {dead} dead"


# ---- webhooks


def busy(status: int, way: str = "webhook") -> str:
    with outbox(way) as box:
        box.case.site.page("/hook", "wait", status=status, headers={"Retry-After": "120"})
        box.put("one")
        box.run(HOUR)
        shown, tries = box.shown(), {each.key for each in box.case.told()}
        before = len(box.case.told())
        box.case.site.page("/hook")
        box.run(timedelta(hours=1, minutes=10))
        after = box.case.told()[before:]
        fit = len(after) == 1 and tries == {after[0].key} and shown.startswith("pending") and f" {status} " in shown
        return f"sent once, pending and {status} before" if fit else f"{after} {shown}"


def asked_to_wait() -> str:
    with outbox("event") as box:
        box.case.site.page("/hook", "wait", status=429, headers={"Retry-After": "7200"})
        for title in ("one", "two", "three"):
            box.put(title)
            box.run(timedelta(minutes=20))
        before = len(box.case.told())
        box.case.site.page("/hook", status=204)
        box.run(HOUR / 2)
        early = len(box.case.told()) - before
        box.run(2 * HOUR)
        after = sorted(each.title for each in box.case.told()[before:])
        fit = (
            early == 0 and after == ["one changed", "three changed", "two changed"] and box.states() == "sent sent sent"
        )
        return f"{before} try before, all 3 once after" if fit else f"{early} {after} {box.states()}"


def gone() -> str:
    with outbox("event") as box:
        box.case.site.page("/hook", status=410)
        box.put("one")
        box.put("two", "ops")
        box.drain()
        box.drain()
        fit = box.states() == "dead sent" and "GIVEN UP" in " ".join(box.ops()) and len(box.case.told()) == 1
        return "dead at once, told, others sent" if fit else f"{box.states()} {box.ops()} {box.case.told()}"


def redirecting() -> str:
    with outbox("event") as box:
        box.case.site.page("/hook", status=302, headers={"Location": "/elsewhere"})
        box.put("one")
        box.run(HOUR)
        shown = box.shown()
        fit = "/elsewhere" not in box.case.site.paths and shown.startswith("pending") and "302" in shown
        return "not followed, pending" if fit else shown


def hanging() -> str:
    with outbox() as box:
        box.case.site.silent("/hook")
        box.put("one")
        box.put("two", "ops")
        began = time.monotonic()
        with patch.object(Deliverer, "_compose", timed_compose(box, began)):
            box.drain()
        shown = box.shown()
        box.case.site.raw("/hook", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        box.run(HOUR / 2)
        quick = box.ops_after < 1
        fit = quick and shown.startswith("pending: no answer within") and box.states() == "sent sent"
        return "the other in < 1 s, then sent" if fit else f"{box.ops_after} {shown} {box.states()}"


def timed_compose(box: Outbox, began: float) -> Any:
    """Notes when the other channel was told: it is looked at again and again while this one hangs."""
    compose = Deliverer._compose
    box.ops_after = float("inf")  # type: ignore[attr-defined]

    def look(self: Deliverer, channels: Any) -> None:
        compose(self, channels)
        if box.case.told("/ops"):
            box.ops_after = min(box.ops_after, time.monotonic() - began)  # type: ignore[attr-defined]

    return look


def unclear(answer: Callable[[Any], None], way: str = "webhook") -> str:
    """The service has the message, and the program cannot know it."""
    with outbox(way) as box, patch.object(webhook, "TIMEOUT", timedelta(seconds=SHORT)):
        box.case.site.raw("/hook", answer)
        box.put("one")
        box.drain()
        box.case.site.raw("/hook", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        box.run(HOUR / 2)
        keys = Counter(told.key for told in box.case.told())
        return "twice with the same id" if list(keys.values()) == [2] and box.states() == "sent" else str(keys)


def large_answer(talk: Callable[[Any], None]) -> str:
    with outbox() as box, cost() as costs:
        box.case.site.raw("/hook", talk)
        box.put("one")
        box.run(HOUR / 2)
        once = box.titles() == ["one"] and box.states() == "sent"
        used = f"below {MOST_MEMORY}" if costs.memory < MOST_MEMORY else f"{costs.memory:.0f}"
        return f"{'sent once' if once else box.states()}, {used} MB"


def bomb(connection: Any) -> None:
    packer, megabyte = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(1_000_000)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    for _ in range(3000):
        connection.sendall(packer.compress(megabyte))
    connection.sendall(packer.flush())


def endless(connection: Any) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(bytes(1_000_000))


def too_late(connection: Any) -> None:
    time.sleep(SHORT + 0.5)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def closing(connection: Any) -> None:
    connection.close()


# ---- channels that go


def renamed() -> str:
    with outbox() as box:
        box.case.site.page("/hook", status=503)
        box.put("old")
        box.drain()
        box.case.site.page("/hook")
        text = (box.case.program.folder / "watch.toml").read_text()
        text = text.replace("[channels.desk]", "[channels.news]").replace('to = ["desk"]', 'to = ["news"]')
        box.case.program.configure(text.replace('to = ["ops", "desk"]', 'to = ["ops"]'))
        asked = len(box.case.told())
        box.put("new", "news")
        box.drain()
        new = [each.title for each in box.case.told()[asked:]]
        shown = box.shown()
        fit = shown.startswith("dead: the channel is gone") and box.ops() == ["GIVEN UP"] and len(new) == 1
        return "dead, told, the new one works" if fit else f"{shown} {box.ops()} {new}"


def removed() -> str:
    with outbox() as box:
        box.put("one", "chat")
        box.drain()
        (dead,) = box.store.outbox.deliveries(DeliveryState.DEAD)
        titles = [each.title for each in box.case.told("/ops")]
        fit = dead.error == "the channel is gone from the configuration" and "GIVEN UP: channel chat" in " ".join(
            titles
        )
        return "dead, told" if fit else f"{dead.error} {titles}"


def nobody_listens() -> str:
    with outbox() as box:
        for path in ("/hook", "/ops"):
            box.case.site.page(path, status=410)
        box.put("one")
        box.run(timedelta(days=30), HOUR)
        told = box.store.log.events(kind=EventKind.HEALTH, limit=None)
        return (
            f"no end of alerts about alerts: {len(told) + 1}"
            if not box.store.outbox.counts()["pending"]
            else box.states()
        )


def malformed() -> str:
    with outbox() as box:
        box.put("one")
        add_event(box.store, Event(EventKind.CHANGE, "list", "list", "record", box.now, None, {}), ["desk"], box.now)
        box.put("two")
        box.drain()
        fit = box.states() == "sent dead sent" and sorted(box.titles()) == ["one", "two"]
        return "it is dead, the others sent" if fit else f"{box.states()} {box.titles()}"
