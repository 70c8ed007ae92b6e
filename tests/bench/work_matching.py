"""Finding watched names: matching.py, as a workload."""

from __future__ import annotations

import subprocess
import sys

from tests.bench.bench import Bench
from tests.bench.site import ROOT


def matching(bench: Bench) -> None:
    """How many entries a second of processor time are looked through, against the number of watched names.

    `first` is the first time through headlines of 30,000 words, `again` with every word met before, `all new` has no word
    twice; the naive regular expression knows no case endings, scripts or misspellings.
    """
    command = [sys.executable, "-m", "tests.bench.matching"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=1_800)
    bench.tell("matching", done.stdout.strip())


WORKLOADS = {"matching": matching}
