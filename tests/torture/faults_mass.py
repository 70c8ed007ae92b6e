"""400,000 rows, and two million, that are new at once: held, accepted, believed; what they cost the daemon.

The machine's other processes may read a page meanwhile: what is measured is the program itself.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.conftest import Site
from tests.torture.faults_delivery import bomb, endless
from tests.torture.processes import Program, Running, until
from tests.torture.rows import Fault

TITLE = "Many new rows at once"
MANY, HUGE = 400_000, 2_000_000
MOST_MANY, MOST_HUGE = 500, 900  # MB
LARGE, MOST_LARGE = 8, 950  # sources, MB
MOST_LOG = 100_000  # bytes
MOST_STATE = 120  # MB: 400,000 rows take 75
PATIENCE = 500.0  # seconds

CONFIGURATION = """
[http]
private_addresses = "allow"
spacing = "0s"
[entities.telegram]
names = ["Telegram"]
[sources.register]
kind = "csv"
url = "{site}/register"
key = "No"
every = "2s"
timeout = "5m"
max_bytes = 300000000
{more}
[sources.beside]
kind = "text"
url = "{site}/beside"
every = "200ms"
[channels.desk]
url = "{desk}/hook"
[[alerts]]
to = ["desk"]
"""


def faults() -> Iterator[Fault]:
    below = f"below {MOST_MANY} MB"
    yield Fault("400,000 new rows: held", f"mass_gain, 100 entries, {below}", held)
    yield Fault("the same: accepted", f"{MANY} entries, {below}", accepted)
    told = "10000 alone and 389900 in one, a short log, a small state"
    yield Fault("the same: believed, as max_new says", f"{MANY} entries, {told}, {below}", believed)
    together = f"{LARGE} changed, below {MOST_LARGE} MB"
    yield Fault(f"{LARGE} sources whose entry of 29 MB changes as a whole", together, large)
    together = f"{2 * LARGE} changed, below {MOST_LARGE} MB"
    yield Fault("the same, 49 MB packed by as many, bombs from receivers", together, partial(large, LARGE))
    if not os.environ.get("TORTURE_HUGE"):  # they take minutes each
        return
    below = f"below {MOST_HUGE} MB"
    yield Fault("2,000,000 rows: first snapshot", f"{HUGE} entries, {below}", partial(huge, 0))
    yield Fault("2,000,000 new rows: believed", f"{HUGE} entries, {below}", partial(huge, 100))


class Case:
    """A register that a daemon watches, beside a page that says something else each time."""

    def __init__(self, folder: Path) -> None:
        self.site, self.program = Site(), Program(folder)
        self.site.page("/beside", lambda _: f"<p>{time.time_ns()}")
        self.site.page("/hook")

    def configure(self, more: str = "") -> None:
        site = self.site.url("")
        self.program.configure(CONFIGURATION.format(site=site, desk=site.replace("http", "json"), more=more))

    def show(self, rows: int) -> None:
        self.site.page("/register", document(rows), type="text/csv", headers={"Content-Encoding": "gzip"})

    def ask(self, statement: str) -> tuple[object, ...]:
        """A row of the state; an empty one before there is any."""
        try:
            connection = sqlite3.connect(f"file:{self.program.state}?mode=ro", uri=True, timeout=30)
            try:
                return tuple(connection.execute(statement).fetchone() or ())
            finally:
                connection.close()
        except sqlite3.OperationalError:
            return ()

    def standing(self) -> tuple[object, ...]:
        return self.ask("SELECT status, reason, entries, revision FROM sources WHERE name = 'register'")

    def until(self, *standing: object) -> None:
        until(lambda: self.standing()[: len(standing)] == standing, PATIENCE, f"it stands as {self.standing()}")

    def end(self, daemon: Running) -> str:
        """Have the daemon end; what it has logged."""
        daemon.signal(signal.SIGTERM)
        ran = daemon.wait()
        assert ran.code == 0, ran.err[-300:]
        return ran.err

    def first(self, more: str = "") -> None:
        """The register's first 100 rows, checked."""
        self.configure(more)
        self.show(100)
        assert self.program.once("--source", "register").code == 0

    def close(self) -> None:
        self.program.close()
        self.site.close()


def held() -> str:
    with case() as mine:
        mine.first()
        mine.show(MANY)
        daemon = mine.program.start()
        mine.until("suspicious")
        used = within(daemon, MOST_MANY)
        mine.end(daemon)
        _, reason, entries, _ = mine.standing()
        return f"{reason}, {entries} entries, {used}"


def accepted() -> str:
    with case() as mine:
        mine.first()
        mine.show(MANY)
        mine.program.once("--source", "register")
        status = mine.program.run("status", "register", "--json", seconds=300)
        held = status.json["sources"][0]["held"]["snapshot"]
        taking = mine.program.start("accept", "register", "--yes", held)
        used = ""
        while taking.alive:
            used = within(taking, MOST_MANY) or used
            time.sleep(0.05)
        ran = taking.wait()
        assert (ran.code, len(ran.out) < MOST_LOG) == (0, True), (ran.code, len(ran.out), ran.err[-300:])
        return f"{mine.standing()[2]} entries, {used}"


def believed() -> str:
    with case() as mine:
        mine.first("max_new = 10000000")
        before = mine.program.state.stat().st_size
        mine.show(MANY)
        daemon = mine.program.start()
        mine.until("ok", None, MANY)
        until(lambda: mine.ask(WAITING) == (0,), PATIENCE, "the desk was not told")
        used = within(daemon, MOST_MANY)
        # The page beside it changes all the time, and writes a line each time.
        log = sum(len(line) for line in mine.end(daemon).splitlines() if "beside" not in line)
        grown = (mine.program.state.stat().st_size - before) / 1e6
        (alone, together), entries = mine.ask(TOLD), mine.standing()[2]
        short = "a short log" if log < MOST_LOG else f"{log} bytes of log"
        small = "a small state" if grown < MOST_STATE else f"{grown:.0f} MB of state"
        return f"{entries} entries, {alone} alone and {together} in one, {short}, {small}, {used}"


def large(packed: int = 0) -> str:
    """Each at a host of its own, as one host's wait for each other; so many more send 49 MB packed, and receivers of the
    alerts answer without end.
    """
    with case() as mine:
        sites, text, words = (
            [Site() for _ in range(LARGE + packed)],
            ["a"],
            " of a text that changes as a whole" * 1_000,
        )

        def show(_: object, size: int = 29_000_000) -> str:
            said = f"{text[0]}{words}" * (size // len(words))
            return json.dumps([{"id": 1, "note": said}, *({"id": number, "note": "x"} for number in range(2, 30))])

        def show_packed(_: object) -> bytes:
            return gzip.compress(show(None, 49_000_000).encode(), 1)

        tables = ['[http]\nprivate_addresses = "allow"\nspacing = "0s"\n']
        for number, site in enumerate(sites):
            headers = {"Content-Encoding": "gzip"} if number >= LARGE else {}
            site.page("/large", show_packed if headers else show, type="application/json", headers=headers)
            what = f'kind = "json"\nurl = "{site.url("/large")}"\nitems = "@"\nkey = "id"\nevery = "2s"\ntimeout = "5m"'
            tables.append(f"[sources.large{number}]\n{what}\n")
        if packed:
            for name, talk in (("bomb", bomb), ("endless", endless)):
                mine.site.raw(f"/{name}", talk)
                url = mine.site.url(f"/{name}").replace("http", "json")
                tables.append(f'[channels.{name}]\nurl = "{url}"\n[[alerts]]\nto = ["{name}"]\n')
        mine.program.configure("".join(tables))
        try:
            daemon = mine.program.start()
            for revision in (1, 2):
                text[0] = "ab"[revision - 1]
                until(
                    lambda at=revision: mine.ask(REVISED.format(at)) == (len(sites),), PATIENCE, "they did not change"
                )
            until(lambda: mine.ask(WAITING) == (0,), PATIENCE, "the receivers were not told")
            used = within(daemon, MOST_LARGE)
            mine.end(daemon)
        finally:
            for site in sites:
                site.close()
        return f"{len(sites)} changed, {used}"


def huge(first: int) -> str:
    with case() as mine:
        if first:
            mine.first("max_new = 10000000")
        mine.configure("max_new = 10000000")
        mine.show(HUGE)
        daemon = mine.program.start()
        mine.until("ok", None, HUGE)
        used = within(daemon, MOST_HUGE)
        mine.end(daemon)
        return f"{mine.standing()[2]} entries, {used}"


WAITING = "SELECT count(*) FROM deliveries WHERE state = 'pending'"
REVISED = "SELECT count(*) FROM sources WHERE revision >= {}"
TOLD = """
SELECT count(*) - count(json_extract(data, '$.more')), sum(1 + json_extract(data, '$.more.count')) FROM events
 WHERE kind = 'change' AND source = 'register'
"""


def document(rows: int) -> bytes:
    lines = "".join(f"{at},Company {at} of the register,valid {at % 7}\n" for at in range(rows))
    return gzip.compress(f"No,Name,Status\n{lines}".encode(), 1)


def within(process: Running, most: int) -> str:
    """What is said of the most memory that a process ever had; nothing when it has ended."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return ""
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    used = int(found[1]) / 1000 if found else 0
    return f"below {most} MB" if 0 < used < most else f"{used:.0f} MB" if used else ""


@contextmanager
def case() -> Iterator[Case]:
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        mine = Case(Path(name))
        try:
            yield mine
        finally:
            mine.close()
