"""Evidence: killed at each step of the write order, and disks without room.

After the next run the chain is whole, every change has its proof, and every record that the state names is there.
"""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import DBAPIError

from state.db.tables.core import EVENTS
from state.db.tables.evidence import CAPTURES, PROOFS
from state.store import Store
from tests.torture.desks import Register, register
from tests.torture.faults_kill import AGAIN, DAEMON, ONCE, WELL
from tests.torture.faults_machine import can_mount, fill, many, small_disk
from tests.torture.processes import until
from tests.torture.rows import Fault
from tests.warc import raw_records
from watcher.evidence.verification import of_state

AT_ONCE = 4
POINTS = (
    "after_fetch",
    "after_read",
    "evidence_opened",
    "evidence_half",
    "evidence_written",
    "evidence_synced",
    "before_commit",
    "after_commit",
    "before_send",
    "after_send",
)
WHOLE = "chain whole, all proven"


def faults() -> Iterator[Fault]:
    for point in POINTS:
        at, told = point.replace("_", " "), AGAIN if point == "after_send" else WELL
        for argv, way in ((ONCE, "--once"), (DAEMON, "daemon")):
            yield Fault(f"SIGKILL {at}, a change, {way}", f"{told}; {WHOLE}", partial(killed, point, argv))
        if point.startswith("evidence"):
            yield Fault(f"SIGKILL {at}, the first file", f"{WELL}; {WHOLE}", partial(killed_at_first, point))
            yield Fault(f"SIGTERM {at}, a change, daemon", f"{WELL}; {WHOLE}", partial(ended, point))
    yield Fault("killed in each of 4 checks, one after the other", f"1 tail at most; {WELL}; {WHOLE}", killed_again)
    yield Fault("SIGKILL between forgetting a file and removing it", f"it is gone; {WELL}; {WHOLE}", killed_forgetting)
    yield Fault("two --once at once, 6 changes", f"6 changes, {WELL}; {WHOLE}", two_at_once)
    yield Fault("two daemons at once, 6 changes", f"6 changes, {WELL}; {WHOLE}", two_daemons)
    yield Fault("stopped behind the append, --once beside it", f"{WELL}; {WHOLE}", stopped)
    yield Fault("verified all the while, 6 changes", f"never in doubt; {WELL}; {WHOLE}", verified_meanwhile)
    for name, statements, expected in CUT:
        how = partial(cut_off, *statements)
        yield Fault(f"the end cut off everywhere but in {name}", expected, how, only_files="it cuts in SQLite's file")
    for what in EDITED:
        how = partial(edited, f"UPDATE events SET {what} WHERE id = 2")
        yield Fault(f"edited in the log: {what}", "found: the log says", how, only_files="it edits SQLite's file")
    yield Fault(
        "200 bits flipped in rows of events, captures, proofs", "all found, or refused by the database", flipped
    )
    if can_mount():
        yield Fault("no room for evidence", f"told without a proof; {WELL}; chain whole, 1 unproven", no_room)
        yield Fault(
            "no room for the state behind the append",
            f"nothing stored; {WELL}; {WHOLE}",
            no_room_for_state,
            only_files="a server's disk is its own",
        )


EVIDENCE = "[evidence]"
LAST = "(SELECT max(id) FROM captures)"
NO_CAPTURE, NO_PROOF = f"DELETE FROM captures WHERE id = {LAST}", f"DELETE FROM proofs WHERE capture_id = {LAST}"
EDITED = (
    "at = replace(at, '20', '21')",
    "label = 'Other'",
    """data = replace(data, '"B"', '"Z"'), at = replace(at, '20', '21')""",
)
CUT = (
    ("the captures", (), "found: a capture has it"),
    ("a stamp", (NO_PROOF, NO_CAPTURE, "DELETE FROM messages"), "found: it was stamped"),
    ("an event's proof", (NO_CAPTURE,), "found: it had a proof"),
    ("a sent alert", (NO_PROOF, NO_CAPTURE, "DELETE FROM witness_answers"), "found: an alert said"),
)


def verdict(case: Register, unproven: int = 0) -> str:
    """What `watch verify` says, and whether each change has records that are there."""
    found = case.program.run("verify", "--json")
    proven = int(
        case.program.ask(
            "SELECT count(*) FROM events JOIN proofs ON event_id = events.id JOIN captures ON captures.id = capture_id"
            " JOIN chain ON number = last WHERE events.kind = 'change'"
        )
    )
    whole = "chain whole" if found.json["ok"] else f"chain broken: {found.json['problems']}"
    left = case.program.changes() - proven
    return f"{whole}, {f'{left} unproven' if left or unproven else 'all proven'}"


def aftermath(case: Register) -> str:
    for _ in range(2):
        ran = case.program.once()
        assert ran.code == 0, f"exit {ran.code}: {ran.err[-300:]} {ran.out[:600]}"
    assert (case.program.changes(), case.program.sound()) == (1, True)
    return f"{case.count(1)}; {verdict(case)}"


def killed(point: str, argv: tuple[str, ...]) -> str:
    with register(top=EVIDENCE) as case:
        assert case.program.once().code == 0
        case.show("B")
        ran = case.program.run(*argv, failpoint=f"{point}:KILL")
        assert ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
        return aftermath(case)


def killed_at_first(point: str) -> str:
    """The baseline's capture, which makes folder, file and chain."""
    with register(top=EVIDENCE) as case:
        ran = case.program.once(failpoint=f"{point}:KILL")
        assert ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
        assert case.program.once().code == 0
        case.show("B")
        return aftermath(case)


def ended(point: str) -> str:
    with register(top=EVIDENCE) as case:
        assert case.program.once().code == 0
        case.show("B")
        assert case.program.run(failpoint=f"{point}:TERM").code == 0
        return aftermath(case)


def killed_again() -> str:
    with register(top=EVIDENCE) as case:
        case.program.once()
        case.show("B")
        tails = 0
        for point in ("evidence_half", "evidence_synced", "evidence_written", "before_commit"):
            assert case.program.once(failpoint=f"{point}:KILL").code == -signal.SIGKILL
            problems = case.program.run("verify", "--json").json["problems"]
            tails = max(tails, len(problems))
            assert all("stand behind its last record" in each["message"] for each in problems), problems
        return f"{tails} tail at most; {aftermath(case)}"


def killed_forgetting() -> str:
    with register(top='[evidence]\nkeep = "2d"') as case:
        case.program.once()
        (old,) = (case.program.folder / "evidence").iterdir()
        case.program.shift(timedelta(days=9))
        case.show("B")
        assert case.program.once(failpoint="evidence_forgotten:KILL").code == -signal.SIGKILL
        assert old.exists(), "it was removed before it was forgotten"
        told = aftermath(case)
        return f"{'still there' if old.exists() else 'it is gone'}; {told}"


def two_at_once() -> str:
    with register(top=EVIDENCE) as case:
        case.program.once()
        for number in range(6):
            case.show(f"B{number}")
            both = [case.program.start("--once", "--json") for _ in range(2)]
            assert [each.wait().code for each in both] == [0, 0]
        return f"{case.program.changes()} changes, {case.count(6)}; {verdict(case)}"


def two_daemons() -> str:
    with register(top=EVIDENCE) as case:
        daemons = case.program.start_two()
        until(lambda: case.site.paths.count("/list") > 4)
        for number in range(6):
            case.show(f"B{number}")
            until(lambda number=number: len(case.told()) > number)
        time.sleep(0.5)
        for each in daemons:
            each.signal(signal.SIGTERM)
        assert {each.wait().code for each in daemons} == {0}
        return f"{case.program.changes()} changes, {case.count(6)}; {verdict(case)}"


def stopped() -> str:
    """It holds the state's lock: the other run can store nothing, and must not touch what was appended."""
    with register(top=EVIDENCE) as case:
        case.program.once()
        case.show("B")
        first = case.program.start("--once", failpoint="evidence_synced:STOP")
        until(first.is_stopped)
        case.program.once()
        first.signal(signal.SIGCONT)
        first.wait()
        return aftermath(case)


def verified_meanwhile() -> str:
    with register(top=EVIDENCE) as case:
        case.program.once()
        daemon = case.program.start()
        doubts = []
        for number in range(6):
            case.show(f"B{number}")
            doubts += case.program.run("verify", "--json").json["problems"]
            until(lambda number=number: len(case.told()) > number)
        daemon.signal(signal.SIGTERM)
        daemon.wait()
        doubt = f"in doubt: {doubts}" if doubts else "never in doubt"
        return f"{doubt}; {case.count(6)}; {verdict(case)}"


def edited(statement: str) -> str:
    with register(top=EVIDENCE) as case:
        for branch in "AB":
            case.show(branch)
            assert case.program.once().code == 0
        with closing(sqlite3.connect(case.program.state)) as state, state:
            state.execute(statement)
        problems = case.program.run("verify", "--json").json["problems"]
        return f"found: {' '.join(problems[0]['message'].split()[:3])}" if problems else "not found"


# `pages` only tells whether the same pages were captured before; an event with another number is one that was deleted.
HARMLESS = {CAPTURES.c.pages, EVENTS.c.id}


def flipped() -> str:
    """One after the other, each set right again. On SQLite, tests/watcher/evidence flips those that make no text, too."""
    with register(top=EVIDENCE) as case:
        for branch in "ABC":
            case.show(branch)
            assert case.program.once().code == 0
        chosen, missed, found, refused = random.Random(1), list[str](), 0, 0
        engine = create_engine(case.place.url)
        with Store.open(case.place.url) as store:
            while found + refused + len(missed) < 200:
                table = chosen.choice([EVENTS, CAPTURES, PROOFS])
                column = chosen.choice([each for each in table.columns if each not in HARMLESS])
                key = next(iter(table.primary_key.columns))
                with engine.connect() as connection:
                    row = chosen.choice(connection.scalars(select(key)).all())
                    value = connection.scalar(select(column).where(key == row))
                if value in (None, "", b""):
                    continue
                try:
                    other = flip(value, chosen)
                    with engine.begin() as connection:
                        connection.execute(update(table).where(key == row).values({column.name: other}))
                except (ValueError, DBAPIError):
                    refused += 1
                    continue
                problems = of_state(store, case.program.folder / "evidence").problems
                found += bool(problems)
                missed += [] if problems else [f"{column} {row}: {value!r} -> {other!r}"]
                with engine.begin() as connection:
                    now = other if column is key else row
                    connection.execute(update(table).where(key == now).values({column.name: value}))
            assert not of_state(store, case.program.folder / "evidence").problems
        engine.dispose()
        assert found > 100
        return f"missed: {missed}" if missed else "all found, or refused by the database"


def flip(value: Any, chosen: random.Random) -> Any:
    """Another value by one bit; of a time by a power of two of seconds. Raises ValueError if that is no value."""
    bit = 1 << chosen.randrange(8)
    match value:
        case int():
            return value ^ bit
        case bytes():
            at = chosen.randrange(len(value))
            return value[:at] + bytes([value[at] ^ bit]) + value[at + 1 :]
        case datetime():
            return value + timedelta(seconds=bit)
        case str():
            at = chosen.randrange(len(value))
            return value[:at] + chr(ord(value[at]) ^ bit) + value[at + 1 :]
        case _:
            return json.loads(flip(json.dumps(value), chosen))


def cut_off(*statements: str) -> str:
    """The last capture's records taken out of file and chain alike, and what the statements remove."""
    with register(top=EVIDENCE) as case:
        for branch in "AB":
            case.show(branch)
            assert case.program.once().code == 0
        (file,) = (case.program.folder / "evidence").iterdir()
        with closing(sqlite3.connect(case.program.state)) as state, state:
            (first, last), link = (
                state.execute("SELECT first, last FROM captures ORDER BY id DESC").fetchone(),
                b"x" * 32,
            )
            state.execute(
                "INSERT INTO witness_answers (kind, authority, number, link, page, at, answer)"
                " VALUES ('timestamp', '', ?, ?, '', '2026-01-01', x'00')",
                (last, link),
            )
            parts = raw_records(file.read_bytes())[: first - 1]
            file.write_bytes(b"".join(parts))
            state.execute("UPDATE evidence_files SET size = ?", (file.stat().st_size,))
            for statement in ("DELETE FROM chain WHERE number >= " + str(first), *statements):
                state.execute(statement)
        ran = case.program.run("verify", "--json")
        told = [each["message"] for each in ran.json["problems"]]
        words = ("a capture has it", "it had a proof", "an alert said", "it was stamped")
        found = [word for word in words if any(word in message for message in told)]
        return f"found: {found[0] if found else told}"


def no_room() -> str:
    with small_disk() as folder, register(top=f'[evidence]\nfolder = "{folder}/kept"') as case:
        case.program.once()
        many(case, "B")
        filler = fill(folder)
        ran = case.program.once()
        filler.unlink()
        assert "evidence cannot be kept" in ran.err, f"exit {ran.code}: {ran.err[-300:]} {ran.out[:600]}"
        assert ran.json["sources"][0]["changes"][0]["key"] == "Telegram"
        case.program.once()
        return f"told without a proof; {case.count(1)}; {verdict(case, unproven=1)}"


def no_room_for_state() -> str:
    with small_disk() as folder, register(state=f"sqlite:///{folder}/state.db", top=EVIDENCE) as case:
        case.program.state = folder / "state.db"
        case.program.once()
        reader = sqlite3.connect(case.program.state)
        reader.execute("SELECT count(*) FROM events").fetchall()
        many(case, "B")
        filler = fill(folder)
        ran = case.program.once()
        filler.unlink()
        reader.close()
        stored = "nothing stored" if case.program.changes() == 0 else f"stored: {json.dumps(ran.json)}"
        return f"{stored}; {aftermath(case)}"
