"""Two processes on one state, in any interleaving: the stored changes are consistent with what happened, each alerted
once.

The checks, decisions, state and outbox are the program's own. A "process" here is a store with a check that may pause
between any two of its steps: begun, answered, committed.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, ParamSpec, TypeVar
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from alerts.matching.watchlist import Watchlist
from alerts.message.recipient import Form, MessageLimits, Service
from alerts.service_answer import ServiceAnswer
from sources import Get, Page, Unreachable
from sources.http.exchange import Validators
from state.model import DeliveryState, EventKind, Message, Standing
from state.store import Store
from tests import postgres
from watcher.check.context import CheckTarget
from watcher.check.decide import Stale
from watcher.check.outcome import Checked, Failed
from watcher.check.pipeline import check, compare_again
from watcher.config.load import load
from watcher.cycle import Cycle
from watcher.delivery.deliver import Deliverer

P = ParamSpec("P")
R = TypeVar("R")

CONFIGURATION = """
[sources.list]
kind = "json"
url = "https://register.example.org/list"
items = "@"
key = "name"
max_pages = 5

[channels.desk]
url = "json://127.0.0.1:9/"

[[alerts]]
to = ["desk"]
"""

pytestmark = pytest.mark.timeout(600)

REGISTERS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"), max_size=4)
PROCESSES = st.sampled_from([0, 1])
# as one list, for hypothesis would leave whole rules out of most runs
STEPS = st.sampled_from(
    ["begin"] * 4
    + ["page", "last page"] * 3
    + ["commit"] * 4
    + ["drain"] * 2
    + ["register changes", "nobody answers", "dies", "drain in vain", "dies after sending", "time passes"]
)

# who stores something; after any other step the state is what it was
WRITING = {"commit", "drain", "drain in vain", "dies after sending"}


class Killed(BaseException):
    """The process dies after sending a message and before marking it."""


class Asked(NamedTuple):
    """A request that a check waits for."""

    get: Get

    def __await__(self) -> Generator[Asked, Page, Page]:
        page = yield self
        return page


class StandingStill:
    """The CheckIO of a check that pauses at each request until it gets the page."""

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        return await Asked(get)

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        return work(*args, **options)


class Process:
    """One process: its store, and its check in progress."""

    def __init__(self, world: TwoProcesses) -> None:
        self.world = world
        self.store = Store.open(world.config.state)
        self.cycle = Cycle(world.config, self.store, None, world.clock)  # type: ignore[arg-type]
        source = world.config.sources["list"]
        self.target = CheckTarget("list", source, self.store, Watchlist({}))
        self.asking: Coroutine[Asked, Page | None, Checked] | None = None
        self.asked: Asked | None = None
        self.checked: Checked | None = None

    @property
    def idle(self) -> bool:
        return self.asking is None and self.checked is None

    def begin(self) -> None:
        self.asking = check(StandingStill(), self.target, self.world.clock)
        self.asked = self.asking.send(None)

    def answer(self, body: bytes | None) -> None:
        assert self.asking
        assert self.asked
        try:
            if body is None:
                self.asked = self.asking.throw(Unreachable("nobody answers"))
            else:
                headers = {"content-type": "application/json"}
                get = self.asked.get
                self.asked = self.asking.send(Page(get, get.url, 200, headers, body, self.world.clock()))
        except StopIteration as end:
            self.asking, self.checked = None, end.value

    def commit(self) -> None:
        checked, self.checked = self.checked, None
        assert checked
        try:
            asyncio.run(self.cycle._committer.commit(self.target, checked))
        except Stale:  # the result is committed later, whatever the other process does until then
            self.checked = compare_again(self.target, checked)

    def die(self) -> None:
        self.asking = self.checked = None

    def entries(self) -> dict[str, str]:
        known = self.store.known("list")
        present = [mark.id for mark in dict(known.rows()).values() if mark.standing is Standing.PRESENT]
        return {entry.key: entry.fields["value"] for entry in known.contents(present).values()}


class TwoProcesses(RuleBasedStateMachine):
    """A register that changes, and two processes that watch it."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        (folder / "watch.toml").write_text(f'state = "{self.state(folder)}"\n{CONFIGURATION}')
        self.now = datetime(2025, 7, 14, 12, tzinfo=UTC)
        self.config = load(folder / "watch.toml")
        self.processes = [Process(self), Process(self)]
        self.stack.enter_context(patch("alerts.send.send", self.send))
        self.stack.enter_context(
            patch(
                "alerts.apprise_service.describe_service",
                lambda _: Service(Form.DATA, MessageLimits(200, 5000), files=False),
            )
        )
        self.history: list[dict[str, str]] = []
        self.story: dict[str, str] | None = None  # the register as known to a reader of the baseline and the changes
        self.tale: list[dict[str, str]] = []  # that register after each change
        self.heard = 0
        self.written = True  # by the last step
        self.answer: str | None = None
        self.deadly = False
        self.wire: list[str] = []
        self.deaths: Counter[str] = Counter()

    def state(self, folder: Path) -> str:
        return f"sqlite:///{folder}/state.db"

    def teardown(self) -> None:
        try:
            self.all_is_well_again()
        finally:
            for process in self.processes:
                process.store.close()
            self.stack.close()

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def send(self, _url: str, message: Message, *_: Any) -> ServiceAnswer | None:
        if self.answer is None:
            self.wire.append(message.key)
            if self.deadly:
                self.deaths[message.key] += 1
                raise Killed
        return ServiceAnswer(self.answer) if self.answer else None

    # ---- what may happen

    @initialize(register=REGISTERS)
    def opens(self, register: dict[str, str]) -> None:
        self.history.append(register)

    def one(self, number: int, ready: Callable[[Process], object]) -> Process | None:
        """This process, or the other one if only that is ready."""
        both = (self.processes[number], self.processes[1 - number])
        return next((process for process in both if ready(process)), None)

    @rule(number=PROCESSES, what=STEPS, register=REGISTERS)
    def goes_on(self, number: int, what: str, register: dict[str, str]) -> None:
        """One step of one process, if it is at that point, or of the site."""
        self.written = what in WRITING
        match what:
            case "register changes":
                self.history.append(register)
            case "time passes":
                self.now += timedelta(hours=2)
            case "dies":
                self.processes[number].die()
            case "drain" | "drain in vain" | "dies after sending":
                self.deadly = what == "dies after sending"
                self.drain(number, "the server answered 503" if what == "drain in vain" else None)
                self.deadly = False
            case _:
                self.checks(number, what, register)

    def checks(self, number: int, what: str, register: dict[str, str]) -> None:
        match what:
            case "begin" if process := self.one(number, lambda process: process.idle):
                process.begin()
            case "page" if process := self.one(number, lambda process: process.asking):
                process.answer(self.page())
            case "last page" if process := self.one(number, lambda process: process.asking):
                process.answer(self.page())
                self.history.append(register)  # from now on the process's page is outdated
            case "nobody answers" if process := self.one(number, lambda process: process.asking):
                process.answer(None)
            case "commit" if process := self.one(number, lambda process: process.checked):
                self.commits(process)

    def commits(self, process: Process) -> None:
        if not (process.checked and isinstance(process.checked.found, Failed)):
            process.commit()
            return
        before = process.entries(), process.store.source("list").revision, self.changes()
        process.commit()
        after = process.entries(), process.store.source("list").revision, self.changes()
        assert before == after, "a failed check changed something"

    def page(self) -> bytes:
        return json.dumps([{"name": name, "value": value} for name, value in self.history[-1].items()]).encode()

    def drain(self, number: int, answer: str | None = None) -> None:
        self.answer = answer
        with suppress(Killed):
            Deliverer(self.config, self.processes[number].store, self.clock).drain()

    # ---- what must hold

    def changes(self) -> list[Any]:
        return self.processes[0].store.log.events(kind=EventKind.CHANGE, limit=None)

    @precondition(lambda self: self.written)
    @invariant()
    def the_changes_give_the_state(self) -> None:
        entries = self.processes[0].entries()
        if self.story is None:
            if self.processes[0].store.source("list").revision:
                self.story = entries
                self.tale.append(entries)
            return
        by_number = sorted((event for event in self.changes() if event.id > self.heard), key=lambda event: event.id)
        for event in by_number:
            self.heard = event.id
            self.tell(event.data)
        assert self.story == entries

    def tell(self, data: dict[str, Any]) -> None:
        assert self.story is not None
        key, value = data["key"], data["fields"].get("value", {"before": None, "after": None})
        match data["change"]:
            case "added" | "reappeared":
                assert key not in self.story
                after = value["after"] if data["change"] == "added" else data["entry"]["value"]
                self.story = self.story | {key: after}
            case "changed":
                assert self.story[key] == value["before"]
                self.story = self.story | {key: value["after"]}
            case _:
                assert self.story[key] == value["before"]
                self.story = {name: known for name, known in self.story.items() if name != key}
        self.tale.append(self.story)

    @invariant()
    def it_really_happened_in_this_order(self) -> None:
        for key in "abcd":
            real = iter([register.get(key) for register in self.history])
            told = [known.get(key) for known in self.tale]
            steps = [value for number, value in enumerate(told) if number == 0 or told[number - 1] != value]
            assert all(any(value == seen for seen in real) for value in steps), (key, steps)

    @precondition(lambda self: self.written)
    @invariant()
    def every_change_has_its_delivery_and_no_delivery_is_without_one(self) -> None:
        about = Counter(delivery.event.id for delivery in self.processes[1].store.outbox.deliveries())
        baselines = self.processes[1].store.log.events(kind=EventKind.BASELINE, limit=None)
        assert about == Counter(event.id for event in [*self.changes(), *baselines])

    @invariant()
    def nothing_goes_twice_but_what_was_killed_between_send_and_mark(self) -> None:
        for key, times in Counter(self.wire).items():
            assert times <= 1 + self.deaths[key]

    def all_is_well_again(self) -> None:
        """After any interleaving, an undisturbed check and delivery make everything consistent."""
        process = self.processes[0]
        process.die()
        self.history.append(self.history[-1] or {"a": "1"})
        process.begin()
        while process.asking:
            process.answer(self.page())
        process.commit()
        assert process.entries() == self.history[-1]
        self.now += timedelta(hours=2)
        self.drain(0)
        states = {delivery.state for delivery in process.store.outbox.deliveries()}
        assert states == {DeliveryState.SENT}


class TwoProcessesOnAServer(TwoProcesses):
    """The same with the state on a PostgreSQL server."""

    def state(self, folder: Path) -> str:
        server = postgres.shared()
        name = server.lend()
        self.stack.callback(server.give_back, name)
        return server.url(name)


LIFE = settings(max_examples=40, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
TestTwoProcesses = TwoProcesses.TestCase
TestTwoProcesses.settings = LIFE
TestTwoProcessesOnAServer = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)(
    TwoProcessesOnAServer.TestCase
)
TestTwoProcessesOnAServer.settings = settings(LIFE, max_examples=12)


def test_a_check_that_began_later_but_has_the_older_page_does_not_take_the_change_back() -> None:
    """Its check may have begun later but fetched earlier: the other one had to wait for its host."""
    world = TwoProcesses()
    world.history.append({"a": "1"})
    first, second = world.processes
    first.begin()
    first.answer(world.page())
    first.commit()
    first.begin()
    second.begin()
    world.history.append({"a": "2"})
    second.answer(world.page())
    world.history.append({"a": "3"})
    first.answer(world.page())
    first.commit()
    second.commit()
    assert [event.data["fields"]["value"]["after"] for event in world.changes()] == ["3"]
    world.teardown()
