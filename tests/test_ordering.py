"""The order of the suite names files that are there: one that was renamed would count as quick."""

from __future__ import annotations

import pytest

from tests.ordering import LONG, TESTS, place


@pytest.mark.parametrize("name", LONG)
def test_what_takes_long_is_there(name: str) -> None:
    assert (TESTS / name).exists()


def test_a_folder_takes_as_long_as_all_that_is_in_it() -> None:
    assert place(TESTS / "systemd" / "test_service.py") == LONG.index("systemd")
    assert place(TESTS / "state" / "test_diff.py") is None
