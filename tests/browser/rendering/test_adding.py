"""`watch add` of a page that only a script fills: the whole program, and a real Chromium."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.browser.rendering.test_evidence import watch
from tests.conftest import Site

CONFIG = 'state = "sqlite:///state.db"\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\ntimeout = "60s"\n'
ROWS = "".join(f"<tr><td>LIC-{n}<td>Company {n} Ltd<td>{n:02}.03.2025" for n in range(1, 9))
TABLE = f"<h1>Licences</h1><table><thead><tr><th>Number<th>Holder<th>Issued<tbody>{ROWS}</table>"
LIST = "".join(
    f'<li class="item"><a href="/case/{n}">The authority has decided case {n} at last</a><p>Reason {n}</p></li>'
    for n in range(1, 8)
)
SHELL = (
    "<!doctype html><title>App</title><body><div id=root></div><script>fetch('/data').then(answer => answer.text())"
    ".then(data => document.getElementById('root').innerHTML = data)</script></body></html>"
)


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    """A folder with a configuration, beside a site whose page only its script fills."""
    (tmp_path / "watch.toml").write_text(CONFIG)
    site.page("/", SHELL)
    return tmp_path


def added(folder: Path, site: Site) -> dict[str, Any]:
    """The source as `watch add` writes it."""
    ran = watch(folder, "add", site.url("/"), "--yes", "--name", "it", "--config", str(folder / "watch.toml"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "as Chromium renders it" in ran.stdout
    source: dict[str, Any] = tomllib.loads((folder / "watch.toml").read_text())["sources"]["it"]
    return source


@pytest.mark.parametrize(
    ("data", "kind", "entries"),
    [(TABLE, "table", 8), (f"<h1>Cases</h1><ul>{LIST}</ul>", "list", 7)],
    ids=["table", "list"],
)
def test_a_page_that_only_a_script_fills_is_proposed_as_rendered(
    data: str, kind: str, entries: int, site: Site, folder: Path
) -> None:
    site.page("/data", data, type="text/html")
    source = added(folder, site)
    assert (source["kind"], source["fetch"], bool(source["wait_for"])) == (kind, "browser", True)
    ran = watch(folder, "--once", "--json")
    (result,) = json.loads(ran.stdout)["sources"]
    assert (result["status"], result["entries"]) == ("baseline", entries)


def test_a_page_that_no_script_fills_is_no_source(site: Site, folder: Path) -> None:
    site.page("/data", status=500)
    ran = watch(folder, "add", site.url("/"), "--yes", "--config", str(folder / "watch.toml"))
    assert ran.returncode == 1
    assert "needs_javascript" in ran.stderr
    assert "though Chromium rendered it" in " ".join(ran.stderr.split())
    assert "sources" not in tomllib.loads((folder / "watch.toml").read_text())
