"""One entry, one page, one source that once stopped the rest, and what becomes of those beside it in the daemon."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from state.store import Store
from tests.postgres import NOBODY
from tests.torture.databases import place_in
from tests.torture.desks import Register, register, tally
from tests.torture.measure import resident
from tests.torture.processes import Running, until
from tests.torture.program import HEAD, check
from tests.torture.rows import Fault
from tests.torture.wire import Fault as WireFault
from tests.torture.wire import FaultServer, Wire
from watcher.config.load import load

AT_ONCE = 4
WELL = "lost 0, twice 0"
SOURCE = '[sources.{name}]\nkind = "{kind}"\nurl = "{url}"\nevery = "200ms"\n{options}\n'
DATES = (
    ("9999-12-31T23:30:00Z", "Pacific/Kiritimati"),
    ("Fri, 31 Dec 9999 23:30:00 +0000", "Asia/Tokyo"),
    ("0001-01-01T00:30:00Z", "Pacific/Pago_Pago"),
)
HIDDEN = {"U+E0061": "\U000e0061", "U+3164": "\u3164", "U+115F": "\u115f", "U+E0100": "\U000e0100"}
QUICK = 10.0  # seconds from a change to the desk
LINES = 60  # characters of each line of a long text
ROOM = 10  # MB by which ten checks may grow the process


def faults() -> Iterator[Fault]:
    for date, zone in DATES:
        yield Fault(f"a feed's date {date}, {zone}", f"it is told, status ok; {WELL}", partial(dated, date, zone))
    for size in (56, 430):
        expected = f"told in < {QUICK:.0f} s; {WELL}"
        yield Fault(f"a text of {size} kB, every line changed", expected, partial(rewritten, size * 1000))
    for name, point in HIDDEN.items():
        yield Fault(f"a name with {name} in it", f"found; {WELL}", partial(hidden, point))
    yield Fault("a rolling list: one deleted, two change places", "removed d", partial(rolling, "gfedcba", "gecfba"))
    yield Fault(
        "a rolling list: one deleted, one new, two change places",
        "added h, removed d",
        partial(rolling, "gfedcba", "hfgecba"),
    )
    yield Fault(
        "a rolling list: its newest not in a stale copy",
        "told nothing",
        partial(rolling, "gfedcba", "fedcba", "gfedcba"),
    )
    yield Fault("a source in two faults by turns", f"1 alert, 1 when well; {WELL}", partial(alternating, "fdfdfdfdf"))
    fails = partial(alternating, "fffdfffdfffd")
    yield Fault("a source that fails, is doubted, fails", f"2 alerts, 1 when well; {WELL}", fails)
    yield Fault("10 checks of a page that links to a host of 1 MB", f"bad_url, within {ROOM} MB", far_host)
    if os.geteuid() == 0:
        files = "a server's lock is no file"
        yield Fault(
            "root: the lock is a link", "exit 1, it is a link, target untouched", lock_is_link, only_files=files
        )
        named = "exit 1, it has another name, target untouched"
        yield Fault("root: the lock is another's file", named, lock_is_hard_link, only_files=files)
        yield Fault("root: an evidence file is a link", "not followed, target untouched", evidence_is_link)


@contextmanager
def beside(kind: str, options: str = "", **texts: str) -> Iterator[Register]:
    """A register that is watched beside another source, `odd`, whose page is at /odd."""
    with register(**texts) as case:
        case.configure(more=SOURCE.format(name="odd", kind=kind, url=case.site.url("/odd"), options=options))
        yield case


def both_told(case: Register, daemon: Running, odd: str) -> float:
    """Wait until the desk knows of the odd source, by a title with `odd` in it, and then of a change of the register,
    so that they are two messages. Returns the seconds until it knew of the first.
    """
    began = time.monotonic()
    until(lambda: any(odd in told.title for told in case.told()), 60, f"nothing of {odd}")
    took = time.monotonic() - began
    case.show("B")
    until(lambda: any("(list)" in told.title for told in case.told()), 20, "nothing of the register")
    daemon.signal(signal.SIGTERM)
    assert daemon.wait().code == 0
    return took


def register_told(case: Register) -> str:
    return tally([told for told in case.told() if "(list)" in told.title], 1)


def statuses(case: Register) -> str:
    found = {source["status"] for source in case.program.run("status", "--json").json["sources"]}
    return "/".join(sorted(found))


# ---- one entry


def feed(dates: Sequence[str]) -> str:
    items = (
        f"<item><guid>{at}</guid><title>item {at}</title><pubDate>{date}</pubDate></item>"
        for at, date in enumerate(dates)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{"".join(items)}</channel></rss>'


def dated(date: str, zone: str) -> str:
    """Such a date in the baseline, and in an item that is new."""
    with beside("feed", top=f'timezone = "{zone}"') as case:
        case.site.page("/odd", feed([date]), type="application/rss+xml")
        assert case.program.once().code == 0
        daemon = case.program.start()
        case.site.page("/odd", feed([date, date]), type="application/rss+xml")
        both_told(case, daemon, "item 1")
        return f"it is told, status {statuses(case)}; {register_told(case)}"


def rewritten(size: int) -> str:
    def text(version: str) -> str:
        return "".join(f"{number} {version} ".ljust(LINES - 1, "x") + "\n" for number in range(size // LINES))

    with beside("text") as case:
        case.site.page("/odd", text("one"), type="text/plain")
        assert case.program.once().code == 0
        daemon = case.program.start()
        case.site.page("/odd", text("two"), type="text/plain")
        took = both_told(case, daemon, "(odd)")
        return f"told in {f'< {QUICK:.0f}' if took < QUICK else f'{took:.0f}'} s; {register_told(case)}"


def hidden(point: str) -> str:
    with beside("json", 'items = "@"\nkey = "id"') as case:
        more = case.texts["more"] + '[entities.whatsapp]\nnames = ["WhatsApp"]\n'
        case.configure(more=more)
        case.site.page("/odd", [{"id": 1, "title": "none"}])
        assert case.program.once().code == 0
        daemon = case.program.start()
        case.site.page("/odd", [{"id": 1, "title": "none"}, {"id": 2, "title": f"Whats{point}App is named"}])
        both_told(case, daemon, "(odd)")
        mentions = case.program.ask("SELECT count(*) FROM mentions WHERE entity = 'whatsapp'")
        return f"{'found' if mentions else 'not found'}; {register_told(case)}"


# ---- one source


def rolling(*lists: str) -> str:
    """A rolling list, check after check; what was told of it."""
    with beside("json", 'items = "@"\nkey = "id"\nlisting = "window"') as case:
        told = []
        for keys in lists:
            case.site.page("/odd", [{"id": key} for key in keys])
            ran = case.program.once().json
            (odd,) = [source for source in ran["sources"] if source["name"] == "odd"]
            told += [f"{change['change']} {change['key']}" for change in odd["changes"]]
        return ", ".join(sorted(told)) or "told nothing"


def alternating(checks: str) -> str:
    """`f` is a check that fails, by one fault or another, and `d` one that is doubted."""
    with beside("json", 'items = "@"\nkey = "id"') as case:
        case.site.page("/odd", [{"id": 1}])
        case.program.once()
        for number, kind in enumerate(checks):
            body = [] if kind == "d" else "<html>no JSON"
            case.site.page("/odd", body, status=500 if kind == "f" and number % 4 else 200)
            case.program.once()
        alerts = ops(case)
        case.site.page("/odd", [{"id": 1}])
        case.program.once()
        well = ops(case) - alerts
        case.show("B")
        case.program.once()
        return f"{alerts} alert{'s' if alerts != 1 else ''}, {well} when well; {register_told(case)}"


def ops(case: Register) -> int:
    """How many health alerts were sent."""
    return int(case.program.ask("SELECT count(*) FROM events WHERE kind = 'health'"))


def far_host() -> str:
    """In this process, as its memory is looked at."""
    link = f"<a href='http://{'x' * 1_000_000}/'>next</a>"
    page = f"<!doctype html><html><body><table><tr><th>A<tr><td>1</table>{link}</body></html>".encode()
    far = WireFault("far", partial(_serve, page), "")
    with TemporaryDirectory() as name, FaultServer([far], Path(name)) as server:
        folder = Path(name)
        text = f'{HEAD}[sources.far]\nkind = "table"\nkey = "A"\nnext = "a"\nurl = "{server.url(far)}"\n'
        (folder / "watch.toml").write_text(text)
        config = load(folder / "watch.toml")
        with place_in(folder) as place, Store.open(place.url) as store:
            codes = {check(store, config, ["far"]).seen["far"] for _ in range(3)}
            before = resident()
            codes |= {check(store, config, ["far"]).seen["far"] for _ in range(10)}
            grown = resident() - before
        return f"{', '.join(codes)}, {f'within {ROOM}' if grown <= ROOM else f'{grown:.0f}'} MB"


def _serve(page: bytes, wire: Wire) -> None:
    wire.page(page)


# ---- root in a service's folder


@contextmanager
def served() -> Iterator[tuple[Register, Path]]:
    """A folder that belongs to a service's user, and a file of root's elsewhere that he would like to have."""
    with register(top="[evidence]") as case, TemporaryDirectory() as name:
        assert case.program.once().code == 0
        for path in (case.program.folder, *case.program.folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        target = Path(name) / "shadow"
        target.write_text("root's")
        target.chmod(0o600)
        yield case, target


def touched(target: Path) -> str:
    untouched = (target.stat().st_uid, target.read_text()) == (0, "root's")
    return "target untouched" if untouched else "target touched"


def lock_is_link() -> str:
    with served() as (case, target):
        return with_lock(case, target, "it is a link", lambda lock: lock.symlink_to(target))


def lock_is_hard_link() -> str:
    with served() as (case, target):
        return with_lock(case, target, "it has another name", lambda lock: lock.hardlink_to(target))


def with_lock(case: Register, target: Path, words: str, make: Any) -> str:
    lock = next(case.program.folder.glob("*.lock"))
    lock.unlink()
    make(lock)
    case.show("B")
    ran = case.program.once()
    assert "Traceback" not in ran.err
    said = words if words in ran.err + ran.out else f"{ran.err[-300:]}"
    return f"exit {ran.code}, {said}, {touched(target)}"


def evidence_is_link() -> str:
    with served() as (case, target):
        (file,) = (case.program.folder / "evidence").glob("*.warc.gz")
        file.unlink()
        file.symlink_to(target)
        case.show("B")
        ran = case.program.once()
        assert "Traceback" not in ran.err
        said = "not followed" if "evidence" in ran.err else f"said nothing: {ran.err[-200:]}"
        return f"{said}, {touched(target)}"
