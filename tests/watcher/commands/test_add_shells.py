"""Registers that a script fills or pages, where there is no browser: they are named, and never watched as "Loading"."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.shells import FIRMS, READ_PLAIN, SHELLS, serve

Watch = Callable[..., Any]
Configure = Callable[..., Path]

NO_BROWSER = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[browser]\ncommand = "there-is-none"\n'
EMPTY = [name for name in SHELLS if name not in READ_PLAIN and name != "iframe"]
NUMBERS = '<ul class="pagination"><li><a href="#">1</a></li><li><a href="#">2</a></li><li><a href="#">3</a></li></ul>'
TABLE = "<table><tr><th>Number</th><th>Name</th></tr>{}</table>"


def rows(*firms: dict[str, str]) -> str:
    return "".join(f"<tr><td>{firm['number']}</td><td>{firm['name']}</td></tr>" for firm in firms)


def checked(watch: Watch) -> dict[str, Any]:
    """The one source after a check."""
    (source,) = json.loads(watch("--once", "--json").out)["sources"]
    return dict(source)


@pytest.mark.parametrize("name", EMPTY)
def test_adding_a_shell_says_that_a_script_fills_it_and_what_brings_a_browser(
    name: str, site: Any, configure: Configure, watch: Watch
) -> None:
    file, url = configure(NO_BROWSER), serve(site, name)
    ran = watch("add", url, "--yes")
    assert ran.code == 1
    said = " ".join(ran.err.split())
    assert "needs_javascript" in said
    assert "JavaScript" in said
    assert "apt-get install chromium" in said or "pip install" in said
    assert "sources" not in tomllib.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("kind", ['kind = "text"', 'kind = "table"\nkey = "Number"'])
@pytest.mark.parametrize("name", EMPTY)
def test_a_source_that_is_a_shell_fails_and_is_never_ok(
    name: str, kind: str, site: Any, configure: Configure, watch: Watch
) -> None:
    configure(f'{NO_BROWSER}[sources.it]\n{kind}\nurl = "{serve(site, name)}"\n')
    source = checked(watch)
    assert (source["status"], source["reason"], source["entries"]) == ("failing", "needs_javascript", 0)


@pytest.mark.parametrize("name", READ_PLAIN)
def test_the_first_page_of_a_script_pager_is_no_register(
    name: str, site: Any, configure: Configure, watch: Watch
) -> None:
    configure(NO_BROWSER)
    ran = watch("add", serve(site, name), "--yes", "--name", "it")
    assert "a script pages the list: of this part, nothing counts as removed" in " ".join(ran.out.split())
    assert checked(watch)["entries"] == READ_PLAIN[name]
    assert "there are more" in " ".join(watch("status", "it").out.split())


def test_a_page_that_shows_the_register_in_a_frame_becomes_that_page(
    site: Any, configure: Configure, watch: Watch
) -> None:
    file = configure(NO_BROWSER)
    ran = watch("add", serve(site, "iframe"), "--yes", "--name", "it")
    assert "shows another page in a frame" in " ".join(ran.out.split())
    assert tomllib.loads(file.read_text("utf-8"))["sources"]["it"]["url"] == site.url("/frame")
    assert checked(watch)["entries"] == len(FIRMS)


def test_a_row_that_moves_to_page_2_of_a_script_pager_is_not_removed(
    site: Any, configure: Configure, watch: Watch
) -> None:
    configure(NO_BROWSER)
    site.page("/list", TABLE.format(rows(*FIRMS[1:11])) + NUMBERS)
    watch("add", site.url("/list"), "--yes", "--name", "it")
    checked(watch)
    site.page("/list", TABLE.format(rows(*FIRMS[:10])) + NUMBERS)
    assert [change["change"] for change in checked(watch)["changes"]] == ["added"]


@pytest.mark.parametrize(("listing", "told"), [("", []), ('listing = "complete"', ["removed"])])
def test_a_button_behind_the_rows_means_more_in_any_language_unless_the_file_says_otherwise(
    listing: str, told: list[str], site: Any, configure: Configure, watch: Watch
) -> None:
    url = site.url("/list")
    configure(f'{NO_BROWSER}[sources.it]\nkind = "table"\nkey = "Number"\nurl = "{url}"\n{listing}\n')
    for firms in (FIRMS[:10], FIRMS[1:10]):
        site.page("/list", f"{TABLE.format(rows(*firms))}<div><button class=btn>Több találat</button></div>")
        source = checked(watch)
    assert [change["change"] for change in source["changes"]] == told


def test_a_list_of_links_that_a_script_pages_is_not_called_complete(
    site: Any, configure: Configure, watch: Watch
) -> None:
    labels = "<dl><dt>Town<dd>Hamburg<dt>Status<dd>Active<dt>Since<dd>2019<dt>Permission<dd>Payments</dl>"
    for number in range(5):
        site.page(f"/firms/{number}", f"<h1>Firm {number} Ltd</h1>{labels}")
    items = "".join(f"<li><a href='/firms/{number}'>Firm {number} Ltd</a>" for number in range(5))
    for button, listing in (("<button class=btn>Több találat</button>", None), ("", "complete")):
        site.page("/list", f"<h1>Firms</h1><ul>{items}</ul>{button}")
        file = configure(NO_BROWSER)
        assert watch("add", site.url("/list"), "--yes", "--name", "it").code == 0
        source = tomllib.loads(file.read_text("utf-8"))["sources"]["it"]
        assert (source["kind"], source["detail"], source.get("listing")) == ("list", {"kind": "record"}, listing)


def test_an_import_that_looks_at_a_shell_does_not_watch_the_word_loading(
    site: Any, configure: Configure, watch: Watch, folder: Path
) -> None:
    configure(NO_BROWSER)
    (folder / "list.txt").write_text(serve(site, "header and root"))
    ran = watch("import", "list.txt", "--look", "--yes")
    assert "needs_javascript" in ran.out
    source = checked(watch)
    assert (source["status"], source["reason"]) == ("failing", "needs_javascript")


def test_the_text_of_a_page_with_scripts_comes_with_a_warning(site: Any, configure: Configure, watch: Watch) -> None:
    configure(NO_BROWSER)
    text = "<h1>Statement</h1><p>" + "The authority has withdrawn the licence of Northgate Payments Ltd. " * 8 + "</p>"
    for script, warned in (("<script src='/menu.js'></script>", True), ("", False)):
        site.page("/list", f"<!doctype html><main>{text}</main>{script}")
        ran = watch("add", site.url("/list"), "--name", "it")
        assert ("a script may fill this page" in " ".join(ran.out.split())) == warned


def test_a_sign_in_form_is_no_source(site: Any, configure: Configure, watch: Watch) -> None:
    file = configure(NO_BROWSER)
    form = "<form><input name=user><input type=password name=word><button>Sign in</button></form>"
    site.page(
        "/login", f"<!doctype html><title>Members' area</title><h1>Members' area</h1>{form}<p>Lost your card?</p>"
    )
    ran = watch("add", site.url("/login"), "--yes")
    assert (ran.code, "login_page" in ran.err) == (1, True)
    assert "sources" not in tomllib.loads(file.read_text("utf-8"))
