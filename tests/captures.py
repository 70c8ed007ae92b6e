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
