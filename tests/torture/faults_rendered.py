"""Bad wires and bad pages as a browser meets them, through the program: three runs, of which the second meets the faults.

The first reads every source, the third must find in each the one change that came meanwhile. The reason may be another
than for a plain request, as it is Chromium that reads the wire: `IN_A_BROWSER`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.torture.databases import place_in
from tests.torture.pages import answers, pages
from tests.torture.processes import Program
from tests.torture.program import HEAD
from tests.torture.rendering import BROWSER, NOTHING, Traces, skipped
from tests.torture.rows import Row
from tests.torture.wire import PAGE, Fault, FaultServer
from tests.torture.wire import faults as wire_faults

TITLE = "Bad wires and bad pages, rendered"
SECONDS = 15  # the time limit of a visit
EACH = 5  # one source in so many is read before and after the faults, too
SETTINGS = f'{BROWSER}{HEAD}max_bytes = 20000000\nuser_agent = "registry-watch-torture"\n'
SOUND = ("sound 1", "sound 2")
LATER = timedelta(hours=7)  # than any server may ask to be left alone
CHANGED = b"name 7</td>", b"another name</td>"

# Chromium trusts no certificate of ours, and `ca_file` is refused: what needs TLS that is trusted cannot be met.
UNMET = {"redirect from https to http"}
# What is the same as another fault where Chromium reads the wire.
ALIKE = {
    *("headers, a line each 0.4 s", "silence in the body", "100 Continue for ever", "reset in the headers"),
    *("half-open in the body", "chunked, no length", "gzip in gzip", "gzip, a bit flipped", "gzip, a lie"),
    *("gzip bomb in one chunk", "gzip bomb in small chunks", "body of 10 GB, announced", "endless chunks"),
    *("one endless chunk", "99 kB of spaces in a header", "one length, twice", "one length, twice in a line"),
    *("300 headers", "redirect to metadata, spelt oddly", "redirect to metadata in IPv6", "100 hops"),
    *("redirect to another loopback address", "100,000 headers", "escape codes in a header"),
    *("429, wait 120 s", "429, wait until a date", "503, wait until a date", "503, wait for 30,000 years"),
    *("503, wait for 10^400 s", "503, wait until the year 9999", "503, wait for -5 bananas"),
}
# What comes of a fault where it is Chromium that reads the wire. It unpacks what lies or lacks its end; what it does not
# unpack as a whole is empty; it has no words for a bad head.
IN_A_BROWSER: Mapping[str, str] = {
    "two lengths": "bad_response",
    "a length below nothing": "not_found",
    "gzip, cut": "read",
    "gzip bomb, 200 MiB": "empty_body, timeout, too_large",
    "gzip, 100,000 empty members": "empty_body",
    "page of 100 MB": "too_large, timeout",
    "body of 10 GB, unannounced": "too_large, timeout, browser_memory",
    "6 MB in chunks of one byte": "timeout, too_large",  # 36 MB on the wire, if they come in time
    "endless trailers": "too_large",
    "304 with a body, not asked for": "bad_response",
    "204 with a body": "bad_response",
    "redirect to an address of 1 MB": "unreachable",
    "redirect to an address of 9 kB": "bad_url",
    "redirect to gopher:": "bad_response",
    "header of 1 MiB": "unreachable",
    "garbage": "unreachable",
}


class Source(NamedTuple):
    """A fault, what it comes to in a browser, and whether the source is read before and after it, too."""

    fault: Fault
    expected: str
    known: bool


def listed() -> dict[str, Source]:
    """The sources by their names."""
    wire = [fault for fault in wire_faults() if fault.name not in UNMET | ALIKE]
    sound = [Fault(name, lambda wire: wire.page(PAGE), "read") for name in SOUND]
    return {
        f"fault-{number}": Source(
            fault, IN_A_BROWSER.get(fault.name, fault.expected), fault.server == "plain" and number % EACH == 0
        )
        for number, fault in enumerate([*wire, *pages(), *sound])
    }


def faults() -> Iterator[Row]:
    if nothing := skipped():
        yield nothing
        return
    sources = listed()
    served = [*(each.fault for each in sources.values()), *answers()]
    with (
        TemporaryDirectory(prefix="torture-") as name,
        FaultServer(served, Path(name)) as server,
        place_in(Path(name)) as place,
    ):
        program, traces = Program(Path(name), place), Traces(Path(name))
        program.configure(configuration(place.url, server, sources))
        try:
            yield from tortured(program, traces, server, sources)
        finally:
            program.close()


def configuration(state: str, server: FaultServer, sources: Mapping[str, Source]) -> str:
    text = f'state = "{state}"\n{SETTINGS}'
    for name, source in sources.items():
        url = server.url(source.fault)
        text += (
            f'[sources.{name}]\nkind = "table"\nkey = "No"\nfetch = "browser"\nurl = "{url}"\ntimeout = "{SECONDS}s"\n'
        )
    return text


def tortured(program: Program, traces: Traces, server: FaultServer, sources: Mapping[str, Source]) -> Iterator[Row]:
    known = [name for name, source in sources.items() if source.known]
    server.well = True
    results, _ = checked(program, known)
    unread = {sources[name].fault.name for name in known if results[name]["status"] != "baseline"}
    assert not unread, f"not read while the server is well: {unread}"

    server.well = False
    results, took = checked(program, list(sources))
    for name, source in sources.items():
        yield row(source, results[name])
    yield Row("all of them: what is invented", "0 changes", f"{program.changes()} changes", took, pause=program.pause)
    yield Row("all of them: left behind", NOTHING, traces.left(), 0)

    server.well, server.sound = True, PAGE.replace(*CHANGED)
    program.shift(LATER)
    results, took = checked(program, known)
    lost = [sources[name].fault.name for name in known if len(results[name]["changes"]) != 1]
    expected = f"one change in each of {len(known)}"
    yield Row("the next check", expected, f"lost: {', '.join(lost)}" if lost else expected, took)


def checked(program: Program, names: Sequence[str]) -> tuple[dict[str, dict[str, Any]], float]:
    """One run: the result of each of these sources, and the seconds that it took."""
    began = time.monotonic()
    ran = program.run("--once", "--json", *(word for name in names for word in ("--source", name)), seconds=500)
    assert ran.code in (0, 1), f"exit {ran.code}: {ran.err[-300:]}"
    return {each["name"]: each for each in ran.json["sources"]}, time.monotonic() - began


def row(source: Source, result: Mapping[str, Any]) -> Row:
    """`expected` may say several things, of which one must be; `read` is where the source has its 40 rows."""
    seen = result["reason"] or ("read" if result["entries"] == 40 else f"{result['entries']} entries")
    allowed = source.expected.partition(", wait")[0].split(", ")
    return Row(source.fault.name, seen if seen in allowed else source.expected, seen, 0)
