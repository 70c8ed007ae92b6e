"""The lock for sending on a PostgreSQL server: a lease, lost by a process that is suspended, killed, or lets
go of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from state.db import postgres as lease
from state.errors import StateError
from state.store import Store
from tests import postgres

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)


@pytest.fixture(autouse=True)
def long_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests backdate rows to before their server's start: that must not count as a restart."""
    monkeypatch.setattr(lease, "_SETTLED", 0.0)


@pytest.fixture
def stores(name: str) -> Iterator[tuple[Store, Store]]:
    """Two processes, as far as the lease is concerned."""
    url = postgres.shared().url(name)
    with Store.open(url) as one, Store.open(url) as two:
        yield one, two


@pytest.fixture
def stuck(stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A holder that is suspended: it does not renew the lease."""
    monkeypatch.setattr(lease.Lease, "_renew", lambda self, done: done.wait())
    with ExitStack() as stack:
        assert stack.enter_context(stores[0].database.sending_lock(0))
        yield stores[0]


def age(name: str, seconds: float) -> None:
    """Backdate the lease's last renewal by so many seconds."""
    past = f"interval '{seconds} s'"
    postgres.shared().sql(f"UPDATE leases SET renewed = renewed - {past}, until = until - {past}", name)


def test_one_at_a_time_and_the_next_as_soon_as_it_lets_go(stores: tuple[Store, Store]) -> None:
    one, two = stores
    with one.database.sending_lock(0) as ours, two.database.sending_lock(0) as theirs:
        assert (ours, theirs) == (True, False)
    with two.database.sending_lock(0) as ours:
        assert ours


def test_it_is_renewed_for_as_long_as_it_is_held(
    stores: tuple[Store, Store], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW", 0.05)
    with stores[0].database.sending_lock(0):
        age(name, 20)
        time.sleep(0.5)
        [(left,)] = postgres.shared().sql("SELECT extract(epoch FROM until - now()) FROM leases", name)
        assert left > 25


def test_who_stands_still_loses_it_and_must_not_send(stores: tuple[Store, Store], stuck: Store, name: str) -> None:
    age(name, lease.SPAN - 1)
    with stores[1].database.sending_lock(0) as theirs:
        assert not theirs
    age(name, 2)
    with stores[1].database.sending_lock(0) as theirs:
        assert theirs
    stuck._database._lease._ends = 0.0  # type: ignore[attr-defined] - as its own clock tells it
    with pytest.raises(StateError, match="another process has gone on with sending"):
        stuck.outbox.must_send()


def test_who_holds_it_no_longer_by_its_own_clock_must_not_send(stuck: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck.outbox.must_send()
    now = lease._now()
    monkeypatch.setattr(lease, "_now", lambda: now + lease.SPAN)
    with pytest.raises(StateError, match="this one stood still"):
        stuck.outbox.must_send()


def test_who_went_on_after_a_pause_does_not_take_it_back(stores: tuple[Store, Store], name: str) -> None:
    one, two = stores
    with one.database.sending_lock(0):
        age(name, lease.SPAN + 1)
        with two.database.sending_lock(0):
            time.sleep(2 * lease.RENEW)
            with pytest.raises(StateError):
                one.outbox.must_send()


def test_a_holder_whose_connection_is_gone_is_gone_after_some_seconds(
    stores: tuple[Store, Store], stuck: Store, name: str
) -> None:
    postgres.shared().sql("UPDATE leases SET session = 999999", name)
    with stores[1].database.sending_lock(0) as theirs:
        assert not theirs
    age(name, 4)
    with stores[1].database.sending_lock(0) as theirs:
        assert theirs


def test_after_a_restart_of_the_server_its_holder_may_come_back_first(
    stores: tuple[Store, Store], stuck: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "_SETTLED", 1e9)
    monkeypatch.setattr(lease, "_GRACE", 1.0)
    age(name, 1e6)
    postgres.shared().sql("UPDATE leases SET session = 999999", name)
    began = time.monotonic()
    with stores[1].database.sending_lock(0) as theirs:
        assert not theirs
    with stores[1].database.sending_lock(60) as theirs:
        waited = time.monotonic() - began
        assert theirs
    assert waited >= 1.0


def test_a_lease_from_before_a_restart_long_ago_is_nobodys(
    stores: tuple[Store, Store], stuck: Store, name: str
) -> None:
    age(name, 1e6)
    with stores[1].database.sending_lock(0) as theirs:
        assert theirs
