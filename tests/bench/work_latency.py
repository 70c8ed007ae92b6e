"""How long after it is due a source has been checked, when hosts are slow."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tests.bench.bench import Bench
from tests.bench.measure import run
from tests.bench.server import slow_address, slow_seconds
from tests.bench.site import Site, started
from tests.bench.tables import table
from tests.bench.work_daemon import daemon

SOURCES, MANY, HOSTS = 10_000, 50_000, 2_000
SPREAD = 300.0  # seconds over which the sources are due at the most, and so the time between two checks of one
PACE = 0.03  # seconds of it for each source: 10,000 in 5 minutes, and fewer in less time as densely
ROUNDS = 2
LAST = 5.0  # seconds at the end of which nothing is asked any more
EARLY = 0.1  # seconds that a request may come before its time
DEFAULTS = '[http]\nprivate_addresses = "allow"\n'
HEADS = (
    "",
    "checks",
    "asked after: median",
    "99 %",
    "answered after: median",
    "99 %",
    "worst",
    "missed",
    "CPU-ms a check",
    "MB",
)


class Plan(NamedTuple):
    sources: int
    hosts: int
    every: float


class Seen(NamedTuple):
    """Seconds after each check was due: when the server was asked, and when it had answered; checks that never came."""

    asked: list[float]
    answered: list[float]
    missed: int


def plan(sources: int) -> Plan:
    return Plan(sources, min(HOSTS, sources), min(SPREAD, sources * PACE))


def latency(bench: Bench) -> None:
    """Sources on slow hosts: they answer after 50 to 800 ms, three in a hundred never; due evenly all the time.

    "After" is the time from when a check of a source that answers was due, by the state, until the server was asked,
    and until it had answered, by the server's ledger.
    """
    rows = []
    for sources in (SOURCES, MANY) if bench.full else (min(MANY, max(bench.sizes)),):
        planned = plan(sources)
        seen, per_check, memory = _one(bench, planned)
        name = f"{sources:,} sources on {planned.hosts:,} hosts, every {planned.every:.0f} s"
        figures = [at(seen.asked, 0.5), at(seen.asked, 0.99), at(seen.answered, 0.5), at(seen.answered, 0.99)]
        bench.facts |= {f"latency {sources} median": figures[2], f"latency {sources} 99": figures[3]}
        seconds = [f"{figure:.2f}" for figure in [*figures, max(seen.answered, default=0.0)]]
        rows.append([name, f"{len(seen.asked):,}", *seconds, str(seen.missed), f"{per_check:.2f}", f"{memory:.0f}"])
    bench.tell("latency", table(HEADS, rows))


def at(figures: list[float], share: float) -> float:
    """The figure below which so large a share of them lies."""
    return sorted(figures)[int(share * (len(figures) - 1))] if figures else float("inf")


def _one(bench: Bench, planned: Plan) -> tuple[Seen, float, float]:
    """What was seen, the daemon's CPU-ms a check, and its MB."""
    folder = bench.fresh()
    with started(folder, slow=planned.hosts) as site:
        begins = _learn(bench, folder, site, planned)
        with daemon(bench, folder) as running:
            used = running.cpu()
            dues = _watch(bench, folder, planned, begins + ROUNDS * planned.every)
            used, memory = running.cpu() - used, running.memory()
        ledger = site.ledger()
        bench.note_pause("latency", f"{planned.sources:,} sources", folder)
    seen = compare(dues, ledger, planned, (begins, begins + ROUNDS * planned.every - LAST))
    return seen, used * 1000 / max(len(ledger), 1), memory


def _learn(bench: Bench, folder: Path, site: Site, planned: Plan) -> float:
    """Have all pages read while the hosts are still quick, then spread the due times evenly, in any order.

    Returns when the first source is due, in seconds since 1970.
    """
    bench.say(f"latency: learns {planned.sources:,} pages")
    site.warm("page", 0, planned.sources)
    port = site.ports["slow"]
    numbers = range(planned.sources)
    addresses = [f"http://{slow_address(number % planned.hosts)}:{port}/page/{number}" for number in numbers]
    every = f'every = "{planned.every:.0f}s"\n'
    bench.ours.lay(folder, addresses, "table", every)
    run(bench.ours.command(folder), folder)
    bench.ours.lay(folder, addresses, "table", every, DEFAULTS)
    site.slow()
    begins = time.time() + 5 + planned.sources / 2_000  # by then the daemon has started
    shuffled = random.Random(1).sample(numbers, len(numbers))
    due = [(_moment(begins + at * planned.every / len(numbers)), f"s{name}") for at, name in enumerate(shuffled)]
    with closing(sqlite3.connect(folder / "state.db")) as connection, connection:
        connection.executemany("UPDATE sources SET due = ? WHERE name = ?", due)
    return begins


def _watch(bench: Bench, folder: Path, planned: Plan, ends: float) -> dict[int, set[float]]:
    """Every due time that stood in the state, looked at some twenty times a round, by source."""
    dues: dict[int, set[float]] = defaultdict(set)
    while (left := ends - time.time()) > 0:
        bench.say(f"latency: {planned.sources:,} sources, {left:.0f} s left")
        for number, due in _due(folder / "state.db"):
            dues[number].add(due)
        time.sleep(min(left, planned.every / 20))
    return dues


def _due(state: Path) -> Iterator[tuple[int, float]]:
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True, timeout=30)) as connection:
        for name, due in connection.execute("SELECT name, due FROM sources WHERE due IS NOT NULL"):
            yield int(name.removeprefix("s")), datetime.fromisoformat(due).replace(tzinfo=UTC).timestamp()


def _moment(seconds: float) -> str:
    """As it stands in the state."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def compare(
    dues: Mapping[int, set[float]],
    ledger: list[tuple[str, float, float]],
    planned: Plan,
    measured: tuple[float, float],
) -> Seen:
    """For each due time within `measured` of a source that answers, the request that followed it."""
    requests = defaultdict(list)
    for target, asked, answered in ledger:
        requests[int(target.rpartition("/")[2])].append((asked, answered))
    seen, missed = Seen([], [], 0), 0
    for number in (each for each in dues if slow_seconds(each % planned.hosts) is not None):
        for due in (each for each in dues[number] if measured[0] <= each < measured[1]):
            after = [
                (asked, answered) for asked, answered in requests[number] if 0 <= asked - due + EARLY < planned.every
            ]
            if after:
                asked, answered = min(after)
                seen.asked.append(asked - due)
                seen.answered.append(answered - due)
            else:
                missed += 1
    return seen._replace(missed=missed)


WORKLOADS = {"latency": latency}
