"""Customers against lists: building the index of names, screening, one match, and what a check pays for the index."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from sources import Entry
from state.compare.diff import Differ
from state.model import NOTHING, Acceptance, Commit, Health, Status
from state.store import Store

ENTRIES, CUSTOMERS, LISTS = 500_000, 10_000, 10
COUNTRIES = ("Russia", "Iran", "Syria", "Belarus", "Mexico", "Myanmar", "Yemen", "Ukraine")
SYLLABLES = [
    a + b
    for a in ["b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "sh", "ch", "kh"]
    for b in "aeiou"
]


def names(random: Random) -> Callable[[], str]:
    """Makes invented names: as with real ones, few given names are common, and most family names are rare."""
    given = [_word(random, 2, 3) for _ in range(3_000)]
    family = [_word(random, 2, 4) for _ in range(60_000)]
    of_given = list(accumulate(1 / (rank + 5) for rank in range(len(given))))
    of_family = list(accumulate(1 / (rank + 50) for rank in range(len(family))))

    def name() -> str:
        several = random.choices(given, cum_weights=of_given, k=random.choice((1, 1, 2)))
        return " ".join([*several, *random.choices(family, cum_weights=of_family)])

    return name


def _word(random: Random, least: int, most: int) -> str:
    return "".join(random.choices(SYLLABLES, k=random.randint(least, most))).title()


def listed(random: Random, name: Callable[[], str], number: int) -> Iterator[Entry]:
    """Entries as lists of sanctions have them: some aliases, mostly a birth date and a country, at times a number."""
    for key in range(number):
        aliases = [name() for _ in range(random.choice((1, 1, 2, 4)))]
        fields = {"names": "; ".join(aliases), "birth_date": _birth(random), "country": random.choice(COUNTRIES)}
        if key % 5 == 0:
            fields["identifiers"] = f"Passport A{random.randint(1_000_000, 9_999_999)}"
        yield Entry(str(key), aliases[0], {**fields, "programme": "Invented", "Address": f"{key} Long Street"})


def _birth(random: Random) -> str:
    return f"{random.randint(1930, 2000)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def lay(folder: Path, entries: int, customers: int) -> None:
    """A state with lists, and a file of customers, of whom one in five is on a list, with two letters exchanged."""
    random = Random(11)
    name = names(random)
    rows = [[name(), _birth(random), random.choice(COUNTRIES), ""] for _ in range(customers)]
    now = datetime.now(UTC)
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        for each in range(LISTS):
            differ, known = Differ(NOTHING, b"", "complete"), list(listed(random, name, entries // LISTS))
            for entry in known:
                differ.see(entry)
            times = {"checked": now, "tried": now, "due": now + timedelta(hours=1), "accepted": now}
            found = differ.finish()
            after = replace(store.source(f"list{each}"), entries=len(known), health=Health(Status.OK), **times)
            taken = Acceptance(found, (), "reading", "place", fresh=True)
            store.commit(f"list{each}", lambda _, after=after, taken=taken: Commit(after, taken))
            for at in range(each * 5, customers, 5 * LISTS):
                entry = random.choice(known)
                middle = len(entry.title) // 2
                written = entry.title[:middle] + entry.title[middle : middle + 2][::-1] + entry.title[middle + 2 :]
                rows[at] = [written, entry.fields["birth_date"], entry.fields["country"], ""]
    with (folder / "customers.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["name", "birth_date", "country", "identifiers"], *rows])
