"""A configuration that changes while sources are being read."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from state.store import Store
from tests.torture.desks import Register, register
from tests.torture.processes import Running, until
from tests.torture.rows import Fault

AT_ONCE = 4
ROWS = [{"name": "Telegram", "branch": "A", "seen": "1"}]


def faults() -> Iterator[Fault]:
    yield Fault("options edited during a check", "thrown away, checked anew, told 0", edited)
    yield Fault("a real change in a check that is thrown away", "lost 0, twice 0", edited_and_changed)
    yield Fault("source removed while it is being read", "thrown away, told 0, alive", removed)
    yield Fault("source renamed while it is being read", "state kept, lost 0, twice 0", renamed)
    yield Fault("source disabled while it is being read", "thrown away, told 0, alive", disabled)
    yield Fault("source paused while it is being read", "kept, at rest, lost 0, twice 0", paused)
    yield Fault("a bad file, then a change", "said so, lost 0, twice 0", bad_file)
    yield Fault("the file is gone, then a change", "said so, lost 0, twice 0", no_file)
    yield Fault("another state, then a change", "said so, lost 0, twice 0", other_state)
    yield Fault("50 HUPs in a second, and a change", "lost 0, twice 0", many)
    yield Fault("a channel is exchanged while a send hangs", "one dead, one sent, alive", channel_exchanged)


class Slow:
    """A page that waits until it may go."""

    def __init__(self, case: Register) -> None:
        self.case, self.rows, self.go = case, ROWS, threading.Event()
        self.waiting = 0
        case.site.page("/list", self.answer)

    def answer(self, _asked: Any) -> Any:
        rows = self.rows
        self.waiting += 1
        self.go.wait(20)
        return rows

    def hold(self) -> None:
        """From now on answers wait; returns when one does."""
        self.waiting = 0
        self.go.clear()
        until(lambda: self.waiting)


@contextmanager
def reading(**texts: str) -> Iterator[tuple[Register, Slow, Running]]:
    """A daemon in the middle of a check."""
    with register(**texts) as case:
        slow = Slow(case)
        slow.go.set()
        case.program.once()
        daemon = case.program.start()
        until(lambda: case.site.paths.count("/list") > 3)
        slow.hold()
        try:
            yield case, slow, daemon
        finally:
            slow.go.set()


def reload(case: Register, daemon: Running, says: str = "was read again") -> None:
    before = daemon.err().count(says)
    daemon.signal(signal.SIGHUP)
    until(lambda: daemon.err().count(says) > before, why=f"no {says!r} in {daemon.err()[-300:]}")


def more_checks(case: Register, number: int = 3) -> None:
    asked = case.site.paths.count("/list")
    until(lambda: case.site.paths.count("/list") >= asked + number)


def edited() -> str:
    with reading() as (case, slow, daemon):
        case.configure(source='ignore = ["seen"]')
        reload(case, daemon)
        slow.go.set()
        more_checks(case)
        thrown = "thrown away" if "which is thrown away" in daemon.err() else "kept"
        again = "checked anew" if "re-read, as its options or its reader changed" in daemon.err() else "not read anew"
        return f"{thrown}, {again}, told {len(case.told())}"


def edited_and_changed() -> str:
    with reading() as (case, slow, daemon):
        slow.rows = [{"name": "Telegram", "branch": "B", "seen": "2"}]
        case.configure(source='ignore = ["seen"]')
        reload(case, daemon)
        slow.go.set()
        until(case.told)
        more_checks(case)
        return case.count(1)


def gone(case: Register, slow: Slow, daemon: Running, old: str, new: str) -> str:
    text = (case.program.folder / "watch.toml").read_text()
    case.program.configure(text.replace(old, new))
    slow.rows = [{"name": "Telegram", "branch": "B"}]
    reload(case, daemon)
    asked = case.site.paths.count("/list")
    slow.go.set()
    time.sleep(0.7)
    thrown = "thrown away" if "which is thrown away" in daemon.err() else "kept"
    still = "asked again, " if case.site.paths.count("/list") > asked else ""
    return f"{thrown}, {still}told {len(case.told())}, {'alive' if daemon.alive else 'dead'}"


def removed() -> str:
    with reading() as (case, slow, daemon):
        text = (case.program.folder / "watch.toml").read_text()
        source = text[text.index("[sources.list]") : text.index("[channels.desk]")]
        return gone(case, slow, daemon, source, "")


def disabled() -> str:
    with reading() as (case, slow, daemon):
        return gone(case, slow, daemon, "[sources.list]", "[sources.list]\nenabled = false")


def paused() -> str:
    with reading() as (case, slow, daemon), Store.open(case.program.place.url) as store:
        store.objects.pause("list", None, "anna", datetime.now(UTC))
        until(lambda: "was read again" in daemon.err())
        asked, slow.rows = case.site.paths.count("/list"), [{"name": "Telegram", "branch": "B"}]
        slow.go.set()
        time.sleep(0.7)
        thrown = "thrown away" if "which is thrown away" in daemon.err() else "kept"
        rest = "at rest" if case.site.paths.count("/list") == asked else "asked again"
        store.objects.resume("list", "anna", datetime.now(UTC))
        until(case.told)
        more_checks(case)
        return f"{thrown}, {rest}, {case.count(1)}"


def renamed() -> str:
    with reading() as (case, slow, daemon):
        text = (case.program.folder / "watch.toml").read_text()
        case.program.configure(text.replace("[sources.list]", '[sources.new]\nwas = ["list"]'))
        slow.rows = [{"name": "Telegram", "branch": "B"}]
        reload(case, daemon)
        slow.go.set()
        until(case.told)
        more_checks(case)
        names = case.program.ask("SELECT max(name) FROM sources WHERE (SELECT count(*) FROM sources) = 1")
        baselines = case.program.ask("SELECT count(*) FROM events WHERE kind = 'baseline'")
        kept = "state kept" if (names, baselines) == ("new", 1) else f"{names} {baselines}"
        return f"{kept}, {case.count(1)}"


def refused(**texts: str) -> str:
    """A configuration that cannot be taken over; the old one goes on."""
    with register() as case:
        case.program.once()
        daemon = case.program.start()
        more_checks(case)
        case.configure(**texts)
        if not texts:
            (case.program.folder / "watch.toml").unlink()
        reload(case, daemon, "the configuration is not taken over")
        case.show("B")
        until(lambda: any(told.is_change for told in case.told()))  # beside the refused configuration
        more_checks(case)
        return f"said so, {case.count(1)}"


def bad_file() -> str:
    return refused(top="[nonsense")


def no_file() -> str:
    return refused()


def other_state() -> str:
    return refused(state="sqlite:///other.db")


def many() -> str:
    with register() as case:
        case.program.once()
        daemon = case.program.start()
        more_checks(case)
        for number in range(50):
            if number == 25:
                case.show("B")
            daemon.signal(signal.SIGHUP)
            time.sleep(0.02)
        until(case.told)
        more_checks(case)
        assert daemon.alive, daemon.err()[-300:]
        return case.count(1)


def channel_exchanged() -> str:
    with register() as case:
        case.program.once()
        hanging = threading.Event()
        case.site.raw("/hook", lambda connection: hanging.wait(20) and connection.close())
        daemon = case.program.start()
        case.show("B")
        until(lambda: "/hook" in case.site.paths[-20:] and len(case.told()) == 1)
        text = (case.program.folder / "watch.toml").read_text()
        case.site.page("/news")
        text = text.replace("[channels.desk]", "[channels.news]").replace("/hook", "/news").replace('"desk"', '"news"')
        case.program.configure(text)
        reload(case, daemon)
        case.show("C")
        hanging.set()
        until(lambda: any(told.is_change for told in case.told("/news")), 30)
        until(lambda: case.program.ask("SELECT count(*) FROM deliveries WHERE state = 'dead'"), 30)
        dead = case.program.ask("SELECT count(*) FROM deliveries WHERE state = 'dead' AND channel = 'desk'")
        changes = [told for told in case.told("/news") if told.is_change]
        number = {1: "one"}
        alive = "alive" if daemon.alive else "dead"
        return f"{number.get(dead, dead)} dead, {number.get(len(changes), len(changes))} sent, {alive}"
