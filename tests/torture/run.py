"""Runs the torture: `python tests/torture/run.py [--state postgres] [NAME ...]`, where `kill` is faults_kill.py.

With `--state postgres` every state is a database on a PostgreSQL server of its own. A table with a row that differs from
what is expected is run once more, as a busy machine may be late once. Exits 1 where it differs again.
`mass`, `places` and `rendered_memory` are run where they are named: they measure waits and memory, on a quiet machine.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.torture.rows import Row

HERE = Path(__file__).parent
NAMED_ONLY = ("mass", "places", "rendered_memory")
sys.path[0] = str(HERE.parents[1])  # in place of this folder


def names() -> list[str]:
    return sorted(file.stem.removeprefix("faults_") for file in HERE.glob("faults_*.py"))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(names())}; default: all but {', '.join(NAMED_ONLY)}"
    )
    parser.add_argument("--state", choices=("sqlite", "postgres"), default="sqlite", help="where states are")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in names()]:
        parser.error(f"there is no {unknown[0]}; there are: {', '.join(names())}")
    return asked


def main() -> int:
    from tests import postgres
    from tests.torture.databases import use_server

    asked = arguments()
    if asked.state == "postgres":
        if not postgres.installed():
            print(postgres.MISSING)
            return 2
        use_server()
    logging.getLogger().addHandler(logging.NullHandler())  # the table says what came of what is tried in this process
    began = time.monotonic()
    wanted = asked.names or [name for name in names() if name not in NAMED_ONLY]
    first = {name: differing for name in wanted if (differing := run_table(name))}
    again = {name: differing for name in first if (differing := run_table(name))}
    for said, found in (("at the first time", first), ("at the second time, too", again)):
        for name, rows in found.items():
            print("\n".join([f"\notherwise than expected {said}, in {name}:", *map(str, rows)]))
    differing = sum(map(len, again.values()))
    print(f"\n{differing} otherwise than expected; {time.monotonic() - began:.0f} s")
    return int(differing > 0)


def run_table(name: str) -> list[Row]:
    """Run the faults of a module and print their table; returns the rows that differ from what was expected."""
    from tests.torture.rows import print_table, tried

    module = import_module(f"tests.torture.faults_{name}")
    title = getattr(module, "TITLE", (module.__doc__ or "").partition("\n")[0])
    return print_table(f"{name}: {title}", tried(module.faults(), getattr(module, "AT_ONCE", 1)))


if __name__ == "__main__":
    sys.exit(main())
