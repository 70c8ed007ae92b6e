"""Rate limits per host, shared by workers on one database."""

from __future__ import annotations

import threading
import time
from itertools import combinations

import pytest

from state.storage.workers import HELD, HostPace, Wanted
from state.store import Store
from tests import postgres

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)


@pytest.fixture
def url(name: str) -> str:
    return postgres.shared().url(name)


def worker(store: Store, name: str) -> HostPace:
    return store.claims(name).pace()


def ask(by: HostPace, active: int = 0, more: int = 1, *, spacing: float = 0, per_host: int = 2) -> float:
    """Ask to send `more` requests to the host: 0 if granted, else the seconds until the next attempt."""
    return by.ask([Wanted("h:80", active, more)], spacing=spacing, per_host=per_host)["h:80"]


def age(name: str, seconds: float) -> None:
    """Backdate what workers said of their requests by so many seconds."""
    said = f"json_build_array(value->0, CAST(value->>1 AS float8) - {seconds})"
    busy = f"SELECT json_object_agg(key, {said}) FROM json_each(hosts.busy)"
    postgres.shared().sql(f"UPDATE hosts SET busy = ({busy})", name)


def test_the_time_between_two_requests_holds_for_all_workers_together(store: Store) -> None:
    one, two = worker(store, "one"), worker(store, "two")
    waits = [
        by.ask([Wanted("h:80", 0, 1), Wanted(f"own{n}:80", 0, 1)], spacing=200.0, per_host=9)
        for n, by in enumerate([one, two, one])
    ]
    assert [wait[f"own{n}:80"] for n, wait in enumerate(waits)] == [0, 0, 0]
    assert waits[0]["h:80"] == 0
    assert all(100 < wait["h:80"] <= 200 for wait in waits[1:])


def test_of_many_that_ask_for_a_host_one_may_go_at_a_time(store: Store) -> None:
    went: list[tuple[float, float]] = []  # the times before and after a question whose answer was: go

    def go(by: HostPace) -> None:
        asked = time.monotonic()
        while (wait := ask(by, spacing=0.15, per_host=9)) > 0:
            time.sleep(wait)
            asked = time.monotonic()
        went.append((asked, time.monotonic()))

    threads = [threading.Thread(target=go, args=(worker(store, str(number)),)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(went) == 5
    assert all(max(a[1], b[1]) - min(a[0], b[0]) > 0.149 for a, b in combinations(went, 2))


def test_so_many_requests_to_a_host_are_under_way_by_all_workers_together(store: Store) -> None:
    one, two, three = (worker(store, name) for name in ("one", "two", "three"))
    assert ask(one) == 0
    assert ask(two) == 0
    assert ask(three) > 0
    one.tell({"h:80": 0})
    assert ask(three) == 0
    assert ask(one) > 0


def test_several_may_go_at_once_or_none(store: Store) -> None:
    one, two = worker(store, "one"), worker(store, "two")
    assert ask(one, more=3, per_host=4) == 0
    assert ask(two, more=2, per_host=4) > 0
    assert ask(two, more=1, per_host=4) == 0
    assert ask(one, active=3, more=1, per_host=4) > 0


def test_requests_of_a_worker_that_died_do_not_count_for_long(store: Store, name: str) -> None:
    one, two = worker(store, "one"), worker(store, "two")
    assert ask(one, more=2) == 0
    assert ask(two) > 0
    age(name, HELD.total_seconds() - 3)
    assert ask(two) > 0
    age(name, 4)
    assert ask(two) == 0


def test_requests_that_take_long_count_as_long_as_their_worker_tells_of_them(store: Store, name: str) -> None:
    one, two = worker(store, "one"), worker(store, "two")
    assert ask(one, more=2) == 0
    for _ in range(3):
        age(name, HELD.total_seconds() - 3)
        one.tell({"h:80": 2})
        assert ask(two) > 0


def test_of_many_workers_that_ask_at_once_no_more_than_may_go_do(store: Store) -> None:
    went: list[str] = []

    def go(name: str) -> None:
        if ask(worker(store, name), per_host=3) == 0:
            went.append(name)

    threads = [threading.Thread(target=go, args=(str(number),)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(went) == 3


def test_telling_of_a_host_that_nobody_asked_for_is_no_error(store: Store) -> None:
    worker(store, "one").tell({"never:80": 1})
    worker(store, "one").tell({})
