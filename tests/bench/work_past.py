"""2,000 captures of a register of 10,000 rows, of which 5 change each time; and a check beside somebody who reads them."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from tests.bench import documents
from tests.bench.bench import Bench, Case
from tests.bench.contenders import OURS, reported
from tests.bench.measure import Running, run

ROWS, CHANGES, BEGAN = 10_000, 5, date(2015, 1, 1)
FORMS = ("csv", "html")
ALONE, BESIDE = "a check of {} unchanged sources", "the same beside an import"


def past(bench: Bench) -> None:
    """Captures in a folder, read for the first time and again; then a check of many sources beside such a reading."""
    captures, cases = 2_000 if bench.full else 100, list[Case]()
    for form in FORMS:
        folder = bench.fresh()
        bench.ours.lay(folder, ["http://127.0.0.1:9/register"], form)
        command = [str(bench.ours.program), "past", "s0", "--folder", str(_laid(bench, folder, form, captures))]
        cases += [Case(f"{form}, {captures:,} captures, {when}", OURS, command, folder) for when in ("first", "again")]
    bench.measure("past", cases, 1)
    reader = _Reader(bench, cases[0].folder / "captures")
    size = len(reader.addresses)
    alone, beside = (bench.case(bench.ours, reader.folder, size, {"304": size}) for _ in range(2))
    alone.label, beside.label = ALONE.format(f"{size:,}"), BESIDE
    alone.before, beside.before = reader.stop, reader.start
    for case in (alone, beside):
        case.verify = partial(reported, OURS, {"unchanged": size})
    bench.measure("past", [alone, beside], before=reader.stop)


def _laid(bench: Bench, folder: Path, form: str, captures: int) -> Path:
    """A folder of captures."""
    (made := folder / "captures").mkdir()
    for number in range(captures):
        bench.say(f"past: {form}, capture {number + 1:,} of {captures:,}")
        rows = documents.rows(0, ROWS, number, CHANGES)
        page = documents.csv(rows) if form == "csv" else (*documents.html("", rows), documents.footer().decode())
        (made / f"{BEGAN + timedelta(days=number)}.{form}").write_text("".join(page))
    return made


class _Reader:
    """Reads captures, from `start` to `stop`, into the state of sources that are checked meanwhile."""

    def __init__(self, bench: Bench, captures: Path) -> None:
        self.addresses = bench.addresses("page", max(bench.sizes))
        self.folder = bench.laid(bench.ours, self.addresses, "table")
        register = '[sources.register]\nenabled = false\nurl = "http://127.0.0.1:9/register"\n'
        with (self.folder / "watch.toml").open("a") as file:
            file.write(f"\n{register}{bench.ours.KINDS['csv']}")
        run(bench.ours.command(self.folder), self.folder)
        self._watch = [str(bench.ours.program), "past", "register"]
        self._captures = captures
        self._running: Running | None = None

    def start(self) -> None:
        """Begin with the first one, and wait until it is read."""
        run([*self._watch, "--forget"], self.folder)
        self._running = Running([*self._watch, "--folder", str(self._captures)], self.folder, {})
        with closing(sqlite3.connect(self.folder / "state.db")) as state:
            while not state.execute("SELECT count(*) FROM past_captures").fetchone()[0]:
                time.sleep(0.1)

    def stop(self) -> None:
        """End, whether all are read or not."""
        if self._running:
            self._running.kill()
            self._running.wait()
            self._running = None


WORKLOADS = {"past": past}
