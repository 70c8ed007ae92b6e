"""What the workloads share: who runs, how often, where, and the rows that come of it."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.contenders import OURS, Contender, FileComparer, Ours
from tests.bench.measure import Cost, RunFailedError, medians, run, said
from tests.bench.site import Site
from tests.bench.tables import describe
from tests.pauses import said_in


@dataclass(frozen=True)
class Row:
    """What one program needed for one workload: the medians of its runs. `why` is set if it could not do that."""

    workload: str
    label: str  # "1,000 sources"
    program: str
    checks: int  # that one run makes
    cost: Cost
    server: float  # CPU seconds of the server in one run
    why: str = ""


@dataclass
class Case:
    """A folder in which a program is ready to run, and what is to come of it."""

    label: str
    program: str
    command: Sequence[str]
    folder: Path
    checks: int = 1
    env: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)  # what the server answers how often: {"304": 1000}
    before: Callable[[], None] = lambda: None  # what happens before each run
    verify: Callable[[str], object] = lambda _said: None  # raises for what it should not have said
    costs: list[Cost] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    failure: RunFailedError | None = None  # after which it is not run again


@dataclass
class Bench:
    """One call of the bench: `sizes` are numbers of sources, `full` is all that docs/performance.md shows.

    `huge` is what takes gigabytes of disk, too. `lengths` are numbers of rows of a register, where others than usual are
    asked for; `absent` are programs to compare with that are not installed.
    """

    site: Site
    ours: Ours
    others: Sequence[Contender]
    folder: Path
    sizes: Sequence[int]
    repeat: int = 3
    full: bool = False
    huge: bool = False
    lengths: Sequence[int] = ()
    comparers: Sequence[FileComparer] = ()
    absent: Sequence[str] = ()
    rows: list[Row] = field(default_factory=list)
    facts: dict[str, float] = field(default_factory=dict)  # single figures that targets ask for
    failed: list[str] = field(default_factory=list)  # workloads that could not be measured
    texts: dict[str, list[str]] = field(default_factory=dict)  # by workload: what it has to say beside its rows
    _folders: Iterable[int] = field(default_factory=itertools.count)
    _ready: dict[tuple[str, str, int], Path] = field(default_factory=dict)

    @property
    def contenders(self) -> list[Contender]:
        return [self.ours, *self.others]

    @property
    def builds(self) -> list[Ours]:
        """This program, and the earlier build of it that was asked for."""
        return [each for each in self.contenders if isinstance(each, Ours)]

    def fresh(self) -> Path:
        """An empty folder."""
        folder = self.folder / str(next(iter(self._folders)))
        folder.mkdir()
        return folder

    def addresses(self, family: str, size: int, port: str = "http") -> list[str]:
        """The addresses of so many documents, which are rendered first if need be."""
        self.site.warm(family, 0, size)
        return [self.site.address(f"{family}/{number}", port) for number in range(size)]

    def laid(self, contender: Contender, addresses: Sequence[str], kind: str) -> Path:
        """A folder in which the program has been told what to watch, and has not run."""
        folder = self.fresh()
        contender.lay(folder, addresses, kind)
        return folder

    def ready(self, contender: Contender, family: str, size: int, kind: str = "table") -> Path:
        """A folder in which it knows so many documents of a family already; shared by the workloads of this call."""
        at = contender.name, family, size
        if at not in self._ready:
            self.say(f"{contender.name} learns {family} {size:,}")
            folder = self.laid(contender, self.addresses(family, size), kind)
            run(contender.command(folder), folder, contender.env(folder))
            self._ready[at] = folder
        return self._ready[at]

    def case(self, contender: Contender, folder: Path, checks: int, answers: Mapping[str, int]) -> Case:
        """A run over so many sources; who asks unconditionally is never answered 304."""
        if not contender.conditional:
            answers = {"200": sum(answers.values()), "304": 0}
        command, env = contender.command(folder), contender.env(folder)
        label = f"{checks:,} sources"
        return Case(label, contender.name, command, folder, checks, env, answers)

    def measure(
        self, workload: str, cases: Sequence[Case], repeat: int | None = None, before: Callable[[], None] = lambda: None
    ) -> None:
        """Run all cases in turn, and that as often as asked, so that what else the machine does falls on all alike.

        `before` happens before each turn. What a program cannot do is said in its row.
        """
        turns = repeat or self.repeat
        for turn in range(turns):
            before()
            for case in cases:
                self.say(f"{workload}: {case.program}, {case.label}, {turn + 1} of {turns}")
                self.attempt(case, self._run)
        before()
        for case in cases:
            self.attempt(case, partial(self._look_for_pauses, workload))
        self._note_costs(workload, cases)

    def measure_once(self, workload: str, cases: Sequence[Case]) -> None:
        """Run each case one time: what takes many minutes."""
        for case in cases:
            self.say(f"{workload}: {case.program}, {case.label}")
            self.attempt(case, self._run)
            self._note_costs(workload, [case])

    def attempt(self, case: Case, run_it: Callable[[Case], object]) -> None:
        """Run a case, unless it has failed before."""
        try:
            if not case.failure:
                run_it(case)
        except RunFailedError as error:
            case.failure = error

    def _note_costs(self, workload: str, cases: Sequence[Case]) -> None:
        """Add the rows of these cases, and print each."""
        for case in cases:
            cost, server, why = Cost(0, 0, 0), 0.0, ""
            if case.failure:
                why = case.failure.why
                self.failed += [workload] if case.program == OURS else []
                self.tell(workload, f"{case.program}, {case.label}:\n\n```\n{case.failure}\n```")
            else:
                cost, server = medians(case.costs), median(case.server)
            row = Row(workload, case.label, case.program, case.checks, cost, server, why)
            self.rows.append(row)
            self.say("")
            print(f"{workload}: {describe(row)}", file=sys.stderr, flush=True)

    def _look_for_pauses(self, workload: str, case: Case) -> None:
        """One more run of ours, which counts for nothing else: how long its event loop was ever kept from turning."""
        if case.program != OURS:
            return
        case.before()
        run([*case.command, "-v"], case.folder, case.env)
        self.note_pause(workload, case.label, case.folder)

    def note_pause(self, workload: str, label: str, folder: Path) -> None:
        """Tell of the event loop's longest pause, which the program that has run there has said."""
        for cpu, wall in said_in(said(folder))[:1]:
            self.facts["pause"] = max(cpu, self.facts.get("pause", 0.0))
            self.tell(
                workload,
                f"The event loop's longest pause, {label}: {cpu:.3f} s of processor time, {wall:.3f} s in all.",
            )

    def _run(self, case: Case) -> None:
        """One run. Raises RunFailedError when the server was not asked what it was to be asked."""
        case.before()
        used, counts = self.site.usage()
        case.costs.append(run(case.command, case.folder, case.env))
        used_then, counts_then = self.site.usage()
        case.server.append(used_then - used)
        got = {status: counts_then.get(status, 0) - counts.get(status, 0) for status in case.answers}
        if got != case.answers:
            wanted = f"was to be answered {dict(case.answers)}, and was answered {got}"
            raise RunFailedError(f"{case.program} {wanted}:\n{said(case.folder)[-2_000:]}")
        case.verify(said(case.folder))

    def tell(self, workload: str, text: str) -> None:
        """Something to say of a workload, as Markdown."""
        self.texts.setdefault(workload, []).append(text)

    def find(self, workload: str, label: str, program: str = OURS) -> Row | None:
        """The row of a program in a case, if it was measured in this call."""
        wanted = (workload, label, program)
        rows = (row for row in self.rows if (row.workload, row.label, row.program) == wanted)
        return next((row for row in rows if not row.why), None)

    def say(self, what: str) -> None:
        """What goes on, on a terminal."""
        if sys.stderr.isatty():
            print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)
