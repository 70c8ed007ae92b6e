"""Killed at every point on the way from the source to the desk, and told to end there.

Of each run the first makes the baseline, the second meets its end, the third must put everything right.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from tests.torture.desks import Register, register
from tests.torture.processes import until
from tests.torture.rows import Fault

AT_ONCE = 4
POINTS = ("after_fetch", "after_read", "before_commit", "after_commit", "before_send", "after_send", "after_mark")
WELL = "lost 0, twice 0"
MASS = "12001 entries, 12001 changes, lost 0, twice 0"
AGAIN = "lost 0, twice 1 with the same id"
DAEMON = ()
ONCE = ("--once",)


def faults() -> Iterator[Fault]:
    for way in ("webhook", "mail", "event"):
        for point in POINTS:
            at = point.replace("_", " ")
            killed = AGAIN if point == "after_send" else WELL
            yield Fault(f"SIGKILL {at}, {way}, --once", killed, partial(ended, way, point, "KILL", ONCE))
            yield Fault(f"SIGKILL {at}, {way}, daemon", killed, partial(ended, way, point, "KILL", DAEMON))
            yield Fault(f"SIGTERM {at}, {way}, --once", WELL, partial(ended, way, point, "TERM", ONCE))
            yield Fault(f"SIGTERM {at}, {way}, daemon", WELL, partial(ended, way, point, "TERM", DAEMON))
            if way == "webhook":
                yield Fault(f"SIGKILL {at}, a detail changed", killed, partial(ended_with_details, point))
        for kind in ("KILL", "TERM"):
            yield Fault(f"SIG{kind} during migration, {way}", WELL, partial(ended_while_migrating, way, kind))
            yield Fault(f"SIG{kind} during HUP, {way}", WELL, partial(ended_while_reloading, way, kind))
    for point in ("staged", "before_commit", "after_commit"):
        for kind, argv in (("KILL", ONCE), ("KILL", DAEMON), ("TERM", DAEMON)):
            what = f"SIG{kind} {point.replace('_', ' ')}, 12,000 new rows, {'--once' if argv else 'daemon'}"
            yield Fault(what, MASS, partial(ended_while_staging, point, kind, argv))
    yield Fault("A-B-A-B-A", "4 changes, lost 0, twice 0", to_and_fro)
    yield Fault(
        "A-B-A-B-A, killed after each commit", "4 changes, lost 0, twice 0", partial(to_and_fro, "after_commit")
    )


def ended(way: str, point: str, kind: str, argv: tuple[str, ...]) -> str:
    with register(way) as case:
        assert case.program.once().code == 0
        case.show("B")
        ran = case.program.run(*argv, failpoint=f"{point}:{kind}")
        graceful = kind == "TERM" and argv == DAEMON
        assert ran.code == (0 if graceful else ran.code), f"the daemon ended with {ran.code}: {ran.err[-200:]}"
        assert kind == "TERM" or ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
        return aftermath(case)


def ended_with_details(point: str) -> str:
    """The list stays as it is; the page of its entry changes."""
    detail = 'detail = { kind = "json", link = "/detail/{key}", reread = "1ms", fields = { status = "status" } }'
    with register(source=detail) as case:
        case.site.page("/detail/Telegram", {"status": "Active"})
        assert case.program.once().code == 0
        case.site.page("/detail/Telegram", {"status": "Revoked"})
        ran = case.program.run(*ONCE, failpoint=f"{point}:KILL")
        assert ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
        return aftermath(case)


def ended_while_migrating(way: str, kind: str) -> str:
    with register(way, empty="yes") as case:
        ran = case.program.once(failpoint=f"during_migration:{kind}")
        assert ran.code == -signal.Signals[f"SIG{kind}"], f"it was not ended: {ran}"
        assert case.program.once().code == 0
        case.show("B")
        return aftermath(case)


def ended_while_reloading(way: str, kind: str) -> str:
    with register(way) as case:
        assert case.program.once().code == 0
        daemon = case.program.start(failpoint=f"during_reload:{kind}")
        asked = case.site.paths.count("/list")
        until(lambda: case.site.paths.count("/list") > asked + 1)
        case.configure(more='[entities.telegram]\nnames = ["Telegram"]')
        case.show("B")
        daemon.signal(signal.SIGHUP)
        assert daemon.wait().code == (0 if kind == "TERM" else -signal.SIGKILL)
        return aftermath(case)


def ended_while_staging(point: str, kind: str, argv: tuple[str, ...]) -> str:
    """A snapshot so large that it is written in parts."""
    with register(source="max_new = 20000") as case:
        assert case.program.once().code == 0
        case.show("B", **{f"Company {number}": "new" for number in range(12_000)})
        ran = case.program.run(*argv, failpoint=f"{point}:{kind}")
        assert kind == "TERM" or ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
        stored = case.program.ask("SELECT entries FROM sources"), case.program.changes()
        assert point == "after_commit" or kind == "TERM" or stored == (1, 0), f"some of it counts: {stored}"
        for _ in range(2):
            ran = case.program.once()
            assert ran.code == 0, f"exit {ran.code}: {ran.err[-300:]}"
        (source,) = ran.json["sources"]
        assert (source["status"], case.program.sound()) == ("unchanged", True), source["status"]
        of_them = "CAST(data AS TEXT) LIKE '%\"more\"%'"
        together = case.program.ask(f"SELECT count(*) FROM events WHERE kind = 'change' AND {of_them}")
        assert together == 1, f"{together} events tell of the rest"
        changes = case.program.changes() + 12_001 - 10_001  # which one event tells of
        return f"{source['entries']} entries, {changes} changes, {case.count(1)}"


def aftermath(case: Register) -> str:
    """Two undisturbed runs; then the change is told, and the state is whole."""
    for _ in range(2):
        ran = case.program.once()
        assert ran.code == 0, f"exit {ran.code}: {ran.err[-300:]} {ran.out}"
    assert (case.program.changes(), case.program.sound()) == (1, True)
    return case.count(1)


def to_and_fro(failpoint: str = "") -> str:
    with register() as case:
        case.program.once()
        for number, branch in enumerate("BABA"):
            case.show(branch, **{f"Company {other}": "new" for other in range(number + 1)})  # titles that differ
            case.program.once(failpoint=failpoint)
            case.program.once()
        case.program.shift(timedelta(hours=1, minutes=1))  # the fourth is held until the entry has settled
        case.program.once()
        shown = [told for told in case.told() if told.title.startswith("Telegram: ")]
        changed = case.program.ask(
            "SELECT count(*) FROM events WHERE CAST(data AS TEXT) LIKE '%\"key\":\"Telegram\"%' AND kind = 'change'"
        )
        lost, twice = 4 - len(shown), len(shown) - len({told.key for told in shown})
        return f"{changed} changes, lost {lost}, twice {twice}"
