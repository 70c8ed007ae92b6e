"""A short share of the random model; all of it is `make torture FAULTS=model`."""

from __future__ import annotations

import pytest

from tests.torture.faults_model import EXPECTED, lived


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [11, 12])
def test_a_reader_is_told_what_became_of_the_register(seed: int) -> None:
    assert lived(seed, [""] * 25) == EXPECTED
