"""A migration from the first schema is killed halfway and started again."""

from __future__ import annotations

from tests.torture.desks import register
from tests.torture.faults_kill import OLD, ended_with_rows
from tests.torture.old_state import FIRST, age, columns_of, fill, rows, version


def test_a_kill_during_the_migration_of_a_state_with_rows_loses_none_of_them() -> None:
    assert ended_with_rows("KILL") == OLD


def test_the_old_state_is_of_the_first_schema_and_holds_something_in_each_table_that_matters() -> None:
    with register() as case:
        fill(case)
        age(case.program.state)
        assert version(case.program.state) == FIRST
        held = rows(case.program.state, columns_of(case.program.state))
        assert {name for name, found in held.items() if found} >= {
            "sources", "entries", "bodies", "pages", "events", "messages", "deliveries",
        }  # fmt: skip
