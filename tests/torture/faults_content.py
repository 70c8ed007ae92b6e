"""Bad documents and bad kinds: what reading them comes to, what it costs, and that nobody else has to wait."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import sources.reading.engine
import sources.reading.pool
from alerts.matching import in_process
from sources import Page, Source, SourceError
from sources.loader import kind
from sources.reading.engine import read_page, read_seconds, total_of
from sources.reading.sandbox import means
from state.store import Store
from tests.torture.databases import place_in
from tests.torture.documents import ENDED, HEADINGS, TABLE, URL, Document, documents, reads, wide
from tests.torture.measure import Cost, cost
from tests.torture.program import HEAD, SOUND, check, known, sound_sources
from tests.torture.rows import Row
from tests.torture.wire import OK, Fault, FaultServer, Wire
from watcher.config.load import load

TITLE = "Bad documents"
SECONDS = 5.0  # the time limit of reading, in place of 60
SLACK = 4.0  # to start a reader, to send it 50 MB, and to end it
MOST_MEMORY = 200  # MB by which this process may grow for one page of at most 50 MB
MOST_TOGETHER = 600  # MB for all of them at once: each holds its page, of at most 50 MB
ON_TIME = 10  # seconds until the sound ones beside them have ended
MOST_STALL = 1.0  # seconds that another thread may wait
MARK = "this-file-is-nobody's-business"

KINDS = """
import ctypes, os, re, socket, time
from sources import Entry, Source
class Backtracking(Source):
    def parse(self, page):
        yield Entry(bool(re.match(r"(a+)+$", "a" * 60 + "b")))
class Looping(Source):
    def parse(self, page):
        while True: pass
class Endless(Source):
    def parse(self, page):
        number = 0
        while True:
            number += 1
            yield Entry(number)
class Hoarding(Source):
    def parse(self, page):
        hoard = []
        while True: hoard.append(bytearray(10_000_000))
        yield
class Leaving(Source):
    def parse(self, page):
        os._exit(7)
class Crashing(Source):
    def parse(self, page):
        ctypes.string_at(0)
class Printing(Source):
    def parse(self, page):
        print("\\x1b[2J" * 100_000)
        os.write(1, b"x" * 100_000)
        yield Entry("printed")
class Peeking(Source):
    def parse(self, page):
        if "TORTURE_SECRET" not in os.environ:
            yield Entry("nothing to see")
class Grasping(Source):
    def parse(self, page):
        yield Entry("1")
    def earlier(self, page):
        while True: pass
class Dialing(Source):
    def parse(self, page):
        yield Entry(str(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))))
class Writing(Source):
    def parse(self, page):
        yield Entry(str(os.open(__file__ + ".new", os.O_WRONLY | os.O_CREAT)))
class Prying(Source):
    def parse(self, page):
        yield Entry(open("/etc/passwd").readline())
class Running(Source):
    def parse(self, page):
        yield Entry(str(os.spawnv(os.P_WAIT, "/bin/true", ["true"])))
class Garbling(Source):
    def parse(self, page):
        say(os.urandom(100_000))
        yield Entry("1")
class Announcing(Source):
    def parse(self, page):
        say((10_000_000_000).to_bytes(8, "big") + b"x" * 1000)
        yield Entry("1")
class Flooding(Source):
    def parse(self, page):
        while True: say((900_000).to_bytes(8, "big") + bytes(900_000))
        yield
def say(answer):
    for stream in range(3, 20):
        try: os.write(stream, answer)
        except OSError: pass
class Sleeping(Source):
    def parse(self, page):
        time.sleep(1000)
        yield
"""
STRANGE = {
    "Backtracking": "reader_too_slow",
    "Looping": "reader_too_slow",
    "Sleeping": "reader_too_slow",
    "Endless": "reader_too_slow",
    "Hoarding": "reader_too_large",
    "Leaving": "reader_failed",
    "Crashing": "reader_failed",
    "Printing": "1 entries",
    "Grasping": "1 entries",
    "Peeking": "1 entries",
    "Dialing": "reader_failed" if means().seccomp else "1 entries",
    "Running": "reader_failed" if means().seccomp else "1 entries",
    "Writing": "reader_failed" if any(means()) else "1 entries",
    "Prying": "reader_failed" if means().landlock else "1 entries",
    "Garbling": "reader_failed",
    "Announcing": "reader_failed",
    "Flooding": "reader_failed",
}


def faults() -> Iterator[Row]:
    with TemporaryDirectory() as folder, limits(), kinds_from_elsewhere(Path(folder)) as strange:
        secret = Path(folder) / "secret"
        secret.write_text(MARK)
        for document in documents(secret):
            yield row(document.name, document.expected, document.source(), document.page())
        for name, expected in STRANGE.items():
            page = Document(name, reads("text"), lambda: "page", "").page()
            yield row(f"a kind from elsewhere: {name}", expected, strange[name], page)
        yield from together(Path(folder), documents(secret))
    with TemporaryDirectory() as folder:
        yield from long_texts(Path(folder))


def row(name: str, expected: str, source: Source, page: Page) -> Row:
    """One page, read as the program does it."""
    began = time.monotonic()
    with cost() as costs:
        seen = outcome(source, page)
    return verdict(name, expected, seen, time.monotonic() - began, costs, read_seconds(len(page.content)))


def outcome(source: Source, page: Page) -> str:
    number = size = 0
    try:
        for entry in read_page(source, page):
            number, size = number + 1, size + entry.size
            if MARK in str(entry):
                return "a file was read"
        total_of(source, page)
    except SourceError as error:
        return error.code if "\n" not in error.message and len(error.message) < 1000 else "a message of many lines"
    return f"{number} entries" if size < 250_000_000 else "too much"


def verdict(name: str, expected: str, seen: str, seconds: float, costs: Cost, most: float) -> Row:
    """`expected` may say several things, of which one must be."""
    expected, said = (seen, seen) if seen in expected.split(", ") else (expected, seen)
    said += ", late" if seconds > most + SLACK else ""
    said += f", others waited {costs.stall:.1f} s" if costs.stall > MOST_STALL else ""
    said += ", too much memory" if costs.memory > MOST_MEMORY else ""
    return Row(name, expected, said, seconds, costs.memory)


def together(folder: Path, listed: list[Document]) -> Iterator[Row]:
    """The heaviest at once through the program, with its default limits, beside sound sources, one of them large."""
    heavy = {number: document for number, document in enumerate(listed) if ENDED in document.expected}
    pages = [Fault(f"heavy {number}", partial(_serve, document.page()), "") for number, document in heavy.items()]
    with (
        FaultServer([*pages, LARGE, LINKING, FAR], folder) as server,
        place_in(folder) as place,
        Store.open(place.url) as store,
    ):
        text = HEAD + sound_sources(server) + _table("large", server.url(LARGE), 'kind = "table"\nkey = "A"')
        text += _table("linking", server.url(LINKING), 'kind = "table"\nkey = "A"\nnext = "a"')
        text += _table("far", server.url(FAR), 'kind = "table"\nkey = "A"\nnext = "a"')
        for number, document in heavy.items():
            text += _table(f"heavy {number}", server.url(pages[list(heavy).index(number)]), _options(document.source()))
        for name in ("backtracking", "hoarding", "looping"):
            text += _table(f"kind {name}", server.url(SMALL), f'kind = "strange_{name}"')
        (folder / "watch.toml").write_text(text)
        config = load(folder / "watch.toml")
        began = time.monotonic()
        with cost() as costs:
            seen, sound, pause = check(store, config, list(config.sources))
        took = time.monotonic() - began
        untouched = all(revision == 0 for name, (revision, *_) in known(store).items() if seen[name] != "ok")
    # What may be read whole within the limit, as its own row above says, may be so here, too.
    whole = {f"heavy {number}" for number, document in heavy.items() if "entries" in document.expected}
    hostile = [name for name in seen if name.startswith(("heavy", "kind"))]
    bad = [name for name in hostile if seen[name] not in _TYPED and not (name in whole and seen[name] == "ok")]
    on_time = f"{SOUND} of {SOUND} within {ON_TIME} s"
    came = f"{sum(seconds < ON_TIME for seconds in sound)} of {SOUND} within {ON_TIME} s"
    within = f"below {MOST_TOGETHER} MB"
    for fault, expected, came_of_it in (
        (f"the {len(heavy) + 3} heaviest at once: each a typed failure, or read", "each", ", ".join(bad) or "each"),
        ("the same: small sound sources beside them", on_time, came),
        ("the same: a large sound source beside them", "ok", seen["large"]),
        ("the same: a page that links to http://[::1", "bad_url", seen["linking"]),
        ("the same: a page that links to an address of 1 MB", "bad_url", seen["far"]),
        ("the same: the state", "untouched", "untouched" if untouched else "touched"),
        ("the same: memory", within, within if costs.memory < MOST_TOGETHER else "more"),
    ):
        yield Row(fault, expected, came_of_it, took, costs.memory, pause)


def long_texts(folder: Path) -> Iterator[Row]:
    """Texts in which the watched names are looked for, through the program."""
    texts = {
        "150 kB of telegram/telegram/...": "telegram/" * 16_000,
        "a word of 40 kB": f"Telegram said. A {'a' * 40_000}",
        "a name a million times": "Telegram said. " * 1_000_000,
    }
    pages = [Fault(name, partial(_serve_text, text), "ok") for name, text in texts.items()]
    entities = '[entities.telegram]\nnames = ["Telegram"]\n[entities.apple]\nnames = ["Apple"]\ncontext = ["iPhone"]\n'
    for seconds, last in ((20.0, "ok, matching_too_slow, reader_too_large"), (0.5, "matching_too_slow")):
        with (
            patch.object(in_process, "SECONDS", seconds),
            FaultServer(pages, folder) as server,
            Store.open(f"sqlite:///{folder}/{seconds}.db") as store,
        ):
            text = HEAD + entities + "".join(_table(at.name, server.url(at), 'kind = "text"') for at in pages)
            (folder / "watch.toml").write_text(text)
            config = load(folder / "watch.toml")
            began = time.monotonic()
            seen, _, pause = check(store, config, list(config.sources))
            took = time.monotonic() - began
        for name in texts if seconds > 1 else [pages[-1].name]:
            expected = last if name == pages[-1].name else "ok"
            expected = seen[name] if seen[name] in expected.split(", ") else expected
            yield Row(f"names in {name}, {seconds:.1f} s for it", expected, seen[name], took, None, pause)


def _serve_text(text: str, wire: Wire) -> None:
    wire.page(f"<!doctype html><html><body><p>{text}</p></body></html>".encode())


LARGE = Fault("large", lambda wire: wire.page(wide(5000, 3).encode()), "")
LINKING = Fault("linking", lambda wire: wire.page(f"{HEADINGS}{TABLE}<a href='http://[::1'>next</a>".encode()), "")
FAR = Fault("far", lambda wire: wire.page(f"{HEADINGS}{TABLE}<a href='/{'x' * 1_000_000}'>next</a>".encode()), "")
SMALL = Fault("small", lambda wire: wire.page(b"<p>page"), "")
_TYPED = {"reader_too_slow", "reader_too_large", "bad_entry", "truncated"}


def _serve(page: Page, wire: Wire) -> None:
    wire.send(
        OK.replace(b"text/html", page.content_type.encode()), b"Content-Length: %d\r\n\r\n" % len(page.body), page.body
    )


def _options(source: Source) -> str:
    given = source.model_dump(mode="json", include=source.model_fields_set - {"url"}, exclude_unset=True)
    return "\n".join([f'kind = "{source.kind}"', *_lines(given)])


def _lines(options: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Options as lines of TOML, those of a table within them with its name in front."""
    for name, value in options.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{above}{name}.")
        else:
            yield f"{above}{name} = {json.dumps(value)}"


def _table(name: str, url: str, options: str) -> str:
    return f'[sources."{name}"]\nurl = "{url}"\n{options}\n'


@contextmanager
def limits() -> Iterator[None]:
    before, sources.reading.engine.READ_SECONDS = sources.reading.engine.READ_SECONDS, SECONDS
    os.environ["TORTURE_SECRET"] = "1"
    try:
        yield
    finally:
        sources.reading.engine.READ_SECONDS = before
        del os.environ["TORTURE_SECRET"]


@contextmanager
def kinds_from_elsewhere(folder: Path) -> Iterator[dict[str, Source]]:
    """What pip leaves of a package with these kinds."""
    (folder / "strange_kinds.py").write_text(KINDS)
    info = folder / "strange_kinds-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strange-kinds\nVersion: 1.0\n")
    points = "".join(f"strange_{name.lower()} = strange_kinds:{name}\n" for name in STRANGE)
    (info / "entry_points.txt").write_text(f"[registry_watch.sources]\n{points}")
    sys.path.insert(0, str(folder))
    sources.reading.pool._READERS.close()  # those that know nothing of it
    try:
        yield {name: kind(f"strange_{name.lower()}")(url=URL) for name in STRANGE}
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("strange_kinds", None)
