"""Bad wires: each fault alone against its deadline, then all of them at once through the program, beside sound sources."""

from __future__ import annotations

import time
from asyncio import Runner
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from sources import FetchError, Get, Source, SourceError
from sources.http.guard import Private
from sources.http.session import Fetcher
from sources.loader import kind
from sources.options import HttpOptions
from sources.reading.engine import read_page
from state.store import Store
from tests.conftest import ByHttpcore
from tests.torture.databases import place_in
from tests.torture.measure import cost
from tests.torture.program import HEAD, PRIVATE, SOUND, check, known, now, sound_sources
from tests.torture.rows import Row
from tests.torture.wire import Fault, FaultServer, dialling
from tests.torture.wire import faults as all_faults
from watcher.config.load import load
from watcher.runtime.event_loop import Pauses, make_runner

TITLE = "Bad wires"
DEADLINE, SLACK = 1.0, 0.5  # seconds: of a request, and by how much more it may take
# Seconds: the deadline where all share one processor, perhaps with other programs, and when the sound ones have ended.
ALL_AT_ONCE, ON_TIME = 24, 12
MOST_MEMORY = 100  # MB by which the process may grow while all faults are at work
PROXY = "127.0.0.9"
SPELLINGS = (
    *("2852039166", "0xa9fea9fe", "169.254.43518", "169.254.169.254."),  # a metadata service
    *("10.1", "0x7f.1", "127.0.0.2", "192.168.0.1.", "localhost", "x.localhost.", "[::ffff:10.0.0.1]"),
    *("[fd00:ec2::254]", "[fd20:ce::254]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::a00:1]", "[2002:a9fe:a9fe::1]"),
)
GATEWAYS = "[64:ff9b::a00:1]", "[64:ff9b::7f00:1]", "[2a00:64::a00:1]", "[2a00:64::a9fe:a9fe]", "[2a00:64::c0a8:1]"


def faults() -> Iterator[Row]:
    """All rows."""
    with TemporaryDirectory() as folder, FaultServer(all_faults(), Path(folder)) as server:
        yield from alone(server)
        yield from elsewhere()
        yield from together(server, Path(folder))


def alone(server: FaultServer) -> Iterator[Row]:
    """Each fault by itself, by each of the two clients."""
    with dialling() as strangers:
        for fault in filter(server.serves, all_faults()):
            for kind, client in ((Fetcher, ""), (ByHttpcore, ", by httpcore")):
                pauses = Pauses()
                with make_runner(pauses) as runner:
                    fetcher = kind(HttpOptions(private_addresses=PRIVATE), clock=now)
                    seen, seconds = outcome(fetcher, table(server, fault), runner)
                yield row(fault._replace(name=fault.name + client), seen, seconds, pauses)
    yield Row("addresses dialled beside loopback", "none", ", ".join(host for host, _ in strangers) or "none", 0)


def elsewhere() -> Iterator[Row]:
    """Addresses that nobody may be led to: in a URL, through a proxy, and inside a network's own NAT64 prefix."""
    proxy, gateways = (ip_network(PROXY),), (ip_network("64:ff9b::/96"), ip_network("2a00:64::/96"))
    for host in SPELLINGS:
        yield refused("directly", host, "refuse", {})
        yield refused("through a proxy", host, proxy, {"proxy": f"http://{PROXY}:3128"})
    for host in GATEWAYS:
        yield refused("a gateway listed", host, gateways, {})


def refused(way: str, host: str, private: Private, options: dict[str, str]) -> Row:
    """One look at an address, by both clients: nothing may be dialled, neither it nor the proxy."""
    pauses, began, found = Pauses(), time.monotonic(), set[str]()
    source = kind("table").model_validate({"url": f"http://{host}/", "key": "No", "timeout": f"{DEADLINE}s"} | options)
    with dialling(loopback=False) as dialled, make_runner(pauses) as runner:
        for client in (Fetcher, ByHttpcore):
            found.add(outcome(client(HttpOptions(private_addresses=private), clock=now), source, runner)[0])
    seen = ", ".join([*sorted(found), *sorted({f"dialled {address}" for address, _ in dialled})])
    return Row(f"{way}: http://{host}/", "address_refused", seen, time.monotonic() - began, pause=pauses.longest)


def table(server: FaultServer, fault: Fault) -> Source:
    options = {"url": server.url(fault), "key": "No", "timeout": f"{DEADLINE}s"}
    return kind("table").model_validate(
        options | ({"ca_file": str(server.authority)} if server.authority.exists() else {})
    )


def outcome(fetcher: Fetcher, source: Source, runner: Runner) -> tuple[str, float]:
    """What came of one check, and how long it took. What is read is read outside the event loop, as the program does."""
    began = time.monotonic()
    try:
        page = runner.run(fetcher.session(source).fetch(Get(source.url or "")))
        seconds = time.monotonic() - began
        seen = "read" if len(list(read_page(source, page))) == 40 else "other entries"
    except SourceError as error:
        seconds = time.monotonic() - began
        wait = error.retry_after if isinstance(error, FetchError) else None
        seen = f"{error.code}, wait {60 * round(wait.total_seconds() / 60)} s" if wait else error.code
    runner.run(fetcher.aclose())
    return seen, seconds


def row(fault: Fault, seen: str, seconds: float, pauses: Pauses) -> Row:
    late = seconds > DEADLINE + SLACK
    return Row(fault.name, fault.expected, f"{seen}, late" if late else seen, seconds, pause=pauses.longest)


def together(server: FaultServer, folder: Path) -> Iterator[Row]:
    """All faults at once, as sources that were read before, with sound ones beside them."""
    listed = [fault for fault in all_faults() if server.serves(fault) and fault.server not in ("deaf", "no-tls")]
    names = {f"fault-{number}": fault for number, fault in enumerate(listed)}
    configuration = folder / "watch.toml"
    configuration.write_text(_configuration(server, names))
    config = load(configuration)
    with place_in(folder) as place, Store.open(place.url) as store:
        server.well = True
        check(store, config, {name for name, fault in names.items() if _readable(fault)})
        before = known(store)
        server.well = False
        with cost() as costs:
            began = time.monotonic()
            seen, sound, pause = check(store, config, set(config.sources))
            took = time.monotonic() - began
        after = known(store)
    kept = all(after[name] == before[name] for name in before if seen.get(name) != "ok")
    within, on_time = f"below {MOST_MEMORY} MB", f"{SOUND} of {SOUND} within {ON_TIME} s"
    for fault, expected, came in (
        (f"all {len(names)} at once: the failures", "as each alone", otherwise(names, seen) or "as each alone"),
        (
            "all at once: sound sources beside them",
            on_time,
            f"{sum(each < ON_TIME for each in sound)} of {SOUND} within {ON_TIME} s",
        ),
        ("all at once: the state", "unchanged", "unchanged" if kept else "changed"),
        ("all at once: memory", within, within if costs.memory < MOST_MEMORY else "more"),
    ):
        yield Row(fault, expected, came, took, costs.memory, pause)


def otherwise(names: dict[str, Fault], seen: dict[str, str]) -> str:
    """Which of them came to something else than each alone."""
    wrong = {
        fault.name: seen.get(name, "nothing")
        for name, fault in names.items()
        if seen.get(name) != ("ok" if fault.expected == "read" else fault.expected.partition(",")[0])
    }
    return "; ".join(f"{name}: {came}" for name, came in wrong.items())


def _readable(fault: Fault) -> bool:
    """Whether the source can be read while the server is well: its certificate may be wrong even then."""
    return fault.server in ("plain", "trusted")


def _configuration(server: FaultServer, names: dict[str, Fault]) -> str:
    text = HEAD + "max_bytes = 10000000\n"
    if server.authority.exists():
        text += f'ca_file = "{server.authority}"\n'
    for name, fault in names.items():
        text += (
            f'[sources.{name}]\nkind = "table"\nkey = "No"\nurl = "{server.url(fault)}"\ntimeout = "{ALL_AT_ONCE}s"\n'
        )
    return text + sound_sources(server)
