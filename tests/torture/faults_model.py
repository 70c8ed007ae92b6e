"""A register at random, and a perfect observer beside it: who was told what, after some seeds of random steps.

What the register shows, when it is read, kills, a server that takes nothing, the clock, and what people decide are
drawn by the seed. In the end each reader has been told all that became of the register since, nothing else, and each
once. Some lives are scripts. `make torture FAULTS=model SEEDS=20 STEPS=100` tries the seeds from 1 to 20.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.conftest import Reply
from tests.torture.desks import Register, opened
from tests.torture.observer import (
    Fact,
    Observer,
    Row,
    Span,
    Trouble,
    compare_facts,
    compare_health,
    compare_texts,
    unbelieved,
)
from tests.torture.rows import Fault
from tests.torture.rows import Row as Tried

AT_ONCE = 2
SEEDS = range(1, int(os.environ["SEEDS"]) + 1) if os.environ.get("SEEDS") else (11, 12)
STEPS = int(os.environ.get("STEPS") or 25)
EXPECTED = "missing 0, false 0, twice 0"
WATCHED = ("Alder Capital", "Birch Holdings")
OVERTAKEN = re.compile("The register has changed since: .+\n")  # whoever is asked is asked once more then
PREFIXES = ("", "UK-", "EU/")  # of keys
POINTS = ("after_fetch", "after_read", "before_commit", "after_commit", "before_send", "after_send", "after_mark")
CONFIGURATION = """
state = "{state}"
[http]
private_addresses = "allow"
spacing = "0s"
[entities.alder]
names = ["Alder Capital"]
[entities.birch]
names = ["Birch Holdings"]
[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "no"
title = "name"
every = "15m"
[channels]
desk = {{ url = "{site}/desk", format = "event", batch = 50, give_up = "60d" }}
reader = {{ url = "{hook}/reader", give_up = "60d" }}
evening = {{ url = "{site}/evening", format = "event", batch = 100, give_up = "60d" }}
digest = {{ url = "{hook}/digest", give_up = "60d" }}
public = {{ url = "{hook}/public", give_up = "60d" }}
editors = {{ url = "{hook}/editors", give_up = "60d" }}
ops = {{ url = "{hook}/ops", give_up = "60d" }}
[[alerts]]
entities = ["alder", "birch"]
to = ["desk", "reader"]
[[alerts]]
digest = "daily 18:00 UTC"
to = ["evening", "digest"]
[[alerts]]
entities = ["alder"]
approve = ["editors"]
to = ["public"]
[[alerts]]
health = true
to = ["ops"]
"""
CHANNELS = ("/desk", "/reader", "/evening", "/digest", "/public", "/editors", "/ops")
SCRIPTS = {
    "the clock goes back": "lose_half check turn_back check lose_half turn_back check change check turn_back check",
    "the clock goes back after a digest": "change check pass_time turn_back change check undo check turn_back check",
    "two rekeys in a row": "rekey check rekey check change check accept:watched rekey check change check accept:all",
    "a rekey with changes inside": "rekey change add remove change check accept:watched check change check",
    "an accept while a newer snapshot is held": "lose_half change check accept_older accept:watched lose_half check",
    "half empty for an hour": "lose_half_for_an_hour change check lose_half_for_an_hour",
}


def faults() -> Iterator[Callable[[], Tried]]:
    for title, acts in SCRIPTS.items():
        yield partial(tried, title, 1, acts.split())
    for seed in SEEDS:
        yield partial(tried, f"seed {seed}, {STEPS} steps", seed, [""] * STEPS)


def tried(title: str, seed: int, acts: Sequence[str]) -> Tried:
    """The row of a life, with its numbers."""
    numbers = list[str]()
    row = Fault(title, EXPECTED, lambda: lived(seed, acts, numbers.append))()
    return row._replace(fault=", ".join([title, *numbers]))


def lived(seed: int, acts: Sequence[str], note: Callable[[str], None] = lambda numbers: None) -> str:
    """A life of the register, and what became of it in the words of the table, with the first differences. An act
    without a name is drawn by the seed.
    """
    with opened(Life) as life:
        life.begin(seed)
        for act in acts:
            life.step(act)
        life.end()
        found = list(life.compare())
        note(f"{life.checks} checks, {life.kills} kills, {sum(len(life.bodies(path)) for path in CHANNELS)} messages")
        counts = Counter("twice" if re.match("twice|told", each) else each.partition(":")[0] for each in found)
        said = ", ".join(f"{what} {counts[what]}" for what in ("missing", "false", "twice"))
        return said + "".join(f"\n    {each}" for each in found[:40])


class Life(Register):
    """The register, those who are told of it, and its observer."""

    configuration = CONFIGURATION

    def begin(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.page, self.serial, self.kills, self.checks = dict[str, Row](), 0, 0, 0
        self.down = False
        self.hidden: dict[str, Row] = {}
        self.decided: dict[int, str] = {}  # what was answered, by the change's number
        self.trail: list[str] = []
        self.refusing, self.ahead, self.lived = 0, timedelta(), timedelta(days=1)
        self.hindered = timedelta()  # when something last kept messages back, by the time that was lived
        self.spared: list[Trouble] = []  # of which what was held may not have been told before it was decided
        for number in range(24):
            name = (*WATCHED, "Alder Capital Europe")[number] if number < 3 else f"Elm Street Advisers {number}"
            self.page[f"K{number}"] = Row(name, self.status(), f"20{number:02}-03-1{number % 8 + 2}")
        for path in CHANNELS:
            self.site.page(path, self.take)
        self.serve()
        self.observer = Observer({}, WATCHED)
        ran = self.program.once()
        assert ran.code == 0, ran.err[-300:]
        self.observer.believed = dict(self.page)

    def show(self, branch: str, **more: str) -> None:
        """It shows nothing before its life begins."""

    def configure(self, **texts: str) -> None:
        hook = self.site.url("").replace("http", "json")
        self.program.configure(CONFIGURATION.format(state=self.place.url, site=self.site.url(""), hook=hook))

    def status(self) -> str:
        self.serial += 1
        return f"s{self.serial}"

    def take(self, _asked: Any) -> Any:
        """What a server of a channel answers."""
        if self.refusing > 0:
            self.refusing -= 1
            self.hindered = self.lived
            return Reply("not now", 503)
        return ""

    def serve(self) -> None:
        rows = [{"no": key, **row._asdict()} for key, row in self.page.items()]
        self.site.page("/list", "broken" if self.down else rows, status=503 if self.down else 200)

    # ---- what happens

    def step(self, given: str = "") -> None:
        acts: list[tuple[int, Callable[[], None]]] = [
            (14, self.check),
            (10, self.kill),
            (12, self.change),
            (5, self.add),
            (5, self.remove),
            (4, self.bring_back),
            (3, self.undo),
            (4, self.reformat),
            (3, self.rewrite),
            (3, self.rekey),
            (2, self.rekey_twice),
            (3, self.lose_half),
            (2, self.lose_half_for_an_hour),
            (3, self.flicker),
            (3, self.fail),
            (3, self.refuse),
            (10, self.pass_time),
            (2, self.turn_back),
            (5, self.accept),
            (2, self.accept_older),
            (4, self.decide),
        ]
        drawn = self.chance.choices([act for _, act in acts], [weight for weight, _ in acts])[0]
        name, _, option = (given or drawn.__name__).partition(":")
        self.trail.append(name)
        getattr(self, name)(*filter(None, [option]))
        self.serve()

    def pick(self, number: int) -> list[str]:
        """The keys of some entries, half of the time a watched one among them."""
        keys = list(self.page)
        watched = [key for key in keys if any(name in self.page[key].name for name in WATCHED)]
        chosen = self.chance.sample(keys, min(number, len(keys)))
        return [*chosen[1:], self.chance.choice(watched)] if watched and self.chance.random() < 0.5 else chosen

    def change(self) -> None:
        for key in self.pick(self.chance.randint(1, 3)):
            self.page[key] = self.page[key]._replace(status=self.status())

    def add(self) -> None:
        name = self.chance.choice(["Alder Capital Asia", "Birch Holdings Asia", "Elm Street Advisers"])
        self.page[f"K{self.serial + 100}"] = Row(f"{name} {self.serial}", self.status(), "2025-04-13")

    def remove(self) -> None:
        for key in self.pick(1 if len(self.page) > 18 else 0):
            del self.page[key]

    def bring_back(self) -> None:
        """An entry that was removed is there again."""
        names = {row.name for row in self.page.values()}
        gone = [key for key, row in self.observer.gone.items() if row.name not in names and key not in self.page]
        if gone and not self.hidden:
            key = self.chance.choice(gone)
            self.page[key] = self.observer.gone[key]

    def undo(self) -> None:
        """An entry is again what it was."""
        changed = [fact for fact in self.observer.due if fact.change == "changed" and fact.key in self.page]
        if changed and (fact := changed[-1]).before:
            self.page[fact.key] = fact.before

    def reformat(self) -> None:
        """All dates are written otherwise; sometimes something changes with them."""
        for key, row in self.page.items():
            year, month, day = row.since.split("-") if "-" in row.since else row.since.split(".")[::-1]
            self.page[key] = row._replace(
                since=f"{day}.{month}.{year}" if "-" in row.since else f"{year}-{month}-{day}"
            )
        if self.chance.random() < 0.5:
            self.change()

    def rewrite(self) -> None:
        """The same value is written otherwise in a single row."""
        for key in self.pick(1):
            self.page[key] = self.page[key]._replace(status=self.page[key].status.swapcase())

    def rekey(self) -> None:
        """All entries get other keys, or those of before; sometimes there are changes with them."""
        if self.hidden:
            return
        before = next((each for each in PREFIXES if each and next(iter(self.page)).startswith(each)), "")
        new = self.chance.choice([each for each in PREFIXES if each != before])
        self.page = {f"{new}{key.removeprefix(before)}": row for key, row in self.page.items()}
        for act in (self.change, self.add, self.remove):
            if self.chance.random() < 0.3:
                act()

    def rekey_twice(self) -> None:
        """They get other keys once more, while the first ones are held, or have been accepted."""
        for is_accepted in (self.chance.random() < 0.5, False):
            self.rekey()
            self.serve()
            self.check()
            if is_accepted:
                self.accept()

    def lose_half(self) -> None:
        """Half of the register is missing, until it is there again."""
        if self.hidden:
            self.page |= self.hidden
            self.hidden = {}
        else:
            self.hidden = {key: self.page.pop(key) for key in self.chance.sample(list(self.page), len(self.page) // 2)}

    def lose_half_for_an_hour(self) -> None:
        """It is checked all that time, and may change."""
        if self.hidden:
            self.lose_half()
        self.lose_half()
        self.serve()
        for act in self.chance.sample([self.change, self.add, self.check, self.check], 4):
            act()
            self.serve()
            self.check()
            self.shift(timedelta(minutes=20))
        self.lose_half()
        self.serve()
        self.check()

    def flicker(self) -> None:
        """A watched entry is missing for one request, and there again at the next."""
        hidden = {key for key in self.pick(1) if self.page[key].name.startswith(WATCHED)}
        looks = iter([hidden])

        def answer(_asked: Any) -> Any:
            away = next(looks, set())
            return [{"no": key, **row._asdict()} for key, row in self.page.items() if key not in away]

        if not self.down:
            self.site.page("/list", answer)
        self.check()

    def fail(self) -> None:
        self.down = not self.down

    def refuse(self) -> None:
        """The next messages are not taken."""
        self.refusing = self.chance.randint(1, 4)

    def pass_time(self) -> None:
        minutes = self.chance.choice([1, 20, 20, 90, 300, 700])
        self.shift(timedelta(minutes=minutes))

    def turn_back(self) -> None:
        """The clock is set back."""
        self.shift(-timedelta(minutes=self.chance.choice([5, 50, 200])))

    def shift(self, by: timedelta) -> None:
        self.ahead += by
        self.lived += max(by, timedelta())
        self.program.shift(self.ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def check(self) -> None:
        self.asked = self.now()
        ran = self.program.once()
        assert ran.code in {0, 1}, f"exit {ran.code}: {ran.err[-300:]}"
        self.observe()

    def observe(self) -> None:
        self.checks += 1
        before = self.observer.trouble
        self.observer.read(None if self.down else dict(self.page), Span(self.asked, self.now()))
        if self.lived - self.hindered <= timedelta(hours=2):
            self.spared += filter(None, (before, self.observer.trouble))

    def kill(self) -> None:
        """A check that is killed at some point, or at any moment. If it was not committed, another one follows."""
        self.asked, before = self.now(), self.committed()
        if self.chance.random() < 0.7:
            ran = self.program.once(failpoint=f"{self.chance.choice(POINTS)}:KILL")
        else:
            running = self.program.start("--once", "--json")
            time.sleep(self.chance.uniform(0.0, 0.6))
            running.signal(signal.SIGKILL)
            ran = running.wait()
        self.kills += ran.code == -signal.SIGKILL
        self.hindered = self.lived
        if self.committed() != before:
            self.observe()
        else:
            self.check()

    def committed(self) -> str:
        """What is another once a check or an acceptance was committed, also one that failed."""
        return str(self.program.ask("SELECT concat(revision, ' ', tried) FROM sources"))

    def held(self) -> str:
        """The id of the snapshot that is held."""
        said = self.program.run("accept", "list", "--yes", "another").err
        held = re.search(r"is not held, (\w+) is", said)
        assert held, f"nothing is held: {said}"
        return held[1]

    def accept(self, given: str = "") -> None:
        """Somebody takes the held snapshot, and has some of its changes alerted; with them `given`, without a kill."""
        if self.observer.held is None:
            return
        alert = given or self.chance.choice(["all", "watched", "watched", "none"])
        options = {"all": ["--alert"], "watched": [], "none": ["--quiet"]}[alert]
        held, before, self.asked = self.held(), self.committed(), self.now()
        kill = "" if given else self.chance.choice(["", "", "before_commit:KILL", "after_commit:KILL"])
        ran = self.program.run("accept", "list", "--yes", held, *options, failpoint=kill)
        self.kills += ran.code == -signal.SIGKILL
        if self.committed() != before:
            self.observer.accept(Span(self.asked, self.now()), alert=alert)
        else:
            assert kill, f"not accepted: {ran}"

    def accept_older(self) -> None:
        """Somebody accepts a snapshot in whose place a newer one is held by now: nothing is taken."""
        if self.observer.held is None or self.down:
            return
        older = self.held()
        self.add()
        self.serve()
        self.check()
        if self.observer.held is not None:
            before = self.committed()
            ran = self.program.run("accept", "list", "--yes", older, "--alert")
            assert (ran.code, self.committed()) == (2, before), ran

    def decide(self, what: str = "") -> None:
        """Somebody answers all that waits for an approval."""
        what = what or self.chance.choice(["approve", "reject"])
        shown = json.loads(self.program.run("deliveries", "--limit", "10000", "--json").out)["deliveries"]
        waiting = [each for each in shown if each["state"] == "unapproved" and each["message"] is not None]
        for number in {each["message"]: str(each["id"]) for each in waiting}.values():
            ran = self.program.run("deliveries", what, number)
            if seen := re.search(r"--seen (\d+)", ran.err):  # the register has changed since
                ran = self.program.run("deliveries", what, number, "--seen", seen[1])
            assert ran.code == 0, ran
        self.decided |= {each["event"]: what for each in waiting}

    def end(self) -> None:
        """The register is as it is; all that waits is sent, and approved."""
        self.down, self.refusing, self.page, self.hidden = False, 0, self.page | self.hidden, {}
        self.serve()
        self.check()
        while self.observer.held is not None and self.observer.trouble:
            self.chance.random()
            self.accept()
        for _ in range(4):
            self.shift(timedelta(hours=30))
            self.check()
            self.decide("approve")
        self.check()

    # ---- what was told

    def compare(self) -> Iterator[str]:
        watched = [fact for fact in self.observer.due if self.observer.is_watched(fact)]
        held = [unbelieved(fact) for trouble in self.observer.troubles for fact in trouble.spoken]
        may = {f"missing: {unbelieved(fact)}" for trouble in self.spared for fact in trouble.spoken}
        troubles = self.observer.troubles
        early = {unbelieved(fact) for each in troubles for fact in each.spoken if fact not in each.collected}
        decided = may | {f"missing: {fact}" for fact in early}  # before the digest was due
        who = (("/desk", "/reader"), watched, may), (("/evening", "/digest"), self.observer.due, decided)
        for paths, due, excused in who:
            told = [fact for _, fact in self.changes(paths[0])]
            found = [*compare_facts(due + held, told)], [*compare_texts(due + held, self.messages(paths[1]))]
            for path, differing in zip(paths, found, strict=True):
                yield from (f"{each} ({path})" for each in differing if each not in excused)
        of_event = {number: fact for number, fact in self.changes("/desk") if fact.name.startswith("Alder")}
        of_event = {number: fact for number, fact in of_event.items() if not fact.change.startswith("not ")}
        approved = [fact for number, fact in of_event.items() if self.decided.get(number) == "approve"]
        asked_of = [fact for fact in watched if fact.name.startswith("Alder")]
        asked = dict.fromkeys(OVERTAKEN.sub("", text) for text in self.messages("/editors"))
        yield from (f"{each} (/editors)" for each in compare_texts(asked_of, asked))
        yield from (f"missing: nobody was asked of {of_event[each]}" for each in of_event.keys() - self.decided.keys())
        yield from (f"{each} (/public)" for each in compare_texts(approved, self.messages("/public")))
        logged = json.loads(self.program.run("log", "--limit", "10000", "--json").out)["changes"]
        yield from (f"{each} (log)" for each in compare_facts(self.observer.logged, [*map(fact_of, logged)]))
        yield from (f"{each} (/ops)" for each in compare_health(self.observer.troubles, self.messages("/ops")))

    def bodies(self, path: str) -> list[Any]:
        """What was sent, each message once, however often it was taken."""
        sent: dict[str, Any] = {}
        for asked in self.site.requests:
            if asked.path == path:
                key = asked.headers.get("webhook-id") or asked.headers["idempotency-key"]
                assert sent.setdefault(key, asked.body) == asked.body, f"two messages with one id at {path}"
        return [json.loads(body) for body in sent.values()]

    def changes(self, path: str) -> list[tuple[int, Fact]]:
        """The facts that a program was told, each with its number."""
        told = list[tuple[int, Fact]]()
        for body in self.bodies(path):
            if body["type"] in {"change", "changes", "held"}:
                data = body["data"] if isinstance(body["data"], list) else [body["data"]]
                told += [(each["id"], fact_of(each)) for each in data]
        return told

    def messages(self, path: str) -> list[str]:
        return [body["message"] for body in self.bodies(path)]


def fact_of(posted: dict[str, Any]) -> Fact:
    """A change as it was posted, or one that is held."""
    held = isinstance(posted["change"], dict)
    change = posted["change"] if held else posted
    if "more" in change:
        return Fact(change["change"], "", None, None, together=change["more"]["count"] + 1)
    sides = [
        Row(*(side[name] for name in Row._fields)) if side else None for side in (change["before"], change["after"])
    ]
    fact = Fact(change["change"], change["key"], *sides, change.get("former_key"))
    return unbelieved(fact) if held else fact
