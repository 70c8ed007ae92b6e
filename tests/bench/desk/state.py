"""Fills a state with so many sources, and entries and changes in all: `python -m tests.bench.desk.state FOLDER 1000 1000000 100000`.

It is a process of its own, since it takes memory, which the kernel counts into what the bench starts later.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sources import Entry
from state.compare.diff import Differ
from state.model import Acceptance, Commit, Event, EventKind, Health, Mention, Status
from state.store import Store
from watcher.config.load import load

BEGAN = datetime.now(UTC) - timedelta(days=1)
LETTERS = "abcdefghiklmnoprstuvyz", "абвгдежзиклмнопрстуфхцчшюя"


def fill(store: Store, sources: int, entries: int, changes: int) -> None:
    """Put sources into a state, with so many entries and changes in all."""
    random, each, moved = Random(7), entries // sources, changes // sources
    words = [["".join(random.choices(letters, k=random.randint(4, 10))) for _ in range(20_000)] for letters in LETTERS]
    for number in range(sources):
        firms = [_firm(random, words, number, place) for place in range(each)]
        changed = list(map(_revoked, firms[:moved]))
        events = [_event(number, place, firm) for place, firm in enumerate(changed)]
        _store(store, number, changed + firms[moved:], events)


def _firm(random: Random, words: Sequence[Sequence[str]], number: int, place: int) -> Entry:
    title = f"{' '.join(random.choices(words[0], k=2))} {random.choice(words[1])} Ltd"
    fields = {"status": "active", "licence": f"L-{number}-{place}", "address": " ".join(random.choices(words[0], k=5))}
    return Entry(key=f"{number}-{place}", title=title, fields=fields)


def _revoked(firm: Entry) -> Entry:
    return Entry(key=firm.key, title=firm.title, fields={**firm.fields, "status": "revoked"})


def _event(number: int, place: int, firm: Entry) -> Event:
    at = BEGAN + timedelta(seconds=number + place)
    about = {"change": "changed", "key": firm.key, "title": firm.title, "url": None, "published": None}
    fields = {"status": {"before": "active", "after": "revoked"}}
    mentions = [Mention("sable", "Sable", "Sable", "title")] if place % 20 == 0 else []
    data = about | {"fields": fields, "entry": dict(firm.fields)}
    return Event(EventKind.CHANGE, f"source-{number}", f"Source {number}", "record", at, BEGAN, data, mentions)


def _store(store: Store, number: int, entries: Sequence[Entry], events: Sequence[Event]) -> None:
    name = f"source-{number}"
    state = store.source(name)
    differ = Differ(store.known(name), state.digest, "complete")
    for entry in entries:
        differ.see(entry)
    difference = differ.finish()
    at = BEGAN + timedelta(seconds=number)
    times = {"checked": at, "tried": at, "due": datetime.now(UTC) + timedelta(seconds=number)}
    after = replace(state, entries=difference.count, health=Health(Status.OK), **times)
    accepted = Acceptance(difference, (), "reading", "place")
    store.commit(name, lambda _: Commit(after, accepted, alerts=[(event, ()) for event in events]))


def main(folder: Path, sources: int, entries: int, changes: int) -> None:
    """Write a configuration and its state."""
    tables = (f'[sources.source-{number}]\nkind = "text"\nurl = "http://{number}.test/"\n' for number in range(sources))
    (folder / "watch.toml").write_text('[entities.sable]\nnames = ["Sable"]\n' + "".join(tables))
    with Store.open(load(folder / "watch.toml").state) as store:
        fill(store, sources, entries, changes)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
