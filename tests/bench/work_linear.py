"""Whether the core is linear in hostile texts: linear.py, as a workload."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.bench.bench import Bench
from tests.bench.measure import RunFailedError
from tests.bench.site import ROOT

_MOST = re.compile(r"^The most: ([\d.]+) times", re.MULTILINE)


def linear(bench: Bench) -> None:
    """How much longer each unit that sees a page's text takes for a text of eight times the size: eight times as long is
    linear, 64 times is quadratic. Of each unit the make of text is shown with which it bends most.
    """
    command = [sys.executable, "-m", "tests.bench.linear"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=3_600)
    if (most := _MOST.search(done.stdout)) is None:
        raise RunFailedError(done.stdout)
    bench.facts["linear"] = float(most[1])
    bench.tell("linear", done.stdout.strip())


WORKLOADS = {"linear": linear}
