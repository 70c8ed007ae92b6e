"""The desk's pages over a large state: desk.py, as a workload."""

from __future__ import annotations

import subprocess
import sys

from tests.bench.bench import Bench
from tests.bench.measure import RunFailedError
from tests.bench.site import ROOT


def desk(bench: Bench) -> None:
    """The processor time of each page of the desk, and of searches, at 1,000 sources, a million entries and 100,000 changes."""
    command = [sys.executable, "-m", "tests.bench.desk"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=3_600)
    if done.returncode:
        raise RunFailedError(done.stdout)
    bench.tell("desk", done.stdout.strip())


WORKLOADS = {"desk": desk}
