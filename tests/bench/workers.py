"""Workers under load: `python -m tests.bench.workers [death | count | rows]`. What docs/scale.md shows.

Real workers on a real PostgreSQL server that syncs to its disk, and a web server that counts. A trigger writes down every
check that was stored: of which source, for which due time (its slot), when its fetch began and when it was stored. So
nothing is taken from what the workers say of themselves.

    death  3 workers, 1,000 sources due every 2 s, 30 s: one is killed after 10 s, one stands still from 14 s to 24 s
    count  as many checks as 1, 2 and 4 workers can do: 5,000 sources every second
    rows   2 workers, 1,000 checks a second due: of 1,000 sources, of 10,000, of 100,000
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

from state.storage.workers import CLAIM, HELD
from state.store import Store
from tests import postgres

ROOT = Path(__file__).parents[2]
HOSTS = 100  # addresses of this machine that the sources are spread over
PAGES = 1000  # what the web site has: further sources read the same ones again
HEAD = """
state = "{state}"
[http]
private_addresses = "allow"
spacing = "0s"
per_host = 4
[channels.desk]
url = "json://127.0.0.1:{port}/hook"
[[alerts]]
to = ["desk"]
"""
SOURCE = """[sources.s{number}]
kind = "json"
url = "http://127.0.{host}.1:{port}/s/{page}"
items = "@"
key = "name"
every = "{every}"
"""
COPY = """
INSERT INTO {table} SELECT (jsonb_populate_record(old, jsonb_build_object({changed}))).*
  FROM {table} old, generate_series(1, {times}) copy
"""
COPIED = {  # what of a row is another one in each of its copies
    "sources": "'id', old.id + {span} * copy, 'name', 's' || substr(old.name, 2)::int + {span} * copy",
    "bodies": "'source_id', old.source_id + {span} * copy",
    "windows": "'source_id', old.source_id + {span} * copy",
    "pages": "'id', old.id + {span} * copy, 'source_id', old.source_id + {span} * copy",
    "entries": "'id', old.id + {span} * copy, 'source_id', old.source_id + {span} * copy",
}
WARM = 25.0  # seconds from the start of the workers until they are measured
EFFECTS = """
CREATE UNLOGGED TABLE effects (name text, slot timestamptz, began timestamptz, stored timestamptz);
CREATE FUNCTION note_effect() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO effects VALUES (NEW.name, OLD.due, NEW.tried, clock_timestamp());
  RETURN NULL;
END $$;
CREATE TRIGGER note_effect AFTER UPDATE OF due ON sources FOR EACH ROW
  WHEN (OLD.due IS DISTINCT FROM NEW.due AND NEW.tried IS DISTINCT FROM OLD.tried) EXECUTE FUNCTION note_effect();
"""


class Effect(NamedTuple):
    """A check that was stored; seconds since the epoch."""

    name: str
    slot: float
    began: float
    stored: float


class Bench:
    """The database, the web site and the workers."""

    def __init__(self, folder: Path, server: postgres.Server, site: subprocess.Popen[str], port: int) -> None:
        self.folder, self.server, self._site, self.port = folder, server, site, port
        self.database = server.new()
        Store.open(server.url(self.database)).close()
        self.workers: list[subprocess.Popen[str]] = []

    def configure(self, sources: int, every: str) -> None:
        text = HEAD.format(state=self.server.url(self.database), port=self.port) + "".join(
            SOURCE.format(number=number, page=number % PAGES, host=number % HOSTS, port=self.port, every=every)
            for number in range(sources)
        )
        (self.folder / "watch.toml").write_text(text)

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "watcher.cli", "--config", str(self.folder / "watch.toml"), "worker", *options]
        log = (self.folder / f"worker-{len(self.workers)}").open("w")
        self.workers.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, text=True))
        log.close()
        return self.workers[-1]

    def stop(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            worker.wait(60)

    def logs(self) -> list[str]:
        return [(self.folder / f"worker-{number}").read_text() for number in range(len(self.workers))]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        return self.server.sql(statement, self.database)

    def count_effects(self) -> None:
        self.sql(EFFECTS)

    def effects(self, since: float, until: float) -> list[Effect]:
        """Those whose slot lies in this time."""
        slot = "extract(epoch FROM slot)"
        wanted = f"{slot}, extract(epoch FROM began), extract(epoch FROM stored)"
        rows = self.sql(f"SELECT name, {wanted} FROM effects WHERE {slot} >= {since} AND {slot} < {until}")
        return [Effect(name, *map(float, times)) for name, *times in rows]

    def wait_for_baselines(self, sources: int, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while self.sql("SELECT count(*) FROM sources WHERE revision > 0") != [(sources,)]:
            assert time.monotonic() < ends, self.logs()[0][-500:]
            time.sleep(0.5)

    def multiply(self, times: int, every: int) -> None:
        """Every source as many times more, as if it had been read under other names, too; all due evenly spread."""
        for table, changed in COPIED.items():
            self.sql(COPY.format(table=table, times=times, changed=changed.format(span=PAGES)))
        self.sql(f"UPDATE sources SET due = clock_timestamp() + interval '1 s' * (5 + {every} * random())")
        self.sql("VACUUM ANALYZE")

    def ask(self, path: str) -> Any:
        with urlopen(Request(f"http://127.0.0.1:{self.port}{path}"), timeout=10) as answer:
            return json.load(answer)

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU that each worker, the database and the web site have used so far."""
        used = {f"worker {number}": _cpu(worker.pid) for number, worker in enumerate(self.workers)}
        return used | {"database": sum(map(_cpu, _family(self.server.pid))), "site": _cpu(self._site.pid)}


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # children that have ended count too


def _family(parent: int) -> Iterator[int]:
    yield parent
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if stat.read_text().rpartition(")")[2].split()[1] == str(parent):
                yield int(stat.parent.name)
        except (FileNotFoundError, ProcessLookupError):
            continue


@contextmanager
def bench(**settings: str) -> Iterator[Bench]:
    """A fresh database on a server that syncs, a web site, and an end for all."""
    command = [sys.executable, "-m", "tests.bench.counting"]
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        postgres.server(shared_buffers="256MB", max_wal_size="4GB", **settings) as server,
        subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True) as site,
    ):
        assert site.stdout
        made = Bench(Path(folder), server, site, int(site.stdout.readline()))
        try:
            yield made
        finally:
            made.stop()
            assert site.stdin
            site.stdin.close()


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# ---- one is killed, another stands still


def death(sources: int = 1000, every: int = 2, seconds: int = 30) -> bool:
    """The table, and whether all that was promised was kept."""
    with bench() as made:
        made.configure(sources, f"{every}s")
        for _ in range(3):
            made.start()
        made.wait_for_baselines(sources, 120)
        made.count_effects()
        time.sleep(4)
        before, began = made.cpu(), time.time()
        bumped = disturb(made, sources, began, seconds)
        used, ended = made.cpu(), time.time()
        settle(made)
        return report(made, bumped, (began, ended, every, sources), {name: used[name] - before[name] for name in used})


LATE = "SELECT count(*) FROM sources WHERE watched AND due < now() - interval '3 s'"


def settle(made: Bench) -> None:
    """What hung with the dead is taken over, and the last changes are told."""
    time.sleep(12)
    ends = time.monotonic() + 30
    while made.sql(LATE) != [(0,)] and time.monotonic() < ends:
        time.sleep(0.5)


def disturb(made: Bench, sources: int, began: float, seconds: int) -> set[int]:
    """Change ten sources a second, each once; kill a worker and stop another. Returns the sources that changed."""
    order = random.Random(11).sample(range(sources), k=min(sources, 10 * seconds))
    script = [(10.0, made.workers[0], signal.SIGKILL), (14.0, made.workers[1], signal.SIGSTOP)]
    script.append((24.0, made.workers[1], signal.SIGCONT))
    for number, source in enumerate(order):
        time.sleep(max(0.0, began + number * seconds / len(order) - time.time()))
        made.ask(f"/-/bump/{source}")
        while script and time.time() >= began + script[0][0]:
            _, worker, what = script.pop(0)
            worker.send_signal(what)
    time.sleep(max(0.0, began + seconds - time.time()))
    return set(order)


def report(made: Bench, bumped: set[int], frame: tuple[float, float, int, int], cpu: dict[str, float]) -> bool:
    began, ended, every, sources = frame
    effects = made.effects(began, ended)
    lags = [effect.began - effect.slot for effect in effects]
    stored = [effect.stored - effect.slot for effect in effects]
    doubled = len(effects) - len({(effect.name, effect.slot) for effect in effects})
    events = Counter(made.sql("SELECT entry_key, data::text FROM events WHERE kind = 'change'"))
    changes = Counter(key for key, _ in events.elements())
    wanted = {f"Company {number}" for number in bumped}
    told = Counter(name for _, text in made.ask("/-/told") for name in wanted if f"CHANGED: {name}\n" in text)
    keys = Counter(key for key, _ in made.ask("/-/told"))
    late = made.sql(LATE)[0][0]
    rate = len(effects) / (ended - began)
    worst = min(_windows([effect.stored for effect in effects], began, ended, 5.0))
    refused = sum(log.count("another worker has checked it meanwhile") for log in made.logs())
    asked = sum(int(times) for times in made.ask("/-/counts").values())
    rows = {
        f"checks stored a second, of {sources // every} due": f"{rate:.0f}",
        "the worst 5 seconds": f"{worst:.0f}",
        "slots checked": f"{len(effects)}",
        "checked twice for one slot": f"{doubled}",
        "sources left behind": f"{late}",
        "changes made / found / found twice": f"{len(wanted)} / {len(changes)} / {sum(changes.values()) - len(changes)}",
        "changes told / told twice": f"{len(told)} / {sum(told.values()) - len(told)}",
        "messages sent twice": f"{sum(keys.values()) - len(keys)}",
        "checks refused, as another worker had been faster": f"{refused}",
        "requests that the site counted in all": f"{asked}",
        "due to begun, s: median / 95 % / 99 % / max": " / ".join(
            f"{value:.2f}"
            for value in (statistics.median(lags), percentile(lags, 0.95), percentile(lags, 0.99), max(lags))
        ),
        "due to stored, s: median / 95 %": f"{statistics.median(stored):.2f} / {percentile(stored, 0.95):.2f}",
        "CPU, s": ", ".join(f"{name} {seconds:.1f}" for name, seconds in cpu.items()),
    }
    print_table(("", "seen"), rows.items())
    kept = doubled == 0 and late == 0 and set(changes) == set(told) == wanted
    kept = kept and max(changes.values()) == max(told.values()) == 1
    return kept and rate >= 450 and statistics.median(lags) < 1 and percentile(lags, 0.95) < 2


def _windows(times: Sequence[float], began: float, ended: float, width: float) -> Iterator[float]:
    """How many a second, in each window of this width."""
    at = began
    while at + width <= ended:
        yield sum(at <= moment < at + width for moment in times) / width
        at += 1.0


# ---- as much as they can


def most(workers: int, sources: int, every: int = 1, seconds: float = 20.0) -> dict[str, str]:
    """What so many workers do in this time."""
    with bench() as made:
        made.configure(PAGES, f"{every}s")
        made.start()
        made.wait_for_baselines(PAGES, 120)
        made.stop()
        made.multiply(sources // PAGES - 1, every)
        made.configure(sources, f"{every}s")
        for _ in range(workers):
            made.start()
        time.sleep(WARM)
        made.count_effects()
        time.sleep(2)
        before, began = made.cpu(), time.time()
        wal = made.sql(WAL)[0][0]
        time.sleep(seconds)
        ended, after = time.time(), made.cpu()
        written = made.sql(WAL)[0][0] - wal
        used = {name: after[name] - before[name] for name in after}
        effects = [effect for effect in made.effects(0, ended) if began <= effect.stored < ended]
        return summary(effects, used, ended - began, float(written)) | {
            "claiming 500, ms": f"{_claim_seconds(made) * 1000:.1f}"
        }


WAL = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"


def summary(effects: Sequence[Effect], used: dict[str, float], seconds: float, wal: float) -> dict[str, str]:
    checks, lags = len(effects), [effect.began - effect.slot for effect in effects]
    workers = sum(cpu for name, cpu in used.items() if name.startswith("worker"))
    print(f"{checks / seconds:.0f} checks a second", file=sys.stderr, flush=True)
    return {
        "checks a second": f"{checks / seconds:.0f}",
        "due to begun, s: median / 95 %": f"{statistics.median(lags):.2f} / {percentile(lags, 0.95):.2f}",
        "CPU-ms a check: workers": f"{1000 * workers / checks:.2f}",
        "database": f"{1000 * used['database'] / checks:.2f}",
        "site": f"{1000 * used['site'] / checks:.2f}",
        "cores in use": f"{sum(used.values()) / seconds:.2f}",
        "bytes of WAL a check": f"{wal / checks:.0f}",
    }


def _claim_seconds(made: Bench) -> float:
    """How long the statement takes that claims up to 500 sources, beside everything else that goes on; nothing of it
    stays.
    """
    values = {"most": 500, "held": HELD, "holder": "nobody"}
    took = []
    with Store.open(made.server.url(made.database)) as store:
        for _ in range(9):
            with store.claims().database.writing("bench") as connection:
                began = time.monotonic()
                connection.execute(CLAIM, values)
                took.append(time.monotonic() - began)
                connection.rollback()
            time.sleep(0.3)
    return statistics.median(took)


def print_table(headings: Sequence[str], rows: Any) -> None:
    print(f"\n| {' | '.join(headings)} |\n|{' --- |' * len(headings)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def compare(label: str, found: dict[str, dict[str, str]]) -> None:
    columns = list(next(iter(found.values())))
    print_table((label, *columns), [(name, *row.values()) for name, row in found.items()])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["death", "count", "rows"], default=["death", "count", "rows"])
    parser.add_argument("--seconds", type=int, default=30)
    arguments = parser.parse_args()
    kept = True
    if "death" in arguments.what:
        kept = death(seconds=arguments.seconds)
        print("kept" if kept else "NOT KEPT")
    if "count" in arguments.what:
        compare("workers", {str(number): most(number, 5000) for number in (1, 2, 4)})
    if "rows" in arguments.what:
        compare("sources", {f"{number:,}": most(2, number, number // 1000) for number in (1000, 10_000, 100_000)})
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
