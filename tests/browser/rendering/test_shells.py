"""Registers that a script fills or pages: `watch add`, and what the source reads then, in a real Chromium."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sources import Blocked
from sources.errors import StepFailed
from tests.browser.rendering.conftest import Renderer
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


SLOW = SHELLS["header and root"].replace("into(`#root`)", "setTimeout(() => into(`#root`), 20000)")


def test_a_shell_that_fills_after_20_seconds_is_refused_until_something_waits_for_it(
    site: Site, folder: Path, renderer: Renderer
) -> None:
    serve(site, "header and root")
    site.page("/register", SLOW)
    ran = watch(folder, "add", site.url("/register"), "--yes", "--config", str(folder / "watch.toml"))
    assert ran.returncode == 1
    assert "though Chromium rendered it: name another element in wait_for" in " ".join(ran.stderr.split())
    with pytest.raises(Blocked) as caught:
        renderer.entries(site.url("/register"), key="Number")
    assert caught.value.code == "needs_javascript"
    assert len(renderer.entries(site.url("/register"), key="Number", wait_for="td")) == len(FIRMS)


NEXT = """<!doctype html><table><tr><th>Number<th>Name</tr><tbody></tbody></table><button class="next">Next</button>
<script>let at = 0; const draw = () => {{ document.querySelector('tbody:last-of-type').innerHTML =
  [1, 2].map(n => `<tr><td>P${{at * 2 + n}}<td>Firm ${{at * 2 + n}}</tr>`).join(''); }};
document.querySelector('.next').onclick = e => {{ at += 1; {}; draw(); }}; draw();</script>"""
PAGING = {"click": ".next", "until": "gone", "keep": "tbody tr:has(> td + td)"}


@pytest.mark.parametrize(
    "end", ["e.target.disabled = at == 3", "e.target.hidden = at == 3", "if (at == 3) e.target.remove()"]
)
def test_the_pages_of_a_script_are_read_until_next_is_gone(end: str, site: Site, renderer: Renderer) -> None:
    site.page("/", NEXT.format(end))
    entries = renderer.entries(site.url("/"), key="Number", steps=[PAGING])
    assert [entry["Number"] for entry in entries] == [f"P{n}" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("at = Math.min(at, 2)", "step 1 (click .next): it brings nothing more, and is not gone"),
        ("document.body.textContent = 'Sorry'", "in the end, tbody tr:has(> td + td) is not on the page"),
    ],
)
def test_a_part_of_what_a_script_pages_is_not_taken_for_the_whole(
    end: str, why: str, site: Site, renderer: Renderer
) -> None:
    site.page("/", NEXT.format(f"if (at == 2) {{ {end} }}" if "Sorry" in end else end))
    with pytest.raises(StepFailed) as caught:
        renderer.entries(site.url("/"), key="Number", steps=[PAGING], timeout="15s")
    assert why in caught.value.message


SEARCH = """<h1>Search</h1><form onsubmit="return found()"><input id=q type=text><button>Go</button></form><div id=all></div>
<script>function found() { const words = document.getElementById("q").value; if (words === "payments")
document.getElementById("all").innerHTML = "<table><tr><th>Number<th>Firm" + [1, 2, 3].map(
number => `<tr><td>P-${number}<td>Firm ${number}`).join("") + "</table>"; return false }</script>"""


def test_a_form_that_only_a_script_sends_is_filled_and_sent_by_steps(site: Site, folder: Path) -> None:
    site.page("/search", SEARCH)
    file = folder / "watch.toml"
    ran = watch(
        folder, "add", site.url("/search"), "--search", "payments", "--yes", "--name", "it", "--config", str(file)
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    source = tomllib.loads(file.read_text())["sources"]["it"]
    assert (source["kind"], source["fetch"]) == ("table", "browser")
    assert source["steps"] == [{"fill": "#q", "text": "payments"}, {"click": "body > form > button"}]
    result = checked(folder)
    assert (result["status"], result["entries"]) == ("baseline", 3)


@pytest.mark.parametrize("keep", ["xpath://tr", "tr:contains('Firm')"])
def test_what_a_browser_cannot_find_is_said(keep: str, site: Site, renderer: Renderer) -> None:
    site.page("/", NEXT.format(""))
    with pytest.raises(StepFailed, match="keep is CSS, without extensions"):
        renderer.entries(site.url("/"), key="Number", steps=[{**PAGING, "keep": keep}])
