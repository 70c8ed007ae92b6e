"""Claims of workers, and rate limits per host, on a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from state.errors import StateError
from state.model import CheckTimes, Commit, Health, SourceState, Status
from state.storage.workers import Claims
from state.store import Store
from tests import postgres
from tests.storing import set_due

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)

PAST = datetime(2025, 7, 14, 12, tzinfo=UTC)


@pytest.fixture
def name() -> Iterator[str]:
    server = postgres.shared()
    name = server.new("state")
    yield name
    server.drop(name)


@pytest.fixture
def url(name: str) -> str:
    return postgres.shared().url(name)


@pytest.fixture
def one(store: Store) -> Claims:
    return store.claims("one")


@pytest.fixture
def two(store: Store) -> Claims:
    return store.claims("two")


def watch(claims: Claims, **dues: datetime) -> None:
    claims.watch(dues, claims.read_schedule())


def run_out(name: str) -> None:
    """Expire all leases."""
    postgres.shared().sql("UPDATE sources SET lease = now() - interval '1 second' WHERE lease IS NOT NULL", name)


def test_what_is_due_is_claimed_once_with_the_longest_due_first(one: Claims, two: Claims) -> None:
    watch(one, **{f"s{number}": PAST + timedelta(seconds=number) for number in reversed(range(7))})
    assert one.claim(3) == {f"s{number}": PAST + timedelta(seconds=number) for number in range(3)}
    assert sorted(two.claim(100)) == ["s3", "s4", "s5", "s6"]
    assert one.claim(100) == {}


def test_what_is_not_due_or_not_watched_is_not_claimed(one: Claims) -> None:
    watch(one, now=PAST, later=datetime.now(UTC) + timedelta(hours=1), gone=PAST)
    watch(one, now=PAST, later=datetime.now(UTC) + timedelta(hours=1))
    assert one.claim(25) == {"now": PAST}


def test_claims_by_many_at_once_never_overlap(store: Store) -> None:
    watch(store.claims(), **{f"s{number}": PAST for number in range(400)})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: store.claims(str(number)).claim(100), range(8)))
    claimed = [source for slots in found for source in slots]
    assert len(claimed) == len(set(claimed)) >= 100


def test_a_lease_that_runs_out_lets_others_take_over(one: Claims, two: Claims, name: str) -> None:
    watch(one, a=PAST)
    one.claim(25)
    run_out(name)
    one.renew(["a"])
    assert two.claim(25) == {}
    run_out(name)
    assert two.claim(25) == {"a": PAST}
    one.renew(["a"])
    one.give_back(["a"])
    assert one.claim(25) == {}, "it is the other's now"


def test_what_is_given_back_is_claimed_again_after_the_pause(one: Claims, two: Claims, name: str) -> None:
    watch(one, a=PAST)
    one.claim(25)
    one.give_back(["a"], timedelta(minutes=5))
    assert two.claim(25) == {}
    [(pause,)] = postgres.shared().sql("SELECT extract(epoch FROM lease - now()) FROM sources", name)
    assert 200 < pause <= 300
    run_out(name)
    assert two.claim(25) == {"a": PAST}


@pytest.mark.parametrize("way", ["committed alone", "written together"])
def test_a_check_that_is_stored_ends_the_claim_and_its_slot(store: Store, one: Claims, two: Claims, way: str) -> None:
    watch(one, a=PAST)
    store.commit("a", lambda state: Commit(replace(state, health=Health(Status.OK))))
    one.claim(25)
    before, later = store.source("a"), datetime.now(UTC) - timedelta(seconds=1)
    after = replace(before, due=later)
    if way == "committed alone":
        store.commit("a", lambda _: Commit(after))
    else:
        assert store.write_unchanged([CheckTimes("a", before.revision, before.due, later, later, later, None)])
        assert not store.write_unchanged([CheckTimes("a", before.revision, before.due, later, later, later, None)]), (
            "the slot is over"
        )
    assert two.claim(25) == {"a": later}


def test_what_changes_nothing_of_the_due_time_leaves_the_claim(store: Store, one: Claims, two: Claims) -> None:
    watch(one, a=PAST)
    one.claim(25)
    store.commit("a", lambda state: Commit(replace(state, reading="edited")))
    assert two.claim(25) == {}


def test_two_that_write_the_same_source_wait_for_each_other(store: Store, one: Claims) -> None:
    """An unchanged check must not change the due time while another one decides by it."""
    watch(one, a=PAST)
    store.commit("a", lambda state: Commit(replace(state, health=Health(Status.OK))))
    before = store.source("a")
    passed: list[bool] = []
    other = threading.Thread(
        target=lambda: passed.append(
            store.write_unchanged([CheckTimes("a", before.revision, before.due, PAST, PAST, PAST + timedelta(1), None)])
        )
    )

    def decide(state: SourceState) -> Commit:
        other.start()
        time.sleep(0.3)
        assert passed == []
        return Commit(replace(state, due=PAST + timedelta(2)))

    store.commit("a", decide)
    other.join(60)
    assert passed == [False]
    assert store.source("a").due == PAST + timedelta(2)


def test_watching_sets_what_is_new_or_moved_and_leaves_the_rest(store: Store, one: Claims) -> None:
    set_due(store, {"old": PAST, "kept": PAST})
    watch(one, new=PAST, old=PAST + timedelta(hours=1), kept=PAST)
    known = one.read_schedule()
    assert {name: (row.due, row.watched) for name, row in known.items()} == {
        "new": (PAST, True),
        "old": (PAST + timedelta(hours=1), True),
        "kept": (PAST, True),
    }
    watch(one, kept=PAST)
    assert [name for name, row in one.read_schedule().items() if row.watched] == ["kept"]


def test_two_workers_that_start_at_once_both_succeed(store: Store, one: Claims, two: Claims) -> None:
    known = one.read_schedule()
    for claims in (one, two):
        claims.watch({"a": PAST, "b": PAST}, known)
    assert sorted(one.read_schedule()) == ["a", "b"]


def test_a_round_is_done_when_every_source_was_checked_since_and_one_worker_hears_it(
    store: Store, one: Claims, two: Claims
) -> None:
    watch(one, a=PAST, b=PAST)
    soon = timedelta(0)
    assert not one.round_done(soon)
    for name in ("a", "b"):
        assert not one.round_done(soon)
        store.commit(name, lambda state: Commit(replace(state, tried=datetime.now(UTC) + timedelta(seconds=1))))
    assert (one.round_done(soon), two.round_done(timedelta(minutes=1))) == (True, False)


def test_workers_are_seen_until_they_go(one: Claims, two: Claims) -> None:
    one.note("host-a", '{"in_hand": 3}')
    two.note("host-b", "{}")
    assert [(each.name, each.host, dict(each.state)) for each in one.workers()] == [
        ("one", "host-a", {"in_hand": 3}),
        ("two", "host-b", {}),
    ]
    assert max(each.ago for each in one.workers()) < 5
    one.gone()
    assert [each.name for each in one.workers()] == ["two"]
    two.tidy()
    assert len(two.workers()) == 1


def test_the_backlog_says_how_far_behind_they_are(one: Claims) -> None:
    assert tuple(one.backlog()) == (0, 0.0, 0)
    due = datetime.now(UTC) - timedelta(seconds=30)
    watch(one, a=due, b=due, later=datetime.now(UTC) + timedelta(hours=1))
    one.claim(1)
    found = one.backlog()
    assert (found.due, found.jobs, 29 < found.lag < 40) == (2, 1, True)


def test_workers_cannot_share_a_file(tmp_path: Path) -> None:
    with (
        Store.open(f"sqlite:///{tmp_path}/state.db") as store,
        pytest.raises(StateError, match="workers need a Postgre"),
    ):
        store.claims("one")
