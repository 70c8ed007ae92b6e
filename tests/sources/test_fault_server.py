"""What a server can do wrong on the wire: tests/torture/wire.py has the whole list, `make torture` its table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from sources import AddressRefused, Get, Source
from sources.fetch import Fetcher
from sources.options import HttpOptions
from sources.transport import Network
from sources.unpack import collect
from tests.torture.faults_wire import DEADLINE, SLACK, outcome, table
from tests.torture.measure import cost
from tests.torture.program import PRIVATE, now
from tests.torture.wire import PAGE, Fault, FaultServer, LoopbackOnly, faults, longer

ALL = faults()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultServer]:
    with FaultServer(ALL, tmp_path_factory.mktemp("certificates")) as made:
        yield made


@pytest.fixture
def dialler() -> LoopbackOnly:
    return LoopbackOnly()


@pytest.fixture
def guarded(dialler: LoopbackOnly) -> Iterator[Fetcher]:
    """A fetcher that may go to 127.0.0.1 and nowhere else, and whose dialler would not take it elsewhere."""
    http = HttpOptions(private_addresses=PRIVATE)
    with closing(Fetcher(http, clock=now, network=Network(PRIVATE, dialer=dialler))) as made:
        yield made


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_ends_in_time_as_the_failure_that_it_is(
    server: FaultServer, guarded: Fetcher, dialler: LoopbackOnly, fault: Fault
) -> None:
    if not server.serves(fault):
        pytest.skip("the openssl command is not installed")
    with cost() as costs:
        seen, seconds = outcome(guarded, table(server, fault))
    assert (seen, dialler.strangers) == (fault.expected, [])
    assert seconds < DEADLINE + SLACK
    assert costs.memory < 100


def test_what_follows_an_answer_is_not_taken_for_the_next_one(server: FaultServer, guarded: Fetcher) -> None:
    fault = next(fault for fault in ALL if fault.talk is longer)
    session = guarded.session(Source())
    assert session.fetch(Get(server.url(fault))).body == PAGE
    assert session.fetch(Get(server.url(Fault("sound", longer, "read")))).body == PAGE


def test_a_redirect_is_checked_like_a_first_request(server: FaultServer, guarded: Fetcher) -> None:
    fault = next(fault for fault in ALL if fault.name == "redirect to a cloud's metadata")
    with pytest.raises(AddressRefused, match=r"^169\.254\.169\.254 is not on the public internet"):
        guarded.session(Source()).fetch(Get(server.url(fault)))


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
