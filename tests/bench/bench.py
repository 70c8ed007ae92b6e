"""What the workloads share: who runs, how often, where, and the rows that come of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.contenders import Contender
from tests.bench.measure import Cost, RunFailedError, medians, run
from tests.bench.site import Site


@dataclass(frozen=True)
class Row:
    """What one program needed for one workload: the median of its runs."""

    workload: str
    case: str  # "1,000 sources"
    size: int
    checks: int  # that one run makes
    program: str
    cost: Cost
    runs: int
    server: float = 0.0  # CPU seconds of the server in one run


@dataclass
class Case:
    """A folder in which a program is ready to run, and what is to come of it."""

    contender: Contender
    folder: Path
    size: int
    answers: Mapping[str, int]  # what the server is to answer, how often: {"304": 1000}
    before: Callable[[], None] = lambda: None  # what happens before each run
    costs: list[Cost] = field(default_factory=list)
    server: list[float] = field(default_factory=list)


@dataclass
class Bench:
    """One call of the bench."""

    site: Site
    contenders: Sequence[Contender]
    folder: Path
    sizes: Sequence[int]
    repeat: int = 3
    rows: list[Row] = field(default_factory=list)
    _ready: dict[tuple[str, str, int], Path] = field(default_factory=dict)

    def new(self, contender: Contender, addresses: Sequence[str], kind: str) -> Path:
        """A folder in which it has been told what to watch, and has not run."""
        folder = self.folder / f"{time.monotonic_ns()}"
        folder.mkdir()
        contender.lay(folder, addresses, kind)
        return folder

    def ready(self, contender: Contender, family: str, size: int) -> Path:
        """A folder in which it knows all pages of a family already; shared by the workloads of this call."""
        at = contender.name, family, size
        if at not in self._ready:
            self.say(f"{contender.name} learns {size:,} pages")
            self._ready[at] = self.new(contender, self.addresses(family, size), "table")
            run(contender.command(self._ready[at]), self._ready[at], contender.env(self._ready[at]), contender.codes)
        return self._ready[at]

    def addresses(self, family: str, size: int) -> list[str]:
        self.site.warm(family, size)
        return [self.site.address(f"{family}/{number}") for number in range(size)]

    def measure(self, workload: str, cases: Sequence[Case]) -> None:
        """Run all cases in turn, and that as often as asked, so that what else the machine does falls on all alike."""
        for turn in range(self.repeat):
            for case in cases:
                self.say(f"{workload}: {case.contender.name}, {case.size:,} sources, {turn + 1} of {self.repeat}")
                case.before()
                self.once(case)
        for case in cases:
            self.rows.append(
                Row(
                    workload,
                    f"{case.size:,} sources",
                    case.size,
                    case.size,
                    case.contender.name,
                    medians(case.costs),
                    self.repeat,
                    sorted(case.server)[len(case.server) // 2],
                )
            )
        self.say("")

    def once(self, case: Case) -> None:
        """One run. Raises RunFailedError when the server was not asked what it was to be asked."""
        before, contender = self.site.usage(), case.contender
        case.costs.append(run(contender.command(case.folder), case.folder, contender.env(case.folder), contender.codes))
        after = self.site.usage()
        got = {status: after["counts"].get(status, 0) - before["counts"].get(status, 0) for status in case.answers}
        if got != case.answers:
            raise RunFailedError(f"{contender.name} was to be answered {case.answers}, and was answered {got}")
        case.server.append(after["cpu"] - before["cpu"])

    def say(self, what: str) -> None:
        """What goes on, on a terminal."""
        if sys.stderr.isatty():
            print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)
