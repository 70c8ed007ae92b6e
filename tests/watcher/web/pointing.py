"""Somebody who points at a page at the desk, in a browser without script: each press sends the form."""

from __future__ import annotations

import tomllib
from typing import Any

from bs4 import BeautifulSoup, Tag
from httpx import Response
from starlette.testclient import TestClient

from tests.watcher.web.conftest import press


class Pointing:
    """A page that was looked at; `presses` counts what was pressed since, and what was said of the next part."""

    def __init__(self, browser: TestClient, url: str, search: str = "") -> None:
        self._browser, self._role = browser, "entry"
        self.presses = 0
        self._show(press(browser, "/add", "/add", url=url, search=search))

    def _show(self, answer: Response) -> None:
        assert answer.status_code == 200, answer.text
        self.text, self.page = answer.text, BeautifulSoup(answer.text, "lxml")

    @property
    def form(self) -> Tag:
        form = self.page.select_one("form#point")
        assert form is not None
        return form

    def say(self, role: str) -> None:
        """Choose what the next part is."""
        assert self.form.select_one(f'input[name=as][value="{role}"]')
        self.presses += 1
        self._role = role

    def press(self, words: str, *, name: str = "part") -> None:
        """Press the first part that has these words."""
        button = next(each for each in self.form.select(f"button[name={name}]") if words in each.text)
        self.presses += 1
        self.send({str(button["name"]): str(button["value"])})

    def send(self, values: dict[str, str]) -> None:
        """Send the form with a button's value."""
        hidden = {each["name"]: each["value"] for each in self.form.select("input[type=hidden], input[name=find]")}
        self._show(self._browser.get(str(self.form["action"]), params={**hidden, "as": self._role, **values}))

    @property
    def tables(self) -> list[dict[str, Any]]:
        """The sources that are proposed, as tables of watch.toml, the best first."""
        blocks = [tomllib.loads(each.text) for each in self.page.select("pre.block")]
        return [dict(next(iter(block["sources"].values()))) for block in blocks]

    def take(self) -> str:
        """Take the first proposal, for which the page is looked at once more; returns where it can be written."""
        form = self.page.select_one('#found form[action^="/add/page/"]')
        assert form is not None
        hidden = {str(each["name"]): str(each["value"]) for each in form.select("input")}
        self._show(self._browser.post(str(form["action"]), data={**hidden, "take": "0"}))
        written = self.page.select_one("#found form")
        assert written is not None
        return str(written["action"])
