"""The order of the suite names files that are there: one that was renamed would count as quick."""

from __future__ import annotations

from tests.ordering import LONG, TESTS, is_left_out, place


def test_what_takes_long_is_there() -> None:
    assert [name for name in LONG if not (TESTS / name).exists()] == []
    assert len(LONG) == len(set(LONG))


def test_a_folder_takes_as_long_as_all_that_is_in_it() -> None:
    assert place(TESTS / "systemd" / "test_service.py") == LONG.index("systemd")
    assert place(TESTS / "state" / "test_diff.py") is None


def test_the_quick_tests_import_nothing_of_what_takes_long() -> None:
    long, quick = TESTS / "systemd", TESTS / "state" / "test_diff.py"
    assert [is_left_out(long, "quick"), is_left_out(quick, "quick"), is_left_out(long, "")] == [True, False, False]
