"""500 sources that change, servers that misbehave, a daemon that is killed again and again; then the books are compared.

`python tests/torture/soak.py [--minutes 20] [--sources 500] [--seed N]`

The ledger is the test server's own: what it changed, and which messages were taken. A source changes again only when its
last change has been told, so that every change can be told apart. Exits 1 if a change was lost, invented, or told twice
under another id, or if the event loop did not turn for too long.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])

from tests.conftest import Reply, Site
from tests.torture.processes import Program, Running
from tests.torture.rows import MOST_PAUSE

PACE = 8.0  # changes a second
LAST_WAIT = 150.0  # seconds for what is still under way in the end
FAULTY = 0.08  # share of the answers that are bad
TOP = """
[http]
private_addresses = "allow"
spacing = "0s"
per_host = 32
timeout = "2s"

[channels.desk]
url = "{hook}/hook"

[channels.ops]
url = "{hook}/ops"

[[alerts]]
to = ["desk"]

[[alerts]]
health = true
to = ["ops"]
"""
BAD: dict[str, Any] = {
    "500": Reply("broken", 500),
    "503": Reply("broken", 503),
    "429": Reply("slowly", 429, {"Retry-After": "3"}),
    "slow": None,
    "no JSON": '[{"name": "',
    "empty list": [],
    "half a list": Reply(b'[{"name": "x"', 200, {"Content-Length": "100000"}, "application/json"),
    "nothing": "",
    "challenge": "<html><title>Just a moment...</title><body>Checking your browser</body></html>",
}
SOURCE = """
[sources.{name}]
kind = "json"
url = "{url}"
items = "@"
key = "name"
every = "5s"
"""


class Change(NamedTuple):
    """One line of the ledger, and one event of the log."""

    source: str
    change: str
    key: str
    value: str | None = None


@dataclass
class Books:
    """What was changed and what was told; times are the monotonic clock's."""

    changed: dict[Change, float] = field(default_factory=dict)
    told: dict[Change, float] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)  # messages by idempotency key
    keys: dict[Change, set[str]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    lock: Any = field(default_factory=threading.Lock)


class Registers:
    """The test server: one list a source, whose answers are sometimes bad, and a desk that sometimes fails."""

    def __init__(self, books: Books, names: list[str], chance: random.Random) -> None:
        self.books, self.chance, self.names = books, chance, names
        self.well = True
        self.site = Site()
        self.rows = {name: {f"{name} {number}": 0 for number in range(4)} for name in names}
        self.last: dict[str, Change] = {}
        for name in names:
            self.site.page(f"/{name}", self.answer(name))
        self.site.page("/hook", self.desk)
        self.site.page("/ops")

    def answer(self, name: str) -> Any:
        def listed(_asked: Any) -> Any:
            rows = [{"name": key, "version": value} for key, value in list(self.rows[name].items())]
            return rows if self.well or self.chance.random() > FAULTY else self.bad(rows)

        return listed

    def bad(self, rows: list[Any]) -> Any:
        kind, answer = self.chance.choice(list(BAD.items()))
        self.books.faults[f"source: {kind}"] += 1
        if kind == "slow":
            time.sleep(2.5)
            return rows
        return answer

    def desk(self, asked: Any) -> Any:
        kind = (
            "taken"
            if self.well or self.chance.random() > FAULTY
            else self.chance.choice(["503", "429", "slow", "unsure"])
        )
        if kind in {"503", "429"}:
            self.books.faults[f"desk: {kind}"] += 1
            return Reply("not now", int(kind))
        with self.books.lock:
            self.books.taken[asked.headers["idempotency-key"]] += 1
        if kind == "taken":
            return ""
        self.books.faults[f"desk: {kind}"] += 1
        if kind == "slow":
            time.sleep(3)
            return ""
        return Reply("taken, but the answer says otherwise", 500)

    def change(self) -> None:
        """Change one source whose last change has been told."""
        name = self.chance.choice(self.names)
        if name in self.last and self.last[name] not in self.books.told:
            return
        rows, what = self.rows[name], self.chance.choices(["changed", "added", "removed"], [70, 15, 15])[0]
        more = [key for key in rows if "+" in key]
        if what == "removed" and more:
            new = Change(name, "removed", more[0])
        elif what == "added" and len(rows) < 8:
            new = Change(name, "added", f"{name} +{len(self.books.changed)}")
        else:
            key = f"{name} {self.chance.randrange(4)}"
            new = Change(name, "changed", key, str(rows[key] + 1))
        self.books.changed[new] = time.monotonic()
        self.last[name] = new
        if new.change == "removed":
            del rows[new.key]
        else:
            rows[new.key] = int(new.value or 0)


def tell(books: Books, state: Path) -> None:
    """Enter into the books which changes the messages that were taken are about."""
    with books.lock:
        new = [key for key in books.taken if key not in {each for keys in books.keys.values() for each in keys}]
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True, timeout=5)) as connection:
        for key in new:
            found = connection.execute(
                "SELECT e.source, json_extract(e.data, '$.change'), json_extract(e.data, '$.key'),"
                " json_extract(e.data, '$.fields.version.after') FROM events e JOIN deliveries d ON d.event_id = e.id"
                " JOIN messages m ON m.id = d.message_id WHERE m.key = ? AND e.kind = 'change'",
                (key,),
            )
            for source, kind, name, after in found:
                change = Change(source, kind, name, after if kind == "changed" else None)
                books.keys.setdefault(change, set()).add(key)
                books.told.setdefault(change, time.monotonic())


class Tormentor:
    """Keeps a daemon alive, and does not let it live."""

    def __init__(self, program: Program, books: Books, chance: random.Random) -> None:
        self.program, self.books, self.chance = program, books, chance
        self.daemon = program.start()
        self.at = time.monotonic() + 10
        self.continues: list[tuple[float, Running]] = []

    def turn(self) -> None:
        now = time.monotonic()
        for at, stopped in list(self.continues):
            if at <= now:
                stopped.signal(signal.SIGCONT)
                self.continues.remove((at, stopped))
        if not self.daemon.alive:
            self.daemon = self.program.start()
        if now >= self.at:
            self.at = now + self.chance.uniform(4, 20)
            self.torment(now)

    def torment(self, now: float) -> None:
        what = self.chance.choices(
            ["SIGKILL", "SIGTERM", "SIGSTOP", "--once", "HUP", "lock"], [40, 15, 10, 15, 10, 10]
        )[0]
        self.books.faults[f"daemon: {what}"] += 1
        match what:
            case "SIGKILL" | "SIGTERM":
                self.daemon.signal(signal.Signals[what])
            case "SIGSTOP":
                self.daemon.signal(signal.SIGSTOP)
                self.continues.append((now + self.chance.uniform(1, 6), self.daemon))
            case "--once":
                self.program.start("--once", "--json")
            case "HUP":
                self.daemon.signal(signal.SIGHUP)
            case "lock":
                threading.Thread(target=self.lock, args=(self.chance.uniform(1, 12),), daemon=True).start()

    def lock(self, seconds: float) -> None:
        with closing(sqlite3.connect(self.program.state, isolation_level=None, timeout=5)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return
            time.sleep(seconds)
            connection.execute("ROLLBACK")

    def rest(self) -> None:
        """Let it live."""
        for _, stopped in self.continues:
            stopped.signal(signal.SIGCONT)
        self.continues, self.at = [], float("inf")


@contextmanager
def setting(sources: int, seed: int) -> Iterator[tuple[Books, Registers, Program, random.Random]]:
    chance, books = random.Random(seed), Books()
    names = [f"register-{number}" for number in range(sources)]
    registers = Registers(books, names, chance)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        program = Program(Path(folder))
        text = TOP.format(hook=registers.site.url("").replace("http", "json"))
        program.configure(
            text + "".join(SOURCE.format(name=name, url=registers.site.url(f"/{name}")) for name in names)
        )
        try:
            yield books, registers, program, chance
        finally:
            program.close()
            registers.site.close()


def soak(minutes: float, sources: int, seed: int) -> int:
    with setting(sources, seed) as (books, registers, program, chance):
        print(f"{sources} sources, {minutes:g} minutes, seed {seed}", flush=True)
        program.run("--once", "--json", seconds=300)
        tormentor, ends = Tormentor(program, books, chance), time.monotonic() + 60 * minutes
        registers.well = False
        spoken = time.monotonic()
        while time.monotonic() < ends:
            registers.change()
            tormentor.turn()
            time.sleep(chance.expovariate(PACE) if chance.random() < 0.9 else 0)
            if time.monotonic() - spoken > 1:
                tell(books, program.state)
                spoken = time.monotonic()
        registers.well = True
        tormentor.rest()
        ends = time.monotonic() + LAST_WAIT
        while len(books.told) < len(books.changed) and time.monotonic() < ends:
            tormentor.turn()
            tell(books, program.state)
            time.sleep(0.5)
        tormentor.daemon.signal(signal.SIGTERM)
        ended = tormentor.daemon.wait(90)
        tell(books, program.state)
        return report(books, registers, program, ended.code)


def report(books: Books, registers: Registers, program: Program, code: int) -> int:
    lost = [change for change in books.changed if change not in books.told]
    invented = [change for change in books.told if change not in books.changed]
    stored = program.changes()
    other = [change for change, keys in books.keys.items() if len(keys) > 1]
    same = sum(times - 1 for times in books.taken.values())
    kills = books.faults["daemon: SIGKILL"]
    unsure = books.faults["desk: unsure"] + books.faults["desk: slow"]
    waits = sorted(books.told[change] - when for change, when in books.changed.items() if change in books.told)
    share = quantiles(waits, n=100) if len(waits) > 1 else [0.0] * 99
    asked = Counter("hook" if path == "/hook" else "list" for path in registers.site.paths)
    print("faults: " + ", ".join(f"{name} {times}" for name, times in sorted(books.faults.items())))
    print(f"requests {asked['list']}, messages taken {sum(books.taken.values())}, {len(books.taken)} of them different")
    print(f"changes made {len(books.changed)}, in the log {stored}, told {len(books.told)}")
    print(f"lost {len(lost)}, invented {len(invented)}, told twice under another id {len(other)}")
    print(f"the same message twice {same} (at most {kills} kills + {unsure} unclear answers)")
    print(
        f"from change to desk: median {share[49]:.1f} s, 95 % {share[94]:.1f} s, longest {max(waits, default=0):.1f} s"
    )
    print(f"state {program.state.stat().st_size / 1e6:.1f} MB, sound: {program.sound()}; the daemon ended with {code}")
    pause = program.pause or 0.0
    print(f"the event loop's longest pause: {pause:.3f} s of processor time (at most {MOST_PAUSE} s)")
    for change in (lost + invented + other)[:20]:
        print(f"  otherwise than expected: {change}")
    good = (
        not (lost or invented or other) and stored == len(books.changed) and same <= kills + unsure and program.sound()
    )
    return 0 if good and code == 0 and pause <= MOST_PAUSE else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    args = parser.parse_args()
    return soak(args.minutes, args.sources, args.seed)


if __name__ == "__main__":
    sys.exit(main())
