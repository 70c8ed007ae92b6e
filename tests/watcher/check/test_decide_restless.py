"""A page of text that changes at each check: the notice helps, and nothing that it advises hides the news."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

SETTINGS = """
[http]
private_addresses = "allow"
spacing = "0s"
[channels.ops]
url = "{hook}"
[[alerts]]
to = ["ops"]
[[alerts]]
health = true
to = ["ops"]
[sources.it]
kind = "text"
url = "{url}"
{more}
"""
NEWS = "Northgate Payments SUSPENDED BY ORDER"


class Page:
    """A statement with a footer that is another one at each look, its source, and who is told."""

    def __init__(self, site: Any, configure: Callable[..., Path], watch: Callable[..., Any]) -> None:
        self.site, self.watch, self._configure, self._numbers = site, watch, configure, count()
        site.page("/ops")
        self.configure()

    def configure(self, more: str = "") -> None:
        hook = self.site.url("/ops").replace("http", "json")
        self._configure(SETTINGS.format(hook=hook, url=self.site.url("/statement"), more=more))

    def check(self, news: str = "") -> dict[str, Any]:
        text = "".join(f"<p>Paragraph {at} says what the authority supervises in the country.</p>" for at in range(6))
        moving = f"<p>{next(self._numbers)} readers since morning</p>"
        self.site.page("/statement", f"<main>{text}<p>{news}</p></main><footer>{moving}</footer>", type="text/html")
        ran = self.watch("--once", "--json", "--source", "it")
        result: dict[str, Any] = json.loads(ran.out)["sources"][0]
        return result

    def heard(self) -> list[str]:
        asked = self.site.sent("/ops")
        return [f"{each['title']}\n{each['message']}" for each in asked]


@pytest.fixture
def statement(site: Any, configure: Callable[..., Path], watch: Callable[..., Any]) -> Page:
    return Page(site, configure, watch)


def test_the_notice_about_a_noisy_page_shows_what_moves_and_its_advice_does_not_blind(statement: Page) -> None:
    for _ in range(6):
        statement.check()
    (notice,) = [text for text in statement.heard() if "RESTLESS" in text]
    assert "now “4 readers since morning” → “5 readers since morning”" in notice
    assert 'to leave it out: select = "main"' in notice
    assert "ignore" not in notice

    statement.configure('select = "main"')
    statement.check()
    assert [statement.check()["status"] for _ in range(3)] == ["unchanged"] * 3
    assert len(statement.check(NEWS)["changes"]) == 1
    assert NEWS in statement.heard()[-1]


def test_of_a_page_that_goes_back_and_forth_nothing_is_advised_that_hides_the_news(statement: Page) -> None:
    for look in range(7):
        statement.check(f"Northgate holds {('a', 'no')[look % 2]} licence.")
    (notice,) = [text for text in statement.heard() if "RESTLESS" in text]
    assert "no select, remove or remove_lines was found for it" in notice
    assert any("Northgate holds no licence." in text for text in statement.heard())


def test_to_ignore_the_text_of_a_page_of_text_is_refused_with_what_to_do(statement: Page) -> None:
    statement.configure('ignore = ["text"]')
    ran = statement.watch("check-config")
    assert ran.code == 2
    assert "sources.it.ignore" in ran.err
    assert "no change would ever be told; select, remove or remove_lines of the kind text leave out what" in ran.err
    statement.configure('ignore = ["title"]')
    assert statement.watch("check-config").code == 0
