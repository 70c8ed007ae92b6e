"""How well each measure tells copies of a report from other reports: `python tests/bench/copies.py`.

Over the labelled pairs of tests/alerts/wire_copies.toml. A threshold is chosen on the pairs marked "dev" (the middle of
the best ones) and measured on those marked "test", which were written after everything was chosen. `alone` is the
measure by itself, `and facts` also asks that nothing else is told by the words that differ (alerts/case/story.py). Prints
copies found, others taken for copies, and F1; and microseconds for a pair.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from rapidfuzz import fuzz

from alerts.case.story import Report, choose_words, tells_otherwise

PAIRS = Path(__file__).parents[1] / "alerts" / "wire_copies.toml"
Words = Sequence[str]
Measure = Callable[[Words, Words], float]


class Pair(NamedTuple):
    """A labelled pair: the words that are choose_words, and whether what differs tells of another event."""

    left: Words
    right: Words
    copy: bool
    half: str
    other: bool


def pairs() -> list[Pair]:
    """All pairs."""
    now, found = datetime.now(UTC), []
    for pair in tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pair"]:
        left, right = choose_words(Report(*pair["a"], now), Report(*pair["b"], now))
        found.append(Pair(left, right, pair["label"] == "copy", pair["half"], tells_otherwise(left, right)))
    return found


def shingles(size: int, *, jaccard: bool) -> Measure:
    """Shingles of so many words: shared by both of those of either, or of those of the shorter."""

    def cut(words: Words) -> set[tuple[str, ...]]:
        lower = [word.lower() for word in words]
        return {tuple(lower[at : at + size]) for at in range(max(1, len(lower) - size + 1))}

    def measure(left: Words, right: Words) -> float:
        mine, theirs = cut(left), cut(right)
        return len(mine & theirs) / (len(mine | theirs) if jaccard else min(len(mine), len(theirs)))

    return measure


def fuzzy(name: str) -> Measure:
    """A measure of rapidfuzz."""
    ratio = getattr(fuzz, name)
    return lambda left, right: ratio(" ".join(left).lower(), " ".join(right).lower()) / 100


MEASURES = {f"containment, {size} words": shingles(size, jaccard=False) for size in (2, 3, 4)}
MEASURES |= {f"Jaccard, {size} words": shingles(size, jaccard=True) for size in (2, 3, 4)}
MEASURES |= {
    f"rapidfuzz {name}": fuzzy(name)
    for name in ("ratio", "token_set_ratio", "token_sort_ratio", "partial_ratio", "WRatio")
}


def score(found: Sequence[tuple[Pair, float]], half: str, least: float, *, facts: bool) -> tuple[int, int, float]:
    """Copies found, others taken for copies, and F1."""
    hits = [pair for pair, alike in found if pair.half == half and alike >= least and not (facts and pair.other)]
    right = sum(pair.copy for pair in hits)
    return right, len(hits) - right, 2 * right / (len(hits) + sum(p.copy for p, _ in found if p.half == half))


def main() -> int:
    """Print the table: 0."""
    all_pairs = pairs()
    halves = {half: [pair for pair in all_pairs if pair.half == half] for half in ("dev", "test")}
    print(
        *(f"{half}: {sum(p.copy for p in some)} copies, {len(some)} pairs" for half, some in halves.items()), sep="; "
    )
    print(f"{'':<26}{'us':>5}  {'alone':<34}and facts")
    for name, measure in MEASURES.items():
        began = time.perf_counter()
        found = [(pair, measure(pair.left, pair.right)) for pair in all_pairs]
        took = (time.perf_counter() - began) / len(all_pairs) * 1e6
        line = ""
        for facts in (False, True):
            thresholds = [number / 100 for number in range(10, 101)]
            best = max(score(found, "dev", least, facts=facts)[2] for least in thresholds)
            good = [least for least in thresholds if score(found, "dev", least, facts=facts)[2] == best]
            least = good[len(good) // 2]
            told = [f"{r:>2} {w:>2} {f1:.3f}" for r, w, f1 in (score(found, h, least, facts=facts) for h in halves)]
            line += f">= {least:.2f}  {'   '.join(told)}     "
        print(f"{name:<26}{took:>5.0f}  {line.rstrip()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
