"""What a server can do wrong on the wire: tests/torture/wire.py has the whole list, `make torture` its table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from sources import AddressRefused, Get, Source
from sources.fetch import Fetcher
from sources.options import HttpOptions
from sources.transport import Network
from sources.unpack import collect
from tests.conftest import Wired
from tests.torture.faults_wire import DEADLINE, SLACK, outcome, table
from tests.torture.measure import cost
from tests.torture.program import PRIVATE, now
from tests.torture.wire import PAGE, Fault, FaultServer, LoopbackOnly, dialling, faults, longer
from watcher.dispatch import Dispatcher
from watcher.task import Ask

ALL = faults()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultServer]:
    with FaultServer(ALL, tmp_path_factory.mktemp("certificates")) as made:
        yield made


class Guarded(NamedTuple):
    """A fetcher that may go to 127.0.0.1 and nowhere else, and where else it would have gone, had it been let."""

    fetcher: Fetcher
    strangers: list[Any]


@pytest.fixture(params=["by wire", "in a thread"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Guarded]:
    dialler, http = LoopbackOnly(), HttpOptions(private_addresses=PRIVATE)
    with dialling() as strangers, ExitStack() as stack:
        if request.param == "by wire":
            yield Guarded(stack.enter_context(closing(Wired(http, clock=now))), strangers)
        else:
            network = Network(PRIVATE, dialer=dialler)
            made = stack.enter_context(closing(Fetcher(http, clock=now, network=network)))
            yield Guarded(made, dialler.strangers)


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_ends_in_time_as_the_failure_that_it_is(server: FaultServer, guarded: Guarded, fault: Fault) -> None:
    if not server.serves(fault):
        pytest.skip("the openssl command is not installed")
    with cost() as costs:
        seen, seconds = outcome(guarded.fetcher, table(server, fault))
    assert (seen, guarded.strangers) == (fault.expected, [])
    assert seconds < DEADLINE + SLACK
    assert costs.memory < 100


def test_what_follows_an_answer_is_not_taken_for_the_next_one(server: FaultServer, guarded: Guarded) -> None:
    fault = next(fault for fault in ALL if fault.talk is longer)
    session = guarded.fetcher.session(Source())
    assert session.fetch(Get(server.url(fault))).body == PAGE
    assert session.fetch(Get(server.url(Fault("sound", longer, "read")))).body == PAGE


def test_a_redirect_is_checked_like_a_first_request(server: FaultServer, guarded: Guarded) -> None:
    fault = next(fault for fault in ALL if fault.name == "redirect to a cloud's metadata")
    with pytest.raises(AddressRefused, match=r"^169\.254\.169\.254 is not on the public internet"):
        guarded.fetcher.session(Source()).fetch(Get(server.url(fault)))


def test_a_body_that_is_too_large_takes_no_memory_while_it_comes() -> None:
    piece = b"x" * 65536
    with cost() as costs:
        body = collect((piece for _ in range(3)), 10**6, "here")
        with pytest.raises(Exception, match="larger than"):
            collect((bytes(65536) for _ in range(2000)), 10**8, "here")
    assert body == piece * 3
    assert costs.memory < 20


def test_where_no_file_can_be_written_a_large_body_is_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    assert collect((b"x" * 65536 for _ in range(40)), 10**7, "here") == b"x" * 65536 * 40


@pytest.mark.parametrize("name", ["100 Continue for ever", "body of 10 GB, unannounced", "endless chunks"])
def test_a_flood_leaves_the_others_their_turn(server: FaultServer, name: str) -> None:
    """All requests of checks go out in one thread: none of them may keep it for long."""
    fault = next(fault for fault in ALL if fault.name == name)
    with (
        closing(Dispatcher(spacing=timedelta())) as dispatcher,
        closing(Fetcher(HttpOptions(private_addresses=PRIVATE), clock=now)) as fetcher,
    ):
        dispatcher.start(
            "flood", asking(Get(server.url(fault))), fetcher.session(table(server, fault)), timedelta(seconds=9)
        )
        longest = 0.0
        while len(dispatcher):
            began = time.monotonic()
            list(dispatcher.step(0.01))
            longest = max(longest, time.monotonic() - began)
    assert longest < 0.5


def asking(get: Get) -> Any:
    return (yield Ask(get))
