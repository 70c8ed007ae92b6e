"""Claims of workers, and rate limits per host, on a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.errors import StateError
from state.model import CheckTimes, Commit, Health, SourceState, Status
from state.storage.workers import Claims
from state.store import Store
from tests import postgres
from tests.storing import set_due

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)

PAST = datetime(2025, 7, 14, 12, tzinfo=UTC)
QUEUE, CHECK = "q", "check"


@pytest.fixture
def name() -> Iterator[str]:
    from watcher.service.cluster.job_queue import prepare

    server = postgres.shared()
    name = server.new("state")
    with Store.open(server.url(name)) as store:
        prepare(store.claims())
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


def jobs(name: str) -> list[dict[str, Any]]:
    return [row[0]["slots"] for row in postgres.shared().sql("SELECT args FROM procrastinate_jobs ORDER BY id", name)]


def run_out(name: str) -> None:
    """Expire all leases."""
    postgres.shared().sql("UPDATE sources SET lease = now() - interval '1 second' WHERE lease IS NOT NULL", name)


def test_what_is_due_is_claimed_once_in_batches_with_the_longest_due_first(one: Claims, two: Claims, name: str) -> None:
    watch(one, **{f"s{number}": PAST + timedelta(seconds=number) for number in range(7)})
    assert (one.claim(QUEUE, CHECK, 3, 100), two.claim(QUEUE, CHECK, 3, 100)) == (3, 0)
    assert [sorted(slots) for slots in jobs(name)] == [["s0", "s1", "s2"], ["s3", "s4", "s5"], ["s6"]]
    assert jobs(name)[0]["s1"] == "2025-07-14T12:00:01+00:00"


def test_what_is_not_due_or_not_watched_is_not_claimed(one: Claims, name: str) -> None:
    watch(one, now=PAST, later=datetime.now(UTC) + timedelta(hours=1), gone=PAST)
    watch(one, now=PAST, later=datetime.now(UTC) + timedelta(hours=1))
    one.claim(QUEUE, CHECK, 25, 100)
    assert [sorted(slots) for slots in jobs(name)] == [["now"]]


def test_claims_by_many_at_once_never_overlap(store: Store, name: str) -> None:
    watch(store.claims(), **{f"s{number}": PAST for number in range(400)})
    threads = [threading.Thread(target=store.claims(str(n)).claim, args=(QUEUE, CHECK, 25, 100)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    claimed = [source for slots in jobs(name) for source in slots]
    assert len(claimed) == len(set(claimed)) >= 100


def test_no_more_is_queued_than_wanted(one: Claims, name: str) -> None:
    watch(one, **{f"s{number}": PAST for number in range(20)})
    assert [one.claim(QUEUE, CHECK, 5, 10) for _ in range(3)] == [2, 0, 0]
    postgres.shared().sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = 1", name)
    assert one.claim(QUEUE, CHECK, 5, 10) == 1


def test_a_source_is_taken_over_by_one_worker(one: Claims, two: Claims) -> None:
    watch(one, a=PAST, b=PAST)
    one.claim(QUEUE, CHECK, 25, 100)
    assert one.take({"a": PAST}) == {"a": PAST}
    assert two.take({"a": PAST, "b": PAST}) == {"b": PAST}


def test_a_lease_that_runs_out_lets_others_take_over(one: Claims, two: Claims, name: str) -> None:
    watch(one, a=PAST)
    one.claim(QUEUE, CHECK, 25, 100)
    one.take({"a": PAST})
    run_out(name)
    one.renew(["a"])
    assert two.take({"a": PAST}) == {}
    run_out(name)
    assert two.take({"a": PAST}) == {"a": PAST}
    one.renew(["a"])
    one.give_back(["a"])
    assert one.take({"a": PAST}) == {}, "it is the other's now"


def test_what_is_given_back_is_claimed_again_after_the_pause(one: Claims, two: Claims, name: str) -> None:
    watch(one, a=PAST)
    one.claim(QUEUE, CHECK, 25, 100)
    one.take({"a": PAST})
    one.give_back(["a"], timedelta(minutes=5))
    assert two.claim(QUEUE, CHECK, 25, 100) == 0
    [(pause,)] = postgres.shared().sql("SELECT extract(epoch FROM lease - now()) FROM sources", name)
    assert 200 < pause <= 300
    run_out(name)
    assert two.claim(QUEUE, CHECK, 25, 100) == 1


@pytest.mark.parametrize("way", ["committed alone", "written together"])
def test_a_check_that_is_stored_ends_the_claim_and_its_slot(store: Store, one: Claims, two: Claims, way: str) -> None:
    watch(one, a=PAST)
    store.commit("a", lambda state: Commit(replace(state, health=Health(Status.OK))))
    one.claim(QUEUE, CHECK, 25, 100)
    one.take({"a": PAST})
    before, later = store.source("a"), datetime.now(UTC) - timedelta(seconds=1)
    after = replace(before, due=later)
    if way == "committed alone":
        store.commit("a", lambda _: Commit(after))
    else:
        assert store.write_unchanged([CheckTimes("a", before.revision, before.due, later, later, later, None)])
        assert not store.write_unchanged([CheckTimes("a", before.revision, before.due, later, later, later, None)]), (
            "the slot is over"
        )
    assert two.take({"a": PAST}) == {}
    assert two.claim(QUEUE, CHECK, 25, 100) == 1
    assert two.take({"a": later}) == {"a": later}


def test_what_changes_nothing_of_the_due_time_leaves_the_claim(store: Store, one: Claims, two: Claims) -> None:
    watch(one, a=PAST)
    one.claim(QUEUE, CHECK, 25, 100)
    one.take({"a": PAST})
    store.commit("a", lambda state: Commit(replace(state, reading="edited")))
    assert two.take({"a": PAST}) == {}


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
    assert tuple(one.backlog(CHECK)) == (0, 0.0, 0)
    watch(one, a=datetime.now(UTC) - timedelta(seconds=30), b=datetime.now(UTC) + timedelta(hours=1))
    one.claim(QUEUE, CHECK, 25, 100)
    found = one.backlog(CHECK)
    assert (found.due, found.jobs, 29 < found.lag < 40) == (1, 1, True)


def test_workers_cannot_share_a_file(tmp_path: Path) -> None:
    with (
        Store.open(f"sqlite:///{tmp_path}/state.db") as store,
        pytest.raises(StateError, match="workers need a Postgre"),
    ):
        store.claims("one")


def test_the_engines_tables_are_made_once_and_another_programs_are_left_alone(store: Store, name: str) -> None:
    from watcher.service.cluster.job_queue import prepare

    prepare(store.claims())
    postgres.shared().sql("COMMENT ON TABLE procrastinate_jobs IS NULL", name)
    with pytest.raises(StateError, match="another program's procrastinate_jobs"):
        prepare(store.claims())


def test_an_older_engines_tables_are_brought_up_to_date() -> None:
    from procrastinate.schema import SchemaManager

    from watcher.service.cluster.job_queue import prepare

    server = postgres.shared()
    name = server.new("state")
    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    old = [step for step in steps if step.name < "03.02"]
    for step in old:
        server.sql(step.read_text(), name)
    server.sql(f"COMMENT ON TABLE procrastinate_jobs IS '{old[-1].name}'", name)
    with Store.open(server.url(name)) as store:
        prepare(store.claims())
        watch(store.claims(), a=PAST)
        assert store.claims("one").claim(QUEUE, CHECK, 25, 100) == 1
    assert server.sql("SELECT obj_description('procrastinate_jobs'::regclass)", name) == [(steps[-1].name,)]
    server.drop(name)
