"""The past of a source, read and forgotten, killed at every step: as if never killed; the own history stays to the byte.

The pages of the captures are kept as evidence. After each kill the same command is run again.
"""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from state.db.migrate import all_tables
from state.store import Store
from tests.torture.desks import Register, register
from tests.torture.processes import Ran, until
from tests.torture.rows import Fault
from watcher.evidence.verification import of_state

AT_ONCE = 3
READ, FORGET = ("past", "list", "--folder", "saved"), ("past", "list", "--forget")
LATER = ("--to", "2019-01-10T12:00")
HALVES = (5, 12, 13)
READING = ("past_entries", "evidence_half", "past_file", "past_capture", "past_judged")
WRITING = ("evidence_opened", "evidence_written", "evidence_synced")
FORGETTING = ("past_forgotten", "past_rows_gone", "past_file_removed")
_once = threading.Lock()
SAME, OWN = "as never killed", "own history untouched, evidence sound"


def faults() -> Iterator[Fault]:
    for point in (*READING, *WRITING):
        yield Fault(f"SIGKILL {_words(point)}, the first capture", f"{SAME}, {OWN}", partial(killed, point))
    for point in READING:
        yield Fault(f"SIGKILL {_words(point)}, a later one", f"{SAME}, {OWN}", partial(killed, point, LATER))
    yield Fault("SIGKILL at 6 moments, one after the other", f"{SAME}, {OWN}", killed_again)
    yield Fault("SIGKILL past capture beside a daemon", f"lost 0, twice 0, {SAME}, evidence sound", beside)
    yield Fault("two who read it at once, then again", f"{SAME}, {OWN}", at_once)
    for point in FORGETTING:
        was = "sound" if point == "past_forgotten" else "named"
        yield Fault(f"SIGKILL {_words(point)}", f"{was}, then nothing left, {OWN}", partial(killed_forgetting, point))
    yield Fault("read again after a killed --forget", f"{SAME}, {OWN}", read_after_forgetting)


def _words(point: str) -> str:
    return point.replace("_", " ")


@contextmanager
def opened() -> Iterator[Register]:
    """A register with evidence of its own, and 20 saved pages: some are the same, one is half, two are half and believed,
    as they say the same, and one is an error page.
    """
    with register(top="[evidence]") as case:
        saved = case.program.folder / "saved"
        saved.mkdir()
        for day in range(1, 21):
            most = 20 + day if day in HALVES else 120 + day // 3
            names = [f"Company {number}" for number in range(most)]
            rows = [{"name": name, "branch": "A"} for name in ("Telegram", *names)]
            text = "<html>Bad gateway</html>" if day == 14 else json.dumps(rows)
            (saved / f"2019-01-{day:02}.json").write_text(text)
        assert case.program.once().code == 0
        yield case


def past(case: Register) -> Any:
    """What was read, without numbers and addresses, which differ: captures, contents, files."""
    with Store.open(case.place.url) as store:
        marks = store.past.marks(list(store.past.numbers("list").values()))
        captures = [
            (each.witness, each.body, each.reason, each.filled, each.file, [marks[one] for one in each.present])
            for each in store.past.captures("list")
        ]
    files = {}
    for file in sorted((case.program.folder / "evidence" / "past").rglob("*.*")):
        with file.open("rb") as stream:
            files[file.name] = [
                each.raw_stream.read() for each in ArchiveIterator(stream) if each.rec_type != "warcinfo"
            ]
    return captures, sorted(marks.values()), files


def never_killed() -> Any:
    with _once:
        return _never_killed()


@cache
def _never_killed() -> Any:
    with opened() as case:
        ran = case.program.run(*READ)
        assert ran.code == 1, ran
        assert len(past(case)[0]) == 19
        return past(case)


def own(case: Register) -> Any:
    """All else that the state and the evidence have."""
    with Store.open(case.place.url) as store, store.database.reading() as connection:
        tables = [each for each in all_tables().sorted_tables if "past" not in each.name]
        rows = {each.name: sorted(map(repr, connection.execute(each.select()))) for each in tables}
    files = {file.name: file.read_bytes() for file in (case.program.folder / "evidence").glob("*.warc.gz")}
    return rows, files


def stand(case: Register, before: Any) -> str:
    """Whether all is as it would be without the kill."""
    same = SAME if past(case) == never_killed() else f"otherwise: {past(case)}"
    return f"{same}, {untouched(case, before)}"


def untouched(case: Register, before: Any) -> str:
    history = "own history untouched" if own(case) == before else "own history touched"
    return f"{history}, evidence {verdict(case)}"


def verdict(case: Register) -> str:
    with Store.open(case.place.url) as store:
        problems = of_state(store, case.program.folder / "evidence").problems
    strange = [each for each in problems if each.message != "no capture of the state has this file"]
    return f"{strange}" if strange else "named" if problems else "sound"


def kill(case: Register, *argv: str, point: str) -> Ran:
    ran = case.program.run(*argv, failpoint=f"{point}:KILL")
    assert ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
    return ran


def killed(point: str, first: tuple[str, ...] = ()) -> str:
    with opened() as case:
        before = own(case)
        if first:
            assert case.program.run(*READ, *first).code in {0, 1}
        kill(case, *READ, point=point)
        assert case.program.run(*READ).code == 1
        return stand(case, before)


def killed_again() -> str:
    with opened() as case:
        before, folder = own(case), case.program.folder / "evidence" / "past" / "list"
        for number in range(6):
            kill_when(case, folder, number)
        assert case.program.run(*READ).code == 1
        return stand(case, before)


def kill_when(case: Register, folder: Path, number: int) -> None:
    """Kill it some time after it has written more than so many files."""
    running = case.program.start(*READ)
    until(lambda: not running.alive or len(list(folder.glob("*"))) > number)
    time.sleep(number / 100)
    running.kill()


def beside() -> str:
    with opened() as case:
        daemon = case.program.start()
        for number, branch in enumerate("BCD", 1):
            kill(case, *READ, point="past_capture")
            case.show(branch)
            until(partial(has_told, case, number))
        assert case.program.run(*READ).code == 1
        same = SAME if past(case) == never_killed() else f"otherwise: {past(case)}"
        assert daemon.alive, daemon.err()
        return f"{case.count(3)}, {same}, evidence {verdict(case)}"


def has_told(case: Register, number: int) -> bool:
    return len({each.key for each in case.told()}) >= number


def at_once() -> str:
    with opened() as case:
        before = own(case)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: case.program.run(*READ), range(2)))
        assert case.program.run(*READ).code == 1
        return stand(case, before)


def killed_forgetting(point: str) -> str:
    with opened() as case:
        before = own(case)
        case.program.run(*READ)
        kill(case, *FORGET, point=point)
        was = verdict(case)
        assert case.program.run(*FORGET).code == 0
        left = "nothing left" if past(case) == ([], [], {}) else f"left: {past(case)}"
        return f"{was}, then {left}, {untouched(case, before)}"


def read_after_forgetting() -> str:
    with opened() as case:
        before = own(case)
        case.program.run(*READ)
        kill(case, *FORGET, point="past_rows_gone")
        assert case.program.run(*READ).code == 1
        return stand(case, before)
