"""What the desk's pages cost over a large state: `python -m tests.bench.desk [SOURCES ENTRIES CHANGES]`.

Each page is asked in this process, so what is measured is the server with a client that is a part of it.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sources import Entry
from state.compare.diff import Differ
from state.model import Acceptance, Commit, Event, EventKind, Health, Mention, Status
from state.store import Store
from tests.bench.tables import table
from watcher.config.load import load
from watcher.web.app import create_app
from watcher.web.desk import Desk
from watcher.web.search.follower import Follower
from watcher.web.search.index import EntryIndex

SIZES = (1_000, 1_000_000, 100_000)
TIMES = 40  # that each page is asked
MOST_PAGE, MOST_SEARCH = 60, 500  # ms
TOKEN = "0123456789abcdef"
BEGAN = datetime.now(UTC) - timedelta(days=1)
LETTERS = "abcdefghiklmnoprstuvyz", "абвгдежзиклмнопрстуфхцчшюя"

PAGES = (
    "/",
    "/changes",
    "/changes?source=source-7",
    "/changes?entity=sable",
    "/changes/77",
    "/entries",
    "/entries/77",
    "/cases",
    "/cases/sable",
    "/sources",
    "/sources/source-7",
    "/deliveries",
    "/evidence",
    "/add",
)
SEARCHES = ("ltd", "ltd licence", "abc", "ltd абв", "nothing like it", "ltd&source=source-7", "ltd&present=1", "a b c")


def fill(store: Store, sources: int, entries: int, changes: int) -> None:
    """Put sources into a state, with so many entries and changes in all."""
    random, each, moved = Random(7), entries // sources, changes // sources
    words = [["".join(random.choices(letters, k=random.randint(4, 10))) for _ in range(20_000)] for letters in LETTERS]
    for number in range(sources):
        firms = [_firm(random, words, number, place) for place in range(each)]
        _check(store, number, firms, ())
        later = [replace_status(firm) if place < moved else firm for place, firm in enumerate(firms)]
        _check(store, number, later, [_event(number, place, firm) for place, firm in enumerate(later[:moved])])


def _firm(random: Random, words: Sequence[Sequence[str]], number: int, place: int) -> Entry:
    title = f"{' '.join(random.choices(words[0], k=2))} {random.choice(words[1])} Ltd"
    fields = {"status": "active", "licence": f"L-{number}-{place}", "address": " ".join(random.choices(words[0], k=5))}
    return Entry(key=f"{number}-{place}", title=title, fields=fields)


def replace_status(firm: Entry) -> Entry:
    """The entry with a licence that was revoked."""
    return Entry(key=firm.key, title=firm.title, fields={**firm.fields, "status": "revoked"})


def _event(number: int, place: int, firm: Entry) -> Event:
    at = BEGAN + timedelta(seconds=number + place)
    about = {"change": "changed", "key": firm.key, "title": firm.title, "url": None, "published": None}
    fields = {"status": {"before": "active", "after": "revoked"}}
    mentions = [Mention("sable", "Sable", "Sable", "title")] if place % 20 == 0 else []
    data = about | {"fields": fields, "entry": dict(firm.fields)}
    return Event(EventKind.CHANGE, f"source-{number}", f"Source {number}", "record", at, BEGAN, data, mentions)


def _check(store: Store, number: int, entries: Sequence[Entry], events: Sequence[Event]) -> None:
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


def measured(browser: object, address: str) -> tuple[float, float, int]:
    """The median and the 95th percentile of a page's processor time in ms, and its size in bytes."""
    times, size = list[float](), 0
    for _ in range(TIMES):
        began = time.process_time()
        answer = browser.get(address)  # type: ignore[attr-defined]
        times.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
        size = len(answer.content)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95) - 1], size


def rows(desk: Desk) -> Iterator[tuple[list[str], bool]]:
    """The lines of the table, and whether each is within its limit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    browser = TestClient(create_app(desk), "http://127.0.0.1:8350", follow_redirects=False)
    browser.get(f"/sign-in?token={TOKEN}")
    for address in (*PAGES, *(f"/entries?find={search}" for search in SEARCHES)):
        most = MOST_SEARCH if "find=" in address else MOST_PAGE
        middle, late, size = measured(browser, address)
        yield [address, f"{middle:.1f}", f"{late:.1f}", str(most), f"{size / 1000:.0f}"], late <= most


def main(sizes: Sequence[int]) -> int:
    """Print the table: 0, or 1 when a page took longer than it may."""
    sources, entries, changes = sizes
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tables = (
            f'[sources.source-{number}]\nkind = "text"\nurl = "http://{number}.test/"\n' for number in range(sources)
        )
        (folder / "watch.toml").write_text('[entities.sable]\nnames = ["Sable"]\n' + "".join(tables))
        config = load(folder / "watch.toml")
        with Store.open(config.state) as store:
            fill(store, sources, entries, changes)
            desk = Desk(config, store, TOKEN, search=Follower(store, EntryIndex(folder / "search.db")))
            began, clock = time.process_time(), time.monotonic()
            assert desk.search is not None
            desk.search.catch_up()
            spent, taken = time.process_time() - began, time.monotonic() - clock
            size = (folder / "search.db").stat().st_size / 1e6
            gc.collect()
            gc.freeze()  # as the server does
            found = list(rows(desk))
            desk.search.close()
    print(f"{sources:,} sources, {entries:,} entries, {changes:,} changes. The index: {spent:.0f} s of processor time")
    print(f"in {taken:.0f} s, {size:.0f} MB.\n")
    print(table(("", "CPU ms", "95 %", "at most", "kB"), [row for row, _ in found]))
    return 0 if all(within for _, within in found) else 1


if __name__ == "__main__":
    sys.exit(main([int(each) for each in sys.argv[1:]] or SIZES))
