"""The machine itself: disk, files, clock, names, rights; and a backup while all goes on."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from tests.torture.desks import Register, gist, register
from tests.torture.processes import Ran, Starved, until
from tests.torture.rows import Fault

AT_ONCE = 4
DAY = timedelta(days=1)
WELL = "lost 0, twice 0"
HERE = {"register.test": "127.0.0.1", "mail.test": "127.0.0.1"}


DISK = "a server's disk is its own"
FILE = "a server's files are its own"


def faults() -> Iterator[Fault]:
    yield Fault("disk full in the transaction", f"exit 1, no space, nothing stored; {WELL}", disk_full, only_files=DISK)
    if can_mount():
        yield Fault("disk full between send and mark", f"said so; {WELL}", disk_full_while_sending, only_files=DISK)
    yield Fault("state locked by another process", f"exit 1, locked, in < 40 s; {WELL}", locked)
    for what, spoil, said in (
        ("no database", scribble, "not a state file"),
        ("damaged", damage, "damaged"),
        ("cut off", cut, "damaged"),
        ("emptied", empty, "emptied"),
    ):
        yield Fault(f"state file {what}", f"exit 1, {said}, left as it is", partial(bad_state, spoil), only_files=FILE)
    for what, statement, then in DAMAGED:
        expected = f"failing, told; the other ok; status 1; {then}"
        yield Fault(f"a stored text is no UTF-8: {what}", expected, partial(damaged_row, statement), only_files=FILE)
    yield Fault("HUP every 20 ms from the start of a daemon", f"ended by TERM alone, exit 0; {WELL}", hup_at_the_start)
    yield Fault("state of a newer version", "exit 1, newer version, left as it is", partial(bad_state, newer))
    yield Fault("state of another program", "exit 1, another program, left as it is", partial(bad_state, foreign))
    yield Fault("clock a day ahead, then set right", WELL, partial(clock_moved, DAY))
    yield Fault("clock a day behind, then set right", WELL, partial(clock_moved, -DAY))
    yield Fault("clock a day ahead, set right: a channel that failed", "tried again in < 40 s", retry_after_clock)
    yield Fault("clock a day ahead, set right: a source that fails", "failing, noticed", failure_after_clock)
    yield Fault("clock jumps under the daemon, forward and back", WELL, clock_jumps)
    spring, autumn = datetime(2026, 3, 29, 0, 59, 58, tzinfo=UTC), datetime(2025, 10, 26, 0, 59, 58, tzinfo=UTC)
    yield Fault("summer time begins", f"goes on; {WELL}", partial(summer_time, spring))
    yield Fault("summer time ends", f"goes on; {WELL}", partial(summer_time, autumn))
    yield Fault("the last minute before holidays, at every minute", f"due as they end; {WELL}", before_holidays)
    yield Fault("DNS gone: the source", f"failing: unreachable, 1 entry kept; {WELL}", dns_gone)
    yield Fault("DNS gone: the mail server", f"1 pending, exit 1; {WELL}", no_mail_host)
    yield Fault("out of file descriptors, 40 sources", "no change invented, 40 read after it", no_descriptors)
    if can_mount():
        no_state, right = "exit 1, cannot be created, nothing made", "exit 1, mounted read-only, left as it is"
        yield Fault("folder read-only, no state", no_state, partial(read_only, False), only_files=FILE)
        yield Fault("folder and state read-only", right, partial(read_only, True), only_files=FILE)
    if os.geteuid() == 0:
        for name in ("state.db", "state.db-wal", "state.db.lock", "evidence", "chain.jsonl"):
            for hard in (False,) if name == "evidence" else (False, True):
                way = "another name" if hard else "a link"
                yield Fault(
                    f"root, {name} is {way} of root's file",
                    "refused, root's is as it was",
                    partial(planted, name, hard),
                    only_files=FILE if name.startswith("state.db") else "",
                )
    for name in ("watch.toml", "state.db", "evidence", "the folder"):
        yield Fault(
            f"everybody may change: {name}",
            "check-config, status, once in the log",
            partial(open_to_all, name),
            only_files=FILE if name == "state.db" else "",
        )
    yield Fault("status of a daemon: its longest pause", "told, < 0.5 s; gone at its end", longest_pause)
    whole = f"a whole copy; {WELL}"
    yield Fault("backup under the daemon, then restored", whole, backup, only_files="pg_dump makes those of a server")


# ---- the disk


@contextmanager
def small_disk(size: str = "4m") -> Iterator[Path]:
    """A folder on a disk of its own, of 4 MB if nothing else is said; needs root."""
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "torture", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)


@cache
def can_mount() -> bool:
    """Whether this user may: root mostly, but not in every container. Rows that need it are left out elsewhere."""
    try:
        with small_disk():
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def fill(folder: Path) -> Path:
    """Take all the space that is left on a disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            for size in (65536, 4096, 1):
                while size == 65536 or shutil.disk_usage(folder).free:
                    if file.write(b"\0" * size) < size:
                        break
        except OSError:
            pass
    return filler


def disk_full() -> str:
    """On a small disk of its own; who may not mount one gets a limit of the file's size instead."""
    if not can_mount():
        with register() as case:
            case.program.once()
            many(case, "B")
            ran = case.program.once(starved=Starved(size=(case.program.folder / "state.db").stat().st_size + 40960))
            return after_full_disk(case, ran)
    with small_disk() as folder, register(state=f"sqlite:///{folder}/state.db") as case:
        case.program.state = folder / "state.db"
        case.program.once()
        reader = sqlite3.connect(case.program.state)  # as the daemon beside it would, it keeps SQLite's log there
        reader.execute("SELECT count(*) FROM events").fetchall()
        many(case, "B")
        filler = fill(folder)
        ran = case.program.once()
        filler.unlink()
        reader.close()
        return after_full_disk(case, ran)


def many(case: Register, branch: str) -> None:
    """A change of one entry in a list that is long enough to need room."""
    rows = [{"name": "Telegram", "branch": branch, "text": "x" * 200_000}]
    case.site.page("/list", rows)


def after_full_disk(case: Register, ran: Ran) -> str:
    said = ran.json["sources"][0]
    reason = (
        "no space" if "no space is left" in said["message"] or "cannot be read or written" in said["message"] else said
    )
    stored = "nothing stored" if (case.program.changes(), case.program.sound()) == (0, True) else "something stored"
    for _ in range(2):
        case.program.once()
    return f"exit {ran.code}, {reason}, {stored}; {case.count(1)}"


def disk_full_while_sending() -> str:
    """The disk fills up in the moment in which the desk takes the message, and stays full for two more drains."""
    with small_disk() as folder, register(state=f"sqlite:///{folder}/state.db") as case:
        case.program.state = folder / "state.db"
        case.program.once()
        shrink_log(case.program.state)
        daemon = case.program.start()
        until(lambda: case.site.paths.count("/list") > 3)
        fillers: list[Path] = []

        def take(_asked: object) -> str:
            fillers.append(fill(folder))
            return ""

        case.site.page("/hook", take)
        case.show("B")
        until(lambda: fillers)
        time.sleep(12)
        for file in fillers:
            file.unlink(missing_ok=True)
        until(lambda: case.program.ask("SELECT count(*) FROM deliveries WHERE state = 'pending'") == 0, 30)
        daemon.signal(signal.SIGTERM)
        err = daemon.wait().err
        case.program.once()
        said = "said so" if "deliveries wait" in err or ": state: " in err else f"said nothing: {err[-200:]}"
        return f"{said}; {case.count(1)}"


def shrink_log(state: Path) -> None:
    """No room is left in SQLite's log, so that the next write needs some."""
    connection = sqlite3.connect(state)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


# ---- the state file


def locked() -> str:
    with register() as case:
        case.program.once()
        case.show("B")
        with lock_on(case):
            start = time.monotonic()
            ran = case.program.once()
            took = time.monotonic() - start
        case.program.once()
        said = ran.json["sources"][0] if ran.out else {"message": gist(ran.err)}
        why = "locked" if "kept it locked" in said["message"] else said
        return f"exit {ran.code}, {why}, in {'< 40' if took < 40 else f'{took:.0f}'} s; {case.count(1)}"


@contextmanager
def lock_on(case: Register) -> Iterator[None]:
    """Nobody else may write to the state meanwhile."""
    place = case.place
    if place.server:
        with place.server.connected(place.database) as server, server.transaction():
            server.execute("LOCK TABLE sources, events, deliveries IN SHARE MODE")
            yield
        return
    with closing(sqlite3.connect(case.program.state, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        yield
        file.execute("ROLLBACK")


def bad_state(spoil: Callable[[Register], None]) -> str:
    with register() as case:
        case.program.once()
        spoil(case)
        before = content(case)
        ran = case.program.once()
        words = ("not a state file", "damaged", "emptied", "newer version", "another program")
        said = next((word for word in words if word in ran.err + ran.out), gist(ran.err))
        left = "left as it is" if content(case) == before else "written to"
        assert "Traceback" not in ran.err
        return f"exit {ran.code}, {said}, {left}"


OF_LIST = "source_id = (SELECT id FROM sources WHERE name = 'list')"
ANEW = "accepted, read anew"
MENDED = "made anew, its change told"
DAMAGED = (  # of what, and how the source goes on
    ("an entry's title", f"UPDATE entries SET title = CAST(x'ff' AS TEXT) WHERE {OF_LIST}", ANEW),
    ("a page's request", f"UPDATE pages SET request = CAST(x'ff' AS TEXT) WHERE {OF_LIST}", ANEW),
    ("a change", "UPDATE events SET data = CAST(x'ff' AS TEXT) WHERE source = 'list' AND kind = 'change'", ANEW),
    ("the source's message", "UPDATE sources SET message = CAST(x'ff' AS TEXT) WHERE name = 'list'", MENDED),
    ("the source's wait", "UPDATE sources SET wait_until = CAST(x'ff' AS TEXT) WHERE name = 'list'", MENDED),
)


def damaged_row(statement: str) -> str:
    more = '[sources.other]\nkind = "json"\nurl = "{}"\nitems = "@"\nkey = "name"\n'
    with register() as case:
        case.configure(more=more.format(case.site.url("/other")))
        rows = [{"name": "Zoom", "branch": "A"}]
        case.site.page("/other", lambda _: rows)
        for branch in "AB":
            case.show(branch)
            case.program.once()
        execute(case, statement)
        case.show("C")
        seen = {source["name"]: source["status"] for source in case.program.once().json["sources"]}
        status = case.program.run("status").code
        later = [case.program.once().json["sources"][0]["status"] for _ in range(2)]
        told = [each for each in case.told("/ops") if each.title.startswith("FAILING: list")]
        if "ok" in later:
            then = (
                "made anew, its change told" if len([each for each in case.told() if each.is_change]) == 2 else "lost"
            )
        else:
            accepted = case.program.run("accept", "list", "--yes", "damaged").code
            after = [case.program.once().json["sources"][0]["status"] for _ in range(2)]
            then = (
                "accepted, read anew" if (accepted, after) == (0, ["baseline", "unchanged"]) else f"{accepted} {after}"
            )
        heard = "told" if len(told) == 1 else f"told {len(told)} times"
        return f"{seen['list']}, {heard}; the other {seen['other'].replace('unchanged', 'ok')}; status {status}; {then}"


def hup_at_the_start() -> str:
    with register() as case:
        case.program.once()
        case.show("B")
        daemon = case.program.start()
        # All are blocked for a moment by whoever starts a process.
        until(
            lambda: Path(f"/proc/{daemon.pid}/status").read_text().partition("SigBlk:")[2].split()[0].strip("0") == "1"
        )
        while len(case.told()) < 1 and daemon.alive:
            daemon.signal(signal.SIGHUP)
            time.sleep(0.02)
        daemon.signal(signal.SIGTERM)
        ran = daemon.wait()
        return f"ended by {'TERM alone' if ran.code == 0 else 'HUP'}, exit {ran.code}; {case.count(1)}"


def content(case: Register) -> str:
    """What is stored, as a fingerprint: of a file all of its bytes, of a database each table with its rows."""
    place = case.place
    if not place.server:
        return fingerprint(case.program.state)
    tables = place.server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", place.database)
    rows = [sorted(map(repr, place.server.sql(f"SELECT * FROM {table}", place.database))) for (table,) in tables]
    return hashlib.sha256(repr((tables, rows)).encode()).hexdigest()


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def scribble(case: Register) -> None:
    shrink_log(case.program.state)
    case.program.state.write_bytes(b"This is my shopping list. " * 4000)


def damage(case: Register) -> None:
    shrink_log(case.program.state)
    with case.program.state.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (case.program.state.stat().st_size - 4096))


def cut(case: Register) -> None:
    shrink_log(case.program.state)
    os.truncate(case.program.state, 4096 * 3)


def empty(case: Register) -> None:
    shrink_log(case.program.state)
    os.truncate(case.program.state, 0)


def newer(case: Register) -> None:
    execute(case, "UPDATE alembic_version SET version_num = '9999'")


def foreign(case: Register) -> None:
    if case.place.server:
        execute(case, "DROP SCHEMA public CASCADE")
        execute(case, "CREATE SCHEMA public")
    else:
        shrink_log(case.program.state)
        case.program.state.unlink()
    execute(case, "CREATE TABLE recipes (name TEXT)")


def execute(case: Register, statement: str) -> None:
    if case.place.server:
        case.place.server.sql(statement, case.place.database)
        return
    with closing(sqlite3.connect(case.program.state)) as connection, connection:
        connection.execute(statement)
    shrink_log(case.program.state)


# ---- the clock


def clock_moved(by: timedelta) -> str:
    """Seven changes: two under the wrong clock, five after it, at once."""
    with register() as case:
        case.program.once()
        case.program.shift(by)
        for number in range(2):
            case.show(f"B{number}")
            case.program.once()
        case.program.shift(timedelta())
        daemon = case.program.start()
        for number in range(2, 7):
            case.show(f"B{number}")
            until(lambda number=number: len(case.told()) > number, 10)
        daemon.signal(signal.SIGTERM)
        daemon.wait()
        assert case.program.changes() == 7
        return case.count(7)


def retry_after_clock() -> str:
    with register() as case:
        case.program.once()
        case.site.page("/hook", status=503)
        case.program.shift(DAY)
        case.show("B")
        case.program.once()
        case.program.shift(timedelta())
        case.site.page("/hook")
        before, start = len(case.told()), time.monotonic()
        case.program.start()
        until(lambda: len(case.told()) > before, 60)
        took = time.monotonic() - start
        return f"tried again in < 40 s{'' if took < 40 else f': {took:.0f}'}"


def failure_after_clock() -> str:
    with register() as case:
        case.program.shift(DAY)
        case.program.once()
        case.program.shift(timedelta())
        case.site.page("/list", status=500)
        status = case.program.once().json["sources"][0]["status"]
        case.program.once()
        failures = case.program.ask("SELECT failures FROM sources")
        return f"{status}, {'noticed' if failures == 2 else f'{failures} failures'}"


def clock_jumps() -> str:
    with register() as case:
        case.program.once()
        case.program.start()
        until(lambda: case.site.paths.count("/list") > 3)
        for number, by in enumerate((DAY, timedelta(), -DAY, timedelta(), 10 * DAY, timedelta())):
            case.program.shift(by)
            case.show(f"B{number}")
            until(lambda number=number: len(case.told()) > number, 15, f"nothing after the clock was set by {by}")
        return case.count(6)


def summer_time(moment: datetime) -> str:
    with register(top='timezone = "Europe/Berlin"') as case:
        case.program.shift(moment - datetime.now(UTC))
        case.program.once()
        case.program.start()
        for number in range(8):
            case.show(f"B{number}")
            until(lambda number=number: len(case.told()) > number, 10)
            time.sleep(0.5)
        last = str(case.program.ask("SELECT max(at) FROM events WHERE kind = 'change'"))
        assert last > moment.strftime("%Y-%m-%d 01:00")
        return f"goes on; {case.count(8)}"


def before_holidays() -> str:
    """A check of every minute in office hours, in the last minute before ten days without any."""
    calendar = 'at = "* * * * *"\nhours = "mon-fri 08:00-20:00"\nholidays = "RU"\nzone = "Europe/Moscow"'
    last, ends = datetime(2026, 12, 31, 16, 59, 30, tzinfo=UTC), datetime(2027, 1, 11, 5, tzinfo=UTC)
    with register(source=calendar) as case:
        case.program.shift(last - datetime.now(UTC))
        case.program.once()
        due = str(case.program.ask("SELECT due FROM sources"))
        assert due.startswith(f"{ends:%Y-%m-%d %H:%M}"), due
        case.show("B")
        case.program.shift(ends - datetime.now(UTC))
        case.program.start()
        until(case.told, 20)
        return f"due as they end; {case.count(1)}"


# ---- names, descriptors, rights


def dns_gone() -> str:
    with register() as case:
        text = (case.program.folder / "watch.toml").read_text()
        case.program.configure(text.replace("http://127.0.0.1", "http://register.test"))
        assert case.program.once(starved=Starved(hosts=HERE)).code == 0
        case.show("B")
        said = case.program.once(starved=Starved(hosts={})).json["sources"][0]
        assert (said["changes"], case.program.changes()) == ([], 0)
        case.program.once(starved=Starved(hosts=HERE))
        return f"{said['status']}: {said['reason']}, {said['entries']} entry kept; {case.count(1)}"


def no_mail_host() -> str:
    with register("mail") as case:
        text = (case.program.folder / "watch.toml").read_text()
        case.program.configure(text.replace("mailto://127.0.0.1", "mailto://mail.test"))
        case.program.once(starved=Starved(hosts=HERE))
        case.show("B")
        ran = case.program.once(starved=Starved(hosts={}))
        case.program.once(starved=Starved(hosts=HERE))
        return f"{ran.json['deliveries']['pending']} pending, exit {ran.code}; {case.count(1)}"


def no_descriptors() -> str:
    """Forty sources that answer slowly, so that they want forty connections at once, and no more than 24 files."""
    with register() as case:
        rows = [{"name": f"Company {number}", "branch": "A"} for number in range(5)]
        more = ""
        for number in range(40):
            more += f'[sources.more-{number}]\nkind = "json"\nurl = "{case.site.url(f"/more{number}")}"\nitems = "@"\nkey = "name"\n'
            case.site.page(f"/more{number}", lambda _: time.sleep(0.3) or rows)
        case.configure(more=more)
        assert case.program.once().code == 0
        starved = case.program.once(starved=Starved(files=24))
        failing = [source for source in starved.json["sources"] if source["status"] == "failing"] if starved.out else []
        assert starved.code in (1, 3), f"it had enough: {starved.code}"
        assert failing or not starved.out, starved.err[-300:]
        invented = case.program.changes()
        after = case.program.once()
        read = sum(source["status"] == "unchanged" for source in after.json["sources"][1:])
        return f"{invented or 'no change'} invented, {read} read after it"


def read_only(there: bool) -> str:
    """On a disk that may only be read: rights would not hold root back."""
    with small_disk() as folder, register(state=f"sqlite:///{folder}/state.db") as case:
        state = case.program.state = folder / "state.db"
        if there:
            case.program.once()
            shrink_log(state)
        before = fingerprint(state) if there else ""
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        case.show("B")
        ran = case.program.once()
        words = ("cannot be created", "mounted read-only", "cannot be opened")
        said = next((word for word in words if word in ran.err + ran.out), gist(ran.err))
        left = fingerprint(state) == before if there else not state.exists()
        fine = "left as it is" if there else "nothing made"
        return f"exit {ran.code}, {said}, {fine if left else 'touched'}"


def open_to_all(name: str) -> str:
    """Who says that others may change a file, and whether all goes on."""
    with register(top="[evidence]") as case:
        assert case.program.once().code == 0
        place = case.program.folder / ("" if name == "the folder" else name)
        place.chmod(place.stat().st_mode | 0o002)
        said = "everybody on this machine may"
        told = ["check-config"] if said in case.program.run("check-config").err else []
        told += ["status"] if said in str(case.program.run("status", "--json").json["warnings"]) else []
        before, daemon = case.site.paths.count("/list"), case.program.start()
        until(lambda: case.site.paths.count("/list") > before + 3)
        daemon.signal(signal.SIGTERM)
        lines = [line for line in daemon.wait().err.splitlines() if said in line]
        return ", ".join(
            [*told, "once in the log" if lines and len(set(lines)) == len(lines) else f"{lines} in the log"]
        )


def planted(name: str, hard: bool) -> str:
    """The service's user was taken over, and root looks after its state."""
    with register(top="[evidence]") as case, tempfile.TemporaryDirectory(prefix="torture-") as mine:
        assert case.program.once().code == 0
        own = Path(mine) / "own"
        own.write_text("root's own")
        before, folder = own.stat(), case.program.folder
        for each in (folder, *folder.rglob("*")):
            os.chown(each, 65534, 65534)
        place = folder / name
        if place.is_dir():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        place.hardlink_to(own) if hard else place.symlink_to(mine if name == "evidence" else own)
        os.chown(place, *((0, 0) if hard else (65534, 65534)), follow_symlinks=False)
        case.show("B")
        argv = ("verify", "--export", name) if name == "chain.jsonl" else ("--once", "--json")
        said = case.program.run(*argv)
        refused = any(word in said.err + said.out for word in ("it is a link", "it has another name elsewhere"))
        after, rest = own.stat(), [file.name for file in Path(mine).iterdir()]
        same = (own.read_text(), after.st_uid, after.st_mode) == ("root's own", before.st_uid, before.st_mode)
        left = "as it was" if same and rest == ["own"] else f"altered: {after}, {rest}"
        return f"{'refused' if refused else f'not refused: {gist(said.err)}'}, root's is {left}"


def longest_pause() -> str:
    with register() as case:
        daemon = case.program.start()
        until(lambda: case.site.paths.count("/list") > 3)

        def daemons() -> list[dict]:
            return case.program.run("status", "--json").json["daemons"]

        until(lambda: any(daemon["pauses"]["start"]["wall"] > 0 for daemon in daemons()))  # written at a heartbeat
        (told,) = daemons()
        daemon.signal(signal.SIGTERM)
        daemon.wait()
        pause = told["pauses"]["start"]["cpu"]
        left = case.program.run("status", "--json").json["daemons"]
        what = "told" if told["there"] and told["pauses"]["start"]["wall"] > 0 else f"not told: {told}"
        return f"{what}, {'<' if pause < 0.5 else f'{pause} and not <'} 0.5 s; {'still there' if left else 'gone'} at its end"


# ---- backup


def backup() -> str:
    """Copies while the daemon stores changes; then the state is lost, and a copy from the middle takes its place."""
    with register() as case:
        case.program.once()
        daemon = case.program.start()
        copies = []
        for number in range(4):
            case.show(f"B{number}")
            copies.append(case.program.run("backup", f"copy{number}.db"))
            until(lambda number=number: len(case.told()) > number)
        daemon.signal(signal.SIGTERM)
        daemon.wait()
        assert [copy.code for copy in copies] == [0] * 4, copies
        case.program.run("backup", "last.db")
        case.show("after the backup")
        for file in case.program.folder.glob("state.db*"):
            file.unlink()
        shutil.copy(case.program.folder / "last.db", case.program.state)
        case.program.once()
        whole = all(case.program.sound(case.program.folder / f"copy{number}.db") for number in range(4))
        return f"{'a whole copy' if whole and case.program.sound() else 'damaged'}; {case.count(5)}"
