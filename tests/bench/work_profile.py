"""Where the processor time of an unchanged check goes."""

from __future__ import annotations

import pstats
import re
from collections import defaultdict
from operator import itemgetter
from pathlib import Path

from tests.bench.bench import Bench
from tests.bench.measure import run
from tests.bench.tables import table

HERE = Path(__file__).parent
FEW, MANY = 100, 2_100
MOST = 15  # lines of the table
_SYSTEM = re.compile(r"'(?:_socket|select|_ssl|sqlite3)\b|sqlite3\.|_ssl\.|posix\.")
_OURS = re.compile(r"(?:watcher|sources|state|alerts)/[\w/]+\.py$")

Place = tuple[str, int, str]  # file, line, function


def profile(bench: Bench) -> None:
    """What an unchanged check takes in each file, the start left out: a run over 2,100 sources less one over 100.

    The time of the interpreter's own functions counts for the file that called them, but for those of the system. Being
    watched makes Python code about twice as slow, so the shares matter, not the sums. Only the main thread is seen.
    """
    few, many = (_profiled(bench, size) for size in (FEW, MANY))
    each = {name: (seconds - few[name]) / (MANY - FEW) * 1e6 for name, seconds in many.items()}
    whole = sum(each.values())
    most = sorted(each.items(), key=itemgetter(1), reverse=True)[:MOST]
    rows = [[name, f"{micro:.1f}", f"{100 * micro / whole:.1f} %"] for name, micro in most]
    rest = whole - sum(micro for _, micro in most)
    rows += [["all else", f"{rest:.1f}", f"{100 * rest / whole:.1f} %"], ["in all", f"{whole:.1f}", ""]]
    bench.tell("profile", table(("", "microseconds a check", "share"), rows))


def _profiled(bench: Bench, size: int) -> defaultdict[str, float]:
    """Seconds by place."""
    folder = bench.ready(bench.ours, "page", size)
    python, out = bench.ours.program.with_name("python"), folder / "profile"
    bench.say(f"profile: {size:,} sources")
    run([str(python), "-P", str(HERE / "profiled.py"), str(out), "--once"], folder)
    return by_place(pstats.Stats(str(out)).stats)  # type: ignore[attr-defined]


def by_place(
    stats: dict[Place, tuple[int, int, float, float, dict[Place, tuple[int, int, float, float]]]],
) -> defaultdict[str, float]:
    """Seconds of own time by file or package."""
    found: defaultdict[str, float] = defaultdict(float)
    for place, (_, _, own, _, callers) in stats.items():
        if place[0] != "~":
            found[_name(place[0])] += own
        elif _SYSTEM.search(place[2]) or not callers:
            found[place[2].strip("<>").removeprefix("method ").removeprefix("built-in method ")] += own
        else:
            for caller, (_, _, part, _) in callers.items():
                found["the interpreter" if caller[0] == "~" else _name(caller[0])] += part
    return found


def _name(file: str) -> str:
    if ours := _OURS.search(file):
        return ours[0]
    package = re.search(r"site-packages/(\w+)", file)
    return package[1] if package else Path(file).name


WORKLOADS = {"profile": profile}
