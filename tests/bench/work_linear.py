"""Time in proportion to a text: linear.py, as a workload."""

from __future__ import annotations

import subprocess
import sys

from tests.bench.bench import Bench
from tests.bench.site import ROOT


def linear(bench: Bench) -> None:
    """What eight times as much of a hostile text costs, for all that looks at foreign text: the worst of 24 texts."""
    command = [sys.executable, "-m", "tests.bench.linear"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=1_800)
    bench.tell("linear", done.stdout.strip())


WORKLOADS = {"linear": linear}
