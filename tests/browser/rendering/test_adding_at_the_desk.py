"""A source is added at the desk from a page that only a script fills: `watch serve` as a process, and a real Chromium."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.browser.rendering.test_adding import CONFIG, SHELL, TABLE
from tests.browser.serving import Served, serving, watch
from tests.conftest import Site

NEVER_RESTS = SHELL.replace("<script>", "<script>setInterval(() => fetch('/tick'), 100);")
SLOW = 60  # seconds for an answer of the desk that renders
SOON = 10  # seconds for one that does not, on a busy machine


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Iterator[Served]:
    """A desk beside a site whose page only its script fills."""
    site.page("/", SHELL)
    site.page("/data", TABLE, type="text/html")
    site.page("/known", TABLE)
    known = f'[sources.known]\nkind = "table"\nkey = "Number"\nurl = "{site.url("/known")}"\n'
    (tmp_path / "watch.toml").write_text(CONFIG.replace("60s", "15s") + known)
    assert watch(tmp_path, "--once").returncode == 0
    with serving(tmp_path, site) as served:
        yield served


class Visitor:
    """Somebody who has signed in."""

    def __init__(self, desk: Served) -> None:
        self._client = httpx.Client(base_url=desk.address, timeout=SLOW)
        assert self._client.get(desk.link).status_code == 303

    def close(self) -> None:
        self._client.close()

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path)

    def press(self, action: str, page: str = "", **values: str) -> httpx.Response:
        """Send a form; `page` is the one that it is on."""
        csrf = BeautifulSoup(page or self.get("/add").text, "lxml").select_one("input[name=csrf]")
        assert csrf
        return self._client.post(action, data={"csrf": str(csrf["value"]), **values})


@pytest.fixture
def visitors(desk: Served) -> Iterator[list[Visitor]]:
    """Three people."""
    made = [Visitor(desk) for _ in range(3)]
    yield made
    for each in made:
        each.close()


def test_a_page_that_only_a_script_fills_is_proposed_as_rendered_and_written(
    desk: Served, site: Site, visitors: list[Visitor]
) -> None:
    visitor = visitors[0]
    shown = visitor.press("/add", url=site.url("/"))
    assert (shown.status_code, "Company 3 Ltd" in shown.text) == (200, True)
    action = BeautifulSoup(shown.text, "lxml").select('form[action^="/add/"]')[0]["action"]
    assert visitor.press(str(action), shown.text).status_code == 303
    sources = tomllib.loads((desk.folder / "watch.toml").read_text())["sources"]
    (source,) = (source for name, source in sources.items() if name != "known")
    row = "table tr:has(> td + td)"  # and not one that says "Loading..." over all columns
    assert (source["kind"], source["fetch"], source["wait_for"]) == ("table", "browser", row)


def test_two_people_have_pages_rendered_at_once(site: Site, visitors: list[Visitor]) -> None:
    with ThreadPoolExecutor() as pool:
        shown = list(pool.map(lambda visitor: visitor.press("/add", url=site.url("/")), visitors[:2]))
    assert [(each.status_code, "Company 3 Ltd" in each.text) for each in shown] == [(200, True)] * 2


@pytest.mark.deadline  # that of a visit; and the desk answers meanwhile
def test_pages_that_never_rest_end_in_time_and_delay_nobody(site: Site, visitors: list[Visitor]) -> None:
    site.page("/", NEVER_RESTS)
    site.page("/tick", "")
    visitor, *others = visitors
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        slow = [pool.submit(each.press, "/add", url=site.url("/")) for each in others]
        longest = 0.0
        while not all(each.done() for each in slow):
            for path in ("/changes", "/sources", "/entries?find=Company"):
                asked = time.monotonic()
                assert visitor.get(path).status_code == 200
                longest = max(longest, time.monotonic() - asked)
            time.sleep(0.2)
    took = time.monotonic() - began
    answers = [each.result() for each in slow]
    assert [each.status_code for each in answers] == [400, 400]
    assert all("did not come to rest" in each.text for each in answers)
    assert 15 < took < 50, "the time limit of a visit, once"
    assert longest < SOON


def test_where_the_browser_cannot_be_started_the_page_says_both(desk: Served, site: Site) -> None:
    file = desk.folder / "watch.toml"
    file.write_text(f'{file.read_text()}[browser]\ncommand = "/bin/false"\n')
    with serving(desk.folder, site) as other:
        visitor = Visitor(other)
        shown = visitor.press("/add", url=site.url("/"))
        visitor.close()
    said = " ".join(BeautifulSoup(shown.text, "lxml").select("[role=alert]")[0].get_text().split())
    assert shown.status_code == 400
    assert "only JavaScript would fill" in said
    assert "the browser could not be started" in said
