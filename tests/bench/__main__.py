"""What the program costs, beside what else does its work: `python -m tests.bench [WORKLOAD ...]`, see docs/performance.md.

Without anything this is a quick look of some minutes at most workloads; `all --peers` is all of them, and takes hours.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from subprocess import CalledProcessError

from tests.bench.bench import Bench
from tests.bench.contenders import BEFORE, OURS, Bare, Contender, Duck, FileComparer, Ours
from tests.bench.isolate import isolate
from tests.bench.measure import RunFailedError
from tests.bench.peers import COMPARERS, PEERS
from tests.bench.site import started
from tests.bench.tables import costs
from tests.bench.targets import sheet

FIRST = ("pages", "registers", "feeds", "tls", "start", "daemon", "latency")  # in this order, then the others
QUICK = ("start", "unchanged", "first", "plain", "noise", "changed", "feeds", "registers")
QUICK_SIZES, FULL_SIZES = (100, 1_000), (100, 1_000, 5_000, 50_000)

Workload = Callable[[Bench], None]


def workloads() -> dict[str, Workload]:
    """All of them, in the files work_*.py."""
    names = {file.stem.removeprefix("work_") for file in Path(__file__).parent.glob("work_*.py")}
    found: dict[str, Workload] = {}
    for name in (*FIRST, *sorted(names.difference(FIRST))):
        found |= import_module(f"tests.bench.work_{name}").WORKLOADS
    return found


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    known = ", ".join(workloads())
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"{known}; all: all of them in full size")
    parser.add_argument("--sources", nargs="+", type=int, metavar="N", help="numbers of sources")
    parser.add_argument("--full", action="store_true", help="in full size")
    parser.add_argument("--rows", nargs="+", type=int, metavar="N", help="registers, beside: numbers of rows")
    parser.add_argument("--huge", action="store_true", help="registers: also 5,000,000 rows, which takes 20 GB of disk")
    parser.add_argument(
        "--peers", action="store_true", help="also urlwatch, webchanges, changedetection.io, csv-diff and daff"
    )
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs, of which the median counts")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables into a file as well")
    parser.add_argument("--program", type=Path, metavar="PATH", help="another `watch` to measure")
    parser.add_argument("--before", type=Path, metavar="PATH", help="an earlier `watch`, in the same turns")
    parser.add_argument("--per-host", type=int, default=8, metavar="N", help="connections of ours to one host")
    return parser


def contenders(asked: argparse.Namespace) -> list[Contender]:
    """All but ours. Installs the peers if need be, and then goes on in a network without a way out."""
    peers = [peer() for peer in PEERS] if asked.peers else []
    for peer in peers:
        peer.install()
    for comparer in COMPARERS if asked.peers else ():
        with suppress(CalledProcessError):  # which pip has explained; it is then told that it is absent
            comparer().install()
    if peers and not isolate(sys.argv[1:]):
        print("the peers run without a network of their own, which this system does not allow", file=sys.stderr)
    earlier = [Ours(asked.before.absolute(), asked.per_host, BEFORE)] if asked.before else []
    return [*earlier, Bare(), *peers]


def comparers() -> tuple[list[FileComparer], list[str]]:
    """The programs that compare two files, and the names of those that are not installed: `--peers` installs all but
    DuckDB, which comes with what the tests need.
    """
    known: list[FileComparer] = [Duck(), *(each() for each in COMPARERS)]
    there = [each for each in known if each.is_there]
    return there, [each.name for each in known if each not in there]


def machine(asked: argparse.Namespace) -> str:
    """Where and how this was measured."""
    model = Path("/proc/cpuinfo")
    names = [line.partition(": ")[2] for line in model.read_text().splitlines() if line.startswith("model name")]
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores{f' ({names[0]})' if names else ''}, {platform.system()}, Python {platform.python_version()}; "
        f"medians of {asked.repeat} runs; the machine's load before was {load:.1f}."
    )


def section(name: str, workload: Workload, bench: Bench) -> str:
    """A workload's result."""
    about = " ".join((getdoc(workload) or "").split())
    rows = [row for row in bench.rows if row.workload == name]
    parts = [f"## {name}", about, *([costs(rows, OURS)] if rows else []), *bench.texts.get(name, [])]
    return "\n\n".join(parts)


def results(asked: argparse.Namespace, bench: Bench, chosen: list[str], known: dict[str, Workload]) -> Iterator[str]:
    """The parts of the document, as they come."""
    yield machine(asked)
    for name in chosen:
        try:
            known[name](bench)
        except RunFailedError as error:  # the others may be worth hours
            bench.failed.append(name)
            bench.tell(name, f"**Could not be measured:**\n\n```\n{error}\n```")
        bench.say("")
        yield section(name, known[name], bench)
    if met := sheet(bench):
        yield f"## Promised and measured\n\n{met}"


def main() -> int:
    """Print the tables: 0; 1 when a workload could not be measured; 2 for one that there is not."""
    asked, known = arguments().parse_args(), workloads()
    full = asked.full or "all" in asked.workloads
    chosen = list(known) if "all" in asked.workloads else asked.workloads or list(QUICK)
    if unknown := [name for name in chosen if name not in known]:
        print(f"there is no {unknown[0]}; there are: {', '.join(known)}, and all")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # not without ending what runs
    out = asked.out and asked.out.resolve()
    others, parts = contenders(asked), []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, started(Path(folder)) as site:
        sizes = asked.sources or (FULL_SIZES if full else QUICK_SIZES)
        ours = Ours(asked.program and asked.program.absolute(), asked.per_host)
        bench = Bench(
            site, ours, others, Path(folder), sizes, asked.repeat, full, asked.huge, asked.rows or (), *comparers()
        )
        for part in results(asked, bench, chosen, known):
            print(f"\n{part}", flush=True)
            parts.append(part)
            if out:
                out.write_text("\n\n".join(["# Measured", *parts]) + "\n", encoding="utf-8")
    return int(bool(bench.failed))


if __name__ == "__main__":
    sys.exit(main())
