"""What a budget costs: a daemon whose sources are learned, beside one with fixed intervals; and planning for 50,000."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from tests.bench.bench import Bench
from tests.bench.measure import run
from tests.bench.tables import table
from tests.bench.work_daemon import daemon
from watcher.schedule.budget import LearnedSource, Terms, factor, paces, quantiles
from watcher.schedule.learning import Learner
from watcher.schedule.week import DAY, PLACES, Curve, next_check

MANY = 50_000  # sources, each at EVERY
EVERY = 900.0
TURNS = 3  # of each daemon, in turn
SCHEDULE = '[schedule]\nbudget = "1.5x"\nfastest = "1s"\n'


def rhythm(bench: Bench) -> None:
    """A daemon that checks unchanged sources, with and without a budget; and what planning takes by itself."""
    size, seconds = (1_000, 20) if bench.full else (min(500, max(bench.sizes)), 12)
    addresses = bench.addresses("page", size)
    used: dict[str, list[float]] = {"fixed intervals": [], "a budget of 1.5": []}
    folders = {}
    for name, schedule in zip(used, ("", SCHEDULE), strict=True):
        folders[name] = bench.fresh()
        bench.ours.lay(folders[name], addresses, "table", f'every = "{size // 100}s"\n', bench.ours.HEAD + schedule)
        run(bench.ours.command(folders[name]), folders[name])
    for turn in range(TURNS):
        for name, folder in folders.items():
            bench.say(f"rhythm: {name}, {turn + 1} of {TURNS}")
            (folder / "told").unlink(missing_ok=True)
            with daemon(bench, folder) as running:
                time.sleep(4)  # first checks, which load what is known
                before, asked = running.cpu(), bench.site.usage()[1].get("304", 0)
                time.sleep(seconds)
                checks = bench.site.usage()[1].get("304", 0) - asked
                used[name].append((running.cpu() - before) / checks * 1000)
    once = {
        name: sorted(run(bench.ours.command(folders[name]), folders[name]).cpu for _ in range(TURNS)) for name in used
    }
    middle = {name: sorted(costs)[TURNS // 2] for name, costs in used.items()}
    usual = middle["fixed intervals"]
    rows = [[name, f"{cost:.3f}", f"{cost / usual:.2f}"] for name, cost in middle.items()]
    bench.facts["rhythm"] = middle["a budget of 1.5"] / usual
    bench.tell("rhythm", table(("a daemon, unchanged sources", "CPU ms a check", "times"), rows))
    bench.tell("rhythm", table(("`watch --once`", "CPU s"), [[name, f"{cpu[1]:.2f}"] for name, cpu in once.items()]))
    bench.tell("rhythm", table(("for 50,000 sources at 15 minutes", "CPU s"), _planning()))


def _planning() -> list[list[str]]:
    """Processor time of solving, and of an hour of learning and of planning."""
    chance = random.Random(1)
    learners = [_learned(chance) for _ in range(200)]
    curves = [learner.curve(0.0) for learner in learners]
    known = [
        LearnedSource(str(at), EVERY, bool(at % 2), curves[at % 200].mean, quantiles(curves[at % 200]))
        for at in range(MANY)
    ]
    terms = Terms(1.5)
    solved = _seconds(lambda: factor(known, terms))
    learned = _seconds(lambda: [quantiles(_anew(learner)) for learner in learners]) / len(learners)
    table_ = paces(terms.bounds(EVERY), 1.0)
    dues = (
        _seconds(lambda: [next_check(curves[at % 200], at * 977.0, table_, 400, EVERY) for at in range(10_000)])
        / 10_000
    )
    an_hour = learned * MANY / 24 + dues * MANY * 3600 / EVERY * 1.5
    return [
        ["the factor of all paces", f"{solved:.2f}"],
        ["learning and planning, an hour", f"{an_hour:.1f}"],
    ]


def _anew(learner: Learner) -> Curve:
    again = Learner.unpack(learner.pack())
    assert again is not None
    return again.curve(DAY)


def _learned(chance: random.Random) -> Learner:
    learner = Learner.new(0.0)
    learner.weeks = 10.0
    for _ in range(chance.choice((1, 10, 100))):
        learner.counts[min(PLACES - 1, int(chance.triangular(0, PLACES, 120)))] += 1
    return learner


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


WORKLOADS = {"rhythm": rhythm}
