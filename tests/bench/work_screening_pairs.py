"""Whom a screening takes for whom, on pairs made of published lists: screening_pairs.py, as a workload."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from alerts.screening.score import LEAST, keys_of, prepare, score
from tests.bench.bench import Bench
from tests.bench.measure import RunFailedError
from tests.bench.screening_pairs import OTHER, SAME, Pair, facts_of_listed, pairs

_PEERS = ("logic-v2", "logic-v1", "name-based")
_PEER_LEAST = 0.7  # yente's own


def screening_pairs(bench: Bench) -> None:
    """Hits at the default threshold, by kind of pair, in the half that was looked at and in the one that was not; and of
    nomenklatura's matchers at 0.7, where `NOMENKLATURA` names a Python that has it. See tests/bench/screening_pairs.py.
    """
    made = pairs()
    if not made:
        raise RunFailedError("the captures of published lists are not there")
    facts = [(facts_of_listed(pair.customer), facts_of_listed(pair.entry)) for pair in made]
    shared = [bool(keys_of(one) & keys_of(other)) for one, other in facts]
    prepared = [(prepare(one), prepare(other)) for one, other in facts]
    before = time.process_time()
    points = [score(one, other).points for one, other in prepared]
    speed = len(made) / (time.process_time() - before)
    hits = {"ours": [each >= LEAST for each in points]}
    if peer := os.environ.get("NOMENKLATURA"):
        hits |= {name: _ask(peer, name, made) for name in _PEERS}
    else:
        bench.tell("screening-pairs", "nomenklatura is not installed: name its Python in `NOMENKLATURA`.")
    for half in (1, 2):
        bench.tell("screening-pairs", _table(half, made, hits))
    found = [key for pair, key, hit in zip(made, shared, hits["ours"], strict=True) if pair.same and hit]
    bench.tell(
        "screening-pairs",
        f"{speed:,.0f} pairs scored a second of processor time. A key is shared by {sum(found) / len(found):.2%} of the "
        f"{len(found):,} pairs that are the same and hit.",
    )


def _ask(python: str, matcher: str, made: Sequence[Pair]) -> list[bool]:
    lines = "\n".join(json.dumps(pair.as_json()) for pair in made)
    script = Path(__file__).with_name("screening_peer.py")
    done = subprocess.run([python, str(script), matcher], input=lines, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunFailedError(done.stderr)
    return [float(line) >= _PEER_LEAST for line in done.stdout.split()]


def _table(half: int, made: Sequence[Pair], hits: dict[str, list[bool]]) -> str:
    of_half = [at for at, pair in enumerate(made) if pair.half == half]

    def counted(found: list[bool], wanted: Callable[[Pair], bool]) -> int:
        return sum(found[at] for at in of_half if wanted(made[at]))

    rows = []
    for name, found in hits.items():
        right, wrong = (counted(found, lambda pair, same=same: pair.same is same) for same in (True, False))
        same = sum(made[at].same for at in of_half)
        by_kind = [str(counted(found, lambda pair, kind=kind: pair.kind == kind)) for kind in (*SAME, *OTHER)]
        rows.append([name, f"{right / (right + wrong):.3f}", f"{right / same:.3f}", *by_kind])
    sizes = [str(sum(made[at].kind == kind for at in of_half)) for kind in (*SAME, *OTHER)]
    head = [f"half {half}", "P", "R", *(f"{kind} ({size})" for kind, size in zip((*SAME, *OTHER), sizes, strict=True))]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


WORKLOADS = {"screening-pairs": screening_pairs}
