"""The saved pages of real registers: no part of the repository, but CI has to have them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CAPTURES = Path(__file__).parents[2] / "shared" / "captures"

needed = pytest.mark.skipif(
    not CAPTURES.is_dir() and os.environ.get("CI") != "true",
    reason="the captures are not part of the repository: they are looked for in ../shared/captures",
)

EAIS = """kind = "csv"
delimiter = ";"
header = 1
columns = ["ip", "domain", "url", "agency", "number", "date"]
key = ["agency", "number", "date", "domain", "url"]
ignore = ["ip"]
encoding = "windows-1251" """
"""Options of a source that reads a dump of the block list; addresses are not compared."""
