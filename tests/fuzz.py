"""Fuzzes each reader and each unit of the core for some minutes: `make fuzz`, or `python -m tests.fuzz [NAME ...]`.

Each is a test with `fuzz` in it, run by pytest in a process of its own for `FUZZ_SECONDS` (default 300), two at a time;
NAME is a part of a test's name, as `-k` has it. Prints a table as they come, and what was found below it; exits 1 on a
finding.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SECONDS = os.environ.get("FUZZ_SECONDS", "300")
AT_ONCE = 2
FILES = (  # the readers first
    "tests/sources/test_kinds_fuzz.py",
    "tests/sources/test_messages.py::test_whatever_is_answered_is_an_answer_or_a_typed_failure",
    "tests/sources/test_text_properties.py",
    "tests/sources/test_xml_properties.py::test_fuzz_any_document_reads_as_the_oracle_reads_it",
    "tests/state/test_diff_altered_xml.py::test_fuzz_both_ways_agree_whatever_the_document",
    "tests/alerts/test_message_properties.py",
    "tests/state/test_diff_hostile_entries.py",
    "tests/state/test_diff_altered_properties.py",
)
_SAID = re.compile(r"^fuzz (.+): ([\d,]+) runs, the slowest ([\d.]+) s of processor time$", re.MULTILINE)


class Fuzzed(NamedTuple):
    """What came of one test."""

    test: str
    name: str
    runs: str
    slowest: str
    finding: str

    def __str__(self) -> str:
        found = "1" if self.finding else "0"
        return f"{self.name:<40} {self.runs:>10} {self.slowest:>10} {found:>9}"


def tests(names: list[str]) -> Iterator[str]:
    """The tests to run, by their ids."""
    chosen = ["-k", " or ".join(names)] if names else []
    listed = pytest("--collect-only", *chosen, *FILES)
    yield from (line for line in listed.stdout.splitlines() if "::" in line and " " not in line)


def pytest(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    given = os.environ | {"FUZZ_SECONDS": SECONDS}
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def fuzz(test: str) -> Fuzzed:
    ran = pytest("-s", "--tb=short", test)
    said = _SAID.search(ran.stdout)
    name, runs, slowest = said.groups() if said else (test.rpartition("::")[2], "", "")
    return Fuzzed(test, name, runs, slowest, "" if ran.returncode == 0 else ran.stdout + ran.stderr)


def _gist(finding: str) -> str:
    """The line of a report that says most: what was raised last."""
    lines = [line.strip("| ") for line in finding.splitlines()]
    raised = [line for line in lines if re.match(r"(E +)?[\w.]*(Error|Failed|Exception|Timeout)\b.*: ", line)]
    return raised[-1] if raised else lines[-1] if lines else ""


def main(names: list[str]) -> int:
    chosen = list(tests(names))
    if not chosen:
        print(f"there is nothing to fuzz by the name {' '.join(names)}")
        return 2
    print(f"{len(chosen)} for {SECONDS} s each, {AT_ONCE} at a time\n")
    print(f"{'what':<40} {'runs':>10} {'slowest, s':>10} {'findings':>9}", flush=True)
    found = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for each in pool.map(fuzz, chosen):
            print(each, flush=True)
            if each.finding:
                print(f"  {_gist(each.finding)}", flush=True)
            found += [each] if each.finding else []
    for each in found:
        print(f"\n{each.test}\n{each.finding[-6_000:]}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
