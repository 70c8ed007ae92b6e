"""What it costs to start: help, one source, and the status of many."""

from __future__ import annotations

import sys
from functools import partial

from tests.bench.bench import Bench, Case
from tests.bench.contenders import OURS, reported

HELP, IMPORT, ONE = "`watch --help`", '`python -c "import httpx"`', "`watch --once`, one unchanged source"
MANY = 50_000


def start(bench: Bench) -> None:
    """From nothing to the end of the process. The runs are many, since they are short."""
    folder = bench.fresh()
    cases = [Case(IMPORT, "python", [sys.executable, "-c", "import httpx"], folder)]
    for build in bench.builds:
        one = bench.case(build, bench.ready(build, "page", 1), 1, {"304": 1, "200": 0})
        one.label, one.verify = ONE, partial(reported, build.name, {"unchanged": 1})
        cases += [Case(HELP, build.name, [str(build.program), "--help"], folder), one]
    bench.measure("start", cases, repeat=max(7, bench.repeat))


def status(bench: Bench) -> None:
    """`watch status` of many sources."""
    sizes = [MANY] if bench.full else [max(bench.sizes)]
    cases = []
    for size in sizes:
        folder = bench.ready(bench.ours, "page", size)
        cases.append(Case(f"{size:,} sources", OURS, [str(bench.ours.program), "status"], folder))
    bench.measure("status", cases)


WORKLOADS = {"start": start, "status": status}
