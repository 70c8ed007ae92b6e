"""How long a small source waits beside a large register."""

from __future__ import annotations

import time
from itertools import pairwise

from tests.bench.bench import Bench
from tests.bench.tables import table
from tests.bench.work_daemon import daemon
from tests.bench.work_registers import GIVEN, MILLION

EVERY = 1.0  # seconds between two checks of the small source
SMALL = "page/1"
SECONDS = 20.0  # that the small source is alone
LONGEST = 600.0  # seconds until the register has been read


def beside(bench: Bench) -> None:
    """A daemon with a small source that is due every second, alone; and while a large register of CSV is read beside it
    for the first time, and with 10 changes. A wait is by how much more than a second after the last check it was asked.
    """
    rows = max(bench.lengths or [MILLION if bench.full else 100_000])
    bench.site.warm("csv", rows, rows + 1)
    folder, large = bench.fresh(), f"csv/{rows}"
    bench.ours.lay(folder, [bench.site.address(SMALL)], "table", f'every = "{EVERY:.0f}s"\n')
    source = f'[sources.large]\nurl = "{bench.site.address(large)}"\nkind = "csv"\nkey = "No"\nevery = "5s"\n{GIVEN}'
    found = []
    with daemon(bench, folder):
        time.sleep(SECONDS)
        found.append(["alone", *_waits(bench, 0.0)])
    with (folder / "watch.toml").open("a") as configuration:
        configuration.write(f"\n{source}")
    (folder / "told").unlink()
    with daemon(bench, folder):
        for what in ("first", "10 changes"):
            begins = time.time()
            if what != "first":
                bench.site.bump("csv", rows, rows + 1)
            bench.say(f"beside: {rows:,} rows, {what}")
            _wait_for_checks(bench, large, begins)
            found.append([f"csv, {rows:,} rows, {what}", *_waits(bench, begins)])
    bench.tell("beside", table(("the small source", "checks", "longest wait, s"), found))


def _wait_for_checks(bench: Bench, large: str, begins: float) -> None:
    """Until the register was asked for, and once more after it was read: that is not before it was compared."""
    while len([at for at in bench.site.times(large) if at > begins]) < 2 and time.time() < begins + LONGEST:
        time.sleep(1)


def _waits(bench: Bench, begins: float) -> list[str]:
    """How often it was checked, and its longest wait."""
    asked = [at for at in bench.site.times(SMALL) if at > begins]
    waits = [later - earlier - EVERY for earlier, later in pairwise(asked)]
    return [str(len(asked)), f"{max(waits, default=float('inf')):.2f}"]


WORKLOADS = {"beside": beside}
