"""Finding watched names: matching.py, as a workload."""

from __future__ import annotations

import subprocess

from tests.bench.bench import Bench
from tests.bench.site import ROOT

# An earlier build finds its own packages first.
MEASURE = (
    "import runpy, sys; sys.path.append(sys.argv[1]); runpy.run_module('tests.bench.matching', run_name='__main__')"
)


def matching(bench: Bench) -> None:
    """How many entries a second of processor time are looked through, against the number of watched names.

    `first` is the first time through headlines of 30,000 words, `again` with every word met before, `all new` has no word
    twice; the naive regular expression knows no case endings, scripts or misspellings. An earlier build has its own table.
    """
    for build in bench.builds:
        command = [str(build.program.with_name("python")), "-P", "-c", MEASURE, str(ROOT)]
        done = subprocess.run(command, cwd=bench.folder, stdout=subprocess.PIPE, text=True, check=False, timeout=1_800)
        bench.tell("matching", f"{build.name}:\n\n{done.stdout.strip()}")


WORKLOADS = {"matching": matching}
