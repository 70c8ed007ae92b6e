"""What the forkserver loads for all tortured processes is complete: it ignores errors, and would only be slow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

ONCE = """
import sys
import tests.torture.warm
before = set(sys.modules)
import watcher.cli
watcher.cli.main(["--config", "watch.toml", "--once"])
ours = ("watcher.", "alerts.", "state.", "sources.", "sqlalchemy.", "pydantic.", "aiohttp.", "httpx.", "apprise.")
print(*sorted(name for name in set(sys.modules) - before if name.startswith(ours)), file=sys.stderr)
"""

CONFIGURATION = """
[http]
private_addresses = "allow"
[sources.list]
kind = "json"
url = "http://127.0.0.1:9/list"
items = "@"
key = "name"
"""


def test_a_check_loads_almost_nothing_that_is_not_there_already(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text(CONFIGURATION)
    command = [sys.executable, "-c", ONCE]
    ran = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    later = ran.stderr.splitlines()[-1].split()
    assert len(later) < 20, later
