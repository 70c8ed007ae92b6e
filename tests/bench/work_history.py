"""A large register that changed for a year, as it was half a year ago; one of its entries; two times."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sources import Entry
from sources.reading.entry_fingerprints import entry_fingerprint
from state.compare.changes import field_changes
from state.compare.diff import Differ
from state.model import (
    NOTHING,
    Acceptance,
    Change,
    ChangeKind,
    Commit,
    Difference,
    Event,
    EventKind,
    Health,
    Status,
)
from state.store import Store
from tests.bench.bench import Bench, Case
from tests.bench.contenders import OURS
from tests.bench.site import ROOT

ROWS, CHANGES, CHECKS = 100_000, 10_000, 1_000
YEAR = timedelta(days=365)
BEGAN = datetime.now(UTC).replace(microsecond=0) - YEAR
HALF = (BEGAN + YEAR / 2).isoformat()
AT, AT_CSV, ONE, BETWEEN = "entries --at, as JSON", "entries --at, as CSV", "entry", "diff of half a year"
CONFIGURATION = '[sources.register]\nkind = "csv"\nurl = "http://127.0.0.1:9/register.csv"\nkey = "No"\n'


def history(bench: Bench) -> None:
    """100,000 entries with 10,000 changes in 1,000 checks over a year, of which half are undone."""
    folder = bench.fresh()
    (folder / "watch.toml").write_text(CONFIGURATION)
    bench.say("history: a year of a register")
    key = _apart(folder)  # a program that is measured counts the memory of the process that starts it
    watch = str(bench.ours.program)
    asked = {
        AT: ["entries", "register", "--at", HALF, "--json"],
        AT_CSV: ["entries", "register", "--at", HALF, "--csv", "out.csv", "--force"],
        ONE: ["entry", "register", key, "--json"],
        BETWEEN: ["diff", "register", "--from", HALF, "--json"],
    }
    bench.measure("history", [Case(label, OURS, [watch, *argv], folder) for label, argv in asked.items()])


def _apart(folder: Path) -> str:
    command = [sys.executable, "-c", f"from tests.bench.work_history import lived; print(lived({str(folder)!r}))"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=3_600)
    return done.stdout.strip()


def lived(folder: str | Path) -> str:
    """Put a year of a register into a state; returns the key of an entry that changed."""
    random, rows, key = Random(7), [_entry(number) for number in range(ROWS)], ""
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        differ = Differ(NOTHING, b"", "complete")
        for entry in rows:
            differ.see(entry)
        _commit(store, differ.finish(), BEGAN, fresh=True)
        for check in range(1, CHECKS + 1):
            at = BEGAN + YEAR * check / (CHECKS + 1)
            chosen = random.sample(range(ROWS), CHANGES // CHECKS)
            later = {place: _changed(rows[place], check) for place in chosen}
            _commit(store, _difference(rows, later), at)
            for place, entry in later.items():
                rows[place] = entry
            key = rows[chosen[0]].key
    return key


def _entry(number: int) -> Entry:
    fields = {"No": str(number), "Name": f"Firm {number} of the register", "Status": "active", "Since": "2019-04-01"}
    return Entry(str(number), fields["Name"], {**fields, "Address": f"{number} Long Street, Port {number % 977}"})


def _changed(entry: Entry, check: int) -> Entry:
    return Entry(entry.key, entry.title, {**entry.fields, "Status": f"suspended by order {check}"})


def _difference(rows: list[Entry], later: dict[int, Entry]) -> Difference:
    """The difference of a snapshot with these entries changed. The rows of a new file are in the order of the register."""
    update = {place + 1: (entry_fingerprint(entry), entry) for place, entry in later.items()}
    was = {place + 1: rows[place] for place in later}
    changes = [
        Change(ChangeKind.CHANGED, rows[place], entry, field_changes(rows[place], entry))
        for place, entry in later.items()
    ]
    return Difference(changes, (), update, {}, b"digest", ROWS, (), was=was)


def _commit(store: Store, difference: Difference, at: datetime, *, fresh: bool = False) -> None:
    state = store.source("register")
    times = {"checked": at, "tried": at, "due": datetime.now(UTC) + timedelta(hours=1)}
    after = replace(state, entries=ROWS, health=Health(Status.OK), **times)
    events = [] if fresh else list(_events(difference, at, state.checked))
    accepted = Acceptance(difference, (), "reading", "place", fresh=fresh)
    store.commit("register", lambda _: Commit(after, accepted, alerts=[(event, ()) for event in events]))


def _events(difference: Difference, at: datetime, previous: datetime | None) -> Iterator[Event]:
    for change in difference.changes:
        entry = change.entry
        about = {"change": change.kind.value, "key": entry.key, "title": entry.title, "url": None, "published": None}
        fields = {name: sides._asdict() for name, sides in change.fields.items()}
        data = about | {"fields": fields, "entry": dict(entry.fields)}
        yield Event(EventKind.CHANGE, "register", "The register", "record", at, previous, data)


WORKLOADS = {"history": history}
