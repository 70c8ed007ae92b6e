"""Plays histories of changes through the daemon: a site on loopback, SQLite, and a clock that moves while nothing is
under way. Then the same histories against the schedule alone (fleet.py), which foretells the delays.

    python -m tests.traces.played FOLDER [--sources 20] [--weeks 1] [--every 900] [--budget 1.5]

FOLDER has a MANIFEST.tsv with a column `name`, and for each name a file NAME.tsv: the times of its changes, in seconds
since 1970, one a line. Of each history its last weeks are played, moved to the same Mondays.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import urlsplit

from state.store import Store
from tests.traces.fleet import Fleet
from watcher.config.load import load
from watcher.schedule import pacemaker
from watcher.service import timetable
from watcher.service.daemon import Daemon
from watcher.service.heartbeat import Heartbeat
from watcher.service.presence import Presence
from watcher.service.timetable import OwnTimetable

WEEK = 7 * 86400.0
MONDAY = 4 * 86400.0 + 2800 * WEEK
LAST = 60  # entries that a page shows

Histories = Mapping[str, Sequence[float]]  # when each source changes


class Played(NamedTuple):
    """The delays of the changes in seconds, and the number of requests."""

    delays: list[float]
    requests: int

    @property
    def mean(self) -> float:
        return sum(self.delays) / len(self.delays)

    @property
    def late(self) -> float:
        """The delay that 95 % of the changes do not exceed."""
        return sorted(self.delays)[int(0.95 * len(self.delays))]


class MovedTimetable(OwnTimetable):
    """The daemon's own schedule. While nothing is under way, its clock is put forward to the next check."""

    batch_wait = 0.0

    def __init__(self, store: Store, end: float) -> None:
        super().__init__(store, self.clock)
        self.seconds, self._end = MONDAY, end
        self.daemon: Daemon

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds

    def next_wake(self, longest: float) -> float:
        cycle: Any = self.daemon._cycle
        if len(cycle) or (cycle._booking and not cycle._booking.done()):
            return 0.005
        if self._due and self._due[0][0] < self._end:
            self.seconds = max(self.seconds, self._due[0][0])
        else:
            self.daemon.stop()
        return 0.0


class Register:
    """The site: each source is a page with the numbers of its last changes. It counts who asks, and when."""

    def __init__(self, site: Any, histories: Histories) -> None:
        self._site, self._histories, self.seconds = site, histories, MONDAY
        self.asked: dict[str, list[float]] = {name: [] for name in histories}
        self.clock: Any = None
        for name in histories:
            site.page(f"/{name}", self._page)

    def _page(self, asked: Any) -> Any:
        name = urlsplit(asked.path).path[1:]
        now = self.clock()
        self.asked[name].append(now)
        number = bisect_right(self._histories[name], now)
        etag = f'"{number}"'
        if asked.headers.get("if-none-match") == etag:
            return self._site.Reply(status=304, headers={"ETag": etag})
        body = [{"n": f"{each}"} for each in range(max(0, number - LAST), number + 1)]
        return self._site.Reply(json.dumps(body), headers={"ETag": etag}, type="application/json")

    def played(self) -> Played:
        return played_by(self._histories, self.asked)


def played_by(histories: Histories, checks: Mapping[str, Sequence[float]]) -> Played:
    """The delay of each change: until the first check after it."""
    delays = list[float]()
    for name, changes in histories.items():
        times, first = checks[name], checks[name][0]
        waits = ((bisect_right(times, at), at) for at in changes if at >= first)
        delays += [times[place] - at for place, at in waits if place < len(times)]
    return Played(delays, sum(map(len, checks.values())))


def by_the_daemon(site: Any, histories: Histories, folder: Path, every: float, budget: float, end: float) -> Played:
    """The histories, watched by a daemon."""
    register = Register(site, histories)
    config = load(written(folder, site, histories, every, budget))
    with Store.open(config.state) as store:
        schedule = MovedTimetable(store, end)
        register.clock = schedule.monotonic
        moved: Any = SimpleNamespace(monotonic=schedule.monotonic)
        with patch.object(timetable, "time", moved), patch.object(pacemaker, "time", moved):
            clock = schedule.clock
            daemon = Daemon(config, store, schedule, Presence(None, clock), Heartbeat(config, store, clock), clock)
            schedule.daemon = daemon
            daemon.run()
    return register.played()


def written(folder: Path, site: Any, histories: Histories, every: float, budget: float) -> Path:
    """The configuration."""
    head = (
        f'[http]\nprivate_addresses = "allow"\nspacing = "0s"\nper_host = 8\n'
        f'[schedule]\nbudget = "{budget}x"\nfastest = "{max(60.0, every * 2 / 9):.0f}s"\n'
    )
    form = 'kind = "json"\nitems = "@"\nkey = "n"\nlisting = "window"\nauthority = "report"'
    sources = [
        f'[sources."{name}"]\n{form}\nurl = "{site.url(f"/{name}")}"\nevery = "{every:.0f}s"\n' for name in histories
    ]
    file = folder / "watch.toml"
    file.write_text("\n".join([head, *sources]), encoding="utf-8")
    return file


def foretold(histories: Histories, every: float, budget: float, end: float) -> Played:
    """The histories, watched by the schedule alone."""
    names, fastest = list(histories), max(60.0, every * 2 / 9)
    fleet = Fleet(names, [MONDAY] * len(names), every, fastest, every, budget)
    checks = {name: [MONDAY] for name in names}
    dues = {at: fleet.due(at) for at in range(len(names))}
    while (k := min(dues, key=dues.__getitem__)) is not None and (now := dues[k]) < end:
        changes, before = histories[names[k]], checks[names[k]][-1]
        fleet.checked(k, now, bisect_right(changes, now) > bisect_right(changes, before))
        checks[names[k]].append(now)
        dues[k] = fleet.due(k)
    return played_by(histories, checks)


def histories_in(folder: Path, most: int, weeks: float) -> dict[str, list[float]]:
    """The last weeks of the histories that change most often then, moved to the same Mondays."""
    found = dict[str, list[float]]()
    for row in csv.DictReader((folder / "MANIFEST.tsv").open(), delimiter="\t"):
        times = sorted(float(line.split()[0]) for line in (folder / f"{row['name']}.tsv").open() if line.strip())
        last = (times[-1] - MONDAY) // WEEK * WEEK + MONDAY  # the last whole weeks end here
        chance = random.Random(row["name"])
        moved = [at - last + weeks * WEEK + MONDAY + chance.random() for at in times if last - weeks * WEEK < at < last]
        found[row["name"]] = sorted(moved)
    return dict(sorted(found.items(), key=lambda each: -len(each[1]))[:most])


@contextmanager
def a_site() -> Iterator[Any]:
    from tests.conftest import Site

    site = Site()
    try:
        yield site
    finally:
        site._server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--weeks", type=float, default=1.0)
    parser.add_argument("--every", type=float, default=900.0)
    parser.add_argument("--budget", type=float, default=1.5)
    asked = parser.parse_args()
    histories = histories_in(asked.folder, asked.sources, asked.weeks)
    end = MONDAY + asked.weeks * WEEK
    usual = len(histories) * asked.weeks * WEEK / asked.every
    print(f"{len(histories)} sources, {sum(map(len, histories.values()))} changes in {timedelta(seconds=end - MONDAY)}")
    with a_site() as site, tempfile.TemporaryDirectory() as folder:
        real = by_the_daemon(site, histories, Path(folder), asked.every, asked.budget, end)
    for name, each in (("daemon", real), ("foretold", foretold(histories, asked.every, asked.budget, end))):
        print(
            f"{name}: {each.requests} requests, {each.requests / usual:.2f} of fixed intervals; "
            f"mean delay {each.mean:.1f} s, 95 % {each.late:.1f} s"
        )


if __name__ == "__main__":
    main()
