"""How many entries a second are looked through, against the number of watched names: `make bench BENCH=matching`.

Entries are headlines of made-up words (30,000 different ones, as frequent as words are by Zipf's law); one in ten names
somebody. `first` is the first time through, `again` with every word met before, `all new` has no word twice, which no
language does: the worst case. The naive regular expression is what a peer would write, an alternation of all names
between word boundaries: it knows no case endings, scripts or misspellings. One process, one core; processor time, so
that what else the machine does counts little. A program of its own, so that the bench stays small; prints a table, and
exits with 1 when 10,000 names are slower than promised.
"""

from __future__ import annotations

import gc
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry
from tests.bench.tables import table

PROMISED = 20_000  # entries a second with 10,000 names
SIZES = (10, 100, 1_000, 10_000)
HEADS = ("names", "built s", "MB", "first, a second", "again", "all new", "naive regular expression")
LATIN = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "an", "er", "ol")]
CYRILLIC = [consonant + vowel for consonant in "бвгджзклмнпрстфхцчш" for vowel in ("а", "е", "и", "о", "у", "ан", "ер")]


def made_up(rng: random.Random, count: int) -> list[str]:
    """So many different words, half of them Cyrillic."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(LATIN if len(found) % 2 else CYRILLIC, k=rng.randint(2, 4)))] = None
    return list(found)


def made_names(rng: random.Random, count: int) -> list[str]:
    """So many names of one to three words, some with a legal form."""
    words = [word.title() for word in made_up(rng, 2 * count)]
    return [
        f"{rng.choice(['', '', 'ООО ', 'АО ']) if name[0] > 'z' else ''}{name}{rng.choice(['', '', ' Inc', ' Ltd'])}"
        for name in dict.fromkeys(" ".join(rng.sample(words, rng.randint(1, 3))) for _ in range(2 * count))
    ][:count]


def headlines(rng: random.Random, names: Sequence[str], count: int) -> Iterator[Entry]:
    """Headlines of 6 to 14 words."""
    words = made_up(rng, 30_000)
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(count):
        line = rng.choices(words, cum_weights=weights, k=rng.randint(6, 14))
        if number % 10 == 0:
            line.insert(rng.randrange(len(line)), rng.choice(names))
        yield Entry(number, " ".join(line).capitalize())


def all_new(rng: random.Random, count: int) -> list[Entry]:
    """Headlines in which no word stands twice."""
    words = iter(made_up(rng, 10 * count))
    return [Entry(number, " ".join(next(words) for _ in range(10))) for number in range(count)]


def rate(look: Callable[[Entry], object], entries: Sequence[Entry]) -> float:
    """Entries a second, once through."""
    began = time.process_time()
    for entry in entries:
        look(entry)
    return len(entries) / (time.process_time() - began)


def memory() -> float:
    """What this process takes, in MB."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else ["VmRSS: 0 kB"]
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def naive(names: Sequence[str]) -> Callable[[Entry], object]:
    """An alternation of all names."""
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    return lambda entry: pattern.findall(entry.title)


def main() -> int:
    """Print the table: 0, or 1 when the promise is not kept."""
    gc.set_threshold(20_000, 10, 10)  # as the program does
    rows = []
    slowest = float("inf")
    for size in SIZES:
        rng = random.Random(size)
        names = made_names(rng, size)
        entries, fresh = list(headlines(rng, names, 20_000)), all_new(rng, 5_000)
        before, began = memory(), time.process_time()
        watchlist = Watchlist({f"e{number}": Entity(names=(name,)) for number, name in enumerate(names)})
        assert watchlist.recognizer
        built, took = time.process_time() - began, memory() - before
        first = rate(watchlist.mentions, entries)
        again, new = rate(watchlist.mentions, entries), rate(watchlist.mentions, fresh)
        plain = rate(naive(names), entries[: max(20, 200_000 // size)])
        rates = [f"{rate:,.0f}" for rate in (first, again, new, plain)]
        rows.append([f"{size:,}", f"{built:.2f}", f"{took:.0f}", *rates])
        slowest = first
    print(table(HEADS, rows, left=0))
    print(f"\nPromised with {SIZES[-1]:,} names: {PROMISED:,} entries a second.")
    return 0 if slowest >= PROMISED else 1


if __name__ == "__main__":
    sys.exit(main())
