"""`make torture` as tests: one for each module of faults; with STATE=postgres on a PostgreSQL server."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest

from tests.torture.databases import use_server
from tests.torture.rows import tried

NAMES = sorted(file.stem for file in Path(__file__).parent.glob("faults_*.py"))

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.environ.get("TORTURE") != "1", reason="takes minutes: `make torture`, or TORTURE=1"),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_fault_ends_as_expected(name: str) -> None:
    if os.environ.get("STATE") == "postgres":
        use_server()
    module = import_module(f"tests.torture.{name}")
    rows = tried(module.faults(), getattr(module, "AT_ONCE", 1))
    assert [str(row) for row in rows if not row.passed] == []
