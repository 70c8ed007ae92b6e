"""Large snapshots are written in invisible parts and become visible in one transaction, also after kills and races."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from sources import Entry
from state import commits
from state.compare.diff import Differ
from state.db.tables.core import ENTRIES, STAGINGS
from state.errors import StateMovedError
from state.model import NOTHING, Acceptance, Commit, Difference, SourceState
from state.storage import entries, staging
from state.store import Store
from tests.torture.processes import ended

ENTRIES_OF_IT = 25


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "_AT_ONCE", 10)
    monkeypatch.setattr(commits, "_PART", 5)
    monkeypatch.setattr(entries, "_ROWS", 5)
    monkeypatch.setattr(staging, "CLEARED", 4)


def difference(store: Store, number: int = ENTRIES_OF_IT, *, fresh: bool = False) -> Difference:
    state = store.source("register")
    differ = Differ(NOTHING if fresh else store.known("register"), b"" if fresh else state.digest, "complete")
    for at in range(number):
        differ.see(Entry(f"{at}", f"row {at}"))
    return differ.finish()


def taking(found: Difference, *, fresh: bool = False) -> Any:
    base = Acceptance(found, [], "reading", "place", fresh=fresh)

    def decide(state: SourceState) -> Commit:
        return Commit(SourceState("register", entries=found.count, digest=found.digest), base)

    return decide


def known(store: Store) -> int:
    return len(store.known("register").present()) // 16


def rows(store: Store) -> tuple[int, int]:
    """The number of entries, invisible ones included, and of unfinished stagings."""
    with store._database.reading() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (ENTRIES, STAGINGS)]
    return counts[0] or 0, counts[1] or 0


def broken_off(store: Store, steps: int) -> Iterator[float]:
    """A commit that was interrupted after so many steps."""
    committing = store.committing("register", taking(difference(store)))
    for _ in range(steps):
        next(committing)
    return committing


def as_of_long_ago(store: Store) -> None:
    with store._database.writing() as connection:
        connection.execute(update(STAGINGS).values(renewed=datetime.now(UTC) - 2 * staging.ALIVE))


@pytest.mark.parametrize("steps", range(1, 8))
def test_nobody_reads_what_is_staged_before_all_of_it_counts(store: Store, steps: int) -> None:
    store.commit("register", taking(difference(store, 2)))
    committing = broken_off(store, steps)
    seen = known(store), len(list(store.known("register").rows())), store.source("register").revision
    assert (
        *seen,
        len(list(store.entities.read_stored("register"))),
        store.entities.count_present(["register"]),
    ) == (2, 2, 1, 2, 2)
    assert list(committing)[7 - steps :] == []
    assert (known(store), store.source("register").revision, rows(store)) == (ENTRIES_OF_IT, 2, (ENTRIES_OF_IT, 0))


def test_a_first_snapshot_is_staged_too(store: Store) -> None:
    store.commit("register", taking(difference(store, fresh=True), fresh=True))
    assert (known(store), rows(store)) == (ENTRIES_OF_IT, (ENTRIES_OF_IT, 0))


def test_others_commit_between_two_parts(store: Store) -> None:
    committing = broken_off(store, 3)
    assert store.commit("other", Commit) == []
    assert list(committing)
    assert known(store) == ENTRIES_OF_IT


def test_what_another_process_left_behind_is_deleted_before_the_next_snapshot(store: Store) -> None:
    broken_off(store, 4)
    as_of_long_ago(store)
    store.commit("register", taking(difference(store, 3)))
    assert (known(store), rows(store)) == (3, (3, 0))


def test_what_another_process_is_at_is_waited_for(store: Store) -> None:
    first, found = broken_off(store, 4), difference(store)
    second = store.committing("register", taking(found))
    assert [next(second), next(second)] == [0.5, 0.5]
    assert list(first)
    assert known(store) == ENTRIES_OF_IT


def test_a_process_that_stood_still_does_not_go_on_with_what_was_given_up(store: Store) -> None:
    late = broken_off(store, 4)
    as_of_long_ago(store)
    second = store.committing("register", taking(difference(store)))
    next(second)
    with pytest.raises(StateMovedError):
        list(late)
    second.close()
    as_of_long_ago(store)
    store.commit("register", taking(difference(store)))
    assert (known(store), rows(store)) == (ENTRIES_OF_IT, (ENTRIES_OF_IT, 0))


def test_what_is_staged_in_vain_is_taken_back(store: Store) -> None:
    store.commit("register", Commit)
    found, states = difference(store), list[SourceState]()

    def once(state: SourceState) -> Commit | None:
        states.append(state)
        return taking(found)(state) if len(states) == 1 else None  # type: ignore[no-any-return]

    assert store.commit("register", once) is None
    assert (len(states), known(store), rows(store)) == (2, 0, (0, 0))


def test_a_staging_of_a_moved_clock_is_taken_for_one_that_ended() -> None:
    now = datetime.now(UTC)
    row = staging.Unfinished(1, 1, 0, now + timedelta(hours=1))
    assert (row.lives(now), row._replace(renewed=now).lives(now), row._replace(renewed=None).lives(now)) == (
        False,
        True,
        False,
    )


KILLED = """
import sys
from sources import Entry
from state import commits
from state.storage import entries
from state.compare.diff import Differ
from state.model import Acceptance, Commit
from state.store import Store
commits._AT_ONCE, commits._PART, entries._ROWS = 10, 5, 5
with Store.open(sys.argv[1]) as store:
    differ = Differ(store.known("register"), b"", "complete")
    for at in range(25):
        differ.see(Entry(f"{at}", f"row {at}"))
    found = differ.finish()
    store.commit("register", lambda state: Commit(state, Acceptance(found, [], "", "")))
"""


@pytest.mark.parametrize(("point", "stored"), [("staged", 0), ("before_commit", 0), ("after_commit", 25)])
def test_a_process_that_is_killed_leaves_all_or_nothing(state_url: str, point: str, stored: int) -> None:
    assert ended(KILLED, state_url, failpoint=point) == (-9, "")
    with Store.open(state_url) as store:
        assert known(store) == stored
        as_of_long_ago(store)
        store.commit("register", taking(difference(store)))
        assert (known(store), rows(store)) == (25, (25, 0))
