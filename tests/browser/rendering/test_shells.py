"""Registers that a script fills or pages: `watch add`, and what the source reads then, in a real Chromium."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.browser.rendering.test_adding import CONFIG
from tests.browser.rendering.test_evidence import watch
from tests.conftest import Site
from tests.shells import FIRMS, SHELLS, serve

PAGED = ("ASP.NET", "DataTables", "load more")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watch.toml").write_text(CONFIG)
    return tmp_path


def added(folder: Path, url: str) -> tuple[dict[str, Any], str]:
    """The source as `watch add` writes it, and what it said."""
    ran = watch(folder, "add", url, "--yes", "--name", "it", "--config", str(folder / "watch.toml"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    source: dict[str, Any] = tomllib.loads((folder / "watch.toml").read_text())["sources"]["it"]
    return source, " ".join(ran.stdout.split())


def checked(folder: Path) -> dict[str, Any]:
    ran = watch(folder, "--once", "--json")
    (result,) = json.loads(ran.stdout)["sources"]
    return dict(result)


@pytest.mark.parametrize("name", SHELLS)
def test_a_register_that_a_script_fills_is_read_with_all_its_entries(name: str, site: Site, folder: Path) -> None:
    source, said = added(folder, serve(site, name))
    assert source["kind"] in ("table", "list"), said
    assert (source.get("fetch") == "browser") == (name != "iframe")
    assert any("until" in step for step in source.get("steps", ())) == (name in PAGED)
    result = checked(folder)
    assert (result["status"], result["entries"]) == ("baseline", len(FIRMS))
