"""What each page of the desk takes over a large state: processor time of the server, by its own clock."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from tests.bench.desk.served import TOKEN, Server, Times, desk, signed_in, wait_for_index
from tests.bench.measure import run, said
from tests.bench.site import ROOT
from tests.bench.tables import table

PAGE, SEARCH, UNCHANGED = "page", "search", "304"  # what has a limit of its own
MOST = {PAGE: 60, SEARCH: 500, UNCHANGED: 3}  # ms
SORTS = tuple(MOST)
FEED = "/feeds/changes.atom"
HEADS = ("", "CPU ms", "95 %", "at most", "kB")

PAGES = (
    "/",
    "/changes",
    "/changes?source=source-1",
    "/changes?entity=sable",
    "/changes/{number}",
    "/entries",
    "/entries/{number}",
    "/cases",
    "/cases/sable",
    "/sources",
    "/sources/source-1",
    "/deliveries",
    "/evidence",
    "/add",
)
WORDS = ("ltd", "ltd licence", "abc", "ltd абв", "nothing like it", "ltd&source=source-1", "ltd&present=1", "a b c")
ENTRIES = "/api/v1/sources/source-1/entries"
FOR_MACHINES = ("/api/v1/changes", "/api/v1/sources", ENTRIES, "/api/v1/changes/{number}", "/metrics")
NUMBER = 77  # of a change, and of an entry


class Size(NamedTuple):
    """The sources of a state; and its entries and changes in all."""

    sources: int
    entries: int
    changes: int

    def __str__(self) -> str:
        return f"{self.sources:,} sources, {self.entries:,} entries, {self.changes:,} changes"


class Look(NamedTuple):
    """What was looked at: of which sort it is, what it took."""

    sort: str
    what: str
    times: Times


class Measured(NamedTuple):
    """All looks; MB that the server had in use at the most; and what its index took."""

    looks: list[Look]
    memory: float
    index: str

    def late(self, sort: str) -> float:
        """The largest 95th of a hundred, of the looks of a sort: ms."""
        return max(look.times.late for look in self.looks if look.sort == sort)

    def table(self) -> str:
        """The looks as Markdown."""
        return table(HEADS, [_row(look) for look in self.looks])


def _row(look: Look) -> list[str]:
    middle, late, size = look.times
    return [look.what, f"{middle:.1f}", f"{late:.1f}", str(MOST[look.sort]), f"{size / 1_000:.0f}"]


def measured(program: Path, folder: Path, size: Size, times: int) -> Measured:
    """Fill a state in a folder, serve it, and ask for each page so many times. Raises RunFailedError."""
    state, own = folder / "state", folder / "own"
    for each in (state, own):
        each.mkdir()
    run([sys.executable, "-m", "tests.bench.desk.state", str(state), *map(str, size)], state, {"PYTHONPATH": str(ROOT)})
    run([str(program), "feed", "--renew", "changes"], state)
    key = re.findall(r"\?key=(\S+)", said(state))[0]
    with desk(program, own, state / "watch.toml") as server:
        began = server.cpu()
        index = wait_for_index(own, size.sources)
        told = f"{server.cpu() - began:.0f} s of processor time, {index.stat().st_size / 1e6:.0f} MB"
        looks = list(_looks(server, times, min(NUMBER, size.changes), f"{FEED}?key={key}"))
        return Measured(looks, server.highest(), told)


def _looks(server: Server, times: int, number: int, feed: str) -> Iterator[Look]:
    with server.browser(signed_in(server)) as person:
        for path in PAGES:
            address = path.format(number=number)
            yield Look(PAGE, address, server.measured(person, address, times))
        for words in WORDS:
            yield _search(server, person.headers, f"/entries?find={words}", times)
    with server.browser() as reader:
        yield Look(PAGE, FEED, server.measured(reader, feed, times))
        reader.headers["If-None-Match"] = reader.get(feed).headers["etag"]
        yield Look(UNCHANGED, f"{FEED}, 304", server.measured(reader, feed, times, status=304))
    program = {"Authorization": f"Bearer {TOKEN}"}
    with server.browser(program) as asking:
        for path in FOR_MACHINES:
            yield Look(PAGE, path.format(number=number), server.measured(asking, path.format(number=number), times))
        health = server.measured(asking, "/healthz", times, status=503)
        yield Look(PAGE, "/healthz, 503", health)  # as no daemon is there
    yield _search(server, program, f"{ENTRIES}?find=ltd", times)


def _search(server: Server, headers: Mapping[str, str], path: str, times: int) -> Look:
    with server.browser(headers) as browser:
        return Look(SEARCH, path, server.measured(browser, _quoted(path), times))


def _quoted(path: str) -> str:
    """An address of ours as it is sent."""
    return quote(path, safe="/?&=")
