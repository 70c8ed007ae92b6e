"""The documents as a site: built strictly, so that a broken link fails, and read without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    if find_spec("material") is None or find_spec("mkdocs") is None:
        pytest.skip("the packages of `make docs` are not installed")
    folder = tmp_path_factory.mktemp("site") / "site"
    subprocess.run([sys.executable, ".ci/site.py"], cwd=ROOT, check=True, timeout=100)
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        ".ci/mkdocs.yml",
        "--site-dir",
        str(folder),
    ]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return folder


def test_no_page_loads_anything_from_elsewhere(built: Path) -> None:
    loaded = [
        (page.name, address)
        for page in built.rglob("*.html")
        for address in re.findall(
            r"<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)=\"?(https?:[^\"\s>]+)", page.read_text("utf-8")
        )
    ]
    assert loaded == []


def test_the_reference_has_every_command_and_every_kind(built: Path) -> None:
    from sources.loader import kinds
    from watcher.cli import command_names

    commands = (built / "reference" / "commands.html").read_text("utf-8")
    keys = (built / "reference" / "watch-toml.html").read_text("utf-8")
    assert [name for name in command_names() if f"watch {name}" not in commands] == []
    assert [name for name in kinds() if f'kind = "{name}"' not in keys.replace("&quot;", '"')] == []
    assert [name for name in ("http", "browser", "evidence", "schedule", "web") if f">[{name}]<" not in keys] == []
