"""Runs the torture: `python tests/torture/run.py [NAME ...]`, where `kill` is faults_kill.py. Exits 1 on a difference."""

from __future__ import annotations

import logging
import sys
import time
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
sys.path[0] = str(HERE.parents[1])  # in place of this folder


def names() -> list[str]:
    return sorted(file.stem.removeprefix("faults_") for file in HERE.glob("faults_*.py"))


def main(asked: list[str]) -> int:
    from tests.torture.rows import print_table, tried

    unknown = [name for name in asked if name not in names()]
    if unknown:
        print(f"there is no {unknown[0]}; there are: {', '.join(names())}")
        return 2
    logging.getLogger().addHandler(logging.NullHandler())  # the table says what came of what is tried in this process
    began, differing = time.monotonic(), 0
    for name in asked or names():
        module = import_module(f"tests.torture.faults_{name}")
        title = getattr(module, "TITLE", (module.__doc__ or "").partition("\n")[0])
        differing += print_table(f"{name}: {title}", tried(module.faults(), getattr(module, "AT_ONCE", 1)))
    print(f"\n{differing} otherwise than expected; {time.monotonic() - began:.0f} s")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
