"""A short share of the random model; all of it is `make torture FAULTS=model`."""

from __future__ import annotations

import pytest

from tests.torture.faults_model import EXPECTED, SCRIPTS, lived

pytestmark = pytest.mark.timeout(600)


def test_a_reader_is_told_what_became_of_the_register() -> None:
    assert lived(11, [""] * 25) == EXPECTED


@pytest.mark.parametrize("title", ["the clock goes back", "two rekeys in a row", "half empty for an hour"])
def test_a_reader_is_told_the_truth_of_a_register_in_trouble(title: str) -> None:
    assert lived(1, SCRIPTS[title].split()) == EXPECTED
