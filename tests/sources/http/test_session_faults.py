"""Faults of a server on the wire: tests/torture/wire.py has the whole list, `make torture` the table."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from sources import AddressRefused, Get, Page
from sources.formats.unpack import Spool
from sources.options import HttpOptions
from tests.conftest import ByHttpcore, LoopFetcher, fetch
from tests.torture.faults_wire import outcome, table
from tests.torture.measure import cost
from tests.torture.program import PRIVATE, now
from tests.torture.wire import PAGE, Fault, FaultServer, dialling, faults, longer
from watcher.check.fetching import Begun, CheckIO
from watcher.runtime.event_loop import LONG, Pauses, make_runner
from watcher.runtime.scheduler import Scheduler

ALL = faults()

# Another process of the suite is busy beside this one. `make torture` has one deadline for all faults, and half a second more.
HANGS = 0.5  # seconds for a fault that never ends: each is waited for
PATIENCE = 60.0  # seconds for a fault that ends by itself, such as a bomb that is unpacked up to its limit
SLACK = 5.0  # seconds


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultServer]:
    with FaultServer(ALL, tmp_path_factory.mktemp("certificates")) as made:
        yield made


@pytest.fixture(autouse=True, scope="module")
def own_garbage() -> None:
    """No pause is a collection of what thousands of tests before these have left in this process."""
    gc.collect()
    gc.freeze()


class Guarded(NamedTuple):
    """A fetcher that may only connect to 127.0.0.1, and a record of other addresses that it tried."""

    fetcher: LoopFetcher
    strangers: list[Any]


@pytest.fixture(params=["aiohttp", "httpcore"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Guarded]:
    kind = LoopFetcher if request.param == "aiohttp" else ByHttpcore
    with dialling() as strangers, closing(kind(HttpOptions(private_addresses=PRIVATE), clock=now)) as fetcher:
        yield Guarded(fetcher, strangers)


@pytest.mark.deadline  # `timeout`, and no pause of the event loop of half a second of processor time
@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_ends_in_time_as_the_failure_that_it_is(server: FaultServer, guarded: Guarded, fault: Fault) -> None:
    if not server.serves(fault):
        pytest.skip("the openssl command is not installed")
    pauses, deadline = Pauses(), HANGS if fault.expected == "timeout" else PATIENCE
    source = table(server, fault).model_copy(update={"timeout": timedelta(seconds=deadline)})
    with cost() as costs, make_runner(pauses) as runner:
        seen, seconds = outcome(guarded.fetcher, source, runner)
    assert (seen, guarded.strangers) == (fault.expected, [])
    assert seconds < deadline + SLACK
    assert costs.memory < 100
    assert pauses.longest < LONG


def test_what_follows_an_answer_is_not_taken_for_the_next_one(server: FaultServer, guarded: Guarded) -> None:
    fault = next(fault for fault in ALL if fault.talk is longer)
    for url in (server.url(fault), server.url(Fault("sound", longer, "read"))):
        assert fetch(guarded.fetcher, url).body == PAGE


def test_a_redirect_is_checked_like_a_first_request(server: FaultServer, guarded: Guarded) -> None:
    fault = next(fault for fault in ALL if fault.name == "redirect to a cloud's metadata")
    with pytest.raises(AddressRefused, match=r"^169\.254\.169\.254 is not on the public internet"):
        fetch(guarded.fetcher, server.url(fault))


def spooled(pieces: Iterable[bytes], limit: int) -> bytes:
    with Spool(limit, "here") as spool:
        for piece in pieces:
            spool.write(piece)
        return spool.content()


def test_a_body_that_is_too_large_takes_no_memory_while_it_comes() -> None:
    piece = b"x" * 65536
    with cost() as costs:
        body = spooled((piece for _ in range(3)), 10**6)
        with pytest.raises(Exception, match="larger than"):
            spooled((bytes(65536) for _ in range(2000)), 10**8)
    assert body == piece * 3
    assert costs.memory < 20


def test_where_no_file_can_be_written_a_large_body_is_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    assert spooled((b"x" * 65536 for _ in range(40)), 10**7) == b"x" * 65536 * 40


@pytest.mark.deadline  # no turn of half a second of processor time
@pytest.mark.parametrize("name", ["100 Continue for ever", "body of 10 GB, unannounced", "endless chunks"])
@pytest.mark.parametrize("kind", [LoopFetcher, ByHttpcore], ids=["aiohttp", "httpcore"])
def test_a_flood_leaves_the_others_their_turn(server: FaultServer, name: str, kind: type[LoopFetcher]) -> None:
    """All requests of checks go out in one event loop: no response may block it for long."""
    fault = next(fault for fault in ALL if fault.name == name)
    get, source = Get(server.url(fault)), table(server, fault)

    async def flood() -> float:
        dispatcher, fetcher = (
            Scheduler[Page](spacing=timedelta()),
            kind(HttpOptions(private_addresses=PRIVATE), clock=now),
        )
        dispatcher.take(Begun("flood", asking(get), fetcher.session(source)))
        longest = 0.0
        while len(dispatcher):
            began = time.thread_time()  # what the machine does besides is not the flood's
            await dispatcher.step(0.01)
            longest = max(longest, time.thread_time() - began)
        await dispatcher.aclose()
        await fetcher.aclose()
        return longest

    assert asyncio.run(flood()) < LONG


def asking(get: Get) -> Callable[[CheckIO], Awaitable[Page]]:
    return lambda io: io.fetch(get)
