"""Customers against lists: the index of names, screening, one match by the API, and what a check pays for the index."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import accumulate
from pathlib import Path
from random import Random

from sources import Entry
from state.compare.diff import Differ
from state.model import NOTHING, Acceptance, Commit, Health, Status
from state.store import Store
from tests.bench.bench import Bench, Case
from tests.bench.contenders import OURS
from tests.bench.desk.served import TOKEN, desk, wait_for_index
from tests.bench.measure import RunFailedError, run, said
from tests.bench.site import ROOT
from tests.bench.tables import table

ENTRIES, CUSTOMERS, LISTS = 500_000, 10_000, 10
COUNTRIES = ("Russia", "Iran", "Syria", "Belarus", "Mexico", "Myanmar", "Yemen", "Ukraine")
CONSONANTS = ("b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "sh", "ch", "kh")
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in "aeiou"]
CHECKED, MATCHES = 100, 200  # pages that are checked; names that are asked for
LAY = f"""
import sys
from pathlib import Path
from tests.bench.work_screen import lay
lay(Path(sys.argv[1]), {ENTRIES}, {CUSTOMERS})
"""
ALONE, BESIDE = "a check, no index", "a check, beside the index"


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


def screen(bench: Bench) -> None:
    """10,000 customers against 500,000 entries of ten lists, all invented."""
    bench.say("screen: ten lists")
    alone, beside = (bench.laid(bench.ours, bench.addresses("page", CHECKED), "table") for _ in range(2))
    # a program that is measured counts the memory of the process that starts it
    subprocess.run([sys.executable, "-c", LAY, str(beside)], cwd=ROOT, check=True, timeout=3_600)
    run(bench.ours.command(beside), beside)
    shutil.copytree(beside, alone, dirs_exist_ok=True)
    (beside / "one.csv").write_text("name\nNobody Known\n")
    command, rows, costs = [str(bench.ours.program), "screen"], list[list[str]](), dict[str, float]()
    for what, file in ((f"the index of {ENTRIES:,} entries", "one.csv"), (f"{CUSTOMERS:,} customers", "customers.csv")):
        bench.say(f"screen: {what}")
        size = (beside / "state.db").stat().st_size
        cost = run([*command, file, "--json"], beside)
        found = sum(bool(json.loads(line)["hits"]) for line in said(beside).splitlines())
        grown = ((beside / "state.db").stat().st_size - size) / 1e6
        rows.append([what, f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{cost.peak:.0f}", f"{grown:.0f}", f"{found:,}"])
        costs[file] = cost.wall
        bench.facts["screen memory"] = max(cost.peak, bench.facts.get("screen memory", 0.0))
    bench.facts["screen"] = costs["customers.csv"]
    bench.tell("screen", table(("", "CPU s", "s", "MB", "MB on disk", "customers with hits"), rows))
    bench.facts["match"] = late = _matches(bench, beside)
    bench.tell("screen", f"`POST /api/v1/match`, the 95th of a hundred of {MATCHES}: {late:.0f} ms.")
    labels = ((ALONE, alone), (BESIDE, beside))
    bench.measure(
        "screen", [Case(label, OURS, bench.ours.command(folder), folder, CHECKED) for label, folder in labels]
    )


def _matches(bench: Bench, folder: Path) -> float:
    """Milliseconds of a request, of which one in twenty takes longer, on one connection."""
    with (folder / "customers.csv").open(newline="") as file:
        asked = [row for row, _ in zip(csv.DictReader(file), range(MATCHES + 1), strict=False)]
    head, times = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}, list[float]()
    with desk(bench.ours.program, folder, folder / "watch.toml") as server:
        wait_for_index(folder, LISTS + CHECKED)  # of the search
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        for body in asked:
            began = time.monotonic()
            connection.request("POST", "/api/v1/match", json.dumps(body), head)
            answer = connection.getresponse()
            text = answer.read()
            times.append((time.monotonic() - began) * 1_000)
            if answer.status != 200:
                raise RunFailedError(f"a match was answered {answer.status}: {text[:500]!r}")
        connection.close()
    return sorted(times[1:])[MATCHES * 95 // 100]  # the first loads what the others use


WORKLOADS = {"screen": screen}
