"""The rows of a large source, which are mostly contiguous: how they are scanned and written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sources import Entry
from sources.reading.entry_fingerprints import entry_fingerprint
from state.model import Acceptance, Commit, Difference, Standing
from state.storage import entries
from state.store import Store

AS_THEY_STAND, BY_INDEX = {"_MANY": 0, "_SPREAD": 99}, {"_MANY": 0, "_SPREAD": 0}


@pytest.fixture
def mixed(store: Store) -> Store:
    """Two sources with interleaved rows, some of which were deleted."""
    for at in range(6):
        for name in ("one", "other"):
            new = Entry(f"{name} {at}"), Entry(f"{name} again")
            arrived = [(entry_fingerprint(entry), entry) for entry in (new if at == 3 else new[:1])]
            gone = {row.id: Standing.REMOVED for _, row in store.known(name).rows()} if at == 2 else {}
            taken = Acceptance(Difference((), arrived, {}, gone, b"", 1, ()), (), "", "", fresh=not at)
            store.commit(name, lambda state, taken=taken: Commit(state, taken))
    return store


def found(store: Store, monkeypatch: pytest.MonkeyPatch, ways: Mapping[str, int]) -> Any:
    for name, value in ways.items():
        monkeypatch.setattr(entries, name, value)
    known = store.known("one")
    some = known.rows([entry_fingerprint(Entry("one 1")), entry_fingerprint(Entry("other 1"))], ["one 4", "other 4"])
    marks = sorted(known.present()[at : at + 16] for at in range(0, len(known.present()), 16))
    return marks, list(known.rows()), list(some)


def test_the_same_rows_are_found_either_way(mixed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    marks, every, some = found(mixed, monkeypatch, AS_THEY_STAND)
    assert (marks, every, some) == found(mixed, monkeypatch, BY_INDEX)
    assert marks == sorted(entry_fingerprint(Entry(f"one {at}")) for at in (2, 3, 4, 5, "again"))
    assert [row.key for _, row in every] == ["one 0", "one 1", "one 2", "one 3", "one again", "one 4", "one 5"]
    assert [row.key for _, row in some] == ["one 1", "one 4"]


def test_rows_that_stand_together_are_not_looked_up_one_by_one(mixed: Store) -> None:
    with mixed._database.reading() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("SQLite's own plan")
        query = entries._PRESENT.format(entries._AS_THEY_STAND)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (1, 9, 1, "present")).all()
    assert "USING INTEGER PRIMARY KEY" in plan[0].detail
