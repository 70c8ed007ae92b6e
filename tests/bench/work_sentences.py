"""Finding names in sentences of the world: sentences.py, as a workload."""

from __future__ import annotations

import subprocess

from tests.bench.bench import Bench
from tests.bench.site import ROOT

# An earlier build finds its own packages first.
MEASURE = "import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module('tests.bench.sentences', run_name='__main__')"


def sentences(bench: Bench) -> None:
    """False mentions in 1,000 sentences, the labelled ones that are found, and sentences a second, by language.

    Neutral names occur in no sentence. Without ../shared/sentences nothing is measured, and the table says so.
    """
    for build in bench.builds:
        command = [str(build.program.with_name("python")), "-P", "-c", MEASURE, str(ROOT)]
        done = subprocess.run(command, cwd=bench.folder, stdout=subprocess.PIPE, text=True, check=False, timeout=1_800)
        bench.tell("sentences", f"{build.name}:\n\n{done.stdout.strip()}")


WORKLOADS = {"sentences": sentences}
