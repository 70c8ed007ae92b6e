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


def test_what_a_site_asks_of_programs_is_read_without_a_browser(site: Site, folder: Path) -> None:
    site.page("/data", TABLE, type="text/html")
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n", type="text/plain")
    ran = watch(folder, "add", site.url("/"), "--yes", "--config", str(folder / "watch.toml"))
    assert "robots.txt" in ran.stdout
    (agent,) = (asked.headers["user-agent"] for asked in site.requests if asked.path == "/robots.txt")
    assert "Chrom" not in agent


def test_the_feed_of_a_rendered_page_is_read_without_a_browser(site: Site, folder: Path) -> None:
    items = "".join(
        f"<item><guid>{n}</guid><title>Decision {n} of the authority</title><link>{site.url(f'/d/{n}')}</link></item>"
        for n in range(5)
    )
    site.page("/feed", f"<rss version='2.0'><channel><title>Decisions</title>{items}</channel></rss>", type="text/xml")
    text = "<h1>Decisions</h1><p>" + "The authority decides and publishes what it has decided. " * 20 + "</p>"
    link = "<link rel='alternate' type='application/rss+xml' href='/feed'>"
    site.page("/data", text, type="text/html")
    site.page("/", SHELL.replace("</title>", f"</title>{link}"))
    source = added(folder, site)
    assert (source["kind"], source["url"], source.get("fetch")) == ("feed", site.url("/feed"), None)


def test_an_import_that_looks_renders_what_only_scripts_fill(site: Site, folder: Path) -> None:
    site.page("/data", TABLE, type="text/html")
    site.page("/plain", TABLE)
    site.page("/story", SHELL.replace("/data", "/text"))
    site.page("/text", "<h1>Notice</h1><p>" + "The register is closed until further notice. " * 20 + "</p>")
    addresses = [site.url("/"), site.url("/plain"), site.url("/story"), site.url("/")]
    (folder / "list.txt").write_text("\n".join(addresses))
    ran = watch(folder, "import", "list.txt", "--look", "--yes", "--config", str(folder / "watch.toml"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    sources = tomllib.loads((folder / "watch.toml").read_text())["sources"].values()
    assert [(source["url"], source["kind"], source.get("fetch")) for source in sources] == [
        (addresses[0], "table", "browser"),
        (addresses[1], "table", None),
        (addresses[2], "text", "browser"),
    ]
    (agents,) = ({asked.headers["user-agent"] for asked in site.requests if asked.path == "/plain"},)
    assert not any("Chrom" in agent for agent in agents)
