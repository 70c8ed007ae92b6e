"""What the program costs, beside what else does its work: `python -m tests.bench [WORKLOAD ...]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from tests.bench.bench import Bench
from tests.bench.contenders import Bare, Contender, Ours
from tests.bench.site import started
from tests.bench.tables import costs

HERE = Path(__file__).parent


def workloads() -> dict[str, object]:
    found = {}
    for file in sorted(HERE.glob("work_*.py")):
        found |= import_module(f"tests.bench.{file.stem}").WORKLOADS
    return found


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", default=["unchanged"])
    parser.add_argument("--sources", nargs="+", type=int, default=[100, 1_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--program", type=Path, help="the `watch` to measure")
    return parser


def main() -> int:
    asked = arguments().parse_args()
    known = workloads()
    contenders: list[Contender] = [Ours(asked.program), Bare()]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, started() as site:
        bench = Bench(site, contenders, Path(folder), asked.sources, asked.repeat)
        for name in asked.workloads:
            before = len(bench.rows)
            known[name](bench)
            print(f"\n### {name}\n\n{costs(bench.rows[before:], Ours.name)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
