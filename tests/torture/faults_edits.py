"""Edits at the desk, killed at every step: the old or the new, never half; and many who edit at once.

After each kill every command reads the configuration, the record of actions is whole, and the same edit can be made.
"""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from state.storage.objects import Edit
from state.store import Store
from tests.torture.desks import Register, register
from tests.torture.faults_reload import more_checks, reading
from tests.torture.processes import ended, until
from tests.torture.rows import Fault
from watcher.config import edit
from watcher.config.load import Config, load
from watcher.config.sealing import mask

AT_ONCE = 3
WHOLE = "record whole, read by all, edited again"
POINTS = {"sealing": "old", "editing_row": "old", "editing": "old", "edited": "new"}
FEED = {"kind": "feed", "url": "http://127.0.0.1:9/feed", "enabled": False}
SECRET = "hunter2-and-more"
EDITOR = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
from state.storage.objects import Edit
from state.store import Store
from watcher.config import edit
from watcher.config.load import load
os.chdir(sys.argv[1])
what, given = json.loads(sys.argv[2])
config = load(Path("watch.toml"))
with Store.open(config.state) as store:
    try:
        if what == "undo":
            edit.undo(config, store, given, "anna", datetime.now(UTC))
        elif what == "pause":
            store.objects.pause(given, None, "anna", datetime.now(UTC))
        else:
            edit.apply(config, store, [Edit(*each) for each in given], "anna", datetime.now(UTC))
    except edit.EditError as refused:
        if not isinstance(refused, edit.StaleEdit) and "is not its last" not in str(refused):
            raise
        print("stale")
    else:
        print("stored")
"""
CREATE = [["source", "a", FEED | {"auth": f"desk:{SECRET}"}]]
IMPORT = [
    ["channel", "chat", {"url": f"json://desk:{SECRET}@127.0.0.1:9/x"}],
    ["rule", "all", {"to": ["chat"], "sources": ["a"]}],
    ["source", "a", FEED],
]
BEFORE = [["source", "a", FEED], ["source", "b", FEED | {"every": "1h"}]]
EDITS = {
    "a source": ([], ["apply", CREATE]),
    "an import of three": ([], ["apply", IMPORT]),
    "a change with a secret": (BEFORE, ["apply", CREATE]),
    "a deletion": (BEFORE, ["apply", [["source", "b", None]]]),
    "an undo": ([*BEFORE, ["source", "b", None]], ["undo", 3]),
    "a pause": (BEFORE, ["pause", "list"]),
}


def faults() -> Iterator[Fault]:
    for name, (before, what) in EDITS.items():
        for point, which in POINTS.items():
            if point != "sealing" or SECRET in json.dumps(what):
                yield Fault(
                    f"SIGKILL {point.replace('_', ' ')}: {name}",
                    f"{which}, {WHOLE}",
                    partial(killed, before, what, point),
                )
    yield Fault("12 who make the same source at once", "11 stale, 1 stored, record whole", at_once)
    yield Fault("8 who edit different sources at once", "8 stored, record whole", beside_each_other)
    yield Fault("a source of the desk deleted while it is read", "told 0, alive, kept, then forgotten", deleted)
    yield Fault("12 edits beside a daemon, and a change", "alive, lost 0, twice 0", edited_and_changed)


def edited(case: Register, what: Sequence[Any], point: str = "") -> tuple[int, str]:
    """How an edit in a process of its own ended, and what it said."""
    return ended(EDITOR, str(case.program.folder), json.dumps(what), failpoint=point)


@contextmanager
def opened(case: Register) -> Iterator[tuple[Config, Store]]:
    config = load(case.program.folder / "watch.toml")
    with Store.open(config.state) as store:
        yield config, store


def documents(case: Register) -> dict[str, Any]:
    """What the desk has, with its secrets, and what rests."""
    with opened(case) as (config, store):
        rows = store.objects.current()
        assert SECRET not in json.dumps([row.document for row in rows])
        return {
            "kept": {f"{row.object} {row.name}": mask(row.document or {}, ()) for row in rows},
            "auth": {name: source.auth for name, source in config.sources.items()},
            "urls": {name: channel.url for name, channel in config.channels.items()},
            "paused": sorted(store.objects.pauses()),
            "lost": sorted(config.locked),
        }


def killed(before: list[Any], what: list[Any], point: str) -> str:
    with register() as case:
        for each in before:
            assert edited(case, ["apply", [each]]) == (0, "stored\n")
        if not before:
            assert case.program.once().code == 0
        old = documents(case)
        code, said = edited(case, what, point)
        assert code == -signal.SIGKILL, f"it was not killed: {said[-300:]}"
        now = documents(case)
        seen = [check(case)]
        code, said = edited(case, what)
        seen.append("edited again" if said in {"stored\n", "stale\n"} and code == 0 else said[-300:])
        new = documents(case)
        which = "old" if now == old else "new" if now == new else f"half: {now}"
        return ", ".join([which, *seen])


def check(case: Register) -> str:
    with opened(case) as (_, store):
        broken, latest = store.desk.find_broken_link(), store.objects.latest()
        actions = len(store.desk.actions(1000))
    record = "record whole" if not broken and actions == latest else f"{broken}, {actions} of {latest}"
    read = case.program.run("check-config")
    return f"{record}, {'read by all' if read.code == 0 else read.err[-200:]}"


def at_once() -> str:
    with register() as case:
        assert case.program.once().code == 0
        return count(case, [["apply", [[*CREATE[0], 0]]]] * 12)


def beside_each_other() -> str:
    with register() as case:
        assert case.program.once().code == 0
        return count(case, [["apply", [["source", f"s{at}", FEED, 0]]] for at in range(8)])


def count(case: Register, edits: Sequence[Sequence[Any]]) -> str:
    """What became of edits at once."""
    with ThreadPoolExecutor(len(edits)) as pool:
        said = Counter(said.strip() for _, said in pool.map(partial(edited, case), edits))
    record = check(case).partition(",")[0]
    return ", ".join([*(f"{times} {word[-200:]}" for word, times in sorted(said.items())), record])


def write(case: Register, *edits: Edit) -> None:
    with opened(case) as (config, store):
        edit.apply(config, store, edits, "anna", datetime.now(UTC))


def to_the_desk(file: Path) -> dict[str, Any]:
    """Take the source out of the file; returns its document."""
    text = file.read_text()
    start, end = text.index("[sources.list]"), text.index("[channels.desk]")
    document = dict(line.split(" = ") for line in text[start:end].splitlines()[1:] if line)
    file.write_text(text[:start] + text[end:])
    return {key: value.strip('"') for key, value in document.items()}


def deleted() -> str:
    with reading() as (case, slow, daemon):
        document = to_the_desk(case.program.folder / "watch.toml")
        write(case, Edit("source", "list", document))
        slow.go.set()
        more_checks(case)
        slow.hold()
        slow.rows = [{"name": "Telegram", "branch": "B"}]
        before = daemon.err().count("was read again")
        write(case, Edit("source", "list", None))
        until(lambda: daemon.err().count("was read again") > before)
        asked = case.site.paths.count("/list")
        slow.go.set()
        until(lambda: "thrown away" in daemon.err() or case.told())
        assert case.site.paths.count("/list") == asked, "it was asked again"
        kept = case.program.ask("SELECT count(*) FROM sources WHERE name = 'list'")
        alive = "alive" if daemon.alive else "dead"
        forgotten = case.program.run("forget", "list").code == 0
        gone = not case.program.ask("SELECT count(*) FROM sources WHERE name = 'list'")
        end = "then forgotten" if forgotten and gone else "not forgotten"
        return f"told {len(case.told())}, {alive}, {'kept' if kept else 'lost'}, {end}"


def edited_and_changed() -> str:
    """A change of the register amid many edits of others."""
    with register() as case:
        document = to_the_desk(case.program.folder / "watch.toml")
        assert case.program.once().code == 0
        write(case, Edit("source", "list", document))
        daemon = case.program.start()
        more_checks(case)
        for number in range(12):
            if number == 6:
                case.show("B")
            write(case, Edit("source", f"other {number % 3}", FEED | {"label": f"{number}"}))
        until(case.told)
        more_checks(case)
        return f"{'alive' if daemon.alive else daemon.err()[-200:]}, {case.count(1)}"
